"""A patient's sites on the terminal, in the words of the page, and as stable JSON."""

from __future__ import annotations

import click

from reports.sentences import load_sentences
from reports.site_migration_text import PairRow, SiteMigrationText, site_migration_text
from tracker.analysis.views import PatientView
from tracker.cli.course_text import NOT_A_DIAGNOSIS
from tracker.cli.render import as_json, json_fields, print_table, wrapped
from tracker.cli.written import patient_line
from tracker.dates import day_in_words

_WIDTH = 100


def print_site_migration(view: PatientView) -> None:
    """Print every later start with its probability, imaging, the rules, and where nobody has looked."""
    found = view.site_migration
    sentences = load_sentences()
    text = site_migration_text(found, sentences)
    click.echo(f"Patient {patient_line(view.record)}")
    click.echo(f"As of {day_in_words(view.provenance.as_of)}. {NOT_A_DIAGNOSIS}\n")
    for sentence in (*text.events, *text.images):
        _paragraph(sentence)
    if not found.says_something:
        _paragraph(sentences.say("site_migration", "one_site" if view.record.episodes else "no_site"))
    _print_tables(text)
    for sentence in (*text.rules, text.context, text.never_looked_at):
        if sentence:
            _paragraph(sentence)
    source = view.provenance
    click.echo(
        f"\nRules {found.rules} ({found.rules_sha256[:12]}), "
        f"expected course {source.edition} ({source.edition_sha256[:12]})\n"
        f"tracker {source.program_version}, schema revision {source.schema_revision}, "
        f"ledger entry {source.last_entry_id}"
    )


def _print_tables(text: SiteMigrationText) -> None:
    if text.spans:
        click.echo()
        print_table(
            ["  site", "began (95 %)", "over (95 %)", ""],
            [(f"  {row.site}", row.start, row.end, row.end_from) for row in text.spans],
            empty="",
        )
    if len(text.pairs) > 1:
        click.echo()
        print_table(
            ["  old site", "new site", "most probably", "", "where", "days between starts", "new one last"],
            [_cells(row) for row in text.pairs],
            empty="",
        )
    if text.spans:
        click.echo()


def _cells(row: PairRow) -> tuple[str, ...]:
    return (f"  {row.old}", row.new, row.kind, row.probability, row.distance, row.between, row.order)


def _paragraph(words: str) -> None:
    click.echo(wrapped(words, width=_WIDTH, indent="  "))


def site_migration_json(view: PatientView) -> dict[str, object]:
    """Give what followed what as JSON; README describes the schema."""
    found = view.site_migration
    events = [json_fields(event) | {"kind": event.kind.value} for event in found.events]
    bones = [json_fields(bone) | {"is_shift": bone.is_shift} for bone in found.new_bones]
    return {
        "patient_code": view.record.patient_code,
        "provenance": as_json(view.provenance),
        **json_fields(found),
        "events": events,
        "new_bones": bones,
        "intended_use": NOT_A_DIAGNOSIS,
    }
