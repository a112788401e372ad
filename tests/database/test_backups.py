"""Backups are verified copies; restoring goes only where nothing is yet."""

import errno
import os
import sqlite3
import stat

import pytest
from sqlalchemy import inspect

from tracker.database import backups, ledger, queries
from tracker.database.session import connect, open_database
from tracker.dates import PartialDate
from tracker.errors import AccessError, ConflictError, RecordIntegrityError, SchemaError


@pytest.fixture
def filled(record):
    patient = record.patient("Zoë-1", birth=PartialDate.parse("1970"))
    record.episode(patient.made, onset="~2026-01-10")
    visit = record.visit(patient.made, "2026-03", {"talus-left": 3, "talus-right": 4})
    amended = record.amend(visit.made.row_ids[0], visit.made.visit_id, score=6)
    record.undo(amended.entry_id)
    values = {"visit_id": visit.made.visit_id, "value": 0.1 + 0.2, "unit": "ng/mL"}
    record.entry(lambda draft: draft.record("vitamin_d", values), warnings=("low",))
    return record


def whole(url):
    with open_database(url) as database, database.reading() as connection:
        return queries.patient_record(connection, "Zoë-1"), ledger.list_entries(connection), ledger.verify(connection)


def test_a_backup_is_the_record(filled, database, database_url, tmp_path):
    target = tmp_path / "backups" / "copy.db"
    report = backups.make_backup(database, target)
    # 6 entries, 1 clinic, 1 patient, 1 episode, 1 visit; facts: 1 + 1 + 1 details, 4 scores, 1 vitamin D
    assert report == backups.BackupReport(str(target), "0004", 6, 18, filled.verify().head_hash)
    assert whole(f"sqlite:///{target}") == whole(database_url)


def test_a_backup_is_one_file_of_its_owner_alone(filled, database, tmp_path):
    backups.make_backup(database, tmp_path / "copy.db")
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600


def test_a_backup_is_never_overwritten(filled, database, tmp_path):
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(ConflictError) as caught:
        backups.make_backup(database, target)
    assert str(caught.value) == f"The file '{target}' exists already. Choose another name."
    assert target.read_text() == "precious"


def test_two_backups_to_one_file_do_not_mix(filled, database, tmp_path):
    (tmp_path / "copy.db.part").touch()
    with pytest.raises(ConflictError) as caught:
        backups.make_backup(database, tmp_path / "copy.db")
    assert str(caught.value) == (
        f"Another program is writing to '{tmp_path / 'copy.db.part'}', or was broken off."
        " If none is running, remove that file."
    )


def test_a_backup_that_cannot_be_written_is_said(filled, database, tmp_path):
    (tmp_path / "file").touch()
    target = tmp_path / "file" / "copy.db"
    with pytest.raises(AccessError) as caught:
        backups.make_backup(database, target)
    assert str(caught.value) == (
        f"The file '{target}' cannot be written: Not a directory. Choose a directory that you may write to."
    )


def test_a_record_that_does_not_hold_is_not_backed_up_as_if_it_did(filled, database, behind_its_back, tmp_path):
    behind_its_back("UPDATE pain_score SET score = 9 WHERE row_id = 2")
    target = tmp_path / "copy.db"
    with pytest.raises(RecordIntegrityError) as caught:
        backups.make_backup(database, target)
    assert str(caught.value).startswith(f"The copy '{target}' does not hold. Entry 3 (visit add, 2026-03-10 12:03 UTC)")
    assert list(tmp_path.glob("copy.db*")) == []


def test_a_damaged_copy_is_found(filled, database, tmp_path, monkeypatch):
    def copy_badly(source, part):
        real(source, part)
        content = bytearray(part.read_bytes())
        content[-4096:] = b"\xff" * 4096
        part.write_bytes(content)

    if database.dialect_name == "sqlite":
        real = backups._copy_file
        monkeypatch.setattr(backups, "_copy_file", copy_badly)
    else:
        real = backups._copy_rows

        def leave_out(source, target):
            real(source, target)
            target.exec_driver_sql("DROP TRIGGER vitamin_d_no_delete")
            target.exec_driver_sql("DELETE FROM vitamin_d")

        monkeypatch.setattr(backups, "_copy_rows", leave_out)
    with pytest.raises(RecordIntegrityError):
        backups.make_backup(database, tmp_path / "copy.db")
    assert list(tmp_path.glob("copy.db*")) == []


