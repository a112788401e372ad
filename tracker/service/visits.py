"""Log, correct, void and list visits."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from tracker.clinical.dictionary import check_value
from tracker.clinical.record import PatientRecord, Visit
from tracker.clinical.reference import load_edition
from tracker.database import ledger, lookups, queries
from tracker.database.ledger import Draft, Origin
from tracker.database.session import Database
from tracker.dates import PartialDate
from tracker.errors import InputError, NotFoundError
from tracker.service.new_facts import NewVisit
from tracker.service.soft_checks import added_beside, correction_checks, soft_checks
from tracker.service.visit_changes import HeldFacts, VisitChange, draft_facts, merge, remaining
from tracker.service.writing import Confirm, Written, write

__all__ = ["VisitChange", "add_visit", "edit_visit", "find_visit", "visit_owner", "void_visit"]


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
        the visit is recorded and the warnings go with the entry. What changed while it was
        asked is checked again: new warnings go with the entry unasked.

    Raises
    ------
    InputError
        If there is nothing to record, a value is out of range, or the date lies in the future.
    NotFoundError
        If there is no such patient or site.
    ConflictError
        If one thing is given twice, or the patient was taken back or renamed meanwhile.
    DeclinedError
        If `confirm` said no.
    """
    visit.check()
    today = origin.recorded_at.date()
    _check_date(visit.visit_date, today=today)
    if record is None:
        with database.reading() as connection:
            record = queries.patient_record(connection, visit.patient_code)
    before = record

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        # A question may have waited for minutes: somebody else may have undone the patient meanwhile.
        lookups.require_current_patient(connection, before.patient_id, visit.patient_code)
        visit_id = draft.identity("visit", patient_id=before.patient_id)
        draft.record("visit_details", {"visit_id": visit_id, "visit_date": visit.visit_date})
        draft_facts(draft, before.patient_id, visit_id, visit)
        record = _as_it_is_now(connection, before)
        unusual = _draft_treatments(connection, draft, record, visit, today=today)
        return (*soft_checks(record, visit, edition=load_edition()), *unusual)

    return write(database, origin, build, confirm=confirm, dry_run=dry_run)


def edit_visit(
    database: Database,
    visit_id: int,
    change: VisitChange,
    origin: Origin,
    *,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Correct a visit: retract what is replaced and record the new values in one entry.

    Parameters
    ----------
    confirm : callable, optional
        Asked once with the soft warnings about the corrected visit.

    Raises
    ------
    NotFoundError
        If there is no such visit, or it does not hold what is to be taken back.
    InputError
        If nothing would change or nothing be left, or a value is not allowed.
    DeclinedError
        If `confirm` said no.
    """
    change.check()
    if change.visit_date is not None:
        _check_date(change.visit_date, today=origin.recorded_at.date())

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        record = queries.patient_record(connection, lookups.code_of_visit(connection, visit_id))
        visit, held = find_visit(record, visit_id), HeldFacts.of(record, visit_id)
        visit_date = change.visit_date or visit.visit_date
        moved = visit_date != visit.visit_date
        merged = merge(held, change, place=f"Visit {visit_id}", patient_code=record.patient_code)
        if merged.is_empty and not moved:
            raise InputError(
                f"Nothing to change in visit {visit_id}.", hint="Name a new value, such as --pain ankle-left=6."
            )
        scores, findings, holds_any = remaining(held, merged)
        if not holds_any:
            raise InputError(
                f"Visit {visit_id} would hold nothing any more.",
                hint=f"Take the whole visit back: tracker visit void {visit_id} --why REASON",
            )
        if moved:
            row = lookups.current_details(connection, "visit_details", visit_id=visit_id)
            draft.retract("visit_details", row["row_id"])
            draft.record("visit_details", {"visit_id": visit_id, "visit_date": visit_date})
        for table, row_id in merged.retracted:
            draft.retract(table, row_id)
        draft_facts(draft, record.patient_id, visit_id, merged)
        # A new date speaks about everything the visit holds, an old one only about what is new.
        if not moved:
            scores, findings = merged.scores, merged.findings
        corrected = NewVisit(record.patient_code, visit_date, scores, None, findings)
        return (
            *added_beside(held, merged, visit_id),
            *correction_checks(record.without_visit(visit_id), corrected, moved=moved, edition=load_edition()),
        )

    return write(database, origin, build, confirm=confirm, dry_run=dry_run)


def void_visit(database: Database, visit_id: int, origin: Origin, *, dry_run: bool = False) -> Written:
    """Take a visit back with everything it brought; `tracker undo` restores it.

    Raises
    ------
    NotFoundError
        If there is no such visit now.
    """

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        record = queries.patient_record(connection, lookups.code_of_visit(connection, visit_id))
        row = lookups.current_details(connection, "visit_details", visit_id=visit_id)
        draft.retract("visit_details", row["row_id"])
        for table, row_id in HeldFacts.of(record, visit_id).rows():
            draft.retract(table, row_id)
        return ()

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


def _draft_treatments(
    connection: Connection, draft: Draft, record: PatientRecord, visit: NewVisit, *, today: date
) -> tuple[str, ...]:
    """Draft the treatments that began or ended; give what is unusual about them."""
    if not (visit.treatments or visit.ended_treatments):
        return ()
    from tracker.service.treatments import draft_end, draft_treatment  # noqa: PLC0415 - few visits tell of one

    for end in visit.ended_treatments:
        draft_end(connection, draft, record, end, today=today)
    return tuple(words for new in visit.treatments for words in draft_treatment(draft, record, new, today=today))


def _as_it_is_now(connection: Connection, before: PatientRecord) -> PatientRecord:
    """Give the record as it stood a moment ago if the ledger has not moved since, else read it again."""
    (newest,) = ledger.list_entries(connection, newest=1)
    if newest.entry_id == before.last_entry_id:
        return before
    return queries.patient_record(connection, before.patient_code)


def _check_date(visit_date: PartialDate, *, today: date) -> None:
    if visit_date.first > today:
        raise InputError(
            f"The visit date '{visit_date}' lies in the future; today is {PartialDate.on(today).in_words()}.",
            hint="Give a day up to today.",
        )
    check_value("visit_date", visit_date)
