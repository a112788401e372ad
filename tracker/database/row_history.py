"""The history of one fact, or of a visit with all it brought: every row, and the entries around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, select
from sqlalchemy.engine import RowMapping

from tracker.database.entries import Entry, from_row
from tracker.database.lookups import find_entry
from tracker.database.tables import FACTS, KEYS_OF_CURRENT_ROWS, LARGEST_ID, METADATA
from tracker.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class RowHistory:
    """One row as it was recorded, by which entry, and by which it was taken back; None while it stands."""

    table: str
    row_id: int
    values: Mapping[str, object]
    recorded: Entry
    retracted: Entry | None


def history_of_fact(connection: Connection, table_name: str, row_id: int) -> tuple[RowHistory, ...]:
    """Give every row that ever said what this one says of the same thing, the oldest first.

    Raises
    ------
    NotFoundError
        If there is no such row.
    """
    table = METADATA.tables[table_name]
    found = (
        connection.execute(select(table).where(table.c.row_id == row_id)).mappings().first()
        if 0 < row_id <= LARGEST_ID
        else None
    )
    if found is None:
        raise NotFoundError(
            f"There is no row {row_id} of {table_name}.",
            hint="Row numbers stand in: tracker trace CODE resolution, and tracker log ENTRY --json",
        )
    return _histories(connection, [(table, row) for row in _rows(connection, table, _same_fact(table, found))])


def history_of_visit(connection: Connection, visit_id: int) -> tuple[RowHistory, ...]:
    """Give every row that a visit ever held, by table and then in the order of recording.

    Raises
    ------
    NotFoundError
        If there never was such a visit.
    """
    rows = [
        (table, row)
        for table in FACTS
        if "visit_id" in table.c and visit_id <= LARGEST_ID
        for row in _rows(connection, table, table.c.visit_id == visit_id)
    ]
    if not rows:
        raise NotFoundError(f"There is no visit {visit_id}.", hint="See the numbers: tracker visit list CODE")
    return _histories(connection, rows)


def _same_fact(table: Table, row: RowMapping) -> ColumnElement[bool]:
    """Give the condition that a row has the key of this one; where facts have no key, that it is this row."""
    keys = [key for key in KEYS_OF_CURRENT_ROWS[table.name] if any(name.endswith("_id") for name in key)]
    own = [key for key in keys if "clinic_id" not in key]
    names = own[0] if own else ("row_id",)
    return and_(*(table.c[name] == row[name] for name in names))


def _rows(connection: Connection, table: Table, condition: ColumnElement[bool]) -> list[RowMapping]:
    return list(connection.execute(select(table).where(condition).order_by(table.c.row_id)).mappings())


def _histories(connection: Connection, rows: Iterable[tuple[Table, RowMapping]]) -> tuple[RowHistory, ...]:
    entries: dict[int, Entry] = {}

    def entry(number: int) -> Entry:
        if number not in entries:
            entries[number] = find_entry(connection, number)
        return entries[number]

    return tuple(
        RowHistory(
            table=table.name,
            row_id=row["row_id"],
            values=from_row(table.name, row),
            recorded=entry(row["recorded_by"]),
            retracted=None if row["retracted_by"] is None else entry(row["retracted_by"]),
        )
        for table, row in rows
    )
