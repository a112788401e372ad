"""New courses where the library has too few: drawn around the heaviest ones, weighted exactly.

A course is a point of the unit cube, read here as d standard normal deviates z, whose prior density is the
normal one, phi. First it is looked for where the courses that matter lie: in some rounds, centres are chosen by a
flattened vote, in which the scores count only so far that enough courses carry it, and points are
drawn from normal kernels around them, k(z), class by class. Then the courses that count are drawn afresh, M from the
kernels found and M0 from the prior, and weighted by the balance heuristic:

    weight = prior share of the class * likelihood * phi(z) / (M0 phi(z) + M k(z))

Those that only helped to look are left out: a course that was made a centre for being heavy has a large k(z) for that
very reason, so that it would count for too little. Classes that enough courses of the library carry keep those. The
points from the prior are the defensive part of the mixture: no weight can exceed what it would be by them
alone. Nothing is random: the kernels' points are fixed ones of the unit cube.

References
----------
.. [1] Veach E, Guibas LJ, Optimally combining sampling techniques for Monte Carlo rendering, SIGGRAPH 1995;419-428.
   doi:10.1145/218380.218498 (the balance heuristic)
.. [2] West M, Approximating posterior distributions by mixtures, J R Stat Soc B 1993;55:409-422 (shrunk kernels)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import COURSE_CLASSES
from tracker.analysis.courses import Courses
from tracker.analysis.library import CourseLibrary, draw_class, onset_days
from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.scoring import levels_on, log_likelihoods
from tracker.analysis.unit_cube import NormalPoints, shifted, unit_cube
from tracker.analysis.weights import NEGLIGIBLE_LOG_WEIGHT, LevelsByDay, WeightedCourses

_DRAWS_PER_CENTRE = 1 << 6
_CENTRES_TO_LOOK = 1 << 5
_CENTRES_TO_COUNT = 1 << 6
_PRIOR_SHARE = 2**-4  # of the draws that count
_MOST_ROUNDS = 5
_N_FLATTENED = 1 << 12  # heaviest courses of the library, among which a flattened vote is held
_CARRYING = 80  # courses that are to carry a flattened vote
_MOST_COUNTED = 0.7  # of the scores, in a flattened vote: kernels must reach further than the courses they look for
_ENOUGH = 200  # courses that carry a class well, and a vote so well that looking ends
_LEAST_HELD = 0.01
# Of the kernels, in standard deviations of the flattened vote: the wide ones are a single hill, the others follow many.
_BANDWIDTHS = (1.0, 0.7)
_PRIOR_COURSES = 10  # courses of the prior that the spread of a class's kernels is shrunk towards
_HALVINGS = 10
_LARGEST_EXPONENT = 700.0


@dataclass(frozen=True, slots=True, eq=False)
class _Population:
    """Courses with what their weights are made of; (d, n) for `deviates`, (k, n) for `levels`, (n,) for the rest.

    `log_share` is the logarithm of prior share times N, `proposed` the denominator over phi. `levels` are the quantised
    ones on the k days with a score.
    """

    courses: Courses
    onset_days: NDArray[np.float32]
    class_place: NDArray[np.int8]
    deviates: NDArray[np.float64]
    levels: NDArray[np.uint8]
    log_share: NDArray[np.float64]
    log_likelihood: NDArray[np.float64]
    proposed: NDArray[np.float64]

    def log_weights(self, exponent: float = 1.0) -> NDArray[np.float64]:
        """Give the log-weights with the likelihood raised to `exponent`; the heaviest is 0."""
        found = self.log_share - np.log(self.proposed) + exponent * self.log_likelihood
        relative: NDArray[np.float64] = found - found.max()
        return relative

    def heavy(self) -> _Population:
        """Give the courses above the limit of weight."""
        return self.taken(np.flatnonzero(self.log_weights() > -NEGLIGIBLE_LOG_WEIGHT))

    def taken(self, chosen: NDArray[np.intp]) -> _Population:
        """Give the chosen courses."""
        return _Population(
            courses=self.courses.taken(chosen),
            deviates=self.deviates[:, chosen],
            levels=self.levels[:, chosen],
            **{name: getattr(self, name)[chosen] for name in _COLUMNS},
        )

    def joined(self, other: _Population) -> _Population:
        """Give this population followed by another."""
        return _Population(
            courses=self.courses.joined(other.courses),
            deviates=np.concatenate([self.deviates, other.deviates], axis=1),
            levels=np.concatenate([self.levels, other.levels], axis=1),
            **{name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in _COLUMNS},
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
        exponents = points.T @ centres
        exponents += (_squares(deviates) - _squares(points))[:, None] / 2
        exponents -= _squares(centres) / 2 + np.sum(np.log(np.diag(self.root)))
        np.minimum(exponents, _LARGEST_EXPONENT, out=exponents)
        summed: NDArray[np.float64] = np.exp(exponents, out=exponents).sum(axis=1)
        return summed


def refined_courses(
    observations: Observations,
    onset: OnsetStatement,
    *,
    library: CourseLibrary,
    log_likelihood: NDArray[np.float64],
    levels: LevelsByDay,
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
    levels : mapping of int to ndarray of uint8, each shape (n,)
        Those of the library on every day with a score.

    Notes
    -----
    Up to five rounds of 2048 draws to look, until enough courses carry the vote, and 4096 that count. The same scores
    give the same bytes. Courses lighter than a millionth of the heaviest are left out: all n of them hold less than
    n millionths of its weight.
    """
    days = observations.distinct_days()
    of_library = _of_library(library, onset, log_likelihood, np.stack([levels[day] for day in days]))
    places = _carried_by_few(of_library)
    population = of_library
    rounds: list[list[_Kernels]] = []
    while len(rounds) < _MOST_ROUNDS and _carrying(population, places) < _ENOUGH:
        rounds.append(_kernels(population, places, n_centres=_CENTRES_TO_LOOK))
        heavy = population.heavy()
        heavy = replace(heavy, proposed=heavy.proposed + _proposed(heavy, rounds[-1:]))
        drawn = _draw(rounds[-1], len(rounds), library, onset, observations)
        population = heavy.joined(replace(drawn, proposed=drawn.proposed + _proposed(drawn, rounds)))
    kernels = _kernels(population, places, n_centres=_CENTRES_TO_COUNT, prior_share=_PRIOR_SHARE)
    drawn = _draw(kernels, len(rounds) + 1, library, onset, observations)
    kept = of_library.taken(np.flatnonzero(~np.isin(of_library.class_place, places)))
    counted = kept.joined(replace(drawn, proposed=_proposed(drawn, [kernels]))).heavy()
    weights = np.exp(counted.log_weights())
    return WeightedCourses(
        courses=counted.courses,
        onset_days=counted.onset_days,
        class_place=counted.class_place,
        weights=weights / weights.sum(),
        refined=True,
        seen_levels=dict(zip(days, counted.levels, strict=True)),
    )


