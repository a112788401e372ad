"""Copies of the whole record that were checked before anybody relies on them.

A backup is always one SQLite file, also of a PostgreSQL database: it can be opened,
verified and restored anywhere, without a server.
"""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Table, func, insert, inspect, select

from tracker.database.failures import in_words
from tracker.database.revisions import (
    check_revision,
    current_revision,
    head_revision,
    refuse_foreign_tables,
    run_down,
    run_up,
)
from tracker.database.session import (
    Database,
    connect,
    connect_file,
    find_path,
    make_directory,
    use_write_ahead_log,
)
from tracker.database.tables import CLINIC, LEDGER_ENTRY, METADATA
from tracker.database.verification import verify
from tracker.errors import AccessError, ConflictError, RecordIntegrityError, SchemaError

_ROWS_AT_ONCE = 1000
_ONLY_WHERE_NOTHING_IS = "A backup is restored only where there is nothing yet."
_ELSEWHERE = "Restore it to a new file or an empty database."


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
        If `target` exists, or comes to exist meanwhile: a backup is never overwritten.
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
            refuse_foreign_tables(source, database.url_for_display)
            raise SchemaError(f"The database '{database.url_for_display}' is empty: there is nothing to copy.")
        if database.dialect_name == "sqlite":
            _copy_file(source, part)
        else:
            with connect_file(part) as copy, copy.writing() as connection:
                run_up(connection, revision)
                _copy_rows(source, connection)
        return _check_copy(source, part, BackupReport(str(target), revision, 0, 0, ""), database.url_for_display)


def restore(source: Path, url: str) -> BackupReport:
    """Bring a backup into a database that holds no record yet, or a new SQLite file, and verify it there.

    The tables are at the revision of the backup; an older one is brought up afterwards by
    `schema.upgrade`. A new file gets its name only once it holds.

    Raises
    ------
    ConflictError
        If there is a record at `url` already.
    AccessError, SchemaError, RecordIntegrityError
        If the backup cannot be read, is newer than this program, or does not hold.
    """
    path = find_path(url)
    with connect_file(source.absolute()) as backup, backup.reading() as rows:
        _check_file(rows, str(source))
        revision = current_revision(rows)
        if revision is None:
            refuse_foreign_tables(rows, str(source))
        if revision is None or revision > head_revision():
            check_revision(revision, str(source))
        if path is None or path.exists():
            with connect(url, create=True) as database:
                return _fill(database, rows, str(revision), backup.url_for_display)
        with _unfinished(path) as part, connect_file(part) as database:
            report = _fill(database, rows, str(revision), backup.url_for_display)
    return replace(report, target=str(path))


def _fill(database: Database, rows: Connection, revision: str, origin: str) -> BackupReport:
    """Bring the rows of the backup at `origin` into a database without a record."""
    with database.writing() as connection:
        _make_room(connection, database.url_for_display, revision)
        _copy_rows(rows, connection)
        report = verify(connection)
        n_rows = _count_rows(connection)
        if not report.holds or n_rows != _count_rows(rows):
            raise _does_not_hold(origin, origin, report.problems)
    use_write_ahead_log(database)
    return BackupReport(database.url_for_display, revision, report.n_entries, n_rows, report.head_hash)


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give a file beside `target` that takes its name at the end, or vanishes with the directories made for it."""
    part = target.absolute().with_name(f"{target.name}.part")
    made: tuple[Path, ...] = ()
    try:
        with _said_of(target):
            if target.exists():
                raise _taken(target)
            made = make_directory(part.parent)
            try:
                os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            except FileExistsError:
                raise ConflictError(
                    f"Another program is writing to '{part}', or was broken off.",
                    hint="If none is running, remove that file.",
                ) from None
        try:
            yield part
            with _said_of(target):
                _name(part, target)
        finally:
            for leftover in (part, Path(f"{part}-wal"), Path(f"{part}-shm"), Path(f"{part}-journal")):
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)
    finally:
        for directory in made:
            # one that holds something, by now, stays
            with suppress(OSError):
                directory.rmdir()


@contextmanager
def _said_of(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AccessError(
            f"The file '{target}' cannot be written: {error.strerror}.",
            hint="Choose a directory that you may write to.",
        ) from error


def _name(part: Path, target: Path) -> None:
    """Give the finished file its name, and never one that another file has by now."""
    try:
        try:
            os.link(part, target)
        except FileExistsError:
            raise
        except OSError:
            # a disk without hard links: take the name first, then put the file in its place
            os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            try:
                part.replace(target)
            except OSError:
                target.unlink()
                raise
    except FileExistsError:
        raise _taken(target) from None


def _taken(target: Path) -> ConflictError:
    return ConflictError(f"The file '{target}' exists already.", hint="Choose another name.")


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


def _check_copy(source: Connection, part: Path, expected: BackupReport, origin: str) -> BackupReport:
    """Verify a copy and give its report; `origin` is where it was copied from."""
    with connect_file(part) as copy, copy.reading() as connection:
        _check_file(connection, expected.target)
        report = verify(connection)
        n_rows = _count_rows(connection)
        if not report.holds or n_rows != _count_rows(source):
            raise _does_not_hold(expected.target, origin, report.problems)
    return replace(expected, n_entries=report.n_entries, n_rows=n_rows, head_hash=report.head_hash)


def _check_file(connection: Connection, shown: str) -> None:
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if said != "ok":
        raise RecordIntegrityError(f"The file '{shown}' is damaged: {said}.", hint="Use another backup.")


def _count_rows(connection: Connection) -> int:
    names = set(inspect(connection).get_table_names())
    return sum(_count(connection, table) for table in METADATA.sorted_tables if table.name in names)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _does_not_hold(shown: str, origin: str, problems: tuple[str, ...]) -> RecordIntegrityError:
    first = problems[0] if problems else "It has not as many rows as the original."
    return RecordIntegrityError(
        f"The copy '{shown}' does not hold. {first}", hint=f"Run: tracker --database {shlex.quote(origin)} db verify"
    )


def _make_room(connection: Connection, place: str, revision: str) -> None:
    """Make empty tables at `revision`; tables that hold no record, such as those of `init`, are used or made anew."""
    names = set(inspect(connection).get_table_names())
    current = current_revision(connection)
    ours = {"alembic_version", *METADATA.tables} if current else {"alembic_version"}
    others = names - ours if connection.dialect.name == "sqlite" else (names & set(METADATA.tables)) - ours
    if others:
        raise ConflictError(
            f"'{place}' already holds the table '{min(others)}'. {_ONLY_WHERE_NOTHING_IS}", hint=_ELSEWHERE
        )
    if current is not None:
        check_revision(current, place)
        default_clinic = 1
        if _count(connection, LEDGER_ENTRY) or _count_rows(connection) > default_clinic:
            raise ConflictError(f"'{place}' already holds a record. {_ONLY_WHERE_NOTHING_IS}", hint=_ELSEWHERE)
        if current != revision:
            run_down(connection, "base")
    run_up(connection, revision)
