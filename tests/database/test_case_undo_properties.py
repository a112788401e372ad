"""Undo over the commands that hold a case whole: the state afterwards is the state before, on both engines."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.analysis.alerts.alert import Alert, AlertKind
from tracker.analysis.red_flags.readings import Evidence
from tracker.clinical.vocabulary import CauseState, Checklist, DoseUnit, FlagDecisionWord, PregnancyState, Presence
from tracker.database import queries
from tracker.database.session import open_database
from tracker.dates import PartialDate
from tracker.errors import TrackerError
from tracker.service import history, patients, statements, treatments, visits
from tracker.service.flag_decisions import NewFlagDecision
from tracker.service.new_facts import NewVisit
from tracker.service.new_results import NewFunctionScore, NewLab
from tracker.service.new_statements import NewItem, NewPregnancyStatus, NewVerdict
from tracker.service.treatments import NewDose, NewTreatment, TreatmentChange

CODES = itertools.count()
KINDS = (
    *("add_treatment", "dose", "edit_treatment", "end_treatment", "void_treatment"),
    *("verdict", "items", "pregnancy", "void_verdict", "void_items", "void_pregnancy"),
    *("results", "edit_results", "void_visit", "decision", "undo"),
)
# each step picks one of what there is, by a number taken modulo how many there are
STEP = st.tuples(st.sampled_from(KINDS), st.integers(0, 30))
STEPS = st.lists(STEP, min_size=1, max_size=8)
QUIET = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def record(request, new_database, recorder):
    with open_database(new_database(request.param)) as database:
        yield recorder(database)


def day(number):
    """One of few days, so that statements meet; some are known as a month only."""
    return PartialDate.parse(("2026-01", "2026-01-15", "2026-02-10")[number % 3])


class Case:
    """A patient and what the commands do to it; what a command refuses changes nothing."""

    def __init__(self, record):
        self.record, self.database = record, record.database
        self.code = f"P-{next(CODES)}"
        patients.add_patient(self.database, patients.NewPatient(self.code), self.origin())
        self.patient_id = self.held().patient_id
        self.entries = []

    def origin(self):
        return self.record.origin("case", reason="as drawn")

    def held(self):
        return patients.read_patient(self.database, self.code)

    def current(self):
        return self.record.current(self.patient_id)

    def take(self, step, number):
        """Do one step; give its entry, or None where there is nothing to do it to or it is refused."""
        try:
            written = getattr(self, step)(number)
        except TrackerError:
            return None
        if written is not None:
            self.entries.append(written.entry.entry_id)
        return written

    def _treatment(self, number):
        held = self.held().treatments
        return held[number % len(held)].treatment_id if held else 0

    def add_treatment(self, number):
        dose = NewDose(number, DoseUnit.MG, "daily") if number % 2 else None
        new = NewTreatment(("cast", "nsaid")[number % 2], started=day(number), dose=dose)
        return treatments.add_treatment(self.database, self.code, new, self.origin())

    def dose(self, number):
        change = TreatmentChange(dose=NewDose(number, DoseUnit.IU, None, day(number + 1)))
        return treatments.edit_treatment(self.database, self._treatment(number), change, self.origin())

    def edit_treatment(self, number):
        change = TreatmentChange(site=("talus-left", "talus-right")[number % 2], words=f"words {number}")
        return treatments.edit_treatment(self.database, self._treatment(number), change, self.origin())

    def end_treatment(self, number):
        return treatments.end_treatment(
            self.database, self._treatment(number), self.origin(), ended=PartialDate.parse("2026-03")
        )

    def void_treatment(self, number):
        return treatments.void_treatment(self.database, self._treatment(number), self.origin())

    def _say(self, *said):
        return statements.record_statements(self.database, self.code, said, self.origin())

    def verdict(self, number):
        state = tuple(CauseState)[number % 4]
        about = ("patient", "talus-left")[number % 2]
        return self._say(NewVerdict(about, "trauma", day(number), state, f"how {number}"))

    def items(self, number):
        found = tuple(Presence)
        codes = ("smoking", "alcohol", "steroids")[: number % 3 + 1]
        return self._say(
            *(
                NewItem(Checklist.RISK, "patient", code, day(number), found[(number // 2 + rank) % 3])
                for rank, code in enumerate(codes)
            )
        )

    def pregnancy(self, number):
        return self._say(NewPregnancyStatus(day(number), PregnancyState.PREGNANT, number))

    def _void(self, table, match):
        return statements.void_statements(self.database, self.code, table, match, self.origin())

    def void_verdict(self, number):
        return self._void("differential", {"cause": "trauma", "decided_on": day(number)})

    def void_items(self, number):
        return self._void("checklist_item", {"checklist": "risk", "examined_on": day(number)})

    def void_pregnancy(self, number):
        return self._void("pregnancy_status", {"stated_on": day(number)})

    def results(self, number):
        labs = tuple(NewLab(code, float(number), unit) for code, unit in (("crp", "mg/L"), ("esr", "mm/h")))
        scores = (NewFunctionScore("efas", "foot-left", float(number)),)
        visit = NewVisit(self.code, day(number), labs=labs[: number % 2 + 1], function_scores=scores)
        return visits.add_visit(self.database, visit, self.origin())

    def decision(self, number):
        flag = ("fever", "weight_loss")[number % 2]
        evidence = (Evidence("checklist_item", number, day(number), f"{flag} present"),)
        alert = Alert(AlertKind.RED_FLAG, flag, "1", None, None, "raised", day(number), None, evidence)
        said = tuple(FlagDecisionWord)[number % 3]
        return self._say(NewFlagDecision(alert, said, f"reason {number}", day(number)))

    def _visit(self, number):
        held = self.held().visits
        return held[number % len(held)].visit_id if held else 0

    def edit_results(self, number):
        change = visits.VisitChange(
            labs=(NewLab("crp", float(number + 1), "mg/L"),),
            void_functions=(("efas", "foot-left"),) if number % 2 else (),
        )
        return visits.edit_visit(self.database, self._visit(number), change, self.origin())

    def void_visit(self, number):
        return visits.void_visit(self.database, self._visit(number), self.origin())

    def undo(self, number):
        if not self.entries:
            return None
        return history.undo_entry(self.database, self.entries[number % len(self.entries)], self.origin())


@QUIET
@given(STEPS, STEP)
def test_undo_gives_back_the_case_before_and_its_undo_the_case_after(record, steps, last):
    case = Case(record)
    for step in steps:
        case.take(*step)
    before = case.current()
    written = case.take(*last)
    after = case.current()
    if written is None:
        assert after == before
        return
    undone = record.undo(written.entry.entry_id)
    assert case.current() == before
    record.undo(undone.entry_id)
    assert case.current() == after


@QUIET
@given(STEPS)
def test_undoing_every_entry_from_the_newest_back_gives_back_the_beginning(record, steps):
    case = Case(record)
    beginning = case.current()
    for step in steps:
        if step[0] != "undo":
            case.take(*step)
    for entry_id in reversed(case.entries):
        record.undo(entry_id)
    assert case.current() == beginning


@QUIET
@given(STEPS)
def test_what_was_known_at_each_entry_is_read_as_it_was(record, steps):
    case = Case(record)
    seen = [case.held()]
    for step in steps:
        if case.take(*step) is not None:
            seen.append(case.held())
    for then in seen:
        with record.database.reading() as connection:
            assert queries.patient_record(connection, case.code, known_until=then.last_entry_id) == then


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "undo"])
def test_every_command_is_done_at_least_once(record, kind):
    """Else the properties above would hold of nothing."""
    case = Case(record)
    for made in ("add_treatment", "verdict", "items", "pregnancy", "results"):
        assert case.take(made, 1) is not None
    assert case.take(kind, 4) is not None


def test_the_ledger_holds_after_all_that(record):
    assert Case(record).take("add_treatment", 1) is not None
    assert record.verify().problems == ()