def _of_library(
    library: CourseLibrary, onset: OnsetStatement, log_likelihood: NDArray[np.float64], levels: NDArray[np.uint8]
) -> _Population:
    """Give the courses of the library that matter: every one above the limit of weight, and at least the heaviest."""
    log_weights = library.log_prior + log_likelihood
    log_weights -= log_weights.max()
    n_lighter = max(library.n_courses - _N_FLATTENED, 0)
    least = min(np.partition(log_weights, n_lighter)[n_lighter], -NEGLIGIBLE_LOG_WEIGHT)
    chosen = np.flatnonzero(log_weights >= least)
    class_place = library.class_place[chosen]
    bounds = np.searchsorted(class_place, np.arange(len(library.cubes) + 1)).tolist()
    points = library.point[chosen]
    deviates = [
        cube.deviates(points[start:stop]) for cube, start, stop in zip(library.cubes, bounds, bounds[1:], strict=False)
    ]
    n_points = np.array([cube.n_points for cube in library.cubes], dtype=np.float64)[class_place]
    return _Population(
        courses=library.courses.taken(chosen),
        onset_days=library.onset_days(onset)[chosen],
        class_place=class_place,
        deviates=np.concatenate(deviates, axis=1),
        levels=levels[:, chosen],
        log_share=library.log_prior[chosen] + np.log(n_points),
        log_likelihood=log_likelihood[chosen],
        proposed=n_points,
    )


