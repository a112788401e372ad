"""The edema that goes with each course of pain: it comes with the pain, and falls a lag later.

    edema extent on a day = seen + own * (highest level of the last `lag` days - resolved)

`seen` is the smallest extent that is called edema, `resolved` the resolution level of
pain, `own` what this patient has of edema per point above it: so edema is over, for good, exactly the lag after the
pain. Lag and own extent are two further coordinates of every course, independent of it.
Swings of the pain are left out: bone marrow does not follow them.

Both coordinates are an additive recurrence (Kronecker sequence) in the powers of the inverse plastic number, which
spread pairs of numbers most evenly; it needs no stored table, and goes on where the stored points end.

References
----------
.. [1] Niederreiter H, Random number generation and quasi-Monte Carlo methods, SIAM 1992, chapter 3.
   isbn:0-89871-295-5
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES, EXPECTED
from tracker.analysis.courses import PLAIN, Courses, day_of_level
from tracker.analysis.imaging.grades import GradeNoise, extent_index, grade_table
from tracker.analysis.library import CourseLibrary
from tracker.analysis.library_part import library_part
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.weights import WeightedCourses
from tracker.clinical.reference import Edition
from tracker.dates import DAYS_PER_MONTH

_PLASTIC = 1.32471795724474602596  # the real root of x**3 = x + 1
_N_STRATA = 1 << 9


Day = int | NDArray[np.int64]  # one day since day 0, or one for each course


@dataclass(frozen=True, slots=True, eq=False)
class EdemaCourses:
    """Weighted courses of pain, each with the edema behind it.

    `pain` holds the courses as they are, `calm` the same without their swings, `lag_days` the lag and `per_point` the
    patient's own percent of the bone per NRS point; shape (n,), like every field of `calm`.
    """

    pain: WeightedCourses
    calm: Courses
    lag_days: NDArray[np.float32]
    per_point: NDArray[np.float64]
    edition: Edition

    def edema_days(self, day: Day) -> NDArray[np.float32]:
        """Give the day since its onset of whose pain each course's edema still is, shape (n,)."""
        since_onset = day - self.pain.onset_days
        first = _held(since_onset, self.lag_days, self.calm.regression_start_days)
        second_peak = self.calm.second_start_days + self.calm.second_rise_days + self.calm.second_plateau_days
        second = _held(since_onset, self.lag_days, second_peak)
        # The second rise shows as soon as it is higher than what is left of the first.
        again = np.flatnonzero(second > self.calm.second_start_days)
        if again.size:
            calm = self.calm.taken(again)
            higher = calm.levels(second[again]) >= calm.levels(first[again])
            first[again[higher]] = second[again[higher]]
        return first

    def extents(self, day: Day) -> NDArray[np.float64]:
        """Give each course's edema in percent of the bone on a day since day 0, shape (n,); below 0 where none is near.

        Notes
        -----
        Of courses with one hump the highest level of the last days is the present one while pain rises, the peak while
        the regression is not a lag old, and the one a lag ago later.
        """
        above = self.calm.levels(self.edema_days(day)) - self.edition.value("resolved_nrs")
        found: NDArray[np.float64] = self.edition.value("edema_seen_percent") + self.per_point * above
        return found

    def grade_probabilities(self, day: Day) -> NDArray[np.float64]:
        """Give P(grade | course) of an MRI on a day since day 0, shape (4, n)."""
        found: NDArray[np.float64] = grade_table(GradeNoise.of_edition(self.edition))[
            :, extent_index(self.extents(day))
        ]
        return found

    def clear_day(self) -> NDArray[np.float32]:
        """Give the day since day 0 from which each course's edema is over for good, shape (n,); infinite for never."""
        found: NDArray[np.float32] = self.pain.onset_days + self.calm.resolution_days + self.lag_days
        return found

    def as_edema(self, day: int) -> WeightedCourses:
        """Give the courses with the clock of their edema on one day, so that its phases can be asked for."""
        return replace(self.pain, courses=self.calm, onset_days=day - self.edema_days(day))

    def weighed(self, weights: NDArray[np.float64]) -> EdemaCourses:
        """Give the same courses with other weights, which need not sum to 1."""
        return replace(self, pain=replace(self.pain, weights=weights / weights.sum()))

    def taken(self, chosen: NDArray[np.intp]) -> EdemaCourses:
        """Give the chosen courses of equal weight."""
        pain = WeightedCourses(
            courses=self.pain.courses.taken(chosen),
            onset_days=self.pain.onset_days[chosen],
            class_place=self.pain.class_place[chosen],
            weights=np.full(len(chosen), 1 / len(chosen)),
            refined=self.pain.refined,
        )
        return replace(
            self,
            pain=pain,
            calm=self.calm.taken(chosen),
            lag_days=self.lag_days[chosen],
            per_point=self.per_point[chosen],
        )


