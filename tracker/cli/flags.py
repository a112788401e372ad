"""`tracker flags`: list, of one patient or of the whole clinic; ack, dismiss, reopen."""

from __future__ import annotations

from datetime import date

import click

from tracker.cli.options import (
    PatientCodeType,
    SiteType,
    WriteCommand,
    as_of_option,
    dry_run_option,
    json_option,
    patient_argument,
    why_option,
)
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
@click.option(
    "--exit-code",
    "exit_code_wanted",
    is_flag=True,
    help=f"Leave with code {RAISED} when a flag is raised that was not dismissed.",
)
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
    if exit_code_wanted and any(one.asks_for_a_look for one in found):
        ctx.exit(RAISED)


_flag_argument = click.argument("flag", metavar="FLAG")
_site_option = click.option("--site", type=SiteType(), metavar="SITE", help="Where, if it is raised at several sites.")


@command.command("ack", cls=WriteCommand)
@patient_argument
@_flag_argument
@_site_option
@why_option
@dry_run_option
@json_option
@pass_terminal
def ack(
    terminal: Terminal,
    patient_code: str,
    flag: str,
    site: str | None,
    why: str | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Acknowledge a raised flag: it was seen, and stays on the list.

    \b
    Example:
      tracker flags ack P-07 prolonged_plateau --site ankle-left
    """
    _decide(terminal, (patient_code, flag, site), "acknowledged", why=why, dry_run=dry_run, json_wanted=json_wanted)


@command.command("dismiss", cls=WriteCommand)
@patient_argument
@_flag_argument
@_site_option
@click.option("--why", metavar="REASON", required=True, help="Reason, kept in the ledger and beside the flag.")
@dry_run_option
@json_option
@pass_terminal
def dismiss(
    terminal: Terminal,
    patient_code: str,
    flag: str,
    site: str | None,
    why: str,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Dismiss a raised flag with a reason; it opens again when its evidence changes.

    \b
    Example:
      tracker flags dismiss P-07 raised_crp --why "a cold that week, repeated and normal elsewhere"
    """
    _decide(terminal, (patient_code, flag, site), "dismissed", why=why, dry_run=dry_run, json_wanted=json_wanted)


@command.command("reopen", cls=WriteCommand)
@patient_argument
@_flag_argument
@_site_option
@why_option
@dry_run_option
@json_option
@pass_terminal
def reopen(
    terminal: Terminal,
    patient_code: str,
    flag: str,
    site: str | None,
    why: str | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Open a flag again that was acknowledged or dismissed.

    \b
    Example:
      tracker flags reopen P-07 raised_crp --why "raised again elsewhere"
    """
    _decide(terminal, (patient_code, flag, site), "reopened", why=why, dry_run=dry_run, json_wanted=json_wanted)


def _decide(
    terminal: Terminal,
    chosen: tuple[str, str, str | None],
    decision: str,
    *,
    why: str | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    from tracker.cli.written import patient_line, report_written
    from tracker.clinical.vocabulary import FlagDecisionWord
    from tracker.service.flag_decisions import FlagChoice, decide_on_flag
    from tracker.service.patients import read_patient

    choice = FlagChoice(chosen[0], chosen[1].replace("-", "_"), chosen[2])
    with terminal.database() as database:
        about = patient_line(read_patient(database, choice.patient_code))
        written = decide_on_flag(
            database,
            choice,
            FlagDecisionWord(decision),
            terminal.origin(reason=why),
            today=terminal.today_here(),
            dry_run=dry_run,
        )
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
