"""`tracker db`: status, upgrade, backup, restore, verify."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from tracker.cli.options import PathType, WriteCommand, dry_run_option, json_option
from tracker.cli.render import counted, print_json, say
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.errors import RecordIntegrityError


@click.group("db")
def command() -> None:
    """Look after the database.

    \b
    Example:
      tracker db status
      tracker db backup before-moving.db
    """


@command.command("status")
@json_option
@pass_terminal
def status(terminal: Terminal, json_wanted: bool) -> None:
    """Say where the record is, its schema revision, and how much it holds.

    \b
    Example:
      tracker db status
    """
    from tracker.service.maintenance import database_status

    with terminal.database() as database:
        found = database_status(database)
    if json_wanted:
        print_json(found)
        return
    click.echo(f"Database: {found.url}")
    click.echo(f"Schema revision: {found.schema_revision} (newest known: {found.newest_revision})")
    if not found.is_private:
        say("Others on this computer may read this file. To close it to them: chmod 600", fg="yellow")
    patients, visits = counted(found.n_patients, "patient"), counted(found.n_visits, "visit")
    click.echo(f"{patients}, {visits}, {_entries(found.n_entries)}")


@command.command("upgrade", cls=WriteCommand)
@dry_run_option
@pass_terminal
def upgrade(terminal: Terminal, dry_run: bool) -> None:
    """Bring the database to the newest schema revision, after a verified backup.

    \b
    Example:
      tracker db upgrade
    """
    from tracker.service.maintenance import plan_upgrade, upgrade_database

    if dry_run:
        current, head = plan_upgrade(terminal.url())
        say(f"At schema revision {current}; newest known {head}. Dry run: nothing was written.")
        return
    report = upgrade_database(terminal.url(), stamp=datetime.now().astimezone().strftime("%Y%m%dT%H%M%S"))
    if report.from_revision == report.to_revision:
        say(f"Already at schema revision {report.to_revision}; nothing to do.")
        return
    if report.backup is not None:
        say(f"Backup, verified: {report.backup.target}")
    say(f"Schema revision {report.from_revision} -> {report.to_revision}")


@command.command("backup")
@click.argument("target", type=PathType(dir_okay=False, path_type=Path))
@json_option
@pass_terminal
def backup(terminal: Terminal, target: Path, json_wanted: bool) -> None:
    """Copy the whole record into one file, and verify the copy.

    \b
    Example:
      tracker db backup tracker-2026-03-10.db
    """
    from tracker.service.maintenance import backup_database

    with terminal.database() as database:
        report = backup_database(database, target)
    if json_wanted:
        print_json(report)
    else:
        say(f"Backup, verified: {report.target} ({_entries(report.n_entries)}, head {report.head_hash})")


@command.command("restore", cls=WriteCommand)
@click.argument("source", type=PathType(exists=True, dir_okay=False, path_type=Path))
@pass_terminal
def restore(terminal: Terminal, source: Path) -> None:
    """Bring a backup back into a database that holds nothing yet.

    \b
    Example:
      tracker db restore tracker-2026-03-10.db
      tracker --database restored.db db restore tracker-2026-03-10.db
    """
    from tracker.service.maintenance import restore_database

    report = restore_database(source, terminal.url())
    say(f"Restored, verified: {_entries(report.n_entries)}, head {report.head_hash}")


@command.command("verify")
@json_option
@pass_terminal
def verify(terminal: Terminal, json_wanted: bool) -> None:
    """Check that nobody changed the record behind the program's back; exit code 6 if so.

    \b
    Example:
      tracker db verify
    """
    from tracker.service.maintenance import verify_database

    with terminal.database() as database:
        report = verify_database(database)
    if json_wanted:
        print_json(report)
    if report.problems:
        if not json_wanted:
            for problem in report.problems:
                click.echo(problem)
        problems, entries = counted(len(report.problems), "problem"), counted(report.n_entries, "entry", "entries")
        raise RecordIntegrityError(
            f"The ledger does not hold: {problems} in {entries}.",
            hint="Stop logging, keep this file, and compare it with the last backup.",
        )
    if not json_wanted:
        click.echo(f"The ledger holds; number of entries: {report.n_entries}, head {report.head_hash}")
    if not json_wanted and report.n_entries:
        click.echo(f"Write the head down elsewhere: tracker log {report.n_entries} must show it for good.")


def _entries(count: int) -> str:
    return counted(count, "ledger entry", "ledger entries")
