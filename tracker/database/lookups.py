"""Small questions a write asks before it drafts: is it still there, which row says so."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.engine import RowMapping

from tracker.database.entries import Entry, read_entry
from tracker.database.tables import CLINIC, LEDGER_ENTRY, METADATA, PATIENT_DETAILS, VISIT, VISIT_DETAILS
from tracker.errors import ConflictError, NotFoundError


def clinic_id(connection: Connection, clinic_code: str) -> int:
    """Give a clinic's id (`NotFoundError` if there is none of that code)."""
    found = connection.scalar(select(CLINIC.c.clinic_id).where(CLINIC.c.clinic_code == clinic_code))
    if found is None:
        raise NotFoundError(f"No clinic '{clinic_code}'.")
    return int(found)


def current_details(connection: Connection, table: str, **identity: int) -> RowMapping:
    """Give the one current row of an identity's details, such as ``visit_id=7`` of ``visit_details``.

    Raises
    ------
    NotFoundError
        If it was taken back.
    """
    details = METADATA.tables[table]
    about = [details.c[name] == value for name, value in identity.items()]
    row = connection.execute(select(details).where(*about, details.c.retracted_by.is_(None))).mappings().first()
    if row is None:
        raise NotFoundError(f"The record holds no current {table.replace('_', ' ')} of {_in_words(identity)}.")
    return row


def require_current_patient(connection: Connection, patient_id: int, patient_code: str) -> None:
    """Refuse to go on where a patient read a moment ago was taken back or renamed meanwhile (`ConflictError`)."""
    query = select(PATIENT_DETAILS.c.patient_code).where(
        PATIENT_DETAILS.c.patient_id == patient_id, PATIENT_DETAILS.c.retracted_by.is_(None)
    )
    if connection.scalar(query) != patient_code:
        raise ConflictError(
            f"Patient '{patient_code}' was changed by somebody else a moment ago.",
            hint="Look again: tracker patient list",
        )


def code_of_visit(connection: Connection, visit_id: int) -> str:
    """Give the code of the patient a current visit belongs to (`NotFoundError` if there is no such visit)."""
    query = (
        select(PATIENT_DETAILS.c.patient_code)
        .join(VISIT, VISIT.c.patient_id == PATIENT_DETAILS.c.patient_id)
        .join(VISIT_DETAILS, VISIT_DETAILS.c.visit_id == VISIT.c.visit_id)
        .where(
            VISIT.c.visit_id == visit_id,
            VISIT_DETAILS.c.retracted_by.is_(None),
            PATIENT_DETAILS.c.retracted_by.is_(None),
        )
    )
    code = connection.scalar(query)
    if code is None:
        raise NotFoundError(f"There is no visit {visit_id}.", hint="See the numbers: tracker visit list CODE")
    return str(code)


def find_entry(connection: Connection, entry_id: int) -> Entry:
    """Give one ledger entry (`NotFoundError` if there is none)."""
    row = connection.execute(select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.entry_id == entry_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"There is no entry {entry_id} in the ledger.", hint="See the ledger: tracker log")
    return read_entry(row)


def count_current(connection: Connection) -> Mapping[str, int]:
    """Count current patients, current visits and ledger entries."""

    def count(table: Table, *conditions: ColumnElement[bool]) -> int:
        return int(connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0)

    return {
        "patients": count(PATIENT_DETAILS, PATIENT_DETAILS.c.retracted_by.is_(None)),
        "visits": count(VISIT_DETAILS, VISIT_DETAILS.c.retracted_by.is_(None)),
        "entries": count(LEDGER_ENTRY),
    }


def _in_words(identity: Mapping[str, int]) -> str:
    return ", ".join(f"{name.removesuffix('_id')} {value}" for name, value in identity.items())
