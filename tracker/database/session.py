"""Opening a database, and the one place where transactions begin and end.

SQLite is set up as a record needs it:

* foreign keys are enforced (SQLite's default is not to);
* write-ahead log: readers see one moment and never wait for a writer;
* ``synchronous=FULL``: with the write-ahead log SQLite's faster setting, NORMAL, may lose
  the last commits when the power fails. A visit that was confirmed on the terminal must
  be there the next morning, and one more fsync per command is not noticed;
* writers queue for up to five seconds on ``BEGIN IMMEDIATE``, before they have read
  anything, so that what they read is still true when they write;
* a reading connection cannot write (``query_only``).

The driver's own handling of transactions is switched off (``isolation_level=None``) and
BEGIN is sent from SQLAlchemy's ``begin`` event, which is what SQLAlchemy 2.1 recommends
for Python before 3.12.

PostgreSQL: writers queue on an advisory lock, readers get a read-only snapshot.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from tracker.database.failures import WAIT_SECONDS, in_words
from tracker.database.revisions import check_revision, current_revision, refuse_foreign_tables, run_up
from tracker.errors import AccessError, InputError

_WRITERS_QUEUE = 0x424D4553  # any number that other programs on the server do not use: "BMES" in ASCII
_ANYBODY_ELSE = 0o077
_FORMS = "Write sqlite:///path/to/record.db or postgresql://user@host/name."


class Database:
    """An open database. Make one with `open_database`; close it, or use it in a ``with``.

    Attributes
    ----------
    url_for_display : str
        Where it is, without a password: the path of a file, or the address of a server.
    schema_revision : str
        The revision its tables are at, such as ``0001``; empty where they were never made.
    has_written : bool
        Whether something was committed since it was opened; making its tables does not count.
    """

    def __init__(self, engine: Engine, url_for_display: str) -> None:
        self.url_for_display = url_for_display
        self.schema_revision = ""
        self.has_written = False
        self._keeps_log = False
        self._reader = engine.execution_options(tracker_use="reading")
        self._writer = engine.execution_options(tracker_use="writing")

    @property
    def dialect_name(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._writer.dialect.name

    @property
    def is_private(self) -> bool:
        """Whether nobody but its owner may read or write the file; what a server allows is its own affair."""
        return self.dialect_name != "sqlite" or not Path(self.url_for_display).stat().st_mode & _ANYBODY_ELSE

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database and cannot write.

        Raises
        ------
        AccessError, RecordIntegrityError
            What the database complains of, in words.
        """
        with in_words(self.url_for_display), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the only connection that may write, once every earlier writer has finished.

        Committed at the end; rolled back when anything is raised inside, Ctrl-C included.

        Raises
        ------
        AccessError
            If the database is locked, read-only or full.
        ConflictError
            If a rule of the database refuses a row.
        RecordIntegrityError
            If the file is damaged.
        """
        with in_words(self.url_for_display):
            self._keep_log()
        with in_words(self.url_for_display), self._writer.begin() as connection:
            if self.dialect_name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_QUEUE})")
            yield connection
        self.has_written = True

    @contextmanager
    def driver_connection(self) -> Iterator[sqlite3.Connection]:
        """Give SQLite's own connection, outside any transaction, for what SQLAlchemy has no words for."""
        borrowed = self._writer.raw_connection()
        try:
            connection = borrowed.driver_connection
            if not isinstance(connection, sqlite3.Connection):
                raise TypeError("only SQLite has a file to work on")
            yield connection
        finally:
            borrowed.close()

    def _keep_log(self) -> None:
        """Go over to the write-ahead log where a reader stood in the way when the record was made.

        Only for a record that was opened as such: a backup stays one file.
        """
        if self.schema_revision and not self._keeps_log:
            self._keeps_log = True
            use_write_ahead_log(self, wait=False)

    def close(self) -> None:
        """Close every connection; the object cannot be used afterwards."""
        self._writer.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(url: str, *, create: bool = False) -> Database:
    """Open the record at `url`.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql://user@host/name``.
    create : bool
        Make what is missing: the directory (0700), the file (0600), the tables.
        Two processes may do so at once.

    Raises
    ------
    InputError
        If `url` is not such an address.
    AccessError
        If it is not there, or cannot be opened.
    SchemaError
        If its tables belong to another version of the program.
    RecordIntegrityError
        If the file is no database, or damaged.
    """
    database = connect(url, create=create)
    try:
        with database.reading() as connection:
            current = current_revision(connection)
            if current is None and not create:
                refuse_foreign_tables(connection, database.url_for_display)
        if current is None and create:
            current = _make_tables(database)
        database.schema_revision = check_revision(current, database.url_for_display)
        database.has_written = False
    except BaseException:
        database.close()
        raise
    return database


