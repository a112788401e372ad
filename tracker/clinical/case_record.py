"""The rest of a case as plain frozen values: laboratory, function, treatments, differential, checklists, pregnancy.

As in `tracker.clinical.record`, which holds them: each fact carries the ledger entry that recorded it.
`about` is a site key, or ``patient``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.clinical.vocabulary import (
    CauseState,
    Checklist,
    Comparator,
    DoseUnit,
    FlagDecisionWord,
    LabJudgement,
    MissingReason,
    PregnancyState,
    Presence,
)
from tracker.dates import PartialDate


@dataclass(frozen=True, slots=True)
class LabResult:
    """One laboratory result at a visit: a number, words of the report, or the reason neither is there.

    `limit_low` and `limit_high` are the laboratory's own, in `unit`.
    """

    row_id: int
    entry_id: int
    visit_id: int
    visit_date: PartialDate
    analyte: str
    value: float | None
    comparator: Comparator | None
    unit: str | None
    limit_low: float | None
    limit_high: float | None
    judgement: LabJudgement | None
    missing_reason: MissingReason | None

    @property
    def against_limits(self) -> LabJudgement | None:
        """What the laboratory's own limits say of the number, as `against_limits` does."""
        return against_limits(self.value, self.comparator, low=self.limit_low, high=self.limit_high)


@dataclass(frozen=True, slots=True)
class FunctionScore:
    """One function score at a visit, in points of its scale, or the reason it is missing."""

    row_id: int
    entry_id: int
    visit_id: int
    visit_date: PartialDate
    about: str
    scale: str
    score: float | None
    missing_reason: MissingReason | None


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose from a day on, until the next one or the end of the treatment."""

    row_id: int
    entry_id: int
    dose_since: PartialDate
    dose: float
    dose_unit: DoseUnit
    schedule: str | None


@dataclass(frozen=True, slots=True)
class Treatment:
    """One treatment with its doses, the earliest first.

    `started` is None where nobody knows it; `ended` is None while it goes on, or where nobody said.
    """

    treatment_id: int
    entry_id: int
    treatment: str
    words: str | None
    site: str | None
    started: PartialDate | None
    ended: PartialDate | None
    ending_reason: str | None
    doses: tuple[Dose, ...]

    def until(self, as_of: date, *, today: date | None = None) -> Treatment:
        """Give the treatment as it was on a day: one that ended later went on then."""
        doses = tuple(dose for dose in self.doses if dose.dose_since.had_come(as_of, today=today))
        if self.ended is None or self.ended.had_come(as_of, today=today):
            return replace(self, doses=doses)
        return replace(self, doses=doses, ended=None, ending_reason=None)


@dataclass(frozen=True, slots=True)
class CauseVerdict:
    """What was said on a day of one cause of marrow edema."""

    row_id: int
    entry_id: int
    about: str
    cause: str
    decided_on: PartialDate
    state: CauseState
    how: str | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item of a checklist on a day; `since` is when what is present began or happened."""

    row_id: int
    entry_id: int
    checklist: Checklist
    about: str
    item: str
    examined_on: PartialDate
    presence: Presence
    since: PartialDate | None
    words: str | None


@dataclass(frozen=True, slots=True)
class PregnancyStatus:
    """What was said about pregnancy for a day; `gestational_week` are completed weeks then."""

    row_id: int
    entry_id: int
    stated_on: PartialDate
    state: PregnancyState | None
    gestational_week: int | None
    missing_reason: MissingReason | None


@dataclass(frozen=True, slots=True)
class FlagDecision:
    """What staff said on a day of a raised flag, and a hash of the evidence it was about.

    `episode_id` is None for a flag about the patient as a whole. Evidence later than `evidence_until` is
    left out of the hash; None where all of it is in.
    """

    row_id: int
    entry_id: int
    flag: str
    rule_version: str
    about: str
    episode_id: int | None
    decision: FlagDecisionWord
    reason: str | None
    flag_state: str
    evidence_until: PartialDate | None
    evidence_hash: str
    decided_on: PartialDate


def against_limits(
    value: float | None, comparator: Comparator | None, *, low: float | None, high: float | None
) -> LabJudgement | None:
    """Say on which side of a laboratory's own limits a value lies; None where they leave it open.

    A value at a limit is within it. `<3` against an upper limit of 2 may be on either side.
    """
    if value is None:
        return None
    may_be_lower, may_be_higher = comparator is Comparator.BELOW, comparator is Comparator.ABOVE
    if high is not None and (value > high or (value == high and may_be_higher)) and not may_be_lower:
        return LabJudgement.HIGH
    if low is not None and (value < low or (value == low and may_be_lower)) and not may_be_higher:
        return LabJudgement.LOW
    surely_above = low is None or (value >= low and not may_be_lower)
    surely_below = high is None or (value <= high and not may_be_higher)
    return LabJudgement.NORMAL if surely_above and surely_below and (low, high) != (None, None) else None
