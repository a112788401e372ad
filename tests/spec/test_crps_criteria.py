"""The Budapest clinical criteria: both criteria, symptoms in 3 of 4 groups, signs in 2 of 4 (Harden et al. 2010)."""

import pytest

from tracker.clinical.case_record import ChecklistItem
from tracker.clinical.crps import Answer, assess_crps
from tracker.clinical.vocabulary import Checklist, Presence
from tracker.dates import PartialDate

GROUPS = ("sensory", "vasomotor", "sudomotor", "motor")
FOUND = {"+": Presence.PRESENT, "-": Presence.ABSENT, "?": Presence.NOT_EXAMINED}
DAY = PartialDate.parse("2026-03-10")


@pytest.fixture
def budapest():
    """Give the answer to a drawing: criteria, symptoms, signs, each item + present, - absent, ? not examined."""

    def answer(criteria, symptoms, signs):
        codes = ["disproportionate-pain", "no-better-diagnosis"]
        codes += [f"symptom-{group}" for group in GROUPS] + [f"sign-{group}" for group in GROUPS]
        items = [
            ChecklistItem(number, 1, Checklist.CRPS, "ankle-left", code, DAY, FOUND[drawn], None, None)
            for number, (code, drawn) in enumerate(zip(codes, criteria + symptoms + signs, strict=True))
        ]
        (assessment,) = assess_crps(items)
        return assessment.budapest

    return answer


@pytest.mark.parametrize(
    ("criteria", "symptoms", "signs", "said"),
    [
        ("++", "+++-", "++--", Answer.MET),
        ("++", "++++", "++++", Answer.MET),
        ("++", "++--", "++++", Answer.NOT_MET),  # symptoms in two groups only
        ("++", "++++", "+---", Answer.NOT_MET),  # signs in one group only
        ("-+", "++++", "++++", Answer.NOT_MET),  # pain in proportion
        ("+-", "++++", "++++", Answer.NOT_MET),  # another diagnosis explains it better
        ("++", "++?-", "++--", Answer.OPEN),  # the third symptom was not asked for
        ("++", "++++", "+?--", Answer.OPEN),  # the second sign was not looked for
        ("+?", "++++", "++++", Answer.OPEN),
        ("++", "+++?", "++??", Answer.MET),  # what is open cannot turn it
        ("??", "+---", "????", Answer.NOT_MET),  # one symptom group of four settles it
        ("??", "????", "????", Answer.OPEN),
    ],
)
def test_what_nobody_examined_is_neither_there_nor_absent(budapest, criteria, symptoms, signs, said):
    assert budapest(criteria, symptoms, signs) is said


def test_what_was_not_recorded_counts_as_not_examined():
    item = ChecklistItem(1, 1, Checklist.CRPS, "ankle-left", "sign-motor", DAY, Presence.ABSENT, None, None)
    (assessment,) = assess_crps([item])
    assert assessment.signs.absent == ("sign-motor",)
    assert assessment.signs.not_examined == ("sign-sensory", "sign-vasomotor", "sign-sudomotor")
    assert len(assessment.separating.not_examined) == 4


def test_each_day_and_site_is_read_by_itself():
    later = PartialDate.parse("2026-04-10")
    items = [
        ChecklistItem(1, 1, Checklist.CRPS, "ankle-left", "sign-motor", DAY, Presence.PRESENT, None, None),
        ChecklistItem(2, 1, Checklist.CRPS, "ankle-left", "sign-sensory", later, Presence.PRESENT, None, None),
        ChecklistItem(3, 1, Checklist.RISK, "patient", "smoking", later, Presence.PRESENT, None, None),
    ]
    found = [(a.about, a.examined_on, a.signs.present) for a in assess_crps(items)]
    assert found == [("ankle-left", DAY, ("sign-motor",)), ("ankle-left", later, ("sign-sensory",))]
