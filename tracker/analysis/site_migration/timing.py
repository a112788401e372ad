"""When an episode began and ended, as distributions over calendar days.

A start is the stated onset span with the error of recall, and as the scores read it where there
is a course. An end is the closing date as stated; without one, the day on which the course is over for good;
without a course that resembles a known one, nothing. Days are ordinals of the calendar (`date.toordinal`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.episode_days import observations_since, onset_statement
from tracker.analysis.library import CourseLibrary
from tracker.analysis.results import CourseFit
from tracker.analysis.site_migration.results import (
    DateInterval,
    DayInterval,
    EndKnown,
    EpisodeSpan,
    OldState,
)
from tracker.analysis.views import EpisodeView
from tracker.analysis.vote import weigh_courses
from tracker.analysis.weights import WeightedCourses, reference_courses, weighted_quantiles
from tracker.clinical.record import Episode
from tracker.clinical.vocabulary import Phase
from tracker.dates import PartialDate

Days = NDArray[np.float64]

N_POINTS = 1 << 8
_N_COURSES = 1 << 11
_PHASES = tuple(Phase)
_CLEARING = [_PHASES.index(phase) for phase in (Phase.REGRESSION, Phase.RESOLVED)]
_RESOLVED = _PHASES.index(Phase.RESOLVED)
_INTERVAL = [0.5, 0.025, 0.975]


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """One episode's start and end, and how far it was on any day.

    `starts` are ascending, with their `weights`, both shape (n,). `courses` are at most 2048 of what the scores say,
    None where they say nothing, and `ends` equally probable days on which they are over, infinite for never.
    `closed` are the possible closing days, all alike, None while it is open. `reference_ends` are the
    ends expected of this onset before any score. `day_zero` is the ordinal that the days of `courses` count from.
    """

    episode: Episode
    day_zero: int
    starts: Days
    weights: Days
    courses: WeightedCourses | None
    ends: Days | None
    closed: Days | None
    reference_ends: Days

    @property
    def end_from(self) -> EndKnown:
        """Where the end is taken from."""
        if self.closed is not None:
            return EndKnown.CLOSING
        return EndKnown.UNKNOWN if self.courses is None else EndKnown.COURSE

    def start_points(self) -> Days:
        """Give equally probable starts, ascending, shape (256,)."""
        reached = np.searchsorted(np.cumsum(self.weights), _levels())
        return self.starts[np.minimum(reached, len(self.starts) - 1)]

    def end_points(self) -> Days | None:
        """Give equally probable ends, ascending, shape (256,); None where unknown."""
        return self.ends if self.closed is None else self.closed

    def p_begun_before(self, day: float) -> float:
        """Give the probability that it began before a day."""
        return float(self.weights[: np.searchsorted(self.starts, day)].sum())

    def states_before(self, day: float, *, apart_days: float) -> dict[OldState, float]:
        """Give the probability that it began more than `apart_days` before a day, by its state on that day."""
        if self.courses is None:
            begun = self.p_begun_before(day - apart_days)
            resolved = 0.0 if self.closed is None else begun * float(np.mean(self.closed <= day))
            return {OldState.RESOLVED: resolved, OldState.UNKNOWN: begun - resolved}
        begun, clearing, resolved = self._course_before(self.courses, day - apart_days, day)
        if self.closed is not None:
            is_closed = float(np.mean(self.closed <= day))
            clearing, resolved = begun * is_closed + clearing * (1 - is_closed), begun * is_closed
        return {
            OldState.ACTIVE: begun - clearing,
            OldState.REGRESSING: clearing - resolved,
            OldState.RESOLVED: resolved,
        }

    def _course_before(self, courses: WeightedCourses, last_start: float, day: float) -> tuple[float, float, float]:
        """Give the weight of the courses begun by then, of those among them that clear, and of those that are over."""
        begun = courses.weights * (self.day_zero + courses.onset_days < last_start)
        place, _ = courses.phases(round(day - self.day_zero))
        return float(begun.sum()), float(begun @ np.isin(place, _CLEARING)), float(begun @ (place == _RESOLVED))

    def reference_resolved(self, days: Days) -> float:
        """Give the share of expected courses that are over on these days, on average."""
        return float(np.mean(np.searchsorted(self.reference_ends, days, side="right") / len(self.reference_ends)))

    def span(self) -> EpisodeSpan:
        """Give start and end as intervals of the calendar."""
        ends = self.end_points()
        return EpisodeSpan(
            episode_id=self.episode.episode_id,
            site=self.episode.site,
            start=_dates(day_interval(self.start_points())),
            end=None if ends is None else _dates(day_interval(ends)),
            end_from=self.end_from,
        )


def episode_timing(view: EpisodeView, library: CourseLibrary) -> Timing | None:
    """Read when an episode began and ended; None where its onset is not known."""
    episode = view.episode
    if episode.onset is None:
        return None
    day_zero = episode.onset.first.toordinal()
    reference = reference_courses(library, onset_statement(episode.onset))
    courses = _courses(view, library)
    drawn = reference if courses is None else courses
    order = np.argsort(drawn.onset_days, kind="stable")
    return Timing(
        episode=episode,
        day_zero=day_zero,
        starts=day_zero + drawn.onset_days[order].astype(np.float64),
        weights=drawn.weights[order],
        courses=None if courses is None else courses.thinned(_N_COURSES),
        ends=None if courses is None else day_zero + _points(courses.resolution_day(), courses.weights),
        closed=None if episode.closed_on is None else _possible_days(episode.closed_on, library),
        reference_ends=np.sort(day_zero + reference.resolution_day().astype(np.float64)),
    )


def day_interval(days: Days) -> DayInterval:
    """Give the quantiles of equally probable days."""
    # Nothing is interpolated, so that a day that is never reached stays infinite.
    median, low, high = np.quantile(days, _INTERVAL, method="inverted_cdf").tolist()
    return DayInterval(median, low, high)


def _courses(view: EpisodeView, library: CourseLibrary) -> WeightedCourses | None:
    fit, episode = view.course, view.episode
    if not isinstance(fit, CourseFit) or not fit.resembles_known or episode.onset is None:
        return None
    day_zero = episode.onset.first
    fitted = [score for score in view.scores if score.row_id in view.fitted_row_ids]
    observations = observations_since(day_zero, fitted, until=day_zero + timedelta(days=fit.as_of_day))
    return weigh_courses(observations.until(fit.as_of_day), onset_statement(episode.onset), library=library)


def _possible_days(stated: PartialDate, library: CourseLibrary) -> Days:
    """Give equally probable days of a stated span, shape (256,)."""
    around = library.edition.value("about_date_half_width_days") if stated.precision == "about" else 0.0
    width = stated.span_days + 1 + 2 * around
    return stated.first.toordinal() - around + np.floor(_levels() * width)


def _points(values: NDArray[np.float32], weights: Days) -> Days:
    return weighted_quantiles(values, weights, _levels())


def _levels() -> Days:
    levels: Days = (np.arange(N_POINTS) + 0.5) / N_POINTS
    return levels


def _dates(days: DayInterval) -> DateInterval:
    return DateInterval(_date(days.median), _date(days.low95), _date(days.high95))


def _date(day: float) -> date | None:
    return date.fromordinal(round(day)) if day < date.max.toordinal() else None
