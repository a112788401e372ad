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

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.engine import RowMapping

from tracker.database.entries import Draft
from tracker.database.tables import DETAILS, FACTS, IDENTITIES, KEYS_OF_CURRENT_ROWS, LEDGER_ENTRY, METADATA
from tracker.errors import ConflictError, NotFoundError

_Row = Mapping[str, object] | RowMapping


@dataclass(slots=True)
class _Reversal:
    """What the reverse of an entry takes back and records, and which entries stand in its way."""

    retracts: dict[str, dict[int, _Row]] = field(default_factory=dict)
    restores: dict[str, list[_Row]] = field(default_factory=dict)
    blockers: set[int] = field(default_factory=set)

    def is_kept(self, table: str, row: _Row) -> bool:
        return row["row_id"] not in self.retracts.get(table, {})

    def details(self, identity: str, *, restored: bool) -> set[object]:
        """Ids of the identities whose details it records (or takes back)."""
        table = DETAILS[identity].name
        rows: Iterable[_Row] = self.restores.get(table, ()) if restored else self.retracts.get(table, {}).values()
        return {row[f"{identity}_id"] for row in rows}


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
    reversal.blockers |= set(_clashes(connection, reversal))
    reversal.blockers |= set(_orphans(connection, reversal))
    reversal.blockers |= set(_homeless(connection, reversal))
    if reversal.blockers:
        raise _in_the_way(entry_id, sorted(reversal.blockers))
    return _draft(connection, entry_id, reversal)


def newest_undoable(connection: Connection) -> int | None:
    """Give the newest entry that is in force and not itself an undo; a redo counts as an entry."""
    undone_by = _undone_by(connection)
    undoes = {later: earlier for earlier, later in undone_by.items()}
    newest = connection.scalar(select(func.max(LEDGER_ENTRY.c.entry_id))) or 0
    for entry_id in range(newest, 0, -1):
        if entry_id not in undone_by and _depth(entry_id, undoes) % 2 == 0:
            return entry_id
    return None


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
    if connection.scalar(select(LEDGER_ENTRY.c.entry_id).where(LEDGER_ENTRY.c.entry_id == entry_id)) is None:
        raise NotFoundError(f"There is no entry {entry_id} in the ledger.")
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


def _clashes(connection: Connection, reversal: _Reversal) -> Iterator[int]:
    """Entries that recorded what now stands where a fact would be restored."""
    for name, rows in reversal.restores.items():
        table = METADATA.tables[name]
        for key in KEYS_OF_CURRENT_ROWS[name]:
            for row in rows:
                same = [table.c[column] == row[column] for column in key]
                standing = select(table).where(table.c.retracted_by.is_(None), *same)
                for other in connection.execute(standing).mappings():
                    if reversal.is_kept(name, other):
                        yield other["recorded_by"]


def _orphans(connection: Connection, reversal: _Reversal) -> Iterator[int]:
    """Entries whose facts would be left without the patient, episode or visit they are about."""
    for identity in IDENTITIES:
        key = f"{identity.name}_id"
        dropped = reversal.details(identity.name, restored=False) - reversal.details(identity.name, restored=True)
        for identity_id in dropped:
            for table in FACTS:
                if key in table.c:
                    query = select(table).where(table.c[key] == identity_id, table.c.retracted_by.is_(None))
                    rows = connection.execute(query).mappings()
                    yield from (row["recorded_by"] for row in rows if reversal.is_kept(table.name, row))
            yield from _orphaned_identities(connection, reversal, key, identity_id)


def _orphaned_identities(connection: Connection, reversal: _Reversal, key: str, owner_id: object) -> Iterator[int]:
    for identity in IDENTITIES:
        if key not in identity.c or identity.c[key].primary_key:
            continue
        details, own_key = DETAILS[identity.name], f"{identity.name}_id"
        query = (
            select(details)
            .join(identity, identity.c[own_key] == details.c[own_key])
            .where(identity.c[key] == owner_id, details.c.retracted_by.is_(None))
        )
        rows = connection.execute(query).mappings()
        yield from (row["recorded_by"] for row in rows if reversal.is_kept(details.name, row))


def _homeless(connection: Connection, reversal: _Reversal) -> Iterator[int]:
    """Entries that took back the patient, episode or visit which a restored fact is about."""
    for name, rows in reversal.restores.items():
        for identity_name, identity_id in {about for row in rows for about in _is_about(connection, name, row)}:
            details = DETAILS[identity_name]
            if identity_id in reversal.details(identity_name, restored=True):
                continue
            query = select(details.c.retracted_by).where(details.c[f"{identity_name}_id"] == identity_id)
            ends = connection.scalars(query).all()
            if None not in ends:
                yield max(int(str(end)) for end in ends)


def _is_about(connection: Connection, table: str, row: _Row) -> Iterator[tuple[str, object]]:
    """Give the identities that a fact hangs on: (name, id)."""
    for identity in IDENTITIES:
        key = f"{identity.name}_id"
        if row.get(key) is None:
            continue
        if DETAILS[identity.name].name != table:
            yield identity.name, row[key]
        if "patient_id" in identity.c and identity.name != "patient":
            query = select(identity.c.patient_id).where(identity.c[key] == row[key])
            yield "patient", connection.scalar(query)


def _draft(connection: Connection, entry_id: int, reversal: _Reversal) -> Draft:
    draft = Draft(connection, undoes=entry_id)
    for table in FACTS:
        for row in reversal.retracts[table.name].values():
            draft.retract_row(table.name, row)
        for row in reversal.restores[table.name]:
            draft.record_copy(table.name, row)
    return draft
