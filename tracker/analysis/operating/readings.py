"""What is read from one simulated follow-up: a look at every visit, and the resolution day at the end and before.

Beside each answer stands that of something simpler: the *constant course*, which gives every patient the
reference's resolution day and looks at no score, and the *rules of thumb*, which count what a clinician might
call atypical in the scores without any model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES, EXPECTED
from tracker.analysis.flags.looks import Look
from tracker.analysis.library import CourseLibrary
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.operating.follow_ups import FollowUp
from tracker.analysis.operating.quick_looks import LibraryTable, quick_looks, weighted_courses
from tracker.analysis.operating.thumb import rules_that_hold
from tracker.analysis.weights import WeightedCourses, reference_courses, weighted_quantiles
from tracker.clinical.reference import Edition
from tracker.dates import DAYS_PER_MONTH

FULL = "full"
_QUANTILES = np.array([0.5, 0.025, 0.975])


@dataclass(frozen=True, slots=True)
class Forecast:
    """A resolution day as answered (days since day 0: median and 95 % interval) against the true one.

    `crps_days` is the continuous ranked probability score of the whole distribution: the mean absolute error of a
    distribution, 0 for one that is sure and right.
    """

    median: float
    low95: float
    high95: float
    crps_days: float
    truth: float

    @property
    def is_inside(self) -> bool:
        """Whether the 95 % interval holds the truth."""
        return self.low95 <= self.truth <= self.high95


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one follow-up.

    `departure_day` is from when the course is truly different, `first_visit_day` the first visit from then on
    (days since day 0, infinite for none). `forecasts`, for typical courses only, are by cut: `FULL` or the name of
    the cut's number; a cut before a course can be read, and a resolution too improbable to give a day for, are
    missing. `constant_forecast` is that of the constant course. `n_thumb_rules` counts the rules of thumb that hold.
    """

    kind: str
    n_visits: int
    departure_day: float
    first_visit_day: float
    looks: tuple[Look, ...]
    forecasts: Mapping[str, Forecast]
    constant_forecast: Forecast | None
    n_thumb_rules: int

    @property
    def p_atypical(self) -> float:
        """Give the probability of all classes but the expected one at the last look; 0 without a look."""
        return 1 - self.looks[-1].class_probabilities[CLASS_NAMES.index(EXPECTED)] if self.looks else 0.0


def read_follow_up(follow_up: FollowUp, *, table: LibraryTable, habits: Edition) -> Reading:
    """Look at a follow-up at every visit, as the flags do."""
    library = table.library
    looks = list(quick_looks(follow_up.observations, follow_up.onset, table=table))
    cuts = {FULL: inf} | {name: habits.value(name) for name in ("cut_early_days", "cut_middle_days")}
    forecasts: dict[str, Forecast] = {}
    for name, until in cuts.items() if follow_up.course.is_typical else ():
        seen = [weights for look, weights in looks if look.day <= until]
        if seen:
            newest = weighted_courses(seen[-1], follow_up.onset, library)
            forecast = _forecast(newest, follow_up.resolution_day, library.edition)
            if forecast is not None:
                forecasts[name] = forecast
    constant = constant_forecast(follow_up.onset, follow_up.resolution_day, library) if forecasts else None
    days = np.array(follow_up.observations.distinct_days())
    later = days[days >= follow_up.departure_day]
    return Reading(
        kind=follow_up.course.kind,
        n_visits=len(days),
        departure_day=follow_up.departure_day,
        first_visit_day=float(later[0]) if later.size else inf,
        looks=tuple(look for look, _ in looks),
        forecasts=forecasts,
        constant_forecast=constant,
        n_thumb_rules=len(rules_that_hold(follow_up.observations, habits)),
    )


def constant_forecast(onset: OnsetStatement, truth: float, library: CourseLibrary) -> Forecast:
    """Give every patient the resolution day of the reference."""
    reference = reference_courses(library, onset)
    return judged(reference.resolution_day(), reference.weights, truth)


def judged(values: NDArray[np.float32], weights: NDArray[np.float64], truth: float) -> Forecast:
    """Judge a weighted sample of days, shape (n,), the weights summing to 1, by the true day."""
    median, low95, high95 = weighted_quantiles(values, weights, _QUANTILES).tolist()
    return Forecast(median, low95, high95, crps(values, weights, truth), truth)


def crps(values: NDArray[np.float32], weights: NDArray[np.float64], truth: float) -> float:
    """Give the continuous ranked probability score of a weighted sample, in the unit of `values`.

    The integral over all days of (share of the sample up to the day - 1 from the truth on)**2.

    References
    ----------
    .. [1] Gneiting T, Raftery AE, Strictly proper scoring rules, prediction, and estimation, J Am Stat Assoc
       2007;102:359-378. doi:10.1198/016214506000001437
    """
    ends = np.append(values, np.float32(truth)).astype(np.float64)
    order = np.argsort(ends, kind="stable")
    ends, reached = ends[order], np.cumsum(np.append(weights, 0.0)[order])
    return float(np.sum((reached[:-1] - (ends[:-1] >= np.float32(truth))) ** 2 * np.diff(ends)))


def _forecast(weighted: WeightedCourses, truth: float, edition: Edition) -> Forecast | None:
    """Answer as a fit does: over the courses that resolve in time and without relapse, if they are probable enough."""
    resolves = weighted.resolves_plainly(edition.value("horizon_months") * DAYS_PER_MONTH)
    share = weighted.probability(resolves)
    if share < edition.value("resolution_least_probability"):
        return None
    return judged(weighted.resolution_day()[resolves], weighted.weights[resolves] / share, truth)
