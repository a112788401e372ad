"""Where a patient of the record comes from: the entry that made it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from tracker.database.entries import Entry, read_entry
from tracker.database.tables import LEDGER_ENTRY, PATIENT


def entry_that_made(connection: Connection, patient_id: int) -> Entry:
    """Give the ledger entry that made a patient; the hash of the ledger covers who and what it was made by."""
    query = select(LEDGER_ENTRY).join(PATIENT, PATIENT.c.entry_id == LEDGER_ENTRY.c.entry_id)
    return read_entry(connection.execute(query.where(PATIENT.c.patient_id == patient_id)).mappings().one())


def entries_that_made(connection: Connection) -> dict[int, Entry]:
    """Give `entry_that_made` of every patient, by patient id."""
    made_by = {
        patient_id: entry_id
        for patient_id, entry_id in connection.execute(select(PATIENT.c.patient_id, PATIENT.c.entry_id))
    }
    query = select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.entry_id.in_(select(PATIENT.c.entry_id)))
    entries = {row["entry_id"]: read_entry(row) for row in connection.execute(query).mappings()}
    return {patient_id: entries[entry_id] for patient_id, entry_id in made_by.items()}
