"""How vitamin D goes with the length of the course over a cohort: an association with its interval, never a cause.

Accelerated failure time: an episode whose first result x lies above the cohort's mean by z times 10 ng/mL has a course
exp(shift + beta z) times as long as the reference's, in all its parts. For each episode the probability of its
scores under the whole library, stretched so, is

    L_i(s) = sum over courses k of  prior_k * P(scores of i | course k, exp(s) times as long)

and beta is where the product of L_i(shift + beta z_i) is highest, the shift being chosen best for each beta; its 95 %
interval is where the logarithm of that is within 1.92 of the highest (half the 95th centile of chi-square with
one degree of freedom). Episodes that are not over count with what they show. No posterior is summarised on the
way, so that nothing is drawn towards the reference: few scores make an interval wide and not an association small.

References
----------
.. [1] Kalbfleisch JD, Prentice RL, The statistical analysis of failure time data, 2nd edition, Wiley 2002, chapter 7.
   isbn:0-471-36357-X
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.library import CourseLibrary
from tracker.analysis.library_part import library_part
from tracker.analysis.likelihood import ScoreNoise, level_index
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.results import InsufficientData
from tracker.analysis.scoring import log_likelihoods

NG_ML_PER_UNIT = 10.0
_STRETCHES = np.linspace(-1.2, 1.2, 25)
_BETAS = np.linspace(-0.8, 0.8, 321)
_SHIFTS = np.linspace(-0.5, 0.5, 51)
_HALF_CHI_SQUARE_95 = 1.9207


@dataclass(frozen=True, slots=True, eq=False)
class EpisodeWithResult:
    """One episode: its scores, its onset, and its first vitamin D result (ng/mL), as measured and free of season."""

    observations: Observations
    onset: OnsetStatement
    vitamin_d_ng_ml: float
    without_season_ng_ml: float


@dataclass(frozen=True, slots=True)
class LengthRatio:
    """How many times as long a course is for each 10 ng/mL more, with its 95 % interval."""

    estimate: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True)
class VitaminDAssociation:
    """The association over `n_episodes`, with the results as measured and with the season taken out."""

    n_episodes: int
    as_measured: LengthRatio
    without_season: LengthRatio
    lowest_ng_ml: float
    median_ng_ml: float
    highest_ng_ml: float
    status: str = "ok"


def find_association(
    episodes: Sequence[EpisodeWithResult], *, library: CourseLibrary
) -> VitaminDAssociation | InsufficientData:
    """Estimate how the length of the course goes with the first vitamin D result.

    Parameters
    ----------
    episodes : sequence of EpisodeWithResult
        At most one per patient, so that they are independent.
    library : CourseLibrary
        The prior draws of one edition.

    Returns
    -------
    VitaminDAssociation or InsufficientData
        The latter below the edition's ``vitamin_d_least_episodes``, and where results are so alike that no
        interval ends within what is looked at (a course 2.2 times as long for 10 ng/mL).

    Notes
    -----
    About 30 ms an episode.
    """
    needed = int(library.edition.value("vitamin_d_least_episodes"))
    if len(episodes) < needed:
        return InsufficientData(
            reason=f"{len(episodes)} {'episode has' if len(episodes) == 1 else 'episodes have'} pain scores and a "
            "vitamin D result near the onset",
            needs=f"{needed} episodes",
        )
    stretched = np.stack([stretch_log_likelihoods(episode, library=library) for episode in episodes])
    measured = np.array([episode.vitamin_d_ng_ml for episode in episodes])
    ratios = [
        _length_ratio(stretched, results)
        for results in (measured, np.array([episode.without_season_ng_ml for episode in episodes]))
    ]
    as_measured, without_season = ratios
    if as_measured is None or without_season is None:
        return InsufficientData(
            reason=f"the vitamin D results of {len(episodes)} episodes are too alike, or their scores too few",
            needs="more episodes, with results that differ more",
        )
    return VitaminDAssociation(
        n_episodes=len(episodes),
        as_measured=as_measured,
        without_season=without_season,
        lowest_ng_ml=float(measured.min()),
        median_ng_ml=float(np.median(measured)),
        highest_ng_ml=float(measured.max()),
    )


def stretch_log_likelihoods(episode: EpisodeWithResult, *, library: CourseLibrary) -> NDArray[np.float64]:
    """Give log L_i of the module's formula for each stretch of the library, shape (25,)."""
    chosen, prior = library_part(library)
    courses, onset_days = library.courses.taken(chosen), library.onset_days(episode.onset)[chosen]
    noise = ScoreNoise.of_edition(library.edition)
    found = np.tile(np.log(prior), (len(_STRETCHES), 1))
    for day in episode.observations.distinct_days():
        scored = episode.observations.on(day)
        for row, stretch in enumerate(_STRETCHES.tolist()):
            # A course that runs slower is, on this day, where it would have been with a later onset.
            later_by = ((day - onset_days) * exp(-stretch)).astype(np.float32)
            found[row] += log_likelihoods(scored, {day: level_index(courses.levels(later_by))}, noise)
    highest = found.max(axis=1)
    summed: NDArray[np.float64] = highest + np.log(np.exp(found - highest[:, None]).sum(axis=1))
    return summed


