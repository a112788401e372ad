"""`tracker treatment`: add, end, dose, edit, void, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.options import (
    ROW_NUMBER,
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
from tracker.cli.render import print_json, print_table
from tracker.cli.terminal import Terminal, pass_terminal

if TYPE_CHECKING:
    from datetime import date

    from tracker.dates import PartialDate

_number_argument = click.argument("treatment_id", metavar="NUMBER", type=ROW_NUMBER)
_words_option = click.option("--words", metavar="WORDS", help="In words; needed for 'other'.")
_site_option = click.option("--site", type=SiteType(), metavar="SITE", help="Site it is for, where it is for one.")
_dose_option = click.option("--dose", metavar="DOSE", help="150mg monthly, 2000IU daily, 20kg, '6 sessions weekly'.")


@click.group("treatment")
def command() -> None:
    """Treatments of a patient, with start, end and dose over time.

    The record keeps what was done; it recommends nothing.

    \b
    Example:
      tracker treatment add P-07 vitamin-d --from 2026-03 --dose "2000IU daily"
    """


@command.command("add", cls=WriteCommand)
@patient_argument
@click.argument("treatment", metavar="TREATMENT", type=CodeType("treatment"))
@click.option(
    "--from",
    "started",
    type=VisitDateType(),
    metavar="DATE",
    help="Start, as well as it is known: 2026-03, ~2026-03-10, today, -3w.",
)
@click.option("--until", "ended", type=VisitDateType(), metavar="DATE", help="End, where it is over already.")
@_site_option
@_words_option
@_dose_option
@click.option("--yes", is_flag=True, help="Record without asking about warnings.")
@dry_run_option
@json_option
@pass_terminal
def add(
    terminal: Terminal,
    patient_code: str,
    treatment: str,
    started: PartialDate | None,
    ended: PartialDate | None,
    site: str | None,
    words: str | None,
    dose: str | None,
    yes: bool,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Record a treatment; without --from its start stays unknown.

    \b
    Example:
      tracker treatment add P-07 ibandronate --from 2026-03-10 --dose "150mg monthly"
      tracker treatment add P-07 other --words "compression stocking" --site ankle-left
    """
    from tracker.cli.dose_words import read_dose
    from tracker.cli.written import patient_line, report_written
    from tracker.service.patients import read_patient
    from tracker.service.treatments import NewTreatment, add_treatment

    new = NewTreatment(
        treatment, words, site, started, ended, dose=None if dose is None else read_dose(dose, since=None)
    )
    with terminal.database() as database:
        about = patient_line(read_patient(database, patient_code))
        confirm = None if yes or dry_run or not terminal.can_ask else terminal.confirm_warnings
        written = add_treatment(database, patient_code, new, terminal.origin(), confirm=confirm, dry_run=dry_run)
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(written.warnings)


@command.command("end", cls=WriteCommand)
@_number_argument
@click.option(
    "--on", "ended", type=VisitDateType(), metavar="DATE", required=True, help="When it ended: as for a visit."
)
@click.option("--why", metavar="REASON", help="Why it ended, such as 'side effect'; kept with it.")
@dry_run_option
@json_option
@pass_terminal
def end(
    terminal: Terminal, treatment_id: int, ended: PartialDate, why: str | None, dry_run: bool, json_wanted: bool
) -> None:
    """End a treatment that goes on, by its number.

    \b
    Example:
      tracker treatment end 3 --on 2026-06-01 --why "course finished"
    """
    from tracker.cli.written import patient_line, report_written
    from tracker.service.treatments import end_treatment, treatment_owner

    with terminal.database() as database:
        about = patient_line(treatment_owner(database, treatment_id))
        written = end_treatment(database, treatment_id, terminal.origin(reason=why), ended=ended, dry_run=dry_run)
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)


