"""Edema on MRI and vitamin D on the terminal, in the words of the page, and as stable JSON."""

from __future__ import annotations

from datetime import date, timedelta

import click

from reports.edema_text import edema_text
from reports.sentences import Sentences
from reports.vitamin_d_text import vitamin_d_lines
from tracker.analysis.imaging.results import EdemaCourse, JointReading
from tracker.analysis.results import Estimate, InsufficientData
from tracker.analysis.views import EpisodeView, PatientView
from tracker.cli.render import json_fields, wrapped
from tracker.clinical.reference import Edition

_WIDTH = 100


def print_edema(view: EpisodeView, edition: Edition, sentences: Sentences) -> None:
    """Print the edema of an episode, if an MRI has looked for it."""
    text = edema_text(view, edition, sentences)
    if text is None:
        return
    click.echo(f"  {sentences.say('edema', 'heading')}")
    for row in text.visits:
        click.echo(_wrapped(row.sentence, "    "))
    for sentence in text.sentences:
        click.secho(_wrapped(sentence, "  "), fg="yellow" if sentence == text.apart else None)
    click.echo(_wrapped(text.plain, "  "))


def print_vitamin_d(view: PatientView, sentences: Sentences) -> None:
    """Print every vitamin D result in a line, if there is one."""
    lines = vitamin_d_lines(view, sentences)
    if not lines:
        return
    click.echo()
    click.secho(sentences.say("vitamin_d", "title"), bold=True)
    for line in lines:
        click.echo(_wrapped(line, "  "))


def edema_json(view: EpisodeView) -> dict[str, object]:
    """Give the reading of an episode's edema, with dates beside the days."""
    reading = view.edema
    found = json_fields(reading)
    if isinstance(reading, InsufficientData) or view.day_zero is None:
        return found
    if isinstance(reading.alone, EdemaCourse):
        found["alone"] = _edema_course_json(reading.alone, view.day_zero)
    if isinstance(reading.joint, JointReading):
        joint = reading.joint
        found["joint"] = json_fields(joint) | {
            "resolution_date": _dates(joint.resolution_day, view.day_zero),
            "edema": _edema_course_json(joint.edema, view.day_zero),
        }
    return found


def vitamin_d_json(view: PatientView) -> list[dict[str, object]]:
    """Give every vitamin D result with its class, season and change."""
    return [json_fields(reading) for reading in view.vitamin_d]


def _edema_course_json(course: EdemaCourse, day_zero: date) -> dict[str, object]:
    return json_fields(course) | {"phase": course.phase.value, "clear_date": _dates(course.clear_day, day_zero)}


def _dates(estimate: Estimate | None, day_zero: date) -> dict[str, str] | None:
    if estimate is None:
        return None
    days = {"median": estimate.median, "low95": estimate.low95, "high95": estimate.high95}
    return {name: (day_zero + timedelta(days=round(day))).isoformat() for name, day in days.items()}


def _wrapped(words: str, indent: str) -> str:
    return wrapped(words, width=_WIDTH, indent=indent)
