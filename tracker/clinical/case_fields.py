"""The fields of what belongs to a case beyond pain, vitamin D and imaging; part of the data dictionary."""

from __future__ import annotations

from tracker.clinical.field import Field, words_of
from tracker.clinical.vocabulary import CauseState, Checklist, DoseUnit, FlagDecisionWord, LabJudgement, PregnancyState
from tracker.clinical.word_lists import WordList

_DATE_WHY = "Four-digit years; anything else is a typing slip."
_SHORT = "A few words; more belongs in a note."
_ABOUT_WHY = "One of the site list, or the patient as a whole."


def _code(name: str, table: str, listed_in: WordList, label: str) -> Field:
    why = "One of an open list: a new code needs no schema revision."
    return Field(name=name, table=table, type="code", label=label, why=why, listed_in=listed_in)


def _date(name: str, table: str, label: str) -> Field:
    return Field(
        name=name, table=table, type="date", label=label, why=_DATE_WHY, low=1900, high=2100, is_identifier=True
    )


def _words(name: str, table: str, label: str, *, at_most: int, is_identifier: bool = False) -> Field:
    return Field(
        name=name,
        table=table,
        type="text",
        label=label,
        why=_SHORT,
        low=1,
        high=at_most,
        is_identifier=is_identifier,
    )


def _amount(name: str, table: str, label: str, unit: str, *, high: float) -> Field:
    why = "Never below 0; a larger number is in another unit or lost its decimal point."
    return Field(name=name, table=table, type="number", label=label, why=why, unit=unit, low=0, high=high)


CASE_FIELDS = (
    _code("analyte", "lab_result", WordList.LAB, "What the laboratory measured"),
    _amount("lab_value", "lab_result", "Laboratory value", "as given in lab_unit", high=100_000),
    _words("lab_unit", "lab_result", "Unit, as the laboratory reported it", at_most=20),
    _amount("limit_low", "lab_result", "The laboratory's own lower limit", "as given in lab_unit", high=100_000),
    _amount("limit_high", "lab_result", "The laboratory's own upper limit", "as given in lab_unit", high=100_000),
    Field(
        name="judgement",
        table="lab_result",
        type="word",
        label="What the report says of the result",
        why="Where only words are known, or beside the number.",
        allowed=words_of(LabJudgement),
    ),
    _code("scale", "function_score", WordList.SCALE, "Function score"),
    Field(
        name="function_score",
        table="function_score",
        type="number",
        label="Score of the scale",
        why="Each scale has its own ends and its own good direction, in the list of scales.",
        unit="points of the scale",
        low=0,
        high=100,
    ),
    Field(
        name="function_about",
        table="function_score",
        type="about",
        label="Site a function score is about",
        why=_ABOUT_WHY,
    ),
    _code("treatment", "treatment_details", WordList.TREATMENT, "Treatment"),
    _words("treatment_words", "treatment_details", "Treatment in words", at_most=200, is_identifier=True),
    _date("started", "treatment_details", "Start of the treatment, as well as it is known"),
    _date("ended", "treatment_details", "End of the treatment"),
    Field(
        name="ending_reason",
        table="treatment_details",
        type="text",
        label="Why the treatment ended",
        why="Long enough for any real entry; more is a pasted text.",
        low=1,
        high=500,
    ),
    _date("dose_since", "treatment_dose", "Day from which a dose holds"),
    _amount("dose", "treatment_dose", "Dose", "as given in dose_unit", high=1_000_000),
    Field(
        name="dose_unit",
        table="treatment_dose",
        type="word",
        label="Unit of the dose",
        why="Of a drug, of the load that is allowed, or of a course of sessions.",
        allowed=words_of(DoseUnit),
    ),
    _words("schedule", "treatment_dose", "How often the dose is given", at_most=100),
    _code("cause", "differential", WordList.CAUSE, "Cause of marrow edema to be excluded"),
    Field(
        name="cause_state",
        table="differential",
        type="word",
        label="How far a cause is settled",
        why="Only excluded closes it; what nobody spoke of is open.",
        allowed=words_of(CauseState),
    ),
    _words("how", "differential", "How a cause was settled", at_most=200),
    _date("decided_on", "differential", "Day a cause was settled, or left open"),
    _words("decided_by", "differential", "Who settled it", at_most=100, is_identifier=True),
    Field(
        name="cause_about",
        table="differential",
        type="about",
        label="Site a differential is about",
        why=_ABOUT_WHY,
    ),
    Field(
        name="checklist",
        table="checklist_item",
        type="word",
        label="List the item is gone through with",
        why="CRPS signs, biopsy findings, or risk factors and history.",
        allowed=words_of(Checklist),
    ),
    _code("item", "checklist_item", WordList.ITEM, "Item of a checklist"),
    Field(name="item_about", table="checklist_item", type="about", label="Site an item is about", why=_ABOUT_WHY),
    _date("examined_on", "checklist_item", "Day the item was asked about or examined"),
    _date("since", "checklist_item", "When what is present began or happened"),
    _words("item_words", "checklist_item", "What was said of the item", at_most=200, is_identifier=True),
    Field(
        name="pregnancy_state",
        table="pregnancy_status",
        type="word",
        label="What was said about pregnancy",
        why="An end other than a delivery is no delivery.",
        allowed=words_of(PregnancyState),
    ),
    Field(
        name="gestational_week",
        table="pregnancy_status",
        type="integer",
        label="Completed weeks of gestation on that day",
        why="No pregnancy lasts longer; a larger number is a slip.",
        unit="weeks",
        low=0,
        high=45,
    ),
    _date("stated_on", "pregnancy_status", "Day for which it was said"),
    Field(
        name="decision",
        table="flag_decision",
        type="word",
        label="What staff said of a raised flag",
        why="A dismissed flag needs a reason, and opens again when its evidence changes.",
        allowed=words_of(FlagDecisionWord),
    ),
    _words("decision_reason", "flag_decision", "Why, in words", at_most=500, is_identifier=True),
    _date("flag_decided_on", "flag_decision", "Day it was said"),
)
