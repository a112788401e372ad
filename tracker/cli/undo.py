"""`tracker undo`: take back one entry, previewed first."""

from __future__ import annotations

import click

from tracker.cli.options import ROW_NUMBER, WriteCommand, dry_run_option, why_option
from tracker.cli.render import say
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.errors import InputError

_MOST_SHOWN = 200
"""Changes that are shown one by one; an import can have thousands."""


@click.command("undo", cls=WriteCommand)
@click.argument("entry_id", metavar="[ENTRY]", type=ROW_NUMBER, required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
@why_option
@dry_run_option
@pass_terminal
def command(terminal: Terminal, entry_id: int | None, yes: bool, why: str | None, dry_run: bool) -> None:
    """Take back one entry of the ledger; without ENTRY the newest one.

    Nothing is deleted: the undo is an entry of its own, and can itself be undone
    by its number.

    \b
    Example:
      tracker undo
      tracker undo 12 --yes --why "wrong patient"
    """
    from tracker.cli.written import change_lines
    from tracker.service.history import owners_of, preview_undo, read_entry, undo_entry

    with terminal.database() as database:
        chosen, changes = preview_undo(database, entry_id)
        entry = read_entry(database, chosen)
        about = ", ".join(owners_of(database, changes))
        click.echo(f"Undo of entry {chosen} ({entry.command} of {about}, by {entry.recorded_by}):")
        for line in change_lines(changes[:_MOST_SHOWN]):
            click.echo(f"  {line}")
        if len(changes) > _MOST_SHOWN:
            click.echo(f"  ... and {len(changes) - _MOST_SHOWN} more")
        if dry_run:
            say("Dry run: nothing was written.")
            return
        if not yes:
            if not terminal.can_ask:
                raise InputError(
                    "An undo asks first, and nobody can answer here.", hint=f"Run: tracker undo {chosen} --yes"
                )
            if not click.confirm("Take it back?", default=False, err=True):
                say("Nothing was written.")
                return
        written = undo_entry(database, chosen, terminal.origin(reason=why))
    if written.entry is not None:
        say(f"Undone by entry {written.entry.entry_id}. To bring it back: tracker undo {written.entry.entry_id}")
