"""`course calibrate`, and courses read against an own edition."""

from __future__ import annotations

import json
import shutil
import stat
from datetime import UTC, date, datetime

import numpy as np
import pytest

from tracker.clinical.edition_file import COHORT, load_own_edition
from tracker.clinical.reference import load_edition
from tracker.database.ledger import Origin
from tracker.database.session import open_database
from tracker.service.simulated import record_simulated_patient, simulated_clinic

DAY = date(2026, 6, 30)
N_PATIENTS = 36
CITED = load_edition()


@pytest.fixture(scope="session")
def clinic(tmp_path_factory):
    """A database of simulated patients, filled once."""
    path = tmp_path_factory.mktemp("clinic") / "clinic.db"
    origin = Origin(datetime(2026, 7, 1, tzinfo=UTC), "ana", "demo", "0.1.0")
    patients = simulated_clinic(n_patients=N_PATIENTS, as_of=DAY, rng=np.random.default_rng(20260630))
    with open_database(f"sqlite:///{path}", create=True) as database:
        for patient in patients:
            record_simulated_patient(database, patient, origin)
    return path


@pytest.fixture
def run_clinic(run_on, clinic, tmp_path):
    """Give the command line on a copy of the clinic."""
    copy = tmp_path / "clinic.db"
    shutil.copyfile(clinic, copy)
    return run_on(str(copy), make=False)


@pytest.fixture(scope="session")
def learned(clinic, tmp_path_factory):
    """Learn once, and give the result of the run with the file."""
    from click.testing import CliRunner

    from tracker.cli.root import root

    path = tmp_path_factory.mktemp("own") / "own-2026.toml"
    words = ["--database", str(clinic), "course", "calibrate", "--out", str(path), "--as-of", DAY.isoformat()]
    return CliRunner().invoke(root, words), path


@pytest.fixture
def own(learned):
    return load_own_edition(learned[1])


def on_one_line(text):
    return " ".join(text.split())


def test_what_was_learned_stands_beside_what_is_cited(learned, own):
    done, path = learned
    assert done.exit_code == 0, done.output
    said = on_one_line(done.stdout)
    assert f"own-2026 ({own.sha256[:12]}) beside course_v1 ({CITED.sha256[:12]})" in said
    assert f"Read: {own.learning.n_episodes} episodes of this clinic with {own.learning.n_scores} scores" in said
    assert "up to 2026-06-30" in said
    regression = next(number for number in own.learning.numbers if number.name == "regression_months")
    row = (
        f"Length of the regression, median, months 5.66 {regression.value:.2f} "
        f"{regression.low95:.2f} to {regression.high95:.2f}"
    )
    assert row in said
    assert "from the reference, not from your patients" in said
    assert "patients who came" in said
    assert done.stdout.splitlines()[-1] == str(path)
    assert "Courses are still read against the cited edition." in done.stderr


def test_the_file_is_an_edition_that_says_where_it_comes_from_and_is_the_owners_alone(learned, own):
    assert stat.S_IMODE(learned[1].stat().st_mode) == 0o600
    learning = own.learning
    assert own.name == "own-2026"
    assert (learning.edition, learning.edition_sha256) == (CITED.name, CITED.sha256)
    assert (learning.as_of, learning.schema_revision) == ("2026-06-30", "0004")
    assert 30 <= learning.n_episodes <= N_PATIENTS
    assert learning.last_entry_id > N_PATIENTS
    assert set(own.numbers) == set(CITED.numbers)
    for number in learning.numbers:
        assert number.low95 <= number.value <= number.high95
        if number.name in own.numbers:
            assert own[number.name].value == number.value
            assert own[number.name].grade == "D"
            assert own[number.name].sources[0] == COHORT
    shares = [number.value for number in learning.numbers if number.name.endswith("_share")]
    assert sum(shares) == pytest.approx(1, abs=1e-5)
    assert "SIM-" not in learned[1].read_text(encoding="utf-8")


def test_patients_recorded_in_another_order_give_the_same_numbers(learned, clinic, run_on, tmp_path):
    origin = Origin(datetime(2026, 7, 1, tzinfo=UTC), "ana", "demo", "0.1.0")
    patients = simulated_clinic(n_patients=N_PATIENTS, as_of=DAY, rng=np.random.default_rng(20260630))
    with open_database(f"sqlite:///{tmp_path / 'other.db'}", create=True) as database:
        for patient in reversed(patients):
            record_simulated_patient(database, patient, origin)
    run = run_on(str(tmp_path / "other.db"), make=False)
    out = tmp_path / "own-2026.toml"
    assert run("course", "calibrate", "--out", str(out), "--as-of", DAY.isoformat()).exit_code == 0
    assert out.read_bytes() == learned[1].read_bytes()


def test_a_file_that_is_there_is_never_replaced(run_clinic, tmp_path):
    out = tmp_path / "there.toml"
    out.write_text("mine", encoding="utf-8")
    refused = run_clinic("course", "calibrate", "--out", str(out))
    assert refused.exit_code == 5
    assert refused.stderr == (
        f"Error: There is a file '{out}' already; nothing was changed. Name a new one: --out FILE.toml\n"
    )
    assert out.read_text(encoding="utf-8") == "mine"