def with_edema(pain: WeightedCourses, places: NDArray[np.intp], edition: Edition) -> EdemaCourses:
    """Give each course the edema that its place in the sequence of lags and extents says, `places` of shape (n,)."""
    lag, own = ((places + 1) / _PLASTIC**power % 1 for power in (1, 2))
    return EdemaCourses(
        pain=pain,
        calm=_without_swings(pain.courses, edition),
        lag_days=_lag_days(lag, edition),
        per_point=_per_point(own, edition),
        edition=edition,
    )


def edema_library(library: CourseLibrary, onset: OnsetStatement) -> EdemaCourses:
    """Give the prior: a part of the library, every class with its share, each course with an edema."""
    chosen, prior = library_part(library)
    pain = WeightedCourses(
        courses=library.courses.taken(chosen),
        onset_days=library.onset_days(onset)[chosen],
        class_place=library.class_place[chosen],
        weights=prior,
    )
    return with_edema(pain, library.point[chosen], library.edition)


def expected_edema(prior: EdemaCourses) -> EdemaCourses:
    """Give what the reference says before any visit: the expected courses of the prior, alike."""
    return prior.taken(np.flatnonzero(prior.pain.class_place == CLASS_NAMES.index(EXPECTED)))


def _held(
    since_onset: NDArray[np.float32], lag_days: NDArray[np.float32], turn: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Hold the clock at the turn from rise to regression until the lag has passed."""
    held: NDArray[np.float32] = np.maximum(since_onset - lag_days, np.minimum(since_onset, turn))
    return held


def _without_swings(courses: Courses, edition: Edition) -> Courses:
    swinging = np.flatnonzero(courses.swing_share)
    if not swinging.size:
        return courses
    shape = {name: getattr(courses, name)[swinging].astype(np.float64) for name in _SHAPE_FIELDS}
    resolution = courses.resolution_days.copy()
    resolution[swinging] = day_of_level(shape, edition.value("resolved_nrs"))
    return replace(courses, swing_share=np.zeros_like(courses.swing_share), resolution_days=resolution)


_SHAPE_FIELDS = tuple(name for name in Courses.__dataclass_fields__ if name not in PLAIN and name != "resolution_days")
_SHAPE_FIELDS += ("regression_fast_share", "regression_slow_share")


def _lag_days(uniform: NDArray[np.float64], edition: Edition) -> NDArray[np.float32]:
    """Draw lags: triangular between the cited limits, most often the cited value."""
    (low, high), mode = edition.interval("edema_lag_months"), edition.value("edema_lag_months")
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    months = np.where(uniform < (mode - low) / (high - low), rising, falling)
    return (months * DAYS_PER_MONTH).astype(np.float32)


def _per_point(uniform: NDArray[np.float64], edition: Edition) -> NDArray[np.float64]:
    """Draw each patient's own edema per point: log-normal about the cited middle."""
    deviates = np.interp(uniform, *_normal_strata())
    spread = edition.value("edema_extent_spread")
    found: NDArray[np.float64] = edition.value("edema_percent_per_point") * np.exp(spread * deviates)
    return found


@cache
def _normal_strata() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the middles of equal strata of the unit interval, and their standard normal deviates."""
    strata = (np.arange(_N_STRATA) + 0.5) / _N_STRATA
    return strata, np.array([NormalDist().inv_cdf(stratum) for stratum in strata.tolist()])
