"""The data dictionary: every field of the record, said once.

`FIELDS` drives input checks, column order and labels. `low` and `high` are both
allowed; they are in the field's unit, for text they count characters, for dates they
are years. Whatever lies outside is a slip of the hand, not a rare patient: `why`
says so for each range. `is_identifier` marks what may point to a person, alone
or beside a calendar, and never leaves in a de-identified export.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from math import isfinite
from types import MappingProxyType

from tracker.clinical.case_fields import CASE_FIELDS
from tracker.clinical.field import Field, TextForm, words_of
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import (
    Aspect,
    EdemaGrade,
    EdemaPattern,
    Finding,
    MissingReason,
    Modality,
    OnsetMode,
    Presence,
    Sex,
    VitaminDUnit,
)
from tracker.clinical.word_lists import WordList, find_word
from tracker.dates import PartialDate
from tracker.errors import InputError

__all__ = ["FIELDS", "PATIENT_AS_A_WHOLE", "Field", "check_value"]

PATIENT_AS_A_WHOLE = "patient"
"""What stands in an ``about`` field where no site is meant."""

_LINE_BREAKS = "\n\t"
# Two codes that look the same must be the same, so letters of other alphabets are left out.
_CODE = re.compile(r"[A-Za-z0-9._/-]+(?: [A-Za-z0-9._/-]+)*")
_DATE_WHY = "Four-digit years; anything else is a typing slip."
_ONE_LINE = "Long enough for any real entry; more is a pasted text."

_LIST = (
    Field(
        name="patient_code",
        table="patient_details",
        type="text",
        label="Study code of the patient",
        why="Short enough to type; a study code, never a name.",
        low=1,
        high=40,
        form="code",
        is_identifier=True,
    ),
    Field(
        name="sex",
        table="patient_details",
        type="word",
        label="Sex",
        why="As recorded by the clinic.",
        allowed=words_of(Sex),
    ),
    Field(
        name="birth",
        table="patient_details",
        type="date",
        label="Year or month of birth",
        why="Nobody born before 1900 can be a patient today.",
        low=1900,
        high=2100,
        is_identifier=True,
    ),
    Field(name="site", table="episode_details", type="site", label="Site with its side", why="One of the site list."),
    Field(
        name="onset",
        table="episode_details",
        type="date",
        label="Onset of pain, as well as it is known",
        why=_DATE_WHY,
        low=1900,
        high=2100,
        is_identifier=True,
    ),
    Field(
        name="onset_mode",
        table="episode_details",
        type="word",
        label="How the pain began",
        why="Acute points to a fracture more often than insidious does.",
        allowed=words_of(OnsetMode),
    ),
    Field(
        name="closed_on",
        table="episode_details",
        type="date",
        label="Day the episode was closed",
        why=_DATE_WHY,
        low=1900,
        high=2100,
        is_identifier=True,
    ),
    Field(
        name="closing_reason",
        table="episode_details",
        type="text",
        label="Why the episode was closed",
        why=_ONE_LINE,
        low=1,
        high=500,
    ),
    Field(
        name="visit_date",
        table="visit_details",
        type="date",
        label="Date of the visit",
        why=_DATE_WHY,
        low=1900,
        high=2100,
        is_identifier=True,
    ),
    Field(
        name="pain_nrs",
        table="pain_score",
        type="integer",
        label="Pain, numeric rating scale",
        why="The scale runs from 0 (no pain) to 10 (worst pain imaginable) in whole points.",
        unit="NRS points",
        low=0,
        high=10,
    ),
    Field(
        name="pain_vas",
        table="pain_score",
        type="integer",
        label="Pain, visual analogue scale",
        why="The line is 100 mm long and read to the millimetre.",
        unit="mm",
        low=0,
        high=100,
    ),
    Field(
        name="aspect",
        table="pain_score",
        type="word",
        label="What was scored",
        why="Pain on load, at rest and at night run different courses.",
        allowed=words_of(Aspect),
    ),
    Field(
        name="vitamin_d",
        table="vitamin_d",
        type="number",
        label="25-OH-vitamin D",
        why=(
            "Below its detection limit a laboratory reports '<limit', never 0; "
            "a larger number is in another unit or lost its decimal point."
        ),
        unit="as given in vitamin_d_unit",
        low=0.1,
        high=1000,
    ),
    Field(
        name="vitamin_d_unit",
        table="vitamin_d",
        type="word",
        label="Unit of the vitamin D result, as the laboratory reported it",
        why="A class is taken in the unit reported, so the unit is never converted away.",
        allowed=words_of(VitaminDUnit),
    ),
    Field(
        name="vitamin_d_assay",
        table="vitamin_d",
        type="text",
        label="Assay of the vitamin D result",
        why=_ONE_LINE,
        low=1,
        high=100,
    ),
    Field(
        name="modality",
        table="imaging_finding",
        type="word",
        label="Imaging modality",
        why="Each sees other signs at other times.",
        allowed=words_of(Modality),
    ),
    Field(
        name="finding",
        table="imaging_finding",
        type="word",
        label="Imaging sign",
        why="One sign at one site on one examination.",
        allowed=words_of(Finding),
    ),
    Field(
        name="presence",
        table="imaging_finding",
        type="word",
        label="Whether the sign is there",
        why="Absence is a finding only if somebody looked.",
        allowed=words_of(Presence),
    ),
    Field(
        name="edema_percent",
        table="imaging_finding",
        type="number",
        label="Edema, share of the bone",
        why="A share of the whole bone.",
        unit="percent of the bone",
        low=0,
        high=100,
    ),
    Field(
        name="edema_grade",
        table="imaging_finding",
        type="integer",
        label="Edema grade",
        why="0 none, 1 small, 2 medium, 3 large.",
        unit="grade",
        low=min(EdemaGrade),
        high=max(EdemaGrade),
    ),
    Field(
        name="edema_pattern",
        table="imaging_finding",
        type="word",
        label="Shape of the edema",
        why="As described on fluid-sensitive images.",
        allowed=words_of(EdemaPattern),
    ),
    Field(
        name="note",
        table="note",
        type="text",
        label="Note",
        why="A page of text; a longer document belongs in the patient file.",
        low=1,
        high=4000,
        form="lines",
        is_identifier=True,
    ),
    Field(
        name="missing_reason",
        table="pain_score",
        type="word",
        label="Why a value is missing",
        why="Missing is not one thing.",
        allowed=words_of(MissingReason),
    ),
    *CASE_FIELDS,
    Field(
        name="recorded_by",
        table="ledger_entry",
        type="text",
        label="Who recorded it",
        why=_ONE_LINE,
        low=1,
        high=100,
        is_identifier=True,
    ),
    Field(
        name="reason",
        table="ledger_entry",
        type="text",
        label="Why it was changed",
        why=_ONE_LINE,
        low=1,
        high=500,
    ),
)

_CHARACTERS: Mapping[TextForm, str] = MappingProxyType(
    {
        "code": "letters a-z and digits, between them single spaces or . _ / -",
        "line": "characters on one line, all of them visible, without spaces around them",
        "lines": "characters, all of them visible, without spaces around them",
    }
)

FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _LIST})


def check_value(name: str, value: object) -> None:
    """Refuse a value that the field may not hold.

    Parameters
    ----------
    name : str
        Name of the field in `FIELDS`.
    value : object
        The value in the field's own type: int, float, str, `PartialDate` or
        `datetime.date`, or the year alone. A missing value is no value: do not ask.

    Raises
    ------
    InputError
        If the type is wrong or the value out of range; quotes both.
    """
    field = FIELDS[name]
    if field.type == "site" or (field.type == "about" and value != PATIENT_AS_A_WHOLE):
        _check_site(field, value)
    elif field.listed_in is not None:
        _check_code(field, field.listed_in, value)
    elif field.type != "about" and not _is_allowed(field, value):
        raise InputError(f"{name} must be {_allowed_inwords_of(field)}, but was '{_quoted(value)}'.")


def _check_site(field: Field, value: object) -> None:
    key = find_site(str(value)).key
    if key != value:
        raise InputError(f"{field.name} must be a site key, but was '{value}'.", hint=f"Write {key}.")


def _check_code(field: Field, listed_in: WordList, value: object) -> None:
    code = find_word(listed_in, str(value)).code
    if code != value:
        raise InputError(f"{field.name} must be a code, but was '{value}'.", hint=f"Write {code}.")


def _is_allowed(field: Field, value: object) -> bool:
    if field.allowed is not None:
        return value in field.allowed
    measures = _measures(field, value)
    return bool(measures) and all(
        (field.low is None or field.low <= one) and (field.high is None or one <= field.high) for one in measures
    )


def _measures(field: Field, value: object) -> tuple[float, ...]:
    """Give what the range applies to; nothing where the type is wrong."""
    if isinstance(value, bool):
        return ()
    if field.type == "text":
        return (len(value),) if isinstance(value, str) and _is_written_well(field, value) else ()
    if field.type == "date" and isinstance(value, PartialDate):
        return (value.first.year, value.last.year)
    if field.type == "date" and isinstance(value, date):
        return (value.year,)
    if isinstance(value, int) or (field.type == "number" and isinstance(value, float) and isfinite(value)):
        return (value,)
    return ()


def _is_written_well(field: Field, text: str) -> bool:
    if field.form == "code":
        return _CODE.fullmatch(text) is not None
    return text == text.strip() and not any(_is_hidden(field, character) for character in text)


def _is_hidden(field: Field, character: str) -> bool:
    """Whether a character shows nothing or turns the rest around: controls, zero-width and direction marks."""
    return not character.isprintable() and not (field.form == "lines" and character in _LINE_BREAKS)


def _allowed_inwords_of(field: Field) -> str:
    if field.allowed is not None:
        return f"one of {', '.join(field.allowed)}"
    low, high = f"{field.low:g}", f"{field.high:g}"
    if field.type == "text":
        return f"{low} to {high} {_CHARACTERS[field.form]}"
    if field.type == "date":
        return f"a date in the years {low} to {high}"
    kind = "a whole number" if field.type == "integer" else "a number"
    return f"{kind} from {low} to {high}"


def _quoted(value: object) -> str:
    """Write a value as it was typed: no point in whole floats, hidden characters by number, long texts by length."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    text = "".join(one if one.isprintable() else f"<U+{ord(one):04X}>" for one in str(value))
    return text if len(text) <= 80 else f"{text[:60]}... ({len(text)} characters)"
