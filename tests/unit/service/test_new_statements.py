"""Requests refuse in words what the database would refuse by a rule: results and statements."""

import pytest

from tracker.clinical.vocabulary import CauseState, Checklist, LabJudgement, MissingReason, PregnancyState, Presence
from tracker.dates import PartialDate
from tracker.errors import InputError, NotFoundError
from tracker.service.new_results import NewFunctionScore, NewLab
from tracker.service.new_statements import NewItem, NewPregnancyStatus, NewVerdict

DAY = PartialDate.parse("2026-03-10")
LATER = PartialDate.parse("2026-04")


def item(code="smoking", presence=Presence.PRESENT, since=None, checklist=Checklist.RISK, about="patient", words=None):
    return NewItem(checklist, about, code, DAY, presence, since, words)


def verdict(about="patient", cause="trauma", state=CauseState.EXCLUDED, **more):
    return NewVerdict(about, cause, DAY, state, **more)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (NewLab("crp"), "The result of crp has neither a result nor a reason why it is missing."),
        (
            NewLab("crp", judgement=LabJudgement.LOW, missing_reason=MissingReason.REFUSED),
            "The result of crp has both a result and a reason why it is missing.",
        ),
        (NewLab("crp", missing_reason="lost"), "missing_reason must be one of"),
        (NewLab("crp", judgement="fine"), "judgement must be one of normal, abnormal, low, high, but was 'fine'."),
        (NewLab("crp", unit="mg/L", judgement=LabJudgement.LOW), "The result of crp has no number, yet a unit or a"),
        (NewLab("crp", 3.0, "mmol/L"), "crp is given in mg/L or mg/dL, but was 'mmol/L'."),
        (NewLab("crp", 3.0), "crp is given in mg/L or mg/dL, but was 'None'."),
        (NewLab("crp", -1.0, "mg/L"), "lab_value must be a number from 0 to 100000, but was '-1'."),
        (NewLab("crp", 3.0, "mg/L", "~"), "comparator must be one of <, >, but was '~'."),
        (NewLab("crp", 3.0, "mg/L", limit_low=-1), "limit_low must be a number from 0 to 100000, but was '-1'."),
        (NewFunctionScore("efas", "patient", None), "The efas score has neither a value nor a reason"),
        (NewFunctionScore("efas", "patient", 3.0, MissingReason.REFUSED), "The efas score has both a value and a"),
        (NewFunctionScore("efas", "Foot left", 3.0), "function_about must be a site key, but was 'Foot left'."),
        (verdict(state="likely"), "cause_state must be one of excluded, not_excluded, pending, present"),
        (verdict(how=""), "how must be 1 to 200 characters"),
        (item(presence="maybe"), "presence must be one of"),
        (item("osteoid"), "'osteoid' is no item of the checklist risk."),
        (item(presence=Presence.ABSENT, since=DAY), "smoking is absent, yet has a beginning."),
        (item(since=LATER), "smoking would begin (April 2026, day not known) after the day it was found"),
        (item(words=" "), "item_words must be 1 to 200 characters"),
        (NewPregnancyStatus(DAY, None), "The pregnancy has neither a state nor a reason why it is missing."),
        (
            NewPregnancyStatus(DAY, PregnancyState.PREGNANT, missing_reason=MissingReason.REFUSED),
            "The pregnancy has both a state and a reason why it is missing.",
        ),
        (NewPregnancyStatus(DAY, "unsure"), "pregnancy_state must be one of"),
        (NewPregnancyStatus(DAY, PregnancyState.NOT_PREGNANT, 3), "A gestational week belongs to a pregnancy."),
        (NewPregnancyStatus(DAY, PregnancyState.PREGNANT, 46), "gestational_week must be a whole number from 0 to 45"),
    ],
)
def test_a_part_that_cannot_be_is_refused_in_words(part, message):
    with pytest.raises(InputError) as refused:
        part.check()
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    "part", [NewLab("crpp", 3.0, "mg/L"), verdict(cause="traumata"), item("smokin"), verdict(about="hipp-left")]
)
def test_an_unknown_code_or_site_is_not_found(part):
    with pytest.raises(NotFoundError, match="Did you mean"):
        part.check()


@pytest.mark.parametrize(
    "part",
    [
        NewLab("crp", 3.0, "mg/L", "<", 0.0, 5.0, LabJudgement.NORMAL),
        NewLab("ana", judgement=LabJudgement.NORMAL),
        NewLab("crp", missing_reason=MissingReason.NOT_DONE),
        NewFunctionScore("efas", "foot-left", 40.0),
        NewFunctionScore("efas", "foot-left", None, MissingReason.UNABLE),
        verdict(about="talus-left", how="MRI", decided_by="Dr B"),
        item(since=PartialDate.parse("2025"), words="20 a day"),
        item("sign-motor", Presence.NOT_EXAMINED, checklist=Checklist.CRPS, about="ankle-left"),
        NewPregnancyStatus(DAY, PregnancyState.DELIVERED, 39),
        NewPregnancyStatus(DAY, None, missing_reason=MissingReason.REFUSED),
    ],
)
def test_a_part_that_can_be_passes(part):
    assert part.check() is None
