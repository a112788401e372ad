"""The hash of a ledger entry: what it covers and how it is written.

The hash is SHA-256 over the UTF-8 bytes of one JSON document without spaces, its keys
sorted, with these members:

``format``
    1; the number of this description
``entry``
    the entry's columns except `entry_hash`; `recorded_at` as ``2026-03-10T08:15:00.000000Z``,
    `warnings` as a list
``identities``, ``recorded``
    ``[table, row]`` for every identity made and fact recorded by the entry, sorted by table
    and key; a row is its columns except `entry_id`, `recorded_by` and `retracted_by`; a date
    as ``2026-03-10``
``retracted``
    ``[table, row_id]`` for every fact the entry took back, sorted

Columns that are NULL are left out, so that a column added by a later schema revision
leaves the hash of earlier entries as it was. Since `previous_hash` is one of the entry's
columns, each hash covers everything before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

GENESIS = "0" * 64
"""The `previous_hash` of the first entry."""

_FORMAT = 1
_NOT_COVERED = frozenset({"entry_id", "recorded_by", "retracted_by"})

Row = Mapping[str, object]


@dataclass(slots=True)
class Content:
    """What one entry did: rows as the database holds them, by table name."""

    identities: list[tuple[str, Row]] = field(default_factory=list)
    recorded: list[tuple[str, Row]] = field(default_factory=list)
    retracted: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the entry did nothing."""
        return not (self.identities or self.recorded or self.retracted)


def hash_entry(header: Row, content: Content) -> str:
    """Compute the hash of an entry.

    Parameters
    ----------
    header : mapping
        The columns of the entry, `warnings` as a tuple or list; `entry_hash` is ignored.
    content : Content
        What it did, in any order.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    document = {
        "format": _FORMAT,
        "entry": {name: _plain(value) for name, value in header.items() if value is not None and name != "entry_hash"},
        "identities": _rows(content.identities),
        "recorded": _rows(content.recorded),
        "retracted": sorted([table, row_id] for table, row_id in content.retracted),
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _rows(rows: Iterable[tuple[str, Row]]) -> list[list[object]]:
    keyed = {
        # the key is the first column of every table
        (table, next(iter(row.values()))): {
            name: _plain(value) for name, value in row.items() if value is not None and name not in _NOT_COVERED
        }
        for table, row in rows
    }
    return [[table, keyed[table, key]] for table, key in sorted(keyed, key=_by_table_and_key)]


def _by_table_and_key(key: tuple[str, object]) -> tuple[str, int]:
    return key[0], int(str(key[1]))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value
