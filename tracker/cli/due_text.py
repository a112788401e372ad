"""The due list on paper: plain text, no wider than an A4 page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import click

from tracker.analysis.due.planning import Due, DueWhat, Urgency
from tracker.cli.course_text import NOT_A_DIAGNOSIS
from tracker.cli.render import on_one_line
from tracker.clinical.schedule import schedule_numbers
from tracker.dates import DAYS_PER_WEEK, day_in_words
from tracker.service.due import DuePatient

A4_WIDTH = 80
_INDENT = "    "
_HEADINGS = {
    Urgency.LOST: "Lost to follow-up",
    Urgency.FLAGGED: "A flag is open: soon",
    Urgency.OVERDUE: "Overdue",
    Urgency.DUE: "Due",
    Urgency.COMING: "Coming",
}
_WHAT = {DueWhat.VISIT: "visit", DueWhat.MRI: "MRI", DueWhat.VITAMIN_D: "vitamin D"}


def print_due(found: Sequence[DuePatient], *, on: date, weeks_ahead: int) -> None:
    """Print what is due under one heading per urgency."""
    ahead = f" and the {weeks_ahead} weeks after it" if weeks_ahead else ""
    n_patients = len({one.patient_code for one in found})
    _paragraph(f"Due on {day_in_words(on)}{ahead}: {len(found)} for {n_patients} patient{'s' * (n_patients != 1)}.")
    for urgency, group in groupby(found, key=lambda one: one.due.urgency):
        click.secho(f"\n{_HEADINGS[urgency]}", bold=True)
        for one in group:
            _print_one(one, on)
    click.echo()
    names = dict.fromkeys(name for one in found for name in one.due.numbers)
    if names:
        schedule = schedule_numbers()
        grades = ", ".join(f"{name} {schedule.value(name):g} (grade {schedule[name].grade})" for name in names)
        _paragraph(f"Default follow-up {schedule.name}, weak evidence: {grades}.")
    _paragraph(f"No appointment and no order. {NOT_A_DIAGNOSIS}")


def _print_one(one: DuePatient, on: date) -> None:
    due = one.due
    place = "" if due.site is None else f" {due.site}"
    click.echo(f"[ ] {on_one_line(one.patient_code)}  {_WHAT[due.what]}{place}  {due.on.isoformat()}{_late(due, on)}")
    _paragraph(f"{due.why}; would settle {due.settles}.", _INDENT)


def _late(due: Due, on: date) -> str:
    weeks = (on - due.on).days // DAYS_PER_WEEK
    return f"  {weeks} week{'s' * (weeks != 1)} late" if weeks > 0 else ""


def _paragraph(words: str, indent: str = "") -> None:
    click.echo(click.wrap_text(words, width=A4_WIDTH, initial_indent=indent, subsequent_indent=indent))
