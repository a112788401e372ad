"""Reversing one entry by another: nothing is removed, and the undo can itself be undone.

The reverse of an entry takes back the facts it recorded and records copies of the facts
it took back. Copies are made in the order of the originals' row ids, so that the copy of a
row can be found again: where a later entry took a row back and was then undone, the row
lives on as its copy, and the copy is what counts.

Identities stay; without a current row of details they are no longer seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, func, select
from sqlalchemy.engine import RowMapping

from tracker.database.entries import Draft, require_entry
from tracker.database.release_tables import EXPORT_MADE
from tracker.database.tables import (
    DETAILS,
    FACTS,
    IDENTITIES,
    KEYS_OF_CURRENT_ROWS,
    LEDGER_ENTRY,
    OF_PATIENTS,
    PATIENT,
)
from tracker.errors import ConflictError

_Row = Mapping[str, object] | RowMapping


@dataclass(slots=True)
class _Reversal:
    """What the reverse of an entry takes back and records, and which entries stand in its way."""

    retracts: dict[str, dict[int, _Row]] = field(default_factory=dict)
    restores: dict[str, list[_Row]] = field(default_factory=dict)
    blockers: set[int] = field(default_factory=set)


def draft_undo(connection: Connection, entry_id: int) -> Draft:
    """Draft the entry that reverses `entry_id`; its `undoes` is set.

    Raises
    ------
    NotFoundError
        If there is no such entry.
    ConflictError
        If it was undone already, or if later entries still in force changed what it recorded
        or use what it made; they are named.
    """
    undone_by = _undone_by(connection)
    _check_undoable(connection, entry_id, undone_by)
    reversal = _Reversal()
    for table in FACTS:
        recorded = connection.execute(
            select(table).where(table.c.recorded_by == entry_id).order_by(table.c.row_id)
        ).mappings()
        current = [_follow(connection, table, row, undone_by) for row in recorded.all()]
        reversal.blockers |= {int(str(row["retracted_by"])) for row in current if row["retracted_by"] is not None}
        reversal.retracts[table.name] = {int(str(row["row_id"])): row for row in current}
        taken_back = select(table).where(table.c.retracted_by == entry_id).order_by(table.c.row_id)
        reversal.restores[table.name] = list(connection.execute(taken_back).mappings())
    reversal.blockers |= set(_clashes(connection, entry_id, reversal))
    reversal.blockers |= set(_orphans(connection, entry_id, reversal))
    reversal.blockers |= set(_homeless(connection, entry_id, reversal))
    if reversal.blockers:
        raise _in_the_way(entry_id, sorted(reversal.blockers))
    return _draft(connection, entry_id, reversal)


def newest_undoable(connection: Connection) -> int | None:
    """Give the newest entry that is in force, no export and not itself an undo; a redo counts as an entry."""
    undone_by = _undone_by(connection)
    undoes = {later: earlier for earlier, later in undone_by.items()}
    exports = set(connection.scalars(select(EXPORT_MADE.c.recorded_by)))
    newest = connection.scalar(select(func.max(LEDGER_ENTRY.c.entry_id))) or 0
    for entry_id in range(newest, 0, -1):
        if entry_id not in exports and entry_id not in undone_by and _depth(entry_id, undoes) % 2 == 0:
            return entry_id
    return None


def first_row_ids(connection: Connection, table: Table, row_ids: Iterable[int]) -> dict[int, int]:
    """Give for each row of a fact table the row it is a copy of, through every undo; itself where it is none."""
    is_undo = LEDGER_ENTRY.c.undoes.is_not(None)
    copies = _row_ids_by(connection, table, table.c.recorded_by, select(LEDGER_ENTRY.c.entry_id).where(is_undo))
    originals = _row_ids_by(connection, table, table.c.retracted_by, select(LEDGER_ENTRY.c.undoes).where(is_undo))
    copied_from: dict[int, int] = {}
    for earlier, later in _undone_by(connection).items():
        # copies are made in the order of their originals; of a ledger that does not hold, as far as both go
        copied_from |= zip(copies.get(later, ()), originals.get(earlier, ()), strict=False)
    first = {}
    for row_id in row_ids:
        first[row_id] = row_id
        while first[row_id] in copied_from:
            first[row_id] = copied_from[first[row_id]]
    return first


def _row_ids_by(
    connection: Connection, table: Table, column: Column[int], entries: Select[int]
) -> dict[int, list[int]]:
    """Give row ids by the entry that `column` names, sorted."""
    found: dict[int, list[int]] = {}
    for entry_id, row_id in connection.execute(
        select(column, table.c.row_id).where(column.in_(entries)).order_by(table.c.row_id)
    ):
        found.setdefault(entry_id, []).append(row_id)
    return found


def _depth(entry_id: int, undoes: Mapping[int, int]) -> int:
    """Count the steps back to an original: 0 for one, 1 for its undo, 2 for its redo."""
    depth = 0
    while entry_id in undoes:
        entry_id = undoes[entry_id]
        depth += 1
    return depth


def _undone_by(connection: Connection) -> dict[int, int]:
    rows = connection.execute(
        select(LEDGER_ENTRY.c.undoes, LEDGER_ENTRY.c.entry_id).where(LEDGER_ENTRY.c.undoes.is_not(None))
    )
    return {undoes: entry_id for undoes, entry_id in rows}


def _check_undoable(connection: Connection, entry_id: int, undone_by: Mapping[int, int]) -> None:
    require_entry(connection, entry_id)
    if connection.scalar(select(EXPORT_MADE.c.row_id).where(EXPORT_MADE.c.recorded_by == entry_id)) is not None:
        raise ConflictError(
            f"Entry {entry_id} says that data left the record, and that cannot be taken back.",
            hint="Delete the files where they are.",
        )
    if entry_id not in undone_by:
        return
    chain = [entry_id]
    while chain[-1] in undone_by:
        chain.append(undone_by[chain[-1]])
    if len(chain) % 2 == 0:
        raise ConflictError(
            f"Entry {entry_id} was already undone by entry {chain[-1]}.",
            hint=f"To bring it back, undo that one: tracker undo {chain[-1]}",
        )
    raise ConflictError(
        f"Entry {entry_id} was undone and brought back; it now stands as entry {chain[-1]}.",
        hint=f"To take it back again: tracker undo {chain[-1]}",
    )


def _in_the_way(entry_id: int, blockers: list[int]) -> ConflictError:
    if len(blockers) == 1:
        return ConflictError(
            f"Entry {entry_id} cannot be undone: entry {blockers[0]} changed or uses what it did.",
            hint=f"Undo that one first: tracker undo {blockers[0]}",
        )
    names = ", ".join(str(blocker) for blocker in blockers[:-1]) + f" and {blockers[-1]}"
    return ConflictError(
        f"Entry {entry_id} cannot be undone: entries {names} changed or use what it did.",
        hint=f"Undo those first, the newest first: tracker undo {blockers[-1]}",
    )


def _follow(connection: Connection, table: Table, row: _Row, undone_by: Mapping[int, int]) -> _Row:
    """Give the row as it lives on: itself, its copy where a retraction was undone, or the last one taken back."""
    while row["retracted_by"] is not None:
        undo = undone_by.get(int(str(row["retracted_by"])))
        if undo is None:
            return row
        originals = select(table.c.row_id).where(table.c.retracted_by == row["retracted_by"]).order_by(table.c.row_id)
        rank = connection.scalars(originals).all().index(int(str(row["row_id"])))
        copies = select(table).where(table.c.recorded_by == undo).order_by(table.c.row_id).offset(rank).limit(1)
        row = connection.execute(copies).mappings().one()
    return row


def _clashes(connection: Connection, entry_id: int, reversal: _Reversal) -> Iterator[int]:
    """Entries that recorded what now stands where a fact would be restored."""
    for table in _restored(reversal):
        old = table.alias("old")
        for key in KEYS_OF_CURRENT_ROWS[table.name]:
            same = [table.c[column] == old.c[column] for column in key]
            query = (
                select(table.c.row_id, table.c.recorded_by)
                .join(old, and_(*same))
                .where(old.c.retracted_by == entry_id, table.c.retracted_by.is_(None))
            )
            yield from _kept(connection, query, table, reversal)


def _orphans(connection: Connection, entry_id: int, reversal: _Reversal) -> Iterator[int]:
    """Entries whose facts would be left without the patient, episode or visit they are about."""
    for identity in IDENTITIES:
        key, details = f"{identity.name}_id", DETAILS[identity.name]
        if not reversal.retracts[details.name]:
            continue  # it recorded none, so that none can be dropped
        amended = select(details.c[key]).where(details.c.retracted_by == entry_id)
        dropped = select(details.c[key]).where(details.c.recorded_by == entry_id, details.c[key].not_in(amended))
        for table in FACTS:
            for about in _ids_of(table, identity):
                query = select(table.c.row_id, table.c.recorded_by).where(table.c.retracted_by.is_(None))
                yield from _kept(connection, query.where(about.in_(dropped)), table, reversal)


def _homeless(connection: Connection, entry_id: int, reversal: _Reversal) -> Iterator[int]:
    """Entries that took back the patient, episode or visit which a restored fact is about."""
    for identity in IDENTITIES:
        key, details = f"{identity.name}_id", DETAILS[identity.name]
        restored = select(details.c[key]).where(details.c.retracted_by == entry_id)
        for table in _restored(reversal):
            for about in _ids_of(table, identity):
                needed = select(about).where(table.c.retracted_by == entry_id)
                query = (
                    select(func.max(details.c.retracted_by))
                    .where(details.c[key].in_(needed), details.c[key].not_in(restored))
                    .group_by(details.c[key])
                    # every row of details was taken back
                    .having(func.count() == func.count(details.c.retracted_by))
                )
                yield from connection.scalars(query)


def _restored(reversal: _Reversal) -> Iterator[Table]:
    """Give the tables that facts would be restored to: mostly few, and each asked of costs several queries."""
    return (table for table in FACTS if reversal.restores[table.name])


def _ids_of(table: Table, identity: Table) -> Iterator[ColumnElement[int]]:
    """Give, as columns to compare, the ids of an identity that rows of a fact table hang on."""
    key = f"{identity.name}_id"
    if key in table.c:
        yield table.c[key]
    if identity is PATIENT:
        for between in OF_PATIENTS:
            own_key = f"{between.name}_id"
            if own_key in table.c and key not in table.c:
                same = between.c[own_key] == table.c[own_key]
                yield select(between.c.patient_id).where(same).correlate(table).scalar_subquery()


def _kept(connection: Connection, query: Select[int, int], table: Table, reversal: _Reversal) -> Iterator[int]:
    """Give the entries that recorded the rows found, except rows that are taken back anyway."""
    taken_back = reversal.retracts[table.name]
    return (recorded_by for row_id, recorded_by in connection.execute(query) if row_id not in taken_back)


def _draft(connection: Connection, entry_id: int, reversal: _Reversal) -> Draft:
    draft = Draft(connection, undoes=entry_id)
    for table in FACTS:
        for row in reversal.retracts[table.name].values():
            draft.retract_row(table.name, row)
        for row in reversal.restores[table.name]:
            draft.record_copy(table.name, row)
    return draft
