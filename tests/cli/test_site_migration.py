"""`tracker migration`, and its paragraph in `course show`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

AS_OF = ("--as-of", "2026-10-01")
ANKLE = [
    ("2026-02-03", 5),
    ("2026-02-24", 7),
    ("2026-03-20", 8),
    ("2026-05-02", 6),
    ("2026-07-01", 2),
    ("2026-08-10", 0),
]


@pytest.fixture
def moved(patient):
    """P-07 with an ankle that cleared and a knee that began then."""
    for day, score in ANKLE:
        assert patient("visit", "add", "P-07", "--on", day, "--pain", f"ankle-left={score}").exit_code == 0
    assert patient("episode", "open", "P-07", "knee-left", "--onset", "2026-08-20").exit_code == 0
    return patient


def said(run, *words):
    shown = run(*words)
    assert shown.exit_code == 0, shown.output
    return " ".join(shown.stdout.split())


def read(run, *words):
    return json.loads(run("migration", "P-07", *AS_OF, "--json", *words).stdout)


def test_a_later_knee_is_told_with_its_probability_and_distance(moved):
    words = said(moved, "migration", "P-07", *AS_OF)
    assert "Left knee after left ankle: most probably a site migration (above 99 %;" in words
    assert "to another joint of the same side, next to it" in words
    assert "by the strict rule, a later start at another weight-bearing joint" in words
    assert "Decision support for trained staff, not a diagnosis." in words


def test_the_terminal_shows_the_numbers_of_the_json(moved):
    event = read(moved)["events"][0]
    words = said(moved, "migration", "P-07", *AS_OF)
    between = event["between_starts_days"]
    assert (
        f"about {between['median']:.0f} days later (95 %: {between['low95']:.0f} to {between['high95']:.0f})" in words
    )
    gap, overlap = event["gap_days"], event["overlap_days"]
    assert f"gap {gap['median']:.0f} ({gap['low95']:.0f} to {gap['high95']:.0f}) days" in words
    assert f"overlap {overlap['median']:.0f} ({overlap['low95']:.0f} to {overlap['high95']:.0f}) days" in words


def test_the_json_has_the_keys_that_the_readme_describes(moved):
    found = read(moved)
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = readme.split("### What `tracker migration` says")[1].split("### The commands")[0]
    _, whole, of_event = section.split("|---|---|")
    top = {
        name
        for line in whole.splitlines()
        for name in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")
    }
    assert set(found) == top | {"patient_code", "provenance", "intended_use", "rules", "rules_sha256"}
    event = {
        name for line in of_event.splitlines() if "|" in line for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert set(found["events"][0]) == event | {"pair", "status"}
    assert sum(found["events"][0]["kinds"].values()) == pytest.approx(1)


def test_course_show_has_a_paragraph_only_where_there_is_something(patient):
    assert "Site migration." not in said(patient, "course", "show", "P-07", *AS_OF)
    patient("episode", "open", "P-07", "hip-right", "--onset", "2026-06")
    words = said(patient, "course", "show", "P-07", *AS_OF)
    assert "Site migration. Right hip after left ankle: most probably a later start" in words
    assert "All of it: tracker migration P-07" in words


def test_a_look_back_sees_no_later_episode(moved):
    assert read(moved, "--as-of", "2026-08-01")["events"] == []


def test_what_was_known_at_a_moment_is_what_is_read(moved):
    assert moved("migration", "P-07", "--known-at", "2020-01-01").exit_code == 3


def test_one_episode_has_nothing_to_compare_and_names_where_nobody_looked(patient):
    words = said(patient, "migration", "P-07", *AS_OF)
    assert "One episode, and no edema at a new place: nothing to compare." in words
    assert "Never asked about nor looked at" in words
    assert "left hip" in words
    assert "Regional" not in words


def test_a_patient_without_an_episode_is_no_error(run):
    run("patient", "add", "P-09")
    assert "No episode and no edema: nothing to compare." in said(run, "migration", "P-09")


def test_an_unknown_patient_is_refused(run):
    assert run("migration", "P-99").exit_code == 3


def test_an_unknown_onset_is_said_once(patient):
    patient("episode", "open", "P-07", "hip-right")
    patient("episode", "open", "P-07", "knee-left")
    words = said(patient, "migration", "P-07", *AS_OF)
    assert words.count("Insufficient data: no onset is recorded at") == 1
    assert "right hip and left knee" in words
    assert "cannot be told (below 1 % to above 99 %)" in words


def test_a_start_before_a_late_closing_day_says_why_the_state_is_not_known(patient):
    assert patient("episode", "close", "P-07", "ankle-left", "--on", "2026-09-01", "--why", "well").exit_code == 0
    patient("episode", "open", "P-07", "hip-right", "--onset", "2026-04")
    words = said(patient, "migration", "P-07", *AS_OF)
    assert "it was closed later, or on an uncertain day, and no course could be read" in words


def test_a_shift_on_images_is_evidence_and_no_episode(patient):
    first = ("--mri", "talus-left=large", "--mri", "distal-tibia-left=none")
    assert patient("visit", "add", "P-07", "--on", "2026-02-10", *first).exit_code == 0
    assert patient("visit", "add", "P-07", "--on", "2026-06-10", "--mri", "distal-tibia-left=small").exit_code == 0
    words = said(patient, "migration", "P-07", *AS_OF)
    assert (
        "Imaging: edema of the left distal tibia on Wed 2026-06-10, where none was on Tue 2026-02-10; before, edema of "
        "the left talus. A shift within one joint."
    ) in words
    found = read(patient)
    assert [bone["is_shift"] for bone in found["new_bones"]] == [True]
    assert (found["events"], found["broad"]["p_low"], found["strict"]["p_high"]) == ([], 1.0, 0.0)
