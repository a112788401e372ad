"""Two records of one person: warned about when made, merged in one entry, and parted again by an undo."""

from __future__ import annotations

import json

import pytest

BOOKKEEPING = {"row_id", "entry_id", "last_entry_id"}
"""Numbers of rows and entries: what an undo brings back is a copy, recorded by the undo."""


@pytest.fixture
def twice(run_on, database_url):
    """One person entered twice, P-07 and P07, with every kind of fact on the second; on either engine."""
    run = run_on(database_url)
    for words in (
        ("patient", "add", "P-07", "--sex", "M", "--site", "ankle-left", "--onset", "2026-01"),
        ("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7"),
        ("patient", "add", "P07", "--born", "1979", "--site", "hip-left", "--onset", "2026-02"),
        ("visit", "add", "P07", "--on", "2026-03-10", "--pain", "hip-left=5", "--vitamin-d", "18ng/mL"),
        *(
            ("visit", "add", "P07", "--on", day, "--mri", "talus-left=large", "--lab", "crp=3mg/L", "--note", "once")
            for day in ("2026-04", "2026-05-02")
        ),
        ("treatment", "add", "P07", "ibandronate", "--from", "2026-03-01", "--dose", "150mg monthly"),
        ("differential", "set", "P07", "stress-fracture", "excluded", "--on", "2026-03-10"),
    ):
        done = run(*words)
        assert done.exit_code == 0, (words, done.output)
    return run


def shown(run, *codes):
    """Give what is shown of patients, in words and as JSON without the numbers of rows and entries."""
    texts = [run("patient", "show", code).stdout for code in codes]
    return texts, [bare(json.loads(run("patient", "show", code, "--json").stdout)) for code in codes]


def bare(value):
    if isinstance(value, dict):
        return {name: bare(item) for name, item in value.items() if name not in BOOKKEEPING}
    return [bare(item) for item in value] if isinstance(value, list) else value


def test_a_merge_is_previewed_and_a_rehearsal_writes_nothing(twice):
    before = shown(twice, "P-07", "P07")
    rehearsed = twice("patient", "merge", "P07", "P-07", "--dry-run")
    assert rehearsed.exit_code == 0, rehearsed.output
    assert rehearsed.stdout == (
        "Patient P07 (sex unknown, born 1979; last visit Sat 2026-05-02)\n"
        "becomes P-07 (M, birth not recorded; last visit Tue 2026-03-10)\n"
        "  visit 2 on Tue 2026-03-10 becomes visit 5\n"
        "  visit 3 on April 2026, day not known becomes visit 6\n"
        "  visit 4 on Sat 2026-05-02 becomes visit 7\n"
        "  treatment 1 becomes treatment 2\n"
        "  1 episode and all that was said of P07 go along\n"
    )
    assert rehearsed.stderr == (
        "Please check: Both have a visit on Tue 2026-03-10: 2 of P07 and 1 of P-07."
        " Both are kept; scores of one day are one reading.\n"
        "Dry run: nothing was written.\n"
    )
    assert shown(twice, "P-07", "P07") == before


def test_a_merge_takes_everything_along_in_one_entry_and_an_undo_parts_them_again(twice):
    before = shown(twice, "P-07", "P07")
    n_entries = len(json.loads(twice("log", "--all", "--json").stdout))
    merged = twice("patient", "merge", "P07", "P-07", "--why", "entered twice", "--yes", "--json")
    assert merged.exit_code == 0, merged.output
    numbers = json.loads(merged.stdout)
    assert (numbers["visits"], numbers["treatments"]) == ({"2": 5, "3": 6, "4": 7}, {"1": 2})
    entries = json.loads(twice("log", "--all", "--json").stdout)
    assert [(e["command"], e["reason"]) for e in entries[n_entries:]] == [("patient merge", "entered twice")]

    held = json.loads(twice("patient", "show", "P-07", "--json").stdout)
    assert (held["sex"], held["birth"]) == ("M", "1979")
    assert [(e["site"], e["onset"]) for e in held["episodes"]] == [("ankle-left", "2026-01"), ("hip-left", "2026-02")]
    assert [v["visit_date"] for v in held["visits"]] == ["2026-03-10", "2026-03-10", "2026-04", "2026-05-02"]
    assert [(s["site"], s["score"]) for s in held["pain_scores"]] == [("ankle-left", 7), ("hip-left", 5)]
    assert [f["edema_grade"] for f in held["imaging"]] == [3, 3]
    assert [(n["text"], n["visit_date"]) for n in held["notes"]] == [("once", "2026-04"), ("once", "2026-05-02")]
    assert [d["dose"] for t in held["treatments"] for d in t["doses"]] == [150.0]
    assert [v["cause"] for v in held["differential"]] == ["stress-fracture"]
    assert twice("patient", "show", "P07").exit_code == 3
    assert twice("db", "verify").exit_code == 0

    assert twice("undo", "--yes").exit_code == 0
    assert shown(twice, "P-07", "P07") == before
    assert twice("db", "verify").exit_code == 0
    redone = twice("undo", str(n_entries + 2), "--yes")
    assert redone.exit_code == 0, redone.output
    again = json.loads(twice("patient", "show", "P-07", "--json").stdout)
    assert bare(again) == bare(held)


