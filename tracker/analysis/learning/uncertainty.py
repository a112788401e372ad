"""How well a learned population is known: the curvature of its log-posterior at its top (observed information).

Not a bootstrap: resampling episodes tells how much an estimate would vary, and one that shrinkage holds in place varies
little however little is known. The curvature counts the prior episodes as what they are, so that where the cohort
is silent the interval is as wide as the edition's own.

Coordinates, in this order: middles (4, in the units of `Population`), logarithms of spreads
(4), logarithms of shares up to a constant (8), logarithms of noise (2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.learning.evidence import likelihoods
from tracker.analysis.learning.maximization import NOISE_STEP, Learned, noise_curve
from tracker.analysis.learning.population import Population
from tracker.analysis.learning.posterior import INSTRUMENTS, Cohort, expect, with_noise
from tracker.analysis.learning.tilting import N_QUANTITIES

_STEP = 0.02  # of a standard deviation, of a logarithm
_LEAST_EIGENVALUE = 1e-3

_N_COURSE = 2 * N_QUANTITIES


@dataclass(frozen=True, slots=True, eq=False)
class Deviations:
    """Standard deviations of a population's numbers.

    `middle` and `log_spread` have shape (4,), `shares` (8,), `log_noise` (2,).
    """

    middle: NDArray[np.float64]
    log_spread: NDArray[np.float64]
    shares: NDArray[np.float64]
    log_noise: NDArray[np.float64]


def deviations(cohort: Cohort, learned: Learned) -> Deviations:
    """Measure how well the population is known after the cohort."""
    return _of_information(_information(cohort, learned.population, learned.table), learned.population)


def prior_deviations(cohort: Cohort) -> Deviations:
    """Measure how well it was known before: from the prior episodes alone, at the edition's own numbers."""
    nobody = np.empty((0, cohort.tiltable.library.n_courses), dtype=np.float32)
    cited = cohort.prior.population
    without = replace(cohort, levels=())
    information = _course_information(without, cited, nobody)
    both = _with_noise_room(information)
    for place in range(len(INSTRUMENTS)):
        both[len(information) + place, len(information) + place] = 2 * cohort.n_prior_scores
    return _of_information(both, cited)


def _information(cohort: Cohort, population: Population, table: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give minus the second derivatives of the log-posterior, shape (18, 18)."""
    courses = _course_information(cohort, population, table)
    n = len(courses)
    found = _with_noise_room(courses)
    for place in range(len(INSTRUMENTS)):
        rows = cohort.rows_of(place)
        if not len(rows):
            found[n + place, n + place] = 2 * cohort.n_prior_scores
            continue
        below, here, above = noise_curve(cohort, population, place)
        found[n + place, n + place] = -(below - 2 * here + above) / NOISE_STEP**2
        slopes = [_slope(cohort, population, _noisier(cohort, population, table, place, step)) for step in (-1, 1)]
        found[n + place, :n] = found[:n, n + place] = -(slopes[1] - slopes[0]) / (2 * NOISE_STEP)
    return found


def _noisier(
    cohort: Cohort, population: Population, table: NDArray[np.float32], place: int, step: int
) -> NDArray[np.float32]:
    """Tabulate the likelihoods anew where one instrument's noise matters."""
    rows = cohort.rows_of(place)
    other = with_noise(population, place, float(np.exp(step * NOISE_STEP)))
    changed = table.copy()
    changed[rows], _ = likelihoods([cohort.levels[i] for i in rows.tolist()], other.score_noise(cohort.edition))
    return changed


def _with_noise_room(courses: NDArray[np.float64]) -> NDArray[np.float64]:
    n = len(courses)
    both = np.zeros((n + len(INSTRUMENTS), n + len(INSTRUMENTS)))
    both[:n, :n] = courses
    return both


def _course_information(cohort: Cohort, population: Population, table: NDArray[np.float32]) -> NDArray[np.float64]:
    """Differentiate the slope in each coordinate but the noise, shape (16, 16)."""
    n = _N_COURSE + len(population.shares)
    rows = []
    for coordinate in range(n):
        size = _STEP * (population.spread[coordinate] if coordinate < N_QUANTITIES else 1)
        ends = [_slope(cohort, _moved(population, coordinate, way * size), table) for way in (-1, 1)]
        rows.append((ends[0] - ends[1]) / (2 * size))
    found = np.array(rows)
    symmetric: NDArray[np.float64] = (found + found.T) / 2
    return symmetric


def _moved(population: Population, coordinate: int, by: float) -> Population:
    if coordinate < N_QUANTITIES:
        middle = population.middle.copy()
        middle[coordinate] += by
        return replace(population, middle=middle)
    if coordinate < _N_COURSE:
        spread = population.spread.copy()
        spread[coordinate - N_QUANTITIES] *= np.exp(by)
        return replace(population, spread=spread)
    shares = population.shares.copy()
    shares[coordinate - _N_COURSE] *= np.exp(by)
    return replace(population, shares=shares / shares.sum())


def _slope(cohort: Cohort, population: Population, table: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give the first derivatives of the log-posterior in each coordinate but the noise, shape (16,)."""
    tiltable, prior = cohort.tiltable, cohort.prior
    found = expect(cohort, table, population)
    by_tilt = found.statistics - found.class_mass @ found.means
    first, second = by_tilt[:N_QUANTITIES], by_tilt[N_QUANTITIES:]
    middle = (population.middle - tiltable.drawn.middle) / tiltable.drawn.spread
    variance = (population.spread / tiltable.drawn.spread) ** 2
    away = population.middle - prior.population.middle
    larger = (prior.population.spread**2 + away**2) / population.spread**2 - 1
    numbers = prior.numbers_for_shares(found)
    return np.concatenate(
        [
            first / variance / tiltable.drawn.spread - prior.n_episodes * away / population.spread**2,
            (second - 2 * middle * first) / variance + prior.n_episodes * larger,
            numbers - numbers.sum() * population.shares,
        ]
    )


def _of_information(information: NDArray[np.float64], population: Population) -> Deviations:
    """Invert it; shares are known up to a constant, which any value fixes."""
    n_shares = len(population.shares)
    share_places = slice(_N_COURSE, _N_COURSE + n_shares)
    information = information.copy()
    information[share_places, share_places] += 1
    values, vectors = np.linalg.eigh(information)
    covariance = (vectors / np.maximum(values, _LEAST_EIGENVALUE)) @ vectors.T
    by_log = np.diag(population.shares) - np.outer(population.shares, population.shares)
    spread = np.sqrt(np.diag(covariance))
    return Deviations(
        middle=spread[:N_QUANTITIES],
        log_spread=spread[N_QUANTITIES:_N_COURSE],
        shares=np.sqrt(np.diag(by_log @ covariance[share_places, share_places] @ by_log)),
        log_noise=spread[_N_COURSE + n_shares :],
    )
