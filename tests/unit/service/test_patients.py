"""Patients: codes that could be taken for one another, and births that cannot be."""

from datetime import date

import pytest

from tracker.errors import ConflictError, DeclinedError, InputError
from tracker.service.history import list_entries, undo_entry
from tracker.service.patients import (
    NewPatient,
    PatientChange,
    add_patient,
    edit_patient,
    read_patient,
    refuse_confusable,
)


def test_a_code_that_differs_in_case_only_is_a_conflict_that_names_the_one_that_is_there(clinic):
    message = r"^There already is a patient 'P-07', and 'p-07' would be taken for it\."
    with pytest.raises(ConflictError, match=message):
        add_patient(clinic.database, NewPatient("p-07"), clinic.origin())
    add_patient(clinic.database, NewPatient("Q-1"), clinic.origin())
    with pytest.raises(ConflictError, match=message):
        edit_patient(clinic.database, "Q-1", PatientChange("p-07"), clinic.origin())


def test_a_code_written_in_another_unicode_form_is_a_conflict():
    with pytest.raises(ConflictError, match="^There already is a patient '\uff30-07'"):
        refuse_confusable("P-07", ["\uff30-07"])  # a full-width P, from a record older than the rule


def test_a_patients_own_code_may_change_its_case(clinic):
    edit_patient(clinic.database, "P-07", PatientChange("p-07"), clinic.origin())
    assert clinic.record("p-07").patient_code == "p-07"


def test_undoing_a_patient_back_beside_a_lookalike_is_refused(clinic):
    undo = undo_entry(clinic.database, 1, clinic.origin()).entry.entry_id
    add_patient(clinic.database, NewPatient("p-07"), clinic.origin())
    with pytest.raises(ConflictError, match="There already is a patient 'p-07'"):
        undo_entry(clinic.database, undo, clinic.origin())
    assert len(list_entries(clinic.database)) == 3


def test_a_birth_after_visits_and_onsets_is_said_and_asked_about(clinic, score, date_of):
    clinic.open("hip-left", "1999-05")
    clinic.visit("1999-06-01", score("hip-left", 4))
    clinic.visit("1999-07-01", score("hip-left", 4))
    clinic.visit("2001-07-01", score("hip-left", 4))
    change, asked = PatientChange(birth=date_of("2000")), []
    with pytest.raises(DeclinedError):
        edit_patient(clinic.database, "P-07", change, clinic.origin(), confirm=lambda words: asked.append(words))
    said = (
        "2 visits lie before the birth (2000), the first on Tue 1999-06-01.",
        "The onset at left hip (May 1999, day not known) lies before the birth (2000).",
    )
    assert asked == [said]
    assert edit_patient(clinic.database, "P-07", change, clinic.origin()).entry.warnings == said


def test_a_birth_before_everything_says_nothing(clinic, score, date_of):
    clinic.visit("2001-07-01", score("hip-left", 4))
    assert (
        edit_patient(clinic.database, "P-07", PatientChange(birth=date_of("2001-07")), clinic.origin()).warnings == ()
    )


@pytest.mark.parametrize("code", ["P-07\u200b", "P\u202e70", "P\t7", "P  7", ""])
def test_a_code_with_hidden_characters_is_refused(clinic, code):
    with pytest.raises(InputError, match="^patient_code must be 1 to 40 letters"):
        add_patient(clinic.database, NewPatient(code), clinic.origin())
    with pytest.raises(InputError, match="^patient_code must be 1 to 40 letters"):
        edit_patient(clinic.database, "P-07", PatientChange(code), clinic.origin())


def test_a_name_or_reason_with_hidden_characters_is_refused(clinic):
    with pytest.raises(InputError, match="^The name behind --by must be 1 to 100 characters"):
        add_patient(clinic.database, NewPatient("Q-1"), clinic.origin(recorded_by="ana\x1b[2J"))
    with pytest.raises(InputError, match="^The reason behind --why must be 1 to 500 characters"):
        undo_entry(clinic.database, 1, clinic.origin(reason=" "))


def test_a_visit_of_this_month_counts_today_and_not_on_an_earlier_day(clinic, score):
    clinic.visit("2026-08", score("hip-left", 4))
    today = date(2026, 8, 10)

    def n_visits(as_of):
        return len(read_patient(clinic.database, "P-07", as_of=as_of, today=today).visits)

    assert [n_visits(date(2026, 8, 9)), n_visits(today), n_visits(date(2026, 8, 31))] == [0, 1, 1]
