"""`tracker log`: the ledger, newest last."""

from __future__ import annotations

import click

from tracker.cli.options import ROW_NUMBER, PatientCodeType, WholeNumberType, json_option
from tracker.cli.render import print_json, print_table
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.errors import InputError


@click.command("log")
@click.argument("entry_id", metavar="[ENTRY]", type=ROW_NUMBER, required=False)
@click.option(
    "--patient", "patient_code", metavar="CODE", type=PatientCodeType(), help="Only entries about one patient."
)
@click.option("--newest", type=WholeNumberType(1), default=20, show_default=True, metavar="N", help="How many.")
@click.option("--all", "everything", is_flag=True, help="All entries.")
@json_option
@pass_terminal
def command(
    terminal: Terminal,
    entry_id: int | None,
    patient_code: str | None,
    newest: int,
    everything: bool,
    json_wanted: bool,
) -> None:
    """Show who recorded what, when and why; with ENTRY, what that entry changed.

    \b
    Example:
      tracker log --patient P-07
      tracker log 12
    """
    from tracker.service.history import list_entries

    if entry_id is not None:
        if patient_code:
            raise InputError("One entry or one patient's entries, not both.", hint="Leave out --patient or ENTRY.")
        _show_entry(terminal, entry_id, json_wanted=json_wanted)
        return
    with terminal.database() as database:
        entries = list_entries(database, newest=None if everything else newest, patient_code=patient_code)
    if json_wanted:
        print_json(entries)
        return
    print_table(
        ["entry", "recorded", "by", "command", "reason", "undoes", "warnings"],
        [
            (
                e.entry_id,
                local_time(e.recorded_at),
                e.recorded_by,
                e.command,
                e.reason,
                e.undoes,
                len(e.warnings) or None,
            )
            for e in entries
        ],
        empty="The ledger is empty. Begin: tracker patient add P-07 --sex M --born 1979",
    )


def _show_entry(terminal: Terminal, entry_id: int, *, json_wanted: bool) -> None:
    from tracker.cli.written import change_lines
    from tracker.service.history import describe_entry, owners_of, read_entry

    with terminal.database() as database:
        entry = read_entry(database, entry_id)
        changes = describe_entry(database, entry_id)
        about = owners_of(database, changes)
    if json_wanted:
        print_json({"entry": entry, "patient_codes": about, "changes": changes})
        return
    whose = f" of {', '.join(about)}" if about else ""
    when = local_time(entry.recorded_at)
    click.echo(f"Entry {entry.entry_id}: {entry.command}{whose}, by {entry.recorded_by}, {when}")
    for name, value in (("reason", entry.reason), ("source", entry.source_name), ("undoes entry", entry.undoes)):
        if value is not None:
            click.echo(f"{name}: {value}")
    for line in change_lines(changes):
        click.echo(f"  {line}")
    for warning in entry.warnings:
        click.echo(f"warned: {warning}")
    click.echo(f"hash: {entry.entry_hash}")


def local_time(moment: object) -> str:
    """Write a moment of the ledger as the clocks of this place show it."""
    from datetime import datetime

    when = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
    return when.astimezone().strftime("%Y-%m-%d %H:%M")
