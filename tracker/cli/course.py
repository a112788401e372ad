"""`tracker course`: a patient against the expected course, and where its numbers come from."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.course_calibrate import calibrate
from tracker.cli.course_fit import fit
from tracker.cli.course_vitamin_d import vitamin_d
from tracker.cli.options import (
    SiteType,
    as_of_option,
    edition_option,
    json_option,
    known_at_option,
    patient_argument,
)
from tracker.cli.render import print_json
from tracker.cli.terminal import Terminal, pass_terminal

if TYPE_CHECKING:
    from tracker.clinical.reference import CitedNumber

_WIDTH = 100
_INDENT = "    "


@click.group("course")
def command() -> None:
    """Read a patient's course against the expected one.

    Decision support for trained staff, not a diagnosis.

    \b
    Example:
      tracker course show P-07
      tracker course reference
    """


command.add_command(calibrate)
command.add_command(fit)
command.add_command(vitamin_d)


@command.command("show")
@patient_argument
@click.option("--site", type=SiteType(), help="Only the episodes at this site.")
@as_of_option
@known_at_option
@edition_option
@json_option
@pass_terminal
def show(
    terminal: Terminal,
    patient_code: str,
    site: str | None,
    as_of: date | None,
    known_at: datetime | None,
    own_edition: Path | None,
    json_wanted: bool,
) -> None:
    """Say where each episode stands on the expected course, and how sure that is.

    \b
    Example:
      tracker course show P-07 --site ankle-left --as-of 2026-05-01
    """
    from tracker.cli.course_text import course_json, print_course
    from tracker.service.courses import course_view, current_edition, select_site

    edition = current_edition(own_edition)
    with terminal.database() as database:
        today = terminal.today_here()
        view = course_view(
            database, patient_code, as_of=as_of or today, known_at=known_at, today=today, edition=edition
        )
    view = view if site is None else select_site(view, site)
    if json_wanted:
        print_json(course_json(view))
    else:
        print_course(view, edition)


@command.command("reference")
@edition_option
@click.option("--flags", "flags_wanted", is_flag=True, help="Print instead how good flags and forecasts are.")
@json_option
def reference(own_edition: Path | None, flags_wanted: bool, json_wanted: bool) -> None:
    """Print every number of the expected course with its source and how good it is.

    With --flags, how often and how soon atypical courses are flagged, how often expected
    ones are, and how good the forecast of the resolution day is, by simulation.

    \b
    Example:
      tracker course reference
      tracker course reference --flags
    """
    from tracker.service.courses import current_edition

    if flags_wanted:
        _print_operating_characteristics(json_wanted)
        return
    edition = current_edition(own_edition)
    if json_wanted:
        print_json(edition)
        return
    click.echo(f"{edition.name}: {edition.title}")
    click.echo(f"released {edition.released}, sha256 {edition.sha256}")
    click.echo(
        "Grades: A seen in the primary paper; S in a review; K general knowledge, not seen; D derived or decided."
    )
    if edition.learning is not None:
        from tracker.cli.calibration_text import print_learning

        print_learning(edition, edition.learning)
    for number in edition.numbers.values():
        click.echo()
        click.secho(number_line(number), bold=True)
        click.echo(click.wrap_text(number.note, width=_WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT))
    click.echo("\nSources")
    for source in edition.sources.values():
        words = f"{source.key}: {source.authors}. {source.title}. {source.venue}, {source.year}. {source.locator}"
        click.echo(click.wrap_text(words, width=_WIDTH, initial_indent="  ", subsequent_indent=_INDENT))


def _print_operating_characteristics(json_wanted: bool) -> None:
    from tracker.cli.operating_text import print_operating_characteristics
    from tracker.clinical.operating_characteristics import load_operating_characteristics
    from tracker.clinical.reference import load_edition

    table = load_operating_characteristics()
    if json_wanted:
        print_json(table)
    else:
        print_operating_characteristics(table, load_edition())


def number_line(number: CitedNumber) -> str:
    """Write a cited number with its spread, grade and sources on one line."""
    spread = ""
    if number.interval is not None:
        spread = f" ({number.interval_kind} {number.interval[0]:g} to {number.interval[1]:g})"
    return (
        f"{number.name} = {number.value:.4g} {number.unit}{spread}  grade {number.grade}: {', '.join(number.sources)}"
    )
