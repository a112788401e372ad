"""Say what a write did: the patient, the change, the entry, and how to take it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from tracker.cli.fact_text import fact_text
from tracker.cli.render import print_json, say
from tracker.cli.terminal import Terminal
from tracker.clinical.record import PatientRecord
from tracker.clinical.vocabulary import Sex

if TYPE_CHECKING:
    from tracker.database.ledger import Change
    from tracker.service.writing import Written


def patient_line(record: PatientRecord) -> str:
    """Name the patient so that a wrong one is noticed: code, sex, birth, last visit."""
    born = f"born {record.birth}" if record.birth else "birth not recorded"
    last = record.visits[-1].visit_date.in_words() if record.visits else "none yet"
    sex = "sex unknown" if record.sex is Sex.UNKNOWN else record.sex
    return f"{record.patient_code} ({sex}, {born}; last visit {last})"


def report_written(written: Written, *, about: str, dry_run: bool, json_wanted: bool = False) -> None:
    """Print what was recorded, or with `dry_run` what would be."""
    if written.entry is not None:
        # From here on, whatever stops the printing, the record holds the entry.
        Terminal.of(click.get_current_context()).afterword = f"It was recorded, as entry {written.entry.entry_id}."
    if json_wanted:
        entry_id = written.entry.entry_id if written.entry else None
        print_json({"entry_id": entry_id, "changes": written.changes, "warnings": written.warnings})
        return
    click.echo(f"Patient {about}")
    for line in change_lines(written.changes):
        click.echo(f"  {line}")
    if dry_run or written.entry is None:
        say("Dry run: nothing was written.")
    else:
        number = written.entry.entry_id
        say(f"Recorded as entry {number}. To take it back: tracker undo {number}")


def change_lines(changes: Iterable[Change]) -> list[str]:
    """Put each change of a fact into one line; identities say nothing by themselves."""
    return [
        f"{'+' if change.kind == 'recorded' else '-'} {fact_text(change.table, change.values)}"
        for change in changes
        if change.kind != "identity"
    ]
