"""The clinical record as plain frozen values, shared by rows, analysis and pages.

`tracker.database.queries` builds these from rows, `tracker.analysis` reads them,
`reports` draws them. A `site` is a key with its side (`talus-left`). Every fact
carries the ledger entry that recorded it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.clinical.case_record import (
    CauseVerdict,
    ChecklistItem,
    FlagDecision,
    FunctionScore,
    LabResult,
    PregnancyStatus,
    Treatment,
)
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
        if self.closed_on is None or self.closed_on.had_come(as_of, today=today):
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
    labs: tuple[LabResult, ...] = ()
    function_scores: tuple[FunctionScore, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    differential: tuple[CauseVerdict, ...] = ()
    checklist_items: tuple[ChecklistItem, ...] = ()
    pregnancy: tuple[PregnancyStatus, ...] = ()
    flag_decisions: tuple[FlagDecision, ...] = ()

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
        An episode counts when its onset is possible by then, a treatment when its start is; one of
        unknown onset or start always counts. Notes on the patient have no date and stay.
        """
        kept = frozenset(v.visit_id for v in self.visits if v.visit_date.had_come(as_of, today=today))
        come = self if len(kept) == len(self.visits) else self._at_visits(kept)
        begun = (e for e in self.episodes if e.onset is None or e.onset.first <= as_of)
        treated = (t for t in self.treatments if t.started is None or t.started.first <= as_of)
        return replace(
            come,
            episodes=tuple(e.until(as_of, today=today) for e in begun),
            treatments=tuple(t.until(as_of, today=today) for t in treated),
            differential=tuple(v for v in self.differential if v.decided_on.had_come(as_of, today=today)),
            checklist_items=tuple(i for i in self.checklist_items if i.examined_on.had_come(as_of, today=today)),
            pregnancy=tuple(p for p in self.pregnancy if p.stated_on.had_come(as_of, today=today)),
            flag_decisions=tuple(d for d in self.flag_decisions if d.decided_on.had_come(as_of, today=today)),
        )

    def without_visit(self, visit_id: int) -> PatientRecord:
        """Leave out one visit with everything it brought."""
        return self._at_visits(frozenset(v.visit_id for v in self.visits if v.visit_id != visit_id))

    def _at_visits(self, kept: frozenset[int]) -> PatientRecord:
        """Keep some visits with everything they brought, and what was brought by none."""
        return replace(
            self,
            visits=tuple(v for v in self.visits if v.visit_id in kept),
            pain_scores=tuple(s for s in self.pain_scores if s.visit_id in kept),
            vitamin_d=tuple(v for v in self.vitamin_d if v.visit_id in kept),
            imaging=tuple(f for f in self.imaging if f.visit_id in kept),
            notes=tuple(n for n in self.notes if n.visit_id is None or n.visit_id in kept),
            labs=tuple(r for r in self.labs if r.visit_id in kept),
            function_scores=tuple(s for s in self.function_scores if s.visit_id in kept),
        )
