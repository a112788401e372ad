"""Where the next score should be, given the visits so far: the conditional band.

The band of a course says where the *level* runs; a score scatters about it. So the band of the next score is
wider, made of whole scores, and begins only after the last visit that was read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.likelihood import N_LEVELS, ScoreNoise, score_probabilities
from tracker.analysis.observations import HIGHEST_SCORE
from tracker.analysis.weights import WeightedCourses
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK

_QUANTILES = np.array([0.025, 0.1, 0.9, 0.975])
_N_COURSES = 1 << 11
# Far beyond rounding, far below any probability that is told apart.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class NextScores:
    """Quantiles of one more score on days after the last one read, were it taken on that day and nothing seen between.

    Scores are whole and in the unit of `instrument`; each tuple has one entry per day (since day 0) in `day`.
    A score from `low80` to `high80` is at least 80 % probable, one from `low95` to `high95` at least 95 %.
    """

    instrument: Instrument
    day: tuple[int, ...]
    low95: tuple[int, ...]
    low80: tuple[int, ...]
    high80: tuple[int, ...]
    high95: tuple[int, ...]


def next_scores(weighted: WeightedCourses, *, last_day: int, instrument: Instrument, edition: Edition) -> NextScores:
    """Give the band of the next score, from the day after the last one, then weekly, to the edition's horizon of it.

    Parameters
    ----------
    weighted : WeightedCourses
        The vote of all scores up to `last_day`, and of none after.
    last_day : int
        The day of the last score that was read, since day 0.
    instrument : Instrument
        What the next score is taken with.
    edition : Edition
        The cited numbers: noise of a score, gross errors, and how far ahead the next visit is looked for.

    Notes
    -----
    P(score on a day) is the weighted mean of P(score | level of a course on that day), the table that the vote itself
    is made with; gross errors are in it. From at most 2048 courses, by systematic resampling.
    """
    few = weighted.thinned(_N_COURSES)
    furthest = last_day + round(edition.value("next_visit_horizon_months") * DAYS_PER_MONTH)
    days = tuple(range(last_day + 1, furthest + 1, DAYS_PER_WEEK))
    table = _score_table(instrument, ScoreNoise.of_edition(edition))
    masses = (np.bincount(at, weights=few.weights, minlength=N_LEVELS) for at in few.level_indices_by_day(days))
    quantiles = np.array([score_quantiles(table @ mass) for mass in masses])
    low95, low80, high80, high95 = (tuple(column) for column in quantiles.T.tolist())
    return NextScores(instrument, days, low95, low80, high80, high95)


def score_quantiles(probabilities: NDArray[np.float64]) -> NDArray[np.intp]:
    """Give the smallest score that reaches each quantile of the band, shape (4,).

    Parameters
    ----------
    probabilities : ndarray of float64, shape (s,)
        Of each score of a scale from 0; their sum is 1.
    """
    return np.searchsorted(np.cumsum(probabilities), _QUANTILES - _ROUNDING)


def _score_table(instrument: Instrument, noise: ScoreNoise) -> NDArray[np.float64]:
    """Give P(score | level) of an instrument, shape (11, 201) or (101, 201)."""
    return np.stack([score_probabilities(instrument, score, noise) for score in range(HIGHEST_SCORE[instrument] + 1)])
