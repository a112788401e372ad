"""`tracker episode`: open, edit, close, void, list."""

from __future__ import annotations

import click

from tracker.cli.options import (
    SiteType,
    VisitDateType,
    WriteCommand,
    dry_run_option,
    json_option,
    patient_argument,
    site_argument,
    why_option,
)
from tracker.cli.render import print_json
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.clinical.vocabulary import OnsetMode
from tracker.dates import PartialDate

_onset_option = click.option(
    "--onset", type=VisitDateType(), metavar="DATE", help="Onset: 2026-03-10, 2026-03, ~2026-03-10, a span, today, -3w."
)
_mode_option = click.option("--mode", type=click.Choice([m.value for m in OnsetMode]), help="How it began.")


class _StatedType(click.ParamType[str]):
    """A date as it is recorded, or the word for there being none."""

    name = "date"

    def __init__(self, word: str) -> None:
        self.word = word

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it as a date is read, so that two ways of writing one day are the same."""
        text = str(value).strip()
        return text if text == self.word else str(PartialDate.parse(text))


@click.group("episode")
def command() -> None:
    """Periods of disease at a site, from onset to resolution.

    \b
    Example:
      tracker episode open P-07 ankle-left --onset 2026-03 --mode acute
    """


@command.command("open", cls=WriteCommand)
@patient_argument
@site_argument
@_onset_option
@_mode_option
@dry_run_option
@json_option
@pass_terminal
def open_(
    terminal: Terminal,
    patient_code: str,
    site: str,
    onset: PartialDate | None,
    mode: str | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Open an episode at a site; without --onset the onset stays unknown.

    \b
    Example:
      tracker episode open P-07 ankle-left --onset 2026-03 --mode acute
    """
    from tracker.cli.written import patient_line, report_written
    from tracker.service.episodes import NewEpisode, open_episode
    from tracker.service.patients import read_patient

    episode = NewEpisode(site, onset, OnsetMode(mode) if mode else None)
    with terminal.database() as database:
        confirm = None if dry_run or not terminal.can_ask else terminal.confirm_warnings
        written = open_episode(database, patient_code, episode, terminal.origin(), confirm=confirm, dry_run=dry_run)
        about = patient_line(read_patient(database, patient_code))
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(written.warnings)


@command.command("edit", cls=WriteCommand)
@patient_argument
@site_argument
@click.option("--site", "new_site", type=SiteType(), help="The right site.")
@_onset_option
@_mode_option
@why_option
@dry_run_option
@json_option
@pass_terminal
def edit(
    terminal: Terminal,
    patient_code: str,
    site: str,
    new_site: str | None,
    onset: PartialDate | None,
    mode: str | None,
    why: str | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Correct the newest episode at a site; what was there stays in the ledger.

    \b
    Example:
      tracker episode edit P-07 ankle-left --onset 2026-02 --why "patient looked it up"
    """
    from tracker.cli.written import patient_line, report_written
    from tracker.service.episodes import EpisodeAt, EpisodeChange, edit_episode
    from tracker.service.patients import read_patient

    change = EpisodeChange(new_site, onset, OnsetMode(mode) if mode else None)
    with terminal.database() as database:
        confirm = None if dry_run or not terminal.can_ask else terminal.confirm_warnings
        written = edit_episode(
            database,
            EpisodeAt(patient_code, site),
            change,
            terminal.origin(reason=why),
            confirm=confirm,
            dry_run=dry_run,
        )
        about = patient_line(read_patient(database, patient_code))
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(written.warnings)


@command.command("close", cls=WriteCommand)
@patient_argument
@site_argument
@click.option(
    "--on", "closed_on", type=VisitDateType(), metavar="DATE", required=True, help="When it ended: as for a visit."
)
@click.option("--why", metavar="REASON", required=True, help="Why it is closed, such as 'resolved'.")
@dry_run_option
@json_option
@pass_terminal
def close(
    terminal: Terminal,
    patient_code: str,
    site: str,
    closed_on: PartialDate,
    why: str,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Close the open episode at a site.

    \b
    Example:
      tracker episode close P-07 ankle-left --on 2026-09-01 --why resolved
    """
    from tracker.cli.written import patient_line, report_written
    from tracker.service.episodes import EpisodeAt, close_episode
    from tracker.service.patients import read_patient

    with terminal.database() as database:
        confirm = None if dry_run or not terminal.can_ask else terminal.confirm_warnings
        written = close_episode(
            database,
            EpisodeAt(patient_code, site),
            terminal.origin(reason=why),
            closed_on=closed_on,
            confirm=confirm,
            dry_run=dry_run,
        )
        about = patient_line(read_patient(database, patient_code))
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(written.warnings)


@command.command("void", cls=WriteCommand)
@patient_argument
@site_argument
@click.option(
    "--onset", type=_StatedType("unknown"), metavar="DATE", help="Which one: its onset as recorded, or 'unknown'."
)
@click.option(
    "--closed", type=_StatedType("open"), metavar="DATE", help="Which one: its closing day as recorded, or 'open'."
)
@click.option("--why", metavar="REASON", required=True, help="Reason, kept in the ledger.")
@dry_run_option
@json_option
@pass_terminal
def void(
    terminal: Terminal,
    patient_code: str,
    site: str,
    onset: str | None,
    closed: str | None,
    why: str,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Take back an episode that should never have been entered; undo restores it.

    What visits brought stays. Decisions on flags of the episode are taken back with it, and named.
    An episode that is over is closed instead: tracker episode close.

    \b
    Example:
      tracker episode void P-07 ankle-left --why "entered twice"
    """
    from tracker.cli.written import patient_line, report_written
    from tracker.service.episode_voids import EpisodeMeant, void_episode
    from tracker.service.patients import read_patient

    meant = EpisodeMeant(patient_code, site, onset, closed)
    with terminal.database() as database:
        confirm = None if dry_run or not terminal.can_ask else terminal.confirm_warnings
        written = void_episode(database, meant, terminal.origin(reason=why), confirm=confirm, dry_run=dry_run)
        about = patient_line(read_patient(database, patient_code))
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(written.warnings)


@command.command("list")
@patient_argument
@json_option
@pass_terminal
def list_(terminal: Terminal, patient_code: str, json_wanted: bool) -> None:
    """List a patient's episodes.

    \b
    Example:
      tracker episode list P-07
    """
    from tracker.cli.record_text import print_episodes
    from tracker.service.patients import read_patient

    with terminal.database() as database:
        record = read_patient(database, patient_code)
    if json_wanted:
        print_json(record.episodes)
    else:
        print_episodes(record)
