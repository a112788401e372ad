"""What a number rests on, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from reports.edema_text import edema_text
from reports.sentences import load_sentences
from tracker.analysis.results import CourseFit
from tracker.cli.course import number_line
from tracker.cli.course_text import NOT_A_DIAGNOSIS, course_json
from tracker.cli.fact_text import fact_text
from tracker.cli.log import local_time
from tracker.cli.record_text import record_text
from tracker.cli.render import as_json, json_fields
from tracker.cli.written import patient_line
from tracker.clinical.reference import load_edition
from tracker.clinical.sites import site_label
from tracker.dates import day_in_words
from tracker.service.tracing import Answer, Trace, TracedEpisode, TracedRow

if TYPE_CHECKING:
    from tracker.database.ledger import Entry
    from tracker.database.row_history import RowHistory


def print_trace(trace: Trace) -> None:
    """Print an answer and everything it rests on."""
    source = trace.view.provenance
    click.echo(f"Patient {patient_line(trace.view.record)}")
    click.echo(f"{trace.answer.capitalize()} as of {day_in_words(source.as_of)}. {NOT_A_DIAGNOSIS}")
    for episode in trace.episodes:
        click.echo()
        _print_episode(trace, episode)
    if trace.answer is Answer.VITAMIN_D:
        for reading in trace.view.vitamin_d:
            said = "no class" if reading.classified is None else reading.classified.in_words()
            click.echo(f"  {reading.result.visit_date.in_words()}: {said}")
        _print_rows("Read", trace.rows)
    _print_rows("Belongs to no episode", trace.unclaimed)
    click.echo("\nRecorded by")
    for entry in trace.entries.values():
        click.echo(f"  {entry_line(entry)}")
    click.echo(f"\nRests on {len(trace.numbers)} numbers of {source.edition}, sha256 {source.edition_sha256}")
    for number in trace.numbers:
        click.echo(f"  {number_line(number)}")
    click.echo(
        f"\ntracker {source.program_version}, schema revision {source.schema_revision}, "
        f"ledger entry {source.last_entry_id}; library of {trace.n_courses} courses"
    )


def _print_episode(trace: Trace, episode: TracedEpisode) -> None:
    view, fit = episode.view, episode.view.course
    onset = view.episode.onset.in_words() if view.episode.onset else "not known"
    click.secho(
        f"{site_label(view.episode.site)}: onset {onset} (episode {view.episode.episode_id}, "
        f"entry {view.episode.entry_id})",
        bold=True,
    )
    for line in _answer_lines(trace, episode):
        click.echo(f"  {line}")
    if isinstance(fit, CourseFit):
        drawn = "; courses were drawn anew around the heaviest" if fit.refined else ""
        click.echo(f"  Effective sample size: {fit.effective_sample_size:.0f} of {trace.n_courses} courses{drawn}.")
    click.echo(f"  {view.choice}")
    _print_rows("  Read", [row for row in episode.rows if row.left_out is None])
    _print_rows("  Left out", [row for row in episode.rows if row.left_out is not None])


def _answer_lines(trace: Trace, episode: TracedEpisode) -> list[str]:
    if trace.answer is Answer.EDEMA:
        text = edema_text(episode.view, load_edition(), load_sentences())
        return ["No MRI has looked for edema."] if text is None else [*text.sentences]
    if episode.flag is not None:
        flag = episode.flag
        return [
            f"Flag {flag.code} (rule {flag.rule_version}): {flag.state}, probability {flag.probability:.0%}",
            *(f"day {event.day}: {event.state}, probability {event.probability:.0%}" for event in flag.events),
        ]
    answer = _answer_json(trace, episode)
    return [f"{name}: {_value(value)}" for name, value in answer.items()]


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_value(item)}" for name, item in value.items())
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _answer_json(trace: Trace, episode: TracedEpisode) -> dict[str, object]:
    """Give the answer as `course show --json` has it, without the rest of the fit."""
    fit = episode.view.course
    if trace.answer is Answer.FLAG:
        return {"flag": as_json(episode.flag)}
    whole = _whole_json(trace, episode)
    if trace.answer is Answer.EDEMA:
        return {"edema": whole["edema"]}
    course = whole["course"]
    if not isinstance(fit, CourseFit) or not isinstance(course, dict):
        return {name: getattr(fit, name) for name in ("status", "reason", "needs")}
    names = {
        Answer.RESOLUTION: ("resolution_date", "resolution_day", "p_relapse", "p_no_resolution"),
        Answer.PHASE: ("phase", "phases", "time_in_phase"),
        Answer.CLASS: ("most_likely_class", "class_probabilities", "p_atypical"),
    }[trace.answer]
    return {name: course[name] for name in names}


def _whole_json(trace: Trace, episode: TracedEpisode) -> dict[str, object]:
    episodes = course_json(trace.view)["episodes"]
    places = [view.episode.episode_id for view in trace.view.episodes]
    found: dict[str, object] = episodes[places.index(episode.view.episode.episode_id)]  # type: ignore[index]  # a list
    return found


def _print_rows(heading: str, rows: Iterable[TracedRow]) -> None:
    lines = [_row_line(row) for row in rows]
    if lines:
        click.echo(f"{heading}:")
    for line in lines:
        click.echo(f"    {line}")


def _row_line(row: TracedRow) -> str:
    fact = row.fact
    why = "" if row.left_out is None else f": {row.left_out}"
    return (
        f"row {fact.row_id}, visit {fact.visit_id} {fact.visit_date.when_in_words()}, entry {fact.entry_id}: "
        f"{record_text(row.table, fact)}{why}"
    )


def entry_line(entry: Entry) -> str:
    """Write one ledger entry with who made it, when, with which program and why."""
    reason = "" if entry.reason is None else f", because {entry.reason}"
    return (
        f"entry {entry.entry_id}: {entry.command} by {entry.recorded_by}, {local_time(entry.recorded_at)}, "
        f"tracker {entry.program_version}{reason}"
    )


def trace_json(trace: Trace) -> dict[str, object]:
    """Give a trace as JSON; README describes it."""
    return {
        "patient_code": trace.view.record.patient_code,
        "answer": trace.answer,
        "provenance": trace.view.provenance,
        "n_courses": trace.n_courses,
        "episodes": [_episode_json(trace, episode) for episode in trace.episodes],
        "vitamin_d": [json_fields(r) for r in trace.view.vitamin_d] if trace.answer is Answer.VITAMIN_D else [],
        "rows": trace.rows,
        "unclaimed": trace.unclaimed,
        "entries": list(trace.entries.values()),
        "numbers": trace.numbers,
        "intended_use": NOT_A_DIAGNOSIS,
    }


def _episode_json(trace: Trace, episode: TracedEpisode) -> dict[str, object]:
    fit = episode.view.course
    return {
        "episode": episode.view.episode,
        "answer": _answer_json(trace, episode),
        "effective_sample_size": fit.effective_sample_size if isinstance(fit, CourseFit) else None,
        "choice": episode.view.choice,
        "rows": episode.rows,
    }


def print_history(rows: tuple[RowHistory, ...]) -> None:
    """Print each row with the entry that recorded it and the one that took it back."""
    for row in rows:
        click.echo(f"{row.table} row {row.row_id}: {fact_text(row.table, row.values)}")
        click.echo(f"  recorded by {entry_line(row.recorded)}")
        if row.retracted is not None:
            click.echo(f"  {_taken_back(row, rows)} by {entry_line(row.retracted)}")


def _taken_back(row: RowHistory, rows: tuple[RowHistory, ...]) -> str:
    """Say whether the entry that took a row back recorded another in its place."""
    amended = any(other.table == row.table and other.recorded == row.retracted for other in rows)
    return "amended" if amended else "taken back"


def history_json(rows: tuple[RowHistory, ...]) -> list[dict[str, object]]:
    """Give the rows of a history as JSON."""
    return [json_fields(row) for row in rows]
