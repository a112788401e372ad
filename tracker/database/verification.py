"""Checking that the ledger holds: every hash again, from the rows as they are now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, inspect, or_, select

from tracker.database import triggers
from tracker.database.chain import GENESIS, Content, Row, hash_entry
from tracker.database.revisions import current_revision, head_revision
from tracker.database.tables import CLINIC, DEFAULT_CLINIC_CODE, DEFAULT_CLINIC_ID, FACTS, IDENTITIES, LEDGER_ENTRY

_ENTRIES_AT_ONCE = 500
_MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `verify` found; `head_hash` is the hash of the last entry, `problems` are sentences."""

    n_entries: int
    problems: tuple[str, ...]
    head_hash: str

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


@dataclass(slots=True)
class _Link:
    """The last entry seen; where the chain goes on from."""

    entry_id: int = 0
    entry_hash: str = GENESIS


def verify(connection: Connection) -> VerifyReport:
    """Compute every hash of the ledger again and compare.

    Found: a row changed, added or missing, a retraction set, moved or removed, an entry
    changed or missing, a row whose entry does not exist, a clinic that
    this version does not make, a trigger that is gone or changed.

    Not found: the newest entries cut off together with all their rows. What is left is a
    shorter ledger that holds. Whoever must be able to tell writes `head_hash` and the
    number of entries down elsewhere, now and then, and compares.

    Notes
    -----
    Entries are read in groups, so memory does not grow with the ledger, except by the
    largest entries. Also works at an older schema revision.
    """
    columns = _present_columns(connection)
    problems: list[str] = []
    link = _Link()
    n_entries = 0
    while entries := _next_entries(connection, columns[LEDGER_ENTRY], link.entry_id):
        n_entries += len(entries)
        contents = _contents(connection, columns, entries)
        for entry in entries:
            problems += _problems_of(entry, contents.get(int(str(entry["entry_id"])), Content()), link)
            link = _Link(int(str(entry["entry_id"])), str(entry["entry_hash"]))
    problems += _strangers(connection, columns)
    problems += _clinic_problems(connection)
    if current_revision(connection) == head_revision():
        problems += triggers.problems(connection)
    if len(problems) > _MOST_PROBLEMS:
        n_more = len(problems) - _MOST_PROBLEMS
        problems = [*problems[:_MOST_PROBLEMS], f"There are {n_more} more problems."]
    return VerifyReport(n_entries, tuple(problems), link.entry_hash)


def _present_columns(connection: Connection) -> dict[Table, list[Column[object]]]:
    """Give the columns there are: an older schema has fewer, and NULL is not in a hash."""
    present = inspect(connection).get_multi_columns()
    names = {table: {column["name"] for column in columns} for (_, table), columns in present.items()}
    return {
        table: [column for column in table.c if column.name in names[table.name]]
        for table in (LEDGER_ENTRY, *IDENTITIES, *FACTS)
        if table.name in names
    }


def _next_entries(connection: Connection, columns: list[Column[object]], after: int) -> Sequence[Row]:
    query = select(*columns).where(LEDGER_ENTRY.c.entry_id > after).order_by(LEDGER_ENTRY.c.entry_id)
    rows = connection.execute(query.limit(_ENTRIES_AT_ONCE)).mappings()
    return [dict(row) for row in rows]


def _contents(
    connection: Connection, columns: dict[Table, list[Column[object]]], entries: Sequence[Row]
) -> dict[int, Content]:
    """Collect what each of some consecutive entries did, from the rows as they are now."""
    first, last = entries[0]["entry_id"], entries[-1]["entry_id"]
    contents: dict[int, Content] = {int(str(entry["entry_id"])): Content() for entry in entries}
    nobody = Content()
    for table, shown in columns.items():
        if table in IDENTITIES:
            query = select(*shown).where(table.c.entry_id.between(first, last))
            for row in connection.execute(query).mappings():
                contents.get(row["entry_id"], nobody).identities.append((table.name, dict(row)))
        if table in FACTS:
            recorded = select(*shown).where(table.c.recorded_by.between(first, last))
            for row in connection.execute(recorded).mappings():
                contents.get(row["recorded_by"], nobody).recorded.append((table.name, dict(row)))
            retracted = select(table.c.row_id, table.c.retracted_by).where(table.c.retracted_by.between(first, last))
            for row_id, entry_id in connection.execute(retracted):
                contents.get(entry_id, nobody).retracted.append((table.name, row_id))
    return contents


def _problems_of(entry: Row, content: Content, link: _Link) -> Iterator[str]:
    entry_id = int(str(entry["entry_id"]))
    name = f"Entry {entry_id} ({entry['command']}, {entry['recorded_at']:%Y-%m-%d %H:%M} UTC)"
    if entry_id != link.entry_id + 1:
        gap = (
            f"entry {link.entry_id + 1} is"
            if entry_id == link.entry_id + 2
            else (f"entries {link.entry_id + 1} to {entry_id - 1} are")
        )
        yield f"Before entry {entry_id}, {gap} missing."
    elif entry["previous_hash"] != link.entry_hash:
        yield f"{name} does not follow from the entry before it."
    try:
        header = {**entry, "warnings": json.loads(str(entry["warnings"]))}
    except ValueError:
        yield f"{name} was changed: its warnings cannot be read."
        return
    if hash_entry(header, content) != entry["entry_hash"]:
        yield f"{name} does not hold: it, or a row it recorded or took back, was changed, added or removed."


def _strangers(connection: Connection, columns: dict[Table, list[Column[object]]]) -> Iterator[str]:
    """Name the rows that refer to an entry which does not exist."""
    entries = select(LEDGER_ENTRY.c.entry_id)
    for table in columns:
        key = next(iter(table.primary_key.columns))
        if table in IDENTITIES:
            condition: ColumnElement[bool] = table.c.entry_id.not_in(entries)
        elif table in FACTS:
            taken_back_by_nobody = and_(table.c.retracted_by.is_not(None), table.c.retracted_by.not_in(entries))
            condition = or_(table.c.recorded_by.not_in(entries), taken_back_by_nobody)
        else:
            continue
        for row_id in connection.scalars(select(key).where(condition).limit(_MOST_PROBLEMS)):
            yield f"Row {row_id} of {table.name} belongs to no entry of the ledger."


def _clinic_problems(connection: Connection) -> Iterator[str]:
    """Compare the clinics, which are in no entry, with the one that the first revision made."""
    codes: dict[int, str] = {number: code for number, code in connection.execute(select(CLINIC))}
    if codes.pop(DEFAULT_CLINIC_ID, None) != DEFAULT_CLINIC_CODE:
        yield f"The clinic '{DEFAULT_CLINIC_CODE}' was changed or removed."
    for number in sorted(codes):
        yield f"The clinic '{codes[number]}' (number {number}) was added by another program."
