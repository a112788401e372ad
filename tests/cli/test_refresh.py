"""Pages by themselves: every write refreshes them in a process of its own, and what goes wrong is told."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.cli import refreshing
from tracker.cli.refresh import PROCESS
from tracker.cli.root import root
from tracker.service.file_lock import let_go, try_lock, wait_for_lock
from tracker.service.places import database_url
from tracker.service.refresh_state import refresh_state

PROJECT = Path(__file__).parents[2]
WAIT_SECONDS = 120
posix = pytest.mark.skipif(os.name != "posix", reason="locks are handed on and processes killed otherwise elsewhere")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A record with two patients, recorded before any folder was set."""
    path = tmp_path_factory.mktemp("template") / "record.db"
    words = [["init"]]
    words += [["patient", "add", code, "--site", "ankle-left", "--onset", "2026-01"] for code in ("P-01", "P-02")]
    for command in words:
        assert CliRunner().invoke(root, ["--database", str(path), *command], env={"LOGNAME": "nurse"}).exit_code == 0
    return path


@pytest.fixture
def clinic(template, tmp_path, monkeypatch):
    """The record in a folder of its own, with a folder of pages set but not yet there."""
    record, out = tmp_path / "record.db", tmp_path / "pages"
    shutil.copy(template, record)
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("TRACKER_REPORT_DIR", str(out))
    monkeypatch.setenv("LOGNAME", "nurse")
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))  # also where the project itself is not installed
    return _Clinic(record, out)


class _Clinic:
    def __init__(self, record, out):
        self.record, self.out = record, out

    def run(self, *words, **extra):
        return CliRunner().invoke(root, ["--database", str(self.record), *words], **extra)

    def visit(self, code, day="2026-03-10", pain=7):
        return self.run("visit", "add", code, "--on", day, "--pain", f"ankle-left={pain}")

    @property
    def state(self):
        return refresh_state(self.out, database_url(str(self.record)))

    def newest(self, code):
        """Give the entry that a patient's page rests on; 0 without a page."""
        try:
            pages = json.loads((self.out / "patients" / "pages.json").read_text(encoding="utf-8"))["pages"]
        except FileNotFoundError:
            return 0
        return pages[code]["newest_entry"] if code in pages else 0

    def is_quiet(self):
        """Whether nothing is asked for and nobody is at work."""
        if (self.state.folder / "asked.json").exists():
            return False
        running = try_lock(self.state._running) if self.state.folder.exists() else None
        if running is not None:
            let_go(running)
        return running is not None or not self.state.folder.exists()

    def wait(self, until=None):
        deadline = time.monotonic() + WAIT_SECONDS
        while not (self.is_quiet() if until is None else until()):
            assert time.monotonic() < deadline, "no refresh came to its end"
            time.sleep(0.05)


def _refresh_here(monkeypatch):
    """Let what a process of its own would do be done here and now, as if it had come to its turn."""

    def start(request, waiting):
        asked = json.loads(request)
        state = refresh_state(Path(asked["out"]), asked["url"])
        turn = state.begin(os.dup(waiting))
        try:
            refreshing._refresh(state, asked["url"], turn)
        finally:
            turn.end()

    monkeypatch.setattr("tracker.cli.refresh._start", start)


@pytest.fixture
def here(clinic, monkeypatch):
    _refresh_here(monkeypatch)
    return clinic


def test_a_write_refreshes_the_page_and_the_list_in_a_process_of_its_own(clinic):
    done = clinic.visit("P-01")
    assert done.exit_code == 0, done.output
    clinic.wait()
    assert clinic.newest("P-01") == 3
    assert 'href="patients/patient-P-01.html"' in (clinic.out / "index.html").read_text(encoding="utf-8")
    assert (clinic.out / "patients" / "patient-P-02.html").exists()
    assert clinic.run("patient", "list").stderr == ""


@pytest.mark.parametrize("out", ["good", "a file stands there"])
def test_neither_the_answer_nor_the_exit_code_of_a_write_changes(clinic, monkeypatch, out):
    if out != "good":
        clinic.out.write_text("", encoding="utf-8")
    with_folder = clinic.visit("P-01")
    clinic.wait()
    monkeypatch.setenv("TRACKER_REPORT_DIR", "")
    assert clinic.run("undo", "--yes").exit_code == 0
    without = clinic.visit("P-01")
    assert (with_folder.exit_code, with_folder.stdout) == (without.exit_code, without.stdout)
    assert with_folder.stderr.replace("3", "N") == without.stderr.replace("5", "N")


