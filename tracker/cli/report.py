"""`tracker report`: offline pages with charts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from tracker.cli.options import as_of_option, edition_option, known_at_option, patient_argument
from tracker.cli.report_cohort import cohort
from tracker.cli.terminal import Terminal, pass_terminal


@click.group("report")
def command() -> None:
    """Pages that open without a network.

    \b
    Example:
      tracker report patient P-07 --out pages --open
    """


@command.command("patient")
@patient_argument
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("tracker-reports"),
    show_default=True,
    help="Folder for the page; made where it is missing.",
)
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@as_of_option
@known_at_option
@edition_option
@pass_terminal
def patient(
    terminal: Terminal,
    patient_code: str,
    out: Path,
    open_page: bool,
    as_of: date | None,
    known_at: datetime | None,
    own_edition: Path | None,
) -> None:
    """Write a patient's page: each course against the expected one, vitamin D, imaging, tables.

    \b
    Example:
      tracker report patient P-07 --out pages --open
    """
    from reports.page import write_patient_page
    from tracker.service.courses import course_view, current_edition

    edition = current_edition(own_edition)
    with terminal.database() as database:
        today = terminal.today_here()
        view = course_view(
            database, patient_code, as_of=as_of or today, known_at=known_at, today=today, edition=edition
        )
    page = write_patient_page(view, edition, out)
    click.echo(str(page))
    if open_page:
        click.launch(str(page))


command.add_command(cohort)
