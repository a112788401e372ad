"""`course show` and `course reference` at the command line."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from tracker.clinical.reference import load_edition

SCORES = [("2026-02-03", 5), ("2026-02-24", 7), ("2026-03-20", 8), ("2026-05-02", 6), ("2026-07-01", 3)]


@pytest.fixture
def followed(patient):
    for day, score in SCORES:
        assert patient("visit", "add", "P-07", "--on", day, "--pain", f"ankle-left={score}").exit_code == 0
    return patient


def course(run, *words: str) -> dict:
    shown = run("course", "show", "P-07", "--json", *words)
    assert shown.exit_code == 0, shown.output
    return json.loads(shown.stdout)


def test_a_falling_pain_is_in_regression_and_its_end_lies_ahead(followed):
    fit = course(followed, "--as-of", "2026-07-02")["episodes"][0]["course"]
    assert fit["status"] == "ok"
    assert fit["phase"] == "regression"
    resolution = fit["resolution_date"]
    assert "2026-07-02" < resolution["low95"] < resolution["median"] < resolution["high95"]
    days = (date.fromisoformat(resolution["median"]) - date(2026, 1, 1)).days
    assert abs(days - fit["resolution_day"]["median"]) <= 0.5


def test_a_look_back_never_sees_later_visits(followed):
    early = course(followed, "--as-of", "2026-03-25")
    assert followed("visit", "add", "P-07", "--on", "2026-08-01", "--pain", "ankle-left=0").exit_code == 0
    late = course(followed, "--as-of", "2026-03-25")
    early["provenance"].pop("last_entry_id")
    late["provenance"].pop("last_entry_id")
    assert early == late


def test_the_terminal_shows_the_numbers_of_the_json(followed):
    shown = followed("course", "show", "P-07", "--as-of", "2026-07-02").stdout
    fit = course(followed, "--as-of", "2026-07-02")["episodes"][0]["course"]
    assert f"from about {fit['resolution_date']['median']}" in " ".join(shown.split())
    assert f"{fit['parameters']['peak_nrs']['median']:.1f}" in shown
    assert "Decision support for trained staff, not a diagnosis." in shown
    assert load_edition().sha256[:12] in shown
    assert "evidence: weak" in shown
    assert "from the reference, not from this patient" in shown


def test_the_json_has_the_keys_that_the_readme_describes(followed):
    fit = course(followed, "--as-of", "2026-07-02")["episodes"][0]["course"]
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    table = readme.split("| key of `course` |")[1].split("\n\n")[0]
    described = {name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    derived = {"most_likely_class", "p_atypical"}
    assert set(fit) == described | derived | {"status"}
    assert sum(fit["class_probabilities"].values()) == pytest.approx(1)
    assert fit["most_likely_class"] == "expected"
    assert fit["p_atypical"] == pytest.approx(1 - fit["class_probabilities"]["expected"])
    assert fit["next_visit_date"] > "2026-07-02"


def test_the_terminal_shows_every_kind_of_course_and_the_outlook(followed):
    shown = followed("course", "show", "P-07", "--as-of", "2026-07-02").stdout
    for name in ("expected course", "early resolution", "late peak", "prolonged plateau", "slow regression"):
        assert f"\n  {name} " in shown
    assert "Probability of relapse, ahead or seen: " in shown
    assert "Next most informative score: 2026-" in " ".join(shown.split())


def test_pain_that_stays_has_no_resolution_date(patient):
    assert patient("episode", "open", "P-07", "knee-left", "--onset", "2024-06").exit_code == 0
    days = [
        ("2024-07-20", 6),
        ("2024-08-20", 8),
        ("2024-10-10", 6),
        *((f"2025-{month:02}-01", 4) for month in range(1, 13)),
    ]
    for day, score in days:
        assert patient("visit", "add", "P-07", "--on", day, "--pain", f"knee-left={score}").exit_code == 0
    words = ("--site", "knee-left", "--as-of", "2025-12-02")
    fit = course(patient, *words)["episodes"][0]["course"]
    assert fit["most_likely_class"] == "persistent_pain"
    assert (fit["resolution_day"], fit["resolution_date"]) == (None, None)
    shown = patient("course", "show", "P-07", *words).stdout
    assert "No resolution day is given" in " ".join(shown.split())


@pytest.mark.parametrize("n_scores", [0, 1])
def test_too_few_scores_say_so(patient, n_scores):
    for day, score in SCORES[:n_scores]:
        patient("visit", "add", "P-07", "--on", day, "--pain", f"ankle-left={score}")
    shown = patient("course", "show", "P-07", "--as-of", "2026-07-02")
    assert shown.exit_code == 0
    assert "Insufficient data: " in shown.stdout
    fit = course(patient, "--as-of", "2026-07-02")["episodes"][0]["course"]
    assert fit["status"] == "insufficient_data"
    assert set(fit) == {"reason", "needs", "status"}


def test_an_episode_without_an_onset_is_not_read(patient):
    patient("episode", "open", "P-07", "hip-right")
    for day, score in SCORES:
        patient("visit", "add", "P-07", "--on", day, "--pain", f"hip-right={score}")
    shown = patient("course", "show", "P-07", "--site", "hip-right", "--as-of", "2026-07-02").stdout
    assert "right hip: onset not known" in shown
    assert "Insufficient data: the onset is not known." in shown


def test_a_patient_without_an_episode_learns_how_to_open_one(run):
    run("patient", "add", "P-09")
    shown = run("course", "show", "P-09")
    assert shown.exit_code == 0
    assert "No episode yet. Open one: tracker episode open P-09 ankle-left --onset 2026-03" in shown.stderr


def test_a_site_without_an_episode_names_those_that_have_one(followed):
    refused = followed("course", "show", "P-07", "--site", "knee-left")
    assert refused.exit_code == 3
    assert "sites with an episode: ankle-left." in refused.stderr


def test_scores_of_no_episode_are_counted_and_not_read(followed):
    followed("visit", "add", "P-07", "--on", "2026-07-01", "--pain", "knee-left=4")
    shown = followed("course", "show", "P-07", "--as-of", "2026-07-02").stdout
    assert "1 pain score belongs to no episode and is not read against the course." in shown


def test_every_number_of_the_reference_is_printed_with_grade_and_source(run):
    shown = run("course", "reference").stdout
    edition = load_edition()
    for number in edition.numbers.values():
        assert f"{number.name} = {number.value:.4g} {number.unit}" in shown
        assert f"grade {number.grade}: {', '.join(number.sources)}" in shown
    for source in edition.sources.values():
        assert f"  {source.key}: " in shown
    printed = json.loads(run("course", "reference", "--json").stdout)
    assert printed["numbers"].keys() == edition.numbers.keys()
    assert printed["sha256"] == edition.sha256


def test_a_plateau_that_does_not_end_is_flagged_in_words_and_as_json(patient):
    for day in ("2026-02-10", "2026-03-12", "2026-04-15", "2026-05-20", "2026-06-24", "2026-07-29"):
        assert patient("visit", "add", "P-07", "--on", day, "--pain", "ankle-left=8").exit_code == 0
    shown = patient("course", "show", "P-07", "--as-of", "2026-07-30").stdout
    flags = course(patient, "--as-of", "2026-07-30")["episodes"][0]["flags"]
    assert flags[0]["code"] == "prolonged_plateau"
    assert [event["state"] for event in flags[0]["events"]][0] == "suspected"
    assert "Flag. prolonged plateau: suspected 2026-" in " ".join(shown.split())
    assert "scored 8, expected " in " ".join(shown.split())


def test_a_usual_course_says_that_there_is_no_flag(followed):
    assert "No flag." in followed("course", "show", "P-07", "--as-of", "2026-07-02").stdout
    assert course(followed, "--as-of", "2026-07-02")["episodes"][0]["flags"] == []
