"""What is kept of each episode's vote: a few arrays, filled by the compiled path or one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.batch.fit_columns import RESOLUTION_PERCENTS
from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.weights import WeightedCourses, weighted_quantiles
from tracker.clinical.vocabulary import Phase

UNKNOWNS = ("onset_day", "rise_days", "plateau_days", "regression_days", "peak_nrs")
ESTIMATE_SHARES = np.array([0.025, 0.5, 0.975])
RESOLUTION_SHARES = np.array([0.025, *(np.array(RESOLUTION_PERCENTS) / 100), 0.975])
_PHASES = tuple(Phase)


@dataclass(frozen=True, slots=True, eq=False)
class Summaries:
    """Arrays over n episodes with m visits, in days since each episode's day 0 and NRS points; NaN where not filled.

    Parameters
    ----------
    class_probabilities : ndarray, shape (n, 8)
        In the order of the table of classes.
    unknowns : ndarray, shape (n, 5, 3)
        Quantiles 0.025, 0.5, 0.975 of `UNKNOWNS`.
    resolution : ndarray, shape (n, 21)
        Quantiles `RESOLUTION_SHARES` of the resolution day, over courses that resolve in time and without relapse.
    p_plain : ndarray, shape (n,)
        Probability of those courses.
    p_no_resolution, effective_sample_size : ndarray, shape (n,)
        Probability of no resolution within the horizon; effective number of courses.
    phases : ndarray, shape (n, 6)
        Probability of each phase on the day asked for.
    refined : ndarray of bool, shape (n,)
        Whether courses were drawn anew.
    odd_scores : ndarray, shape (m,)
        Probability that each visit's score is a gross error.
    """

    class_probabilities: NDArray[np.float64]
    unknowns: NDArray[np.float64]
    resolution: NDArray[np.float64]
    p_plain: NDArray[np.float64]
    p_no_resolution: NDArray[np.float64]
    effective_sample_size: NDArray[np.float64]
    phases: NDArray[np.float64]
    refined: NDArray[np.bool_]
    odd_scores: NDArray[np.float64]

    @classmethod
    def empty(cls, n_episodes: int, n_visits: int) -> Summaries:
        """Make arrays to be filled."""
        return cls(
            class_probabilities=np.full((n_episodes, len(CLASS_NAMES)), np.nan),
            unknowns=np.full((n_episodes, len(UNKNOWNS), len(ESTIMATE_SHARES)), np.nan),
            resolution=np.full((n_episodes, len(RESOLUTION_SHARES)), np.nan),
            p_plain=np.full(n_episodes, np.nan),
            p_no_resolution=np.full(n_episodes, np.nan),
            effective_sample_size=np.full(n_episodes, np.nan),
            phases=np.full((n_episodes, len(_PHASES)), np.nan),
            refined=np.zeros(n_episodes, dtype=np.bool_),
            odd_scores=np.full(n_visits, np.nan),
        )

    def fill(self, place: int, weighted: WeightedCourses, *, as_of_day: int, horizon_days: float) -> None:
        """Fill one episode's row from a vote, its odd scores aside."""
        self.class_probabilities[place] = list(weighted.class_probabilities().values())
        values = weighted.unknowns()
        for row, name in enumerate(UNKNOWNS):
            self.unknowns[place, row] = weighted_quantiles(values[name], weighted.weights, ESTIMATE_SHARES)
        resolves = weighted.resolves_plainly(horizon_days)
        share = weighted.probability(resolves)
        self.p_plain[place] = share
        if share > 0:
            self.resolution[place] = weighted_quantiles(
                weighted.resolution_day()[resolves], weighted.weights[resolves] / share, RESOLUTION_SHARES
            )
        self.p_no_resolution[place] = weighted.probability(weighted.courses.resolution_days > horizon_days)
        self.effective_sample_size[place] = weighted.effective_sample_size()
        self.phases[place] = list(weighted.phase_probabilities(as_of_day).values())
        self.refined[place] = weighted.refined
