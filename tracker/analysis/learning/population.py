"""What is learned of a population of episodes, as arrays: middles and spreads, shares of the classes, noise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.likelihood import ScoreNoise
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument

LENGTHS = ("rise_months", "plateau_months", "regression_months")
QUANTITIES = (*LENGTHS, "peak_nrs")
NOISES = {Instrument.NRS: "score_noise_sd_nrs", Instrument.VAS: "vas_noise_sd_mm"}
TENTH_TO_NINETIETH = 2 * NormalDist().inv_cdf(0.9)


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """The learned numbers in the units they are learned in.

    `middle` and `spread`, shape (4,), are mean and standard deviation of each of `QUANTITIES` before a class's
    boundary cuts it: of the logarithm of months for the three lengths, of NRS points for the peak.
    `shares`, shape (8,), are those of the classes and sum to 1. `noise`, shape (2,), holds the
    standard deviation of one score up to mid-scale: NRS points, VAS mm.
    """

    middle: NDArray[np.float64]
    spread: NDArray[np.float64]
    shares: NDArray[np.float64]
    noise: NDArray[np.float64]

    @classmethod
    def of_edition(cls, edition: Edition) -> Population:
        """Take the numbers of an edition."""
        ends = [edition.interval(name) for name in LENGTHS]
        shares = np.array([edition.value(f"{name}_share") for name in CLASS_NAMES])
        return cls(
            middle=np.array([*(log(edition.value(name)) for name in LENGTHS), edition.value("peak_nrs")]),
            spread=np.array(
                [*(log(high / low) / TENTH_TO_NINETIETH for low, high in ends), edition.value("peak_sd_nrs")]
            ),
            shares=shares / shares.sum(),
            noise=np.array([edition.value(name) for name in NOISES.values()]),
        )

    def score_noise(self, edition: Edition) -> ScoreNoise:
        """Give the noise of scores; what is not learned of it is the edition's."""
        cited = ScoreNoise.of_edition(edition)
        sd_nrs, sd_mm = self.noise.tolist()
        return ScoreNoise(sd_nrs, sd_mm, cited.slope, cited.middle_nrs, cited.gross_share)


def edition_of(population: Population, edition: Edition) -> Edition:
    """Give an edition with the numbers of a population in place of its own, to draw a library from; in memory only."""
    numbers = dict(edition.numbers)
    for place, name in enumerate(LENGTHS):
        low, middle, high = central_months(population, place)
        numbers[name] = replace(numbers[name], value=middle, interval=(low, high))
    values = {"peak_nrs": population.middle[-1], "peak_sd_nrs": population.spread[-1]}
    values |= {f"{name}_share": share for name, share in zip(CLASS_NAMES, population.shares, strict=True)}
    values |= dict(zip(NOISES.values(), population.noise, strict=True))
    for name, value in values.items():
        numbers[name] = replace(numbers[name], value=float(value))
    return replace(edition, numbers=numbers)


def central_months(population: Population, place: int) -> tuple[float, float, float]:
    """Give the 10th centile, the median and the 90th centile of a length, in months."""
    middle, half = population.middle[place], population.spread[place] * TENTH_TO_NINETIETH / 2
    low, median, high = np.exp([middle - half, middle, middle + half]).tolist()
    return low, median, high
