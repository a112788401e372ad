"""Opening a database: what is made, what is set, and every way it can fail, in whole sentences."""

import os
import pickle
import sqlite3
import stat
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, literal, select

from tracker.database import ledger, session
from tracker.database.session import open_database
from tracker.database.tables import LEDGER_ENTRY
from tracker.errors import AccessError, ConflictError, InputError, RecordIntegrityError, SchemaError, TrackerError

NOBODY = 65534
posix = pytest.mark.skipif(os.name != "posix", reason="looks at modes, users or error texts of a POSIX system")
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def record_path(sqlite_template, tmp_path):
    path = tmp_path / "record.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture
def open_directory():
    """A directory that any user may reach; pytest's own is closed to all but the one who runs it."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        yield directory
        directory.chmod(0o755)


def as_plain_user(run):
    """Run a function in a child process that file permissions hold for, and give its result or error."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            result = run()
        except BaseException as error:
            result = (type(error), str(error))
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(result, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        result = pickle.load(pipe)
    os.waitpid(child, 0)
    return result


def write_something(database):
    with database.writing() as connection:
        draft = ledger.Draft(connection)
        draft.identity("patient", clinic_id=1)
        return ledger.append(connection, draft, ledger.Origin(NOON, "ana", "patient add", "0.1.0"))


def complaint(run):
    with pytest.raises(TrackerError) as caught:
        run()
    return type(caught.value), str(caught.value)


@posix
def test_a_new_file_and_its_directory_belong_to_their_owner_alone(tmp_path):
    path = tmp_path / "clinic" / "deep" / "record.db"
    open_database(f"sqlite:///{path}", create=True).close()
    modes = [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


@posix
def test_an_empty_file_open_to_others_is_closed_to_them_when_made_a_record(tmp_path):
    path = tmp_path / "record.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    with open_database(f"sqlite:///{path}", create=True) as database:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert database.is_private


@posix
def test_a_record_open_to_others_is_left_so_and_known(record_path):
    for mode, private in ((0o644, False), (0o620, False), (0o604, False), (0o600, True)):
        record_path.chmod(mode)
        with open_database(f"sqlite:///{record_path}", create=True) as database:
            assert database.is_private is private
        assert stat.S_IMODE(record_path.stat().st_mode) == mode


@pytest.mark.parametrize("engine", ["postgresql"])
def test_what_a_server_allows_is_its_own_affair(database):
    assert database.is_private


def journal_mode(path):
    with sqlite3.connect(path) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    connection.close()
    return mode


def test_where_a_reader_stood_in_the_way_a_later_writer_sets_the_write_ahead_log(record_path):
    with sqlite3.connect(record_path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    url = f"sqlite:///{record_path}"
    with open_database(url) as reader, open_database(url) as database:
        with reader.reading() as connection:
            connection.exec_driver_sql("SELECT * FROM clinic").all()
            started = time.monotonic()
            session.use_write_ahead_log(database, wait=False)
            # it does not wait the five seconds that a writer would
            assert time.monotonic() - started < 2
        assert journal_mode(record_path) == "delete"
        with database.driver_connection() as connection:
            assert connection.execute("PRAGMA busy_timeout").fetchone() == (5000,)
    with open_database(url) as database:
        assert journal_mode(record_path) == "delete"
        write_something(database)
    assert journal_mode(record_path) == "wal"


@posix
def test_the_write_ahead_files_belong_to_their_owner_alone(tmp_path):
    path = tmp_path / "record.db"
    with open_database(f"sqlite:///{path}", create=True) as database:
        write_something(database)
        assert stat.S_IMODE(Path(f"{path}-wal").stat().st_mode) == 0o600


def test_a_record_is_made_at_the_newest_revision_on_both_engines(empty_database_url):
    with open_database(empty_database_url, create=True) as database:
        assert database.schema_revision == "0004"
    with open_database(empty_database_url) as database:
        assert database.schema_revision == "0004"


def test_sqlite_is_set_up_as_a_record_needs_it(record_path):
    with open_database(f"sqlite:///{record_path}") as database, database.writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
        }
    # synchronous 2 is FULL
    assert found == {"foreign_keys": 1, "journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000}


def test_a_reading_connection_cannot_write(database):
    with pytest.raises(AccessError, match="readonly|read-only"), database.reading() as connection:
        connection.exec_driver_sql("INSERT INTO clinic (clinic_id, clinic_code) VALUES (2, 'other')")


def test_a_reader_sees_one_moment(database):
    query = "SELECT count(*) FROM ledger_entry"
    with database.reading() as reader:
        before = reader.exec_driver_sql(query).scalar()
        write_something(database)
        assert reader.exec_driver_sql(query).scalar() == before == 0
    with database.reading() as reader:
        assert reader.exec_driver_sql(query).scalar() == 1


def test_a_failure_inside_writing_leaves_nothing(database):
    def broken_off():
        with database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO clinic (clinic_id, clinic_code) VALUES (2, 'other')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM clinic").scalar() == 1


def test_a_missing_file_is_said(tmp_path):
    path = tmp_path / "nowhere" / "record.db"
    assert complaint(lambda: open_database(f"sqlite:///{path}")) == (
        AccessError,
        f"There is no database at '{path}'. Check the path, or make one there: tracker --database {path} init",
    )
    assert not path.parent.exists()


def test_a_directory_in_place_of_the_file_is_said(tmp_path):
    for create in (False, True):
        assert complaint(lambda create=create: open_database(f"sqlite:///{tmp_path}", create=create)) == (
            AccessError,
            f"'{tmp_path}' is a directory, not a database file."
            " Write sqlite:///path/to/record.db or postgresql://user@host/name.",
        )


@posix
def test_a_directory_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "record.db"
    assert complaint(lambda: open_database(f"sqlite:///{path}", create=True)) == (
        AccessError,
        f"No database can be made at '{path}': Not a directory. Choose a directory that you may write to.",
    )


@posix
def test_a_directory_closed_for_writing_is_said(open_directory):
    open_directory.chmod(0o555)
    path = open_directory / "record.db"
    assert as_plain_user(lambda: open_database(f"sqlite:///{path}", create=True)) == (
        AccessError,
        f"No database can be made at '{path}': Permission denied. Choose a directory that you may write to.",
    )


@posix
def test_reading_from_a_read_only_directory_is_a_sentence(open_directory, sqlite_template):
    path = open_directory / "record.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o444)
    open_directory.chmod(0o555)
    assert as_plain_user(lambda: open_database(f"sqlite:///{path}")) == (
        AccessError,
        f"The database '{path}' cannot be used: it, or its directory, is read-only (attempt to write a readonly"
        " database). Even reading needs two small files beside it: ask to be let write there, or use a"
        " copy elsewhere.",
    )


@posix
def test_writing_a_read_only_file_is_a_sentence(open_directory, sqlite_template):
    path = open_directory / "record.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o444)
    open_directory.chmod(0o777)

    def write():
        with open_database(f"sqlite:///{path}") as database:
            write_something(database)

    assert as_plain_user(write) == (
        AccessError,
        f"The database '{path}' cannot be written: the file is read-only (attempt to write a readonly database)."
        " Reading it works. To write, ask to be let write to the file, or use a copy elsewhere.",
    )


@posix
def test_making_what_is_there_but_read_only_just_opens_it(open_directory, sqlite_template):
    path = open_directory / "record.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o444)
    open_directory.chmod(0o777)

    def make():
        with open_database(f"sqlite:///{path}", create=True) as database:
            assert database.schema_revision == "0004"
        raise AccessError("opened")

    assert as_plain_user(make) == (AccessError, "opened")


@posix
def test_a_file_that_may_not_be_read_is_a_sentence(open_directory, sqlite_template):
    path = open_directory / "record.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o000)
    assert as_plain_user(lambda: open_database(f"sqlite:///{path}"))[0] is AccessError


@posix
@pytest.mark.parametrize("below", ["record.db", "deep/record.db"])
def test_a_directory_that_may_not_be_entered_is_a_sentence(open_directory, below):
    (open_directory / "closed").mkdir(mode=0o700)
    path = open_directory / "closed" / below
    assert as_plain_user(lambda: open_database(f"sqlite:///{path}")) == (
        AccessError,
        f"'{path}' cannot be reached: Permission denied. Check the path.",
    )
    assert as_plain_user(lambda: open_database(f"sqlite:///{path}", create=True)) == (
        AccessError,
        f"No database can be made at '{path}': Permission denied. Choose a directory that you may write to.",
    )


def test_a_file_that_is_no_database_is_said(tmp_path):
    path = tmp_path / "record.db"
    path.write_text("This is a letter, and not a short one either. " * 100)
    for create in (False, True):
        assert complaint(lambda create=create: open_database(f"sqlite:///{path}", create=create)) == (
            RecordIntegrityError,
            f"'{path}' is not a database, or is damaged (file is not a database)."
            " Restore the newest backup into a new file, and keep the damaged one.",
        )


def test_a_damaged_file_is_said(record_path):
    content = bytearray(record_path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    record_path.write_bytes(content)

    def open_and_write():
        with open_database(f"sqlite:///{record_path}") as database:
            write_something(database)

    with pytest.raises(RecordIntegrityError, match="is not a database, or is damaged"):
        open_and_write()


def test_an_empty_database_is_said(empty_database_url, engine, tmp_path):
    if engine == "sqlite":
        (tmp_path / "empty.db").touch()
    with pytest.raises(SchemaError) as caught:
        open_database(empty_database_url)
    assert str(caught.value).endswith(
        "is empty: it holds no tables of this program. Check the address; tracker init makes a new record there."
    )


def test_a_file_left_empty_by_a_broken_off_start_is_used(tmp_path):
    (tmp_path / "record.db").touch()
    with open_database(f"sqlite:///{tmp_path / 'record.db'}", create=True) as database:
        assert database.schema_revision == "0004"


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "recipes.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    other.close()
    for create in (False, True):
        assert complaint(lambda create=create: open_database(f"sqlite:///{path}", create=create)) == (
            SchemaError,
            f"'{path}' is a database of another program: it holds the table 'recipe'."
            " Choose another one; this one was left as it is.",
        )
    other = sqlite3.connect(path)
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipe",)]
    other.close()


def set_revision(database, revision):
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


@pytest.mark.parametrize("revision", ["0007", "ab12"])
def test_a_newer_schema_is_refused_with_what_to_install(database, database_url, revision):
    set_revision(database, revision)
    place = database.url_for_display
    assert complaint(lambda: open_database(database_url)) == (
        SchemaError,
        f"The database '{place}' is at schema revision {revision}; this version knows revisions up to 0004."
        f" Install a version of bmes-tracker that knows revision {revision}.",
    )


def test_an_older_schema_names_the_upgrade(database, database_url):
    set_revision(database, "0000")
    assert complaint(lambda: open_database(database_url)) == (
        SchemaError,
        f"The database '{database.url_for_display}' is at schema revision 0000; this version needs 0004."
        " Run: tracker db upgrade (a backup is made first)",
    )


def test_a_second_writer_waits_and_then_says_so(database, database_url, monkeypatch):
    monkeypatch.setattr(session, "WAIT_SECONDS", 0.05 if database.dialect_name == "sqlite" else 1)
    with open_database(database_url) as second, database.writing():
        assert complaint(lambda: write_something(second)) == (
            AccessError,
            f"Another program is writing to the database '{second.url_for_display}', and did not finish within"
            " 5 seconds. Run the command again.",
        )
    assert write_something(database).entry_id == 1


def test_a_full_disk_is_said_and_leaves_nothing(record_path):
    with open_database(f"sqlite:///{record_path}") as database:
        with database.driver_connection() as connection:
            n_pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={n_pages}")

        def write_a_lot():
            with database.writing() as connection:
                draft = ledger.Draft(connection)
                patient_id = draft.identity("patient", clinic_id=1)
                for _ in range(100):
                    draft.record("note", {"patient_id": patient_id, "text": "x" * 4000})
                ledger.append(connection, draft, ledger.Origin(NOON, "ana", "patient add", "0.1.0"))

        assert complaint(write_a_lot) == (
            AccessError,
            f"There is no room left for the database '{record_path}': database or disk is full."
            " Free some space on that disk, then run the command again.",
        )
        with database.reading() as connection:
            assert ledger.verify(connection).n_entries == 0


@posix
def test_a_disk_that_fills_while_writing_is_said_and_leaves_nothing(open_directory, sqlite_template):
    import resource  # not there on Windows

    path = open_directory / "record.db"
    path.write_bytes(sqlite_template.read_bytes())
    path.chmod(0o666)
    open_directory.chmod(0o777)

    def write_under_a_limit():
        with open_database(f"sqlite:///{path}") as database:
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
            write_something(database)

    assert as_plain_user(write_under_a_limit) == (
        AccessError,
        f"Reading or writing the database '{path}' failed: disk I/O error."
        " Check the disk and its free space, then run the command again.",
    )
    with open_database(f"sqlite:///{path}") as database, database.reading() as connection:
        report = ledger.verify(connection)
        assert (report.n_entries, report.problems) == (0, ())


def test_a_file_that_vanished_is_not_made_anew(record_path):
    with open_database(f"sqlite:///{record_path}") as database:
        database.close()
        for leftover in record_path.parent.glob("record.db*"):
            leftover.unlink()
        with pytest.raises(AccessError, match="cannot be opened"):
            write_something(database)
    assert not record_path.exists()


@posix
def test_a_name_too_long_for_the_disk_is_a_sentence(tmp_path):
    path = tmp_path / ("x" * 300)
    assert complaint(lambda: open_database(f"sqlite:///{path}")) == (
        AccessError,
        f"'{path}' cannot be reached: File name too long. Check the path.",
    )


def test_a_file_that_another_program_keeps_to_itself_is_said(record_path, monkeypatch):
    monkeypatch.setattr(session, "WAIT_SECONDS", 0.05)
    other = sqlite3.connect(record_path)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(AccessError, match="Another program is writing to the database"):
        open_database(f"sqlite:///{record_path}")
    other.close()


def test_tables_that_another_process_made_meanwhile_are_used(record_path, monkeypatch):
    """The first look still finds nothing; the second, under the lock, finds the tables."""
    answers = iter([None])
    monkeypatch.setattr(session, "current_revision", lambda connection: next(answers, "0004"))
    with open_database(f"sqlite:///{record_path}", create=True) as database:
        assert write_something(database).entry_id == 1


def test_a_moment_that_is_not_there_stays_so(database):
    with database.reading() as connection:
        assert connection.scalar(select(func.max(LEDGER_ENTRY.c.recorded_at))) is None
        assert connection.scalar(select(literal(None, LEDGER_ENTRY.c.recorded_at.type))) is None


def test_a_path_may_hold_any_character(tmp_path):
    path = tmp_path / "Zoë's 100% #1 records" / "record.db"
    open_database(f"sqlite:///{path}", create=True).close()
    assert path.exists()


@pytest.mark.parametrize(
    "url", ["record.db", "", "sqlite://", "sqlite:///:memory:", "mysql://host/name", "nothing://x"]
)
def test_an_address_of_another_kind_is_refused(url):
    with pytest.raises(InputError) as caught:
        open_database(url)
    assert caught.value.hint == "Write sqlite:///path/to/record.db or postgresql://user@host/name."


def test_a_server_that_is_not_there_is_said_without_the_password():
    url = "postgresql://ana:secret@127.0.0.1:1/record?password=secret"
    error, message = complaint(lambda: open_database(url))
    assert error is AccessError
    assert message.startswith("The database 'postgresql://ana@127.0.0.1:1/record' cannot be reached: ")
    assert "secret" not in message


def test_a_port_that_is_no_number_is_said_without_the_password():
    error, message = complaint(lambda: open_database("postgresql://u:secret@h:1x/x"))
    assert (error, message) == (
        InputError,
        "The address of the database cannot be read. Write sqlite:///path/to/record.db or postgresql://user@host/name.",
    )


def test_only_sqlite_has_a_file_to_work_on(database, engine):
    if engine == "sqlite":
        with database.driver_connection() as connection:
            assert connection.in_transaction is False
    else:
        with pytest.raises(TypeError), database.driver_connection():
            pass


def test_a_rule_of_the_database_is_named(database):
    with pytest.raises(ConflictError) as caught, database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO clinic (clinic_id, clinic_code) VALUES (2, '')")
    assert str(caught.value) == (
        f"The database '{database.url_for_display}' refused the change by its rule 'ck_clinic_clinic_code_filled'."
    )