def test_the_name_of_the_cited_edition_is_refused(run_clinic, tmp_path):
    out = tmp_path / "own.toml"
    refused = run_clinic("course", "calibrate", "--out", str(out), "--name", "course_v1")
    assert refused.exit_code == 5
    assert "'course_v1' is the cited edition, which is never replaced; no file was written." in refused.stderr
    assert not out.exists()


def test_too_few_episodes_are_refused_with_the_counts_and_reasons(run, tmp_path):
    for number, (onset, scores) in enumerate(
        [
            ("2026-01", [("2026-02-03", 5), ("2026-03-20", 7)]),
            ("2026-01", [("2026-02-03", 5)]),
            ("2026-01", [("2026-02-03", 0), ("2026-03-20", 0)]),
            (None, [("2026-02-03", 5), ("2026-03-20", 7)]),
        ]
    ):
        run("patient", "add", f"P-{number}")
        run("episode", "open", f"P-{number}", "ankle-left", *(("--onset", onset) if onset else ()))
        for day, score in scores:
            run("visit", "add", f"P-{number}", "--on", day, "--pain", f"ankle-left={score}")
    out = tmp_path / "own.toml"
    refused = run("course", "calibrate", "--out", str(out))
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert refused.stderr == (
        "Error: 1 episode can be read, and 30 are needed to learn from. Left out: 1 without a known onset, "
        "1 with scores on fewer than 2 days, 1 without any pain. No file was written. "
        "Until then courses are read against the cited edition: tracker course reference\n"
    )
    assert not out.exists()


def test_an_early_day_has_too_few_episodes(run_clinic, tmp_path):
    refused = run_clinic("course", "calibrate", "--out", str(tmp_path / "own.toml"), "--as-of", "2020-01-01")
    assert refused.exit_code == 1
    assert "0 episodes can be read, and 30 are needed to learn from. Left out: none." in refused.stderr


def test_the_comparison_is_printed_again_from_the_file(run, learned, own):
    again = run("course", "reference", "--edition", str(learned[1]))
    assert again.exit_code == 0
    table = [line for line in learned[0].stdout.splitlines() if "Length of the" in line]
    assert len(table) == 4
    assert all(line in again.stdout for line in table)
    assert f"regression_months = {own['regression_months'].value:.4g} months" in again.stdout
    printed = json.loads(run("course", "reference", "--edition", str(learned[1]), "--json").stdout)
    assert printed["learning"]["n_episodes"] == own.learning.n_episodes
    assert [number["name"] for number in printed["learning"]["numbers"]][0] == "rise_months"


def test_json_holds_the_edition_and_what_was_left_out(learned, clinic, run_on, tmp_path):
    run = run_on(str(clinic), make=False)
    words = ("--out", str(tmp_path / "own-2026.toml"), "--as-of", DAY.isoformat(), "--json")
    printed = json.loads(run("course", "calibrate", *words).stdout)
    own = load_own_edition(learned[1])
    assert printed["edition"]["sha256"] == own.sha256
    assert sum(printed["left_out"].values()) + own.learning.n_episodes <= N_PATIENTS


def test_a_course_is_read_against_the_own_edition_and_says_so(run_clinic, learned, own):
    words = ("course", "show", "SIM-001", "--as-of", DAY.isoformat())
    shown, cited = run_clinic(*words, "--edition", str(learned[1])), run_clinic(*words)
    said = on_one_line(shown.stdout)
    assert (
        f"Own edition. The expected course is own-2026, learned from {own.learning.n_episodes} episodes of this clinic "
        "up to 2026-06-30, and not the cited course_v1."
    ) in said
    assert f"Expected course own-2026 ({own.sha256[:12]})" in said
    assert "tracker course reference --edition FILE" in said
    assert "Own edition." not in cited.stdout
    assert f"Expected course course_v1 ({CITED.sha256[:12]})" in on_one_line(cited.stdout)
    provenance = json.loads(run_clinic(*words, "--edition", str(learned[1]), "--json").stdout)["provenance"]
    assert (provenance["edition"], provenance["edition_sha256"]) == (own.name, own.sha256)


def test_a_page_is_read_against_the_own_edition_and_says_so(run_clinic, learned, own, tmp_path):
    words = ("report", "patient", "SIM-001", "--as-of", DAY.isoformat(), "--out")
    assert run_clinic(*words, str(tmp_path / "own"), "--edition", str(learned[1])).exit_code == 0
    assert run_clinic(*words, str(tmp_path / "cited")).exit_code == 0
    page, cited = (
        (tmp_path / folder / "patient-SIM-001.html").read_text(encoding="utf-8") for folder in ("own", "cited")
    )
    assert "<strong>Own edition.</strong> The expected course is own-2026" in page
    assert own.sha256[:12] in page
    assert "Own edition." not in cited


@pytest.mark.parametrize("words", [("course", "show", "SIM-001"), ("course", "reference")])
def test_a_file_that_is_no_edition_is_refused_in_words(run_clinic, tmp_path, words):
    refused = run_clinic(*words, "--edition", str(tmp_path / "none.toml"))
    assert refused.exit_code == 1
    assert "Cannot read the edition file" in refused.stderr
