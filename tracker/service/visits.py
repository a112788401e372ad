"""Log, correct, void and list visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from tracker.clinical.record import PatientRecord, Visit
from tracker.clinical.reference import load_edition
from tracker.database import lookups, queries
from tracker.database.ledger import Draft, Origin
from tracker.database.session import Database
from tracker.dates import PartialDate
from tracker.errors import ConflictError, InputError, NotFoundError
from tracker.service.new_facts import NewFinding, NewNote, NewScore, NewVisit, NewVitaminD
from tracker.service.soft_checks import soft_checks
from tracker.service.writing import Confirm, Written, with_warnings, write

FACT_TABLES = ("pain_score", "vitamin_d", "imaging_finding", "note")


@dataclass(frozen=True, slots=True)
class VisitChange:
    """What to correct in a visit: given values replace, absent ones stay.

    `void_scores` names (site, instrument, aspect) to take back, `void_findings`
    (modality, site); `void_vitamin_d` takes the result back.
    """

    visit_date: PartialDate | None = None
    scores: tuple[NewScore, ...] = ()
    vitamin_d: NewVitaminD | None = None
    findings: tuple[NewFinding, ...] = ()
    notes: tuple[NewNote, ...] = ()
    void_scores: tuple[tuple[str, str, str], ...] = ()
    void_findings: tuple[tuple[str, str], ...] = ()
    void_vitamin_d: bool = False


def add_visit(
    database: Database,
    visit: NewVisit,
    origin: Origin,
    *,
    record: PatientRecord | None = None,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Log one visit with all it brings, as one ledger entry.

    Parameters
    ----------
    record : PatientRecord, optional
        The patient's record where the caller has just read it; read here otherwise.
    confirm : callable, optional
        Asked once with the soft warnings, where somebody can answer; without it
        the visit is recorded and the warnings go with the entry.

    Raises
    ------
    InputError
        If a value is out of range, given twice, or the date lies in the future.
    NotFoundError
        If there is no such patient.
    DeclinedError
        If `confirm` said no.
    """
    visit.check()
    _check_date(visit.visit_date, today=origin.recorded_at.date())
    _check_once(visit.scores, visit.findings)
    if record is None:
        with database.reading() as connection:
            record = queries.patient_record(connection, visit.patient_code)
    warned = with_warnings(origin, soft_checks(record, visit, edition=load_edition()), confirm)
    patient_id = record.patient_id

    def build(connection: Connection, draft: Draft) -> None:
        # A question may have waited for minutes: somebody else may have undone the patient meanwhile.
        lookups.require_current_patient(connection, patient_id, visit.patient_code)
        visit_id = draft.identity("visit", patient_id=patient_id)
        draft.record("visit_details", {"visit_id": visit_id, "visit_date": visit.visit_date})
        _draft_facts(draft, patient_id, visit_id, visit)

    return write(database, warned, build, dry_run=dry_run)


def edit_visit(
    database: Database, visit_id: int, change: VisitChange, origin: Origin, *, dry_run: bool = False
) -> Written:
    """Correct a visit: retract what is replaced and record the new values in one entry.

    Raises
    ------
    NotFoundError
        If there is no such visit, or it does not hold what is to be taken back.
    InputError
        If nothing would change, or a value is not allowed.
    """
    NewVisit("", PartialDate.on(date.min), change.scores, change.vitamin_d, change.findings).check()
    _check_once(change.scores, change.findings)

    def build(connection: Connection, draft: Draft) -> None:
        record = queries.patient_record(connection, lookups.code_of_visit(connection, visit_id))
        visit = find_visit(record, visit_id)
        if change.visit_date is not None and change.visit_date != visit.visit_date:
            _check_date(change.visit_date, today=origin.recorded_at.date())
            row = lookups.current_details(connection, "visit_details", visit_id=visit_id)
            draft.retract("visit_details", row["row_id"])
            draft.record("visit_details", {"visit_id": visit_id, "visit_date": change.visit_date})
        for table, row_id in (*_voided(record, visit_id, change), *_replaced(record, visit_id, change)):
            draft.retract(table, row_id)
        _draft_facts(draft, record.patient_id, visit_id, change)
        if not draft.changes:
            raise InputError(
                f"Nothing to change in visit {visit_id}.", hint="Name a new value, such as --pain ankle-left=6."
            )

    return write(database, origin, build, dry_run=dry_run)


def void_visit(database: Database, visit_id: int, origin: Origin, *, dry_run: bool = False) -> Written:
    """Take a visit back with everything it brought; `tracker undo` restores it.

    Raises
    ------
    NotFoundError
        If there is no such visit now.
    """

    def build(connection: Connection, draft: Draft) -> None:
        record = queries.patient_record(connection, lookups.code_of_visit(connection, visit_id))
        row = lookups.current_details(connection, "visit_details", visit_id=visit_id)
        draft.retract("visit_details", row["row_id"])
        for table, facts in _facts(record).items():
            for fact in facts:
                if fact.visit_id == visit_id:
                    draft.retract(table, fact.row_id)

    return write(database, origin, build, dry_run=dry_run)