@pytest.mark.parametrize("destination", ["sqlite", "postgresql"])
def test_a_backup_is_restored_to_either_engine(filled, database, database_url, tmp_path, request, destination):
    backups.make_backup(database, tmp_path / "copy.db")
    url = f"sqlite:///{tmp_path / 'deep' / 'restored.db'}"
    if destination == "postgresql":
        url = request.getfixturevalue("postgres_server")(with_tables=False)
    report = backups.restore(tmp_path / "copy.db", url)
    assert (report.n_entries, report.n_rows, report.head_hash) == (6, 18, filled.verify().head_hash)
    assert whole(url) == whole(database_url)


def test_a_restored_record_is_written_to(filled, database, tmp_path, recorder):
    backups.make_backup(database, tmp_path / "copy.db")
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    backups.restore(tmp_path / "copy.db", url)
    with open_database(url) as restored:
        record = recorder(restored)
        assert record.patient("P-002").entry_id == 7
        assert record.verify().problems == ()


def test_nothing_is_restored_over_a_record(filled, database, database_url, tmp_path):
    backups.make_backup(database, tmp_path / "copy.db")
    with pytest.raises(ConflictError) as caught:
        backups.restore(tmp_path / "copy.db", database_url)
    assert str(caught.value) == (
        f"'{database.url_for_display}' already holds a record. A backup is restored only where there is nothing yet."
        " Restore it to a new file or an empty database."
    )
    assert filled.count() == 6


def test_a_backup_that_was_changed_is_not_restored(filled, database, tmp_path):
    backups.make_backup(database, tmp_path / "copy.db")
    copy = sqlite3.connect(tmp_path / "copy.db")
    copy.execute("DROP TRIGGER vitamin_d_only_retract")
    copy.execute("UPDATE vitamin_d SET value = 99")
    copy.commit()
    copy.close()
    source, target = tmp_path / "copy.db", tmp_path / "deep" / "deeper" / "restored.db"
    with pytest.raises(RecordIntegrityError, match="does not hold") as caught:
        backups.restore(source, f"sqlite:///{target}")
    assert caught.value.hint == f"Run: tracker --database {source} db verify"
    assert not (tmp_path / "deep").exists()


def test_a_backup_whose_rows_break_its_rules_is_not_restored(filled, database, tmp_path):
    backups.make_backup(database, tmp_path / "copy.db")
    copy = sqlite3.connect(tmp_path / "copy.db")
    copy.execute("PRAGMA writable_schema=ON")
    copy.execute("UPDATE sqlite_master SET sql = replace(sql, 'BETWEEN 0 AND 10)', 'BETWEEN 8 AND 10)')")
    copy.commit()
    copy.close()
    with pytest.raises(RecordIntegrityError) as caught:
        backups.restore(tmp_path / "copy.db", f"sqlite:///{tmp_path / 'restored.db'}")
    assert str(caught.value) == (
        f"The file '{tmp_path / 'copy.db'}' is damaged: CHECK constraint failed in pain_score. Use another backup."
    )
    assert not (tmp_path / "restored.db").exists()


def test_a_file_that_is_no_backup_is_not_restored(tmp_path):
    (tmp_path / "letter.db").write_text("Dear all, " * 1000)
    with pytest.raises(RecordIntegrityError, match="is not a database, or is damaged"):
        backups.restore(tmp_path / "letter.db", f"sqlite:///{tmp_path / 'restored.db'}")
    assert not (tmp_path / "restored.db").exists()


def test_a_backup_of_a_newer_schema_is_not_restored(filled, database, tmp_path):
    backups.make_backup(database, tmp_path / "copy.db")
    copy = sqlite3.connect(tmp_path / "copy.db")
    copy.execute("UPDATE alembic_version SET version_num = '0009'")
    copy.commit()
    copy.close()
    with pytest.raises(SchemaError, match="Install a version of bmes-tracker that knows revision 0009"):
        backups.restore(tmp_path / "copy.db", f"sqlite:///{tmp_path / 'restored.db'}")


