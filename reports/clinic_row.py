"""One patient in the list of patients: every word of the row, ready to be drawn, kept or searched.

A row is plain values only, so that it can be kept beside the pages and drawn again without reading the patient.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from reports.flag_panel import without_codes
from reports.sentences import Sentences, place, probability
from reports.sparkline import Sparkline, sparkline
from tracker.analysis.alerts.alert import AlertKind
from tracker.analysis.alerts.life import Life
from tracker.analysis.due.planning import Due, Urgency
from tracker.analysis.flags.rules import REMEASURE
from tracker.analysis.overview import Overview, StandingAlert
from tracker.analysis.results import InsufficientData
from tracker.analysis.views import EpisodeView, PatientView
from tracker.clinical.red_flags import red_flag_words
from tracker.clinical.reference import Edition

OFF_COURSE, RED_FLAG, DUE, MIGRATED = "off_course", "red_flag", "due", "migrated"
MARKS = (OFF_COURSE, RED_FLAG, DUE, MIGRATED)
"""What rows can be filtered by."""


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """One episode in words: its site, its dates, and its phase or why there is none."""

    site_key: str
    site: str
    state: str
    phase: str
    spark: Sparkline | None


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One thing that asks for a look; `kind` is ``red_flag``, ``course``, ``site`` or ``migrated``."""

    kind: str
    heading: str
    words: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing that is due; `on` is an ISO day."""

    urgency: str
    words: str
    on: str
    why: str
    is_due: bool


@dataclass(frozen=True, slots=True)
class ClinicRow:
    """One patient; `link` leads from the list to the page. `last_visit_day` sorts, `last_visit` is read."""

    patient_code: str
    group: str
    link: str
    as_of: str
    n_visits: int
    last_visit: str
    last_visit_day: str
    episodes: tuple[EpisodeLine, ...]
    flags: tuple[FlagLine, ...]
    due: tuple[DueLine, ...]
    marks: tuple[str, ...]

    @property
    def next_due(self) -> tuple[DueLine, ...]:
        """What is due now; where nothing is, the next thing that will be."""
        return tuple(one for one in self.due if one.is_due) or self.due[:1]


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stands: under which group, and where its link leads."""

    link: str
    group: str = ""


def clinic_row(
    view: PatientView, overview: Overview, at: RowPlace, edition: Edition, sentences: Sentences
) -> ClinicRow:
    """Put one patient's view into a row."""
    record, as_of = view.record, view.provenance.as_of
    last = max((visit.visit_date for visit in record.visits), default=None)
    flags = (*_alert_lines(overview, sentences), *_moved_lines(overview, sentences))
    due = tuple(_due_line(one, view, sentences) for one in overview.due)
    return ClinicRow(
        patient_code=record.patient_code,
        group=at.group,
        link=at.link,
        as_of=as_of.isoformat(),
        n_visits=len(record.visits),
        last_visit=sentences.word("clinic", "no_visit") if last is None else str(last),
        last_visit_day="" if last is None else last.first.isoformat(),
        episodes=tuple(_episode(episode, as_of, edition, sentences) for episode in view.episodes),
        flags=flags,
        due=due,
        marks=tuple(_marks(overview, due)),
    )


def row_as_json(row: ClinicRow) -> dict[str, Any]:
    """Give a row as plain values for a JSON file."""
    return asdict(row)


def row_from_json(values: Mapping[str, Any]) -> ClinicRow:
    """Read a row that `row_as_json` gave.

    Raises
    ------
    KeyError, TypeError
        If it is none.
    """
    episodes = [
        one | {"spark": None if one["spark"] is None else Sparkline(**one["spark"])} for one in values["episodes"]
    ]
    return ClinicRow(
        **{
            **values,
            "episodes": tuple(EpisodeLine(**one) for one in episodes),
            "flags": tuple(FlagLine(**one) for one in values["flags"]),
            "due": tuple(DueLine(**one) for one in values["due"]),
            "marks": tuple(values["marks"]),
        }
    )


def _marks(overview: Overview, due: tuple[DueLine, ...]) -> Iterator[str]:
    if any(_is_off_course(one) for one in overview.alerts):
        yield OFF_COURSE
    if any(one.alert.kind is AlertKind.RED_FLAG and one.is_open for one in overview.alerts):
        yield RED_FLAG
    if any(one.is_due for one in due):
        yield DUE
    if overview.moved or any(_is_further_site(one) for one in overview.alerts):
        yield MIGRATED


