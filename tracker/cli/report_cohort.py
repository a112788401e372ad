"""`tracker report cohort`: the page of a clinic's patients together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.cohort_options import CohortWords, cohort_options
from tracker.cli.options import PathType
from tracker.cli.terminal import Terminal, pass_terminal

if TYPE_CHECKING:
    from tracker.service.cohort_page import CohortPage


@click.command("cohort")
@click.option(
    "--out",
    type=PathType(file_okay=False, path_type=Path),
    default=Path("tracker-reports"),
    show_default=True,
    help="Folder for the page and its csv files; made where it is missing.",
)
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@cohort_options
@pass_terminal
def cohort(terminal: Terminal, /, out: Path, open_page: bool, **words: Any) -> None:  # noqa: ANN401
    """Write the page of a cohort: figures, each with its numbers as a table and as a csv file.

    Small counts are hidden jointly over the whole page, and no single patient is shown; --internal hides nothing,
    shows single patients, and says so on the page and in the names of its files.

    \b
    Example:
      tracker report cohort --out pages --by sex --open
    """
    from reports.cohort.page import CohortView, write_cohort_page
    from tracker.cli.cohort_answer import facts_of
    from tracker.clinical.reference import load_edition

    asked = CohortWords(**words)
    policy = asked.policy()
    found = _read(terminal, asked)
    summary = found.summary
    view = CohortView(
        summary=summary,
        months=found.months,
        learned=found.learned,
        learned_band=found.learned_band,
        expected=found.expected,
        release=summary.inner(found.tables, found.ties)
        if policy is None
        else summary.released(policy, found.tables, found.ties),
        facts=facts_of(found.answer, asked, policy),
        edition=load_edition(),
    )
    page = write_cohort_page(view, out)
    click.echo(str(page))
    if open_page:
        click.launch(str(page))


def _read(terminal: Terminal, asked: CohortWords) -> CohortPage:
    from rich.console import Console
    from rich.progress import Progress

    from tracker.service.cohort_page import cohort_page

    console = Console(stderr=True, no_color=click.get_current_context().color is False or None)
    with (
        terminal.database() as database,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("Reading the courses of the cohort", total=None)
        question = asked.question(terminal.today_here())
        return cohort_page(database, question, on_step=lambda: progress.advance(task))
