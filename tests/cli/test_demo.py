"""`tracker demo`: run once for all of these tests, and once more to see that it gives the same."""

import os
import re
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.cli import demo
from tracker.cli.root import root
from tracker.cli.terminal import Terminal
from tracker.clinical.published import published_cases
from tracker.database.session import open_database
from tracker.service.due import clinic_due
from tracker.service.history import list_entries
from tracker.service.maintenance import verify_database
from tracker.service.patients import list_patients, read_patient

AS_OF = "2026-03-10"
CASES = [case["id"] for case in published_cases()]
SIMULATED = [f"SIM-{number:03d}" for number in range(1, 61)]


def _demo(out, **environment):
    words = ["--by", "ana", "demo", "--out", str(out), "--as-of", AS_OF]
    return CliRunner().invoke(root, words, env={"TRACKER_DATABASE_URL": None, "NO_COLOR": None} | environment)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo") / "out"


@pytest.fixture(scope="module")
def clinic_record(tmp_path_factory):
    """A clinic's own record, with one patient, and its bytes."""
    path = tmp_path_factory.mktemp("clinic") / "record.db"
    for words in (["init"], ["--by", "bo", "patient", "add", "P-07"]):
        assert CliRunner().invoke(root, ["--database", str(path), *words]).exit_code == 0
    return path, path.read_bytes()


@pytest.fixture(scope="module")
def shown(folder, clinic_record):
    """What the demo printed, run by somebody whose own record is another one."""
    result = _demo(folder, TRACKER_DATABASE_URL=str(clinic_record[0]))
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def record(shown, folder):
    with open_database(f"sqlite:///{folder / demo.DATABASE_NAME}") as database:
        yield database


def test_it_prints_one_line_per_case_and_where_everything_is(shown, folder):
    lines, database = shown.stdout.splitlines(), folder / "tracker-demo.db"
    assert [line.partition(" ")[0] for line in lines[: len(CASES)]] == CASES
    assert all(": stored " in line and "Not held yet, kept as notes: " in line for line in lines[: len(CASES)])
    n_visits = sum(int(row["n_visits"]) for row in _truth(folder))
    assert lines[len(CASES) :] == [
        "",
        "47 published cases and 60 simulated patients are recorded.",
        f"The simulated ones have {n_visits} visits up to Tue 2026-03-10 (seed 20260310).",
        f"Database: {database} (to look around: tracker --database {database} patient list)",
        f"Truth:    {folder / 'truth.csv'} (the courses behind the simulated patients)",
        f"Cohort:   tracker --database {database} report cohort --out {folder / 'cohort'} --open",
        f"Open:     {folder / 'index.html'}",
    ]
    assert shown.stderr == ""


def test_the_record_holds_every_patient_and_its_ledger_holds(record):
    assert sorted(patient.patient_code for patient in list_patients(record)) == sorted(CASES + SIMULATED)
    assert verify_database(record).problems == ()


def test_simulated_patients_say_what_they_are_and_hold_what_was_simulated(record, folder):
    for row in _truth(folder):
        patient = read_patient(record, row["patient_code"])
        assert [note.text for note in patient.notes] == ["Simulated patient, no person."]
        assert len(patient.visits) == int(row["n_visits"])
        assert (patient.episodes[0].site, str(patient.episodes[0].onset)) == (row["site"], row["onset_said"])
        assert max(visit.visit_date.last for visit in patient.visits) <= date.fromisoformat(AS_OF)


def test_every_patient_has_a_page_and_the_index_leads_to_it(shown, folder):
    index = (folder / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="([^"]+)"><bdi>([^<]+)</bdi></a>', index)
    assert [code for _, code in links] == CASES + SIMULATED
    assert "Demonstration data: published cases and simulated patients." in index
    for link, code in links:
        assert f"<h1>Patient <bdi>{code}</bdi></h1>" in (folder / link).read_text(encoding="utf-8")


