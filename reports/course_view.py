"""One course chart as plain values, ready to be drawn or listed.

Pure: the figure, the tables and the tests all read the same `CourseView`. Days
on the calendar are ISO texts; days since onset count from the first possible
day of the stated onset.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from reports.course_ahead import Ahead, DrawnPhase, ahead_of, drawn_phases
from reports.course_answer import CourseAnswerText, course_answer, evidence_strength, no_course_answer
from reports.course_points import ScorePoint, band_edges, places, score_points
from reports.edema_text import EdemaText, edema_text
from reports.event_strip import NO_EVENTS, EventStrip, event_strip
from reports.flag_rows import FlagRow, flag_rows
from reports.sentences import Sentences, capitalized, number, place
from tracker.analysis.results import LevelBand
from tracker.analysis.views import EpisodeView, PatientView
from tracker.clinical.record import PainScore
from tracker.clinical.reference import Edition
from tracker.dates import DAYS_PER_WEEK, PartialDate

_TICK_STEPS_DAYS = (7, 14, 28, 60, 90, 180, 360, 720, 1800, 3600)
_MOST_TICKS = 11
_MARGIN_SHARE = 0.03
_LEAST_MARGIN_DAYS = 10
_WEEKS_BETWEEN_ROWS = 4


@dataclass(frozen=True, slots=True)
class DrawnBand:
    """A level band on the calendar, week by week from its `first` day; NRS points to one decimal."""

    first: str
    day: tuple[int, ...]
    low95: tuple[float, ...]
    low80: tuple[float, ...]
    high80: tuple[float, ...]
    high95: tuple[float, ...]

    def ranges(self, day: int) -> tuple[str, str]:
        """Write the 80 % and the 95 % range of a day; empty where the band has no such day."""
        if day not in self.day:
            return "", ""
        at = self.day.index(day)
        return (
            f"{number(self.low80[at])}–{number(self.high80[at])}",
            f"{number(self.low95[at])}–{number(self.high95[at])}",
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled day, or span of days, on the calendar."""

    first: str
    last: str
    label: str


@dataclass(frozen=True, slots=True)
class BandRow:
    """The drawn bands on one day, as a table row."""

    on: str
    day: int
    expected80: str
    expected95: str
    own80: str
    own95: str


@dataclass(frozen=True, slots=True)
class CourseView:
    """Everything one course chart, its tables and its sentences need.

    `first` to `last` is what the calendar axis shows; `day_ticks` pairs a calendar
    day with its day since onset. `expected`, `own` and `ahead` are None where there is none. `events` and `phases` are
    drawn outside the bands.
    """

    key: str
    title: str
    first: str
    last: str
    day_ticks: tuple[tuple[str, str], ...]
    onset: Mark | None
    as_of: Mark | None
    closed: Mark | None
    expected: DrawnBand | None
    own: DrawnBand | None
    points: tuple[ScorePoint, ...]
    counts: str
    answer: CourseAnswerText
    evidence: str
    remarks: tuple[str, ...]
    flags: tuple[FlagRow, ...] = ()
    edema: EdemaText | None = None
    ahead: Ahead | None = None
    phases: tuple[DrawnPhase, ...] = ()
    events: EventStrip = NO_EVENTS

    @property
    def drawn_points(self) -> tuple[ScorePoint, ...]:
        """The points that have a level, in order."""
        return tuple(point for point in self.points if point.level is not None)

    @property
    def band_rows(self) -> tuple[BandRow, ...]:
        """The drawn bands every four weeks, in the order they are drawn."""
        nothing = ("", "")
        longest = max(self.expected, self.own, key=lambda band: 0 if band is None else len(band.day))
        if longest is None:
            return ()
        start = date.fromisoformat(longest.first)
        return tuple(
            BandRow(
                (start + timedelta(days=day - longest.day[0])).isoformat(),
                day,
                *(self.expected.ranges(day) if self.expected else nothing),
                *(self.own.ranges(day) if self.own else nothing),
            )
            for day in longest.day[::_WEEKS_BETWEEN_ROWS]
        )


