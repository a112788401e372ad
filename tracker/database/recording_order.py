"""Rows in the order in which what they say was first recorded: an undo and its undo leave no trace in it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Table, select
from sqlalchemy.engine import RowMapping

from tracker.database.tables import LEDGER_ENTRY
from tracker.database.undo import first_row_ids


def in_recording_order(connection: Connection, table: Table, rows: Iterable[RowMapping]) -> list[RowMapping]:
    """Sort rows of a fact table by their row ids, and the copies that an undo made by those of their originals."""
    found = sorted(rows, key=lambda row: int(row["row_id"]))
    if len(found) < 2 or not _anything_undone(connection):  # noqa: PLR2004 -- one row is in order
        return found
    first = first_row_ids(connection, table, [row["row_id"] for row in found])
    return sorted(found, key=lambda row: first[row["row_id"]])


def _anything_undone(connection: Connection) -> bool:
    return (
        connection.scalar(select(LEDGER_ENTRY.c.entry_id).where(LEDGER_ENTRY.c.undoes.is_not(None)).limit(1))
        is not None
    )
