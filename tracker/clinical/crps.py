"""The CRPS checklist read: the Budapest criteria, and what separates CRPS from marrow edema.

What nobody examined is neither there nor absent: where it could turn the answer, the answer is
that it cannot be said. Meeting the criteria is no diagnosis, and CRPS can stand beside marrow edema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from tracker.clinical.case_record import ChecklistItem
from tracker.clinical.reference import Edition, load_edition
from tracker.clinical.vocabulary import Checklist, Presence
from tracker.clinical.word_lists import WordList, word_list
from tracker.dates import PartialDate

_FILE = Path(__file__).with_name("crps_v1.toml")


class Answer(StrEnum):
    """Whether criteria are met; `open` where what was not examined could turn it."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Counted:
    """Items of one part of the checklist, by what was found; each is a code."""

    present: tuple[str, ...]
    absent: tuple[str, ...]
    not_examined: tuple[str, ...]

    def at_least(self, needed: float) -> Answer:
        """Say whether so many are present, counting what was not examined as possible."""
        if len(self.present) >= needed:
            return Answer.MET
        return Answer.OPEN if len(self.present) + len(self.not_examined) >= needed else Answer.NOT_MET


@dataclass(frozen=True, slots=True)
class CrpsAssessment:
    """One examination read against the Budapest clinical criteria.

    `separating` are the features that tell CRPS from marrow edema on history and imaging; they
    are counted, and no rule rests on them.
    """

    about: str
    examined_on: PartialDate
    criteria: Counted
    symptoms: Counted
    signs: Counted
    separating: Counted
    budapest: Answer
    edition: str


def assess_crps(items: Iterable[ChecklistItem]) -> tuple[CrpsAssessment, ...]:
    """Read every examination for CRPS: one answer per site and day, in the order of the items.

    An item that was not recorded on that day counts as not examined.
    """
    by_examination: dict[tuple[str, PartialDate], dict[str, Presence]] = {}
    for item in items:
        if item.checklist is Checklist.CRPS:
            by_examination.setdefault((item.about, item.examined_on), {})[item.item] = item.presence
    return tuple(_assess(about, day, found, crps_edition()) for (about, day), found in by_examination.items())


@cache
def crps_edition() -> Edition:
    """Give the cited numbers of the criteria."""
    return load_edition(_FILE)


def _assess(about: str, day: PartialDate, found: Mapping[str, Presence], edition: Edition) -> CrpsAssessment:
    criteria, symptoms, signs, separating = (
        _count(part, found) for part in ("criterion", "symptom", "sign", "separating")
    )
    answers = (
        criteria.at_least(_n_items("criterion")),
        symptoms.at_least(edition.value("symptom_groups")),
        signs.at_least(edition.value("sign_groups")),
    )
    # one criterion that cannot be met any more decides, whatever is open beside it
    budapest = next((answer for answer in (Answer.NOT_MET, Answer.OPEN) if answer in answers), Answer.MET)
    return CrpsAssessment(about, day, criteria, symptoms, signs, separating, budapest, edition.name)


def _count(part: str, found: Mapping[str, Presence]) -> Counted:
    by_presence: dict[Presence, list[str]] = {presence: [] for presence in Presence}
    for code in _items(part):
        by_presence[found.get(code, Presence.NOT_EXAMINED)].append(code)
    return Counted(
        present=tuple(by_presence[Presence.PRESENT]),
        absent=tuple(by_presence[Presence.ABSENT]),
        not_examined=tuple(by_presence[Presence.NOT_EXAMINED]),
    )


def _items(part: str) -> tuple[str, ...]:
    return tuple(
        word.code for word in word_list(WordList.ITEM) if (word.checklist, word.part) == (Checklist.CRPS, part)
    )


def _n_items(part: str) -> int:
    return len(_items(part))
