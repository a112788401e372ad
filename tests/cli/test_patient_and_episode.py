"""Patients and episodes at the command line."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tracker.cli.terminal import Terminal
from tracker.dates import day_in_words


def test_adding_a_patient_with_a_site_opens_the_first_episode(patient):
    (episode,) = json.loads(patient("episode", "list", "P-07", "--json").stdout)
    assert (episode["site"], episode["onset"], episode["closed_on"]) == ("ankle-left", "2026-01", None)
    assert [entry["command"] for entry in json.loads(patient("log", "--json").stdout)] == ["patient add"]


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("P-07",), "There already is a patient 'P-07'.", 5),
        (("p-07",), "There already is a patient 'P-07', and 'p-07' would be taken for it.", 5),
        (("P-08\u200b",), "patient_code must be 1 to 40 letters a-z and digits, between them single spaces", 1),
        (("P-08", "--site", "ankle-left", "--onset", "1850"), "onset must be a date in the years 1900 to 2100", 1),
        (("P-08", "--born", "1979-05-03"), "'1979-05-03' is too exact for a birth;", 1),
        (("P-08", "--born", "1850"), "birth must be a date in the years 1900 to 2100, but was '1850'.", 1),
        (("P-08", "--site", "ankle-left", "--onset", "2999"), "The onset '2999' lies in the future;", 1),
        (("P-08", "--born", "1979", "--site", "ankle-left", "--onset", "1970"), "lies before the birth (1979)", 1),
        (("P-08", "--onset", "2026-01"), "--onset and --mode belong to an episode", 2),
        (("P-08", "--sex", "male"), "'male' is not one of", 2),
        ((" ",), "patient_code must be", 1),
    ],
)
def test_a_patient_that_cannot_be_is_refused_in_words(patient, words, said, code):
    refused = patient("patient", "add", *words)
    assert refused.exit_code == code, refused.output
    assert said in refused.stderr
    assert refused.stderr.rstrip().endswith("Nothing was written.")
    assert [p["patient_code"] for p in json.loads(patient("patient", "list", "--json").stdout)] == ["P-07"]


def test_editing_a_patient_keeps_what_is_not_named(patient):
    edited = patient("patient", "edit", "P-07", "--code", "P-70", "--why", "typing error")
    assert edited.exit_code == 0, edited.output
    (held,) = json.loads(patient("patient", "list", "--json").stdout)
    assert (held["patient_code"], held["sex"], held["birth"]) == ("P-70", "M", "1979")


def test_an_undone_patient_frees_the_code(patient):
    assert patient("undo", "--yes").exit_code == 0
    assert patient("patient", "show", "P-07").exit_code == 3
    assert patient("patient", "add", "P-07", "--sex", "F").exit_code == 0


def test_a_second_open_episode_at_a_site_is_a_conflict(patient):
    refused = patient("episode", "open", "P-07", "ankle-left", "--onset", "2026-02")
    assert refused.exit_code == 5
    assert (
        "P-07 would have two open episodes at left ankle: one with onset January 2026, day not known"
        " and one with onset February 2026, day not known." in refused.stderr
    )
    other = patient("episode", "open", "P-07", "ankle-right", "--onset", "~2026-02-10", "--mode", "acute")
    assert other.exit_code == 0


def test_closing_an_episode_needs_a_day_after_the_onset_and_happens_once(patient):
    early = patient("episode", "close", "P-07", "ankle-left", "--on", "2025-12-01", "--why", "resolved")
    assert (early.exit_code, "lies before the onset" in early.stderr) == (1, True)
    assert patient("episode", "close", "P-07", "ankle-left", "--on", "2026-09-01", "--why", "resolved").exit_code == 0
    again = patient("episode", "close", "P-07", "ankle-left", "--on", "2026-09-02", "--why", "resolved")
    assert (again.exit_code, "is closed already, on Tue 2026-09-01" in again.stderr) == (5, True)
    (episode,) = json.loads(patient("episode", "list", "P-07", "--json").stdout)
    assert (episode["closed_on"], episode["closing_reason"]) == ("2026-09-01", "resolved")


def test_editing_an_episode_at_a_site_without_one_names_the_sites_that_have_one(patient):
    refused = patient("episode", "edit", "P-07", "hip-left", "--onset", "2026-02")
    assert refused.exit_code == 3
    assert "P-07 has no episode at left hip; sites with an episode: ankle-left." in refused.stderr


def test_the_onset_can_be_corrected_and_the_old_one_is_in_the_ledger(patient):
    assert (
        patient("episode", "edit", "P-07", "ankle-left", "--onset", "2026-02", "--why", "looked it up").exit_code == 0
    )
    shown = patient("log", "2").stdout
    assert "- episode at left ankle, onset January 2026, day not known" in shown
    assert "+ episode at left ankle, onset February 2026, day not known" in shown


def test_patients_are_listed_with_their_last_visit_and_open_sites(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=7")
    (listed,) = json.loads(patient("patient", "list", "--json").stdout)
    assert listed["n_visits"] == 1
    assert listed["last_visit"] == "2026-03-10"
    assert listed["open_sites"] == ["ankle-left"]
    assert "Tue 2026-03-10" in patient("patient", "list").stdout


def test_what_was_known_before_a_correction_can_be_asked_for(patient):
    first = json.loads(patient("log", "--json").stdout)[-1]["recorded_at"]
    patient("patient", "edit", "P-07", "--sex", "F")
    assert json.loads(patient("patient", "show", "P-07", "--json").stdout)["sex"] == "F"
    assert json.loads(patient("patient", "show", "P-07", "--known-at", first, "--json").stdout)["sex"] == "M"


def test_closing_before_the_last_score_is_said_and_recorded_with_the_entry(patient):
    patient("visit", "add", "P-07", "--on", "2026-05-10", "--pain", "ankle-left=7")
    closed = patient("episode", "close", "P-07", "ankle-left", "--on", "2026-04-01", "--why", "resolved")
    said = "1 recorded score would no longer belong to the episode at left ankle"
    assert (closed.exit_code, f"Please check: {said}" in closed.stderr) == (0, True)
    assert said in json.loads(patient("log", "--json").stdout)[-1]["warnings"][0]


def test_a_birth_after_a_visit_is_said(patient):
    patient("visit", "add", "P-07", "--on", "2026-05-10", "--pain", "ankle-left=7")
    edited = patient("patient", "edit", "P-07", "--born", "2026-06")
    assert edited.exit_code == 0, edited.output
    assert "Please check: 1 visit lies before the birth (2026-06), the first on Sun 2026-05-10." in edited.stderr


def test_undoing_a_closing_beside_a_later_open_episode_names_both(patient):
    patient("episode", "close", "P-07", "ankle-left", "--on", "2026-03-01", "--why", "resolved")
    patient("episode", "open", "P-07", "ankle-left", "--onset", "2026-04-01")
    refused = patient("undo", "2", "--yes")
    assert refused.exit_code == 5
    assert "two open episodes at left ankle: one with onset January 2026, day not known and one with onset Wed" in (
        refused.stderr
    )


def test_an_episode_on_the_other_side_is_asked_about_and_opened(patient):
    opened = patient("episode", "open", "P-07", "hip-right", "--onset", "2026-03")
    assert opened.exit_code == 0, opened.output
    assert opened.stderr.splitlines()[-1] == (
        "Please check: Right hip: everything recorded of P-07 before is on the left side. Is the right side meant?"
    )
    nothing_before = patient("patient", "add", "Q-1", "--site", "hip-right")
    assert "Please check" not in nothing_before.stderr


@pytest.mark.parametrize(
    "words", [("patient", "edit", "P-07"), ("episode", "edit", "P-07", "ankle-left"), ("treatment", "edit", "1")]
)
def test_an_edit_that_names_no_change_says_so(patient, words):
    patient("treatment", "add", "P-07", "vitamin-d", "--from", "2026-03")
    refused = patient(*words)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: Nothing to change was named. Give at least one of --")


def test_a_sex_that_is_none_is_answered_in_the_words_of_help(patient):
    assert "'Z' is not one of F, M, X, unknown." in patient("patient", "edit", "P-07", "--sex", "Z").stderr
    assert "sex F" in patient("patient", "edit", "P-07", "--sex", "f").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("patient", "add", "P-08", "--site", "knee-left", "--onset", "-3w"), "onset"),
        (("episode", "open", "P-07", "knee-left", "--onset", "-3w"), "onset"),
        (("treatment", "add", "P-07", "vitamin-d", "--from", "-3w"), "from"),
        (("checklist", "add", "P-07", "risk", "--on", "today", "--present", "smoking=-3w"), "since"),
    ],
)
def test_every_date_a_person_types_may_be_a_word_and_is_echoed_in_full(patient, words, said):
    day = Terminal.today_here() - timedelta(days=21)
    written = patient(*words)
    assert written.exit_code == 0, written.output
    assert f"{said} {day_in_words(day)}" in written.stdout


def test_a_file_stays_strict_about_dates(patient, tmp_path):
    file = tmp_path / "v.csv"
    file.write_text("patient_code,visit_date,site,pain_nrs\nP-07,today,ankle-left,3\n")
    refused = patient("import", str(file), "--yes")
    assert refused.exit_code != 0
    assert "today" in refused.stderr


def test_before_the_first_onset_no_episode_had_begun(patient):
    assert (
        "No episode had begun by Mon 1900-01-01; 1 begins later."
        in patient("course", "show", "P-07", "--as-of", "1900-01-01").stderr
    )
    shown = patient("patient", "show", "P-07", "--as-of", "1900-01-01").stderr
    assert "No episode had begun by Mon 1900-01-01." in shown
    assert "episode open" not in shown


def test_the_example_of_an_episode_does_not_begin_after_the_score(run):
    run("patient", "add", "N-01")
    logged = run("visit", "add", "N-01", "--on", "2025-12-10", "--pain", "ankle-left=7")
    assert "tracker episode open N-01 ankle-left --onset 2025-12" in logged.stderr
    shown = run("course", "show", "N-01")
    assert "tracker episode open N-01 ankle-left --onset 2025-12" in shown.stderr


def test_a_score_that_was_not_asked_is_no_score_without_an_episode(run):
    run("patient", "add", "N-01")
    run("visit", "add", "N-01", "--on", "2025-12-10", "--pain", "ankle-left=not-asked")
    assert "belong" not in run("course", "show", "N-01").stdout
    run("visit", "add", "N-01", "--on", "2025-12-11", "--pain", "ankle-left=7")
    assert "1 pain score belongs to no episode" in run("course", "show", "N-01").stdout


def test_counts_and_spans_are_written_as_people_say_them(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-10", "--pain", "ankle-left=1")
    jump = patient("visit", "add", "P-07", "--on", "2026-03-11", "--pain", "ankle-left=9", "--yes")
    assert "within 1 day." in jump.stderr
    span = patient("visit", "add", "P-07", "--on", "2026-03-01/2026-03-08", "--note", "telephone")
    assert "visit between Sun 2026-03-01 and Sun 2026-03-08" in span.stdout
    assert "1 patient, 3 visits, 4 ledger entries" in patient("db", "status").stdout


def test_a_statement_that_is_not_there_is_named_in_words(patient):
    missing = patient("differential", "void", "P-07", "infection", "--on", "2020-01-01", "--why", "slip")
    assert missing.exit_code == 3
    assert "The record of P-07 holds no verdict on infection for Wed 2020-01-01." in missing.stderr


def test_an_empty_reason_is_answered_by_the_name_of_its_option(patient):
    patient("visit", "add", "P-07", "--on", "2026-03-20", "--lab", "crp=31mg/L@<5")
    for words in (("flags", "dismiss", "P-07", "raised_crp"), ("visit", "void", "1")):
        refused = patient(*words, "--why", "")
        assert refused.exit_code == 1
        assert "The reason behind --why must be" in refused.stderr
        assert "decision_reason" not in refused.stderr


def test_a_closed_episode_asks_for_no_further_score(patient):
    for day, score in (("2026-02-03", 5), ("2026-02-24", 7), ("2026-05-02", 6), ("2026-07-01", 3)):
        assert patient("visit", "add", "P-07", "--on", day, "--pain", f"ankle-left={score}", "--yes").exit_code == 0
    words = ("course", "show", "P-07", "--as-of", "2026-08-01")
    assert "Next most informative score" in " ".join(patient(*words).stdout.split())
    assert patient("episode", "close", "P-07", "ankle-left", "--on", "2026-07-15", "--why", "over").exit_code == 0
    said = " ".join(patient(*words).stdout.split())  # lines are wrapped
    assert "Next most informative score" not in said
    assert "One more score" not in said
    (episode,) = json.loads(patient(*words, "--json").stdout)["episodes"]
    assert episode["course"]["next_visit"] is None
    assert episode["course"]["next_visit_date"] is None


def test_a_vitamin_d_that_cannot_be_read_is_not_answered_with_a_value_made_from_it(patient):
    refused = patient("visit", "add", "P-07", "--on", "2026-03-10", "--vitamin-d", "1e9ng/mL")
    assert refused.exit_code == 1
    assert "1ng/mL" not in refused.stderr
    assert "Write --vitamin-d NUMBER and the unit of the laboratory report, such as 18ng/mL" in refused.stderr


def test_a_file_without_rows_is_not_said_to_be_recorded(patient, tmp_path):
    file = tmp_path / "h.csv"
    file.write_text("patient_code,visit_date,site,pain_nrs\n")
    done = patient("import", str(file), "--yes")
    assert "The file has a header but no rows. Nothing was written." in done.stderr
