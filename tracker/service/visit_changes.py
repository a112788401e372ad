"""A correction of a visit against what the visit holds: what stays, what is replaced, what is added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from tracker.clinical.case_record import FunctionScore, LabResult
from tracker.clinical.record import ImagingFinding, Note, PainScore, PatientRecord, VitaminDResult
from tracker.clinical.vocabulary import Finding, Presence
from tracker.database.ledger import Draft
from tracker.dates import PartialDate
from tracker.errors import InputError, NotFoundError
from tracker.service.new_facts import (
    NewFinding,
    NewNote,
    NewScore,
    NewVisit,
    NewVitaminD,
    check_facts,
    check_results,
)
from tracker.service.new_results import NewFunctionScore, NewLab

Row = tuple[str, int]


class _Held(Protocol):
    """A fact of a visit as the record holds it."""

    @property
    def row_id(self) -> int: ...


_HeldFact = TypeVar("_HeldFact", bound=_Held)
_NewFact = TypeVar("_NewFact")


@dataclass(frozen=True, slots=True)
class VisitChange:
    """What to correct in a visit: given values replace, absent ones stay.

    A vitamin D value keeps the assay, a laboratory value its limits and an edema extent the pattern
    unless a new one is given; an extent replaces percent and grade together. `notes` take the
    place of all notes of the visit. `void_scores` names (site, instrument, aspect) to
    take back, `void_findings` (modality, site); `void_vitamin_d` takes the result back,
    `void_notes` all notes, `void_labs` names analytes, `void_functions` (scale, about).
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
    labs: tuple[NewLab, ...] = ()
    function_scores: tuple[NewFunctionScore, ...] = ()
    void_labs: tuple[str, ...] = ()
    void_functions: tuple[tuple[str, str], ...] = ()

    def check(self) -> None:
        """Refuse values that are not allowed, and one thing both given and taken back (`InputError`)."""
        check_facts(self.scores, self.vitamin_d, self.findings, self.notes)
        check_results(self.labs, self.function_scores)
        scores = {(s.site, s.instrument, s.aspect): f"{s.instrument} score of aspect {s.aspect}" for s in self.scores}
        findings = {(f.modality, f.site): f"{f.modality} finding at {f.site}" for f in self.findings}
        twice = [words for key, words in scores.items() if key in self.void_scores]
        twice += [words for key, words in findings.items() if key in self.void_findings]
        twice += ["vitamin D result"] if self.void_vitamin_d and self.vitamin_d is not None else []
        twice += ["note"] if self.void_notes and self.notes else []
        twice += [f"result of {lab.analyte}" for lab in self.labs if lab.analyte in self.void_labs]
        twice += [f"{s.scale} score" for s in self.function_scores if (s.scale, s.about) in self.void_functions]
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
    labs: tuple[LabResult, ...]
    function_scores: tuple[FunctionScore, ...]

    @classmethod
    def of(cls, record: PatientRecord, visit_id: int) -> HeldFacts:
        """Pick the facts of one visit from a record."""
        return cls(
            scores=tuple(s for s in record.pain_scores if s.visit_id == visit_id),
            vitamin_d=tuple(v for v in record.vitamin_d if v.visit_id == visit_id),
            findings=tuple(f for f in record.imaging if f.visit_id == visit_id),
            notes=tuple(n for n in record.notes if n.visit_id == visit_id),
            labs=tuple(r for r in record.labs if r.visit_id == visit_id),
            function_scores=tuple(s for s in record.function_scores if s.visit_id == visit_id),
        )

    def rows(self) -> tuple[Row, ...]:
        """Give every row of it: table and row id."""
        return (
            *(("pain_score", s.row_id) for s in self.scores),
            *(("vitamin_d", v.row_id) for v in self.vitamin_d),
            *(("imaging_finding", f.row_id) for f in self.findings),
            *(("note", n.row_id) for n in self.notes),
            *(("lab_result", r.row_id) for r in self.labs),
            *(("function_score", s.row_id) for s in self.function_scores),
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """What a correction comes to: rows taken back, and facts that are new or differ."""

    retracted: tuple[Row, ...]
    scores: tuple[NewScore, ...]
    vitamin_d: NewVitaminD | None
    findings: tuple[NewFinding, ...]
    notes: tuple[NewNote, ...]
    labs: tuple[NewLab, ...]
    function_scores: tuple[NewFunctionScore, ...]

    @property
    def is_empty(self) -> bool:
        """Whether every value was there already."""
        return not (self.retracted or self.records)

    @property
    def records(self) -> bool:
        """Whether any fact is new or differs."""
        return bool(self.scores or self.vitamin_d or self.findings or self.notes or self.labs or self.function_scores)


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
    given_labs = tuple(_keep_limits(held, lab) for lab in change.labs)
    labs, old_labs = _differing(held.labs, given_labs, key=_analyte, as_new=_new_lab)
    functions, old_functions = _differing(
        held.function_scores, change.function_scores, key=_function_key, as_new=_new_function_score
    )
    retracted += [*(("lab_result", r) for r in old_labs), *(("function_score", r) for r in old_functions)]
    return Merged(tuple(retracted), tuple(scores), vitamin_d, tuple(findings), notes, labs, functions)


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
    for lab in new.labs:
        names = "analyte value comparator unit limit_low limit_high judgement missing_reason"
        draft.record("lab_result", _values(lab, names, visit_id))
    for function in new.function_scores:
        draft.record("function_score", _values(function, "about scale score missing_reason", visit_id))


def _values(fact: object, names: str, visit_id: int) -> dict[str, object]:
    return {"visit_id": visit_id, **{name: getattr(fact, name) for name in names.split()}}


def _differing(
    held: Sequence[_HeldFact],
    given: Sequence[_NewFact],
    *,
    key: Callable[[_HeldFact | _NewFact], object],
    as_new: Callable[[_HeldFact], _NewFact],
) -> tuple[tuple[_NewFact, ...], tuple[int, ...]]:
    """Give of the facts given those that are new or differ, and the rows that they replace."""
    old = {key(fact): fact for fact in held}
    changed = tuple(fact for fact in given if key(fact) not in old or as_new(old[key(fact)]) != fact)
    return changed, tuple(old[key(fact)].row_id for fact in changed if key(fact) in old)


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


def _analyte(lab: LabResult | NewLab) -> str:
    return lab.analyte


def _keep_limits(held: HeldFacts, given: NewLab) -> NewLab:
    """Keep the laboratory's limits of a number that is corrected, where none is given and the unit is the same."""
    old = next((r for r in held.labs if r.analyte == given.analyte), None)
    has_limits = given.limit_low is not None or given.limit_high is not None
    if old is None or given.value is None or has_limits or given.unit != old.unit:
        return given
    return replace(given, limit_low=old.limit_low, limit_high=old.limit_high)


def _new_lab(held: LabResult) -> NewLab:
    return NewLab(
        held.analyte,
        held.value,
        held.unit,
        held.comparator,
        held.limit_low,
        held.limit_high,
        held.judgement,
        held.missing_reason,
    )


def _function_key(score: FunctionScore | NewFunctionScore) -> tuple[str, str]:
    return score.scale, score.about


def _new_function_score(held: FunctionScore) -> NewFunctionScore:
    return NewFunctionScore(held.scale, held.about, held.score, held.missing_reason)


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
    for analyte in dict.fromkeys(change.void_labs):
        yield from met((("lab_result", r.row_id) for r in held.labs if r.analyte == analyte), f"result of {analyte}")
    for scale, about in dict.fromkeys(change.void_functions):
        functions = (("function_score", s.row_id) for s in held.function_scores if _function_key(s) == (scale, about))
        yield from met(functions, f"{scale} score of {about}")
