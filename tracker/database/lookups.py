"""Small questions a write asks before it drafts: is it still there, which row says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.engine import RowMapping

from tracker.database.case_tables import TREATMENT
from tracker.database.entries import Change, Entry, read_entry, require_entry
from tracker.database.known import known
from tracker.database.tables import (
    CLINIC,
    DETAILS,
    LARGEST_ID,
    LEDGER_ENTRY,
    METADATA,
    OF_PATIENTS,
    PATIENT_DETAILS,
    VISIT,
    VISIT_DETAILS,
)
from tracker.dates import PartialDate
from tracker.errors import ConflictError, NotFoundError

_IDS_AT_ONCE = 1000


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
    return _code_of(connection, VISIT, visit_id)


def code_of_treatment(connection: Connection, treatment_id: int) -> str:
    """Give the code of the patient a current treatment belongs to (`NotFoundError` if there is none)."""
    return _code_of(connection, TREATMENT, treatment_id)


def _code_of(connection: Connection, identity: Table, number: int) -> str:
    details = DETAILS[identity.name]
    key = f"{identity.name}_id"
    query = (
        select(PATIENT_DETAILS.c.patient_code)
        .join(identity, identity.c.patient_id == PATIENT_DETAILS.c.patient_id)
        .join(details, details.c[key] == identity.c[key])
        .where(
            identity.c[key] == number,
            details.c.retracted_by.is_(None),
            PATIENT_DETAILS.c.retracted_by.is_(None),
        )
    )
    code = connection.scalar(query) if 0 < number <= LARGEST_ID else None
    if code is None:
        name = identity.name
        raise NotFoundError(f"There is no {name} {number}.", hint=f"See the numbers: tracker {name} list CODE")
    return str(code)


def current_rows(connection: Connection, table: str, **columns: object) -> tuple[RowMapping, ...]:
    """Give the current rows of a fact table in which these columns hold these values, by row id.

    A partial date is looked for as it was written.
    """
    facts = METADATA.tables[table]
    same = [
        facts.c[name] == (str(value) if isinstance(value, PartialDate) else value) for name, value in columns.items()
    ]
    query = select(facts).where(facts.c.retracted_by.is_(None), *same).order_by(facts.c.row_id)
    return tuple(connection.execute(query).mappings())


def find_entry(connection: Connection, entry_id: int) -> Entry:
    """Give one ledger entry (`NotFoundError` if there is none)."""
    require_entry(connection, entry_id)
    query = select(LEDGER_ENTRY).where(LEDGER_ENTRY.c.entry_id == entry_id)
    return read_entry(connection.execute(query).mappings().one())


def entry_of_patient(connection: Connection, patient_id: int, *, known_until: int | None = None) -> int:
    """Give the entry that recorded code, sex and birth of a patient as they stood at an entry, or stand now."""
    query = select(PATIENT_DETAILS.c.recorded_by).where(
        PATIENT_DETAILS.c.patient_id == patient_id, known(PATIENT_DETAILS, known_until)
    )
    return int(connection.scalars(query).one())


def owners(connection: Connection, changes: Iterable[Change]) -> tuple[str, ...]:
    """Give the codes of the patients that changes are about, sorted.

    Parameters
    ----------
    connection : Connection
        Open for reading.
    changes : iterable of Change
        Of entries, or of a draft that nobody appended yet.

    Returns
    -------
    tuple of str
        The code each patient has, or had last where it was taken back.
    """
    ids: dict[str, set[int]] = {"patient": set(), **{identity.name: set() for identity in OF_PATIENTS}}
    drafted: dict[int, str] = {}
    for change in changes:
        keys = {name: value for name, value in change.values.items() if isinstance(value, int)}
        if change.kind == "identity":
            keys[f"{change.table}_id"] = change.row_id
        for name, found in ids.items():
            found |= {keys[key] for key in (f"{name}_id",) if key in keys}
        if change.kind == "recorded" and change.table == PATIENT_DETAILS.name:
            drafted[keys["patient_id"]] = str(change.values["patient_code"])
    patient_ids = ids["patient"]
    for table in OF_PATIENTS:
        own_key = table.c[f"{table.name}_id"]
        for some in _in_groups(ids[table.name]):
            patient_ids |= set(connection.scalars(select(table.c.patient_id).where(own_key.in_(some))))
    codes = drafted | _last_known(connection, PATIENT_DETAILS, "patient_id", "patient_code", patient_ids)
    return tuple(sorted({codes[patient_id] for patient_id in patient_ids if patient_id in codes}))


def _last_known(connection: Connection, details: Table, key: str, column: str, ids: set[int]) -> dict[int, str]:
    """Give a column of the details of each identity: of the current row, else of the one taken back last."""
    known: dict[int, str] = {}
    for some in _in_groups(ids):
        query = (
            select(details.c[key], details.c[column])
            .where(details.c[key].in_(some))
            # the last one wins; databases disagree on where NULL belongs
            .order_by(details.c.retracted_by.is_(None), details.c.retracted_by, details.c.row_id)
        )
        known |= {number: text for number, text in connection.execute(query)}
    return known


def _in_groups(ids: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Give so many ids at a time as a statement of either database takes."""
    remaining = iter(sorted(ids))
    while some := tuple(islice(remaining, _IDS_AT_ONCE)):
        yield some


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
