"""`tracker demo`: published cases and a simulated clinic, in a throw-away database of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import DayType, PathType
from tracker.cli.page_drawing import MOST_WEEKS_AHEAD, PAGES_NAME
from tracker.cli.render import say
from tracker.cli.root import INTERRUPTED
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.dates import day_in_words
from tracker.errors import ConflictError, InputError, TrackerError

if TYPE_CHECKING:
    from rich.progress import Progress

    from reports.clinic_row import ClinicRow
    from tracker.analysis.simulation import SimulatedPatient
    from tracker.database.session import Database
    from tracker.service.published import CaseReport

SEED = 20260310
N_SIMULATED = 60
DATABASE_NAME = "tracker-demo.db"
TRUTH_NAME = "truth.csv"
_SIMULATED = "simulated"
_TITLE = "Tracker demonstration: published cases and a simulated clinic"
_CASES_REMARK = (
    "Single cases from the literature, as far as the record can hold them. The transcription gives months: month 0 is "
    "laid on the placeholder day 2000-01-01, and no date here is real. Each case is shown as of its last dated fact."
)
_SIMULATED_REMARK = (
    "Simulated patients, no persons. Their courses are drawn from the expected course; "
    "the truth behind them is in truth.csv."
)


@click.command("demo")
@click.option(
    "--out",
    type=PathType(file_okay=False, path_type=Path),
    default=Path("tracker-demo"),
    show_default=True,
    help="Folder for database, pages and truth: a new or empty one, or that of a former demo.",
)
@click.option("--as-of", type=DayType(), metavar="DAY", help="Day the simulated clinic is looked at; today otherwise.")
@pass_terminal
@click.pass_context
def command(ctx: click.Context, terminal: Terminal, out: Path, as_of: date | None) -> None:
    """Show the tracker at work on published cases and a simulated clinic, and write all pages.

    Makes a database of its own in the folder; yours is never touched. A former demo there is replaced.

    \b
    Example:
      tracker demo --out demo
    """
    day = as_of or terminal.today_here()
    if day > terminal.today_here():
        raise InputError(f"The day {day_in_words(day)} lies in the future.", hint="Give a day up to today.")
    _clear(out)
    try:
        _show(terminal, out, day)
    except KeyboardInterrupt:
        say(f"\nStopped. The demo in {out} is not complete. To make it again: tracker demo --out {out}")
        ctx.exit(INTERRUPTED)


@dataclass(frozen=True, slots=True)
class _Demo:
    """What is shown: the cases with their reports, the simulated patients, and the day."""

    cases: tuple[CaseReport, ...]
    simulated: tuple[SimulatedPatient, ...]
    day: date


def _show(terminal: Terminal, out: Path, day: date) -> None:
    from tracker.database.session import open_database

    with open_database(_url(out), create=True) as database:
        demo = _record_cases(terminal, database, day)
        with _progress() as progress:
            _record_simulated(terminal, database, demo, progress)
            _write_pages(database, demo, out, progress)
    _say_where(demo, out)


def _record_cases(terminal: Terminal, database: Database, day: date) -> _Demo:
    import numpy as np

    from tracker.service.published import load_published_cases
    from tracker.service.simulated import simulated_clinic

    cases = load_published_cases(database, terminal.origin())
    for case in cases:
        click.echo(case.in_words())
    return _Demo(cases, simulated_clinic(n_patients=N_SIMULATED, as_of=day, rng=np.random.default_rng(SEED)), day)


def _record_simulated(terminal: Terminal, database: Database, demo: _Demo, progress: Progress) -> None:
    from tracker.service.simulated import record_simulated_patient

    origin = terminal.origin()
    for patient in progress.track(demo.simulated, description="Recording simulated patients"):
        record_simulated_patient(database, patient, origin)


def _write_pages(database: Database, demo: _Demo, out: Path, progress: Progress) -> None:
    from reports.clinic_page import ClinicGroup, ClinicView, write_clinic_page
    from reports.clinic_row import RowPlace, clinic_row
    from reports.page import write_patient_page
    from reports.sentences import load_sentences
    from reports.simulation_tables import write_truth
    from tracker.analysis.overview import patient_overview
    from tracker.clinical.schedule import schedule_numbers
    from tracker.service.courses import course_view, current_edition, with_corrections

    edition, sentences = current_edition(), load_sentences()
    shown = [(case.case_id, case.group, case.last_day) for case in demo.cases]
    shown += [(patient.code, _SIMULATED, demo.day) for patient in demo.simulated]
    rows: list[ClinicRow] = []
    for code, group, day in progress.track(shown, description="Writing pages"):
        view = with_corrections(database, course_view(database, code, as_of=day))
        page = write_patient_page(view, edition, out / PAGES_NAME)
        overview = patient_overview(view, edition=edition, schedule=schedule_numbers(), weeks_ahead=MOST_WEEKS_AHEAD)
        rows.append(clinic_row(view, overview, RowPlace(f"{PAGES_NAME}/{page.name}", group), edition, sentences))
    n_cases = len(demo.cases)
    groups = (
        ClinicGroup("Published cases", _CASES_REMARK, tuple(rows[:n_cases])),
        ClinicGroup("Simulated clinic", _SIMULATED_REMARK, tuple(rows[n_cases:])),
    )
    write_truth(demo.simulated, out / TRUTH_NAME)
    write_clinic_page(ClinicView(_TITLE, groups, view.provenance, is_demonstration=True), out)


def _say_where(demo: _Demo, out: Path) -> None:
    n_visits = sum(len(patient.visits) for patient in demo.simulated)
    database = out / DATABASE_NAME
    click.echo(f"\n{len(demo.cases)} published cases and {len(demo.simulated)} simulated patients are recorded.")
    click.echo(f"The simulated ones have {n_visits} visits up to {day_in_words(demo.day)} (seed {SEED}).")
    click.echo(f"Database: {database} (to look around: tracker --database {database} patient list)")
    click.echo(f"Truth:    {out / TRUTH_NAME} (the courses behind the simulated patients)")
    click.echo(f"Cohort:   tracker --database {database} report cohort --out {out / 'cohort'} --open")
    click.echo(f"Open:     {out / 'index.html'}")


def _clear(out: Path) -> None:
    """Make room in the folder, which must be new, empty, or hold a former demo and nothing logged by hand.

    Raises
    ------
    ConflictError
        If it is not.
    """
    former = out / DATABASE_NAME
    if not former.exists():
        if out.exists() and any(out.iterdir()):
            raise ConflictError(
                f"The folder '{out}' is not empty and holds no former demo ({DATABASE_NAME}); nothing was changed.",
                hint="Name a new or empty folder: tracker demo --out DIR",
            )
        return
    _check_only_demo(out)
    for path in (former, *(out / f"{DATABASE_NAME}{ending}" for ending in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)
    for page in (out / PAGES_NAME).glob("patient-*.html"):
        page.unlink()


def _check_only_demo(out: Path) -> None:
    """Refuse to replace a database in which somebody worked by hand, or that cannot be read."""
    from tracker.database.session import open_database
    from tracker.service.history import list_entries
    from tracker.service.published_words import counted

    other = "Name a new or empty folder: tracker demo --out DIR. Or remove the old one yourself, if nobody needs it."
    try:
        with open_database(_url(out)) as database:
            by_hand = [entry for entry in list_entries(database) if entry.command != "demo"]
    except TrackerError as error:
        raise ConflictError(f"The former demo in '{out}' cannot be read: {error.message}", hint=other) from error
    if by_hand:
        entries = counted(len(by_hand), "entry", "entries")
        raise ConflictError(
            f"The database in '{out}' holds {entries} that no demo made, the first by "
            f"'{by_hand[0].recorded_by}' with '{by_hand[0].command}'; nothing was changed.",
            hint=other,
        )


def _url(out: Path) -> str:
    from tracker.service.places import database_url

    return database_url(str(out / DATABASE_NAME))


def _progress() -> Progress:
    """Give a progress bar on stderr, shown where that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True, no_color=click.get_current_context().color is False or None)
    return Progress(console=console, transient=True, disable=not console.is_terminal)
