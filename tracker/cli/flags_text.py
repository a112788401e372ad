"""Raised flags on the terminal, and as stable JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

import click

from reports.flag_rows import flag_rows
from reports.sentences import Sentences, load_sentences, probability
from reports.site_migration_text import site_migration_text
from tracker.analysis.alerts.alert import LATER_SITE, Alert, AlertKind
from tracker.analysis.red_flags.readings import Answer, Evidence
from tracker.analysis.views import PatientView
from tracker.cli.course_text import NOT_A_DIAGNOSIS
from tracker.cli.decisions_text import standing_words
from tracker.cli.render import as_json, json_fields, print_table, wrapped
from tracker.cli.written import patient_line
from tracker.clinical.red_flags import red_flag_numbers, red_flag_words
from tracker.clinical.reference import load_edition
from tracker.clinical.sites import all_sites, site_label
from tracker.dates import day_in_words
from tracker.service.flags import PatientFlags

_WIDTH = 100
_SHOWN_FACTS = 2
_QUICK = (
    "Courses were looked at quickly here: a flag near its threshold can differ from the full reading. "
    "Evidence and what would clear a flag: tracker flags CODE"
)


def print_clinic(found: Sequence[PatientFlags], *, as_of: date) -> None:
    """Print one line per raised flag, patient by patient."""
    sentences = load_sentences()
    flagged = [one for one in found if one.alerts]
    n_flags = sum(len(one.alerts) for one in flagged)
    click.echo(f"As of {day_in_words(as_of)}. {NOT_A_DIAGNOSIS}")
    click.echo(f"{_counted(n_flags, 'flag')} of {len(flagged)} of {_counted(len(found), 'patient')}.")
    print_table(
        ["patient", "site", "flag", "state", "since", "staff", "because"],
        [
            (
                one.record.patient_code,
                _site(alert),
                label(alert, sentences),
                alert.state,
                _since(alert),
                one.standing(alert).life,
                _because(alert),
            )
            for one in flagged
            for alert in one.alerts
        ],
        empty="No flag is raised. That rules nothing out: what nobody examined raises none.",
    )
    click.echo(click.wrap_text(_QUICK, _WIDTH))


def print_patient(found: PatientFlags) -> None:
    """Print every raised flag with its evidence and what would clear it, then what cannot be told."""
    sentences = load_sentences()
    click.echo(f"Patient {patient_line(found.record)}")
    if found.view is not None:
        click.echo(f"As of {day_in_words(found.view.provenance.as_of)}. {NOT_A_DIAGNOSIS}")
    if not found.alerts:
        _paragraph("No flag is raised.")
    for alert in found.alerts:
        since = "" if alert.since is None else f" since {alert.since.in_words()}"
        place = "" if alert.site is None else f"{site_label(alert.site)}: "
        click.secho(f"\n{place}{label(alert, sentences)} ({alert.code}), {alert.state}{since}", fg="yellow", bold=True)
        for line in _lines(alert, found.view, sentences):
            _paragraph(line)
        _paragraph(standing_words(found.standing(alert)))
    _print_open(found)


def label(alert: Alert, sentences: Sentences) -> str:
    """Name a flag in words."""
    if alert.kind is AlertKind.RED_FLAG:
        return red_flag_words()[alert.code].label
    return "a further site" if alert.code == LATER_SITE else sentences.word("flag", alert.code)


def clinic_json(found: Sequence[PatientFlags]) -> list[dict[str, object]]:
    """Give every patient who has a flag, with the flags."""
    return [{"patient_code": one.record.patient_code, "flags": alerts_json(one)} for one in found if one.alerts]


def patient_json(found: PatientFlags) -> dict[str, object]:
    """Give one patient's flags with the answer of every rule."""
    words = red_flag_words()
    return {
        "patient_code": found.record.patient_code,
        "provenance": None if found.view is None else as_json(found.view.provenance),
        "flags": alerts_json(found),
        "red_flags": [json_fields(flag) | {"rule": as_json(words[flag.code])} for flag in found.red_flags],
        "intended_use": NOT_A_DIAGNOSIS,
    }


def alerts_json(found: PatientFlags) -> list[dict[str, object]]:
    """Give a patient's raised flags, each with where it stands."""
    return [json_fields(alert) | {"standing": as_json(found.standing(alert))} for alert in found.alerts]


def _lines(alert: Alert, view: PatientView | None, sentences: Sentences) -> list[str]:
    if alert.kind is AlertKind.COURSE and view is not None:
        return _course_lines(alert, view, sentences)
    facts = [f"Evidence: {'; '.join(map(_fact, alert.evidence))}."]
    if alert.kind is AlertKind.RED_FLAG:
        words = red_flag_words()[alert.code]
        sources = red_flag_numbers().sources
        cited = ", ".join(sources[key].label for key in words.sources)
        return [words.sentence, *facts, words.consider, words.clears, f"Source: {cited}; evidence grade {words.grade}."]
    events = () if view is None else site_migration_text(view.site_migration, sentences).events
    return [*facts, *events, "It stays for the record; dismiss it once it has been looked at."]


def _course_lines(alert: Alert, view: PatientView, sentences: Sentences) -> list[str]:
    (episode,) = (one for one in view.episodes if one.episode.episode_id == alert.episode_id)
    (row,) = (row for row in flag_rows(episode, load_edition(), sentences) if row.code == alert.code)
    return [f"{row.history}.", f"Evidence: {row.evidence}.", row.clears]


def _print_open(found: PatientFlags) -> None:
    """Say of which red flags nobody can tell, and which were looked for and not found."""
    words = red_flag_words()
    absent = [words[flag.code].label for flag in found.red_flags if flag.answer is Answer.NOT_RAISED]
    click.echo()
    _paragraph(f"Looked for and not raised: {', '.join(absent) or 'none'}.")
    for flag in found.red_flags:
        if flag.answer is Answer.CANNOT_BE_TOLD:
            _paragraph(f"Cannot be told: {words[flag.code].label}, as {said_in_words(flag.missing)}.")


def _site(alert: Alert) -> str | None:
    return None if alert.site is None else site_label(alert.site)


def _since(alert: Alert) -> str | None:
    return None if alert.since is None else str(alert.since)


def _because(alert: Alert) -> str:
    if alert.probability is not None:
        return f"probability {probability(alert.probability)}, {_counted(len(alert.evidence), 'score')}"
    more = len(alert.evidence) - _SHOWN_FACTS
    said = "; ".join(said_in_words(fact.said) for fact in alert.evidence[:_SHOWN_FACTS])
    return said if more <= 0 else f"{said}; and {more} more"


def _fact(fact: Evidence) -> str:
    said = said_in_words(fact.said)
    return said if fact.on is None else f"{said} ({fact.on})"


def said_in_words(said: str) -> str:
    """Write the sites that a rule names by key as people say them."""
    return _site_keys().sub(lambda found: site_label(found[0]), said)


@cache
def _site_keys() -> re.Pattern[str]:
    keys = sorted((site.key for site in all_sites()), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, keys))})(?![\w-])")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _paragraph(words: str) -> None:
    if words:
        click.echo(wrapped(words, width=_WIDTH, indent="  "))
