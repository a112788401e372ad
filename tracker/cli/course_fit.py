"""`tracker course fit`: a table of episodes against the expected course, without a database."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from tracker.cli.options import PathType, WholeNumberType, WriteCommand, dry_run_option, json_option
from tracker.cli.render import print_json, say

if TYPE_CHECKING:
    from tracker.service.batch_fits import FitSummary

_file = PathType(path_type=Path)


@click.command("fit", cls=WriteCommand)
@click.argument("visits", type=_file)
@click.option("--onsets", type=_file, required=True, metavar="FILE", help="csv or parquet: episode_id, onset_day.")
@click.option("--out", type=_file, required=True, metavar="FILE", help="The fits; ends in .csv or .parquet.")
@click.option("--as-of-day", type=int, metavar="DAY", help="Only visits up to this day; each episode's last otherwise.")
@click.option("--edition", type=_file, metavar="FILE", help="Another edition of the expected course than the built-in.")
@click.option("--refine", is_flag=True, help="Draw courses anew where too few carry a fit; slower.")
@click.option("--workers", type=WholeNumberType(1, 256), metavar="N", help="Threads; one per processor otherwise.")
@click.option("--scheduler", metavar="ADDRESS", help="Fit on the dask cluster of this scheduler instead.")
@click.option("--overwrite", is_flag=True, help="Replace the output where it is there already.")
@dry_run_option
@json_option
def fit(
    visits: Path,
    onsets: Path,
    out: Path,
    as_of_day: int | None,
    edition: Path | None,
    refine: bool,
    workers: int | None,
    scheduler: str | None,
    overwrite: bool,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Fit a table of episodes: VISITS and onsets in, one row per episode out.

    VISITS (csv or parquet) has the columns episode_id, day, pain_nrs; the onsets have episode_id, onset_day and may
    have onset_span_days. Days are whole numbers of one clock, the output's too. README describes the output.
    Everything wrong with the input is told together, by file, row and value; then nothing is written.

    \b
    Example:
      tracker course fit visits.csv --onsets onsets.csv --out fits.parquet
      tracker course fit visits.csv --onsets onsets.csv --out fits.csv --as-of-day 180 --workers 4
    """
    if workers is not None and scheduler is not None:
        raise click.UsageError("--workers and --scheduler exclude each other: a cluster has its own workers.")
    from tracker.service.batch_fits import FitOrder, check_files, fit_files

    order = FitOrder(
        visits=visits,
        onsets=onsets,
        out=out,
        edition=edition,
        as_of_day=as_of_day,
        refine=refine,
        workers=workers or _n_processors(),
        scheduler=scheduler,
        overwrite=overwrite,
    )
    with _stoppable():
        if dry_run:
            summary = check_files(order)
        else:
            with _progress() as watch:
                summary = fit_files(order, watch=watch)
    if json_wanted:
        print_json(summary)
    _say_summary(summary, order.as_of_day)


def _n_processors() -> int:
    """Count the processors this process may use, which can be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let what would end the process at once stop it as Ctrl-C does, so that no half-written file is left."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not on the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Give a bar on stderr, shown where that is a terminal: episodes done, rate, time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=click.get_current_context().color is False or None)
    columns = (
        TextColumn("Fitting"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("episodes, {task.fields[rate]:,.0f} per s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("fit", total=None, rate=0.0)

        def watch(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, rate=progress.tasks[task].speed or 0.0)

        yield watch


def _say_summary(summary: FitSummary, as_of_day: int | None) -> None:
    """Say on stderr what was read, fitted and written."""
    looked_at = "its last visit" if as_of_day is None else f"day {as_of_day}"
    say(f"Episodes: {summary.n_episodes}, with {summary.n_visits} visits, each looked at on {looked_at}.")
    if summary.n_early_visits:
        say(
            f"Please check: visits that lie more than {summary.early_days} days before the onset: "
            f"{summary.n_early_visits}. They are read all the same.",
            fg="yellow",
        )
    if summary.n_formula_ids:
        say(
            f"Please check: episode ids that begin with one of = + - @: {summary.n_formula_ids}. A spreadsheet takes "
            "such an id for a formula; it is kept as it is, so open the output as text there.",
            fg="yellow",
        )
    if summary.out is None:
        say("Checked. Nothing was written.")
        return
    say(f"Fitted: {summary.n_fitted}. Insufficient data: {summary.n_insufficient_data}.")
    say(
        f"Of the fitted, {summary.n_little_sample} rest on few courses of the library, and "
        f"{summary.n_unlike_any_class} resemble no kind of course."
    )
    say(
        f"Expected course {summary.edition} ({summary.edition_sha256[:12]}). "
        "Decision support for trained staff, not a diagnosis."
    )
    say(f"Written to {summary.out}")