def connect(url: str, *, create: bool = False, foreign_keys: bool = True) -> Database:
    """Open what is at `url` whatever its tables are, and make the file if `create` says so.

    For backups and upgrades, which meet older schemas; `open_database` is for everything else.
    `foreign_keys` is False only while a revision makes SQLite tables anew.
    """
    address = _read_url(url)
    if address.get_backend_name() == "postgresql":
        return Database(_postgresql_engine(address), _without_password(address))
    return connect_file(Path(str(address.database)).absolute(), create=create, foreign_keys=foreign_keys)


def find_path(url: str) -> Path | None:
    """Give the path of a SQLite file, there or not; None where `url` is of a server (`InputError` as `connect`)."""
    address = _read_url(url)
    return None if address.get_backend_name() == "postgresql" else Path(str(address.database)).absolute()


def connect_file(path: Path, *, create: bool = False, foreign_keys: bool = True) -> Database:
    """Open the SQLite file at an absolute `path`, as `connect` does."""
    if create:
        _make_file(path)
    else:
        _look_for(path)
    if path.is_dir():
        raise AccessError(f"'{path}' is a directory, not a database file.", hint=_FORMS)
    return Database(_sqlite_engine(path, foreign_keys=foreign_keys), str(path))


def _read_url(url: str) -> URL:
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, ValueError):
        # what they say may quote the password
        raise InputError("The address of the database cannot be read.", hint=_FORMS) from None
    if backend == "sqlite" and address.database and address.database != ":memory:":
        return address
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        raise InputError("The address of the database names no file.", hint=_FORMS)
    raise InputError(
        f"A database of kind '{address.drivername}' cannot be used: only SQLite and PostgreSQL are supported.",
        hint=_FORMS,
    )


def _without_password(address: URL) -> str:
    # the query part may hold a password too
    shown = URL.create("postgresql", address.username, None, address.host, address.port, address.database)
    return shown.render_as_string(hide_password=True)


def _look_for(path: Path) -> None:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise AccessError(
            f"There is no database at '{path}'.",
            hint=f"Check the path, or make one there: tracker --database {path} init",
        ) from None
    except OSError as error:
        raise AccessError(f"'{path}' cannot be reached: {error.strerror}.", hint="Check the path.") from error


def _make_file(path: Path) -> None:
    try:
        make_directory(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.stat().st_size == 0:
            # it may have been there before, open to others; one that holds something is its owner's decision
            with suppress(PermissionError):
                path.chmod(0o600)
    except IsADirectoryError:
        return  # said by the caller
    except OSError as error:
        if os.path.isfile(path):
            return  # one is there, and reading it says what it is
        raise AccessError(
            f"No database can be made at '{path}': {error.strerror}.",
            hint="Choose a directory that you may write to.",
        ) from error


def make_directory(path: Path) -> tuple[Path, ...]:
    """Make a directory and what is missing above it, for its owner alone (0700).

    Returns
    -------
    tuple of Path
        Those that were made, the innermost first.

    Raises
    ------
    OSError
        If one cannot be made.
    """
    missing = tuple(place for place in (path, *path.parents) if not place.exists())
    for place in reversed(missing):
        place.mkdir(mode=0o700, exist_ok=True)
    return missing


def _sqlite_engine(path: Path, *, foreign_keys: bool) -> Engine:
    # mode=rw: a file that vanished since it was looked for is an error, not a new empty record
    uri = f"{path.as_uri()}?mode=rw"

    def open_file() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    engine = create_engine("sqlite+pysqlite://", creator=open_file, poolclass=QueuePool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("tracker_use") == "writing"
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_engine(address: URL) -> Engine:
    engine = create_engine(address, connect_args={"connect_timeout": WAIT_SECONDS}, hide_parameters=True)
    event.listen(engine, "begin", _begin_snapshot)
    return engine


def _begin_snapshot(connection: Connection) -> None:
    if connection.get_execution_options().get("tracker_use") == "reading":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _make_tables(database: Database) -> str | None:
    with database.writing() as connection:
        # another process may have made them while this one waited for the lock
        if current_revision(connection) is None:
            refuse_foreign_tables(connection, database.url_for_display)
            run_up(connection)
        current = current_revision(connection)
    use_write_ahead_log(database)
    return current


def use_write_ahead_log(database: Database, *, wait: bool = True) -> None:
    """Set a SQLite file to write-ahead logging, which it remembers; nothing on PostgreSQL.

    Where another program is using the file it stays as it is, and works; the next writer tries again.
    """
    if database.dialect_name != "sqlite":
        return
    with database.driver_connection() as connection, suppress(sqlite3.OperationalError):
        if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            return
        if not wait:
            connection.execute("PRAGMA busy_timeout=0")
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        finally:
            connection.execute(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000:.0f}")