def test_an_empty_database_has_nothing_to_copy(empty_database_url, tmp_path):
    with connect(empty_database_url, create=True) as empty, pytest.raises(SchemaError, match="nothing to copy"):
        backups.make_backup(empty, tmp_path / "copy.db")
    assert list(tmp_path.glob("copy.db*")) == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_backup_is_of_one_moment_while_others_write(filled, database, tmp_path, monkeypatch):
    real = backups._copy_file

    def write_meanwhile(source, part):
        filled.patient("P-late")
        real(source, part)

    monkeypatch.setattr(backups, "_copy_file", write_meanwhile)
    assert backups.make_backup(database, tmp_path / "copy.db").n_entries == 6


def test_the_directories_made_for_a_backup_belong_to_their_owner_alone(filled, database, tmp_path):
    target = tmp_path / "deep" / "deeper" / "copy.db"
    backups.make_backup(database, target)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (target.parent, target.parent.parent)] == [0o700, 0o700]


@pytest.mark.parametrize("hard_links", [True, False])
def test_a_file_that_came_meanwhile_is_not_overwritten_either(filled, database, tmp_path, monkeypatch, hard_links):
    target = tmp_path / "copy.db"
    real = os.link

    def link_too_late(part, name):
        target.write_text("precious")
        if not hard_links:
            raise OSError(errno.EPERM, "Operation not permitted")
        real(part, name)

    monkeypatch.setattr(os, "link", link_too_late)
    with pytest.raises(ConflictError) as caught:
        backups.make_backup(database, target)
    assert str(caught.value) == f"The file '{target}' exists already. Choose another name."
    assert target.read_text() == "precious"
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]


def without_hard_links(part, name):
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_backup_is_written_to_a_disk_without_hard_links(filled, database, database_url, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", without_hard_links)
    backups.make_backup(database, tmp_path / "copy.db")
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]
    assert whole(f"sqlite:///{tmp_path / 'copy.db'}") == whole(database_url)


def test_a_backup_that_cannot_get_its_name_leaves_nothing(filled, database, tmp_path, monkeypatch):
    def fail(part, name):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "link", without_hard_links)
    monkeypatch.setattr(backups.Path, "replace", fail)
    with pytest.raises(AccessError) as caught:
        backups.make_backup(database, tmp_path / "deep" / "copy.db")
    assert str(caught.value) == (
        f"The file '{tmp_path / 'deep' / 'copy.db'}' cannot be written: Input/output error."
        " Choose a directory that you may write to."
    )
    assert list(tmp_path.glob("deep*")) == []


def test_a_backup_is_restored_into_what_init_made(filled, database, database_url, tmp_path, engine, request):
    backups.make_backup(database, tmp_path / "copy.db")
    url = request.getfixturevalue("new_database")(engine)
    assert backups.restore(tmp_path / "copy.db", url).n_entries == 6
    assert whole(url) == whole(database_url)
    with pytest.raises(ConflictError, match="already holds a record"):
        backups.restore(tmp_path / "copy.db", url)


def test_a_second_clinic_is_a_record_too(filled, database, tmp_path, new_database, engine):
    backups.make_backup(database, tmp_path / "copy.db")
    url = new_database(engine)
    with open_database(url) as other, other.writing() as connection:
        connection.exec_driver_sql("INSERT INTO clinic (clinic_id, clinic_code) VALUES (2, 'north')")
    with pytest.raises(ConflictError, match="already holds a record"):
        backups.restore(tmp_path / "copy.db", url)


def test_nothing_is_restored_among_the_tables_of_another_program(filled, database, tmp_path):
    backups.make_backup(database, tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "recipes.db") as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    other.close()
    with pytest.raises(ConflictError) as caught:
        backups.restore(tmp_path / "copy.db", f"sqlite:///{tmp_path / 'recipes.db'}")
    assert str(caught.value) == (
        f"'{tmp_path / 'recipes.db'}' already holds the table 'recipe'. A backup is restored only where there is"
        " nothing yet. Restore it to a new file or an empty database."
    )


def test_a_restore_that_fails_leaves_an_empty_database_empty(filled, database, tmp_path, empty_database_url):
    backups.make_backup(database, tmp_path / "copy.db")
    copy = sqlite3.connect(tmp_path / "copy.db")
    copy.execute("DROP TRIGGER vitamin_d_only_retract")
    copy.execute("UPDATE vitamin_d SET value = 99")
    copy.commit()
    copy.close()
    connect(empty_database_url, create=True).close()
    with pytest.raises(RecordIntegrityError):
        backups.restore(tmp_path / "copy.db", empty_database_url)
    with connect(empty_database_url) as left, left.reading() as connection:
        assert inspect(connection).get_table_names() == []
