"""`tracker migration`: what followed what between a patient's sites."""

from __future__ import annotations

from datetime import date, datetime

import click

from tracker.cli.options import as_of_option, json_option, known_at_option, patient_argument
from tracker.cli.terminal import Terminal, pass_terminal


@click.command("migration")
@patient_argument
@as_of_option
@known_at_option
@json_option
@pass_terminal
def command(
    terminal: Terminal, patient_code: str, as_of: date | None, known_at: datetime | None, json_wanted: bool
) -> None:
    """Say what followed what between a patient's sites, and where nobody has looked.

    Spread, site migration, relapse, mirror or multifocal onset, each with its probability; regional migratory
    osteoporosis by a strict and a broad rule. Decision support for trained staff, not a diagnosis.

    \b
    Example:
      tracker migration P-07 --as-of 2026-05-01
    """
    from tracker.cli.render import print_json
    from tracker.cli.site_migration_text import print_site_migration, site_migration_json
    from tracker.service.courses import course_view

    with terminal.database() as database:
        today = terminal.today_here()
        view = course_view(database, patient_code, as_of=as_of or today, known_at=known_at, today=today)
    if json_wanted:
        print_json(site_migration_json(view))
    else:
        print_site_migration(view)
