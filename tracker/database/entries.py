"""One command's worth of change: drafted, looked at, then appended to the ledger in one go."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Literal

from sqlalchemy import Connection, Float, Table, bindparam, func, insert, select, update
from sqlalchemy.engine import RowMapping

from tracker.clinical.dictionary import check_value
from tracker.database.chain import GENESIS, Content, hash_entry
from tracker.database.release_tables import SECRETS
from tracker.database.tables import FACTS, IDENTITIES, LARGEST_ID, LEDGER_ENTRY, METADATA, PARTIAL_DATES
from tracker.dates import PartialDate
from tracker.errors import AccessError, ConflictError, InputError, NotFoundError

Kind = Literal["identity", "recorded", "retracted"]

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the clocks of two computers that share a record may be apart."""

_FACT_NAMES = frozenset(table.name for table in FACTS)
_BOOKKEEPING = frozenset({"row_id", "entry_id", "recorded_by", "retracted_by"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry comes from: who, when, by which command, from which file.

    Parameters
    ----------
    recorded_at : datetime.datetime
        Aware; kept in UTC to the microsecond.
    recorded_by, command, program_version : str
        Who ran which command of which version.
    reason : str, optional
        Why, in the words of whoever ran it.
    source_name, source_sha256 : str, optional
        The file the values came from.
    warnings : tuple of str
        What the soft checks said, and was confirmed.
    """

    recorded_at: datetime
    recorded_by: str
    command: str
    program_version: str
    reason: str | None = None
    source_name: str | None = None
    source_sha256: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger, as it stands there for good."""

    entry_id: int
    recorded_at: datetime
    recorded_by: str
    command: str
    reason: str | None
    source_name: str | None
    source_sha256: str | None
    program_version: str
    warnings: tuple[str, ...]
    undoes: int | None
    previous_hash: str
    entry_hash: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row made, recorded or taken back; `values` with partial dates as `PartialDate`.

    `row_id` is the key of the row: of an identity, `patient_id`, `episode_id` or `visit_id`.
    """

    kind: Kind
    table: str
    row_id: int
    values: Mapping[str, object]


class Draft:
    """Changes that belong to one entry, before anything is written.

    Ids are given out from the highest in use, so a draft must be made and appended
    inside one `Database.writing()`; inside `Database.reading()` it is good for a preview.

    Attributes
    ----------
    undoes : int or None
        The entry it reverses, if it was made by `draft_undo`.
    """

    def __init__(self, connection: Connection, *, undoes: int | None = None) -> None:
        self.undoes = undoes
        self.content = Content()
        self._connection = connection
        self._changes: list[Change] = []
        self._retracted: set[tuple[str, int]] = set()
        self._next_ids: dict[str, int] = {}

    def identity(self, table: str, **keys: int) -> int:
        """Draft a new patient, episode or visit and give its id."""
        row_id = self._next_id(METADATA.tables[table])
        self.content.identities.append((table, {f"{table}_id": row_id, **keys}))
        self._changes.append(Change("identity", table, row_id, dict(keys)))
        return row_id

    def record(self, table: str, values: Mapping[str, object]) -> int:
        """Draft a fact and give its row id.

        Parameters
        ----------
        table : str
            Name of a fact table.
        values : mapping
            Column names and values; a partial date as `PartialDate`, a word as its enum or
            text. Columns left out are NULL.

        Raises
        ------
        InputError
            If a text holds a character, or a number is not finite, so that no database keeps it.
        """
        fact_table = _fact_table(table)
        row_id = self._next_id(fact_table)
        row = to_row(fact_table, row_id, values)
        self.content.recorded.append((table, row))
        self._changes.append(Change("recorded", table, row_id, from_row(table, row)))
        return row_id

    def record_copy(self, table: str, row: Mapping[str, object] | RowMapping) -> int:
        """Draft a fact with the values of a row that was taken back, and give its row id."""
        row_id = self._next_id(_fact_table(table))
        copied = {name: value for name, value in row.items() if name not in _BOOKKEEPING}
        self.content.recorded.append((table, {"row_id": row_id, **copied}))
        self._changes.append(Change("recorded", table, row_id, from_row(table, row)))
        return row_id

    def retract(self, table: str, row_id: int) -> None:
        """Draft that a current fact is taken back.

        Raises
        ------
        NotFoundError
            If there is no such row.
        ConflictError
            If it was taken back already.
        """
        fact_table = _fact_table(table)
        query = select(fact_table).where(fact_table.c.row_id == row_id)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            raise NotFoundError(f"There is no row {row_id} in {table}.")
        if row["retracted_by"] is not None:
            raise ConflictError(f"Row {row_id} of {table} was already taken back by entry {row['retracted_by']}.")
        self.retract_row(table, row)

    def retract_row(self, table: str, row: Mapping[str, object] | RowMapping) -> None:
        """Draft that a current row, just read in this transaction, is taken back."""
        row_id = int(str(row["row_id"]))
        if (table, row_id) in self._retracted:
            raise ConflictError(f"Row {row_id} of {table} is taken back twice in one entry.")
        self._retracted.add((table, row_id))
        self.content.retracted.append((table, row_id))
        self._changes.append(Change("retracted", table, row_id, from_row(table, row)))

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would be done, in the order it was drafted."""
        return tuple(self._changes)

    def _next_id(self, table: Table) -> int:
        if table.name not in self._next_ids:
            key = next(iter(table.primary_key.columns))
            self._next_ids[table.name] = (self._connection.scalar(select(func.max(key))) or 0) + 1
        row_id = self._next_ids[table.name]
        self._next_ids[table.name] += 1
        return row_id


def append(connection: Connection, draft: Draft, origin: Origin, *, undoes: int | None = None) -> Entry:
    """Write a draft as the next entry of the ledger.

    Parameters
    ----------
    connection : Connection
        From `Database.writing()`, the one the draft was made on.
    draft : Draft
        At least one change.
    origin : Origin
        A `recorded_at` a little before the last entry's is moved up to it: the ledger never goes back in
        time. One more than `CLOCK_TOLERANCE` before it is refused: one of the two clocks is wrong.
    undoes : int, optional
        The entry this one reverses; that of the draft if not given.

    Raises
    ------
    InputError
        If the draft is empty, or a text of the origin is not allowed.
    AccessError
        If the clock is far behind the last entry.
    ConflictError
        If a row it takes back is no longer current.
    """
    if draft.content.is_empty:
        raise InputError("There is nothing to record.")
    _check_origin(origin)
    last = connection.execute(
        select(LEDGER_ENTRY.c.entry_id, LEDGER_ENTRY.c.recorded_at, LEDGER_ENTRY.c.entry_hash)
        .order_by(LEDGER_ENTRY.c.entry_id.desc())
        .limit(1)
    ).first()
    entry = Entry(
        entry_id=1 if last is None else last.entry_id + 1,
        undoes=draft.undoes if undoes is None else undoes,
        previous_hash=GENESIS if last is None else last.entry_hash,
        entry_hash="",
        **_fields(origin),
    )
    if last is not None and last.recorded_at > entry.recorded_at:
        _check_clock(entry.recorded_at, last.recorded_at)
        entry = replace(entry, recorded_at=last.recorded_at)
    entry = replace(entry, entry_hash=hash_entry(_fields(entry), draft.content))
    _write(connection, entry, draft.content)
    return entry


def read_entry(row: RowMapping) -> Entry:
    """Make an entry of a row of the ledger."""
    return Entry(**{**row, "warnings": tuple(json.loads(row["warnings"]))})


def describe(connection: Connection, entry_id: int) -> tuple[Change, ...]:
    """Tell what an entry did: identities made, facts taken back, facts recorded.

    Raises
    ------
    NotFoundError
        If there is no such entry.
    """
    require_entry(connection, entry_id)
    return tuple(_changes_of(connection, entry_id))


def require_entry(connection: Connection, entry_id: int) -> None:
    """Refuse to go on where there is no such entry (`NotFoundError`)."""
    query = select(LEDGER_ENTRY.c.entry_id).where(LEDGER_ENTRY.c.entry_id == entry_id)
    if not 0 < entry_id <= LARGEST_ID or connection.scalar(query) is None:
        raise NotFoundError(f"There is no entry {entry_id} in the ledger.", hint="See the ledger: tracker log")


def from_row(table: str, row: Mapping[str, object] | RowMapping) -> dict[str, object]:
    """Give the values of a fact row as they were recorded, without the bookkeeping columns and without secrets."""
    dates, secret = PARTIAL_DATES[table], SECRETS.get(table)
    values: dict[str, object] = {}
    for name, value in row.items():
        if name == secret:
            continue
        if name in _BOOKKEEPING or name.removesuffix("_first").removesuffix("_last") in dates and name not in dates:
            continue
        values[name] = PartialDate.parse(str(value)) if name in dates and value is not None else value
    return values


def _changes_of(connection: Connection, entry_id: int) -> Iterator[Change]:
    for table in IDENTITIES:
        for row in connection.execute(select(table).where(table.c.entry_id == entry_id)).mappings():
            key = f"{table.name}_id"
            keys = {name: value for name, value in row.items() if name not in (key, "entry_id")}
            yield Change("identity", table.name, row[key], keys)
    sides: tuple[tuple[Kind, str], ...] = (("retracted", "retracted_by"), ("recorded", "recorded_by"))
    for kind, column in sides:
        for table in FACTS:
            query = select(table).where(table.c[column] == entry_id).order_by(table.c.row_id)
            for row in connection.execute(query).mappings():
                yield Change(kind, table.name, row["row_id"], from_row(table.name, row))


def _check_origin(origin: Origin) -> None:
    texts = {name: value for name, value in _fields(origin).items() if isinstance(value, str)}
    for name, value in [*texts.items(), *(("warnings", warning) for warning in origin.warnings)]:
        _to_column(name, value, is_float=False)
    check_value("recorded_by", origin.recorded_by)
    if origin.reason is not None:
        check_value("reason", origin.reason)


def _check_clock(now: datetime, last: datetime) -> None:
    if last - now > CLOCK_TOLERANCE:
        raise AccessError(
            f"This computer's clock says {_to_minute(now)}, but the last entry was recorded at {_to_minute(last)}.",
            hint="Check the clock. If it is right, the last entry was recorded by a wrong one.",
        )


def _to_minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _write(connection: Connection, entry: Entry, content: Content) -> None:
    header = {**_fields(entry), "warnings": json.dumps(entry.warnings, ensure_ascii=False)}
    connection.execute(insert(LEDGER_ENTRY), header)
    for table in IDENTITIES:
        if rows := [{**row, "entry_id": entry.entry_id} for name, row in content.identities if name == table.name]:
            connection.execute(insert(table), rows)
    for table in FACTS:
        if row_ids := [row_id for name, row_id in content.retracted if name == table.name]:
            _write_retractions(connection, table, row_ids, entry.entry_id)
        if rows := [{**row, "recorded_by": entry.entry_id} for name, row in content.recorded if name == table.name]:
            connection.execute(insert(table), rows)


def _write_retractions(connection: Connection, table: Table, row_ids: list[int], entry_id: int) -> None:
    statement = (
        update(table)
        .where(table.c.row_id == bindparam("old_row_id"), table.c.retracted_by.is_(None))
        .values(retracted_by=entry_id)
    )
    connection.execute(statement, [{"old_row_id": row_id} for row_id in row_ids])
    n_retracted = connection.scalar(select(func.count()).where(table.c.retracted_by == entry_id))
    if n_retracted != len(row_ids):
        raise ConflictError(
            f"Somebody else changed {table.name} meanwhile:"
            f" of what was to be taken back, {n_retracted} of {len(row_ids)} still stands.",
            hint="Look at the record again, then repeat the command.",
        )


def _fields(value: Origin | Entry) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _fact_table(name: str) -> Table:
    if name not in _FACT_NAMES:
        raise ValueError(f"'{name}' is not a fact table")
    return METADATA.tables[name]


def to_row(table: Table, row_id: int, values: Mapping[str, object]) -> dict[str, object]:
    """Give the row of a fact as the database keeps it, its columns of bookkeeping aside."""
    row: dict[str, object] = {column.name: None for column in table.c if column.name not in _BOOKKEEPING}
    if unknown := values.keys() - row.keys():
        raise ValueError(f"{table.name} has no column {sorted(unknown)}")
    for name, value in values.items():
        if isinstance(value, PartialDate):
            row |= {name: str(value), f"{name}_first": value.first, f"{name}_last": value.last}
        else:
            row[name] = _to_column(name, value, is_float=isinstance(table.c[name].type, Float))
    return {"row_id": row_id, **row}


def _to_column(name: str, value: object, *, is_float: bool) -> object:
    """Give a value as the database hands it back, so that its hash is the same when read again."""
    plain = value.value if isinstance(value, Enum) else value
    if isinstance(plain, str) and ("\0" in plain or not plain.isascii() and _has_surrogate(plain)):
        raise InputError(f"{name} holds a character that no database can keep: {plain!r}.")
    if is_float and isinstance(plain, int | float):
        if not math.isfinite(plain):
            raise InputError(f"{name} must be a number, but was '{plain}'.")
        return float(plain)
    return plain


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
