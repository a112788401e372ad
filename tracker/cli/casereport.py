"""`tracker casereport`: the skeleton of a case report, de-identified."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from tracker.cli.options import PathType, WriteCommand, as_of_option, dry_run_option, json_option, patient_argument
from tracker.cli.render import print_json, say
from tracker.cli.terminal import Terminal, pass_terminal


@click.command("casereport", cls=WriteCommand)
@patient_argument
@click.option(
    "--out",
    type=PathType(path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder for the files: new or empty.",
)
@click.option("--reason", metavar="TEXT", help="Why, kept in the ledger.")
@as_of_option
@dry_run_option
@json_option
@pass_terminal
def command(
    terminal: Terminal,
    patient_code: str,
    out: Path,
    reason: str | None,
    as_of: date | None,
    dry_run: bool,
    json_wanted: bool,
) -> None:
    """Write a case report's skeleton in the order of the CARE checklist, with a timeline as figure and table.

    Days since onset instead of dates, no code, no free words. Filled with what the record holds; what it does not
    hold is marked as blank.

    \b
    Example:
      tracker casereport P-07 --out case
    """
    from reports.case_report import case_files
    from tracker.service.courses import course_view
    from tracker.service.releases.case_report import CaseReportOrder, check_case_report, file_case_report

    origin, today, number = terminal.origin(reason=reason), terminal.today_here(), None
    with terminal.database() as database:
        view = course_view(database, patient_code, as_of=as_of or today, today=today)
        source = view.provenance
        facts = {
            "title": "Skeleton of a case report",
            "identified": False,
            "program_version": source.program_version,
            "schema_revision": source.schema_revision,
            "edition": source.edition,
            "edition_sha256": source.edition_sha256,
        }
        order = CaseReportOrder(view.record.patient_code, out, case_files(view), facts)
        if dry_run:
            check_case_report(order, origin)
        else:
            number = file_case_report(database, order, origin).entry_id
            terminal.afterword = f"It was written, and is recorded as entry {number}."
    if json_wanted:
        print_json({"out": str(out), "files": list(order.files), "entry_id": number})
    elif number is not None:
        click.echo(str(out / next(iter(order.files))))
    if number is None:
        say("Dry run: nothing was written.")
    else:
        say(f"Written without code and dates, recorded as entry {number}. Read it before it leaves.")
