"""An episode that should never have been entered: taken back, named, and restored by an undo."""

from __future__ import annotations

import json

import pytest


def episodes(run):
    held = json.loads(run("patient", "show", "P-07", "--json").stdout)
    return [(e["site"], e["onset"], e["closed_on"]) for e in held["episodes"]]


def void(run, *words, site="ankle-left"):
    return run("episode", "void", "P-07", site, *words, "--why", "never there")


def test_a_void_takes_the_episode_back_keeps_its_scores_and_an_undo_restores_it(patient):
    assert patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7").exit_code == 0
    before = patient("patient", "show", "P-07").stdout
    rehearsed = void(patient, "--dry-run")
    assert rehearsed.stdout == (
        "Patient P-07 (M, born 1979; last visit Tue 2026-03-10)\n"
        "  - episode at left ankle, onset January 2026, day not known\n"
    )
    assert rehearsed.stderr == (
        "Dry run: nothing was written.\n"
        "Please check: 1 recorded score would no longer belong to the episode at left ankle "
        "(onset January 2026, day not known).\n"
    )
    assert patient("patient", "show", "P-07").stdout == before
    assert void(patient).exit_code == 0
    assert episodes(patient) == []
    newest = json.loads(patient("log", "--json").stdout)[-1]
    assert (newest["command"], newest["reason"]) == ("episode void", "never there")
    held = json.loads(patient("patient", "show", "P-07", "--json").stdout)
    assert [s["score"] for s in held["pain_scores"]] == [7]
    assert patient("undo", "--yes").exit_code == 0
    assert patient("patient", "show", "P-07").stdout == before
    assert patient("db", "verify").exit_code == 0


def test_json_gives_what_was_taken_back(patient):
    written = json.loads(void(patient, "--json").stdout)
    assert [(change["kind"], change["table"]) for change in written["changes"]] == [("retracted", "episode_details")]


def test_decisions_on_its_flags_go_with_it_are_named_and_come_back(patient):
    assert patient("episode", "open", "P-07", "hip-left", "--onset", "2026-03").exit_code == 0
    decided = patient("flags", "ack", "P-07", "later_site", "--site", "hip-left")
    assert decided.exit_code == 0, decided.output
    before = patient("patient", "show", "P-07").stdout
    gone = void(patient, site="hip-left")
    assert "Please check: The decision on its flag later_site (acknowledged, " in gone.stderr
    assert gone.stdout.count("\n  - ") == 2
    assert json.loads(patient("patient", "show", "P-07", "--json").stdout)["flag_decisions"] == []
    assert patient("undo", "--yes").exit_code == 0
    assert patient("patient", "show", "P-07").stdout == before


@pytest.fixture
def relapsed(patient):
    """P-07 with three episodes at the left ankle: of no known onset, closed, and one of 0 days."""
    for words in (
        ("close", "P-07", "ankle-left", "--on", "2026-04-01", "--why", "resolved"),
        ("open", "P-07", "ankle-left", "--onset", "2026-05-01"),
        ("close", "P-07", "ankle-left", "--on", "2026-05-01", "--why", "by mistake"),
        ("open", "P-07", "ankle-left", "--onset", "2026-05-01"),
    ):
        done = patient("episode", *words)
        assert done.exit_code == 0, done.output
    return patient


def test_of_several_episodes_the_one_that_is_meant_must_be_said(relapsed):
    refused = void(relapsed)
    assert refused.exit_code == 5
    assert refused.stderr == (
        "Error: P-07 has 3 episodes at left ankle: --onset 2026-01 --closed 2026-04-01; --onset 2026-05-01 --closed "
        "2026-05-01; --onset 2026-05-01 --closed open. Say which: --onset DATE, and --closed DATE where the onsets are "
        "alike.\nNothing was written.\n"
    )
    assert void(relapsed, "--onset", "2026-05-01").exit_code == 5
    assert void(relapsed, "--onset", "2026-05-01", "--closed", "2026-05-01").exit_code == 0
    assert episodes(relapsed) == [("ankle-left", "2026-01", "2026-04-01"), ("ankle-left", "2026-05-01", None)]
    assert void(relapsed, "--closed", "open").exit_code == 0
    assert void(relapsed).exit_code == 0
    assert episodes(relapsed) == []


def test_an_unknown_onset_is_said_by_a_word(patient):
    assert patient("episode", "close", "P-07", "ankle-left", "--on", "2026-04-01", "--why", "resolved").exit_code == 0
    assert patient("episode", "open", "P-07", "ankle-left").exit_code == 0
    assert void(patient, "--onset", "unknown").exit_code == 0
    assert episodes(patient) == [("ankle-left", "2026-01", "2026-04-01")]


def test_an_episode_that_is_not_there_is_refused_with_those_that_are(patient):
    refused = void(patient, "--onset", "2026-02")
    assert (refused.exit_code, refused.stderr) == (
        3,
        "Error: P-07 has no such episode at left ankle; there is --onset 2026-01 --closed open. "
        "See: tracker episode list P-07\nNothing was written.\n",
    )
    nowhere = void(patient, site="hip-left")
    assert nowhere.exit_code == 3
    assert "P-07 has no episode at left hip; sites with an episode: ankle-left." in nowhere.stderr


def test_a_reason_is_asked_for(patient):
    assert patient("episode", "void", "P-07", "ankle-left").exit_code == 2
