"""Where a patient of the record comes from: the entry that made it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from tracker.database.entries import Entry, read_entry
from tracker.database.tables import LEDGER_ENTRY, PATIENT


def entry_that_made(connection: Connection, patient_id: int) -> Entry:
    """Give the ledger entry that made a patient; the hash of the ledger covers who and what it was made by."""
    query = select(LEDGER_ENTRY).join(PATIENT, PATIENT.c.entry_id == LEDGER_ENTRY.c.entry_id)
    return read_entry(connection.execute(query.where(PATIENT.c.patient_id == patient_id)).mappings().one())
