"""Red flags, and what staff decided on raised flags, beside the courses of a patient."""

from __future__ import annotations

import click

from tracker.analysis.alerts.alert import AlertKind
from tracker.analysis.alerts.finding import alerts_of_view
from tracker.analysis.alerts.life import Standing, standing
from tracker.analysis.views import PatientView
from tracker.cli.render import on_one_line
from tracker.clinical.red_flags import red_flag_words
from tracker.clinical.reference import Edition
from tracker.clinical.sites import site_label

_WIDTH = 100


def print_decisions(view: PatientView, edition: Edition) -> None:
    """Print one line per raised red flag, and per other raised flag that staff decided on; nothing where none is."""
    found = [(alert, standing(alert, view.record.flag_decisions)) for alert in alerts_of_view(view, edition=edition)]
    shown = [(a, stands) for a, stands in found if a.kind is AlertKind.RED_FLAG or stands.decision is not None]
    if not shown:
        return
    click.echo()
    for alert, stands in shown:
        is_red = alert.kind is AlertKind.RED_FLAG
        name = f"Red flag: {red_flag_words()[alert.code].label}" if is_red else f"Flag: {alert.code.replace('_', ' ')}"
        place = "" if alert.site is None else f", {site_label(alert.site)}"
        since = "" if alert.since is None else f", since {alert.since.in_words()}"
        line = f"{name}{place}{since}. {standing_words(stands)}".rstrip()
        click.secho(click.wrap_text(line, _WIDTH, "  ", "  "), fg="yellow")
    click.echo(f"  All of them: tracker flags {view.record.patient_code}")


def standing_words(stands: Standing) -> str:
    """Say what staff decided on a flag and whether that still stands; empty where nobody did."""
    decision = stands.decision
    if decision is None:
        return ""
    why = "" if decision.reason is None else f": {on_one_line(decision.reason)}"
    said = f"{decision.decision.value.capitalize()} on {decision.decided_on.in_words()}{why}."
    return f"{said} Open again, as {stands.changed}." if stands.changed else said
