"""Scores against many courses at once: how well each explains them, and which score no course explains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.courses import Courses
from tracker.analysis.likelihood import ScoreNoise, gross_error_probability, level_index, score_probabilities
from tracker.analysis.observations import Observations
from tracker.analysis.weights import WeightedCourses
from tracker.clinical.vocabulary import Instrument


def log_likelihoods(
    observations: Observations, courses: Courses, onset_days: NDArray[np.float32], noise: ScoreNoise
) -> NDArray[np.float64]:
    """Give the logarithm of P(all scores | course) of each course, shape (n,).

    Notes
    -----
    The courses are evaluated on the distinct visit days only: O(courses x days).
    """
    found = np.zeros(len(onset_days))
    for day, scores in _by_day(observations).items():
        table = sum(np.log(score_probabilities(instrument, score, noise)) for instrument, score in scores)
        found += np.take(table, level_index(courses.levels(day - onset_days)))
    return found


def gross_error_probabilities(
    observations: Observations, weighted: WeightedCourses, noise: ScoreNoise
) -> dict[int, float]:
    """Give, per visit day, the highest probability that a score of it is a gross error."""
    found: dict[int, float] = {}
    for day, scores in _by_day(observations).items():
        indices = weighted.level_indices(day)
        shares = (
            gross_error_probability(instrument, noise) / score_probabilities(instrument, score, noise)
            for instrument, score in scores
        )
        found[day] = max(float(weighted.weights @ np.take(share, indices)) for share in shares)
    return found


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
