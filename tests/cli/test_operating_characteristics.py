"""How good the flags are: the command that prints it, and the script that makes it."""

import json
import runpy
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tracker.cli.operating_text import print_operating_characteristics
from tracker.clinical.operating_characteristics import load_operating_characteristics
from tracker.clinical.reference import load_edition

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "scripts" / "operating_characteristics"


@pytest.fixture
def simulate(monkeypatch, tmp_path):
    """Run the script in this process, which stands for the project's own environment; give its exit code."""
    stub = SimpleNamespace(enter=lambda *_: None, PROJECT=PROJECT)
    monkeypatch.setitem(sys.modules, "environment", stub)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["operating_characteristics", "--workers", "1", *words])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        return ended.value.code

    return run


def test_the_shipped_table_is_printed_with_its_provenance_and_its_limits(run):
    result = run("course", "reference", "--flags")
    table = load_operating_characteristics()
    assert result.exit_code == 0
    assert table.edition_sha256 in result.stdout
    assert table.numbers_sha256 in result.stdout
    assert "No real patient is among" in result.stdout
    row = table.flag_row("expected")
    line = next(line for line in result.stdout.splitlines() if line.startswith("expected "))
    assert line.split()[:3] == ["expected", "all", str(row.n)]
    assert f"{100 * row.suspected:.1f} %" in line
    assert "constant course" in result.stdout
    assert "rules of thumb" in result.stdout


def test_it_is_said_whether_the_table_describes_the_edition_in_use(capsys):
    table, edition = load_operating_characteristics(), load_edition()
    print_operating_characteristics(table, edition)
    assert (
        f"The edition in use, course_v1 ({edition.sha256[:12]}), has the same numbers here.\n"
        in capsys.readouterr().out
    )
    print_operating_characteristics(replace(table, numbers_sha256="another"), edition)
    assert "has other numbers here: this table does not describe it.\n" in capsys.readouterr().out


def test_as_json_the_table_is_the_stored_one(run):
    printed = json.loads(run("course", "reference", "--flags", "--json").stdout)
    stored = json.loads((PROJECT / "tracker/clinical/operating_characteristics_v1.json").read_text(encoding="utf-8"))
    assert printed == stored


def test_without_the_option_the_numbers_are_printed(run):
    assert run("course", "reference").stdout.startswith(load_edition().name)


def test_the_script_prints_what_it_writes_and_the_same_seed_gives_the_same_file(simulate, tmp_path, capsys):
    for name in ("one.json", "two.json"):
        assert simulate("--episodes", "16", "--out", str(tmp_path / name)) == 0
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    table = load_operating_characteristics(tmp_path / "one.json")
    assert table.flag_row("expected").n == 16
    assert table.flag_row("relapse").n == 1
    assert table.edition_sha256 == load_edition().sha256
    assert capsys.readouterr().out.count("Which flag was ever suspected") == 2


def test_it_chooses_a_threshold_and_writes_nothing(simulate, tmp_path, capsys):
    assert simulate("--episodes", "60", "--choose", "--out", str(tmp_path / "table.json")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "60 expected episodes, seed 11; at most 5 % with a flag:"
    assert [line.split(":")[0] for line in lines[1:]] == [f"classes from {p}" for p in (0.3, 0.4, 0.5, 0.6)]
    assert not (tmp_path / "table.json").exists()


def test_too_few_episodes_are_refused(simulate, capsys):
    assert simulate("--episodes", "3") == 2
    assert "must be 16 or more, but was 3" in capsys.readouterr().err
