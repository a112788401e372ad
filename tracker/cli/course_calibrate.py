"""`tracker course calibrate`: a clinic's own edition of the expected course."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import PathType, as_of_option, json_option
from tracker.cli.render import print_json, say
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.errors import ConflictError

if TYPE_CHECKING:
    from tracker.clinical.reference import Edition
    from tracker.service.calibration import OwnEdition


@click.command("calibrate")
@click.option(
    "--out",
    type=PathType(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE.toml",
    help="File for the own edition; one that is there is never replaced.",
)
@click.option("--name", metavar="NAME", help="Name of the own edition; that of the file otherwise.")
@as_of_option
@json_option
@pass_terminal
def calibrate(terminal: Terminal, out: Path, name: str | None, as_of: date | None, json_wanted: bool) -> None:
    """Learn how your own patients run, from 30 episodes or more, as an own edition beside the cited one.

    The cited edition stays what courses are read against; --edition FILE reads them against the own one.

    \b
    Example:
      tracker course calibrate --out own-2026.toml
      tracker course show P-07 --edition own-2026.toml
    """
    from reports.files import write_file
    from tracker.clinical.edition_file import load_own_edition

    if out.exists():
        raise ConflictError(
            f"There is a file '{out}' already; nothing was changed.", hint="Name a new one: --out FILE.toml"
        )
    own = _learned(terminal, name or out.stem, as_of)
    write_file(out, own.text)
    edition = load_own_edition(out)
    if json_wanted:
        print_json({"edition": edition, "left_out": own.left_out})
        return
    _print(own, edition, out)


def _learned(terminal: Terminal, name: str, as_of: date | None) -> OwnEdition:
    from rich.console import Console
    from rich.progress import Progress

    from tracker.service.calibration import own_edition

    console = Console(stderr=True, no_color=click.get_current_context().color is False or None)
    with (
        terminal.database() as database,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        # How many rounds it takes is not known before: the bar moves, and shows no share.
        task = progress.add_task("Learning from your own patients", total=None)
        today = terminal.today_here()
        return own_edition(
            database, name=name, as_of=as_of or today, today=today, on_step=lambda: progress.advance(task)
        )


def _print(own: OwnEdition, edition: Edition, out: Path) -> None:
    from reports.learned_numbers import left_out_sentence
    from reports.sentences import load_sentences
    from tracker.cli.calibration_text import print_learning

    if edition.learning is not None:
        print_learning(edition, edition.learning)
    least_days = edition.value("minimum_fit_days")
    click.echo(left_out_sentence(own.left_out, load_sentences(), least_days=least_days))
    click.echo(str(out))
    say(f"Courses are still read against the cited edition. Against this one: tracker course show CODE --edition {out}")
