"""`tracker checklist`: add, void, show."""

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
from tracker.clinical.vocabulary import Checklist, Presence

if TYPE_CHECKING:
    from datetime import date

    from tracker.dates import PartialDate

_CHECKLISTS = tuple(checklist.value for checklist in Checklist)
_checklist_argument = click.argument("checklist", metavar="CHECKLIST", type=click.Choice(_CHECKLISTS))
_site_option = click.option("--site", type=SiteType(), metavar="SITE", help="Site; needed for crps and biopsy.")
_on_option = click.option(
    "--on", "examined_on", type=VisitDateType(), metavar="DATE", required=True, help="Day it was asked or examined."
)


@click.group("checklist")
def command() -> None:
    """Items gone through together: crps (Budapest), biopsy findings, risk factors and history.

    Each item is present, absent or not examined; what nobody looked at is never absent.

    \b
    Example:
      tracker checklist add P-07 risk --on today --present prior-trauma=2025-11 --absent steroids,diabetes
    """


@command.command("add", cls=WriteCommand)
@patient_argument
@_checklist_argument
@_site_option
@_on_option
@click.option("--present", multiple=True, metavar="ITEM[=DATE],...", help="What was there; =DATE says since when.")
@click.option("--absent", multiple=True, metavar="ITEM,...", help="What was looked for and not there.")
@click.option("--not-examined", multiple=True, metavar="ITEM,...", help="What nobody looked at.")
@click.option("--words", metavar="WORDS", help="What was said of it; with one item only.")
@why_option
@click.option("--yes", is_flag=True, help="Record without asking about warnings.")
@dry_run_option
@json_option
@pass_terminal
def add(
    terminal: Terminal,
    patient_code: str,
    checklist: str,
    site: str | None,
    examined_on: PartialDate,
    present: tuple[str, ...],
    absent: tuple[str, ...],
    not_examined: tuple[str, ...],
    words: str | None,
    why: str | None,
    yes: bool,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Record items of a checklist as found on a day; said again for that day, they are replaced.

    \b
    Example:
      tracker checklist add P-07 crps --site ankle-left --on today --present sign-sensory --absent sign-motor
      tracker checklist add P-07 biopsy --site talus-left --on 2026-04 --present interstitial-fluid,osteoid
      tracker checklist add P-07 risk --on today --present prior-trauma=2025-11 --words "ankle sprain"
    """
    from tracker.cli.item_words import read_items
    from tracker.cli.statement import record_and_report

    typed = {Presence.PRESENT: present, Presence.ABSENT: absent, Presence.NOT_EXAMINED: not_examined}
    items = read_items(Checklist(checklist), site, examined_on, typed, words=words, today=terminal.today_here())
    record_and_report(terminal, patient_code, items, why=why, yes=yes, dry_run=dry_run, json_wanted=json_wanted)


@command.command("void", cls=WriteCommand)
@patient_argument
@_checklist_argument
@_site_option
@_on_option
@click.option("--item", type=CodeType("item"), metavar="ITEM", help="One item only; else all of that day.")
@click.option("--why", metavar="REASON", required=True, help="Reason, kept in the ledger.")
@dry_run_option
@json_option
@pass_terminal
def void(
    terminal: Terminal,
    patient_code: str,
    checklist: str,
    site: str | None,
    examined_on: PartialDate,
    item: str | None,
    why: str,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Take back what was found on a day, or one item of it; undo restores it.

    \b
    Example:
      tracker checklist void P-07 crps --site ankle-left --on 2026-03-10 --why "other foot"
    """
    from tracker.cli.item_words import about_of
    from tracker.cli.statement import void_and_report

    about = about_of(Checklist(checklist), site)
    match = {"checklist": checklist, "about": about, "examined_on": examined_on}
    match |= {} if item is None else {"item": item}
    void_and_report(terminal, patient_code, "checklist_item", match, why=why, dry_run=dry_run, json_wanted=json_wanted)


@command.command("show")
@patient_argument
@click.argument("checklist", metavar="[CHECKLIST]", required=False, type=click.Choice(_CHECKLISTS))
@as_of_option
@json_option
@pass_terminal
def show(terminal: Terminal, patient_code: str, checklist: str | None, as_of: date | None, json_wanted: bool) -> None:
    """Show what was found by day; for crps also what the Budapest criteria make of it.

    \b
    Example:
      tracker checklist show P-07 crps
    """
    from tracker.cli.checklist_text import print_checklists
    from tracker.clinical.crps import assess_crps
    from tracker.service.patients import read_patient

    with terminal.database() as database:
        record = read_patient(database, patient_code, as_of=as_of, today=terminal.today_here())
    items = [item for item in record.checklist_items if checklist in (None, item.checklist)]
    if json_wanted:
        print_json({"items": items, "crps": assess_crps(items)})
    else:
        print_checklists(patient_code, items)
