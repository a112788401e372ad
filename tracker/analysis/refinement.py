"""New courses where the library has too few: drawn around the heaviest ones, weighted exactly.

A course is a point of the unit cube, read here as d standard normal deviates z, whose prior density is the
normal one, phi. Each round chooses centres by a flattened vote, in which the scores count only so far that
enough courses carry it, and draws points from normal kernels around them, k(z), class by class. All
points, the library's and the new ones, are then weighted together by the balance heuristic:

    weight = prior share of the class * likelihood * phi(z) / (N phi(z) + sum over rounds of M k(z))

N points having been drawn from the prior and M from the kernels of each round. The library is the defensive part
of the mixture: no weight can exceed what it would be without the new points. Nothing is random: the kernels'
points are fixed ones of the unit cube.

References
----------
.. [1] Veach E, Guibas LJ, Optimally combining sampling techniques for Monte Carlo rendering, SIGGRAPH 1995;419-428.
   doi:10.1145/218380.218498 (the balance heuristic)
.. [2] West M, Approximating posterior distributions by mixtures, J R Stat Soc B 1993;55:409-422 (shrunk kernels)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import COURSE_CLASSES
from tracker.analysis.courses import Courses
from tracker.analysis.library import CourseLibrary, draw_class, onset_days
from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.scoring import log_likelihoods
from tracker.analysis.unit_cube import NormalPoints, shifted, unit_cube
from tracker.analysis.weights import WeightedCourses

N_DRAWS = 1 << 12
_N_CENTRES = 1 << 8
_DRAWS_PER_CENTRE = N_DRAWS // _N_CENTRES
_MOST_ROUNDS = 3
_CARRYING = 200  # courses that are to carry a flattened vote
# Of the kernels, in standard deviations of the flattened vote: wide ones follow one broad hill, narrow ones many small.
_BANDWIDTHS = (0.7, 0.25)
_PRIOR_COURSES = 10  # courses of the prior that the spread of a class's kernels is shrunk towards
_HALVINGS = 10
_LARGEST_EXPONENT = 700.0
_NEGLIGIBLE_LOG_WEIGHT = -14.0  # a millionth of the heaviest

LogLikelihood = Callable[[Courses, NDArray[np.float32]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class _Population:
    """Courses with what their weights are made of; (d, n) for `deviates`, (n,) for the rest.

    `log_share` is the logarithm of prior share times N, `proposed` the denominator over phi.
    """

    courses: Courses
    onset_days: NDArray[np.float32]
    class_place: NDArray[np.int8]
    deviates: NDArray[np.float64]
    log_share: NDArray[np.float64]
    log_likelihood: NDArray[np.float64]
    proposed: NDArray[np.float64]

    def log_weights(self, exponent: float = 1.0) -> NDArray[np.float64]:
        """Give the log-weights with the likelihood raised to `exponent`; the heaviest is 0."""
        found = self.log_share - np.log(self.proposed) + exponent * self.log_likelihood
        relative: NDArray[np.float64] = found - found.max()
        return relative

    def taken(self, chosen: NDArray[np.intp]) -> _Population:
        """Give the chosen courses."""
        return _Population(
            courses=self.courses.taken(chosen),
            deviates=self.deviates[:, chosen],
            **{name: getattr(self, name)[chosen] for name in _COLUMNS},
        )

    def joined(self, *others: _Population) -> _Population:
        """Give this population followed by the others."""
        every = (self, *others)
        return _Population(
            courses=self.courses.joined(*(part.courses for part in others)),
            deviates=np.concatenate([part.deviates for part in every], axis=1),
            **{name: np.concatenate([getattr(part, name) for part in every]) for name in _COLUMNS},
        )


_COLUMNS = ("onset_days", "class_place", "log_share", "log_likelihood", "proposed")


@dataclass(frozen=True, slots=True, eq=False)
class _Kernels:
    """Normal kernels of one class, by its place: `centres` (d, m), one root of the covariance for all (d, d)."""

    place: int
    centres: NDArray[np.float64]
    root: NDArray[np.float64]

    def draw(self, normal: NDArray[np.float64]) -> NDArray[np.float64]:
        """Move standard normal points, the same number for every centre, to the centres, shape (d, n)."""
        per_centre = normal.shape[1] // self.centres.shape[1]
        points: NDArray[np.float64] = np.repeat(self.centres, per_centre, axis=1) + self.root @ normal
        return points

    def over_prior(self, deviates: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the summed density of all kernels over that of the prior, shape (n,)."""
        inverse = np.linalg.inv(self.root)
        points, centres = inverse @ deviates, inverse @ self.centres
        squares = np.sum(points**2, axis=0)[:, None] + np.sum(centres**2, axis=0) - 2 * points.T @ centres
        log_scale = np.sum(np.log(np.diag(self.root)))
        exponents = (np.sum(deviates**2, axis=0)[:, None] - squares) / 2 - log_scale
        summed: NDArray[np.float64] = np.exp(np.minimum(exponents, _LARGEST_EXPONENT)).sum(axis=1)
        return summed


