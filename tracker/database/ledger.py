"""The ledger: the only way anything is written, and the way to look at what was.

    with database.writing() as connection:
        draft = Draft(connection)
        visit_id = draft.identity("visit", patient_id=7)
        draft.record("visit_details", {"visit_id": visit_id, "visit_date": PartialDate.parse("2026-03")})
        entry = append(connection, draft, origin)

One command appends one entry; an entry records facts, takes facts back, or both (an
amendment). Its parts: `tracker.database.entries` drafts and appends, `chain` says what
the hash covers, `undo` reverses an entry, `verification` checks the whole.
"""

from __future__ import annotations

from sqlalchemy import CompoundSelect, Connection, select, union

from tracker.database.entries import Change, Draft, Entry, Origin, append, describe, read_entry
from tracker.database.owners import of_patients
from tracker.database.tables import CLINIC, FACTS_OF_PATIENTS, IDENTITIES, LEDGER_ENTRY, PATIENT_DETAILS
from tracker.database.undo import draft_undo, newest_undoable
from tracker.database.verification import VerifyReport, verify

__all__ = [
    "Change",
    "Draft",
    "Entry",
    "Origin",
    "VerifyReport",
    "append",
    "describe",
    "draft_undo",
    "list_entries",
    "newest_undoable",
    "verify",
]


def list_entries(
    connection: Connection,
    *,
    newest: int | None = None,
    patient_code: str | None = None,
    clinic_code: str = "default",
) -> tuple[Entry, ...]:
    """List entries, the oldest first.

    Parameters
    ----------
    connection : Connection
        Open for reading.
    newest : int, optional
        Only so many, the newest.
    patient_code, clinic_code : str, optional
        Only entries that touched the patient who has, or once had, this code.
    """
    query = select(LEDGER_ENTRY).order_by(LEDGER_ENTRY.c.entry_id.desc()).limit(newest)
    if patient_code is not None:
        query = query.where(LEDGER_ENTRY.c.entry_id.in_(_entries_of(patient_code, clinic_code)))
    rows = connection.execute(query).mappings().all()
    return tuple(read_entry(row) for row in reversed(rows))


def _entries_of(patient_code: str, clinic_code: str) -> CompoundSelect[int]:
    """Select the ids of the entries that made, recorded or took back something of a patient."""
    patient_ids = (
        select(PATIENT_DETAILS.c.patient_id)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(PATIENT_DETAILS.c.patient_code == patient_code, CLINIC.c.clinic_code == clinic_code)
    )
    selects = [select(table.c.entry_id).where(table.c.patient_id.in_(patient_ids)) for table in IDENTITIES]
    for table in FACTS_OF_PATIENTS:
        condition = of_patients(table, patient_ids)
        selects.append(select(table.c.recorded_by).where(condition))
        selects.append(select(table.c.retracted_by).where(condition, table.c.retracted_by.is_not(None)))
    return union(*selects)
