"""Record or take back statements about a patient, and say what was done: shared by the nouns that make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.cli.terminal import Terminal
from tracker.cli.written import patient_line, report_written
from tracker.service.new_statements import NewStatement
from tracker.service.patients import read_patient
from tracker.service.statements import record_statements, void_statements


def record_and_report(
    terminal: Terminal,
    patient_code: str,
    statements: Sequence[NewStatement],
    *,
    why: str | None,
    yes: bool,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Record statements as one entry and print it."""
    with terminal.database() as database:
        about = patient_line(read_patient(database, patient_code))
        confirm = None if yes or dry_run or not terminal.can_ask else terminal.confirm_warnings
        origin = terminal.origin(reason=why)
        written = record_statements(database, patient_code, statements, origin, confirm=confirm, dry_run=dry_run)
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
    if confirm is None:
        terminal.show_warnings(written.warnings)


def void_and_report(
    terminal: Terminal,
    patient_code: str,
    table: str,
    match: Mapping[str, object],
    *,
    why: str,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Take statements back as one entry and print it."""
    with terminal.database() as database:
        about = patient_line(read_patient(database, patient_code))
        origin = terminal.origin(reason=why)
        written = void_statements(database, patient_code, table, match, origin, dry_run=dry_run)
    report_written(written, about=about, dry_run=dry_run, json_wanted=json_wanted)
