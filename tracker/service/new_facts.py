"""What a visit can bring, as typed requests, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.clinical import dictionary
from tracker.clinical.vocabulary import (
    Aspect,
    Comparator,
    EdemaPattern,
    Finding,
    Instrument,
    MissingReason,
    Modality,
    Presence,
    VitaminDUnit,
)
from tracker.dates import PartialDate

SCORE_FIELD = {Instrument.NRS: "pain_nrs", Instrument.VAS: "pain_vas"}


@dataclass(frozen=True, slots=True)
class NewScore:
    """A pain score at a site (key with side): a score, or the reason it is missing."""

    site: str
    instrument: Instrument
    aspect: Aspect
    score: int | None
    missing_reason: MissingReason | None = None

    def check(self) -> None:
        """Refuse a score outside its instrument's range (`InputError`)."""
        if self.score is not None:
            dictionary.check_value(SCORE_FIELD[self.instrument], self.score)


@dataclass(frozen=True, slots=True)
class NewVitaminD:
    """A 25-OH-vitamin D result in the unit reported, or the reason it is missing."""

    value: float | None
    unit: VitaminDUnit | None
    comparator: Comparator | None = None
    assay: str | None = None
    missing_reason: MissingReason | None = None

    def check(self) -> None:
        """Refuse a value outside the plausible range of the dictionary (`InputError`)."""
        if self.value is not None:
            dictionary.check_value("vitamin_d", self.value)


@dataclass(frozen=True, slots=True)
class NewFinding:
    """One imaging sign at a site."""

    modality: Modality
    site: str
    finding: Finding
    presence: Presence
    edema_percent: float | None = None
    edema_grade: int | None = None
    edema_pattern: EdemaPattern | None = None

    def check(self) -> None:
        """Refuse an edema share outside 0-100 percent (`InputError`)."""
        if self.edema_percent is not None:
            dictionary.check_value("edema_percent", self.edema_percent)


@dataclass(frozen=True, slots=True)
class NewNote:
    """Words kept as they were said, about a site or about the visit as a whole."""

    text: str
    site: str | None = None


@dataclass(frozen=True, slots=True)
class NewVisit:
    """Everything one visit brings; empty parts were not asked about."""

    patient_code: str
    visit_date: PartialDate
    scores: tuple[NewScore, ...] = ()
    vitamin_d: NewVitaminD | None = None
    findings: tuple[NewFinding, ...] = ()
    notes: tuple[NewNote, ...] = ()

    def check(self) -> None:
        """Refuse any value outside its range (`InputError`)."""
        for score in self.scores:
            score.check()
        for finding in self.findings:
            finding.check()
        if self.vitamin_d is not None:
            self.vitamin_d.check()
