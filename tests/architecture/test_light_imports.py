"""Start-up loads nothing heavy: somebody at a terminal waits for it at every command."""

import pytest

NEVER_AT_START = {"pandas", "plotly", "scipy", "numba", "alembic"}
NEVER_IN_HELP = NEVER_AT_START | {
    "numpy",
    "sqlalchemy.orm",
    "sqlalchemy",
    "psycopg",
    "duckdb",
    "pyarrow",
    "distributed",
}


@pytest.fixture
def with_patient(tracker_process):
    """Give the process runner after a first patient was recorded."""
    assert tracker_process("init").returncode == 0
    added = tracker_process("patient", "add", "P-07", "--sex", "M", "--site", "ankle-left", "--onset", "2026-01")
    assert added.returncode == 0, added.stderr
    return tracker_process


@pytest.mark.parametrize(
    "words", ["--help", "--version", "visit --help", "visit add --help", "course show --help", "course fit --help"]
)
def test_help_loads_no_heavy_module(tracker_process, words):
    result = tracker_process(*words.split())
    assert result.returncode == 0, result.stderr
    assert result.loaded & NEVER_IN_HELP == set()


@pytest.mark.parametrize(
    ("typed", "position", "offered"),
    [
        ("tracker vis", "1", "visit"),
        ("tracker visit a", "2", "add"),
        ("tracker visit add P-07 --dry", "4", "--dry-run"),
    ],
)
def test_completion_of_words_loads_no_heavy_module(tracker_process, typed, position, offered):
    result = tracker_process(_TRACKER_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=position)
    assert f"plain,{offered}" in result.stdout.split()
    assert result.loaded & NEVER_IN_HELP == set()


def test_completion_of_a_patient_code_loads_no_heavy_module(with_patient):
    result = with_patient(_TRACKER_COMPLETE="bash_complete", COMP_WORDS="tracker visit add P-", COMP_CWORD="3")
    assert result.stdout.split() == ["plain,P-07"]
    assert result.loaded & NEVER_AT_START == set()


def test_logging_a_visit_loads_no_heavy_module_and_no_numpy(with_patient):
    result = with_patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    assert result.returncode == 0, result.stderr
    assert result.loaded & (NEVER_AT_START | {"numpy", "sqlalchemy.orm"}) == set()


def test_showing_a_course_loads_no_heavy_module(with_patient):
    with_patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    with_patient("visit", "add", "P-07", "--on", "2026-04-10", "--pain", "ankle-left=6")
    result = with_patient("course", "show", "P-07")
    assert result.returncode == 0, result.stderr
    assert result.loaded & NEVER_AT_START == set()
