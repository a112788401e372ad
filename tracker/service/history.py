"""The ledger for people: what was recorded, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from tracker.clinical.record import Episode
from tracker.clinical.vocabulary import OnsetMode
from tracker.database import ledger, lookups, queries
from tracker.database.ledger import Change, Entry, Origin
from tracker.database.row_history import RowHistory, history_of_fact, history_of_visit
from tracker.database.session import Database
from tracker.database.tables import EPISODE, EPISODE_DETAILS, PATIENT_DETAILS
from tracker.dates import PartialDate
from tracker.errors import NotFoundError
from tracker.service.episode_rules import refuse_overlaps
from tracker.service.patients import fold_code, refuse_confusable
from tracker.service.writing import Written, check_origin


def list_entries(
    database: Database, *, newest: int | None = None, patient_code: str | None = None
) -> tuple[Entry, ...]:
    """Give ledger entries, oldest first; the last `newest` ones where given.

    Raises
    ------
    NotFoundError
        If no patient has, or once had, the code.
    """
    with database.reading() as connection:
        if patient_code is not None:
            queries.require_code_ever(connection, patient_code)
        return ledger.list_entries(connection, newest=newest, patient_code=patient_code)


def describe_entry(database: Database, entry_id: int) -> tuple[Change, ...]:
    """Give what one entry changed (`NotFoundError` if there is none)."""
    with database.reading() as connection:
        return ledger.describe(connection, entry_id)


def preview_undo(database: Database, entry_id: int | None) -> tuple[int, tuple[Change, ...]]:
    """Say which entry an undo would take back, and what it would change.

    Raises
    ------
    NotFoundError
        If there is no such entry, or none left to undo.
    ConflictError
        If later entries rest on it, or it was undone before.
    """
    with database.reading() as connection:
        chosen = ledger.newest_undoable(connection) if entry_id is None else entry_id
        if chosen is None:
            raise NotFoundError("There is nothing to undo.", hint="See the ledger: tracker log")
        return chosen, tuple(ledger.draft_undo(connection, chosen).changes)


def undo_entry(database: Database, entry_id: int, origin: Origin) -> Written:
    """Reverse one entry by a new entry, which can itself be undone.

    Raises
    ------
    ConflictError
        If later entries rest on it, or what it brings back cannot stand beside what the record
        holds now: two episodes of one site at a time, two patients of one code.
    """
    check_origin(origin)
    with database.writing() as connection:
        draft = ledger.draft_undo(connection, entry_id)
        entry = ledger.append(connection, draft, origin, undoes=entry_id)
        _check_brought_back(connection, entry)
        return Written(entry, tuple(draft.changes))


def owners_of(database: Database, changes: Iterable[Change]) -> tuple[str, ...]:
    """Give the codes of the patients that changes are about, sorted."""
    with database.reading() as connection:
        return lookups.owners(connection, changes)


def read_entry(database: Database, entry_id: int) -> Entry:
    """Give one ledger entry (`NotFoundError` if there is none)."""
    with database.reading() as connection:
        return lookups.find_entry(connection, entry_id)


def trace_row(database: Database, table: str, row_id: int) -> tuple[RowHistory, ...]:
    """Give the history of the fact that a row says (`NotFoundError` if there is no such row)."""
    with database.reading() as connection:
        return history_of_fact(connection, table, row_id)


def trace_visit(database: Database, visit_id: int) -> tuple[RowHistory, ...]:
    """Give the history of all a visit ever held (`NotFoundError` if there never was one)."""
    with database.reading() as connection:
        return history_of_visit(connection, visit_id)


def _check_brought_back(connection: Connection, entry: Entry) -> None:
    """Hold the rows that an undo recorded again against the rest; what was only taken back cannot clash."""
    for patient_code, rows in groupby(connection.execute(_episodes_beside(entry)), key=lambda row: row.patient_code):
        refuse_overlaps(patient_code, [_episode(row) for row in rows])
    alike: dict[str, list[str]] = {}
    for code in queries.patient_codes(connection):
        alike.setdefault(fold_code(code), []).append(code)
    recorded = select(PATIENT_DETAILS.c.patient_code).where(PATIENT_DETAILS.c.recorded_by == entry.entry_id)
    for patient_code in connection.scalars(recorded):
        refuse_confusable(patient_code, (code for code in alike[fold_code(patient_code)] if code != patient_code))


def _episodes_beside(entry: Entry) -> Select[Any]:
    """Select all current episodes of the patients of whom an entry recorded one; an entry can hold thousands."""
    touched = (
        select(EPISODE.c.patient_id)
        .join(EPISODE_DETAILS, EPISODE_DETAILS.c.episode_id == EPISODE.c.episode_id)
        .where(EPISODE_DETAILS.c.recorded_by == entry.entry_id)
    )
    return (
        select(PATIENT_DETAILS.c.patient_code, EPISODE_DETAILS)
        .join(EPISODE, EPISODE.c.patient_id == PATIENT_DETAILS.c.patient_id)
        .join(EPISODE_DETAILS, EPISODE_DETAILS.c.episode_id == EPISODE.c.episode_id)
        .where(
            PATIENT_DETAILS.c.patient_id.in_(touched),
            PATIENT_DETAILS.c.retracted_by.is_(None),
            EPISODE_DETAILS.c.retracted_by.is_(None),
        )
        .order_by(PATIENT_DETAILS.c.patient_id)
    )


def _episode(row: Row[Any]) -> Episode:
    return Episode(
        episode_id=row.episode_id,
        entry_id=row.recorded_by,
        site=row.site,
        onset=None if row.onset is None else PartialDate.parse(row.onset),
        mode=None if row.onset_mode is None else OnsetMode(row.onset_mode),
        closed_on=None if row.closed_on is None else PartialDate.parse(row.closed_on),
        closing_reason=row.closing_reason,
    )
