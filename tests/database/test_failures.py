"""What a driver complains of becomes a sentence, and no sentence or traceback holds a value."""

import traceback

import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from tracker.database.failures import in_words
from tracker.database.session import open_database
from tracker.database.tables import CLINIC, VISIT_DETAILS
from tracker.errors import AccessError, ConflictError, InputError, RecordIntegrityError


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


NAME = "Zoe Doe"
UNFORESEEN = {
    "SQLite": (SqliteComplaint("SQLITE_ERROR", "no such column: colour"), "no such column: colour"),
    "PostgreSQL": (
        PostgresqlComplaint("42703", 'column "colour" does not exist'),
        'column "colour" does not exist',
    ),
    "a value in the words": (PostgresqlComplaint("P0001", "not Zoe Doe"), "PostgresqlComplaint P0001"),
    "neither": (Exception("not Zoe Doe"), "Exception"),
}


@pytest.mark.parametrize("name", UNFORESEEN)
def test_a_complaint_nobody_foresaw_is_named_without_values(name):
    complaint, said = UNFORESEEN[name]
    with pytest.raises(AccessError) as caught, in_words("here"):
        raise DBAPIError("SELECT 1", {"name": NAME}, complaint)
    assert str(caught.value) == (
        f"The database 'here' failed in a way that nobody foresaw: {said}. Please report this sentence."
    )
    assert "Zoe" not in shown(caught.value)


@pytest.mark.parametrize("engine", ["sqlite"])  # on PostgreSQL the server says so
def test_a_complaint_of_sqlalchemy_itself_is_a_sentence(database):
    with pytest.raises(AccessError, match="nobody foresaw: StatementError") as caught, database.writing() as connection:
        connection.execute(
            insert(VISIT_DETAILS),
            {"row_id": 9, "recorded_by": 9, "visit_id": 9, "visit_date": "2026", "visit_date_first": NAME},
        )
    assert "Zoe" not in shown(caught.value)


def shown(error):
    return "".join(traceback.format_exception(error))


NOT_HELD = "cannot hold one of the values: it is too large, too long or of another kind."


@pytest.mark.parametrize(
    "value",
    [10**30, "Zoe\0Doe", "Zoe\ud800Doe"],
    ids=["too large", "NUL", "half a character"],
)
def test_a_value_that_no_database_keeps_is_a_sentence(database, value):
    column = CLINIC.c.clinic_id if isinstance(value, int) else CLINIC.c.clinic_code

    def look():
        with database.reading() as connection:
            return connection.execute(select(CLINIC).where(column == value)).first()

    if database.dialect_name == "sqlite" and value == "Zoe\0Doe":
        assert look() is None
        return
    with pytest.raises(InputError) as caught:
        look()
    assert NOT_HELD in str(caught.value) or "holds a character that no database can keep" in str(caught.value)
    assert "Zoe" not in shown(caught.value)
    assert str(10**30) not in shown(caught.value)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_what_the_server_says_of_a_value_is_not_repeated(database):
    with pytest.raises(InputError, match=NOT_HELD) as caught, database.reading() as connection:
        connection.exec_driver_sql("SELECT CAST(%(name)s AS INTEGER)", {"name": NAME})
    assert "Zoe" not in shown(caught.value)


def test_a_refused_row_is_not_in_the_traceback(record):
    with pytest.raises(ConflictError, match="ck_patient_details_sex") as caught:
        record.patient(NAME, sex="female")
    assert "Zoe" not in shown(caught.value)


def test_parameters_are_hidden_from_every_error(database):
    with database.reading() as connection:
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text("SELECT colour FROM clinic WHERE clinic_code = :code"), {"code": NAME})
        connection.rollback()
    assert "Zoe" not in str(caught.value)


@pytest.mark.parametrize(
    "error", [OverflowError("of an analysis"), "\xff".encode, "x"], ids=["overflow", "ascii", "key"]
)
def test_an_error_that_is_not_of_the_database_stays_as_it_is(error):
    def fail():
        if isinstance(error, OverflowError):
            raise error
        if error == "x":
            raise KeyError(error)
        error("ascii")

    with pytest.raises((OverflowError, UnicodeEncodeError, KeyError)), in_words("here"):
        fail()


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
