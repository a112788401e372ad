"""Laboratory values, treatments and pregnancy of a published case as requests to the record.

The rules of `tracker.service.published_reading` hold: nothing is dropped silently, no number is
invented. A treatment begins where the case says so, and ends nowhere: no case dates an end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tracker.clinical.published import (
    CaseLab,
    CaseTreatment,
    PublishedCase,
    ReadTreatment,
    published_pregnancies,
    published_treatments,
)
from tracker.clinical.vocabulary import LabJudgement, PregnancyState
from tracker.clinical.word_lists import WordList, find_word
from tracker.dates import DAYS_PER_MONTH, PartialDate
from tracker.service import published_words as words
from tracker.service.new_results import NewLab
from tracker.service.new_statements import NewPregnancyStatus
from tracker.service.published_words import counted
from tracker.service.treatments import NewDose, NewTreatment

LAB_CODES = {
    "CRP": "crp",
    "ESR": "esr",
    "PTH": "pth",
    "ALP": "alp",
    "urate": "urate",
    "IgG": "igg",
    "globulins": "globulins",
    "RF": "rf",
    "anti-CCP": "anti-ccp",
    "calcium corrected": "calcium-corrected",
    "phosphate": "phosphate",
}
"""Names of laboratory values that say one thing; 'inflammatory markers' and the like stay words."""

_JUDGEMENTS = {True: LabJudgement.NORMAL, False: LabJudgement.ABNORMAL}


def day_of_month(month: float) -> PartialDate:
    """Lay a month of a case on the calendar: about a day, counted from the placeholder day."""
    day = words.PLACEHOLDER_DAY + timedelta(days=round(month * DAYS_PER_MONTH))
    return PartialDate(day, day, "about")


def case_lab(lab: CaseLab) -> NewLab | None:
    """Give a result where its name is certain and a number with its unit, or a judgement, is stated.

    A number without a unit is left to the note; the judgement beside it is taken.
    """
    if lab["name"] not in LAB_CODES or lab["month"] is None:
        return None
    code = LAB_CODES[lab["name"]]
    judgement = None if lab["normal"] is None else _JUDGEMENTS[lab["normal"]]
    if _has_number(lab):
        return NewLab(code, value=lab["value"], unit=lab["unit"], judgement=judgement)
    return None if judgement is None else NewLab(code, judgement=judgement)


def case_treatments(case: PublishedCase) -> tuple[NewTreatment, ...]:
    """Give every treatment that a name of the case states for certain."""
    read = published_treatments()
    return tuple(_treatment(stated, one) for stated in case["treatments"] for one in read if one.name == stated["name"])


def case_pregnancy(case: PublishedCase) -> tuple[NewPregnancyStatus, ...]:
    """Give the gestational weeks that the case states for a month."""
    return tuple(
        NewPregnancyStatus(day_of_month(read.month), PregnancyState.PREGNANT, read.week)
        for read in published_pregnancies()
        if read.case_id == case["id"]
    )


def later_not_held(case: PublishedCase) -> Iterator[str]:
    """Say what of laboratory, treatments, pregnancy and site migration only a note keeps."""
    if case["pregnancy"] and not case_pregnancy(case):
        yield "pregnancy (no week for a month)"
    for lab in case["labs"]:
        held = case_lab(lab)
        if held is None:
            yield f"laboratory '{lab['name']}' ({_why_not(lab)})"
        elif lab["value"] is not None and held.value is None:
            yield f"{lab['name']} {lab['value']:g} (no unit)"
    known = {read.name for read in published_treatments()}
    for stated in case["treatments"]:
        if stated["name"] not in known:
            yield f"treatment '{stated['name']}' (not certain what was given)"
    if case["migration_events"]:
        yield counted(len(case["migration_events"]), "site migration")


def _treatment(stated: CaseTreatment, read: ReadTreatment) -> NewTreatment:
    month = stated["start_month"]
    dose = None
    if read.dose is not None and read.dose_unit is not None and month is not None:
        dose = NewDose(read.dose, read.dose_unit, read.schedule)
    started = None if month is None else day_of_month(month)
    return NewTreatment(read.treatment, read.words, started=started, dose=dose)


def _has_number(lab: CaseLab) -> bool:
    return lab["value"] is not None and lab["unit"] in find_word(WordList.LAB, LAB_CODES[lab["name"]]).units


def _why_not(lab: CaseLab) -> str:
    if lab["name"] not in LAB_CODES:
        return "not one thing"
    return "no month" if lab["month"] is None else "neither a value with its unit nor a judgement"
