"""An own edition beside the cited one, on the terminal."""

from __future__ import annotations

import click

from reports.learned_numbers import learned_rows, learned_sentences
from reports.sentences import load_sentences
from tracker.cli.render import print_table
from tracker.clinical.learned import Learning
from tracker.clinical.reference import Edition

_WIDTH = 100
_SHORT_HASH = 12


def print_learning(edition: Edition, learning: Learning) -> None:
    """Print every learned number beside the cited one, and what the table cannot say."""
    sentences = load_sentences()
    click.echo(f"{edition.name} ({edition.sha256[:_SHORT_HASH]}) beside {learning.edition}", nl=False)
    click.echo(f" ({learning.edition_sha256[:_SHORT_HASH]})")
    for words in learned_sentences(learning, sentences, least_courses=edition.value("learning_effective_courses")):
        click.echo(click.wrap_text(words, _WIDTH, "  ", "  "))
    print_table(
        ["  number", "cited", "learned", "95 % interval", "narrowed", ""],
        [
            (f"  {row.label}", row.cited, row.learned, row.interval, row.narrowing, row.remark)
            for row in learned_rows(learning, sentences)
        ],
        empty="",
    )
    click.echo(
        f"tracker {learning.program_version}, schema revision {learning.schema_revision}, "
        f"ledger entry {learning.last_entry_id}"
    )
