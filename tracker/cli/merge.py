"""`tracker patient merge`: two records of one person become one, previewed first."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

import click

from tracker.cli.options import PatientCodeType, WriteCommand, dry_run_option, json_option, why_option
from tracker.cli.render import print_json, say
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.errors import InputError

if TYPE_CHECKING:
    from tracker.service.episode_joins import Join
    from tracker.service.merging import Merged


@click.command("merge", cls=WriteCommand)
@click.argument("from_code", metavar="FROM", type=PatientCodeType())
@click.argument("into_code", metavar="INTO", type=PatientCodeType())
@why_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@dry_run_option
@json_option
@pass_terminal
def merge(
    terminal: Terminal, from_code: str, into_code: str, why: str | None, yes: bool, dry_run: bool, json_wanted: bool
) -> None:
    """Make everything recorded of FROM the record of INTO, where both are one person.

    One entry of the ledger, which undo takes back. Visits and treatments get new numbers,
    which are told. What only one record knows of sex and birth is kept; two visits on one day
    stay two. An episode that both records have becomes one, with the more exact onset. Two sexes, two
    births, episodes of one site that overlap but differ, and two statements about one thing and day that
    differ are named, and nothing is merged.

    \b
    Example:
      tracker patient merge P07 P-07 --why "entered twice" --dry-run
      tracker patient merge P07 P-07 --why "entered twice" --yes
    """
    from tracker.service.merging import merge_patients

    with terminal.database() as database:
        origin = terminal.origin(reason=why)
        planned = merge_patients(database, from_code, into_code, origin, dry_run=True)
        if not (dry_run and json_wanted):
            _print_plan(planned, to_stderr=json_wanted)
            terminal.show_warnings(planned.written.warnings)
        if not (dry_run or yes) and not _agreed(terminal, from_code, into_code):
            say("Nothing was written.")
            return
        merged = planned if dry_run else merge_patients(database, from_code, into_code, terminal.origin(reason=why))
    if (merged.visits, merged.treatments) != (planned.visits, planned.treatments):
        say("Somebody recorded meanwhile; it became:")
        _print_plan(merged, to_stderr=json_wanted)
    if merged.written.entry is not None:
        terminal.afterword = f"It was recorded, as entry {merged.written.entry.entry_id}."
    if json_wanted:
        print_json(_merge_json(merged))
    if merged.written.entry is None:
        say("Dry run: nothing was written.")
        return
    number = merged.written.entry.entry_id
    say(f"Merged as entry {number}. To take it back: tracker undo {number}")


def _agreed(terminal: Terminal, from_code: str, into_code: str) -> bool:
    if not terminal.can_ask:
        codes = f"{quote(from_code)} {quote(into_code)}"
        raise InputError(
            "A merge asks first, and nobody can answer here.", hint=f"Run: tracker patient merge {codes} --yes"
        )
    return click.confirm("Merge them?", default=False, err=True)


def _print_plan(merged: Merged, *, to_stderr: bool) -> None:
    """Say who becomes whom, and the new numbers of what later commands ask for by number."""
    from tracker.cli.written import patient_line

    gone, kept = merged.gone, merged.kept
    lines = [f"Patient {patient_line(gone)}", f"becomes {patient_line(kept)}"]
    lines += [
        f"  visit {visit.visit_id} {visit.visit_date.when_in_words()} becomes visit {merged.visits[visit.visit_id]}"
        for visit in gone.visits
    ]
    lines += [f"  treatment {old} becomes treatment {new}" for old, new in merged.treatments.items()]
    lines += [f"  {_joined(join, merged.kept.patient_code)}" for join in merged.joins]
    n_moved = len(gone.episodes) - len(merged.joins)
    if n_moved:
        lines += [f"  {_counted(n_moved, 'episode')} and all that was said of {gone.patient_code} go along"]
    else:
        lines += [f"  all that was said of {gone.patient_code} goes along"]
    if merged.n_kept_once:
        lines.append(f"  {_counted(merged.n_kept_once, 'statement')} that both records hold alike kept once")
    click.echo("\n".join(lines), err=to_stderr)


def _joined(join: Join, kept_code: str) -> str:
    """Say that an episode of both becomes one, and what is known of it then."""
    from tracker.cli.fact_text import fact_text
    from tracker.service.episodes import episode_details

    gone, joined = (fact_text("episode_details", episode_details(one)) for one in (join.gone, join.joined))
    result = "stays as it is" if join.joined == join.kept else f"then is: {joined}"
    return f"{gone}: joined with that of {kept_code}, which {result}"


def _join_json(join: Join) -> dict[str, object]:
    return {
        "site": join.joined.site,
        "episodes": {str(join.gone.episode_id): join.kept.episode_id},
        "onset": join.joined.onset,
        "closed_on": join.joined.closed_on,
    }


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _merge_json(merged: Merged) -> dict[str, object]:
    entry = merged.written.entry
    return {
        "entry_id": None if entry is None else entry.entry_id,
        "from": merged.gone.patient_code,
        "into": merged.kept.patient_code,
        "visits": merged.visits,
        "treatments": merged.treatments,
        "n_kept_once": merged.n_kept_once,
        "joined": [_join_json(join) for join in merged.joins],
        "changes": merged.written.changes,
        "warnings": merged.written.warnings,
    }
