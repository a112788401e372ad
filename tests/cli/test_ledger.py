"""`log` and `undo` at the command line."""

from __future__ import annotations

import json


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