@command.command("dose", cls=WriteCommand)
@_number_argument
@click.argument("dose", metavar="DOSE")
@click.option(
    "--from", "since", type=VisitDateType(), metavar="DATE", required=True, help="Day from which the dose holds."
)
@why_option
@dry_run_option
@json_option
@pass_terminal
def dose(
    terminal: Terminal,
    treatment_id: int,
    dose: str,
    since: PartialDate,
    why: str | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Record from when a treatment has another dose; `void` takes the dose of that day back.

    \b
    Example:
      tracker treatment dose 3 "1000IU daily" --from 2026-05-01
    """
    from tracker.cli.dose_words import read_dose
    from tracker.cli.words import VOID
    from tracker.cli.written import patient_line, report_written
    from tracker.service.treatments import TreatmentChange, edit_treatment, treatment_owner

    if dose.strip().lower() == VOID:
        change = TreatmentChange(void_dose=since)
    else:
        change = TreatmentChange(dose=read_dose(dose, since=since))
    with terminal.database() as database:
        about = patient_line(treatment_owner(database, treatment_id))
        written = edit_treatment(database, treatment_id, change, terminal.origin(reason=why), dry_run=dry_run)
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)


@command.command("edit", cls=WriteCommand)
@_number_argument
@click.option("--treatment", type=CodeType("treatment"), metavar="TREATMENT", help="The right treatment.")
@click.option("--from", "started", type=VisitDateType(), metavar="DATE", help="The right start.")
@click.option("--until", "ended", type=VisitDateType(), metavar="DATE", help="The right end.")
@_site_option
@_words_option
@why_option
@dry_run_option
@json_option
@pass_terminal
def edit(
    terminal: Terminal,
    treatment_id: int,
    treatment: str | None,
    started: PartialDate | None,
    ended: PartialDate | None,
    site: str | None,
    words: str | None,
    why: str | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Correct a treatment by its number; what was there stays in the ledger.

    \b
    Example:
      tracker treatment edit 3 --from 2026-02 --why "patient looked it up"
    """
    from tracker.cli.written import patient_line, report_written
    from tracker.service.treatments import TreatmentChange, edit_treatment, treatment_owner

    change = TreatmentChange(treatment, words, site, started, ended)
    with terminal.database() as database:
        about = patient_line(treatment_owner(database, treatment_id))
        written = edit_treatment(database, treatment_id, change, terminal.origin(reason=why), dry_run=dry_run)
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)


@command.command("void", cls=WriteCommand)
@_number_argument
@click.option("--why", metavar="REASON", required=True, help="Reason, kept in the ledger.")
@dry_run_option
@json_option
@pass_terminal
def void(terminal: Terminal, treatment_id: int, why: str, dry_run: bool, json_wanted: bool) -> None:
    """Take a treatment back with its doses; undo restores it.

    \b
    Example:
      tracker treatment void 3 --why "wrong patient"
    """
    from tracker.cli.written import patient_line, report_written
    from tracker.service.treatments import treatment_owner, void_treatment

    with terminal.database() as database:
        about = patient_line(treatment_owner(database, treatment_id))
        written = void_treatment(database, treatment_id, terminal.origin(reason=why), dry_run=dry_run)
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)


@command.command("list")
@patient_argument
@as_of_option
@json_option
@pass_terminal
def list_(terminal: Terminal, patient_code: str, as_of: date | None, json_wanted: bool) -> None:
    """List a patient's treatments with their numbers and doses.

    \b
    Example:
      tracker treatment list P-07
    """
    from tracker.cli.record_text import treatment_rows
    from tracker.service.patients import read_patient

    with terminal.database() as database:
        record = read_patient(database, patient_code, as_of=as_of, today=terminal.today_here())
    if json_wanted:
        print_json(record.treatments)
        return
    print_table(
        ["number", "treatment"],
        treatment_rows(record),
        empty=f"No treatments. Add one: tracker treatment add {patient_code} vitamin-d --from 2026-03",
    )
