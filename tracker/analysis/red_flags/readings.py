"""What a rule reads in a record: its answer, and the facts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.clinical.record import PatientRecord
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Presence
from tracker.dates import PartialDate


class Answer(StrEnum):
    """Whether a red flag is up; what nobody looked at is neither."""

    RAISED = "raised"
    NOT_RAISED = "not_raised"
    CANNOT_BE_TOLD = "cannot_be_told"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact behind an answer: where it stands in the record, when it was true, and what it says in short."""

    table: str
    row_id: int
    on: PartialDate | None
    said: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule's answer about one site, or about the patient where `site` is None.

    `since` is the date of the fact that raised it; `missing` is what would have to be known to answer.
    """

    answer: Answer
    site: str | None = None
    since: PartialDate | None = None
    evidence: tuple[Evidence, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule is asked about: a record up to a day, the numbers of the rules, and those of the course."""

    record: PatientRecord
    as_of: date
    numbers: Edition
    course: Edition


@dataclass(frozen=True, slots=True)
class Seen:
    """One statement that something is there or not, in the order of the record.

    `thing` is what later statements replace: the same item, or the same place by the same modality.
    """

    thing: tuple[str, ...]
    presence: Presence
    evidence: Evidence


def read_presence(statements: Iterable[Seen], *, missing: str, site: str | None = None) -> Reading:
    """Answer by what was said last of each thing: present of any raises, absent counts only where somebody looked.

    A later "not examined" leaves standing what was found before.
    """
    by_thing: dict[tuple[str, ...], list[Seen]] = {}
    for one in statements:
        if one.presence is not Presence.NOT_EXAMINED:
            by_thing.setdefault(one.thing, []).append(one)
    standing = [run for said in by_thing.values() if (run := _present_at_the_end(said))]
    if standing:
        evidence = tuple(one.evidence for run in standing for one in run)
        return Reading(Answer.RAISED, site, earliest(run[0].evidence.on for run in standing), evidence)
    if by_thing:
        return Reading(Answer.NOT_RAISED, site, evidence=tuple(said[-1].evidence for said in by_thing.values()))
    return Reading(Answer.CANNOT_BE_TOLD, site, missing=missing)


def raised_or_one(readings: Sequence[Reading], *, missing: str) -> tuple[Reading, ...]:
    """Give one raised reading per site, whatever its episodes; where there is none, one answer for the patient."""
    raised: dict[str | None, list[Reading]] = {}
    for reading in readings:
        if reading.answer is Answer.RAISED:
            raised.setdefault(reading.site, []).append(reading)
    if raised:
        return tuple(_joined(own) for own in raised.values())
    open_ones = [reading for reading in readings if reading.answer is Answer.CANNOT_BE_TOLD]
    if open_ones or not readings:
        said = "; ".join(dict.fromkeys(reading.missing for reading in open_ones)) or missing
        return (Reading(Answer.CANNOT_BE_TOLD, missing=said),)
    return (Reading(Answer.NOT_RAISED, evidence=tuple(fact for reading in readings for fact in reading.evidence)),)


def earliest(dates: Iterable[PartialDate | None]) -> PartialDate | None:
    """Give the earliest of the dates that are known."""
    return min((day for day in dates if day is not None), default=None)


def _joined(own: list[Reading]) -> Reading:
    evidence = dict.fromkeys(fact for reading in own for fact in reading.evidence)
    return Reading(Answer.RAISED, own[0].site, earliest(reading.since for reading in own), tuple(evidence))


def _present_at_the_end(said: list[Seen]) -> list[Seen]:
    """Give the statements since the last "absent"."""
    start = len(said)
    while start and said[start - 1].presence is Presence.PRESENT:
        start -= 1
    return said[start:]
