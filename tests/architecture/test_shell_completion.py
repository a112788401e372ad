"""Completion in bash, zsh and fish: the scripts, what they are answered, what that loads, and that it only reads."""

import shutil
import sqlite3
import subprocess

import pytest

HEAVY = {"pandas", "numpy", "plotly", "scipy", "numba", "alembic", "duckdb", "pyarrow", "openpyxl", "xlsxwriter"}
SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def with_patient(tracker_process):
    """Give the process runner after a first patient was recorded."""
    assert tracker_process("init").returncode == 0
    assert tracker_process("patient", "add", "P-07", "--site", "ankle-left", "--onset", "2026-01").returncode == 0
    return tracker_process


def typed(shell, *words):
    """Give the variables in which a shell hands over a line whose last word is being typed."""
    line = " ".join(("tracker", *words))
    # fish names the word that is typed, the others its place
    place = words[-1] if shell == "fish" else str(len(words))
    return {"_TRACKER_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": place}


def offered(shell, stdout):
    """Read what a shell is answered: `type,value`, or in zsh type, value and help on three lines."""
    if shell == "zsh":
        return stdout.splitlines()[1::3]
    return [line.partition(",")[2].partition("\t")[0] for line in stdout.splitlines()]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("visit", "add", "P-"), ["P-07"]),
        (("trace", "P-07", "pha"), ["phase"]),
        (("patient", "merge", "P-"), ["P-07"]),
        (("episode", "open", "P-07", "talus-l"), ["talus-left"]),
        (("visit", "add", "P-07", "--lab", "crp"), ["crp="]),
        (("treatment", "add", "P-07", "iband"), ["ibandronate"]),
    ],
    ids=["patient", "answer", "merge", "site", "lab", "treatment"],
)
def test_a_shell_is_answered_without_a_heavy_module(with_patient, shell, words, found):
    result = with_patient(**typed(shell, *words))
    assert (offered(shell, result.stdout), result.stderr) == (found, "")
    assert result.loaded & HEAVY == set()


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script_that_it_can_read(tracker_process, shell, tmp_path):
    result = tracker_process(_TRACKER_COMPLETE=f"{shell}_source")
    assert f"_TRACKER_COMPLETE={shell}_complete" in result.stdout
    assert result.loaded & HEAVY == set()
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed here")
    script = tmp_path / "completion"
    script.write_text(result.stdout, encoding="utf-8")
    assert subprocess.run([program, "-n", script], check=False, capture_output=True).returncode == 0


def test_completion_waits_for_no_writer_and_changes_nothing(with_patient, tmp_path):
    path = tmp_path / "record.db"
    before = path.read_bytes()
    writer = sqlite3.connect(path, isolation_level=None)
    try:
        writer.execute("BEGIN IMMEDIATE")
        result = with_patient(**typed("bash", "visit", "add", "P-"))
        writer.execute("ROLLBACK")
    finally:
        writer.close()
    assert offered("bash", result.stdout) == ["P-07"]
    assert path.read_bytes() == before


def test_readme_says_how_to_switch_it_on(project):
    readme = (project / "README.md").read_text(encoding="utf-8")
    assert [shell for shell in SHELLS if f"_TRACKER_COMPLETE={shell}_source tracker" not in readme] == []
