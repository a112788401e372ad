"""`tracker report clinic`: every page and the list, drawn again only where something changed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from reports.files import write_file
from tracker.cli import clinic_pages, page_drawing
from tracker.cli.root import root
from tracker.cli.terminal import Terminal
from tracker.errors import AccessError

AS_OF = "2026-06-01"
CODES = ("P-01", "P-02", "P-03")


def _invoke(record, *words):
    return CliRunner().invoke(
        root, ["--database", str(record), *words], env={"LOGNAME": "nurse", "TRACKER_REPORT_DIR": ""}
    )


def _clinic(record, out, *words, as_of=AS_OF):
    return _invoke(record, "report", "clinic", "--out", str(out), "--as-of", as_of, *words)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A clinic of three patients whose pages were drawn once."""
    folder = tmp_path_factory.mktemp("clinic")
    record, out = folder / "record.db", folder / "pages"
    commands = [["init"]]
    for code in CODES:
        commands.append(["patient", "add", code, "--sex", "F", "--site", "ankle-left", "--onset", "2026-01"])
        for day, pain in (("2026-02-10", 7), ("2026-03-20", 6)):
            commands.append(["visit", "add", code, "--on", day, "--pain", f"ankle-left={pain}"])
    for words in commands:
        assert _invoke(record, *words).exit_code == 0
    first = _clinic(record, out)
    assert first.exit_code == 0, first.output
    return SimpleNamespace(record=record, out=out, first=first)


@pytest.fixture
def clinic(drawn, tmp_path):
    """The same in a folder of its own, to be changed."""
    shutil.copy(drawn.record, tmp_path / "record.db")
    shutil.copytree(drawn.out, tmp_path / "pages")
    return SimpleNamespace(record=tmp_path / "record.db", out=tmp_path / "pages")


