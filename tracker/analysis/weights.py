"""Courses with weights: what a vote of the library, or the library itself, says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES, EXPECTED, RELAPSE
from tracker.analysis.courses import Courses
from tracker.analysis.library import CourseLibrary
from tracker.analysis.likelihood import LEVEL_STEPS_PER_POINT, N_LEVELS, level_index
from tracker.analysis.observations import OnsetStatement
from tracker.clinical.vocabulary import Phase

LevelsByDay = Mapping[int, NDArray[np.uint8]]
"""The quantised level of each of n courses on some days since day 0, each of shape (n,)."""

NEGLIGIBLE_LOG_WEIGHT = 14.0
"""How far below the heaviest course one is left out: at a millionth of its weight."""

_PHASES = tuple(Phase)
_LEVELS_AT_ONCE = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class WeightedCourses:
    """Courses, each with its onset (days since day 0), its class and its weight; the weights sum to 1.

    `onset_days`, `class_place` (place in the table of classes) and `weights` have shape (n,), like every field of
    `courses`. `refined` says that some were drawn for these scores and are not of the library. `seen_levels` are
    their levels on days they were already worked out for.
    """

    courses: Courses
    onset_days: NDArray[np.float32]
    class_place: NDArray[np.int8]
    weights: NDArray[np.float64]
    refined: bool = False
    seen_levels: LevelsByDay = field(default_factory=dict)

    def level_indices(self, day: int) -> NDArray[np.uint8]:
        """Give each course's quantised level on a day since day 0, shape (n,)."""
        seen = self.seen_levels.get(day)
        return level_index(self.courses.levels(day - self.onset_days)) if seen is None else seen

    def level_indices_by_day(self, days: Sequence[int]) -> Iterator[NDArray[np.uint8]]:
        """Give `level_indices` of one day after the other: many small arrays cost less when worked out together."""
        n_at_once = max(_LEVELS_AT_ONCE // len(self.onset_days), 1)
        for first in range(0, len(days), n_at_once):
            block = np.array(days[first : first + n_at_once], dtype=np.float32)
            yield from level_index(self.courses.levels(block[:, None] - self.onset_days))

    def unknowns(self) -> dict[str, NDArray[np.float32]]:
        """Give the reported unknowns by name, each shape (n,); days since day 0, lengths, NRS points."""
        return {
            "onset_day": self.onset_days,
            "rise_days": self.courses.rise_days,
            "plateau_days": self.courses.plateau_days,
            "regression_days": self.courses.regression_days,
            "peak_nrs": self.courses.peak_nrs,
            "residual_nrs": self.courses.residual_nrs,
        }

    def resolution_day(self) -> NDArray[np.float32]:
        """Give the day since day 0 on which each course is over for good, shape (n,); infinite for never."""
        return self.onset_days + self.courses.resolution_days

    def resolves_plainly(self, horizon_days: float) -> NDArray[np.bool_]:
        """Say which courses resolve within so many days of their onset and without relapse, shape (n,)."""
        return resolves_plainly(self.courses, self.class_place, horizon_days)

    def probability(self, claim: NDArray[np.bool_]) -> float:
        """Give the weight of the courses a claim holds for."""
        return min(float(self.weights[claim].sum()), 1.0)

    def thinned(self, n_courses: int) -> WeightedCourses:
        """Give `n_courses` of equal weight, by systematic resampling; itself where it has no more than that."""
        if len(self.weights) <= n_courses:
            return self
        wanted = (np.arange(n_courses) + 0.5) / n_courses
        chosen = np.minimum(np.searchsorted(np.cumsum(self.weights), wanted), len(self.weights) - 1)
        return WeightedCourses(
            courses=self.courses.taken(chosen),
            onset_days=self.onset_days[chosen],
            class_place=self.class_place[chosen],
            weights=np.full(n_courses, 1 / n_courses),
            refined=self.refined,
        )

    def class_probabilities(self) -> dict[str, float]:
        """Give the probability of each class, in the order of their table; they sum to 1."""
        mass = np.bincount(self.class_place, weights=self.weights, minlength=len(CLASS_NAMES))
        return dict(zip(CLASS_NAMES, mass.tolist(), strict=True))

    def effective_sample_size(self) -> float:
        """Give the number of equally weighted courses that would say as much."""
        return float(1 / np.sum(self.weights**2))

    def phases(self, day: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """Give each course's phase on a day, as its place in `Phase`, and the days since that phase began, shape (n,).

        Before the onset the days are infinite.
        """
        since_onset = day - self.onset_days
        place = np.zeros(len(since_onset), dtype=np.int8)
        began = np.full(len(since_onset), -np.inf, dtype=np.float32)
        for phase, start in self.courses.phase_starts():
            reached = since_onset >= start
            place[reached] = _PHASES.index(phase)
            began[reached] = start[reached]
        return place, since_onset - began

    def phase_probabilities(self, day: int) -> dict[Phase, float]:
        """Give the probability of each phase on a day since day 0; they sum to 1."""
        return dict(zip(_PHASES, self.phase_shares([day])[0].tolist(), strict=True))

    def phase_shares(self, days: Sequence[int]) -> NDArray[np.float64]:
        """Give the probability of each phase on k days, in the order of `Phase`, shape (k, phases)."""
        since_onset = np.array(days, dtype=np.float32)[:, None] - self.onset_days
        place = np.zeros(since_onset.shape, dtype=np.int8)
        for phase, start in self.courses.phase_starts():
            np.copyto(place, np.int8(_PHASES.index(phase)), where=since_onset >= start)
        return np.stack([np.bincount(one, self.weights, len(_PHASES)) for one in place])

    def level_quantiles(self, days: Sequence[int], quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give quantiles of the level on k days: to a twentieth of a point, shape (k, q)."""
        masses = (np.bincount(at, weights=self.weights, minlength=N_LEVELS) for at in self.level_indices_by_day(days))
        return np.stack([np.searchsorted(np.cumsum(mass), quantiles) for mass in masses]) / LEVEL_STEPS_PER_POINT


def resolves_plainly(courses: Courses, class_place: NDArray[np.int8], horizon_days: float) -> NDArray[np.bool_]:
    """Say which courses resolve within so many days of their onset and without relapse, shape (n,)."""
    in_time = courses.resolution_days <= horizon_days
    plainly: NDArray[np.bool_] = in_time & (class_place != CLASS_NAMES.index(RELAPSE))
    return plainly


def reference_courses(
    library: CourseLibrary, onset: OnsetStatement, *, n_courses: int | None = None
) -> WeightedCourses:
    """Give what the reference says before any visit: the first `n_courses` (default all) expected ones, alike."""
    expected = library.of_class(CLASS_NAMES.index(EXPECTED))
    chosen = slice(expected.start, expected.stop if n_courses is None else min(n_courses, expected.stop))
    onset_days = library.onset_days(onset)[chosen]
    return WeightedCourses(
        courses=library.courses.taken(chosen),
        onset_days=onset_days,
        class_place=library.class_place[chosen],
        weights=np.full(len(onset_days), 1 / len(onset_days)),
    )


def weighted_quantiles(
    values: NDArray[np.float32], weights: NDArray[np.float64], quantiles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give quantiles of a weighted sample: the smallest value that reaches each.

    Nothing is interpolated, so that values of no weight change nothing.

    Parameters
    ----------
    values : ndarray of float32, shape (n,)
        In any order.
    weights : ndarray of float64, shape (n,)
        Not negative, sum 1.
    quantiles : ndarray of float64, shape (q,)
        Between 0 and 1.

    Returns
    -------
    ndarray of float64, shape (q,)
        In the unit of `values`.
    """
    order = np.argsort(values)
    reached = np.searchsorted(np.cumsum(weights[order]), quantiles)
    return values[order[np.minimum(reached, len(order) - 1)]].astype(np.float64)


def even_quantiles(values: NDArray[np.float32], quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give `weighted_quantiles` of values that all weigh the same."""
    reached = np.ceil(quantiles * len(values)).astype(np.intp) - 1
    return np.sort(values)[np.maximum(reached, 0)].astype(np.float64)
