"""`tracker import`: a tidy csv or xlsx file into the record, previewed first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import PathType, WriteCommand, dry_run_option, json_option, why_option
from tracker.cli.render import print_json, say
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.errors import DeclinedError, InputError

if TYPE_CHECKING:
    from tracker.exchange.tidy.reading import TidyTable
    from tracker.service.imports.importing import Imported, Taken
    from tracker.service.imports.plan import Plan

_MOST_UNASKED = 3
"""Rows that a script may write without saying --yes."""
_file = PathType(path_type=Path)


@click.command("import", cls=WriteCommand)
@click.argument("file", type=_file)
@click.option("--map", "map_file", type=_file, metavar="FILE", help="What the file's own columns stand for (TOML).")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook; the only one that holds anything otherwise.")
@click.option("--skip-rejected", is_flag=True, help="Import the other rows where some are rejected.")
@click.option("--blank-clears", is_flag=True, help="A blank cell takes back what is recorded; needs --why.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@why_option
@dry_run_option
@json_option
@pass_terminal
def command(
    terminal: Terminal,
    file: Path,
    map_file: Path | None,
    sheet: str | None,
    skip_rejected: bool,
    blank_clears: bool,
    yes: bool,
    why: str | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Import a tidy csv or xlsx FILE: patients, episodes, visits, treatments and the rest of a case.

    Every table has patient_code; its other columns are named as in the data dictionary (README) and say what its rows
    are. What is new, what changes and what is rejected is shown first. All of it becomes one entry of the ledger, or
    nothing does. What the record holds already is left as it is, and so is what a blank cell is about.

    \b
    Example:
      tracker import patients.csv
      tracker import visits.xlsx --sheet Visits --map clinic.toml --dry-run
      tracker import visits.csv --yes --skip-rejected
    """
    from tracker.exchange.tidy.column_map import read_column_map
    from tracker.exchange.tidy.reading import read_tidy
    from tracker.service.imports.importing import Imported, Taken, import_table, preview_import, refuse_problems

    if blank_clears and why is None:
        raise InputError("--blank-clears takes back what is recorded, and needs a reason.", hint="Give --why REASON.")
    taken = Taken(blank_clears=blank_clears, skip_rejected=skip_rejected)
    column_map = None if map_file is None else read_column_map(map_file)
    with _progress("Reading") as watch:
        table = read_tidy(file, column_map=column_map, sheet=sheet, watch=watch)
    with terminal.database() as database:
        origin = terminal.origin(reason=why)
        seen = None
        if dry_run or not yes:
            with _progress("Comparing") as watch:
                seen = preview_import(database, table, today=origin.recorded_at.date(), taken=taken, watch=watch)
            _show(table, seen, taken, json_wanted=json_wanted)
            if seen.problems and not skip_rejected:
                refuse_problems(seen)
            if dry_run:
                _report(table, Imported(seen, None), dry_run=True, json_wanted=json_wanted)
                return
            _ask(terminal, seen, always=blank_clears)
        with _progress("Importing") as watch:
            done = import_table(database, table, origin, taken=taken, expected=seen, watch=watch)
    if seen is None:
        _show(table, done.plan, taken, json_wanted=json_wanted)
    _report(table, done, dry_run=False, json_wanted=json_wanted)


@contextmanager
def _progress(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Give a bar on stderr, shown where that is a terminal: rows done and time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=click.get_current_context().color is False or None)
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TextColumn("rows"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _ask(terminal: Terminal, plan: Plan, *, always: bool) -> None:
    """Ask before anything is written; where nobody can answer only a few rows go unasked."""
    if not plan.steps:
        return
    counted = "1 row" if plan.n_written == 1 else f"{plan.n_written} rows"
    if terminal.can_ask:
        if not click.confirm(f"Write {counted}?", default=False, err=True):
            raise DeclinedError("Not imported, as you chose.")
    elif always or plan.n_written > _MOST_UNASKED:
        raise InputError(f"This would write {counted}, and nobody can answer here.", hint="Add --yes to do it.")


def _show(table: TidyTable, plan: Plan, taken: Taken, *, json_wanted: bool) -> None:
    """Print what would be done; what is rejected only where the rest goes on, since it is told as an error else."""
    from tracker.cli.import_text import plan_lines

    for line in plan_lines(table, plan, with_rejected=taken.skip_rejected) if not json_wanted else ():
        click.echo(line)


def _report(table: TidyTable, done: Imported, *, dry_run: bool, json_wanted: bool) -> None:
    """Say what was recorded, and how to take it back."""
    from tracker.cli.import_text import plan_json

    number = None if done.entry is None else done.entry.entry_id
    if number is not None:
        Terminal.of(click.get_current_context()).afterword = f"It was recorded, as entry {number}."
    if json_wanted:
        print_json({"entry_id": number, **plan_json(table, done.plan)})
    if number is not None:
        say(f"Recorded as entry {number}. To take it back: tracker undo {number}")
    elif dry_run:
        say("Dry run: nothing was written.")
    elif not table.n_rows:
        say("The file has a header but no rows. Nothing was written.")
    else:
        say("The record holds all of it already. Nothing was written.")
