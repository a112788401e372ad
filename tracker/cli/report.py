"""`tracker report`: offline pages with charts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli import report_clinic
from tracker.cli.options import PathType, as_of_option, edition_option, known_at_option, patient_argument
from tracker.cli.report_cohort import cohort
from tracker.cli.terminal import Terminal, pass_terminal

if TYPE_CHECKING:
    from tracker.analysis.views import PatientView
    from tracker.clinical.reference import Edition

_FORMATS = ("html", "csv", "png", "svg", "pdf")


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
    type=PathType(file_okay=False, path_type=Path),
    default=Path("tracker-reports"),
    show_default=True,
    help="Folder for the page; made where it is missing.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(_FORMATS),
    multiple=True,
    default=("html",),
    show_default=True,
    help="What to write; repeat for several. csv: visits and facts. Images need a Chrome and the extra 'images'.",
)
@click.option("--open", "open_page", is_flag=True, help="Open what was written first.")
@as_of_option
@known_at_option
@edition_option
@pass_terminal
def patient(
    terminal: Terminal,
    patient_code: str,
    out: Path,
    formats: tuple[str, ...],
    open_page: bool,
    as_of: date | None,
    known_at: datetime | None,
    own_edition: Path | None,
) -> None:
    """Write a patient's page: each course against the expected one, vitamin D, imaging, tables.

    The page prints as one sheet of paper. With --format csv its visits, and every fact, become two tables for a
    spreadsheet; with png, svg or pdf each chart becomes an image file: all of them, or none.

    \b
    Example:
      tracker report patient P-07 --out pages --open
      tracker report patient P-07 --format html --format csv
    """
    from reports.page import write_patient_page
    from tracker.service.courses import course_view, current_edition, with_corrections

    edition = current_edition(own_edition)
    with terminal.database() as database:
        today = terminal.today_here()
        view = course_view(
            database, patient_code, as_of=as_of or today, known_at=known_at, today=today, edition=edition
        )
        view = with_corrections(database, view, today=today)
    images = _draw(view, edition, out, [kind for kind in formats if kind not in ("html", "csv")])
    written = [write_patient_page(view, edition, out)] if "html" in formats else []
    if "csv" in formats:
        written += _write_data(view, out)
    written += _write(images)
    for path in written:
        click.echo(str(path))
    if not written:
        click.echo("There is nothing to draw for this patient yet: no score, result or finding.", err=True)
    if open_page and written:
        click.launch(str(written[0]))


def _draw(view: PatientView, edition: Edition, out: Path, kinds: list[str]) -> dict[Path, bytes]:
    """Draw the images before anything is written, so that a browser that fails leaves nothing behind."""
    if not kinds:
        return {}
    from reports.chart_images import ImageFormat, patient_images

    return patient_images(view, edition, out, formats=[ImageFormat(kind) for kind in kinds])


def _write_data(view: PatientView, out: Path) -> list[Path]:
    from reports.files import write_files
    from reports.patient_data import patient_data

    data = patient_data(view, out)
    write_files(data)
    return list(data)


def _write(images: dict[Path, bytes]) -> list[Path]:
    if not images:
        return []
    from reports.chart_images import write_images

    return write_images(images)


command.add_command(report_clinic.clinic)
command.add_command(cohort)
