"""What must be seen in five seconds: where on the course, what is off, what is open, what is due.

Each line is a few words, and beside them what they rest on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from reports.case_panels import CausePanel
from reports.flag_panel import AlertRow, FlagPanel, waiting_alerts, without_codes
from reports.sentences import Sentences, capitalized, place, probability
from tracker.analysis.alerts.alert import RAISED
from tracker.analysis.due.planning import Asked, Due, Urgency, plan
from tracker.analysis.results import CourseFit, InsufficientData
from tracker.analysis.views import EpisodeView, PatientView
from tracker.clinical.reference import Edition
from tracker.clinical.schedule import schedule_numbers
from tracker.dates import DAYS_PER_WEEK

_WEEKS_AHEAD = 52
_WORTH_NAMING = 0.1
_MOST_PHASES = 2
_PRESSING = (Urgency.LOST, Urgency.FLAGGED, Urgency.OVERDUE)


@dataclass(frozen=True, slots=True)
class StripLine:
    """A few words and what they rest on; `tone` is ``alarm``, ``quiet`` or empty."""

    words: str
    evidence: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class StripPart:
    """One of the four questions with its answers."""

    key: str
    title: str
    lines: tuple[StripLine, ...]


def header_strip(
    view: PatientView, edition: Edition, panel: FlagPanel, causes: tuple[CausePanel, ...], sentences: Sentences
) -> tuple[StripPart, ...]:
    """Answer the four questions, in the order in which they are asked at a visit."""
    parts = (
        ("where", [_where(episode, view, edition, sentences) for episode in view.episodes]),
        ("off", [*(_off(row, sentences) for row in panel.rows), *_not_told(panel, sentences)]),
        ("open", [_open(panel, sentences) for panel in causes]),
        ("next", _all_due(view, edition, sentences)),
    )
    return tuple(
        StripPart(
            key,
            sentences.say("strip", key),
            tuple(_bound(line) for line in lines)
            or (StripLine(sentences.say("strip", f"{key}_nothing"), "", "quiet"),),
        )
        for key, lines in parts
    )


def _bound(line: StripLine) -> StripLine:
    """Keep a number on the line of its percent sign."""
    words, evidence = (text.replace(" %", "\u00a0%") for text in (line.words, line.evidence))
    return replace(line, words=words, evidence=evidence)


def _where(episode: EpisodeView, view: PatientView, edition: Edition, sentences: Sentences) -> StripLine:
    site, fit, stated = capitalized(place(episode.episode.site)), episode.course, episode.episode
    if stated.closed_on is not None:
        reason = stated.closing_reason or ""
        return StripLine(sentences.say("strip", "closed", site=site, on=stated.closed_on), reason, "quiet")
    if isinstance(fit, InsufficientData):
        words = sentences.say("strip", "insufficient", site=site)
        return StripLine(words, sentences.say("strip", "needs", reason=fit.reason, needs=fit.needs))
    evidence = _fit_evidence(fit, episode, sentences)
    if not fit.resembles_known:
        return StripLine(sentences.say("strip", "unknown_course", site=site), evidence, "alarm")
    silent = silent_days(episode, view, edition)
    if silent:
        return StripLine(sentences.say("strip", "silent", site=site, days=silent), evidence, "alarm")
    likely = sorted(fit.phases.items(), key=lambda item: -item[1])[:_MOST_PHASES]
    named = [
        f"{sentences.word('phase', phase)} {probability(share)}"
        for place_in_list, (phase, share) in enumerate(likely)
        if place_in_list == 0 or share >= _WORTH_NAMING
    ]
    words = sentences.say("strip", "phase", site=site, phases=", ".join(named), day=fit.as_of_day)
    return StripLine(words, evidence, "" if fit.resembles_expected else "alarm")


def silent_days(episode: EpisodeView, view: PatientView, edition: Edition) -> int:
    """Give the days since the last score read, where they are too many to say where the patient stands; else 0."""
    days = (view.provenance.as_of - (episode.last_fitted or view.provenance.as_of)).days
    return days if days > edition.value("silence_days") else 0


def _fit_evidence(fit: CourseFit, episode: EpisodeView, sentences: Sentences) -> str:
    name = fit.most_likely_class
    return sentences.say(
        "strip",
        "fit",
        scores=fit.n_scores,
        noun=sentences.word("noun", "score" if fit.n_scores == 1 else "scores"),
        last=episode.last_fitted,
        course=sentences.word("course_class", name),
        probability=probability(fit.class_probabilities[name]),
    )


def _off(row: AlertRow, sentences: Sentences) -> StripLine:
    place_words = f", {row.where}" if row.where else ""
    since = sentences.say("strip", "since", on=row.since) if row.since else ""
    words = sentences.say(
        "strip",
        "flag",
        kind=row.kind,
        label=row.label,
        place=place_words,
        staff=row.staff,
        since=since,
        state="" if row.state == sentences.word("flag_state", RAISED) else f" ({row.state})",
    )
    evidence = ". ".join(part for part in (row.evidence, row.decided) if part)
    return StripLine(words, evidence, "alarm" if row.is_waiting else "quiet")


def _not_told(panel: FlagPanel, sentences: Sentences) -> list[StripLine]:
    """Say that nothing is raised, and that what nobody examined raises nothing."""
    lines = [] if panel.rows else [StripLine(sentences.say("strip", "off_nothing"), "")]
    if panel.cannot_be_told:
        count = len(panel.cannot_be_told)
        total = count + len(panel.not_raised) + sum(row.is_red for row in panel.rows)
        words = sentences.say("strip", "cannot_be_told", count=count, total=total)
        lines.append(StripLine(words, "; ".join(panel.cannot_be_told), "quiet"))
    return lines


def _open(panel: CausePanel, sentences: Sentences) -> StripLine:
    if not panel.was_spoken_of:
        words = sentences.say("strip", "causes_never", about=panel.about, total=panel.n_causes)
        return StripLine(words, "")
    if panel.n_open == 0:
        return StripLine(sentences.say("strip", "causes_done", about=panel.about, total=panel.n_causes), "", "quiet")
    words = sentences.say("strip", "causes_open", about=panel.about, count=panel.n_open, total=panel.n_causes)
    groups = (
        ("causes_present", panel.present),
        ("causes_pending", panel.pending),
        ("causes_not_excluded", panel.not_excluded),
        ("causes_not_spoken_of", panel.never_spoken_of),
    )
    said = [sentences.say("strip", name, names=", ".join(names)) for name, names in groups if names]
    return StripLine(words, "; ".join(said), "alarm" if panel.present else "")


def _all_due(view: PatientView, edition: Edition, sentences: Sentences) -> list[StripLine]:
    if view.provenance.has_placeholder_days:
        return [StripLine(sentences.say("strip", "next_placeholder"), "", "quiet")]
    return [_next(due, view, sentences) for due in _due(view, edition)]


def _due(view: PatientView, edition: Edition) -> tuple[Due, ...]:
    waiting = waiting_alerts(view, edition)
    asked = Asked(view.record, waiting, view.provenance.as_of, schedule_numbers(), edition)
    return plan(asked, weeks_ahead=_WEEKS_AHEAD)


def _next(due: Due, view: PatientView, sentences: Sentences) -> StripLine:
    site = "" if due.site is None else f", {place(due.site)}"
    late = (view.provenance.as_of - due.on) // timedelta(days=DAYS_PER_WEEK)
    how = "late" if late > 0 else due.urgency.name.lower()
    words = sentences.say(
        "strip",
        f"due_{how}",
        what=capitalized(sentences.word("due_what", due.what)),
        site=site,
        on=due.on,
        late=f"{late} {sentences.word('noun', 'week' if late == 1 else 'weeks')}",
    )
    why = without_codes(due.why, view)
    return StripLine(
        words,
        sentences.say("strip", "due_why", why=why, settles=due.settles),
        "alarm" if due.urgency in _PRESSING else "",
    )


def shortened(part: StripPart, most: int, sentences: Sentences) -> StripPart:
    """Keep so many lines of a part and count the rest, for paper."""
    left_out = len(part.lines) - most
    if left_out <= 0:
        return part
    more = StripLine(sentences.say("strip", "more", count=left_out), "", "quiet")
    return replace(part, lines=(*part.lines[:most], more))
