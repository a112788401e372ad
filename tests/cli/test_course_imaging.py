"""Edema and vitamin D in `course show`, and `course vitamin-d`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

SCORES = [("2026-02-03", 5), ("2026-02-24", 7), ("2026-03-20", 8), ("2026-05-02", 6), ("2026-07-01", 3)]
README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def imaged(patient):
    for day, score in SCORES:
        extra = {
            "2026-02-24": ("--mri", "talus-left=large,patchy", "--mri", "distal-tibia-left=no-edema"),
            "2026-07-01": ("--mri", "talus-left=30%", "--vitamin-d", "45nmol/L", "--assay", "LC-MS/MS"),
            "2026-02-03": ("--vitamin-d", "14ng/mL", "--assay", "LC-MS/MS"),
        }.get(day, ())
        added = patient("visit", "add", "P-07", "--on", day, "--pain", f"ankle-left={score}", *extra)
        assert added.exit_code == 0, added.output
    return patient


def shown(run, *words: str) -> dict:
    result = run("course", "show", "P-07", "--as-of", "2026-07-02", "--json", *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_terminal_shows_edema_and_vitamin_d_in_words(imaged):
    words = " ".join(imaged("course", "show", "P-07", "--as-of", "2026-07-02").stdout.split())
    assert "Edema on MRI Tue 2026-02-24: grade 3 (large), left talus (of 2 places looked at)" in words
    assert "Wed 2026-07-01: grade 2 (medium), left talus" in words
    assert "MRI alone, 2 images: edema on 2026-07-02 most probably shrinking" in words
    assert "MRI and pain together: edema on 2026-07-02" in words
    assert "from the reference, not from this patient" in words
    assert "MRI and pain agree" in words
    assert "14 ng/mL, deficient (Endocrine Society 2011); winter half-year; assay LC-MS/MS." in words
    # by hand: 45 / (14 * 2.496) = 1.29
    assert "45 nmol/L, deficient (Endocrine Society 2011); summer half-year" in words
    assert "no change beyond noise against 2026-02-03: 1.29 times" in words


def test_the_json_shows_the_numbers_of_the_terminal(imaged):
    edema = shown(imaged)["episodes"][0]["edema"]
    assert edema["status"] == "ok"
    assert [(visit["lowest"], visit["highest"]) for visit in edema["visits"]] == [(3, 3), (2, 2)]
    words = " ".join(imaged("course", "show", "P-07", "--as-of", "2026-07-02").stdout.split())
    for part in (edema["alone"], edema["joint"]["edema"]):
        assert f"clear from about {part['clear_date']['median']}" in words
    assert f"Pain at or below 1 from about {edema['joint']['resolution_date']['median']}" in words


def test_the_course_is_the_same_with_and_without_mri(imaged, run):
    with_mri = shown(imaged)["episodes"][0]
    without = imaged("patient", "add", "P-08", "--site", "ankle-left", "--onset", "2026-01")
    assert without.exit_code == 0
    for day, score in SCORES:
        run("visit", "add", "P-08", "--on", day, "--pain", f"ankle-left={score}")
    other = json.loads(run("course", "show", "P-08", "--as-of", "2026-07-02", "--json").stdout)["episodes"][0]
    assert other["course"] == with_mri["course"]
    assert other["flags"] == with_mri["flags"]
    assert other["edema"] == {
        "reason": "no MRI has looked for edema at this site",
        "needs": "an MRI on 2 different days",
        "status": "insufficient_data",
    }


def described(heading: str, *, column: int) -> set[str]:
    table = README.read_text(encoding="utf-8").split(f"| {heading} |")[1].split("\n\n")[0]
    return {name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[column])}


def test_the_json_has_the_keys_that_the_readme_describes(imaged):
    answer = shown(imaged)
    edema = answer["episodes"][0]["edema"]
    keys = set(edema) | set(edema["joint"]) | set(edema["alone"])
    assert described("key of `edema`", column=1) == keys - {"status"}
    nested = set(edema["visits"][0]) | set(edema["joint"]["conflict"]) | set(edema["grades"])
    assert nested <= described("key of `edema`", column=2)
    first, second = answer["vitamin_d"]
    assert described("key of a vitamin D result", column=1) == set(first) | set(second["change"])
    assert first["change"] is None


def test_an_episode_whose_onset_is_unknown_still_lists_its_mri(run):
    run("patient", "add", "P-09")
    run("episode", "open", "P-09", "hip-right")
    run("visit", "add", "P-09", "--on", "2026-03-01", "--mri", "hip-right=large")
    result = run("course", "show", "P-09", "--as-of", "2026-07-02")
    assert "grade 3 (large), right hip; not read" in " ".join(result.stdout.split())
    printed = json.loads(run("course", "show", "P-09", "--as-of", "2026-07-02", "--json").stdout)
    assert printed["episodes"][0]["edema"]["alone"]["status"] == "insufficient_data"


def test_too_few_episodes_give_no_association_and_say_why(imaged):
    result = imaged("course", "vitamin-d", "--as-of", "2026-07-02")
    assert result.exit_code == 0, result.output
    words = " ".join(result.stdout.split())
    assert "Insufficient data: 1 episode has pain scores and a vitamin D result near the onset." in words
    assert "Needed: 30 episodes. Published: unknown." in words
    printed = json.loads(imaged("course", "vitamin-d", "--as-of", "2026-07-02", "--json").stdout)
    assert (printed["n_patients"], printed["answer"]["status"]) == (1, "insufficient_data")


def test_patients_that_do_not_count_are_counted_by_reason(imaged):
    imaged("patient", "add", "P-10")
    imaged("patient", "add", "P-11", "--site", "ankle-left", "--onset", "2026-01")
    for code, limit in (("P-12", None), ("P-13", "<10ng/mL"), ("P-14", "20ng/mL")):
        imaged("patient", "add", code, "--site", "ankle-left", "--onset", "2024-01" if code == "P-14" else "2026-01")
        for day, score in SCORES:
            extra = ("--vitamin-d", limit) if limit and day == SCORES[0][0] else ()
            imaged("visit", "add", code, "--on", day, "--pain", f"ankle-left={score}", *extra)
    printed = json.loads(imaged("course", "vitamin-d", "--as-of", "2026-07-02", "--json").stdout)
    assert printed["left_out"] == {
        "no_episode_with_an_onset": 1,
        "too_few_pain_scores": 1,
        "no_vitamin_d_result_near_the_onset": 2,
        "vitamin_d_result_only_below_or_above_a_limit": 1,
    }
    words = " ".join(imaged("course", "vitamin-d", "--as-of", "2026-07-02").stdout.split())
    assert "Patients left out: 5: no episode with an onset (1), too few pain scores (1)" in words


@pytest.mark.slow
def test_a_simulated_clinic_gives_an_estimate_with_its_interval(run, run_on, tmp_path):
    from datetime import UTC, date, datetime

    import numpy as np

    from tracker.database.ledger import Origin
    from tracker.database.session import open_database
    from tracker.service.simulated import record_simulated_patient, simulated_clinic

    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    with open_database(url, create=True) as database:
        rng = np.random.default_rng(1)
        for one in simulated_clinic(n_patients=45, as_of=date(2026, 7, 1), rng=rng):
            record_simulated_patient(
                database, one, Origin(datetime(2026, 7, 1, tzinfo=UTC), "nurse", "simulate", "0.1.0")
            )
    result = run_on(url)("course", "vitamin-d", "--as-of", "2026-07-01")
    words = " ".join(result.stdout.split())
    assert re.search(r"Over \d\d episodes, one a patient: for each 10 ng/mL more vitamin D", words), result.output
    assert "An association, not a cause; published: unknown." in words
