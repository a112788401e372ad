"""Copies of the whole record that were checked before anybody relies on them.

A backup is always one SQLite file, also of a PostgreSQL database: it can be opened,
verified and restored anywhere, without a server.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Table, func, insert, inspect, select

from tracker.database.failures import in_words
from tracker.database.revisions import check_revision, current_revision, head_revision, run_up
from tracker.database.session import Database, connect, connect_file, use_write_ahead_log
from tracker.database.tables import CLINIC, METADATA
from tracker.database.verification import verify
from tracker.errors import AccessError, ConflictError, RecordIntegrityError, SchemaError

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A copy that was made and verified.

    `n_rows` counts the rows of every table; `head_hash` is the hash of the last ledger entry.
    """

    target: str
    schema_revision: str
    n_entries: int
    n_rows: int
    head_hash: str


def make_backup(database: Database, target: Path) -> BackupReport:
    """Copy a database into the new file `target` (mode 0600) and verify the copy.

    The copy is of one moment; others may read and write meanwhile. It is written beside
    the target and gets its name only once it holds.

    Raises
    ------
    ConflictError
        If `target` exists: a backup is never overwritten.
    AccessError
        If it cannot be written.
    SchemaError
        If there are no tables to copy.
    RecordIntegrityError
        If the copy, and so most likely the database, does not hold.
    """
    with _unfinished(target) as part, database.reading() as source:
        revision = current_revision(source)
        if revision is None:
            raise SchemaError(f"The database '{database.url_for_display}' is empty: there is nothing to copy.")
        if database.dialect_name == "sqlite":
            _copy_file(source, part)
        else:
            with connect_file(part) as copy, copy.writing() as connection:
                run_up(connection, revision)
                _copy_rows(source, connection)
        return _check_copy(source, part, str(target), revision)


def restore(source: Path, url: str) -> BackupReport:
    """Bring a backup into an empty database, or a new SQLite file, and verify it there.

    The tables are at the revision of the backup; an older one is brought up afterwards by
    `schema.upgrade`.

    Raises
    ------
    ConflictError
        If there is a record at `url` already.
    AccessError, SchemaError, RecordIntegrityError
        If the backup cannot be read, is newer than this program, or does not hold.
    """
    with connect_file(source.absolute()) as backup, backup.reading() as rows:
        _check_file(rows, str(source))
        revision = current_revision(rows)
        if revision is None or revision > head_revision():
            check_revision(revision, str(source))
        with connect(url, create=True) as database:
            with database.writing() as connection:
                _refuse_to_overwrite(connection, database.url_for_display)
                run_up(connection, str(revision))
                _copy_rows(rows, connection)
                report = verify(connection)
                n_rows = _count_rows(connection)
                if not report.holds or n_rows != _count_rows(rows):
                    raise _does_not_hold(str(source), report.problems)
            use_write_ahead_log(database)
            return BackupReport(database.url_for_display, str(revision), report.n_entries, n_rows, report.head_hash)


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give a file beside `target` that takes its name at the end, or vanishes."""
    part = target.absolute().with_name(f"{target.name}.part")
    try:
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if target.exists():
            raise ConflictError(f"The file '{target}' exists already.", hint="Choose another name for the backup.")
        if part.exists():
            raise ConflictError(
                f"Another backup is being written to '{part}', or was broken off.",
                hint="If none is running, remove that file.",
            )
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise AccessError(
            f"No backup can be written to '{target}': {error.strerror}.",
            hint="Choose a directory that you may write to.",
        ) from error
    try:
        yield part
        part.rename(target)
    finally:
        for leftover in (part, Path(f"{part}-wal"), Path(f"{part}-shm"), Path(f"{part}-journal")):
            leftover.unlink(missing_ok=True)


def _copy_file(source: Connection, part: Path) -> None:
    original = cast("sqlite3.Connection", source.connection.driver_connection)
    with in_words(str(part)), connect_file(part) as copy, copy.driver_connection() as connection:
        original.backup(connection)
        # one file that can be read from a read-only disk
        connection.execute("PRAGMA journal_mode=DELETE")


def _copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row, table by table, in the order that foreign keys ask for."""
    present = inspect(source).get_multi_columns()
    names = {table: {column["name"] for column in columns} for (_, table), columns in present.items()}
    for table in (table for table in METADATA.sorted_tables if table.name in names):
        columns = [column for column in table.c if column.name in names[table.name]]
        key = next(iter(table.primary_key.columns))
        query = select(*columns).order_by(key)
        if table is CLINIC:
            # the revision that makes the table also makes the default clinic
            query = query.where(key.not_in(target.scalars(select(key)).all()))
        for rows in source.execution_options(stream_results=True).execute(query).mappings().partitions(_ROWS_AT_ONCE):
            target.execute(insert(table), [dict(row) for row in rows])


def _check_copy(source: Connection, part: Path, shown: str, revision: str) -> BackupReport:
    with connect_file(part) as copy, copy.reading() as connection:
        _check_file(connection, shown)
        report = verify(connection)
        n_rows = _count_rows(connection)
        if not report.holds or n_rows != _count_rows(source):
            raise _does_not_hold(shown, report.problems)
    return BackupReport(shown, revision, report.n_entries, n_rows, report.head_hash)


def _check_file(connection: Connection, shown: str) -> None:
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if said != "ok":
        raise RecordIntegrityError(f"The file '{shown}' is damaged: {said}.", hint="Use another backup.")


def _count_rows(connection: Connection) -> int:
    names = set(inspect(connection).get_table_names())
    return sum(_count(connection, table) for table in METADATA.sorted_tables if table.name in names)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _does_not_hold(shown: str, problems: tuple[str, ...]) -> RecordIntegrityError:
    first = problems[0] if problems else "It has not as many rows as the original."
    return RecordIntegrityError(f"The copy '{shown}' does not hold. {first}", hint="Run: tracker db verify")


def _refuse_to_overwrite(connection: Connection, place: str) -> None:
    taken = set(inspect(connection).get_table_names()) & {"alembic_version", *METADATA.tables}
    if connection.dialect.name == "sqlite":
        taken = set(inspect(connection).get_table_names())
    if taken:
        raise ConflictError(
            f"'{place}' already holds the table '{min(taken)}'; a backup is restored only where there is nothing yet.",
            hint="Restore it to a new file or an empty database.",
        )
