"""What a red flag or a further site rests on, in words and as JSON."""

from __future__ import annotations

import click

from reports.sentences import load_sentences
from tracker.cli.course import number_line
from tracker.cli.course_text import NOT_A_DIAGNOSIS
from tracker.cli.flags_text import label, said_in_words
from tracker.cli.render import as_json, wrapped
from tracker.cli.trace_text import entry_line
from tracker.cli.written import patient_line
from tracker.clinical.sites import site_label
from tracker.dates import day_in_words
from tracker.service.alert_tracing import AlertTrace, TracedAlert, TracedEvidence

_WIDTH = 100


def print_alert_trace(trace: AlertTrace) -> None:
    """Print a flag and everything it rests on."""
    source = trace.view.provenance
    click.echo(f"Patient {patient_line(trace.view.record)}")
    click.echo(f"Flag as of {day_in_words(source.as_of)}. {NOT_A_DIAGNOSIS}")
    for traced in trace.alerts:
        click.echo()
        _print_alert(traced)
    if trace.rule is not None:
        click.echo(f"\n{wrapped(trace.rule.sentence, width=_WIDTH)}")
    click.echo("\nRecorded by")
    for entry in trace.entries.values():
        click.echo(f"  {entry_line(entry)}")
    _print_sources(trace)
    click.echo(
        f"\ntracker {source.program_version}, schema revision {source.schema_revision}, "
        f"ledger entry {source.last_entry_id}"
    )


def _print_alert(traced: TracedAlert) -> None:
    alert = traced.alert
    place = "" if alert.site is None else f"{site_label(alert.site)}: "
    click.secho(f"{place}{label(alert, load_sentences())}", bold=True)
    since = "" if alert.since is None else f" since {alert.since.in_words()}"
    click.echo(f"  Flag {alert.code} (rule {alert.rule_version}): {alert.state}{since}")
    click.echo("  Read:")
    for row in traced.rows:
        click.echo(f"    {_row_line(row)}")


def _row_line(row: TracedEvidence) -> str:
    number = f"{_OWN_NUMBER.get(row.table, 'row')} {row.row_id}"
    visit = "" if row.visit_id is None else f", visit {row.visit_id}"
    on = "" if row.evidence.on is None else f" {row.evidence.on.when_in_words()}"
    return f"{number}{visit}{on}, entry {row.entry_id}: {said_in_words(row.evidence.said)}"


_OWN_NUMBER = {"episode_details": "episode", "patient_details": "patient"}


def _print_sources(trace: AlertTrace) -> None:
    if trace.rule is None or trace.edition is None:
        click.echo("\nRests on no cited number: it says where an episode came after another one.")
        return
    cited = "; ".join(trace.edition.sources[key].label for key in trace.rule.sources)
    click.echo(f"\nWhy it matters: evidence grade {trace.rule.grade}: {cited}")
    edition = trace.edition
    click.echo(f"The red flag rules rest on {len(trace.numbers)} numbers of {edition.name}, sha256 {edition.sha256}")
    for number in trace.numbers:
        click.echo(f"  {number_line(number)}")


def alert_trace_json(trace: AlertTrace) -> dict[str, object]:
    """Give a trace as JSON, with the names that other answers have; README describes it."""
    edition = trace.edition
    return {
        "patient_code": trace.view.record.patient_code,
        "answer": "flag",
        "provenance": trace.view.provenance,
        "flags": [{"flag": as_json(one.alert), "rows": [_row_json(row) for row in one.rows]} for one in trace.alerts],
        "rule": None if trace.rule is None else as_json(trace.rule),
        "rule_edition": None if edition is None else {"name": edition.name, "sha256": edition.sha256},
        "entries": list(trace.entries.values()),
        "numbers": trace.numbers,
        "intended_use": NOT_A_DIAGNOSIS,
    }


def _row_json(row: TracedEvidence) -> dict[str, object]:
    return {
        "table": row.table,
        "row_id": row.row_id,
        "visit_id": row.visit_id,
        "entry_id": row.entry_id,
        "on": as_json(row.evidence.on),
        "said": row.evidence.said,
    }
