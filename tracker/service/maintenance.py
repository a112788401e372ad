"""Look after the database: status, upgrade, backup, restore, verify."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tracker.database import backups, ledger, lookups, schema
from tracker.database.backups import BackupReport
from tracker.database.ledger import VerifyReport
from tracker.database.revisions import check_revision, refuse_foreign_tables
from tracker.database.schema import UpgradeReport
from tracker.database.session import Database, connect
from tracker.service.places import backup_dir


@dataclass(frozen=True, slots=True)
class Status:
    """Where the record is and how much it holds."""

    url: str
    schema_revision: str
    newest_revision: str
    n_patients: int
    n_visits: int
    n_entries: int
    is_private: bool


def database_status(database: Database) -> Status:
    """Count what a database holds."""
    with database.reading() as connection:
        counts = lookups.count_current(connection)
    return Status(
        database.url_for_display,
        database.schema_revision,
        schema.head_revision(),
        counts["patients"],
        counts["visits"],
        counts["entries"],
        database.is_private,
    )


def plan_upgrade(url: str) -> tuple[str, str]:
    """Say which schema revision a database is at, and the newest one; nothing is written.

    Raises
    ------
    SchemaError
        If it has no tables, or belongs to a newer version of the program.
    """
    with connect(url) as database, database.reading() as connection:
        current = schema.current_revision(connection)
        head = schema.head_revision()
        if current is None:
            refuse_foreign_tables(connection, database.url_for_display)
        if current is None or current > head:
            return check_revision(current, database.url_for_display), head
        return current, head


def upgrade_database(url: str, *, stamp: str) -> UpgradeReport:
    """Bring a database to the newest schema revision after a verified backup."""
    return schema.upgrade(url, backup_dir=backup_dir(), stamp=stamp)


def backup_database(database: Database, target: Path) -> BackupReport:
    """Copy the whole record into one SQLite file and verify the copy."""
    return backups.make_backup(database, target)


def restore_database(source: Path, url: str) -> BackupReport:
    """Bring a backup back into a database that holds nothing yet."""
    return backups.restore(source, url)


def verify_database(database: Database) -> VerifyReport:
    """Recompute every hash of the ledger from the rows."""
    with database.reading() as connection:
        return ledger.verify(connection)
