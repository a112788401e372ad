"""A correction of a visit against what the visit holds: what stays, what is replaced, what is added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tracker.clinical.record import ImagingFinding, Note, PainScore, PatientRecord, VitaminDResult
from tracker.clinical.vocabulary import Finding, Presence
from tracker.database.ledger import Draft
from tracker.dates import PartialDate
from tracker.errors import InputError, NotFoundError
from tracker.service.new_facts import NewFinding, NewNote, NewScore, NewVisit, NewVitaminD, check_facts

Row = tuple[str, int]


@dataclass(frozen=True, slots=True)
class VisitChange:
    """What to correct in a visit: given values replace, absent ones stay.

    A vitamin D value keeps the assay and an edema extent keeps the pattern unless
    a new one is given; an extent replaces percent and grade together. `notes` take the
    place of all notes of the visit. `void_scores` names (site, instrument, aspect) to
    take back, `void_findings` (modality, site); `void_vitamin_d` takes the result back,
    `void_notes` all notes.
    """

    visit_date: PartialDate | None = None
    scores: tuple[NewScore, ...] = ()
    vitamin_d: NewVitaminD | None = None
    findings: tuple[NewFinding, ...] = ()
    notes: tuple[NewNote, ...] = ()
    void_scores: tuple[tuple[str, str, str], ...] = ()
    void_findings: tuple[tuple[str, str], ...] = ()
    void_vitamin_d: bool = False
    void_notes: bool = False

    def check(self) -> None:
        """Refuse values that are not allowed, and one thing both given and taken back (`InputError`)."""
        check_facts(self.scores, self.vitamin_d, self.findings, self.notes)
        scores = {(s.site, s.instrument, s.aspect): f"{s.instrument} score of aspect {s.aspect}" for s in self.scores}
        findings = {(f.modality, f.site): f"{f.modality} finding at {f.site}" for f in self.findings}
        twice = [words for key, words in scores.items() if key in self.void_scores]
        twice += [words for key, words in findings.items() if key in self.void_findings]
        twice += ["vitamin D result"] if self.void_vitamin_d and self.vitamin_d is not None else []
        twice += ["note"] if self.void_notes and self.notes else []
        if twice:
            raise InputError(
                f"The {twice[0]} is both given and taken back.", hint="Give the new value alone: it replaces the old."
            )


@dataclass(frozen=True, slots=True)
class HeldFacts:
    """What one visit holds."""

    scores: tuple[PainScore, ...]
    vitamin_d: tuple[VitaminDResult, ...]
    findings: tuple[ImagingFinding, ...]
    notes: tuple[Note, ...]

    @classmethod
    def of(cls, record: PatientRecord, visit_id: int) -> HeldFacts:
        """Pick the facts of one visit from a record."""
        return cls(
            scores=tuple(s for s in record.pain_scores if s.visit_id == visit_id),
            vitamin_d=tuple(v for v in record.vitamin_d if v.visit_id == visit_id),
            findings=tuple(f for f in record.imaging if f.visit_id == visit_id),
            notes=tuple(n for n in record.notes if n.visit_id == visit_id),
        )

    def rows(self) -> tuple[Row, ...]:
        """Give every row of it: table and row id."""
        return (
            *(("pain_score", s.row_id) for s in self.scores),
            *(("vitamin_d", v.row_id) for v in self.vitamin_d),
            *(("imaging_finding", f.row_id) for f in self.findings),
            *(("note", n.row_id) for n in self.notes),
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """What a correction comes to: rows taken back, and facts that are new or differ."""

    retracted: tuple[Row, ...]
    scores: tuple[NewScore, ...]
    vitamin_d: NewVitaminD | None
    findings: tuple[NewFinding, ...]
    notes: tuple[NewNote, ...]

    @property
    def is_empty(self) -> bool:
        """Whether every value was there already."""
        return not (self.retracted or self.records)

    @property
    def records(self) -> bool:
        """Whether any fact is new or differs."""
        return bool(self.scores or self.vitamin_d or self.findings or self.notes)


def merge(held: HeldFacts, change: VisitChange, *, place: str, patient_code: str) -> Merged:
    """Lay a correction on what a visit holds.

    Parameters
    ----------
    held : HeldFacts
        What the visit holds now.
    change : VisitChange
        Checked.
    place, patient_code : str
        For the message: the visit in words, and where to look.

    Raises
    ------
    NotFoundError
        If the visit does not hold what is to be taken back.
    """
    retracted = [*_voided(held, change, place=place, patient_code=patient_code)]
    scores, findings = [], []
    for score in change.scores:
        old_score = next((s for s in held.scores if score_key(s) == score_key(score)), None)
        if old_score is None or _new_score(old_score) != score:
            scores.append(score)
            retracted += [] if old_score is None else [("pain_score", old_score.row_id)]
    for given in change.findings:
        old_finding = next((f for f in held.findings if _finding_key(f) == _finding_key(given)), None)
        finding = given if old_finding is None else _merge_finding(old_finding, given)
        if old_finding is None or _new_finding(old_finding) != finding:
            findings.append(finding)
            retracted += [] if old_finding is None else [("imaging_finding", old_finding.row_id)]
    vitamin_d = _merge_vitamin_d(held, change.vitamin_d)
    retracted += [("vitamin_d", v.row_id) for v in held.vitamin_d] if vitamin_d is not None else []
    notes = change.notes if change.notes != tuple(NewNote(n.text, n.site) for n in held.notes) else ()
    retracted += [("note", n.row_id) for n in held.notes] if notes else []
    return Merged(tuple(retracted), tuple(scores), vitamin_d, tuple(findings), notes)


def remaining(held: HeldFacts, merged: Merged) -> tuple[tuple[NewScore, ...], tuple[NewFinding, ...], bool]:
    """Give the scores and findings the visit then holds, and whether it holds anything at all."""
    gone = set(merged.retracted)
    scores = tuple(_new_score(s) for s in held.scores if ("pain_score", s.row_id) not in gone)
    findings = tuple(_new_finding(f) for f in held.findings if ("imaging_finding", f.row_id) not in gone)
    holds_any = merged.records or not gone or any(row not in gone for row in held.rows())
    return (*scores, *merged.scores), (*findings, *merged.findings), holds_any


def score_key(score: PainScore | NewScore) -> tuple[str, str, str]:
    """Give what one visit may hold once: site, instrument, aspect."""
    return score.site, score.instrument, score.aspect


def draft_facts(draft: Draft, patient_id: int, visit_id: int, new: NewVisit | Merged) -> None:
    """Draft what a visit brings, or what a correction of it adds."""
    for score in new.scores:
        draft.record("pain_score", _values(score, "instrument aspect score missing_reason site", visit_id))
    if new.vitamin_d is not None:
        draft.record("vitamin_d", _values(new.vitamin_d, "value unit comparator assay missing_reason", visit_id))
    for finding in new.findings:
        names = "modality site finding presence edema_percent edema_grade edema_pattern"
        draft.record("imaging_finding", _values(finding, names, visit_id))
    for note in new.notes:
        draft.record("note", {"patient_id": patient_id, **_values(note, "site text", visit_id)})


def _values(fact: object, names: str, visit_id: int) -> dict[str, object]:
    return {"visit_id": visit_id, **{name: getattr(fact, name) for name in names.split()}}


def _merge_vitamin_d(held: HeldFacts, given: NewVitaminD | None) -> NewVitaminD | None:
    """Keep the assay of a value that is corrected; give nothing where it already is so."""
    if given is None or not held.vitamin_d:
        return given
    (old,) = held.vitamin_d
    assay = given.assay or (old.assay if given.value is not None else None)
    merged = replace(given, assay=assay)
    return None if merged == NewVitaminD(old.value, old.unit, old.comparator, old.assay, old.missing_reason) else merged


def _merge_finding(old: ImagingFinding, given: NewFinding) -> NewFinding:
    """Keep of an edema that is still there what the correction does not speak of."""
    present = (Finding.EDEMA, Presence.PRESENT)
    if (given.finding, given.presence) != present or (old.finding, old.presence) != present:
        return given
    has_extent = given.edema_percent is not None or given.edema_grade is not None
    return replace(
        given,
        edema_percent=given.edema_percent if has_extent else old.edema_percent,
        edema_grade=given.edema_grade if has_extent else old.edema_grade,
        edema_pattern=given.edema_pattern or old.edema_pattern,
    )


def _new_score(held: PainScore) -> NewScore:
    return NewScore(held.site, held.instrument, held.aspect, held.score, held.missing_reason)


def _new_finding(held: ImagingFinding) -> NewFinding:
    return NewFinding(
        held.modality,
        held.site,
        held.finding,
        held.presence,
        held.edema_percent,
        held.edema_grade,
        held.edema_pattern,
    )


def _finding_key(finding: ImagingFinding | NewFinding) -> tuple[str, str, str]:
    return finding.modality, finding.site, finding.finding


def _voided(held: HeldFacts, change: VisitChange, *, place: str, patient_code: str) -> Iterator[Row]:
    """Give the rows named to be taken back; each name must meet at least one."""

    def met(rows: Iterable[Row], what: str) -> tuple[Row, ...]:
        found = tuple(rows)
        if not found:
            raise NotFoundError(
                f"{place} holds no {what}.", hint=f"See what it holds: tracker visit list {patient_code}"
            )
        return found

    for key in dict.fromkeys(change.void_scores):
        rows = (("pain_score", s.row_id) for s in held.scores if score_key(s) == key)
        yield from met(rows, f"{key[1]} score of aspect {key[2]} at {key[0]}")
    for modality, site in dict.fromkeys(change.void_findings):
        rows = (("imaging_finding", f.row_id) for f in held.findings if (f.modality, f.site) == (modality, site))
        yield from met(rows, f"{modality} finding at {site}")
    if change.void_vitamin_d:
        yield from met((("vitamin_d", v.row_id) for v in held.vitamin_d), "vitamin D result")
    if change.void_notes:
        yield from met((("note", n.row_id) for n in held.notes), "note")