def test_without_a_folder_nothing_is_asked_for(clinic, monkeypatch):
    monkeypatch.setenv("TRACKER_REPORT_DIR", "")
    monkeypatch.setattr("tracker.cli.refresh._start", lambda *_: pytest.fail("a process was started"))
    assert clinic.visit("P-01").exit_code == 0
    assert not clinic.state.folder.exists()


@pytest.mark.parametrize(
    "words",
    [
        ["patient", "list"],
        ["visit", "add", "P-01", "--on", "2026-03-10", "--pain", "ankle-left=7", "--dry-run"],
        ["visit", "add", "P-09", "--on", "2026-03-10", "--pain", "ankle-left=7"],
        ["undo", "--dry-run"],
    ],
)
def test_what_writes_nothing_asks_for_nothing(clinic, monkeypatch, words):
    monkeypatch.setattr("tracker.cli.refresh._start", lambda *_: pytest.fail("a process was started"))
    clinic.run(*words)
    assert not clinic.state.folder.exists()


@posix
def test_every_kind_of_write_refreshes(here, tmp_path):
    clinic = here
    assert clinic.visit("P-01").exit_code == 0
    assert (clinic.newest("P-01"), clinic.newest("P-02")) == (3, 2)
    assert clinic.run("visit", "edit", "1", "--pain", "ankle-left=5").exit_code == 0
    assert clinic.newest("P-01") == 4
    assert clinic.run("visit", "void", "1", "--why", "wrong patient").exit_code == 0
    assert clinic.newest("P-01") == 5
    assert clinic.run("undo", "--yes").exit_code == 0
    assert clinic.newest("P-01") == 6
    (tmp_path / "visits.csv").write_text(
        "patient_code,visit_date,site,pain_nrs\nP-02,2026-03-11,ankle-left,4\n", encoding="utf-8"
    )
    assert clinic.run("import", str(tmp_path / "visits.csv"), "--yes").exit_code == 0
    assert (clinic.newest("P-01"), clinic.newest("P-02")) == (6, 7)
    assert clinic.run("patient", "add", "P-03").exit_code == 0
    assert clinic.run("patient", "merge", "P-03", "P-02", "--yes").exit_code == 0
    assert not (clinic.out / "patients" / "patient-P-03.html").exists()
    assert clinic.newest("P-03") == 0
    assert clinic.run("undo", "--yes").exit_code == 0
    assert clinic.newest("P-03") == 10


@posix
def test_only_the_pages_of_patients_who_were_written_about_are_drawn(here):
    here.visit("P-01")
    untouched = here.out / "patients" / "patient-P-02.html"
    before = untouched.stat().st_mtime_ns
    here.visit("P-01", day="2026-04-10")
    assert untouched.stat().st_mtime_ns == before


