"""Rows in the order in which what they say was first recorded: an undo and its undo leave no trace in it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table, select
from sqlalchemy.engine import RowMapping

from tracker.database.tables import LEDGER_ENTRY
from tracker.database.undo import first_row_ids


class RecordingOrder:
    """The order of one reading; asks for what undos copied only where a row is such a copy."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        undos = select(LEDGER_ENTRY.c.entry_id).where(LEDGER_ENTRY.c.undoes.is_not(None))
        self._undos = frozenset(connection.scalars(undos))

    def sort(self, table: Table, rows: Iterable[RowMapping]) -> list[RowMapping]:
        """Sort rows of a fact table by their row ids, and copies that an undo made by those of their originals."""
        found = sorted(rows, key=lambda row: int(row["row_id"]))
        if self._undos.isdisjoint(row["recorded_by"] for row in found):
            return found
        first = first_row_ids(self._connection, table, [row["row_id"] for row in found])
        return sorted(found, key=lambda row: first[row["row_id"]])
