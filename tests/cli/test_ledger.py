"""`log` and `undo` at the command line."""

from __future__ import annotations

import json

import pytest


def log(run) -> list[dict]:
    return json.loads(run("log", "--all", "--json").stdout)


def test_the_log_says_who_recorded_what_and_why(patient):
    patient("--by", "Dr. W.", "visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    first, second = log(patient)
    assert (first["recorded_by"], first["command"]) == ("nurse", "patient add")
    assert (second["recorded_by"], second["command"]) == ("Dr. W.", "visit add")


def test_undo_without_a_number_takes_back_the_newest_and_can_itself_be_undone(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    with_visit = patient("patient", "show", "P-07").stdout
    undone = patient("undo", "--yes")
    assert "Undo of entry 2 (visit add of P-07, by nurse):" in undone.stdout
    assert "- pain left ankle 7 (NRS 0-10, overall)" in undone.stdout
    assert "Undone by entry 3. To bring it back: tracker undo 3" in undone.stderr
    assert patient("patient", "show", "P-07").stdout != with_visit
    assert patient("undo", "3", "--yes").exit_code == 0
    assert patient("patient", "show", "P-07").stdout == with_visit
    assert [entry["undoes"] for entry in log(patient)] == [None, None, 2, 3]


def test_an_undo_asks_first_and_fails_where_nobody_can_answer(patient):
    refused = patient("undo")
    assert refused.exit_code == 1
    assert "An undo asks first, and nobody can answer here. Run: tracker undo 1 --yes" in refused.stderr
    assert len(log(patient)) == 1


def test_a_dry_undo_shows_the_change_only(patient):
    shown = patient("undo", "--dry-run")
    assert "- patient P-07, sex M, born 1979" in shown.stdout
    assert len(log(patient)) == 1


def test_an_entry_that_later_ones_rest_on_cannot_be_undone_first(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    refused = patient("undo", "1", "--yes")
    assert refused.exit_code == 5
    assert "Undo that one first: tracker undo 2" in refused.stderr


def test_undoing_nothing_or_an_unknown_entry_is_said(run):
    assert (run("undo", "--yes").exit_code, run("undo", "9", "--yes").exit_code) == (3, 3)


def test_verify_holds_after_all_of_it(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    patient("undo", "--yes")
    held = patient("db", "verify")
    assert held.exit_code == 0
    assert "The ledger holds; number of entries: 3" in held.stdout


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_the_log_of_a_patient_who_never_was_is_not_found(patient, more):
    missing = patient("log", "--patient", "NOPE", *more)
    assert (missing.exit_code, missing.stdout) == (3, "")
    assert missing.stderr == "Error: No patient 'NOPE'. List patients: tracker patient list\n"


def test_the_log_of_a_patient_who_was_taken_back_or_renamed_is_still_shown(patient):
    patient("patient", "edit", "P-07", "--code", "P-08")
    assert "patient edit" in patient("log", "--patient", "P-07").stdout
    assert "patient add" in patient("log", "--patient", "P-08").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("log", "abc"), "ENTRY takes a whole number from 1 on, not 'abc'. See the numbers: tracker log"),
        (("undo", "0"), "ENTRY takes a whole number from 1 on, not '0'. See the numbers: tracker log"),
        (
            ("visit", "edit", "1.5"),
            "VISIT takes a whole number from 1 on, not '1.5'. See the numbers: tracker visit list CODE",
        ),
        (("log", "--newest", "0"), "--newest takes a whole number from 1 on, not '0'. Write digits, such as 12."),
        (("due", "--weeks", "200"), "--weeks takes a whole number from 0 to 104, not '200'. Write digits, such as 12."),
    ],
)
def test_a_number_that_is_none_is_refused_with_what_is_allowed(patient, words, said):
    refused = patient(*words)
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"Error: {said}\n")


def test_an_empty_ledger_has_no_entry_to_write_down(run):
    assert run("db", "verify").stdout == f"The ledger holds; number of entries: 0, head {'0' * 64}\n"