def _flattened(prior: NDArray[np.float64], log_likelihood: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weigh courses by their log-weights `prior` and by the scores, these only so far that enough carry the vote."""
    low, high = 0.0, _MOST_COUNTED
    weights = np.exp(prior - prior.max())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        log_weights = prior + middle * log_likelihood
        tried = np.exp(log_weights - log_weights.max())
        if tried.sum() ** 2 >= _CARRYING * np.sum(tried**2):
            low, weights = middle, tried
        else:
            high = middle
    flattened: NDArray[np.float64] = weights / weights.sum()
    return flattened


def _shares(population: _Population) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give what each class holds of the vote, the scores counting by half, and how many courses carry it, shape (c,).

    By half, because a class that was found by few courses yet may be underrated.
    """
    weights, by_half = np.exp(population.log_weights()), np.exp(population.log_weights(0.5))
    first, second, held = (
        np.bincount(population.class_place, values, len(COURSE_CLASSES)) for values in (weights, weights**2, by_half)
    )
    carrying = np.divide(first**2, second, out=np.ones_like(first), where=second > 0)
    return held / held.sum(), carrying


def _carried_by_few(population: _Population) -> list[int]:
    """Name the classes that hold some of the vote by few courses; at least the one where that weighs most."""
    held, carrying = _shares(population)
    few = np.flatnonzero((held >= _LEAST_HELD) & (carrying < _ENOUGH)).tolist()
    return few or [int(np.argmax(held / np.sqrt(carrying)))]


def _carrying(population: _Population, places: list[int]) -> float:
    """Give the number of courses of some classes that would say as much if they weighed the same."""
    weights = np.exp(population.log_weights())[np.isin(population.class_place, places)]
    return float(weights.sum() ** 2 / np.sum(weights**2))


def _kernels(population: _Population, places: list[int], *, n_centres: int, prior_share: float = 0.0) -> list[_Kernels]:
    """Share centres out to the classes, most to one that holds much by few courses, and spread kernels around them.

    Parameters
    ----------
    population : _Population
        Every course known so far.
    places : list of int
        The classes.
    n_centres : int
        For all of them together; each gets at least two.
    prior_share : float
        Share of a class's draws that are of the prior itself: of a kernel around 0 with the spread of the prior.
    """
    held, carrying = _shares(population)
    need = (held / np.sqrt(carrying))[places]
    spare = n_centres - 2 * len(places)
    counts = 2 + np.diff(np.rint(np.cumsum(need) / need.sum() * spare), prepend=0).astype(np.int64)
    found = []
    for place, count in zip(places, counts.tolist(), strict=True):
        n_prior = ceil(prior_share * count)
        n_dimensions = len(population.deviates)
        if n_prior:
            found.append(_Kernels(place, np.zeros((n_dimensions, n_prior)), np.eye(n_dimensions)))
        found += _kernels_of_class(population, place, count - n_prior)
    return found


def _kernels_of_class(population: _Population, place: int, n_centres: int) -> list[_Kernels]:
    """Choose centres by systematic resampling of a class's flattened vote, and spread kernels as that is spread."""
    of_class = np.flatnonzero(population.class_place == place)
    prior = population.log_share[of_class] - np.log(population.proposed[of_class])
    own, points = _flattened(prior, population.log_likelihood[of_class]), population.deviates[:, of_class]
    middle = points @ own
    carried = 1 / np.sum(own**2)
    covariance = (points - middle[:, None]) * own @ (points - middle[:, None]).T
    towards = np.eye(len(middle)) * _PRIOR_COURSES
    spread: NDArray[np.float64] = (carried * covariance + towards) / (carried + _PRIOR_COURSES)
    root: NDArray[np.float64] = np.linalg.cholesky(spread).astype(np.float64)
    wanted = (np.arange(n_centres) + 0.5) / n_centres
    centres = points[:, np.minimum(np.searchsorted(np.cumsum(own), wanted), len(own) - 1)]
    found = []
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
    observations: Observations,
) -> _Population:
    """Draw new courses from the kernels of one round, one class after the other."""
    ends = np.cumsum([one.centres.shape[1] * _DRAWS_PER_CENTRE for one in kernels])
    n_draws = int(ends[-1])
    normal = shifted(unit_cube(n_draws), round_number).deviates(np.arange(n_draws))
    moved = list(zip(kernels, np.split(normal, ends[:-1], axis=1), strict=True))
    places = list(dict.fromkeys(one.place for one in kernels))
    drawn, deviates = [], []
    for place in places:
        points = np.concatenate([one.draw(own) for one, own in moved if one.place == place], axis=1)
        drawn.append(draw_class(COURSE_CLASSES[place], NormalPoints(points), library.edition))
        deviates.append(points[:, drawn[-1].point])
    courses = drawn[0].courses.joined(*(draws.courses for draws in drawn[1:]))
    within_span = np.concatenate([draws.within_span for draws in drawn])
    recall_deviate = np.concatenate([draws.recall_deviate for draws in drawn])
    days = onset_days(within_span, recall_deviate, onset, library.edition)
    sizes = [len(draws.point) for draws in drawn]
    n_points = np.array([library.cubes[place].n_points for place in places], dtype=np.float64)
    log_prior = np.array([library.log_prior[library.of_class(place).start] for place in places])
    levels = levels_on(observations.distinct_days(), courses, days)
    return _Population(
        courses=courses,
        onset_days=days,
        class_place=np.repeat(np.array(places, dtype=np.int8), sizes),
        deviates=np.concatenate(deviates, axis=1),
        levels=np.stack(list(levels.values())),
        log_share=np.repeat(log_prior + np.log(n_points), sizes),
        log_likelihood=log_likelihoods(observations, levels, ScoreNoise.of_edition(library.edition)),
        proposed=np.repeat(n_points, sizes),
    )


def _proposed(population: _Population, rounds: list[list[_Kernels]]) -> NDArray[np.float64]:
    """Give how many draws of some rounds were to be expected at each point, over the prior's density, shape (n,)."""
    found = np.zeros(len(population.onset_days))
    for of_class in (one for kernels in rounds for one in kernels):
        own = np.flatnonzero(population.class_place == of_class.place)
        if own.size:
            found[own] += _DRAWS_PER_CENTRE * of_class.over_prior(population.deviates[:, own])
    return found


def _squares(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the squared length of each point, shape (n,)."""
    squares: NDArray[np.float64] = np.sum(points**2, axis=0)
    return squares