def visit_owner(database: Database, visit_id: int) -> PatientRecord:
    """Give the record of the patient a visit belongs to (`NotFoundError` if none)."""
    with database.reading() as connection:
        return queries.patient_record(connection, lookups.code_of_visit(connection, visit_id))


def find_visit(record: PatientRecord, visit_id: int) -> Visit:
    """Find a visit of a record by its number (`NotFoundError` if it is not there)."""
    for visit in record.visits:
        if visit.visit_id == visit_id:
            return visit
    raise NotFoundError(f"There is no visit {visit_id}.", hint=f"See: tracker visit list {record.patient_code}")


def _facts(record: PatientRecord) -> Mapping[str, tuple]:  # type: ignore[type-arg]  # four fact types share row_id and visit_id
    return dict(zip(FACT_TABLES, (record.pain_scores, record.vitamin_d, record.imaging, record.notes), strict=True))


def _draft_facts(draft: Draft, patient_id: int, visit_id: int, new: NewVisit | VisitChange) -> None:
    for score in new.scores:
        draft.record(
            "pain_score",
            {
                "visit_id": visit_id,
                "site": score.site,
                "instrument": score.instrument,
                "aspect": score.aspect,
                "score": score.score,
                "missing_reason": score.missing_reason,
            },
        )
    if new.vitamin_d is not None:
        result = new.vitamin_d
        draft.record(
            "vitamin_d",
            {
                "visit_id": visit_id,
                "value": result.value,
                "unit": result.unit,
                "comparator": result.comparator,
                "assay": result.assay,
                "missing_reason": result.missing_reason,
            },
        )
    for finding in new.findings:
        draft.record(
            "imaging_finding",
            {
                "visit_id": visit_id,
                "modality": finding.modality,
                "site": finding.site,
                "finding": finding.finding,
                "presence": finding.presence,
                "edema_percent": finding.edema_percent,
                "edema_grade": finding.edema_grade,
                "edema_pattern": finding.edema_pattern,
            },
        )
    for note in new.notes:
        draft.record("note", {"patient_id": patient_id, "visit_id": visit_id, "site": note.site, "text": note.text})


def _replaced(record: PatientRecord, visit_id: int, change: VisitChange) -> list[tuple[str, int]]:
    """Rows whose place a new value takes."""
    scores = {(s.site, s.instrument, s.aspect) for s in change.scores}
    findings = {(f.modality, f.site, f.finding) for f in change.findings}
    rows = [
        ("pain_score", s.row_id)
        for s in record.pain_scores
        if s.visit_id == visit_id and (s.site, s.instrument, s.aspect) in scores
    ]
    rows += [
        ("imaging_finding", f.row_id)
        for f in record.imaging
        if f.visit_id == visit_id and (f.modality, f.site, f.finding) in findings
    ]
    if change.vitamin_d is not None:
        rows += [("vitamin_d", v.row_id) for v in record.vitamin_d if v.visit_id == visit_id]
    return rows


def _voided(record: PatientRecord, visit_id: int, change: VisitChange) -> list[tuple[str, int]]:
    """Rows named to be taken back; each name must meet at least one."""
    rows: list[tuple[str, int]] = []
    for site, instrument, aspect in change.void_scores:
        met = [
            ("pain_score", s.row_id)
            for s in record.pain_scores
            if s.visit_id == visit_id and (s.site, s.instrument, s.aspect) == (site, instrument, aspect)
        ]
        rows += met or _nothing(f"{instrument} score of aspect {aspect} at {site}", record, visit_id)
    for modality, site in change.void_findings:
        met = [
            ("imaging_finding", f.row_id)
            for f in record.imaging
            if f.visit_id == visit_id and (f.modality, f.site) == (modality, site)
        ]
        rows += met or _nothing(f"{modality} finding at {site}", record, visit_id)
    if change.void_vitamin_d:
        met = [("vitamin_d", v.row_id) for v in record.vitamin_d if v.visit_id == visit_id]
        rows += met or _nothing("vitamin D result", record, visit_id)
    return rows


def _nothing(what: str, record: PatientRecord, visit_id: int) -> list[tuple[str, int]]:
    raise NotFoundError(
        f"Visit {visit_id} holds no {what}.", hint=f"See what it holds: tracker visit list {record.patient_code}"
    )


def _check_date(visit_date: PartialDate, *, today: date) -> None:
    if visit_date.first > today:
        raise InputError(
            f"The visit date '{visit_date}' lies in the future; today is {PartialDate.on(today).in_words()}.",
            hint="Give a day up to today.",
        )


def _check_once(scores: tuple[NewScore, ...], findings: tuple[NewFinding, ...]) -> None:
    names = [f"{s.instrument} {s.aspect} pain at {s.site}" for s in scores]
    names += [f"{f.modality} {f.finding} at {f.site}" for f in findings]
    for name in names:
        if names.count(name) > 1:
            raise ConflictError(
                f"One visit was given two values for {name}.", hint="Give one of them, or log two visits."
            )
