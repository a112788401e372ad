"""A course on the terminal, in the words of the page, and as stable JSON."""

from __future__ import annotations

from datetime import date, timedelta

import click

from reports.course_answer import CourseAnswerText, course_answer, evidence_strength
from reports.flag_rows import flag_rows
from reports.learned_numbers import own_edition_words
from reports.sentences import Sentences, load_sentences
from reports.site_migration_text import site_migration_text
from tracker.analysis.results import CourseFit, InsufficientData
from tracker.analysis.site_migration.results import SiteMigration
from tracker.analysis.views import EpisodeView, PatientView
from tracker.cli.decisions_text import print_decisions, red_flags_json
from tracker.cli.imaging_text import edema_json, print_edema, print_vitamin_d, vitamin_d_json
from tracker.cli.record_text import open_episode_example
from tracker.cli.render import as_json, json_fields, print_table, say, wrapped
from tracker.cli.written import patient_line
from tracker.clinical.reference import Edition
from tracker.clinical.sites import site_label
from tracker.dates import day_in_words

NOT_A_DIAGNOSIS = "Decision support for trained staff, not a diagnosis."
_WIDTH = 100


def print_course(view: PatientView, edition: Edition) -> None:
    """Print each episode's course; an honest sentence where the visits cannot carry one."""
    click.echo(f"Patient {patient_line(view.record)}")
    click.echo(f"As of {day_in_words(view.provenance.as_of)}. {NOT_A_DIAGNOSIS}")
    sentences = load_sentences()
    own = own_edition_words(edition, sentences)
    if own:
        click.secho(click.wrap_text(f"{sentences.say('course', 'own_edition_heading')} {own}", _WIDTH), fg="yellow")
    if not view.episodes and view.n_later_episodes:
        say(f"No episode had begun by {day_in_words(view.provenance.as_of)}; {_later(view.n_later_episodes)}.")
    elif not view.episodes:
        say(f"No episode yet. Open one: {open_episode_example(view.record)}")
    for episode in view.episodes:
        click.echo()
        _print_episode(episode, edition, sentences)
    print_decisions(view, edition)
    if view.site_migration.says_something:
        _print_site_migration(view.site_migration, sentences, view.record.patient_code)
    print_vitamin_d(view, sentences)
    n_unclaimed = sum(score.score is not None for score in view.unclaimed_scores)  # a missing score is none
    if n_unclaimed:
        click.echo(f"\n{_unclaimed(n_unclaimed)}")
    source = view.provenance
    reference = "tracker course reference" if edition.learning is None else "tracker course reference --edition FILE"
    click.echo(
        f"\nExpected course {source.edition} ({source.edition_sha256[:12]}), "
        f"evidence: {evidence_strength(edition, sentences)}. Its numbers and sources: {reference}\n"
        f"tracker {source.program_version}, schema revision {source.schema_revision}, "
        f"ledger entry {source.last_entry_id}"
    )


def _print_site_migration(found: SiteMigration, sentences: Sentences, patient_code: str) -> None:
    text = site_migration_text(found, sentences)
    click.secho(f"\n{sentences.say('site_migration', 'heading')}", bold=True)
    for sentence in (*text.events, *text.images, *text.rules[:1]):
        _paragraph(sentence)
    _paragraph(f"All of it: tracker migration {patient_code}")


def _later(count: int) -> str:
    return "1 begins later" if count == 1 else f"{count} begin later"


def _unclaimed(count: int) -> str:
    if count == 1:
        return "1 pain score belongs to no episode and is not read against the course."
    return f"{count} pain scores belong to no episode and are not read against the course."


def _print_episode(view: EpisodeView, edition: Edition, sentences: Sentences) -> None:
    _print_pain(view, edition, sentences)
    print_edema(view, edition, sentences)


def _print_pain(view: EpisodeView, edition: Edition, sentences: Sentences) -> None:
    episode = view.episode
    onset = episode.onset.in_words() if episode.onset else "not known"
    closed = f", closed {episode.closed_on.in_words()}" if episode.closed_on else ""
    click.secho(f"{site_label(episode.site)}: onset {onset}{closed}", bold=True)
    _paragraph(view.choice)
    if isinstance(view.course, InsufficientData):
        _paragraph(f"Insufficient data: {view.course.reason}. Needed: {view.course.needs}.")
        return
    answer = course_answer(view, edition, sentences)
    for notice in answer.notices:
        click.secho(_wrapped(f"{notice.heading} {notice.words}"), fg="yellow")
    _print_flags(view, edition, sentences)
    _paragraph(answer.spoken.clinician)
    if answer.outlook:
        _paragraph(answer.outlook)
    _paragraph(answer.spoken.plain)
    if not answer.classes:
        return
    print_table(
        ["  course", "probability", ""],
        [(f"  {c.label}", c.probability, c.description) for c in answer.classes],
        empty="",
    )
    _print_parameters(answer)


def _print_flags(view: EpisodeView, edition: Edition, sentences: Sentences) -> None:
    rows = flag_rows(view, edition, sentences)
    if not any(row.is_raised for row in rows):
        _paragraph(sentences.say("flag", "none_cleared" if rows else "none"))
    for row in rows:
        line = _wrapped(f"{sentences.say('flag', 'heading')} {row.label}: {row.history}. {row.clears}".rstrip())
        click.secho(line, fg="yellow" if row.is_raised else None)
        if row.is_raised:
            click.echo(wrapped(row.evidence, width=_WIDTH, indent="    "))


def _print_parameters(answer: CourseAnswerText) -> None:
    print_table(
        ["  unknown", "estimate", "95 % interval", "before any visit", "narrowed", ""],
        [
            (f"  {p.label}", p.median, f"{p.low95} to {p.high95}", p.reference, p.narrowing, p.remark)
            for p in answer.parameters
        ],
        empty="",
    )
    _paragraph(answer.sample_size)


def _paragraph(words: str) -> None:
    click.echo(_wrapped(words))


def _wrapped(words: str) -> str:
    return wrapped(words, width=_WIDTH, indent="  ")


def course_json(view: PatientView) -> dict[str, object]:
    """Give the view as JSON, with dates beside the days; README describes the schema."""
    return {
        "patient_code": view.record.patient_code,
        "provenance": as_json(view.provenance),
        "episodes": [_episode_json(episode) for episode in view.episodes],
        "unclaimed_scores": as_json(view.unclaimed_scores),
        "vitamin_d": vitamin_d_json(view),
        "red_flags": red_flags_json(view),
        "intended_use": NOT_A_DIAGNOSIS,
    }


def _episode_json(view: EpisodeView) -> dict[str, object]:
    fit = view.course
    course = json_fields(fit)
    if isinstance(fit, CourseFit) and view.day_zero is not None:
        course |= {
            "phase": fit.phase.value,
            "most_likely_class": fit.most_likely_class,
            "p_atypical": fit.p_atypical,
            "p_resolved": fit.p_resolved,
            "resolution_date": _resolution_dates(fit, view.day_zero),
            "next_visit_date": None if fit.next_visit is None else _date(view.day_zero, fit.next_visit.day),
        }
    return {**json_fields(view), "course": course, "edema": edema_json(view)}


def _resolution_dates(fit: CourseFit, day_zero: date) -> dict[str, str] | None:
    resolution = fit.resolution_day
    if resolution is None:
        return None
    days = {"median": resolution.median, "low95": resolution.low95, "high95": resolution.high95}
    return {name: _date(day_zero, day) for name, day in days.items()}


def _date(day_zero: date, day: float) -> str:
    return (day_zero + timedelta(days=round(day))).isoformat()
