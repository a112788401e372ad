"""An invented patient with something on every panel of the page, put together by hand: no fit, no database."""

from dataclasses import replace
from datetime import UTC, datetime

from tracker.analysis.next_scores import NextScores
from tracker.analysis.phase_spans import PhaseSpan
from tracker.clinical.case_record import (
    CauseVerdict,
    ChecklistItem,
    Dose,
    FunctionScore,
    LabResult,
    PregnancyStatus,
    Treatment,
)
from tracker.clinical.corrections import Correction, CorrectionKind
from tracker.clinical.vocabulary import (
    CauseState,
    Checklist,
    DoseUnit,
    Instrument,
    LabJudgement,
    Phase,
    PregnancyState,
    Presence,
)
from tracker.dates import PartialDate

on = PartialDate.parse


def lab(row_id, day, value, *, analyte="crp", unit="mg/L", low=None, high=None, **more):
    """Make a laboratory result."""
    rest = {"comparator": None, "judgement": None, "missing_reason": None} | more
    return LabResult(
        row_id, 1, row_id, on(day), analyte, value=value, unit=unit, limit_low=low, limit_high=high, **rest
    )


def treatment(number, name, *, started, ended=None, site=None, doses=(), words=None):
    """Make a treatment."""
    began = None if started is None else on(started)
    return Treatment(number, 1, name, words, site, began, None if ended is None else on(ended), None, doses)


LABS = (
    lab(1, "2026-02-10", 3.0, high=5.0),
    lab(2, "2026-04-10", 31.0, high=5.0),
    lab(3, "2026-05-10", 0.4, unit="mg/dL"),
    lab(4, "2026-05-10", 2.3, analyte="calcium", unit="mmol/L", low=2.15, high=2.55),
    lab(5, "2026-05-10", None, analyte="esr", unit=None, judgement=LabJudgement.NORMAL),
)
TREATMENTS = (
    treatment(
        1,
        "ibandronate",
        started="2026-03-10",
        ended="2026-06-10",
        site="ankle-left",
        doses=(Dose(1, 1, on("2026-03-10"), 150.0, DoseUnit.MG, "monthly"),),
    ),
    treatment(
        2,
        "vitamin-d",
        started="2026-03",
        doses=(
            Dose(2, 1, on("2026-03"), 1000.0, DoseUnit.IU, "daily"),
            Dose(3, 1, on("2026-05-01"), 2000.0, DoseUnit.IU, "daily"),
        ),
    ),
    treatment(3, "other", started=None, words="compression stocking"),
    treatment(4, "boot", started="2026-02-01", site="hip-right"),
)
PREGNANCY = (
    PregnancyStatus(1, 1, on("2026-02-10"), PregnancyState.PREGNANT, 30, None),
    PregnancyStatus(2, 1, on("2026-04-18"), PregnancyState.DELIVERED, 39, None),
)
DIFFERENTIAL = (
    CauseVerdict(1, 1, "patient", "infection", on("2026-02-10"), CauseState.EXCLUDED, "MRI, CRP", "ana"),
    CauseVerdict(2, 1, "ankle-left", "stress-fracture", on("2026-04-10"), CauseState.PENDING, "CT asked for", None),
)
CHECKLIST = (
    ChecklistItem(1, 1, Checklist.CRPS, "ankle-left", "sign-sensory", on("2026-04-10"), Presence.PRESENT, None, None),
    ChecklistItem(2, 1, Checklist.CRPS, "ankle-left", "sign-motor", on("2026-04-10"), Presence.ABSENT, None, None),
    ChecklistItem(3, 1, Checklist.RISK, "patient", "fever", on("2026-04-10"), Presence.PRESENT, on("2026-04"), None),
)
FUNCTION = (FunctionScore(1, 1, 3, on("2026-04-10"), "ankle-left", "faam-adl", 62.0, None),)
CORRECTIONS = (
    Correction(
        CorrectionKind.AMENDED,
        "pain_score",
        14,
        datetime(2026, 4, 11, 9, 30, tzinfo=UTC),
        "ana",
        "visit edit",
        "wrong line",
        {"site": "ankle-left", "instrument": "nrs", "aspect": "overall", "score": 6, "missing_reason": None},
        {"site": "ankle-left", "instrument": "nrs", "aspect": "overall", "score": 7, "missing_reason": None},
        on("2026-04-10"),
    ),
    Correction(
        CorrectionKind.TAKEN_BACK,
        "note",
        15,
        datetime(2026, 4, 12, 9, 30, tzinfo=UTC),
        "ben",
        "visit edit",
        None,
        {"site": None, "text": "of somebody else"},
        None,
    ),
)
# Day 0 is 2026-01-01; the last score that is read lies on day 212.
AHEAD = NextScores(Instrument.NRS, (213, 220, 227, 234, 241), (0,) * 5, (1, 1, 1, 0, 0), (4, 4, 3, 3, 3), (5,) * 5)
SPANS = (
    PhaseSpan(Phase.BEFORE_ONSET, 0, 7, 0.8),
    PhaseSpan(Phase.RISE, 8, 48, 0.98),
    PhaseSpan(Phase.PLATEAU, 49, 92, 0.97),
    PhaseSpan(Phase.REGRESSION, 93, 278, 1.0),
    PhaseSpan(Phase.RESOLVED, 279, 1096, 0.986),
)


def everything(full_patient):
    """Add to the full patient of `conftest` what the other panels show."""
    view = full_patient.view()
    visits = {visit.visit_date: visit.visit_id for visit in view.record.visits}
    record = replace(
        view.record,
        visits=tuple(sorted(view.record.visits, key=lambda visit: visit.visit_date)),
        labs=tuple(replace(one, visit_id=visits[one.visit_date]) for one in LABS),
        treatments=TREATMENTS,
        pregnancy=PREGNANCY,
        differential=DIFFERENTIAL,
        checklist_items=CHECKLIST,
        function_scores=FUNCTION,
    )
    first, *others = view.episodes
    return replace(
        view,
        record=record,
        episodes=(replace(first, next_scores=AHEAD, phase_spans=SPANS), *others),
        corrections=CORRECTIONS,
    )