def _bytes(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_writes_the_list_and_a_page_per_patient_beside_one_script(drawn):
    assert drawn.first.stdout == f"{drawn.out / 'index.html'}\n"
    assert drawn.first.stderr == "3 patients: 3 drawn, 0 unchanged.\n"
    names = sorted(path.name for path in (drawn.out / "patients").iterdir())
    assert names == ["pages.json", *(f"patient-{code}.html" for code in CODES), names[-1]]
    assert names[-1].startswith("plotly-")
    assert sorted(path.name for path in drawn.out.iterdir()) == ["index.html", "patients"]


def test_a_page_is_what_report_patient_writes(drawn, tmp_path):
    alone = _invoke(drawn.record, "report", "patient", "P-02", "--out", str(tmp_path), "--as-of", AS_OF)
    assert alone.exit_code == 0, alone.output
    assert (drawn.out / "patients" / "patient-P-02.html").read_bytes() == (tmp_path / "patient-P-02.html").read_bytes()


def test_a_second_time_draws_nothing_and_leaves_the_same_bytes(clinic):
    before = _bytes(clinic.out)
    result = _clinic(clinic.record, clinic.out, "--json")
    assert json.loads(result.stdout) == {
        "page": str(clinic.out / "index.html"),
        "n_patients": 3,
        "n_drawn": 0,
        "n_removed": 0,
        "newest_entry": 9,
    }
    assert _bytes(clinic.out) == before


def test_only_the_patient_who_was_written_about_is_drawn_again(clinic):
    before = _bytes(clinic.out)
    assert _invoke(clinic.record, "visit", "add", "P-02", "--on", "2026-05-01", "--pain", "ankle-left=2").exit_code == 0
    assert _clinic(clinic.record, clinic.out).stderr == "3 patients: 1 drawn, 2 unchanged.\n"
    after = _bytes(clinic.out)
    assert {name for name in after if after[name] != before[name]} == {
        "index.html",
        "patients/pages.json",
        "patients/patient-P-02.html",
    }


def test_what_was_drawn_again_is_what_a_new_folder_would_hold(clinic, tmp_path):
    assert _invoke(clinic.record, "visit", "add", "P-02", "--on", "2026-05-01", "--pain", "ankle-left=2").exit_code == 0
    _clinic(clinic.record, clinic.out)
    _clinic(clinic.record, tmp_path / "new")
    assert _bytes(clinic.out) == _bytes(tmp_path / "new")


@pytest.mark.parametrize(
    "spoil", [lambda page: page.write_text("by hand", encoding="utf-8"), lambda page: page.unlink()]
)
def test_a_page_that_was_edited_or_deleted_by_hand_is_drawn_again(clinic, spoil):
    before = _bytes(clinic.out)
    spoil(clinic.out / "patients" / "patient-P-03.html")
    assert _clinic(clinic.record, clinic.out).stderr == "3 patients: 1 drawn, 2 unchanged.\n"
    assert _bytes(clinic.out) == before


def test_another_day_draws_every_page_again(clinic):
    assert _clinic(clinic.record, clinic.out, as_of="2026-06-02").stderr == "3 patients: 3 drawn, 0 unchanged.\n"
    assert b"2026-06-02" in (clinic.out / "patients" / "patient-P-01.html").read_bytes()


def test_another_state_of_the_program_draws_every_page_again(clinic, monkeypatch):
    monkeypatch.setattr("tracker.cli.program_files.source_hash", lambda: "another")
    assert _clinic(clinic.record, clinic.out).stderr == "3 patients: 3 drawn, 0 unchanged.\n"


def test_what_the_ledger_held_once_is_shown_as_it_was(clinic, tmp_path):
    past = _clinic(clinic.record, tmp_path / "past", "--known-at", "2000-01-01")
    assert past.stderr == "0 patients: 0 drawn, 0 unchanged.\n"
    assert "There is no patient yet." in (tmp_path / "past" / "index.html").read_text(encoding="utf-8")
    now = _clinic(clinic.record, tmp_path / "now", "--known-at", "2999-01-01")
    assert now.stderr == "3 patients: 3 drawn, 0 unchanged.\n"


def test_the_page_of_a_patient_who_was_merged_is_removed_and_comes_back_with_undo(clinic):
    pages = clinic.out / "patients"
    (pages / "patient-MINE.html").write_text("mine", encoding="utf-8")
    assert _invoke(clinic.record, "patient", "add", "P-04", "--sex", "F").exit_code == 0
    assert _invoke(clinic.record, "visit", "add", "P-04", "--on", "2026-05-01", "--note", "walks").exit_code == 0
    assert _clinic(clinic.record, clinic.out).stderr == "4 patients: 1 drawn, 3 unchanged.\n"
    assert _invoke(clinic.record, "patient", "merge", "P-04", "P-03", "--yes").exit_code == 0
    assert _clinic(clinic.record, clinic.out).stderr == "3 patients: 1 drawn, 2 unchanged, 1 removed.\n"
    assert not (pages / "patient-P-04.html").exists()
    assert "P-04" not in (clinic.out / "index.html").read_text(encoding="utf-8")
    assert _invoke(clinic.record, "undo", "--yes").exit_code == 0
    assert _clinic(clinic.record, clinic.out).stderr == "4 patients: 2 drawn, 2 unchanged.\n"
    assert (pages / "patient-P-04.html").exists()
    assert (pages / "patient-MINE.html").read_text(encoding="utf-8") == "mine"


def test_a_folder_of_another_record_is_left_as_it_is(clinic, tmp_path):
    other = tmp_path / "other.db"
    assert _invoke(other, "init").exit_code == 0
    assert _invoke(other, "patient", "add", "Q-01").exit_code == 0
    before = _bytes(clinic.out)
    result = _clinic(other, clinic.out)
    assert result.exit_code == 5
    assert result.stderr == (
        f"Error: The folder '{clinic.out}' holds the pages of another record; they were left as they are. "
        "Choose another folder for this one with --out DIR.\n"
    )
    assert _bytes(clinic.out) == before


def test_a_copy_of_the_record_may_write_where_the_record_did(clinic, tmp_path):
    shutil.copy(clinic.record, tmp_path / "copy.db")
    assert _clinic(tmp_path / "copy.db", clinic.out).stderr == "3 patients: 0 drawn, 3 unchanged.\n"


def test_a_list_that_no_clinic_report_wrote_is_left_as_it_is(drawn, tmp_path):
    (tmp_path / "index.html").write_text("my home page", encoding="utf-8")
    result = _clinic(drawn.record, tmp_path)
    assert result.exit_code == 5
    assert "holds a page 'index.html' that no clinic report wrote; it was left as it is." in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"format": 99}',
        '{"format": 1, "record": "", "pages": {"P-01": {"page": "../../precious.html"}}}',
    ],
)
def test_a_manifest_that_says_nothing_draws_everything_and_removes_nothing(clinic, content):
    precious = clinic.out.parent / "precious.html"
    precious.write_text("precious", encoding="utf-8")
    (clinic.out / "patients" / "pages.json").write_text(content, encoding="utf-8")
    assert _clinic(clinic.record, clinic.out).stderr == "3 patients: 3 drawn, 0 unchanged.\n"
    assert precious.read_text(encoding="utf-8") == "precious"