def test_a_published_case_is_shown_as_of_its_last_dated_fact(shown, folder, record):
    page = (folder / "patients" / "patient-LA02.html").read_text(encoding="utf-8")
    last = max(visit.visit_date.last for visit in read_patient(record, "LA02").visits)
    assert f"<div><dt>As of</dt><dd>{last}</dd></div>" in page


def test_nothing_is_due_of_a_published_case_whose_days_are_placeholders(shown, folder):
    index = (folder / "index.html").read_text(encoding="utf-8")
    cases, _, simulated = index.partition(">Simulated clinic</h2>")
    assert 'class="pressing"' in simulated
    assert 'class="pressing"' not in cases
    page = (folder / "patients" / "patient-LA02.html").read_text(encoding="utf-8")
    assert page.count("Nothing is due: the days of a published case are placeholders") == 2  # on screen and on paper


def test_the_due_list_leaves_published_cases_out(shown, record):
    day = date.fromisoformat(AS_OF)
    codes = {one.patient_code for one in clinic_due(record, on=day, weeks_ahead=0, today=day)}
    assert codes
    assert codes <= set(SIMULATED)


def test_nothing_is_left_lying_about(shown, folder):
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "patients", "tracker-demo.db", "truth.csv"]
    others = [path.name for path in (folder / "patients").iterdir() if not path.name.startswith("patient-")]
    assert len(others) == 1
    assert others[0].startswith("plotly-")


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps access rights elsewhere than in a file's mode")
def test_what_it_made_belongs_to_its_owner_alone(shown, folder):
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (folder, *folder.rglob("*"))}
    assert modes == {(True, 0o700), (False, 0o600)}


@pytest.mark.slow
@pytest.mark.untraced
def test_a_second_time_replaces_it_and_gives_the_same_files(shown, folder):
    before = _bytes(folder)
    (folder / "patients" / "patient-GONE.html").write_text("of an older demo", encoding="utf-8")
    assert _demo(folder).exit_code == 0
    assert _bytes(folder) == before


def test_the_record_of_the_clinic_is_not_touched(shown, clinic_record):
    path, before = clinic_record
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    result = _demo(tmp_path)
    assert result.exit_code == 5
    assert result.stderr == (
        f"Error: The folder '{tmp_path}' is not empty and holds no former demo (tracker-demo.db); "
        "nothing was changed. Name a new or empty folder: tracker demo --out DIR\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_demo_somebody_worked_in_is_refused(tmp_path):
    url = str(tmp_path / demo.DATABASE_NAME)
    assert CliRunner().invoke(root, ["--database", url, "init"]).exit_code == 0
    assert CliRunner().invoke(root, ["--database", url, "--by", "bo", "patient", "add", "P-07"]).exit_code == 0
    result = _demo(tmp_path)
    assert result.exit_code == 5
    assert result.stderr.startswith(
        f"Error: The database in '{tmp_path}' holds 1 entry that no demo made, the first by 'bo' with 'patient add'; "
        "nothing was changed."
    )
    with open_database(f"sqlite:///{url}") as database:
        assert len(list_entries(database)) == 1


def test_a_former_demo_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / demo.DATABASE_NAME).write_bytes(b"no database" * 1000)
    result = _demo(tmp_path)
    assert result.exit_code == 5
    assert f"Error: The former demo in '{tmp_path}' cannot be read: " in result.stderr


def test_a_day_in_the_future_is_refused(tmp_path):
    tomorrow = Terminal.today_here() + timedelta(days=1)
    result = CliRunner().invoke(root, ["demo", "--out", str(tmp_path / "out"), "--as-of", tomorrow.isoformat()])
    assert result.exit_code == 1
    assert "lies in the future. Give a day up to today." in result.stderr
    assert not (tmp_path / "out").exists()


def test_control_c_says_that_the_demo_is_not_complete(tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_show", stop)
    result = _demo(tmp_path / "out")
    assert result.exit_code == 130
    assert f"The demo in {tmp_path / 'out'} is not complete." in result.stderr


def _bytes(folder):
    """Every file but the database, whose ledger says when it was made."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != demo.DATABASE_NAME
    }


def _truth(folder: Path):
    import csv

    with (folder / "truth.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
