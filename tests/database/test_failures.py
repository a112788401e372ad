"""What a driver complains of becomes a sentence; what nobody foresaw stays as it is."""

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from tracker.database.failures import in_words
from tracker.database.session import open_database
from tracker.errors import AccessError, ConflictError, RecordIntegrityError


class SqliteComplaint(Exception):
    def __init__(self, name, said):
        super().__init__(said)
        self.sqlite_errorname = name


class PostgresqlComplaint(Exception):
    def __init__(self, state, said):
        super().__init__(said)
        self.sqlstate = state


COMPLAINTS = [
    (
        SqliteComplaint("SQLITE_CANTOPEN_ISDIR", "unable to open database file"),
        AccessError,
        "The database 'here' cannot be opened (unable to open database file)."
        " The file and its directory must both be writable: SQLite keeps two small files beside it.",
    ),
    (
        SqliteComplaint("SQLITE_IOERR_WRITE", "disk I/O error"),
        AccessError,
        "Reading or writing the database 'here' failed: disk I/O error."
        " Check the disk and its free space, then run the command again.",
    ),
    (
        SqliteComplaint("SQLITE_CORRUPT_INDEX", "database disk image is malformed"),
        RecordIntegrityError,
        "'here' is not a database, or is damaged (database disk image is malformed)."
        " Restore the newest backup into a new file, and keep the damaged one.",
    ),
    (
        SqliteComplaint("SQLITE_CONSTRAINT_FOREIGNKEY", "FOREIGN KEY constraint failed"),
        ConflictError,
        "The database 'here' refused the change by its rule FOREIGN KEY constraint failed.",
    ),
    (
        PostgresqlComplaint("53100", "could not extend file: No space left on device\nHINT: Check free disk space."),
        AccessError,
        "There is no room left for the database 'here': database or disk is full."
        " Free some space on that disk, then run the command again.",
    ),
    (
        PostgresqlComplaint("25006", "cannot execute INSERT in a read-only transaction"),
        AccessError,
        "The database 'here' takes no changes: cannot execute INSERT in a read-only transaction."
        " Write to the main server, not to a copy of it.",
    ),
    (
        PostgresqlComplaint("57P01", "terminating connection due to administrator command"),
        AccessError,
        "The database 'here' cannot be reached: terminating connection due to administrator command."
        " Check the address and that the server is running.",
    ),
    (
        PostgresqlComplaint("XX001", "invalid page in block 0 of relation"),
        RecordIntegrityError,
        "'here' is not a database, or is damaged (invalid page in block 0 of relation)."
        " Restore the newest backup into a new file, and keep the damaged one.",
    ),
    (
        PostgresqlComplaint(None, ""),
        AccessError,
        "The database 'here' cannot be reached: 'PostgresqlComplaint'."
        " Check the address and that the server is running.",
    ),
]


@pytest.mark.parametrize(("complaint", "kind", "said"), COMPLAINTS, ids=lambda value: getattr(value, "__name__", None))
def test_a_complaint_is_said_in_words(complaint, kind, said):
    with pytest.raises(kind) as caught, in_words("here"):
        raise DBAPIError("SELECT 1", {}, complaint)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    "complaint",
    [
        SqliteComplaint("SQLITE_ERROR", "no such column: colour"),
        PostgresqlComplaint("42703", 'column "colour" does not exist'),
        Exception("something else"),
    ],
    ids=["SQLite", "PostgreSQL", "neither"],
)
def test_a_fault_of_the_program_is_not_hidden(complaint):
    with pytest.raises(DBAPIError), in_words("here"):
        raise DBAPIError("SELECT colour", {}, complaint)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_user_without_rights_is_told_so(database_url):
    owner = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS visitor")
        connection.exec_driver_sql("CREATE ROLE visitor LOGIN")
    owner.dispose()
    url = make_url(database_url).set(username="visitor", password="secret").render_as_string(hide_password=False)
    with pytest.raises(AccessError) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)
    assert str(caught.value).endswith(
        " does not permit this: permission denied for table alembic_version."
        " Check the user name, the password and the rights of that user."
    )
