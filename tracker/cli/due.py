"""`tracker due`: who should be seen or imaged, when, and why."""

from __future__ import annotations

from datetime import date

import click

from tracker.cli.options import DayType, WholeNumberType, json_option
from tracker.cli.terminal import Terminal, pass_terminal

_MOST_WEEKS = 104


@click.command("due")
@click.option("--on", "on", type=DayType(), metavar="DATE", help="The day to answer for; today otherwise.")
@click.option(
    "--weeks",
    type=WholeNumberType(0, _MOST_WEEKS),
    default=0,
    show_default=True,
    metavar="N",
    help="Look so many weeks ahead of it.",
)
@json_option
@pass_terminal
def command(terminal: Terminal, on: date | None, weeks: int, json_wanted: bool) -> None:
    """Say who should be seen or imaged, when, why, and what that would settle, the most pressing first.

    The default follow-up is weak evidence: no guideline gives an interval. Decision support for
    trained staff, no appointment and no order.

    \b
    Example:
      tracker due --weeks 4
    """
    from tracker.cli.due_text import print_due
    from tracker.cli.render import as_json, json_fields, print_json
    from tracker.service.due import clinic_due

    today = terminal.today_here()
    with terminal.database() as database:
        found = clinic_due(database, on=on or today, weeks_ahead=weeks, today=today)
    if json_wanted:
        print_json(
            [
                {
                    "patient_code": one.patient_code,
                    **json_fields(one.due),
                    "urgency": as_json(one.due.urgency.name.lower()),
                }
                for one in found
            ]
        )
    else:
        print_due(found, on=on or today, weeks_ahead=weeks)