def test_writes_at_the_same_time_are_all_shown(clinic):
    command = [sys.executable, "-m", "tracker", "--database", str(clinic.record)]
    days = [f"2026-03-{day:02d}" for day in range(10, 16)]
    writes = [
        subprocess.Popen(
            [*command, "visit", "add", code, "--on", day, "--pain", "ankle-left=7"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for day, code in zip(days, ["P-01", "P-02"] * 3, strict=True)
    ]
    said = [write.communicate()[1].decode() for write in writes]
    assert [write.returncode for write in writes] == [0] * 6, said
    clinic.wait()
    for code in ("P-01", "P-02"):
        listed = json.loads(clinic.run("log", "--patient", code, "--json").stdout)
        assert clinic.newest(code) == max(entry["entry_id"] for entry in listed)


@posix
def test_a_write_while_another_refresh_runs_waits_for_its_turn_and_only_one_does(clinic, monkeypatch):
    started = []
    from tracker.cli import refresh

    start = refresh._start
    monkeypatch.setattr(refresh, "_start", lambda *given: (started.append(given), start(*given)))
    clinic.state.folder.mkdir(parents=True)
    running = wait_for_lock(clinic.state._running)
    for day in ("2026-03-10", "2026-03-11", "2026-03-12"):
        assert clinic.visit("P-01", day=day).exit_code == 0
    assert len(started) == 1
    assert clinic.newest("P-01") == 0
    let_go(running)
    clinic.wait()
    assert clinic.newest("P-01") == 5


@posix
def test_a_write_after_the_waiting_one_has_begun_is_not_lost(clinic, monkeypatch):
    started = []
    monkeypatch.setattr("tracker.cli.refresh._start", lambda request, waiting: started.append(os.dup(waiting)))
    clinic.visit("P-01")
    turn = clinic.state.begin(started[0])  # it has its turn, and has let the other lock go
    clinic.visit("P-02")
    assert len(started) == 2
    turn.done()
    turn.end()
    assert (clinic.state.folder / "asked.json").exists()  # the second one is still to come
    second = clinic.state.begin(started[1])
    second.done()
    second.end()
    assert clinic.is_quiet()


def _stopped_in_the_middle(clinic, request):
    """Start the process so that it stops before a page is put in place; give it once it stands there."""
    program = (
        "import sys, time\n"
        "from reports import files\n"
        "replace = files.Path.replace\n"
        "def slowly(self, target):\n"
        "    if target.name == 'patient-P-01.html':\n"
        "        print('now', flush=True)\n"
        "        time.sleep(300)\n"
        "    return replace(self, target)\n"
        "files.Path.replace = slowly\n"
        f"from {PROCESS} import main\n"
        "main()\n"
    )
    waiting = json.loads(request)["waiting"]
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=(waiting,),
        text=True,
    )
    process.stdin.write(request)
    process.stdin.close()
    assert process.stdout.readline() == "now\n"
    return process


@posix
def test_a_refresh_that_is_killed_leaves_the_old_page_whole_is_told_and_started_again(clinic, monkeypatch):
    clinic.visit("P-01")
    clinic.wait()
    page = clinic.out / "patients" / "patient-P-01.html"
    before = page.read_bytes()
    processes = []
    with monkeypatch.context() as stopped:
        stopped.setattr(
            "tracker.cli.refresh._start",
            lambda request, _: processes.append(_stopped_in_the_middle(clinic, request)),
        )
        assert clinic.visit("P-01", day="2026-04-10").exit_code == 0
        assert clinic.run("patient", "list").stderr == ""  # while it is on its way there is nothing to tell
    processes[0].send_signal(signal.SIGKILL)
    processes[0].wait()
    processes[0].stdout.close()
    assert page.read_bytes() == before
    told = clinic.run("patient", "list", "--json")
    assert told.exit_code == 0
    assert [patient["patient_code"] for patient in json.loads(told.stdout)] == ["P-01", "P-02"]
    assert told.stderr.startswith(f"The pages in '{clinic.out}' that were to be refreshed on ")
    assert told.stderr.endswith(
        " are not: the program that drew them was stopped. Old is the page of P-01. "
        f"It was started again; to wait for it: tracker report clinic --out {clinic.out}\n"
    )
    clinic.wait()
    assert page.read_bytes() != before
    assert clinic.newest("P-01") == 4
    assert clinic.run("patient", "list").stderr == ""


@posix
def test_a_full_disk_leaves_the_old_page_whole_and_is_told_until_it_is_mended(clinic, monkeypatch):
    clinic.visit("P-01")
    clinic.wait()
    page = clinic.out / "patients" / "patient-P-01.html"
    before = page.read_bytes()
    kept_open = sqlite3.connect(clinic.record)  # so that what SQLite keeps beside the record is there already
    kept_open.execute("SELECT count(*) FROM ledger_entry").fetchone()
    limited = (
        "import resource\n"
        # room for what is kept about the failure, and for no page
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))\n"
        f"from {PROCESS} import main\n"
        "main()\n"
    )

    def start(request, waiting):
        process = subprocess.Popen(
            [sys.executable, "-c", limited], stdin=subprocess.PIPE, pass_fds=(waiting,), text=True
        )
        process.communicate(request)

    with monkeypatch.context() as full:
        full.setattr("tracker.cli.refresh._start", start)
        assert clinic.visit("P-01", day="2026-04-10").exit_code == 0
    kept_open.close()
    assert page.read_bytes() == before
    for words in (["patient", "list"], ["due"]):
        told = clinic.run(*words)
        assert told.exit_code == 0
        assert told.stderr.startswith(f"The pages in '{clinic.out}' could not be refreshed on ")
        assert told.stderr.endswith(
            f": Cannot write '{page}': File too large. Old is the page of P-01. "
            f"To write them: tracker report clinic --out {clinic.out}\n"
        )
    assert clinic.run("report", "clinic", "--out", str(clinic.out)).exit_code == 0
    assert clinic.newest("P-01") == 4
    assert clinic.run("patient", "list").stderr == ""


@posix
def test_the_next_write_mends_what_went_wrong(here, monkeypatch):
    here.out.write_text("", encoding="utf-8")
    assert here.visit("P-01").exit_code == 0
    here.out.unlink()
    second = here.visit("P-02")
    assert "could not be refreshed" in second.stderr
    assert (here.newest("P-01"), here.newest("P-02")) == (3, 4)
    assert here.run("patient", "list").stderr == ""


