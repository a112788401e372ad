"""What was corrected in one patient's record: rows that were taken back, beside those recorded in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, or_, select
from sqlalchemy.engine import RowMapping

from tracker.clinical.corrections import Correction, CorrectionKind
from tracker.database.entries import Entry, from_row, read_entry
from tracker.database.owners import of_patients, with_patient
from tracker.database.tables import (
    FACTS_OF_PATIENTS,
    KEYS_OF_CURRENT_ROWS,
    LARGEST_ID,
    LEDGER_ENTRY,
    PATIENT,
    VISIT,
    VISIT_DETAILS,
)
from tracker.dates import PartialDate

_KEYS = frozenset({"patient_id", "clinic_id", "episode_id", "visit_id", "treatment_id"})


def corrections_of(
    connection: Connection, patient_id: int, *, known_until: int | None = None
) -> tuple[Correction, ...]:
    """Give every correction of a patient's record, in the order of the ledger.

    Parameters
    ----------
    connection : Connection
        Open for reading.
    patient_id : int
        Whose record.
    known_until : int, optional
        The last ledger entry to take into account; all of them if not given.

    Returns
    -------
    tuple of Correction
        A row that an entry took back and recorded anew is one correction, unless it only fills in what was empty.
        What an entry only added is none, unless the entry is an undo.
    """
    last = LARGEST_ID if known_until is None else min(known_until, LARGEST_ID)
    touched = [(table, _touched(connection, table, patient_id, last)) for table in FACTS_OF_PATIENTS]
    if not any(rows for _, rows in touched):
        return ()
    entries = _entries(connection, (row for _, rows in touched for row in rows), last)
    dates = _visit_dates(connection, patient_id, last)
    found = [
        (entry_id, place, correction)
        for place, (table, rows) in enumerate(touched)
        for entry_id in entries
        for correction in _of_entry(table, rows, entries[entry_id], dates)
    ]
    return tuple(correction for _, _, correction in sorted(found, key=lambda one: one[:2]))


def corrected_patients(connection: Connection) -> frozenset[int]:
    """Give the patients of whom anything was ever taken back: everybody else's record has no correction."""
    return frozenset(
        patient_id
        for table in FACTS_OF_PATIENTS
        for patient_id in connection.scalars(with_patient(table).where(table.c.retracted_by.is_not(None)))
    )


def _touched(connection: Connection, table: Table, patient_id: int, last: int) -> Sequence[RowMapping]:
    """Give the rows that were taken back up to an entry, and those recorded by entries that took one back."""
    own = of_patients(table, select(PATIENT.c.patient_id).where(PATIENT.c.patient_id == patient_id))
    is_correcting = select(table.c.retracted_by).where(own, table.c.retracted_by <= last)
    undoing = select(LEDGER_ENTRY.c.entry_id).where(LEDGER_ENTRY.c.undoes.is_not(None))
    query = (
        select(table)
        .where(own, table.c.recorded_by <= last)
        .where(
            or_(
                table.c.retracted_by <= last,
                table.c.recorded_by.in_(is_correcting),
                table.c.recorded_by.in_(undoing),
            )
        )
        .order_by(table.c.row_id)
    )
    return connection.execute(query).mappings().all()


def _entries(connection: Connection, rows: Iterable[RowMapping], last: int) -> dict[int, Entry]:
    """Give the entries that took rows back or, as an undo, recorded them anew, in their order."""
    numbers = {number for row in rows for number in (row["recorded_by"], row["retracted_by"]) if number is not None}
    query = (
        select(LEDGER_ENTRY)
        .where(LEDGER_ENTRY.c.entry_id.in_(numbers), LEDGER_ENTRY.c.entry_id <= last)
        .order_by(LEDGER_ENTRY.c.entry_id)
    )
    return {row["entry_id"]: read_entry(row) for row in connection.execute(query).mappings()}


def _visit_dates(connection: Connection, patient_id: int, last: int) -> dict[int, PartialDate]:
    """Give the date of each visit as it was said last, also of one that was taken back."""
    query = (
        select(VISIT_DETAILS.c.visit_id, VISIT_DETAILS.c.visit_date)
        .join(VISIT, VISIT.c.visit_id == VISIT_DETAILS.c.visit_id)
        .where(VISIT.c.patient_id == patient_id, VISIT_DETAILS.c.recorded_by <= last)
        .order_by(VISIT_DETAILS.c.row_id)
    )
    return {visit_id: PartialDate.parse(text) for visit_id, text in connection.execute(query)}


def _of_entry(
    table: Table, rows: Sequence[RowMapping], entry: Entry, dates: Mapping[int, PartialDate]
) -> Iterator[Correction]:
    """Pair what an entry took back of a table with what it recorded there in its place."""
    taken = [row for row in rows if row["retracted_by"] == entry.entry_id]
    made = [row for row in rows if row["recorded_by"] == entry.entry_id]
    is_undo = entry.undoes is not None
    for old in taken:
        new = _in_its_place(table, old, taken, made)
        if new is not None:
            made.remove(new)
        if not is_undo and new is not None and _only_adds(_said(table, old), _said(table, new)):
            continue
        kind = CorrectionKind.TAKEN_BACK if new is None else CorrectionKind.AMENDED
        yield _correction(table, entry, CorrectionKind.UNDONE if is_undo else kind, (old, new), dates)
    if is_undo:
        for new in made:
            yield _correction(table, entry, CorrectionKind.BROUGHT_BACK, (None, new), dates)


def _in_its_place(
    table: Table, old: RowMapping, taken: Sequence[RowMapping], made: Sequence[RowMapping]
) -> RowMapping | None:
    """Find the row with the same key; where facts have none, or it changed, one row stands for one row."""
    for key in KEYS_OF_CURRENT_ROWS[table.name]:
        same = [new for new in made if all(new[name] == old[name] for name in key)]
        if same:
            return same[0]
    return made[0] if len(taken) == len(made) == 1 else None


def _correction(
    table: Table,
    entry: Entry,
    kind: CorrectionKind,
    pair: tuple[RowMapping | None, RowMapping | None],
    dates: Mapping[int, PartialDate],
) -> Correction:
    old, new = (None if row is None else _said(table, row) for row in pair)
    visit_id: Any = next((row["visit_id"] for row in pair if row is not None and "visit_id" in row), None)
    return Correction(
        kind=kind,
        table=table.name,
        entry_id=entry.entry_id,
        recorded_at=entry.recorded_at,
        recorded_by=entry.recorded_by,
        command=entry.command,
        reason=entry.reason,
        old=old,
        new=new,
        visit_date=dates.get(visit_id),
    )


def _only_adds(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Whether all that was said still is, as where an episode is closed or a treatment ends: that corrects nothing."""
    return all(value is None or value == new[name] for name, value in old.items())


def _said(table: Table, row: RowMapping) -> dict[str, object]:
    """Give what a row says, without the keys that only the record needs."""
    return {name: value for name, value in from_row(table.name, row).items() if name not in _KEYS}