def test_a_folder_that_cannot_be_written_is_said_and_leaves_the_old_pages(clinic, monkeypatch):
    before = _bytes(clinic.out)
    assert _invoke(clinic.record, "visit", "add", "P-02", "--on", "2026-05-01", "--pain", "ankle-left=2").exit_code == 0

    def full(path, content):
        raise AccessError(f"Cannot write '{path}': No space left on device.", hint="Choose a folder.")

    for module in ("reports.page", "reports.clinic_page", "reports.page_manifest"):
        monkeypatch.setattr(f"{module}.write_file", full)
    result = _clinic(clinic.record, clinic.out)
    assert result.exit_code == 4
    page = clinic.out / "patients" / "patient-P-02.html"
    assert result.stderr == f"Error: Cannot write '{page}': No space left on device. Choose a folder.\n"
    assert _bytes(clinic.out) == before


def test_what_was_drawn_before_a_failure_is_not_drawn_again(clinic, monkeypatch):
    def fails_at_the_third(path, content):
        if path.name == "patient-P-03.html":
            raise AccessError(f"Cannot write '{path}': No space left on device.")
        return write_file(path, content)

    with monkeypatch.context() as broken:
        broken.setattr("reports.page.write_file", fails_at_the_third)
        assert _clinic(clinic.record, clinic.out, as_of="2026-06-02").exit_code == 4
    assert _clinic(clinic.record, clinic.out, as_of="2026-06-02").stderr == "3 patients: 1 drawn, 2 unchanged.\n"


def test_several_processes_write_the_same_bytes_as_one(clinic, monkeypatch, tmp_path):
    monkeypatch.setattr(page_drawing, "_PAGES_PER_PROCESS", 1)
    monkeypatch.setattr(page_drawing, "_processors", lambda: 2)
    before = dict(os.environ)
    result = _clinic(clinic.record, tmp_path / "several")
    assert result.stderr == "3 patients: 3 drawn, 0 unchanged.\n"
    assert _bytes(tmp_path / "several") == _bytes(clinic.out)
    assert dict(os.environ) == before


def test_what_a_killed_run_had_begun_is_cleared_away_an_hour_later(clinic):
    old, young = (clinic.out / "patients" / f".patient-P-01.html.{name}.part" for name in ("old", "young"))
    for path in (old, young):
        path.write_text("half a page", encoding="utf-8")
    os.utime(old, (time.time() - 3700,) * 2)
    _clinic(clinic.record, clinic.out)
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.skipif(os.name != "posix", reason="no process is killed in this way elsewhere")
def test_a_run_that_is_killed_in_the_middle_leaves_every_page_whole(clinic, tmp_path):
    before = _bytes(clinic.out)
    program = (
        "import sys, time\n"
        "from reports import files\n"
        "replace = files.Path.replace\n"
        "def slowly(self, target):\n"
        "    if target.name == 'patient-P-02.html':\n"
        "        print('now', flush=True)\n"
        "        time.sleep(60)\n"
        "    return replace(self, target)\n"
        "files.Path.replace = slowly\n"
        "from tracker.cli import main\n"
        "main()\n"
    )
    words = ["--database", str(clinic.record), "report", "clinic", "--out", str(clinic.out), "--as-of", "2026-06-02"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "TRACKER_REPORT_DIR": ""}
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert process.stdout.readline() == "now\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    after = _bytes(clinic.out)
    whole = {name: content for name, content in after.items() if not name.endswith(".part")}
    assert set(whole) == set(before)
    assert {name for name in whole if whole[name] != before[name]} == {"patients/patient-P-01.html"}
    assert _clinic(clinic.record, clinic.out, as_of="2026-06-02").exit_code == 0
    _clinic(clinic.record, tmp_path / "new", as_of="2026-06-02")
    left = {name: content for name, content in _bytes(clinic.out).items() if not name.endswith(".part")}
    assert left == _bytes(tmp_path / "new")


def test_ctrl_c_keeps_what_was_drawn(clinic, monkeypatch):
    def stop(records, drawing):
        yield page_drawing.draw_page(records[0], drawing)
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(clinic_pages, "draw_pages", stop)
        assert _clinic(clinic.record, clinic.out, as_of="2026-06-02").exit_code == 130
    assert _clinic(clinic.record, clinic.out, as_of="2026-06-02").stderr == "3 patients: 2 drawn, 1 unchanged.\n"


def test_a_day_in_the_future_is_refused(drawn, tmp_path):
    tomorrow = (Terminal.today_here() + timedelta(days=1)).isoformat()
    result = _clinic(drawn.record, tmp_path / "new", as_of=tomorrow)
    assert result.exit_code == 1
    assert not (tmp_path / "new").exists()
