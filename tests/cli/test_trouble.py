"""What a person reads when the database cannot be used: a sentence, an exit code, nothing half-written."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.cli.root import root

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other modes, folders and closed pipes")
ADD = ("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")


@pytest.fixture
def path(tmp_path, patient):
    assert patient(*ADD).exit_code == 0
    return tmp_path / "record.db"


def tracker(*words: str, **extra: object) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own."""
    extra = {"env": {**os.environ, "LOGNAME": "nurse"}, "stdout": subprocess.PIPE} | extra
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words], stderr=subprocess.PIPE, text=True, check=False, **extra
    )


def test_a_slip_in_a_path_does_not_make_an_empty_clinic(tmp_path):
    wrong = tmp_path / "recrod.db"
    refused = CliRunner().invoke(root, ["--database", str(wrong), "patient", "list"])
    assert refused.exit_code == 4
    assert f"There is no database at '{wrong}'." in refused.stderr
    assert "init" in refused.stderr
    assert not wrong.exists()


@posix
def test_the_own_default_file_is_made_by_the_first_patient_and_private(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("TRACKER_DATABASE_URL", raising=False)
    first = CliRunner().invoke(root, ["--by", "nurse", "patient", "add", "P-07"])
    assert first.exit_code == 0, first.output
    (made,) = tmp_path.rglob("tracker.db")
    assert made.stat().st_mode & 0o777 == 0o600
    assert made.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_no_database_is_named(tmp_path):
    broken = tmp_path / "letter.db"
    broken.write_text("Dear colleague, " * 100)
    refused = CliRunner().invoke(root, ["--database", str(broken), *ADD])
    assert refused.exit_code == 6
    assert f"'{broken}' is not a database, or is damaged" in refused.stderr
    assert refused.stderr.rstrip().endswith("Nothing was written.")
    assert broken.read_text().startswith("Dear colleague")


def test_a_newer_schema_is_refused_in_words(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0042'")
    refused = CliRunner().invoke(root, ["--database", str(path), *ADD])
    assert refused.exit_code == 1
    assert (
        f"The database '{path}' is at schema revision 0042; this version knows revisions up to 0004." in refused.stderr
    )
    assert refused.stderr.rstrip().endswith("Nothing was written.")


def test_a_kind_of_database_that_is_not_known_is_refused():
    refused = CliRunner().invoke(root, ["--database", "mysql://clinic/record", "patient", "list"])
    assert refused.exit_code == 1
    assert "cannot be used" in refused.stderr


def test_a_server_that_does_not_answer_is_named_without_its_password():
    url = "postgresql://nurse:hunter2@127.0.0.1:1/record"
    refused = CliRunner().invoke(root, ["--database", url, "patient", "list"])
    assert refused.exit_code == 4
    assert "127.0.0.1:1" in refused.stderr
    assert "hunter2" not in refused.output


def test_a_locked_database_is_said_after_a_few_seconds(path):
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    refused = CliRunner().invoke(root, ["--database", str(path), *ADD])
    blocker.execute("ROLLBACK")
    blocker.close()
    assert refused.exit_code == 4
    assert "Another program is writing to the database" in refused.stderr
    assert refused.stderr.rstrip().endswith("Nothing was written.")


def test_a_full_disk_leaves_the_record_as_it_was(path, patient):
    resource = pytest.importorskip("resource", reason="Windows has no limit on what a process may write")
    before = patient("patient", "show", "P-07", "--json").stdout
    # A limit on the size of any file this process writes stands for a disk without space; Python turns the
    # signal off, so the write itself fails.
    limit = 16 * 1024
    refused = tracker(
        *("--database", str(path), *ADD, "--note", "x" * 3900, "--note", "y" * 3900, "--note", "z" * 3900),
        # what coverage would write meets the same limit
        env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert refused.returncode == 4, refused.stderr
    assert refused.stderr.rstrip().endswith("Nothing was written.")
    assert "Traceback" not in refused.stderr
    assert patient("patient", "show", "P-07", "--json").stdout == before
    assert patient("db", "verify").exit_code == 0


def test_two_writers_at_once_are_both_recorded(path, patient):
    with ThreadPoolExecutor(4) as pool:
        days = [f"2026-04-{day:02d}" for day in range(1, 9)]
        runs = list(
            pool.map(
                lambda day: tracker(
                    "--database", str(path), "visit", "add", "P-07", "--on", day, "--pain", "ankle-left=6"
                ),
                days,
            )
        )
    assert [run.returncode for run in runs] == [0] * 8, [run.stderr for run in runs]
    held = json.loads(patient("patient", "show", "P-07", "--json").stdout)
    assert [visit["visit_date"] for visit in held["visits"]] == ["2026-03-10", *days]
    assert patient("db", "verify").exit_code == 0


@posix
@pytest.mark.parametrize("words", ["course reference", "course reference --json", "patient list", "--help"])
def test_a_reader_that_was_never_there_is_no_traceback(path, words):
    reading, writing = os.pipe()
    os.close(reading)
    run = tracker("--database", str(path), *words.split(), stdout=writing)
    os.close(writing)
    assert (run.returncode, run.stderr) == (1, "")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the whole answer may fit into the pipe")
def test_a_reader_that_leaves_after_the_first_line_is_no_traceback(path):
    # as `| head -1` does; the pipe holds less than the rest of the answer, so the program must notice
    command = [sys.executable, "-m", "tracker", "--database", str(path), "course", "reference"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0, pipesize=4096) as process:
        assert process.stdout.readline().startswith(b"course_v1: ")
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (1, b"")


def test_an_edit_behind_the_programs_back_is_found(path, patient):
    with closing(sqlite3.connect(path)) as connection, connection:
        (name,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'pain_score' AND sql LIKE '%UPDATE%'"
        ).fetchone()
        connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE pain_score SET score = 1")
    found = patient("db", "verify")
    assert found.exit_code == 6
    assert "The ledger does not hold: 2 problems in 2 entries." in found.stderr
    assert "Entry 2" in found.stdout  # whose score it was
    assert "trigger" in found.stdout


def test_colour_is_left_out_where_it_is_not_wanted(path):
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown = CliRunner(env=environment).invoke(root, ["--database", str(path), "patient", "list"], color=True)
        assert "\x1b[" not in shown.stdout
    always = CliRunner().invoke(root, ["--color", "always", "--database", str(path), "patient", "list"], color=True)
    assert "\x1b[" in always.stdout


def test_only_two_kinds_of_database_are_supported_and_that_is_said():
    for address in ("mysql://root@h/db", "mysql://clinic/record"):
        refused = CliRunner().invoke(root, ["--database", address, "patient", "list"])
        assert refused.stderr.startswith(
            "Error: A database of kind 'mysql' cannot be used: only SQLite and PostgreSQL are supported."
        )
    assert "names no file" in CliRunner().invoke(root, ["--database", "sqlite://", "patient", "list"]).stderr


@pytest.mark.parametrize(
    "words",
    [("patient", "list"), ("db", "upgrade"), ("db", "upgrade", "--dry-run"), ("db", "backup", "b.db"), ("init",)],
)
def test_a_database_of_another_program_is_never_called_empty(tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect("other.db")) as connection, connection:
        connection.execute("CREATE TABLE patient (x)")
    refused = CliRunner().invoke(root, ["--database", "other.db", *words])
    assert refused.exit_code == 1
    assert "is a database of another program: it holds the table 'patient'." in refused.stderr
    assert "tracker init" not in refused.stderr


def test_an_empty_file_is_still_called_empty(tmp_path):
    (tmp_path / "empty.db").touch()
    refused = CliRunner().invoke(root, ["--database", str(tmp_path / "empty.db"), "patient", "list"])
    assert "is empty: it holds no tables of this program." in refused.stderr


@pytest.mark.parametrize(("option", "value"), [("--database", ""), ("--database", " "), ("--by", "")])
def test_an_option_left_empty_by_a_script_is_refused(path, monkeypatch, option, value):
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(path))
    refused = CliRunner().invoke(root, [option, value, *ADD])
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"Error: {option} was given as '{value}', which names nothing.")


def test_an_empty_variable_counts_as_unset(tmp_path, monkeypatch):
    monkeypatch.setenv("TRACKER_DATABASE_URL", "")
    monkeypatch.setattr("tracker.service.places._DIRS", type("Dirs", (), {"user_data_path": tmp_path / "own"}))
    missing = CliRunner().invoke(root, ["patient", "list"])
    assert f"There is no database at '{tmp_path / 'own' / 'tracker.db'}'." in missing.stderr


@pytest.mark.parametrize("words", [("db", "backup", ""), ("report", "clinic", "--out", "")])
def test_an_empty_name_of_a_file_or_folder_is_not_the_current_folder(patient, words):
    refused = patient(*words)
    assert refused.exit_code == 1
    assert "was given as '', which names nothing. Write a name." in refused.stderr


def test_a_patient_who_came_later_was_not_recorded_yet(patient):
    for words in (("course", "show"), ("patient", "show"), ("migration",), ("trace",)):
        answer = ("resolution",) if words == ("trace",) else ()
        missing = patient(*words, "P-07", *answer, "--known-at", "2020-01-01")
        assert missing.exit_code == 3
        assert missing.stderr.startswith(
            "Error: Patient 'P-07' was not recorded yet at that moment; entry 1 did so later. Ask for a later moment."
        )
    assert patient("course", "show", "NOPE", "--known-at", "2020-01-01").stderr.startswith(
        "Error: No patient 'NOPE' at that moment."
    )


def console_script() -> str:
    """Give the program that the installed console script is made of."""
    with Path(__file__).parents[2].joinpath("pyproject.toml").open("rb") as file:
        module, _, name = tomllib.load(file)["project"]["scripts"]["tracker"].partition(":")
    return f"import sys; from {module} import {name}; sys.exit({name}())"


@posix
@pytest.mark.parametrize("start", [("-m", "tracker"), ("-c", console_script())])
@pytest.mark.parametrize("loading", ["tracker.cli", "click", "tracker.cli.root", "tracker.cli.patient"])
def test_a_person_who_stops_the_program_while_it_starts_reads_a_sentence(tmp_path, start, loading):
    # the signal comes just when that module is looked for
    (tmp_path / "sitecustomize.py").write_text(
        "import signal, sys\n"
        "class Stopping:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {loading!r}:\n"
        "            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stopping())\n"
    )
    paths = [str(tmp_path), *([os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else [])]
    stopped = subprocess.run(
        [sys.executable, *start, "patient", "list"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    assert stopped.returncode == 130
    assert stopped.stderr.strip().startswith("Stopped")
    assert "Traceback" not in stopped.stderr
