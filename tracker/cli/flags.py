"""`tracker flags`: list, of one patient or of the whole clinic."""

from __future__ import annotations

from datetime import date

import click

from tracker.cli.options import PatientCodeType, as_of_option, json_option
from tracker.cli.terminal import Terminal, pass_terminal

RAISED = 10


class FlagsGroup(click.Group):
    """A noun whose verb may be left out: then it lists."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the verb in front where the first word is none of them."""
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("flags", cls=FlagsGroup)
def command() -> None:
    """Say what is off course, what asks to exclude another cause, and what has moved.

    Decision support for trained staff, not a diagnosis.

    \b
    Example:
      tracker flags
      tracker flags P-07
    """


@command.command("list")
@click.argument("patient_code", metavar="[CODE]", required=False, type=PatientCodeType())
@as_of_option
@click.option("--exit-code", "exit_code_wanted", is_flag=True, help=f"Leave with code {RAISED} when a flag is raised.")
@json_option
@click.pass_context
@pass_terminal
def list_(
    terminal: Terminal,
    ctx: click.Context,
    patient_code: str | None,
    as_of: date | None,
    exit_code_wanted: bool,
    json_wanted: bool,
) -> None:
    """List raised flags: course, red flags, further sites; with CODE in full, with evidence and what would clear them.

    Without CODE the whole clinic is looked at quickly: a course flag near its threshold
    can differ from the full reading.

    \b
    Example:
      tracker flags list P-07 --as-of 2026-05-01
      tracker flags list --exit-code
    """
    from tracker.cli.flags_text import clinic_json, patient_json, print_clinic, print_patient
    from tracker.cli.render import print_json
    from tracker.service.flags import clinic_flags, patient_flags

    today = terminal.today_here()
    day = as_of or today
    with terminal.database() as database:
        if patient_code is None:
            found = clinic_flags(database, as_of=day, today=today)
        else:
            found = (patient_flags(database, patient_code, as_of=day, today=today),)
    if json_wanted:
        print_json(clinic_json(found) if patient_code is None else patient_json(found[0]))
    elif patient_code is None:
        print_clinic(found, as_of=day)
    else:
        print_patient(found[0])
    if exit_code_wanted and any(one.alerts for one in found):
        ctx.exit(RAISED)
