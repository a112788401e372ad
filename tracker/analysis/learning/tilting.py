"""One library for every population: its courses stay, their prior weights follow the ratio of densities.

A course of the library was drawn with the middles and spreads of the edition it was drawn
from. Under others its prior weight within its class is the ratio of new to old density of what was drawn
freely (importance weighting), scaled to sum to 1: the boundary of the class and every
constant cancel. With z the standardized deviate of one quantity, and its new middle and spread a
and b in the same scale, the logarithm of that ratio is, up to a constant,

    z * a / b**2 + z**2 * (1 - 1 / b**2) / 2

so that the weights of a class are an exponential family in (z, z**2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.class_drawing import PLATEAU, REGRESSION, RISE
from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.learning.population import QUANTITIES, Population
from tracker.analysis.library import CourseLibrary

N_QUANTITIES = len(QUANTITIES)
# The one length a class draws from numbers of its own and not from those that are learned.
_OWN_LENGTH = {"late_peak": RISE, "prolonged_plateau": PLATEAU, "slow_regression": REGRESSION}


@dataclass(frozen=True, slots=True, eq=False)
class TiltableLibrary:
    """A library with what its courses were drawn from.

    `statistics`, shape (8, n), holds the deviates z of each of `QUANTITIES` and then their squares; 0 where the class
    does not draw it. `drawn` is the population the library was drawn for, `starts` where each class begins.
    """

    library: CourseLibrary
    drawn: Population
    statistics: NDArray[np.float64]
    starts: NDArray[np.intp]

    def class_sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add values of shape (..., n) up by class, shape (..., n classes)."""
        sums: NDArray[np.float64] = np.add.reduceat(values, self.starts, axis=-1)
        return sums

    def tilt(self, population: Population) -> NDArray[np.float64]:
        """Give the natural parameters of a population, shape (8,): those of z, then those of z**2."""
        middle = (population.middle - self.drawn.middle) / self.drawn.spread
        spread = population.spread / self.drawn.spread
        return np.concatenate([middle / spread**2, (1 - 1 / spread**2) / 2])

    def middle_and_spread(self, tilt: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Turn natural parameters back into middles and spreads, each shape (4,)."""
        variance = 1 / (1 - 2 * tilt[N_QUANTITIES:])
        middle = self.drawn.middle + self.drawn.spread * tilt[:N_QUANTITIES] * variance
        return middle, self.drawn.spread * np.sqrt(variance)

    def within_class(self, tilt: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give each course's prior weight within its class, shape (n,), and the logarithm of each class's scale."""
        exponents = tilt @ self.statistics
        highest = np.maximum.reduceat(exponents, self.starts)
        weights = np.exp(exponents - highest[self.library.class_place])
        sums = self.class_sums(weights)
        return weights / sums[self.library.class_place], np.log(sums) + highest

    def class_means(self, within: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the mean of each statistic in each class under weights within the class, shape (n classes, 8)."""
        return self.class_sums(self.statistics * within).T

    def effective_courses(self, tilt: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give, per class, how many equally weighted courses would say as much under a population."""
        within, _ = self.within_class(tilt)
        return 1 / self.class_sums(within**2)


def tiltable(library: CourseLibrary) -> TiltableLibrary:
    """Find what each course of a library was drawn from."""
    drawn = Population.of_edition(library.edition)
    deviates = np.zeros((N_QUANTITIES, library.n_courses))
    for place, name in enumerate(CLASS_NAMES):
        where = library.of_class(place)
        for row, coordinate in enumerate((RISE, PLATEAU, REGRESSION)):
            if _OWN_LENGTH.get(name) != coordinate:
                deviates[row, where] = library.cubes[place].normal(coordinate)[library.point[where]]
    deviates[-1] = (library.courses.peak_nrs - drawn.middle[-1]) / drawn.spread[-1]
    return TiltableLibrary(
        library=library,
        drawn=drawn,
        statistics=np.concatenate([deviates, deviates**2]),
        starts=np.searchsorted(library.class_place, np.arange(len(CLASS_NAMES))),
    )
