"""Expectation-maximization: the population under which the cohort and the prior episodes are most likely.

Courses are what is not seen. Given the expected numbers of episodes per course, the shares are their proportions,
and middles and spreads follow from one Newton step on a concave function, that of an exponential family (the boundaries
of the classes are part of it, so that a course cut off at a boundary is no sign of a smaller
spread). Noise is found between two such runs from the likelihood of all scores itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.learning.evidence import likelihoods
from tracker.analysis.learning.population import Population
from tracker.analysis.learning.posterior import (
    INSTRUMENTS,
    Cohort,
    Expectation,
    expect,
    log_prior,
    noise_log_posterior,
    with_noise,
)
from tracker.analysis.learning.tilting import N_QUANTITIES

_MOST_STEPS = 400
_SETTLED = 1e-4  # largest move of a step, in spreads or logarithms
_MOST_HALVINGS = 40
_MOST_NOISE_STEPS = 12
_NOISE_SETTLED = 1e-3
NOISE_STEP = 0.1
_MOST_SQUARE_TILT = 0.49  # at a half the spread is infinite


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The population found, the likelihood table it was found with, and the log-posterior after each step."""

    population: Population
    table: NDArray[np.float32]
    log_posterior: tuple[float, ...]


def learn(cohort: Cohort, start: Population, *, on_step: Callable[[], None]) -> Learned:
    """Run expectation-maximization until neither the courses nor the noise change.

    Parameters
    ----------
    cohort : Cohort
        Episodes, library and prior.
    start : Population
        Where to begin.
    on_step : callable
        Called after each round.
    """
    population, history = start, []
    for _ in range(_MOST_NOISE_STEPS):
        table, scales = likelihoods(cohort.levels, population.score_noise(cohort.edition))
        population, reached = _courses_learned(cohort, table, population)
        history += [value + float(scales.sum()) for value in reached]
        noisier = _noise_learned(cohort, population)
        moved = np.max(np.abs(np.log(noisier.noise / population.noise)))
        on_step()
        if moved < _NOISE_SETTLED:
            break
        population = noisier
    return Learned(population, table, tuple(history))


def em_step(cohort: Cohort, found: Expectation, population: Population) -> Population:
    """Give the next population (the M-step): shares, then middles and spreads."""
    numbers = cohort.prior.numbers_for_shares(found)
    return replace(_courses_step(cohort, found, population), shares=numbers / numbers.sum())


