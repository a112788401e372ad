"""The vote: every course of the library weighted by how well it explains the scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.courses import Courses
from tracker.analysis.library import CourseLibrary
from tracker.analysis.likelihood import (
    LEVEL_STEPS_PER_POINT,
    N_LEVELS,
    ScoreNoise,
    gross_error_probability,
    level_index,
    score_probabilities,
)
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.clinical.vocabulary import Instrument, Phase

_NEGLIGIBLE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class WeightedCourses:
    """Courses, each with its onset (days since day 0) and its weight; the weights sum to 1.

    `onset_days` and `weights` have shape (n,), like every field of `courses`.
    """

    courses: Courses
    onset_days: NDArray[np.float32]
    weights: NDArray[np.float64]

    def level_indices(self, day: int) -> NDArray[np.intp]:
        """Give each course's quantised level on a day since day 0, shape (n,)."""
        return level_index(self.courses.levels(day - self.onset_days))

    def unknowns(self) -> dict[str, NDArray[np.float32]]:
        """Give the reported unknowns by name, each shape (n,); days since day 0, lengths, NRS points."""
        return {
            "onset_day": self.onset_days,
            "rise_days": self.courses.rise_days,
            "plateau_days": self.courses.plateau_days,
            "regression_days": self.courses.regression_days,
            "peak_nrs": self.courses.peak_nrs,
            "residual_nrs": self.courses.residual_nrs,
            "resolution_day": self.onset_days + self.courses.resolution_days,
        }

    def effective_sample_size(self) -> float:
        """Give the number of equally weighted courses that would say as much."""
        return float(1 / np.sum(self.weights**2))

    def phase_probabilities(self, day: int) -> dict[Phase, float]:
        """Give the probability of each phase on a day since day 0; they sum to 1."""
        since_onset = day - self.onset_days
        plateau_end = self.courses.rise_days + self.courses.plateau_days
        starts = (0, self.courses.rise_days, plateau_end, self.courses.resolution_days)
        reached = [1.0, *(float(self.weights @ (since_onset >= start)) for start in starts), 0.0]
        return {phase: max(reached[place] - reached[place + 1], 0.0) for place, phase in enumerate(Phase)}

    def level_quantiles(self, day: int, quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give quantiles of the level on a day: to a twentieth of a point, shape of `quantiles`."""
        mass = np.bincount(self.level_indices(day), weights=self.weights, minlength=N_LEVELS)
        return np.searchsorted(np.cumsum(mass), quantiles) / LEVEL_STEPS_PER_POINT


def reference_courses(
    library: CourseLibrary, onset: OnsetStatement, *, n_courses: int | None = None
) -> WeightedCourses:
    """Give what is believed before any visit: the first `n_courses` (default all), weighted alike."""
    chosen = slice(n_courses)
    onset_days = library.onset_days(onset)[chosen]
    return WeightedCourses(library.courses.taken(chosen), onset_days, np.full(len(onset_days), 1 / len(onset_days)))


def weigh_courses(observations: Observations, onset: OnsetStatement, *, library: CourseLibrary) -> WeightedCourses:
    """Weigh the library by the likelihood of all observations.

    Courses lighter than a millionth of the mean weight are left out: together they
    hold less than a millionth of the probability.

    Parameters
    ----------
    observations : Observations
        Any number of scores; none gives the reference back.
    onset : OnsetStatement
        How well the onset is known.
    library : CourseLibrary
        The prior draws.

    Returns
    -------
    WeightedCourses
        The courses that matter, in library order.

    Notes
    -----
    The library is evaluated on the distinct visit days only: O(courses x days).
    """
    noise = ScoreNoise.of_edition(library.edition)
    reference = reference_courses(library, onset)
    log_weights = np.zeros(library.n_courses)
    for day, scores in _by_day(observations).items():
        table = sum(np.log(score_probabilities(instrument, score, noise)) for instrument, score in scores)
        log_weights += np.take(table, reference.level_indices(day))
    weights = np.exp(log_weights - log_weights.max())
    kept = np.flatnonzero(weights > _NEGLIGIBLE * weights.mean())
    return WeightedCourses(
        courses=reference.courses.taken(kept),
        onset_days=reference.onset_days[kept],
        weights=weights[kept] / weights[kept].sum(),
    )


def gross_error_probabilities(
    observations: Observations, weighted: WeightedCourses, *, library: CourseLibrary
) -> dict[int, float]:
    """Give, per visit day, the highest probability that a score of it is a gross error."""
    noise = ScoreNoise.of_edition(library.edition)
    found: dict[int, float] = {}
    for day, scores in _by_day(observations).items():
        indices = weighted.level_indices(day)
        shares = (
            gross_error_probability(instrument, noise) / score_probabilities(instrument, score, noise)
            for instrument, score in scores
        )
        found[day] = max(float(weighted.weights @ np.take(share, indices)) for share in shares)
    return found


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
    order = np.argsort(values, kind="stable")
    reached = np.searchsorted(np.cumsum(weights[order]), quantiles)
    return values[order[np.minimum(reached, len(order) - 1)]].astype(np.float64)


def weighted_spread(values: NDArray[np.float32], weights: NDArray[np.float64]) -> float:
    """Give the standard deviation of a weighted sample, in the unit of `values`."""
    exact = values.astype(np.float64)
    middle = weights @ exact
    return float(np.sqrt(weights @ (exact - middle) ** 2))


def _by_day(observations: Observations) -> dict[int, list[tuple[Instrument, int]]]:
    """Group the scores by day, days and scores ascending so that the order of entry never matters."""
    rows = sorted(
        zip(
            observations.day.tolist(),
            map(str, observations.instrument),
            map(int, observations.score.tolist()),
            strict=True,
        )
    )
    grouped: dict[int, list[tuple[Instrument, int]]] = {}
    for day, instrument, score in rows:
        grouped.setdefault(day, []).append((Instrument(instrument), score))
    return grouped
