"""Upgrading: a verified backup first, all or nothing, and the record afterwards as before."""

import pytest

from tracker.database import backups, ledger, queries, revisions, schema
from tracker.database.session import open_database
from tracker.errors import AccessError, RecordIntegrityError, SchemaError

ADD_COLUMN = """
def upgrade():
    op.add_column("note", sa.Column("language", sa.Text))


def downgrade():
    op.drop_column("note", "language")
"""
# makes the table anew on SQLite, where that loses the triggers
MAKE_ANEW = """
def upgrade():
    with op.batch_alter_table("visit", recreate="always") as batch:
        batch.add_column(sa.Column("language", sa.Text))
"""
FAILS_HALFWAY = """
def upgrade():
    op.add_column("note", sa.Column("language", sa.Text))
    op.execute("SELECT * FROM nowhere")
"""
LEAVES_ORPHANS = """
def upgrade():
    op.execute("DROP TRIGGER visit_no_delete")
    op.execute("DELETE FROM visit")
"""


def record_of(url):
    with open_database(url) as database, database.reading() as connection:
        return queries.patient_record(connection, "P-001"), ledger.verify(connection)


def revision_of(url, running):
    return running(url, revisions.current_revision)


def test_an_upgrade_keeps_the_record_and_its_hashes(filled_url, tmp_path, next_revision, fill):
    before = record_of(filled_url)
    next_revision(ADD_COLUMN)
    report = schema.upgrade(filled_url, backup_dir=tmp_path / "backups", stamp="20260310-120000")
    assert (report.from_revision, report.to_revision) == ("0004", "0005")
    assert record_of(filled_url) == before
    with open_database(filled_url) as database:
        assert fill(database, "P-002").entry_id == 2


def test_the_backup_is_of_the_record_before(filled_url, tmp_path, next_revision, monkeypatch):
    before = record_of(filled_url)
    here = revisions.migrations_dir
    next_revision(ADD_COLUMN)
    report = schema.upgrade(filled_url, backup_dir=tmp_path / "backups", stamp="20260310-120000")
    target = tmp_path / "backups" / "tracker-0004-20260310-120000.db"
    assert report.backup == backups.BackupReport(str(target), "0004", 1, 8, before[1].head_hash)
    monkeypatch.setattr(revisions, "migrations_dir", here)
    assert record_of(f"sqlite:///{target}") == before


def test_an_older_backup_is_restored_and_then_upgraded(filled_url, tmp_path, next_revision):
    before = record_of(filled_url)
    with open_database(filled_url) as database:
        backups.make_backup(database, tmp_path / "copy.db")
    next_revision(ADD_COLUMN)
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    assert backups.restore(tmp_path / "copy.db", url).schema_revision == "0004"
    schema.upgrade(url, backup_dir=tmp_path, stamp="x")
    assert record_of(url) == before


def test_a_record_of_the_program_of_today_is_refused_until_upgraded(filled_url, next_revision):
    next_revision(ADD_COLUMN)
    with pytest.raises(SchemaError) as caught:
        open_database(filled_url)
    assert str(caught.value).endswith(
        "is at schema revision 0004; this version needs 0005. Run: tracker db upgrade (a backup is made first)"
    )


def test_where_there_is_nothing_to_do_nothing_is_done(filled_url, tmp_path):
    report = schema.upgrade(filled_url, backup_dir=tmp_path / "backups", stamp="x")
    assert report == schema.UpgradeReport("0004", "0004", None)
    assert not (tmp_path / "backups").exists()


def test_a_revision_that_fails_leaves_nothing_behind(filled_url, tmp_path, next_revision, running):
    next_revision(FAILS_HALFWAY)
    with pytest.raises(Exception, match="nowhere"):
        schema.upgrade(filled_url, backup_dir=tmp_path, stamp="x")
    assert revision_of(filled_url, running) == "0004"
    # the column would be there already, had it been left behind
    (revisions.migrations_dir() / "versions" / "0005_later.py").unlink()
    with open_database(filled_url) as database, database.reading() as connection:
        assert "language" not in set(connection.exec_driver_sql("SELECT * FROM note").keys())