def _is_off_course(one: StandingAlert) -> bool:
    """Whether it says that the course is another one; to score again because one score was odd says less."""
    is_course = one.alert.kind is AlertKind.COURSE and one.alert.code != REMEASURE
    return is_course and one.standing.life is not Life.DISMISSED


def _is_further_site(one: StandingAlert) -> bool:
    return one.alert.kind is AlertKind.SITE and one.standing.life is not Life.DISMISSED


def _alert_lines(overview: Overview, sentences: Sentences) -> Iterator[FlagLine]:
    order = {AlertKind.RED_FLAG: 0, AlertKind.COURSE: 1, AlertKind.SITE: 2}
    for one in sorted(overview.alerts, key=lambda found: order[found.alert.kind]):
        alert = one.alert
        if alert.kind is AlertKind.RED_FLAG:
            name = red_flag_words()[alert.code].label
        else:
            name = sentences.word("flag", alert.code) if alert.kind is AlertKind.COURSE else ""
        parts = [name, "" if alert.site is None else place(alert.site)]
        if alert.kind is AlertKind.COURSE:
            parts.append(sentences.word("flag_state", alert.state))
        if alert.since is not None:
            parts.append(sentences.say("clinic", "since", day=alert.since))
        if one.standing.life is not Life.OPEN:
            parts.append(sentences.word("clinic", one.standing.life))
        heading = sentences.word("clinic", f"{alert.kind}_heading")
        if alert.code == REMEASURE:
            heading = sentences.word("clinic", "remeasure_heading")
        yield FlagLine(str(alert.kind), heading, ", ".join(filter(None, parts)), one.is_open)


def _moved_lines(overview: Overview, sentences: Sentences) -> Iterator[FlagLine]:
    for event in overview.moved:
        words = sentences.say(
            "clinic",
            "moved",
            old=place(event.pair.old_site),
            new=place(event.pair.new_site),
            p=probability(event.kinds[event.kind]),
        )
        yield FlagLine("migrated", sentences.word("clinic", "migrated_heading"), words, is_open=True)


def _due_line(due: Due, view: PatientView, sentences: Sentences) -> DueLine:
    what = sentences.word("clinic", f"due_{due.what}")
    return DueLine(
        urgency=sentences.word("clinic", due.urgency.name.lower()),
        words=what if due.site is None else f"{what}, {place(due.site)}",
        on=due.on.isoformat(),
        why=without_codes(due.why, view),
        is_due=due.urgency is not Urgency.COMING,
    )


def _episode(view: EpisodeView, as_of: date, edition: Edition, sentences: Sentences) -> EpisodeLine:
    episode = view.episode
    began = (
        sentences.say("clinic", "no_onset")
        if episode.onset is None
        else sentences.say("clinic", "onset", written=episode.onset)
    )
    closed = "" if episode.closed_on is None else sentences.say("clinic", "closed", written=episode.closed_on)
    return EpisodeLine(
        site_key=episode.site,
        site=place(episode.site),
        state=f"{began}{closed}",
        phase=_phase(view, as_of, edition, sentences),
        spark=sparkline(view, as_of, sentences),
    )


def _phase(view: EpisodeView, as_of: date, edition: Edition, sentences: Sentences) -> str:
    course = view.course
    if isinstance(course, InsufficientData):
        return sentences.say("clinic", "insufficient", reason=course.reason)
    if not course.resembles_known:
        return sentences.say("clinic", "resembles_none")
    if not course.resembles_expected:
        kind = sentences.word("course_class", course.most_likely_class)
        p = probability(course.class_probabilities[course.most_likely_class])
        return sentences.say("clinic", "not_expected", kind=kind, p=p)
    last = view.last_fitted or as_of  # a fit rests on scores
    if (as_of - last).days > edition.value("silence_days"):
        # The course alone would give a phase; of the patient nothing is known any more.
        return sentences.say("clinic", "silent", day=last)
    phase = sentences.word("phase", course.phase)
    return sentences.say("clinic", "phase", phase=phase, p=probability(course.phases[course.phase]))
