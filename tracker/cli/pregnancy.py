"""`tracker pregnancy`: add, void, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.options import (
    VisitDateType,
    WriteCommand,
    as_of_option,
    dry_run_option,
    json_option,
    patient_argument,
    why_option,
)
from tracker.cli.render import print_json, print_table
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.clinical.vocabulary import MissingReason, PregnancyState

if TYPE_CHECKING:
    from datetime import date

    from tracker.dates import PartialDate

_STATES = tuple(state.value.replace("_", "-") for state in PregnancyState)
_REASONS = tuple(reason.value.replace("_", "-") for reason in MissingReason)


@click.group("pregnancy")
def command() -> None:
    """Pregnancy, with the gestational week on a day, and delivery.

    \b
    Example:
      tracker pregnancy add P-07 pregnant --week 30 --on 2026-03-10
    """


@command.command("add", cls=WriteCommand)
@patient_argument
@click.argument("state", metavar="STATE", type=click.Choice((*_STATES, *_REASONS)))
@click.option("--on", "stated_on", type=VisitDateType(), metavar="DATE", required=True, help="The day it is said for.")
@click.option("--week", type=int, metavar="WEEKS", help="Completed weeks of gestation on that day.")
@why_option
@click.option("--yes", is_flag=True, help="Record without asking about warnings.")
@dry_run_option
@json_option
@pass_terminal
def add(
    terminal: Terminal,
    patient_code: str,
    state: str,
    stated_on: PartialDate,
    week: int | None,
    why: str | None,
    yes: bool,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Say for a day: pregnant, delivered, ended, not-pregnant, or why that is not known (refused, ...).

    \b
    Example:
      tracker pregnancy add P-07 delivered --on 2026-05-17 --week 39
    """
    from tracker.cli.statement import record_and_report
    from tracker.service.new_statements import NewPregnancyStatus

    word = state.replace("-", "_")
    status = NewPregnancyStatus(
        stated_on,
        PregnancyState(word) if state in _STATES else None,
        week,
        MissingReason(word) if state in _REASONS else None,
    )
    record_and_report(terminal, patient_code, [status], why=why, yes=yes, dry_run=dry_run, json_wanted=json_wanted)


@command.command("void", cls=WriteCommand)
@patient_argument
@click.option("--on", "stated_on", type=VisitDateType(), metavar="DATE", required=True, help="The day it was said for.")
@click.option("--why", metavar="REASON", required=True, help="Reason, kept in the ledger.")
@dry_run_option
@json_option
@pass_terminal
def void(
    terminal: Terminal, patient_code: str, stated_on: PartialDate, why: str, dry_run: bool, json_wanted: bool
) -> None:
    """Take back what was said for a day; undo restores it.

    \b
    Example:
      tracker pregnancy void P-07 --on 2026-03-10 --why "wrong patient"
    """
    from tracker.cli.statement import void_and_report

    match = {"stated_on": stated_on}
    void_and_report(
        terminal, patient_code, "pregnancy_status", match, why=why, dry_run=dry_run, json_wanted=json_wanted
    )


@command.command("list")
@patient_argument
@as_of_option
@json_option
@pass_terminal
def list_(terminal: Terminal, patient_code: str, as_of: date | None, json_wanted: bool) -> None:
    """List what was said about pregnancy, by day.

    \b
    Example:
      tracker pregnancy list P-07
    """
    from tracker.cli.case_text import plain
    from tracker.service.patients import read_patient

    with terminal.database() as database:
        record = read_patient(database, patient_code, as_of=as_of, today=terminal.today_here())
    if json_wanted:
        print_json(record.pregnancy)
        return
    print_table(
        ["day", "said", "week"],
        [
            (p.stated_on, plain(p.state) if p.state else f"missing ({plain(p.missing_reason)})", p.gestational_week)
            for p in record.pregnancy
        ],
        empty=f"Nothing yet. Say it: tracker pregnancy add {patient_code} pregnant --week 30 --on today",
    )