def test_without_a_backup_nothing_is_upgraded(filled_url, tmp_path, next_revision, running):
    next_revision(ADD_COLUMN)
    (tmp_path / "file").touch()
    with pytest.raises(AccessError, match="cannot be written: Not a directory"):
        schema.upgrade(filled_url, backup_dir=tmp_path / "file", stamp="x")
    assert revision_of(filled_url, running) == "0004"


def test_a_record_that_does_not_hold_is_not_upgraded(filled_url, tmp_path, next_revision, running, engine):
    next_revision(ADD_COLUMN)

    def tamper(connection):
        on_table = "" if engine == "sqlite" else " ON pain_score"
        connection.exec_driver_sql(f"DROP TRIGGER pain_score_only_retract{on_table}")
        connection.exec_driver_sql("UPDATE pain_score SET score = 1")

    running(filled_url, tamper)
    with pytest.raises(RecordIntegrityError, match="does not hold. Entry 1"):
        schema.upgrade(filled_url, backup_dir=tmp_path / "backups", stamp="x")
    assert revision_of(filled_url, running) == "0004"
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_table_made_anew_keeps_its_rows_and_what_refers_to_them(filled_url, tmp_path, next_revision):
    before, _ = record_of(filled_url)
    next_revision(MAKE_ANEW)
    schema.upgrade(filled_url, backup_dir=tmp_path, stamp="x")
    after, report = record_of(filled_url)
    assert after == before
    # and a revision that forgets to make the triggers again is noticed
    assert report.problems == tuple(
        f"The trigger visit_{name} is missing or switched off." for name in ("no_delete", "no_update", "no_replace")
    )


@pytest.mark.parametrize("engine", ["sqlite"])
def test_an_upgrade_that_breaks_references_is_not_kept(filled_url, tmp_path, next_revision, running):
    next_revision(LEAVES_ORPHANS)
    with pytest.raises(RecordIntegrityError) as caught:
        schema.upgrade(filled_url, backup_dir=tmp_path, stamp="x")
    assert str(caught.value).startswith("The upgrade would leave rows of ")
    assert revision_of(filled_url, running) == "0004"


def test_an_empty_database_is_not_upgraded(empty_database_url, tmp_path, running):
    running(empty_database_url, lambda connection: None)
    with pytest.raises(SchemaError, match="is empty"):
        schema.upgrade(empty_database_url, backup_dir=tmp_path / "backups", stamp="x")


def test_an_upgrade_that_another_program_did_meanwhile_is_not_done_twice(
    filled_url, tmp_path, next_revision, running, monkeypatch
):
    next_revision(ADD_COLUMN)
    real = schema.make_backup

    def backup_while_another_upgrades(database, target):
        report = real(database, target)
        running(filled_url, revisions.run_up)
        return report

    monkeypatch.setattr(schema, "make_backup", backup_while_another_upgrades)
    with pytest.raises(schema.ConflictError) as caught:
        schema.upgrade(filled_url, backup_dir=tmp_path, stamp="x")
    assert str(caught.value) == "Another program upgraded the database meanwhile. Run the command again."
    assert revision_of(filled_url, running) == "0005"


def test_what_was_recorded_since_the_backup_is_not_upgraded_without_one(
    filled_url, tmp_path, next_revision, running, monkeypatch, fill
):
    real = schema.make_backup

    def record_meanwhile(database, target):
        report = real(database, target)
        fill(database, "P-late")
        return report

    monkeypatch.setattr(schema, "make_backup", record_meanwhile)
    next_revision(ADD_COLUMN)
    with pytest.raises(schema.ConflictError) as caught:
        schema.upgrade(filled_url, backup_dir=tmp_path, stamp="x")
    assert str(caught.value) == (
        f"Something was recorded after the backup '{tmp_path / 'tracker-0004-x.db'}' was made, so nothing was upgraded."
        " Run the command again."
    )
    assert revision_of(filled_url, running) == "0004"
    monkeypatch.undo()


def test_an_older_backup_is_restored_into_what_init_of_a_newer_version_made(filled_url, tmp_path, next_revision):
    before = record_of(filled_url)
    with open_database(filled_url) as database:
        backups.make_backup(database, tmp_path / "copy.db")
    next_revision(ADD_COLUMN)
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    open_database(url, create=True).close()
    assert backups.restore(tmp_path / "copy.db", url).schema_revision == "0004"
    schema.upgrade(url, backup_dir=tmp_path, stamp="x")
    assert record_of(url) == before
