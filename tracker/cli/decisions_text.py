"""Red flags, and what staff decided on raised flags, beside the courses of a patient."""

from __future__ import annotations

import click

from tracker.analysis.alerts.alert import AlertKind
from tracker.analysis.alerts.finding import alerts_of_view
from tracker.analysis.alerts.life import Standing, standing
from tracker.analysis.red_flags.finding import read_red_flags
from tracker.analysis.views import PatientView
from tracker.cli.render import as_json, json_fields, on_one_line
from tracker.clinical.red_flags import red_flag_words
from tracker.clinical.reference import Edition, load_edition
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


def red_flags_json(view: PatientView) -> list[dict[str, object]]:
    """Give the answer of every red flag rule, a raised one with where it stands with the staff."""
    alerts = alerts_of_view(view, edition=load_edition())
    stands = {
        (alert.code, alert.site): as_json(standing(alert, view.record.flag_decisions))
        for alert in alerts
        if alert.kind is AlertKind.RED_FLAG
    }
    answers = read_red_flags(view.record, as_of=view.provenance.as_of, course=load_edition())
    return [json_fields(flag) | {"standing": stands.get((flag.code, flag.site))} for flag in answers]


def standing_words(stands: Standing) -> str:
    """Say what staff decided on a flag and whether that still stands; empty where nobody did."""
    decision = stands.decision
    if decision is None:
        return ""
    why = "" if decision.reason is None else f": {on_one_line(decision.reason)}"
    said = f"{decision.decision.value.capitalize()} {decision.decided_on.when_in_words()}{why}."
    return f"{said} Open again, as {stands.changed}." if stands.changed else said
