"""`tracker differential`: set, void, show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.options import (
    CodeType,
    SiteType,
    VisitDateType,
    WriteCommand,
    as_of_option,
    dry_run_option,
    json_option,
    patient_argument,
    why_option,
)
from tracker.cli.render import print_json
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.clinical.vocabulary import CauseState

if TYPE_CHECKING:
    from datetime import date

    from tracker.dates import PartialDate

_STATES = tuple(state.value.replace("_", "-") for state in CauseState)
_cause_argument = click.argument("cause", metavar="CAUSE", type=CodeType("cause"))
_site_option = click.option(
    "--site", type=SiteType(), metavar="SITE", help="Of one site; else of the patient as a whole."
)


@click.group("differential")
def command() -> None:
    """Other causes of marrow edema: what was excluded, how, when, and what is open.

    \b
    Example:
      tracker differential set P-07 infection excluded --how "MRI, CRP" --on 2026-03-10
    """


@command.command("set", cls=WriteCommand)
@patient_argument
@_cause_argument
@click.argument("state", metavar="STATE", type=click.Choice(_STATES))
@_site_option
@click.option("--how", metavar="WORDS", help="How it was settled: a modality, a test, in words.")
@click.option("--on", "decided_on", type=VisitDateType(), metavar="DATE", required=True, help="When: as for a visit.")
@click.option("--decided-by", metavar="NAME", help="Who settled it, if not who records it.")
@why_option
@click.option("--yes", is_flag=True, help="Record without asking about warnings.")
@dry_run_option
@json_option
@pass_terminal
def set_(
    terminal: Terminal,
    patient_code: str,
    cause: str,
    state: str,
    site: str | None,
    how: str | None,
    decided_on: PartialDate,
    decided_by: str | None,
    why: str | None,
    yes: bool,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Say how far a cause is settled: excluded, not-excluded, pending or present.

    What is said for a later day stands beside it; for the same day it replaces it.

    \b
    Example:
      tracker differential set P-07 stress-fracture pending --site talus-left --how "CT asked for" --on today
    """
    from tracker.cli.statement import record_and_report
    from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
    from tracker.service.new_statements import NewVerdict

    about = PATIENT_AS_A_WHOLE if site is None else site
    verdict = NewVerdict(about, cause, decided_on, CauseState(state.replace("-", "_")), how, decided_by)
    record_and_report(terminal, patient_code, [verdict], why=why, yes=yes, dry_run=dry_run, json_wanted=json_wanted)


@command.command("void", cls=WriteCommand)
@patient_argument
@_cause_argument
@_site_option
@click.option(
    "--on", "decided_on", type=VisitDateType(), metavar="DATE", required=True, help="The day it was said for."
)
@click.option("--why", metavar="REASON", required=True, help="Reason, kept in the ledger.")
@dry_run_option
@json_option
@pass_terminal
def void(
    terminal: Terminal,
    patient_code: str,
    cause: str,
    site: str | None,
    decided_on: PartialDate,
    why: str,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Take back what was said of a cause for a day; undo restores it.

    \b
    Example:
      tracker differential void P-07 infection --on 2026-03-10 --why "wrong patient"
    """
    from tracker.cli.statement import void_and_report
    from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE

    match = {"about": PATIENT_AS_A_WHOLE if site is None else site, "cause": cause, "decided_on": decided_on}
    void_and_report(terminal, patient_code, "differential", match, why=why, dry_run=dry_run, json_wanted=json_wanted)


@command.command("show")
@patient_argument
@_site_option
@as_of_option
@json_option
@pass_terminal
def show(terminal: Terminal, patient_code: str, site: str | None, as_of: date | None, json_wanted: bool) -> None:
    """Show every cause with what was said last, and which are open.

    \b
    Example:
      tracker differential show P-07
    """
    from tracker.cli.differential_text import differential_json, print_differential
    from tracker.clinical.differential import differential_at, places
    from tracker.service.patients import read_patient

    with terminal.database() as database:
        record = read_patient(database, patient_code, as_of=as_of, today=terminal.today_here())
    found = [differential_at(record, about) for about in (places(record) if site is None else (site,))]
    if json_wanted:
        print_json([differential_json(one) for one in found])
        return
    for number, one in enumerate(found):
        if number:
            click.echo()
        print_differential(record, one)
