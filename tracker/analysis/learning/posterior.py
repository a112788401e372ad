"""What a cohort says about a population, and what the edition says, as one penalized likelihood.

The edition counts as a stated number of *prior episodes* that run exactly as it says: their lengths and peaks were seen
without error and before any boundary of a class cut them (so that a length cut off at a boundary, which tells little of
the distribution behind it, cannot lead far away), and their scores are as many per episode as the cohort
has. For the shares of the classes they count as a larger stated number: few scores hardly tell
one rare class from another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.learning.evidence import EpisodeLevels, likelihoods
from tracker.analysis.learning.population import NOISES, Population
from tracker.analysis.learning.tilting import TiltableLibrary
from tracker.clinical.reference import Edition

INSTRUMENTS = tuple(NOISES)


@dataclass(frozen=True, slots=True, eq=False)
class PriorEpisodes:
    """The edition as `n_episodes`, for the shares of the classes as `n_for_shares`."""

    n_episodes: float
    n_for_shares: float
    population: Population

    def log_density(self, population: Population) -> float:
        """Give the logarithm of the likelihood of the lengths and peaks, up to a constant."""
        cited = self.population
        squares = cited.spread**2 + (population.middle - cited.middle) ** 2
        return -self.n_episodes * float(np.sum(np.log(population.spread) + squares / population.spread**2 / 2))

    def numbers_for_shares(self, found: Expectation) -> NDArray[np.float64]:
        """Add the prior episodes to the expected numbers of episodes of each class, shape (8,)."""
        return found.class_mass + self.n_for_shares * self.population.shares


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Episodes looked up in one library, and the edition they are learned against."""

    tiltable: TiltableLibrary
    levels: tuple[EpisodeLevels, ...]
    prior: PriorEpisodes
    edition: Edition

    def rows_of(self, instrument_place: int) -> NDArray[np.intp]:
        """Give the places of the episodes scored with one instrument."""
        wanted = INSTRUMENTS[instrument_place]
        return np.array([i for i, one in enumerate(self.levels) if one.instrument is wanted], dtype=np.intp)

    @property
    def n_prior_scores(self) -> float:
        """How many scores the prior episodes count for."""
        return self.prior.n_episodes * float(np.mean([len(one.scores) for one in self.levels]))


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """What one population makes of the cohort.

    `log_evidence`, shape (n episodes,), is the logarithm of P(scores); `class_mass`, shape (n classes,), the expected
    number of episodes of each class; `statistics`, shape (8,), the expected sum of the library's statistics; `means`
    their class means before any score, under this population.
    """

    log_evidence: NDArray[np.float64]
    class_mass: NDArray[np.float64]
    statistics: NDArray[np.float64]
    means: NDArray[np.float64]


def expect(cohort: Cohort, table: NDArray[np.float32], population: Population) -> Expectation:
    """Weigh the library for every episode of a table of likelihoods (the E-step)."""
    tiltable = cohort.tiltable
    within, _ = tiltable.within_class(tiltable.tilt(population))
    weights = within * population.shares[tiltable.library.class_place]
    evidence = table @ weights.astype(np.float32)
    mass = weights * (table.T @ (1 / evidence))
    return Expectation(
        log_evidence=np.log(evidence.astype(np.float64)),
        class_mass=tiltable.class_sums(mass),
        statistics=tiltable.statistics @ mass,
        means=tiltable.class_means(within),
    )


def log_prior(cohort: Cohort, population: Population) -> float:
    """Give the logarithm of the prior episodes' likelihood, up to a constant."""
    prior = cohort.prior
    shares = prior.n_for_shares * float(prior.population.shares @ np.log(population.shares))
    noises = (noise_log_prior(cohort, population, place) for place in range(len(INSTRUMENTS)))
    return prior.log_density(population) + shares + sum(noises)


def noise_log_prior(cohort: Cohort, population: Population, place: int) -> float:
    """Give the part of the prior scores of one instrument: normal errors of the cited size."""
    larger = float(np.log(population.noise[place] / cohort.prior.population.noise[place]))
    return -cohort.n_prior_scores * (larger + float(np.exp(-2 * larger)) / 2)


def noise_log_posterior(cohort: Cohort, population: Population, place: int) -> float:
    """Give the log-posterior of one instrument's noise, all else as in `population`, up to a constant."""
    tiltable = cohort.tiltable
    within, _ = tiltable.within_class(tiltable.tilt(population))
    weights = (within * population.shares[tiltable.library.class_place]).astype(np.float32)
    total = noise_log_prior(cohort, population, place)
    noise = population.score_noise(cohort.edition)
    rows = [cohort.levels[i] for i in cohort.rows_of(place).tolist()]
    if not rows:
        return total
    table, scales = likelihoods(rows, noise)
    return total + float(np.sum(np.log((table @ weights).astype(np.float64)) + scales))


def with_noise(population: Population, place: int, factor: float) -> Population:
    """Give a population with the noise of one instrument multiplied."""
    noise = population.noise.copy()
    noise[place] *= factor
    return replace(population, noise=noise)
