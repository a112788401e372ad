"""`tracker export`: files of the record for a spreadsheet, R or Python, de-identified unless said otherwise."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import (
    DayType,
    SiteType,
    WriteCommand,
    as_of_option,
    dry_run_option,
    json_option,
    known_at_option,
)
from tracker.cli.render import print_json, print_table, say
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.errors import InputError

if TYPE_CHECKING:
    from tracker.service.releases.exporting import Exported
    from tracker.service.releases.planning import ExportOrder

_DEFAULT_RELEASE = "default"
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first moment that a zip archive can hold: what a workbook says where nobody asks for another."""


class FormatsType(click.ParamType[tuple[str, ...]]):
    """Formats, with commas between them."""

    name = "formats"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Read them; each is written once, in a fixed order."""
        from tracker.exchange.release.files import FORMATS

        if isinstance(value, tuple):
            return value
        named = [one.strip().lower() for one in str(value).split(",")]
        for one in named:
            if one not in FORMATS:
                raise InputError(f"--format must name some of {', '.join(FORMATS)}, but named '{one}'.")
        return tuple(one for one in FORMATS if one in named)


@click.command("export", cls=WriteCommand)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder for the files: new or empty.",
)
@click.option(
    "--format",
    "formats",
    type=FormatsType(),
    default="csv",
    show_default=True,
    metavar="LIST",
    help="Some of csv,xlsx,parquet,json.",
)
@click.option(
    "--release",
    "release_name",
    metavar="NAME",
    help=f"Ids are those of this release, and of no other; '{_DEFAULT_RELEASE}' where none is named.",
)
@click.option("--identified", is_flag=True, help="Study codes, dates and free words as recorded; needs --reason.")
@click.option("--reason", metavar="TEXT", help="Why, kept in the ledger.")
@click.option("--since", type=DayType(), metavar="DAY", help="Only patients seen on or after this day.")
@click.option("--site", "sites", type=SiteType(), multiple=True, help="Only patients with an episode there.")
@click.option("--clinic", "clinics", metavar="CODE", multiple=True, help="Only patients of this clinic.")
@click.option(
    "--sex", "sexes", type=click.Choice(["F", "M", "X", "unknown"]), multiple=True, help="Only these patients."
)
@click.option(
    "--resolved/--unresolved",
    default=None,
    help="Only patients with every episode closed, or only those with an open one.",
)
@as_of_option
@known_at_option
@click.option("--courses/--no-courses", default=True, help="Whether to read courses, flags and site migration too.")
@click.option("--bom", is_flag=True, help="Begin csv files with the mark by which Excel knows UTF-8.")
@dry_run_option
@json_option
@pass_terminal
def command(
    terminal: Terminal,
    out: Path,
    formats: tuple[str, ...],
    release_name: str | None,
    identified: bool,
    reason: str | None,
    since: date | None,
    sites: tuple[str, ...],
    clinics: tuple[str, ...],
    sexes: tuple[str, ...],
    resolved: bool | None,
    as_of: date | None,
    known_at: datetime | None,
    courses: bool,
    bom: bool,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Write the record as tables, one file for each kind of thing, and say in the ledger that they left.

    De-identified unless --identified is given: ids of a named release instead of study codes, days instead of
    dates, age in bands, no free words.

    \b
    Example:
      tracker export --out for-the-paper --release paper-2026
      tracker export --out all --format csv,xlsx --identified --reason "audit of 2026"
    """
    from tracker.clinical.vocabulary import Sex
    from tracker.service.releases.exporting import export_release, preview_export
    from tracker.service.releases.planning import ExportOrder
    from tracker.service.releases.selection import Selection

    if identified and release_name is not None:
        raise InputError("--release names a de-identified export.", hint="Leave out --release or --identified.")
    selection = Selection(since, sites, clinics, tuple(Sex(sex) for sex in sexes), resolved)
    today = terminal.today_here()
    order = ExportOrder(
        out=out,
        formats=formats,
        as_of=as_of or today,
        today=today,
        made=_made(),
        release_name=None if identified else release_name or _DEFAULT_RELEASE,
        new_secret=_new_secret(),
        known_at=known_at,
        selection=selection,
        with_courses=courses,
        bom=bom,
    )
    origin = terminal.origin(reason=reason)
    with terminal.database() as database, _progress() as watch:
        if dry_run:
            done = preview_export(database, order, origin, watch=watch)
        else:
            done = export_release(database, order, origin, watch=watch)
    _report(terminal, order, done, json_wanted=json_wanted)


def _made() -> datetime:
    """Give what a workbook says of when it was made: always the same moment, or that of SOURCE_DATE_EPOCH."""
    asked = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not asked:
        return _EARLIEST
    try:
        return max(datetime.fromtimestamp(int(asked), UTC), _EARLIEST)
    except (ValueError, OverflowError, OSError):
        raise InputError(f"SOURCE_DATE_EPOCH must be whole seconds since 1970, but was '{asked}'.") from None


def _new_secret() -> str:
    import secrets

    return secrets.token_hex(32)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Give a bar on stderr, shown where that is a terminal: patients done and time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=click.get_current_context().color is False or None)
    columns = (
        TextColumn("Exporting"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("patients"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Exporting", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _report(terminal: Terminal, order: ExportOrder, done: Exported, *, json_wanted: bool) -> None:
    """Say what was written, under which names, and where that is recorded."""
    number = None if done.entry is None else done.entry.entry_id
    if number is not None:
        terminal.afterword = f"It was written, and is recorded as entry {number}."
    if json_wanted:
        print_json(
            {
                "out": str(order.out),
                "release": order.release_name,
                "identified": order.identified,
                "n_patients": done.n_patients,
                "tables": done.n_rows,
                "manifest_sha256": done.manifest_sha256,
                "entry_id": number,
            }
        )
    else:
        print_table(["table", "rows"], list(done.n_rows.items()), empty="")
    for line in _words(order, done):
        say(line)


def _words(order: ExportOrder, done: Exported) -> Iterator[str]:
    people = "1 patient" if done.n_patients == 1 else f"{done.n_patients} patients"
    if order.identified:
        yield f"{people}, identified: codes, dates and words as recorded. Keep it inside the clinic."
    else:
        begun = "begun with this export" if done.new_release else "the same ids as before"
        yield f"{people}, de-identified, release '{order.release_name}' ({begun})."
    if done.difference is not None:
        yield (
            f"Since the export of entry {done.difference.entry_id} few patients changed ({done.difference.words()}): "
            "whoever holds both can tell which rows are theirs."
        )
    if done.entry is None:
        yield "Dry run: nothing was written."
    else:
        yield f"Written to '{order.out}', recorded as entry {done.entry.entry_id}."