def refined_courses(
    observations: Observations,
    onset: OnsetStatement,
    *,
    library: CourseLibrary,
    log_likelihood: NDArray[np.float64],
) -> WeightedCourses:
    """Weigh the library together with courses drawn anew for these scores.

    Parameters
    ----------
    observations : Observations
        The scores.
    onset : OnsetStatement
        How well the onset is known.
    library : CourseLibrary
        The prior draws.
    log_likelihood : ndarray of float64, shape (n,)
        That of each course of the library.

    Notes
    -----
    Up to three rounds of 4096 draws, until enough courses carry the vote. The same scores give the same bytes.
    """
    noise = ScoreNoise.of_edition(library.edition)

    def likelihood(courses: Courses, days: NDArray[np.float32]) -> NDArray[np.float64]:
        return log_likelihoods(observations, courses, days, noise)

    population = _of_library(library, onset, log_likelihood)
    kernels_so_far: list[list[_Kernels]] = []
    for round_number in range(_MOST_ROUNDS):
        flattened = np.exp(population.log_weights(_exponent(population)))
        kernels = _kernels(population, flattened / flattened.sum())
        heavy = population.taken(np.flatnonzero(population.log_weights() > _NEGLIGIBLE_LOG_WEIGHT))
        heavy = replace(heavy, proposed=heavy.proposed + _proposed(heavy, kernels))
        kernels_so_far.append(kernels)
        drawn = _draw(kernels, round_number, library, onset, likelihood)
        for part in drawn:
            for earlier in kernels_so_far:
                part.proposed[:] += _proposed(part, earlier)
        population = heavy.joined(*drawn)
        weights = np.exp(population.log_weights())
        weights /= weights.sum()
        if 1 / np.sum(weights**2) >= _CARRYING:
            break
    return WeightedCourses(population.courses, population.onset_days, population.class_place, weights, refined=True)


def _of_library(library: CourseLibrary, onset: OnsetStatement, log_likelihood: NDArray[np.float64]) -> _Population:
    deviates = [cube.deviates(library.point[library.of_class(place)]) for place, cube in enumerate(library.cubes)]
    n_points = np.array([cube.n_points for cube in library.cubes], dtype=np.float64)[library.class_place]
    return _Population(
        courses=library.courses,
        onset_days=library.onset_days(onset),
        class_place=library.class_place,
        deviates=np.concatenate(deviates, axis=1),
        log_share=library.log_prior + np.log(n_points),
        log_likelihood=log_likelihood,
        proposed=n_points,
    )


def _exponent(population: _Population) -> float:
    """Find how far the scores may count for enough courses to carry the vote: 1 where they do as it is."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        weights = np.exp(population.log_weights(middle))
        enough = weights.sum() ** 2 >= _CARRYING * np.sum(weights**2)
        low, high = (middle, high) if enough else (low, middle)
    return low


def _kernels(population: _Population, weights: NDArray[np.float64]) -> list[_Kernels]:
    """Choose centres by systematic resampling, and spread kernels around them as their class is spread."""
    wanted = (np.arange(_N_CENTRES) + 0.5) / _N_CENTRES
    chosen = np.minimum(np.searchsorted(np.cumsum(weights), wanted), len(weights) - 1)
    found = []
    for place in np.unique(population.class_place[chosen]).tolist():
        of_class = np.flatnonzero(population.class_place == place)
        own, points = weights[of_class] / weights[of_class].sum(), population.deviates[:, of_class]
        middle = points @ own
        carried = 1 / np.sum(own**2)
        covariance = (points - middle[:, None]) * own @ (points - middle[:, None]).T
        towards = np.eye(len(middle)) * _PRIOR_COURSES
        spread = (carried * covariance + towards) / (carried + _PRIOR_COURSES)
        centres = population.deviates[:, chosen[population.class_place[chosen] == place]]
        root = np.linalg.cholesky(spread)
        for first, width in enumerate(_BANDWIDTHS):
            taken = centres[:, first :: len(_BANDWIDTHS)]
            if taken.size:
                shrunk = middle[:, None] + np.sqrt(1 - width**2) * (taken - middle[:, None])
                found.append(_Kernels(place, shrunk, width * root))
    return found


def _draw(
    kernels: list[_Kernels],
    round_number: int,
    library: CourseLibrary,
    onset: OnsetStatement,
    likelihood: LogLikelihood,
) -> list[_Population]:
    """Draw new courses from the kernels of one round, class by class."""
    cube = shifted(unit_cube(N_DRAWS), round_number + 1)
    normal = cube.deviates(np.arange(N_DRAWS))
    drawn, start = [], 0
    for of_class in kernels:
        place = of_class.place
        stop = start + of_class.centres.shape[1] * _DRAWS_PER_CENTRE
        deviates = of_class.draw(normal[:, start:stop])
        start = stop
        draws = draw_class(COURSE_CLASSES[place], NormalPoints(deviates), library.edition)
        days = onset_days(draws.within_span, draws.recall_deviate, onset, library.edition)
        n_points = float(library.cubes[place].n_points)
        n_draws = len(draws.point)
        log_share = float(library.log_prior[library.of_class(place)][0]) + np.log(n_points)
        drawn.append(
            _Population(
                courses=draws.courses,
                onset_days=days,
                class_place=np.full(n_draws, place, dtype=np.int8),
                deviates=deviates[:, draws.point],
                log_share=np.full(n_draws, log_share),
                log_likelihood=likelihood(draws.courses, days),
                proposed=np.full(n_draws, n_points),
            )
        )
    return drawn


def _proposed(population: _Population, kernels: list[_Kernels]) -> NDArray[np.float64]:
    """Give how many draws of one round were to be expected at each point, over the prior's density, shape (n,)."""
    found = np.zeros(len(population.onset_days))
    for of_class in kernels:
        own = np.flatnonzero(population.class_place == of_class.place)
        found[own] += _DRAWS_PER_CENTRE * of_class.over_prior(population.deviates[:, own])
    return found
