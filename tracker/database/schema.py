"""Bringing a database to the newest schema revision, a verified backup first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from tracker.database.backups import BackupReport, make_backup
from tracker.database.chain import GENESIS
from tracker.database.revisions import (
    check_revision,
    current_revision,
    head_revision,
    migrations_dir,
    refuse_foreign_tables,
    run_up,
)
from tracker.database.session import connect
from tracker.database.tables import LEDGER_ENTRY
from tracker.errors import ConflictError, RecordIntegrityError

__all__ = ["UpgradeReport", "current_revision", "head_revision", "migrations_dir", "upgrade"]


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """From which revision to which; `backup` is None where there was nothing to do."""

    from_revision: str
    to_revision: str
    backup: BackupReport | None


def upgrade(url: str, *, backup_dir: Path, stamp: str) -> UpgradeReport:
    """Bring a database to the newest revision.

    Parameters
    ----------
    url : str
        Address of the database.
    backup_dir : Path
        Where the backup goes; made if missing.
    stamp : str
        Part of the backup's name, such as ``20260310-081500``.

    Raises
    ------
    SchemaError
        If the database is newer than this program, or empty.
    AccessError, ConflictError, RecordIntegrityError
        If the backup fails, or something was recorded since it was made; then nothing was upgraded.
    """
    head = head_revision()
    # a revision may make SQLite tables anew, which enforced foreign keys would take for deletion
    with connect(url, foreign_keys=False) as database:
        with database.reading() as connection:
            current = current_revision(connection)
            if current is None:
                refuse_foreign_tables(connection, database.url_for_display)
        if current is None or current >= head:
            current = check_revision(current, database.url_for_display)
            return UpgradeReport(current, current, None)
        backup = make_backup(database, backup_dir / f"tracker-{current}-{stamp}.db")
        with database.writing() as connection:
            if current_revision(connection) != current:
                raise ConflictError("Another program upgraded the database meanwhile.", hint="Run the command again.")
            _check_still_backed_up(connection, backup)
            run_up(connection)
            _check_foreign_keys(connection)
    return UpgradeReport(current, head, backup)


def _check_still_backed_up(connection: Connection, backup: BackupReport) -> None:
    """Refuse to go on where the ledger, now locked, is not the one in the backup."""
    n_entries = connection.scalar(select(func.count()).select_from(LEDGER_ENTRY))
    newest_first = select(LEDGER_ENTRY.c.entry_hash).order_by(LEDGER_ENTRY.c.entry_id.desc())
    head_hash = connection.scalar(newest_first.limit(1)) or GENESIS
    if (n_entries, head_hash) != (backup.n_entries, backup.head_hash):
        raise ConflictError(
            f"Something was recorded after the backup '{backup.target}' was made, so nothing was upgraded.",
            hint="Run the command again.",
        )


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RecordIntegrityError(
            f"The upgrade would leave rows of {broken[0]} without what they refer to, so nothing was upgraded.",
            hint="Keep the backup, and report this.",
        )
