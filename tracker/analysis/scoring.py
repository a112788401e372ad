"""Scores against many courses at once: how well each explains them, and which score no course explains.

The scores of one day are one reading. What moves a score away from the level (the day, the mood, a misread line) is
shared by scores of the same day, and nobody has measured how much of it is not: so n of them count 1/n each. The
same score twice says no more than once, two different scores no more than one reading between them,
and their order never matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.courses import Courses
from tracker.analysis.library import CourseLibrary
from tracker.analysis.likelihood import N_LEVELS, ScoreNoise, gross_error_probability, level_index, score_probabilities
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.weights import LevelsByDay, WeightedCourses
from tracker.clinical.vocabulary import Instrument

_MOST_DAYS = 1 << 9  # 36 kB each


def levels_on(days: Iterable[int], courses: Courses, onset_days: NDArray[np.float32]) -> LevelsByDay:
    """Give the quantised levels of n courses on some days."""
    return {day: level_index(courses.levels(day - onset_days)) for day in days}


@lru_cache(maxsize=_MOST_DAYS)
def levels_of_library(library: CourseLibrary, onset: OnsetStatement, day: int) -> NDArray[np.uint8]:
    """Give the quantised level of every course of a library on a day, not to be written to.

    The patients of a clinic are scored on the same days after onsets that are known as well.
    """
    levels = levels_on([day], library.courses, library.onset_days(onset))[day]
    levels.flags.writeable = False
    return levels


def log_likelihoods(observations: Observations, levels: LevelsByDay, noise: ScoreNoise) -> NDArray[np.float64]:
    """Give the logarithm of P(all scores | course) of each course, shape (n,).

    Parameters
    ----------
    observations : Observations
        One score at least; those of one day are one reading.
    levels : mapping of int to ndarray of uint8, each shape (n,)
        The quantised levels of the courses on every day with a score, at least.
    noise : ScoreNoise
        What stands between level and score.
    """
    found = np.zeros(len(next(iter(levels.values()))))
    for day, scores in _by_day(observations).items():
        logs = np.log([score_probabilities(instrument, score, noise) for instrument, score in scores])
        found += logs.mean(axis=0)[levels[day]]
    return found


def gross_error_probabilities(
    observations: Observations, weighted: WeightedCourses, noise: ScoreNoise
) -> dict[int, float]:
    """Give, per visit day, the highest probability that a score of it is a gross error."""
    found: dict[int, float] = {}
    for day, scores in _by_day(observations).items():
        mass = np.bincount(weighted.level_indices(day), weights=weighted.weights, minlength=N_LEVELS)
        shares = (
            gross_error_probability(instrument, noise) / score_probabilities(instrument, score, noise)
            for instrument, score in scores
        )
        found[day] = max(float(mass @ share) for share in shares)
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