def test_what_was_known_before_a_merge_is_still_known_then(twice):
    moment = json.loads(twice("log", "--all", "--json").stdout)[-1]["recorded_at"]
    before = twice("patient", "show", "P07", "--json").stdout
    assert twice("patient", "merge", "P07", "P-07", "--yes").exit_code == 0
    assert twice("patient", "show", "P07", "--known-at", moment, "--json").stdout == before


def test_without_a_terminal_a_merge_asks_for_yes(twice):
    refused = twice("patient", "merge", "P07", "P-07")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-2:] == [
        "Error: A merge asks first, and nobody can answer here. Run: tracker patient merge P07 P-07 --yes",
        "Nothing was written.",
    ]


def test_all_that_contradicts_is_named_at_once_and_refused(twice):
    assert twice("patient", "edit", "P-07", "--born", "1981").exit_code == 0
    assert twice("patient", "edit", "P07", "--sex", "F").exit_code == 0
    assert twice("differential", "set", "P-07", "stress-fracture", "pending", "--on", "2026-03-10").exit_code == 0
    refused = twice("patient", "merge", "P07", "P-07", "--yes")
    assert refused.exit_code == 5
    assert refused.stderr == (
        "Error: P07 and P-07 contradict each other: the sex is F and M; the birth is 1979 and 1981; "
        "differential of patient, stress-fracture, 2026-03-10: state excluded and pending. "
        "If they are one person all the same, correct one of the two records first, then merge.\n"
        "Nothing was written.\n"
    )


def test_two_open_episodes_of_one_site_are_named_and_refused(twice):
    assert twice("episode", "open", "P-07", "hip-left", "--onset", "2026-03").exit_code == 0
    refused = twice("patient", "merge", "P07", "P-07", "--yes")
    assert refused.exit_code == 5
    assert (
        "P-07 would have two open episodes at left hip: one with onset February 2026, day not known"
        " and one with onset March 2026, day not known." in refused.stderr
    )


def test_what_both_say_alike_of_a_day_is_kept_once(twice):
    assert twice("differential", "set", "P-07", "stress-fracture", "excluded", "--on", "2026-03-10").exit_code == 0
    before = shown(twice, "P-07", "P07")
    merged = json.loads(twice("patient", "merge", "P07", "P-07", "--yes", "--json").stdout)
    assert merged["n_kept_once"] == 1
    held = json.loads(twice("patient", "show", "P-07", "--json").stdout)
    assert [(v["cause"], v["state"]) for v in held["differential"]] == [("stress-fracture", "excluded")]
    assert twice("undo", "--yes").exit_code == 0
    assert shown(twice, "P-07", "P07") == before


def test_a_later_visit_must_be_taken_back_before_the_merge_can_be_undone(twice):
    assert twice("patient", "merge", "P07", "P-07", "--yes").exit_code == 0
    assert twice("visit", "edit", "5", "--pain", "hip-left=6").exit_code == 0
    refused = twice("undo", "9", "--yes")
    assert refused.exit_code == 5
    assert "10" in refused.stderr


def test_a_patient_cannot_be_merged_with_itself_or_with_nobody(twice):
    itself = twice("patient", "merge", "P07", "P07", "--yes")
    assert (itself.exit_code, itself.stderr) == (
        1,
        "Error: 'P07' is one patient already. Name two: tracker patient merge FROM INTO.\nNothing was written.\n",
    )
    assert twice("patient", "merge", "Q-1", "P-07", "--yes").exit_code == 3


def test_a_code_close_to_another_is_said_and_recorded_all_the_same(patient):
    added = patient("patient", "add", "P07", "--sex", "F")
    warning = (
        "The code 'P07' is close to 'P-07' (M, born 1979). "
        "If they are one person, use that code, or merge: tracker patient merge P07 P-07"
    )
    assert added.exit_code == 0
    assert f"Please check: {warning}" in added.stderr
    assert json.loads(patient("log", "--json").stdout)[-1]["warnings"] == [warning]


def test_the_same_sex_birth_and_first_episode_are_said(patient):
    words = ("--sex", "M", "--born", "1979", "--site", "ankle-left", "--onset", "2026-01-15")
    added = patient("patient", "add", "K-31", *words)
    assert added.exit_code == 0
    assert (
        "Please check: 'K-31' has sex, birth and a first episode at left ankle in common with 'P-07' (M, born 1979). "
        "If they are one person, use that code, or merge: tracker patient merge K-31 P-07" in added.stderr
    )


def test_an_edit_that_makes_two_patients_alike_says_so_once(patient):
    words = ("--sex", "F", "--born", "1979", "--site", "ankle-left", "--onset", "2026-01")
    assert "Please check" not in patient("patient", "add", "K-31", *words).stderr
    edited = patient("patient", "edit", "K-31", "--sex", "M")
    assert "'K-31' has sex, birth and a first episode at left ankle in common with 'P-07'" in edited.stderr
    assert "Please check" not in patient("patient", "edit", "K-31", "--code", "K-32").stderr
    renamed = patient("patient", "edit", "K-32", "--code", "P-7")
    assert "Please check: The code 'P-7' is close to 'P-07' (M, born 1979)." in renamed.stderr