def course_views(view: PatientView, edition: Edition, sentences: Sentences) -> tuple[CourseView, ...]:
    """Make one course view per episode, and one per site that has scores but no episode.

    Every score of the patient is in exactly one of them: a score no episode claims
    is shown with the episode of its site that began last before it.
    """
    extra: dict[int, list[PainScore]] = {}
    homeless: dict[str, list[PainScore]] = {}
    for score in view.unclaimed_scores:
        home = _nearest_episode(view.episodes, score)
        if home is None:
            homeless.setdefault(score.site, []).append(score)
        else:
            extra.setdefault(home.episode.episode_id, []).append(score)
    of_episodes = (
        _episode_view(view, episode, extra.get(episode.episode.episode_id, []), edition, sentences)
        for episode in view.episodes
    )
    of_sites = (_site_view(view, site, homeless[site], sentences) for site in sorted(homeless))
    return (*of_episodes, *of_sites)


def _nearest_episode(episodes: tuple[EpisodeView, ...], score: PainScore) -> EpisodeView | None:
    same_site = [episode for episode in episodes if episode.episode.site == score.site]
    begun = [
        (episode.day_zero, -place_in_list, episode)
        for place_in_list, episode in enumerate(same_site)
        if episode.day_zero is not None and episode.day_zero <= score.visit_date.middle
    ]
    if begun:
        return max(begun, key=lambda found: found[:2])[2]
    return same_site[0] if same_site else None


def _episode_view(
    view: PatientView, episode: EpisodeView, unclaimed: list[PainScore], edition: Edition, sentences: Sentences
) -> CourseView:
    points = score_points((*episode.scores, *unclaimed), episode, sentences)
    day_zero, own = episode.day_zero, episode.own_band
    first, last = _episode_span(view, episode, points, edition)
    return CourseView(
        key=f"course-{episode.episode.episode_id}",
        title=sentences.say("course", "title", site=capitalized(place(episode.episode.site))),
        first=first.isoformat(),
        last=last.isoformat(),
        day_ticks=() if day_zero is None else _day_ticks(day_zero, first, last),
        onset=_onset(episode.episode.onset, edition, sentences),
        as_of=_as_of(view, last, sentences),
        closed=_closed(episode.episode.closed_on, sentences),
        expected=None if day_zero is None else _drawn_band(episode.expected_band, day_zero, last),
        own=None if day_zero is None or own is None else _drawn_band(own, day_zero, last),
        points=points,
        counts=_counts((*episode.scores, *unclaimed), sentences),
        answer=course_answer(episode, edition, sentences),
        evidence=sentences.say("course", "evidence", strength=evidence_strength(edition, sentences)),
        remarks=(episode.choice, *_remarks(view, points, last, sentences)),
        flags=flag_rows(episode, edition, sentences),
        edema=edema_text(episode, edition, sentences),
        ahead=ahead_of(episode, as_of=view.provenance.as_of, last=last, sentences=sentences),
        phases=drawn_phases(episode, first=first, last=last, sentences=sentences),
        events=event_strip(view, episode.episode.site, first=first, last=last, sentences=sentences),
    )


def _site_view(view: PatientView, site: str, scores: list[PainScore], sentences: Sentences) -> CourseView:
    points = score_points(scores, None, sentences)
    days = _days_of(points)
    as_of = view.provenance.as_of
    is_near = as_of <= max(days) + timedelta(days=_TICK_STEPS_DAYS[-1])
    first, last = _with_margin([*days, as_of] if is_near else days)
    return CourseView(
        key=f"scores-{site}",
        title=sentences.say("course", "title_without_episode", site=capitalized(place(site))),
        first=first.isoformat(),
        last=last.isoformat(),
        day_ticks=(),
        onset=None,
        as_of=_as_of(view, last, sentences),
        closed=None,
        expected=None,
        own=None,
        points=points,
        counts=_counts(scores, sentences),
        answer=no_course_answer(view.record.patient_code, site, sentences),
        evidence="",
        remarks=_remarks(view, points, last, sentences),
    )


def _days_of(points: Iterable[ScorePoint]) -> list[date]:
    return [date.fromisoformat(day) for point in points for day in (point.first, point.last)]


def _with_margin(days: list[date]) -> tuple[date, date]:
    margin = timedelta(days=max(round((max(days) - min(days)).days * _MARGIN_SHARE), _LEAST_MARGIN_DAYS))
    return min(days) - margin, max(days) + margin


