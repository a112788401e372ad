"""`tracker init`: make the database and say where it is."""

from __future__ import annotations

import click

from tracker.cli.options import WriteCommand
from tracker.cli.terminal import Terminal, pass_terminal


@click.command("init", cls=WriteCommand)
@pass_terminal
def command(terminal: Terminal) -> None:
    """Make the database, if it is not there yet, and say where it is.

    Not needed on a single computer: the first command makes it too.

    \b
    Example:
      tracker init
      TRACKER_DATABASE_URL=postgresql://clinic@server/tracker tracker init
    """
    with terminal.database(create=True) as database:
        click.echo(f"Database: {database.url_for_display}")
        click.echo(f"Schema revision: {database.schema_revision}")
        click.echo("Next: tracker patient add P-07 --sex M --born 1979 --site ankle-left --onset 2026-01")
