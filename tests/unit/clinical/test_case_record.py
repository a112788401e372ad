"""The rest of a case as values: limits of a laboratory, and what was true on a day."""

from datetime import date

import pytest

from tracker.clinical.case_record import CauseVerdict, Dose, LabResult, Treatment, against_limits
from tracker.clinical.record import PatientRecord, Visit
from tracker.clinical.vocabulary import CauseState, Comparator, DoseUnit, LabJudgement, Sex
from tracker.dates import PartialDate

LOW, NORMAL, HIGH = LabJudgement.LOW, LabJudgement.NORMAL, LabJudgement.HIGH
BELOW, ABOVE = Comparator.BELOW, Comparator.ABOVE


@pytest.mark.parametrize(
    ("comparator", "value", "low", "high", "said"),
    [
        (None, 31, None, 5, HIGH),
        (None, 5, None, 5, NORMAL),
        (None, 2.0, 2.15, 2.55, LOW),
        (None, 2.15, 2.15, 2.55, NORMAL),
        (None, 2.3, 2.15, 2.55, NORMAL),
        (None, 3, None, None, None),
        (BELOW, 3, None, 5, NORMAL),  # below 3 is below 5
        (BELOW, 8, None, 5, None),  # below 8 may be 6 or 4
        (BELOW, 5, None, 5, NORMAL),
        (BELOW, 5, 5, None, LOW),  # below 5 is below a lower limit of 5
        (BELOW, 0.01, 0.4, 4, LOW),
        (BELOW, 1, 0.4, 4, None),
        (ABOVE, 5, None, 5, HIGH),
        (ABOVE, 100, None, 5, HIGH),
        (ABOVE, 3, None, 5, None),  # above 3 may be 4 or 6
        (ABOVE, 90, 60, None, NORMAL),
        (ABOVE, 50, 60, None, None),
        (None, None, None, 5, None),
    ],
)
def test_a_value_lies_on_a_side_of_a_limit_only_where_that_is_certain(comparator, value, low, high, said):
    assert against_limits(value, comparator, low=low, high=high) is said


def test_a_result_knows_its_own_limits():
    day = PartialDate.parse("2026-03-10")
    assert LabResult(1, 1, 1, day, "crp", 31, None, "mg/L", None, 5, None, None).against_limits is HIGH


@pytest.fixture
def record():
    """A patient treated since March with two doses until May, and a cause that was pending before it was excluded."""
    doses = tuple(
        Dose(number, 1, PartialDate.parse(day), dose, DoseUnit.IU, None)
        for number, (day, dose) in enumerate([("2026-03-10", 2000), ("2026-04-10", 1000)])
    )
    span = (PartialDate.parse("2026-03-10"), PartialDate.parse("2026-05-10"))
    later = PartialDate.parse("2026-06")
    verdicts = [("2026-03-10", CauseState.PENDING), ("2026-04-10", CauseState.EXCLUDED)]
    visit = PartialDate.parse("2026-03-10")
    return PatientRecord(
        patient_id=1,
        patient_code="P01",
        clinic_code="default",
        sex=Sex.UNKNOWN,
        birth=None,
        last_entry_id=9,
        episodes=(),
        visits=(Visit(1, 1, visit),),
        pain_scores=(),
        vitamin_d=(),
        imaging=(),
        notes=(),
        labs=(LabResult(1, 1, 1, visit, "crp", 3, None, "mg/L", None, None, None, None),),
        treatments=(
            Treatment(1, 1, "vitamin-d", None, None, *span, "level restored", doses),
            Treatment(2, 1, "cast", None, None, later, None, None, ()),
            Treatment(3, 1, "nsaid", None, None, None, None, None, ()),
        ),
        differential=tuple(
            CauseVerdict(n, 1, "patient", "infection", PartialDate.parse(day), state, None, None)
            for n, (day, state) in enumerate(verdicts)
        ),
    )


def test_a_treatment_that_ended_later_went_on_then(record):
    until = record.until(date(2026, 4, 1))
    assert [(t.treatment_id, t.ended, t.ending_reason, len(t.doses)) for t in until.treatments] == [
        (1, None, None, 1),
        (3, None, None, 0),
    ]
    assert record.until(date(2026, 7, 1)) == record


def test_a_cause_that_was_excluded_later_was_pending_then(record):
    assert [verdict.state for verdict in record.until(date(2026, 4, 9)).differential] == [CauseState.PENDING]


def test_results_go_with_their_visit(record):
    assert record.without_visit(1).labs == ()
    assert record.until(date(2026, 3, 9)).labs == ()
