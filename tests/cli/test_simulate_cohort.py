"""`scripts/simulate_cohort`: two files, the same for the same seed."""

import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "simulate_cohort"


@pytest.fixture
def simulate(monkeypatch, tmp_path):
    """Run the script in this process, which stands for the project's own environment; give its exit code."""
    monkeypatch.setitem(sys.modules, "environment", SimpleNamespace(enter=lambda *_: None))

    def run(*words, out="out"):
        monkeypatch.setattr(
            sys, "argv", ["simulate_cohort", *words, "--as-of", "2026-03-10", "--out", str(tmp_path / out)]
        )
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        return ended.value.code

    return run


def test_it_writes_truth_and_visits_and_says_where(simulate, tmp_path, capsys):
    assert simulate("--seed", "3", "--count", "12") == 0
    truth, visits = tmp_path / "out" / "truth.csv", tmp_path / "out" / "visits.csv"
    assert capsys.readouterr().out == f"12 simulated patients up to 2026-03-10, seed 3:\n{truth}\n{visits}\n"
    assert len(truth.read_text(encoding="utf-8").splitlines()) == 1 + 12
    assert visits.read_text(encoding="utf-8").startswith("patient_code,visit_date,fact,")


def test_the_same_seed_gives_the_same_files_and_another_one_others(simulate, tmp_path):
    for seed, out in (("3", "a"), ("3", "b"), ("4", "c")):
        assert simulate("--seed", seed, "--count", "12", out=out) == 0
    first, again, other = ((tmp_path / out / "visits.csv").read_bytes() for out in ("a", "b", "c"))
    assert first == again
    assert first != other


def test_a_count_it_cannot_give_is_refused(simulate, capsys):
    assert simulate("--count", "0") == 2
    assert "argument --count: must be from 1 to 65536, but was 0" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said(simulate, tmp_path, capsys):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert simulate("--count", "1", out="taken") == 4
    assert "Cannot write" in capsys.readouterr().err
