"""The clinical record as plain frozen values, shared by rows, analysis and pages.

`tracker.database.queries` builds these from rows, `tracker.analysis` reads them,
`reports` draws them. A `site` is a key with its side (`talus-left`). Every fact
carries the ledger entry that recorded it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.clinical.vocabulary import (
    Aspect,
    Comparator,
    EdemaPattern,
    Finding,
    Instrument,
    MissingReason,
    Modality,
    OnsetMode,
    Presence,
    Sex,
    VitaminDUnit,
)
from tracker.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Episode:
    """One period of disease at one site.

    `onset` is None where nobody knows it; `closed_on` is None while it is open.
    """

    episode_id: int
    entry_id: int
    site: str
    onset: PartialDate | None
    mode: OnsetMode | None
    closed_on: PartialDate | None
    closing_reason: str | None

    def until(self, as_of: date, *, today: date | None = None) -> Episode:
        """Give the episode as it was on a day: one that is closed later was open then.

        `today` is taken as by `PatientRecord.until`.
        """
        if self.closed_on is None or _lies_before(self.closed_on, as_of, today):
            return self
        return replace(self, closed_on=None, closing_reason=None)


@dataclass(frozen=True, slots=True)
class Visit:
    """A dated contact."""

    visit_id: int
    entry_id: int
    visit_date: PartialDate


@dataclass(frozen=True, slots=True)
class PainScore:
    """One score, one site, one visit.

    `score` is in the instrument's own unit: NRS points 0-10 or VAS mm 0-100;
    it is None exactly when `missing_reason` is given.
    """

    row_id: int
    entry_id: int
    visit_id: int
    visit_date: PartialDate
    site: str
    instrument: Instrument
    aspect: Aspect
    score: int | None
    missing_reason: MissingReason | None


@dataclass(frozen=True, slots=True)
class VitaminDResult:
    """One 25-OH-vitamin D result, in the unit the laboratory reported."""

    row_id: int
    entry_id: int
    visit_id: int
    visit_date: PartialDate
    value: float | None
    unit: VitaminDUnit | None
    comparator: Comparator | None
    assay: str | None
    missing_reason: MissingReason | None


@dataclass(frozen=True, slots=True)
class ImagingFinding:
    """One sign at one site on one examination.

    `edema_percent` is percent of the bone (0-100), `edema_grade` 0-3; both may
    be None. They are given only where `finding` is edema.
    """

    row_id: int
    entry_id: int
    visit_id: int
    visit_date: PartialDate
    modality: Modality
    site: str
    finding: Finding
    presence: Presence
    edema_percent: float | None
    edema_grade: int | None
    edema_pattern: EdemaPattern | None


@dataclass(frozen=True, slots=True)
class Note:
    """Words kept as they were said; `visit_id` is None for a note on the patient."""

    row_id: int
    entry_id: int
    visit_id: int | None
    visit_date: PartialDate | None
    site: str | None
    text: str


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """Everything the record holds of one patient, at one moment of knowledge.

    `last_entry_id` is the newest ledger entry taken into account; the facts are
    sorted by date, then by the order in which they were recorded.
    """

    patient_id: int
    patient_code: str
    clinic_code: str
    sex: Sex
    birth: PartialDate | None
    last_entry_id: int
    episodes: tuple[Episode, ...]
    visits: tuple[Visit, ...]
    pain_scores: tuple[PainScore, ...]
    vitamin_d: tuple[VitaminDResult, ...]
    imaging: tuple[ImagingFinding, ...]
    notes: tuple[Note, ...]

    def until(self, as_of: date, *, today: date | None = None) -> PatientRecord:
        """Drop what lies after `as_of`.

        Parameters
        ----------
        as_of : datetime.date
            A dated fact counts when its last possible day is not later.
        today : datetime.date, optional
            The day of asking. Everything recorded has happened by then, so from today on
            a fact counts when its first possible day is not later than `as_of`: a visit of
            "this month" is not lost before the month is over.

        Notes
        -----
        An episode counts when its onset is possible by then; one of unknown onset always
        counts. Notes on the patient have no date and stay.
        """
        kept = frozenset(v.visit_id for v in self.visits if _lies_before(v.visit_date, as_of, today))
        begun = (e for e in self.episodes if e.onset is None or e.onset.first <= as_of)
        return replace(
            self,
            episodes=tuple(e.until(as_of, today=today) for e in begun),
            visits=tuple(v for v in self.visits if v.visit_id in kept),
            pain_scores=tuple(s for s in self.pain_scores if s.visit_id in kept),
            vitamin_d=tuple(v for v in self.vitamin_d if v.visit_id in kept),
            imaging=tuple(f for f in self.imaging if f.visit_id in kept),
            notes=tuple(n for n in self.notes if n.visit_id is None or n.visit_id in kept),
        )

    def without_visit(self, visit_id: int) -> PatientRecord:
        """Leave out one visit with everything it brought."""
        return replace(
            self,
            visits=tuple(v for v in self.visits if v.visit_id != visit_id),
            pain_scores=tuple(s for s in self.pain_scores if s.visit_id != visit_id),
            vitamin_d=tuple(v for v in self.vitamin_d if v.visit_id != visit_id),
            imaging=tuple(f for f in self.imaging if f.visit_id != visit_id),
            notes=tuple(n for n in self.notes if n.visit_id != visit_id),
        )


def _lies_before(when: PartialDate, as_of: date, today: date | None) -> bool:
    """Whether something recorded had happened by the end of `as_of`."""
    return when.last <= as_of or (today is not None and as_of >= today and when.first <= as_of)