def _length_ratio(stretched: NDArray[np.float64], results_ng_ml: NDArray[np.float64]) -> LengthRatio | None:
    """Find the best beta and its profile interval; None where an end of it lies beyond what is looked at."""
    above_mean = (results_ng_ml - results_ng_ml.mean()) / NG_ML_PER_UNIT
    profile = np.array([_best_fit(stretched, beta * above_mean) for beta in _BETAS.tolist()])
    best = int(profile.argmax())
    inside = np.flatnonzero(profile >= profile[best] - _HALF_CHI_SQUARE_95)
    low, high = int(inside[0]), int(inside[-1])
    if low == 0 or high == len(_BETAS) - 1:
        return None
    return LengthRatio(
        estimate=exp(_BETAS[best]),
        low95=exp(_crossing(profile, low - 1, profile[best])),
        high95=exp(_crossing(profile, high, profile[best])),
    )


def _best_fit(stretched: NDArray[np.float64], stretches: NDArray[np.float64]) -> float:
    """Give the log likelihood of one beta with the shift that suits it best."""
    wanted = stretches[:, None] + _SHIFTS
    return float(_interpolated(stretched, wanted).sum(axis=0).max())


def _interpolated(stretched: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read each row, shape (n, 25), at its own stretches, shape (n, m), by cubics through four neighbours.

    These are Catmull-Rom ones; beyond the first and the last stretch the value there is held.
    """
    step = _STRETCHES[1] - _STRETCHES[0]
    at = np.clip((wanted - _STRETCHES[0]) / step, 0, len(_STRETCHES) - 1)
    place = np.minimum(at.astype(np.intp), len(_STRETCHES) - 2)
    part = at - place
    before, here, after, beyond = (
        np.take_along_axis(stretched, np.clip(place + offset, 0, len(_STRETCHES) - 1), axis=1)
        for offset in (-1, 0, 1, 2)
    )
    slope_here, slope_after = (after - before) / 2, (beyond - here) / 2
    rise = after - here
    curl = slope_here + slope_after - 2 * rise
    found: NDArray[np.float64] = here + part * (slope_here + part * (rise - slope_here - curl + part * curl))
    return found


def _crossing(profile: NDArray[np.float64], left: int, highest: float) -> float:
    """Find the beta between a place of the profile and the next at which it crosses the limit of the interval."""
    limit = highest - _HALF_CHI_SQUARE_95
    rise = profile[left + 1] - profile[left]
    part = (limit - profile[left]) / rise
    return float(_BETAS[left] + part * (_BETAS[left + 1] - _BETAS[left]))