@posix
def test_a_folder_that_holds_another_record_is_left_alone_and_said(here, tmp_path):
    here.visit("P-01")
    before = (here.out / "index.html").read_bytes()
    other = _Clinic(tmp_path / "other.db", here.out)
    assert other.run("init").exit_code == 0
    assert other.run("patient", "add", "P-01").exit_code == 0
    assert (here.out / "index.html").read_bytes() == before
    assert "holds the pages of another record; they were left as they are." in other.run("patient", "list").stderr
    assert here.run("patient", "list").stderr == ""


@posix
def test_a_fault_of_the_program_is_told_as_well(here, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    here.state.folder.mkdir(parents=True)
    turn = here.state.begin_by_hand()
    monkeypatch.setattr("tracker.cli.refreshing._draw", broken)
    with pytest.raises(ZeroDivisionError):
        refreshing._refresh(here.state, "unused", turn)
    turn.end()
    assert "The program failed (ZeroDivisionError)." in here.run("patient", "list").stderr


def test_a_process_that_cannot_be_started_is_told_at_once_and_the_visit_stands(clinic, monkeypatch):
    def refused(*_):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("tracker.cli.refresh._start", refused)
    done = clinic.visit("P-01")
    assert done.exit_code == 0
    assert done.stderr.endswith(
        "No page was refreshed: Resource temporarily unavailable. To write them: tracker report clinic\n"
    )


def test_a_setting_that_cannot_be_read_never_stops_a_write(clinic, monkeypatch, tmp_path):
    monkeypatch.delenv("TRACKER_REPORT_DIR")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tracker.toml").write_text("[report", encoding="utf-8")
    done = clinic.visit("P-01")
    assert done.exit_code == 0
    assert "No page was refreshed: " in done.stderr
    assert "is no TOML" in done.stderr


@posix
def test_the_password_of_a_database_is_in_no_argument_and_no_variable(clinic, monkeypatch):
    seen = []

    class Popen:
        returncode, stdin = None, None

        def __init__(self, arguments, **more):
            seen.append((arguments, more.get("env")))

    monkeypatch.setattr("tracker.cli.refresh.subprocess.Popen", Popen)
    from tracker.cli.refresh import _start

    _start(json.dumps({"url": "postgresql://user:secret@host/name"}), 0)
    assert seen == [([sys.executable, "-m", PROCESS], None)]


def test_logging_a_visit_loads_nothing_heavy_for_it(clinic):
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "from tracker.cli import main\n"
        "main()\n"
    )
    words = ["--database", str(clinic.record), "visit", "add", "P-01", "--on", "2026-03-10", "--pain", "ankle-left=7"]
    result = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)
    loaded = set(result.stderr.split())
    assert "tracker.cli.refresh" in loaded
    assert loaded & {"pandas", "plotly", "scipy", "numba", "alembic", "numpy", "sqlalchemy.orm", "reports"} == set()
    clinic.wait()


def test_what_is_asked_through_a_pipe_is_all_the_process_needs(clinic, monkeypatch):
    import io

    request = {"url": database_url(str(clinic.record)), "out": str(clinic.out), "waiting": None}
    clinic.state.folder.mkdir(parents=True)
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(request)))
    monkeypatch.setattr(os, "nice", lambda _: 0, raising=False)
    refreshing.main()
    assert (clinic.newest("P-01"), clinic.newest("P-02")) == (1, 2)
    held = try_lock(clinic.state._waiting)
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(request)))
    shutil.rmtree(clinic.out)
    refreshing.main()  # somebody else waits already, and will see to it
    assert not clinic.out.exists()
    let_go(held)


@posix
def test_completing_a_code_tells_nothing_and_starts_nothing(here, monkeypatch):
    here.out.write_text("", encoding="utf-8")
    here.visit("P-01")
    monkeypatch.setattr("tracker.cli.refresh._start", lambda *_: pytest.fail("a process was started"))
    typed = {"_TRACKER_COMPLETE": "bash_complete", "COMP_WORDS": "tracker visit add P-", "COMP_CWORD": "3"}
    completed = CliRunner().invoke(
        root, [], prog_name="tracker", env={**typed, "TRACKER_DATABASE_URL": str(here.record)}
    )
    assert completed.stdout.split() == ["plain,P-01", "plain,P-02"]
    assert completed.stderr == ""


def test_a_list_is_written_where_nothing_can_be_kept_about_it(clinic, monkeypatch, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    monkeypatch.setattr("tracker.service.refresh_state.refresh_dir", lambda: tmp_path / "taken" / "refresh")
    done = clinic.run("report", "clinic", "--out", str(tmp_path / "elsewhere"))
    assert done.exit_code == 0, done.output
    assert (tmp_path / "elsewhere" / "index.html").exists()
