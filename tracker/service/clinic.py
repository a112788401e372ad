"""A whole clinic as its pages need it: every record, read at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.database import queries
from tracker.database.session import Database
from tracker.database.whole_records import DatedRecord, newest_entry, record_identity, whole_records


@dataclass(frozen=True, slots=True)
class Clinic:
    """Every patient of the record at one moment.

    `identity` tells this record from every other one, `newest_entry` is the last entry that was looked at, and
    `known_until` that of the moment that was asked for, None where it was now.
    """

    records: tuple[DatedRecord, ...]
    identity: str
    newest_entry: int
    known_until: int | None
    schema_revision: str


def read_clinic(database: Database, *, known_at: datetime | None = None) -> Clinic:
    """Read all patients, or what the ledger held of them at a moment."""
    with database.reading() as connection:
        until = None if known_at is None else queries.entry_at(connection, known_at)
        return Clinic(
            records=whole_records(connection, known_until=until),
            identity=record_identity(connection),
            newest_entry=newest_entry(connection) if until is None else until,
            known_until=until,
            schema_revision=database.schema_revision,
        )
