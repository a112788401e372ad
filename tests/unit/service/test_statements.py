"""Statements about a patient: replaced on their day, beside each other otherwise, and taken back by name."""

import pytest

from tracker.clinical.vocabulary import CauseState, PregnancyState, Sex
from tracker.dates import PartialDate
from tracker.errors import ConflictError, DeclinedError, InputError, NotFoundError
from tracker.service.new_statements import NewPregnancyStatus, NewVerdict
from tracker.service.patients import PatientChange, edit_patient
from tracker.service.statements import record_statements, void_statements


@pytest.fixture
def say(clinic):
    """Record a verdict on trauma for a day."""

    def record(day, state, **more):
        how = more.pop("how", "X-ray")
        verdict = NewVerdict("patient", "trauma", PartialDate.parse(day), CauseState(state), how)
        return record_statements(clinic.database, "P-07", [verdict], clinic.origin(), **more)

    return record


def states(clinic):
    return [(str(v.decided_on), v.state.value) for v in clinic.record().differential]


def test_one_of_the_same_day_replaces_and_one_of_another_stands_beside(clinic, say):
    say("2026-03-10", "pending")
    say("2026-03-10", "not_excluded")
    say("2026-04-10", "excluded")
    assert states(clinic) == [("2026-03-10", "not_excluded"), ("2026-04-10", "excluded")]


def test_what_is_recorded_already_is_not_recorded_again(say):
    say("2026-03-10", "pending")
    with pytest.raises(InputError, match="^All of it is recorded already."):
        say("2026-03-10", "pending")


def test_only_what_is_new_of_several_is_recorded(clinic, say):
    say("2026-03-10", "pending")
    day = PartialDate.parse("2026-03-10")
    both = [
        NewVerdict("patient", "trauma", day, CauseState.PENDING, "X-ray"),
        NewVerdict("patient", "infection", day, CauseState.EXCLUDED, "CRP"),
    ]
    written = record_statements(clinic.database, "P-07", both, clinic.origin())
    assert [(change.kind, change.values["cause"]) for change in written.changes] == [("recorded", "infection")]


def test_one_thing_said_twice_at_once_is_refused(clinic):
    day = PartialDate.parse("2026-03-10")
    twice = [NewVerdict("patient", "trauma", day, state) for state in (CauseState.PENDING, CauseState.EXCLUDED)]
    with pytest.raises(ConflictError, match="^differential was given twice: patient trauma 2026-03-10."):
        record_statements(clinic.database, "P-07", twice, clinic.origin())


def test_a_day_in_the_future_is_refused(say):
    with pytest.raises(InputError, match="^The day '2026-08-11' lies in the future; today is Mon 2026-08-10."):
        say("2026-08-11", "pending")


def test_a_dry_run_writes_nothing(clinic, say):
    assert say("2026-03-10", "pending", dry_run=True).entry is None
    assert states(clinic) == []


def test_an_exclusion_without_a_word_on_how_is_asked_about(clinic, say):
    asked = []

    def no(warnings):
        asked.extend(warnings)
        return False

    with pytest.raises(DeclinedError):
        say("2026-03-10", "excluded", how=None, confirm=no)
    assert asked == ["trauma is said to be excluded, but not how."]
    assert states(clinic) == []


def test_a_pregnancy_of_a_man_and_a_day_before_birth_are_said_and_recorded(clinic):
    change = PatientChange(sex=Sex.MALE, birth=PartialDate.parse("1979"))
    edit_patient(clinic.database, "P-07", change, clinic.origin())
    status = NewPregnancyStatus(PartialDate.parse("1970-05"), PregnancyState.PREGNANT, 30)
    written = record_statements(clinic.database, "P-07", [status], clinic.origin())
    assert written.warnings == (
        "P-07 is recorded as male.",
        "May 1970, day not known lies before the birth of P-07 (1979).",
    )
    assert [one.gestational_week for one in clinic.record().pregnancy] == [30]


def test_a_statement_is_taken_back_by_what_it_is_about(clinic, say):
    say("2026-03-10", "pending")
    say("2026-04-10", "excluded")
    match = {"about": "patient", "cause": "trauma", "decided_on": PartialDate.parse("2026-04-10")}
    void_statements(clinic.database, "P-07", "differential", match, clinic.origin(reason="wrong patient"))
    assert states(clinic) == [("2026-03-10", "pending")]
    with pytest.raises(NotFoundError) as caught:
        void_statements(clinic.database, "P-07", "differential", match, clinic.origin(reason="again"))
    assert str(caught.value) == (
        "The record of P-07 holds no verdict on trauma for Fri 2026-04-10. See what it holds: tracker patient show P-07"
    )
