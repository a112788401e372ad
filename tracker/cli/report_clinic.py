"""`tracker report clinic`: a page for every patient, and a list of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import PathType, as_of_option, edition_option, json_option, known_at_option
from tracker.cli.render import print_json, say
from tracker.cli.terminal import Terminal, pass_terminal

if TYPE_CHECKING:
    from tracker.cli.clinic_pages import Drawn, Watch


def _default_out() -> Path:
    """Give the folder that every write refreshes, where one is set."""
    from tracker.service.settings import REPORT_DIR

    return Path(Terminal.setting(REPORT_DIR).value or "tracker-reports")


@click.command("clinic")
@click.option(
    "--out",
    type=PathType(file_okay=False, path_type=Path),
    default=_default_out,
    show_default="report.dir, else tracker-reports",
    help="Folder for the list and, in its folder patients, the pages; made where it is missing.",
)
@click.option("--open", "open_page", is_flag=True, help="Open the list in the browser.")
@as_of_option
@known_at_option
@edition_option
@json_option
@pass_terminal
def clinic(
    terminal: Terminal,
    out: Path,
    open_page: bool,
    as_of: date | None,
    known_at: datetime | None,
    own_edition: Path | None,
    json_wanted: bool,
) -> None:
    """Write every patient's page and the list of all: who is off course, who is due; searched and sorted offline.

    Only what has changed since the last time is drawn. Stopped in the middle, it leaves every page whole.

    \b
    Example:
      tracker report clinic --out pages --open
    """
    from tracker.cli.clinic_pages import Asked, draw_clinic
    from tracker.cli.refresh import by_hand

    now = terminal.now()
    asked = Asked(out, as_of or now.date(), now, own_edition, known_at)
    with terminal.database() as database, by_hand(terminal, out), _progress() as watch:
        drawn = draw_clinic(database, asked, watch=watch)
    if json_wanted:
        print_json({**asdict(drawn), "page": str(drawn.page)})
    else:
        click.echo(str(drawn.page))
        say(_in_words(drawn))
    if open_page:
        click.launch(str(drawn.page))


def _in_words(drawn: Drawn) -> str:
    patients = "1 patient" if drawn.n_patients == 1 else f"{drawn.n_patients} patients"
    removed = f", {drawn.n_removed} removed" if drawn.n_removed else ""
    return f"{patients}: {drawn.n_drawn} drawn, {drawn.n_patients - drawn.n_drawn} unchanged{removed}."


@contextmanager
def _progress() -> Iterator[Watch]:
    """Give a bar on stderr, shown where that is a terminal: pages done and time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=click.get_current_context().color is False or None)
    columns = (TextColumn("Drawing"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Drawing", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