def _courses_learned(
    cohort: Cohort, table: NDArray[np.float32], population: Population
) -> tuple[Population, list[float]]:
    """Repeat expectation and maximization at one noise, and give the log-posterior before each step."""
    reached: list[float] = []
    for _ in range(_MOST_STEPS):
        once = _step(cohort, table, population)
        twice = _step(cohort, table, once.following)
        reached.append(once.log_posterior)
        population = twice.following
        if np.max(np.abs(once.moved)) < _SETTLED:
            break
        leap = _leap(once, twice)
        if leap is not None and cohort.tiltable.tilt(leap)[N_QUANTITIES:].max() < _MOST_SQUARE_TILT:
            landed = _step(cohort, table, leap)
            if landed.log_posterior >= twice.log_posterior:
                population = landed.following
    return population, reached


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One step of expectation and maximization: from where, to where, and the log-posterior where it began."""

    population: Population
    following: Population
    log_posterior: float

    @property
    def moved(self) -> NDArray[np.float64]:
        """How far each number moves, shape (16,): in spreads, and in logarithms of spreads and shares."""
        here, there = self.population, self.following
        return np.concatenate(
            [
                (there.middle - here.middle) / here.spread,
                np.log(there.spread / here.spread),
                np.log(there.shares / here.shares),
            ]
        )


def _step(cohort: Cohort, table: NDArray[np.float32], population: Population) -> _Step:
    found = expect(cohort, table, population)
    reached = float(found.log_evidence.sum()) + log_prior(cohort, population)
    return _Step(population, em_step(cohort, found, population), reached)


def _leap(once: _Step, twice: _Step) -> Population | None:
    """Extrapolate two steps that shrink alike; None where there is nothing to gain."""
    first, second = once.moved, twice.moved
    bend = second - first
    length = float(np.sqrt((first @ first) / (bend @ bend))) if bend.any() else 1.0
    if length <= 1:
        return None
    by = 2 * length * first + length**2 * bend
    start = once.population
    shares = start.shares * np.exp(np.clip(by[2 * N_QUANTITIES :], -2, 2))
    return replace(
        start,
        middle=start.middle + start.spread * np.clip(by[:N_QUANTITIES], -2, 2),
        spread=start.spread * np.exp(np.clip(by[N_QUANTITIES : 2 * N_QUANTITIES], -1, 1)),
        shares=shares / shares.sum(),
    )


def _courses_step(cohort: Cohort, found: Expectation, population: Population) -> Population:
    """Take one Newton step of middles and spreads, in natural parameters; halved while it leads down."""
    tiltable, numbers = cohort.tiltable, found.class_mass
    tilt = tiltable.tilt(population)
    within, _ = tiltable.within_class(tilt)
    weights = within * numbers[tiltable.library.class_place]
    squares = (tiltable.statistics * weights) @ tiltable.statistics.T
    covariance = squares - found.means.T @ (numbers[:, None] * found.means)
    slope = found.statistics - numbers @ found.means
    prior_slope, prior_covariance = _prior_derivatives(cohort, population)
    step = np.linalg.solve(covariance + prior_covariance, slope + prior_slope)
    here = _expected_log_density(cohort, found, population)
    for _ in range(_MOST_HALVINGS):
        if (tilt + step)[N_QUANTITIES:].max() < _MOST_SQUARE_TILT:
            middle, spread = tiltable.middle_and_spread(tilt + step)
            following = replace(population, middle=middle, spread=spread)
            if _expected_log_density(cohort, found, following) >= here:
                return following
        step /= 2
    return population


def _expected_log_density(cohort: Cohort, found: Expectation, population: Population) -> float:
    """Give what the M-step raises for middles and spreads."""
    tilt = cohort.tiltable.tilt(population)
    _, log_scales = cohort.tiltable.within_class(tilt)
    seen = float(tilt @ found.statistics - found.class_mass @ log_scales)
    return seen + cohort.prior.log_density(population)


def _prior_derivatives(cohort: Cohort, population: Population) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give slope (8,) and minus curvature (8, 8) of the prior episodes in natural parameters: normal, uncut."""
    prior, drawn = cohort.prior, cohort.tiltable.drawn
    middle, spread = (population.middle - drawn.middle) / drawn.spread, population.spread / drawn.spread
    cited_middle = (prior.population.middle - drawn.middle) / drawn.spread
    cited_spread = prior.population.spread / drawn.spread
    slope = np.concatenate([cited_middle - middle, cited_middle**2 + cited_spread**2 - middle**2 - spread**2])
    across = np.diag(2 * middle * spread**2)
    curvature = np.block([[np.diag(spread**2), across], [across, np.diag(2 * spread**4 + (2 * middle * spread) ** 2)]])
    return prior.n_episodes * slope, prior.n_episodes * curvature


def _noise_learned(cohort: Cohort, population: Population) -> Population:
    """Move each instrument's noise to the top of the parabola through three values of its log-posterior."""
    for place in range(len(INSTRUMENTS)):
        if not len(cohort.rows_of(place)):
            continue
        below, here, above = noise_curve(cohort, population, place)
        curvature = below - 2 * here + above
        steps = (below - above) / (2 * curvature) if curvature < 0 else np.sign(above - below)
        population = with_noise(population, place, float(np.exp(NOISE_STEP * np.clip(steps, -2, 2))))
    return population


def noise_curve(cohort: Cohort, population: Population, place: int) -> tuple[float, float, float]:
    """Give the log-posterior of one instrument's noise a step below, here, and a step above, on a logarithmic scale."""
    below, here, above = (
        noise_log_posterior(cohort, with_noise(population, place, float(np.exp(step * NOISE_STEP))), place)
        for step in (-1, 0, 1)
    )
    return below, here, above
