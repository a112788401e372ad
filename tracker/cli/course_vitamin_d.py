"""`tracker course vitamin-d`: how vitamin D goes with the length of the course, over every patient."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from tracker.cli.options import as_of_option, json_option
from tracker.cli.render import as_json, print_json
from tracker.cli.terminal import Terminal, pass_terminal

if TYPE_CHECKING:
    from tracker.service.vitamin_d_association import AssociationReport

_WIDTH = 100


@click.command("vitamin-d")
@as_of_option
@json_option
@pass_terminal
def vitamin_d(terminal: Terminal, as_of: date | None, json_wanted: bool) -> None:
    """Estimate how the first vitamin D result goes with the length of the course, over all patients.

    An association with its interval, not a cause.

    \b
    Example:
      tracker course vitamin-d --as-of 2026-05-01
    """
    from tracker.service.vitamin_d_association import vitamin_d_association

    with terminal.database() as database:
        today = terminal.today_here()
        report = vitamin_d_association(database, as_of=as_of or today, today=today)
    if json_wanted:
        print_json(as_json(report))
        return
    _print(report)


def _print(report: AssociationReport) -> None:
    from reports.association_text import association_sentences
    from reports.sentences import load_sentences
    from tracker.dates import day_in_words

    click.echo(f"As of {day_in_words(report.as_of)}. Decision support for trained staff, not a diagnosis.")
    for sentence in association_sentences(
        report.answer, report.left_out, window_months=report.window_months, sentences=load_sentences()
    ):
        click.echo(click.wrap_text(sentence, width=_WIDTH))
    click.echo(f"Expected course {report.edition} ({report.edition_sha256[:12]}).")
