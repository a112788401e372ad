"""`tracker visit`: add, edit, void, list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import click

from tracker.cli.options import (
    ROW_NUMBER,
    VisitDateType,
    WriteCommand,
    as_of_option,
    complete_coded,
    complete_site,
    dry_run_option,
    json_option,
    patient_argument,
    why_option,
)
from tracker.cli.render import print_json, say
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.clinical.vocabulary import Aspect
from tracker.dates import PartialDate
from tracker.errors import DeclinedError

_F = TypeVar("_F", bound=Callable[..., object])

_DATA_OPTIONS = (
    click.option(
        "--pain",
        multiple=True,
        shell_complete=complete_site,
        metavar="SITE=0-10",
        help="NRS pain; SITE=4@rest for another aspect.",
    ),
    click.option("--vas", multiple=True, shell_complete=complete_site, metavar="SITE=0-100", help="VAS pain in mm."),
    click.option(
        "--aspect",
        type=click.Choice([a.value for a in Aspect]),
        default="overall",
        show_default=True,
        help="What the scores of this line are about.",
    ),
    click.option(
        "--vitamin-d", metavar="VALUE", help="25-OH-vitamin D with its unit: 18ng/mL, 45nmol/L, '<10 nmol/L'."
    ),
    click.option("--assay", metavar="NAME", help="Assay of the vitamin D result."),
    click.option(
        "--lab",
        multiple=True,
        shell_complete=complete_coded("lab"),
        metavar="CODE=VALUE",
        help="crp=3mg/L; with the laboratory's limit 'crp=31mg/L@<5' or calcium=2.3mmol/L@2.15-2.55; esr=normal.",
    ),
    click.option(
        "--mri",
        multiple=True,
        shell_complete=complete_site,
        metavar="SITE=...",
        help="large, 40%, patchy, effusion, no-effusion, ...",
    ),
    click.option(
        "--xray",
        multiple=True,
        shell_complete=complete_site,
        metavar="SITE=...",
        help="radiolucency or osteopenia, fracture-line, normal, ...",
    ),
    click.option(
        "--ct",
        multiple=True,
        shell_complete=complete_site,
        metavar="SITE=...",
        help="As --mri, for computed tomography.",
    ),
    click.option(
        "--dect", multiple=True, shell_complete=complete_site, metavar="SITE=...", help="As --mri, for dual-energy CT."
    ),
    click.option(
        "--scintigraphy", multiple=True, shell_complete=complete_site, metavar="SITE=...", help="uptake, no-uptake, ..."
    ),
    click.option(
        "--dxa", multiple=True, shell_complete=complete_site, metavar="SITE=...", help="radiolucency, normal, ..."
    ),
    click.option(
        "--function",
        multiple=True,
        shell_complete=complete_coded("scale"),
        metavar="SCALE=SCORE",
        help="faam-adl=62@ankle-left; without a site: promis-pf=41.",
    ),
    click.option("--note", multiple=True, metavar="WORDS", help="Kept as written."),
)


def _data_options(function: _F) -> _F:
    for option in reversed(_DATA_OPTIONS):
        function = option(function)
    return function


@click.group("visit")
def command() -> None:
    """Log and correct visits: pain per site, vitamin D, imaging findings.

    \b
    Example:
      tracker visit add P-07 --on today --pain ankle-left=7 --vitamin-d 18ng/mL --mri talus-left=large
    """


@command.command("add", cls=WriteCommand)
@patient_argument
@click.option(
    "--on",
    "visit_date",
    type=VisitDateType(),
    metavar="DATE",
    help="2026-03-10, today, yesterday, -3d, tue; 2026-03 where only the month is known.",
)
@_data_options
@click.option("--yes", is_flag=True, help="Record without asking about warnings.")
@dry_run_option
@json_option
@pass_terminal
def add(
    terminal: Terminal,
    /,
    patient_code: str,
    visit_date: PartialDate | None,
    yes: bool,
    dry_run: bool,
    json_wanted: bool,
    **typed: object,
) -> None:
    """Log a whole visit on one line; with no data on a terminal, asks and sums up before it writes.

    \b
    Example:
      tracker visit add P-07 --on 2026-03-10 --pain ankle-left=7 --pain knee-right=2 --vitamin-d 18ng/mL
      tracker visit add P-07 --on today --mri talus-left=large,effusion --note "off crutches"
      tracker visit add P-07 --on today --lab crp=3mg/L --function faam-adl=62@ankle-left
    """
    from tracker.cli.visit_line import TypedVisit
    from tracker.cli.written import patient_line, report_written
    from tracker.service.patients import read_patient
    from tracker.service.visits import add_visit

    line = TypedVisit.read(typed)
    with terminal.database() as database:
        before = read_patient(database, patient_code)
        confirm = None if yes or dry_run or not terminal.can_ask else terminal.confirm_warnings
        asked: tuple[str, ...] = ()
        if line.is_empty:
            from tracker.cli.visit_prompt import ask_visit, confirm_visit

            visit = ask_visit(terminal, before, visit_date)
            if confirm is not None:
                drafted = add_visit(database, visit, terminal.origin(), record=before, dry_run=True)
                if not confirm_visit(terminal, drafted):
                    raise DeclinedError("Not recorded, as you chose.")
                confirm, asked = None, drafted.warnings
        else:
            visit = line.new_visit(patient_code, visit_date or _missing_date(terminal))
        written = add_visit(database, visit, terminal.origin(), record=before, confirm=confirm, dry_run=dry_run)
    report_written(written, about=patient_line(before), dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(tuple(warning for warning in written.warnings if warning not in asked))


@command.command("edit", cls=WriteCommand)
@click.argument("visit_id", metavar="VISIT", type=ROW_NUMBER)
@click.option("--on", "visit_date", type=VisitDateType(), metavar="DATE", help="The right date.")
@_data_options
@why_option
@dry_run_option
@json_option
@pass_terminal
def edit(
    terminal: Terminal,
    /,
    visit_id: int,
    visit_date: PartialDate | None,
    why: str | None,
    dry_run: bool,
    json_wanted: bool,
    **typed: object,
) -> None:
    """Correct a visit by its number: given values replace, SITE=void takes back.

    A --note replaces all notes of the visit; --note void takes them back.

    \b
    Example:
      tracker visit edit 12 --pain ankle-left=6 --pain knee-left=void --why "wrong line"
    """
    from tracker.cli.visit_line import TypedVisit
    from tracker.cli.written import patient_line, report_written
    from tracker.service.visits import edit_visit, visit_owner

    change = TypedVisit.read(typed).change(visit_date)
    with terminal.database() as database:
        about = patient_line(visit_owner(database, visit_id))
        confirm = None if dry_run or not terminal.can_ask else terminal.confirm_warnings
        written = edit_visit(database, visit_id, change, terminal.origin(reason=why), confirm=confirm, dry_run=dry_run)
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(written.warnings)


@command.command("void", cls=WriteCommand)
@click.argument("visit_id", metavar="VISIT", type=ROW_NUMBER)
@click.option("--why", metavar="REASON", required=True, help="Reason, kept in the ledger.")
@dry_run_option
@json_option
@pass_terminal
def void(terminal: Terminal, visit_id: int, why: str, dry_run: bool, json_wanted: bool) -> None:
    """Take a visit back with all it brought; undo restores it.

    \b
    Example:
      tracker visit void 12 --why "wrong patient"
    """
    from tracker.cli.written import patient_line, report_written
    from tracker.service.visits import visit_owner, void_visit

    with terminal.database() as database:
        about = patient_line(visit_owner(database, visit_id))
        written = void_visit(database, visit_id, terminal.origin(reason=why), dry_run=dry_run)
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)


@command.command("list")
@patient_argument
@as_of_option
@json_option
@pass_terminal
def list_(terminal: Terminal, patient_code: str, as_of: date | None, json_wanted: bool) -> None:
    """List a patient's visits with their numbers.

    \b
    Example:
      tracker visit list P-07
    """
    from tracker.cli.record_text import print_visits, visit_facts
    from tracker.service.patients import read_patient

    with terminal.database() as database:
        record = read_patient(database, patient_code, as_of=as_of, today=terminal.today_here())
    if json_wanted:
        print_json(
            [
                {"visit_id": v.visit_id, "visit_date": v.visit_date, "recorded": visit_facts(record, v.visit_id)}
                for v in record.visits
            ]
        )
    else:
        print_visits(record, as_of=as_of)


def _missing_date(terminal: Terminal) -> PartialDate:
    """Today where a person sits at the terminal, who sees it echoed; a script must say which day."""
    if not terminal.can_ask:
        raise click.UsageError("A visit needs its date: give --on DATE, such as --on today or --on 2026-03-10.")
    today = PartialDate.on(terminal.today_here())
    say(f"No --on given: taking today, {today.in_words()}.")
    return today