def _episode_span(
    view: PatientView, episode: EpisodeView, points: tuple[ScorePoint, ...], edition: Edition
) -> tuple[date, date]:
    """Choose the days shown: every visit, the onset, and the expected band until it has faded.

    The as-of day is shown while the expected course still reaches it; years later
    it would only squeeze everything else.
    """
    days, as_of, day_zero, band = _days_of(points), view.provenance.as_of, episode.day_zero, episode.expected_band
    if day_zero is None:
        return _with_margin([*days, as_of])
    days += [day_zero, day_zero + timedelta(days=_faded_on(band, edition.value("resolved_nrs")))]
    days += [stated.last for stated in (episode.episode.onset, episode.episode.closed_on) if stated is not None]
    if as_of <= day_zero + timedelta(days=band.day[-1]):
        days.append(as_of)
    return _with_margin(days)


def _faded_on(band: LevelBand, resolved_nrs: float) -> int:
    """Give the first day from which the 80 % band stays at or below the resolved level, or its last day."""
    above = [at for at, high in enumerate(band.high80) if high > resolved_nrs]
    return band.day[min(above[-1] + 1, len(band.day) - 1)] if above else band.day[-1]


def _drawn_band(band: LevelBand, day_zero: date, last: date) -> DrawnBand:
    """Put a band on the calendar by weeks, to the first week that is not shown any more or the band's end."""
    until = min((last - day_zero).days + DAYS_PER_WEEK, band.day[-1])
    days = tuple(range(band.day[0], until + 1, DAYS_PER_WEEK))
    edges = [edge for edge in (band_edges(band, day) for day in days) if edge is not None]
    return DrawnBand(
        first=(day_zero + timedelta(days=days[0])).isoformat(),
        day=days,
        low95=tuple(round(edge.low95, 1) for edge in edges),
        low80=tuple(round(edge.low80, 1) for edge in edges),
        high80=tuple(round(edge.high80, 1) for edge in edges),
        high95=tuple(round(edge.high95, 1) for edge in edges),
    )


def _day_ticks(day_zero: date, first: date, last: date) -> tuple[tuple[str, str], ...]:
    """Choose round days since onset to label, few enough not to touch."""
    from_day, to_day = (first - day_zero).days, (last - day_zero).days
    step = next((s for s in _TICK_STEPS_DAYS if (to_day - from_day) / s <= _MOST_TICKS), _TICK_STEPS_DAYS[-1])
    ticks = range(-(-from_day // step) * step, to_day + 1, step)
    return tuple(((day_zero + timedelta(days=day)).isoformat(), str(day)) for day in ticks)


def _onset(onset: PartialDate | None, edition: Edition, sentences: Sentences) -> Mark | None:
    if onset is None:
        return None
    about = timedelta(days=round(edition.value("about_date_half_width_days")) if onset.precision == "about" else 0)
    label = sentences.say("course", "onset", written=onset)
    return Mark((onset.first - about).isoformat(), (onset.last + about).isoformat(), label)


def _as_of(view: PatientView, last: date, sentences: Sentences) -> Mark | None:
    day = view.provenance.as_of
    if day > last:
        return None
    return Mark(day.isoformat(), day.isoformat(), sentences.say("course", "as_of", day=day.isoformat()))


def _closed(closed_on: PartialDate | None, sentences: Sentences) -> Mark | None:
    if closed_on is None:
        return None
    label = sentences.say("course", "closed", written=closed_on)
    return Mark(closed_on.first.isoformat(), closed_on.last.isoformat(), label)


def _counts(scores: Iterable[PainScore], sentences: Sentences) -> str:
    recorded = list(scores)
    missing = [score.missing_reason for score in recorded if score.score is None]
    return sentences.counts("course", recorded=len(recorded), reasons=missing)


def _remarks(view: PatientView, points: tuple[ScorePoint, ...], last: date, sentences: Sentences) -> tuple[str, ...]:
    """Explain the marks that this chart uses, and what it cannot show."""
    remarks = []
    if any(point.first != point.last for point in points):
        remarks.append(sentences.say("course", "date_bar"))
    if any(point.is_surprising for point in points):
        remarks.append(sentences.say("course", "surprising_mark"))
    if any(count > 1 for count in places(points).values()):
        remarks.append(sentences.say("course", "together_mark"))
    if view.provenance.as_of > last:
        remarks.append(sentences.say("course", "as_of_outside", day=view.provenance.as_of.isoformat()))
    return tuple(remarks)
