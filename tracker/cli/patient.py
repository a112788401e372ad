"""`tracker patient`: add, edit, list, merge, show."""

from __future__ import annotations

from datetime import date, datetime

import click

from tracker.cli.merge import merge
from tracker.cli.options import (
    AnyCaseType,
    PartialDateType,
    SiteType,
    VisitDateType,
    WriteCommand,
    as_of_option,
    dry_run_option,
    json_option,
    known_at_option,
    patient_argument,
    why_option,
)
from tracker.cli.render import print_json, print_table
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.clinical.vocabulary import OnsetMode, Sex
from tracker.dates import PartialDate

_sex_option = click.option("--sex", type=AnyCaseType([s.value for s in Sex]), help="Sex as recorded by the clinic.")
_born_option = click.option(
    "--born", type=PartialDateType(), metavar="YEAR", help="Year or month of birth: 1979 or 1979-05."
)


@click.group("patient")
def command() -> None:
    """Patients by study code; no names, no hospital numbers.

    \b
    Example:
      tracker patient add P-07 --sex M --born 1979 --site ankle-left --onset 2026-01
    """


command.add_command(merge)


@command.command("add", cls=WriteCommand)
@click.argument("patient_code", metavar="CODE")
@_sex_option
@_born_option
@click.option("--site", type=SiteType(), help="Opens the first episode at this joint or bone, such as ankle-left.")
@click.option(
    "--onset", type=VisitDateType(), metavar="DATE", help="Onset of that episode: 2026-01, ~2026-01-10, a span, -3w."
)
@click.option("--mode", type=click.Choice([m.value for m in OnsetMode]), help="How it began.")
@click.option("--yes", is_flag=True, help="Record without asking about warnings.")
@dry_run_option
@json_option
@pass_terminal
def add(
    terminal: Terminal,
    patient_code: str,
    sex: str | None,
    born: PartialDate | None,
    site: str | None,
    onset: PartialDate | None,
    mode: str | None,
    yes: bool,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Record a patient, and with --site the first episode.

    \b
    Example:
      tracker patient add P-07 --sex M --born 1979 --site ankle-left --onset 2026-01
    """
    from tracker.cli.written import report_written
    from tracker.service.episodes import NewEpisode
    from tracker.service.patients import NewPatient, add_patient

    if site is None and (onset or mode):
        raise click.UsageError(
            "--onset and --mode belong to an episode: give its --site too, such as --site ankle-left."
        )
    episode = NewEpisode(site, onset, OnsetMode(mode) if mode else None) if site else None
    patient = NewPatient(patient_code, Sex(sex) if sex else Sex.UNKNOWN, born)
    with terminal.database(first_use=not dry_run) as database:
        confirm = None if yes or dry_run or not terminal.can_ask else terminal.confirm_warnings
        written = add_patient(database, patient, terminal.origin(), episode=episode, confirm=confirm, dry_run=dry_run)
    report_written(written, about=patient_code, dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(written.warnings)


@command.command("edit", cls=WriteCommand)
@patient_argument
@click.option("--code", metavar="CODE", help="New study code.")
@_sex_option
@_born_option
@why_option
@dry_run_option
@json_option
@pass_terminal
def edit(
    terminal: Terminal,
    patient_code: str,
    code: str | None,
    sex: str | None,
    born: PartialDate | None,
    why: str | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Correct a patient's code, sex or birth; what was there stays in the ledger.

    \b
    Example:
      tracker patient edit P-07 --born 1978 --why "typing error"
    """
    from tracker.cli.written import patient_line, report_written
    from tracker.service.patients import PatientChange, edit_patient, read_patient

    change = PatientChange(code, Sex(sex) if sex else None, born)
    with terminal.database() as database:
        confirm = None if dry_run or not terminal.can_ask else terminal.confirm_warnings
        written = edit_patient(
            database, patient_code, change, terminal.origin(reason=why), confirm=confirm, dry_run=dry_run
        )
        about = patient_line(read_patient(database, (not dry_run and code) or patient_code))
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(written.warnings)


@command.command("list")
@json_option
@pass_terminal
def list_(terminal: Terminal, json_wanted: bool) -> None:
    """List all patients with their last visit and open sites.

    \b
    Example:
      tracker patient list --json
    """
    from tracker.service.patients import list_patients

    with terminal.database() as database:
        patients = list_patients(database)
    if json_wanted:
        print_json(patients)
        return
    print_table(
        ["code", "sex", "born", "visits", "last visit", "open episodes"],
        [
            (p.patient_code, p.sex, p.birth and str(p.birth), p.n_visits, p.last_visit, ", ".join(p.open_sites) or None)
            for p in patients
        ],
        empty="No patients yet. Add one: tracker patient add P-07 --sex M --born 1979",
    )


@command.command("show")
@patient_argument
@as_of_option
@known_at_option
@json_option
@pass_terminal
def show(
    terminal: Terminal, patient_code: str, as_of: date | None, known_at: datetime | None, json_wanted: bool
) -> None:
    """Show everything recorded of one patient.

    \b
    Example:
      tracker patient show P-07
    """
    from tracker.cli.record_text import print_record
    from tracker.service.patients import read_patient

    with terminal.database() as database:
        record = read_patient(database, patient_code, as_of=as_of, known_at=known_at, today=terminal.today_here())
    if json_wanted:
        print_json(record)
    else:
        print_record(record, as_of=as_of)
