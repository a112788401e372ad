"""The ledger for people: what was recorded, and taking it back."""

from __future__ import annotations

from tracker.database import ledger, lookups
from tracker.database.ledger import Change, Entry, Origin
from tracker.database.session import Database
from tracker.errors import NotFoundError
from tracker.service.writing import Written


def list_entries(
    database: Database, *, newest: int | None = None, patient_code: str | None = None
) -> tuple[Entry, ...]:
    """Give ledger entries, oldest first; the last `newest` ones where given."""
    with database.reading() as connection:
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
    """Reverse one entry by a new entry, which can itself be undone."""
    with database.writing() as connection:
        draft = ledger.draft_undo(connection, entry_id)
        entry = ledger.append(connection, draft, origin, undoes=entry_id)
        return Written(entry, tuple(draft.changes))


def read_entry(database: Database, entry_id: int) -> Entry:
    """Give one ledger entry (`NotFoundError` if there is none)."""
    with database.reading() as connection:
        return lookups.find_entry(connection, entry_id)
