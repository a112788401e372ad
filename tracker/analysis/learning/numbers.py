"""From a learned population to the numbers of an edition, side by side with the cited ones."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.learning.intervals import log_interval, normal_interval, share_interval
from tracker.analysis.learning.population import LENGTHS, NOISES, TENTH_TO_NINETIETH, Population, central_months
from tracker.analysis.learning.uncertainty import Deviations
from tracker.analysis.results import Estimate
from tracker.clinical.learned import LearnedNumber
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument

_DIGITS = 6
_SPREAD_UNIT = "90th centile over 10th"


@dataclass(frozen=True, slots=True)
class Known:
    """A number with its unit and 95 % interval."""

    name: str
    unit: str
    value: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True, eq=False)
class KnownPopulation:
    """A population, how well it is known, and which instruments were read (no other noise is learned)."""

    population: Population
    deviations: Deviations
    instruments: frozenset[Instrument]

    def numbers(self, edition: Edition) -> tuple[Known, ...]:
        """Give every learned number with its interval, in the unit of its edition."""
        return (*self._lengths(), *self._peak(edition), *self._shares(edition), *self._noises(edition))

    def _lengths(self) -> list[Known]:
        found = []
        for place, name in enumerate(LENGTHS):
            low, median, high = central_months(self.population, place)
            ends = log_interval(median, self.deviations.middle[place])
            found.append(Known(name, "months", median, *ends))
            # the interval of a ratio above 1 is that of its logarithm, which is the spread in another unit
            spread = self.population.spread[place] * TENTH_TO_NINETIETH
            least, most = log_interval(spread, self.deviations.log_spread[place])
            found.append(Known(spread_name(name), _SPREAD_UNIT, high / low, exp(least), exp(most)))
        return found

    def _peak(self, edition: Edition) -> list[Known]:
        middle, spread = float(self.population.middle[-1]), float(self.population.spread[-1])
        return [
            Known("peak_nrs", edition["peak_nrs"].unit, middle, *normal_interval(middle, self.deviations.middle[-1])),
            Known(
                "peak_sd_nrs",
                edition["peak_sd_nrs"].unit,
                spread,
                *log_interval(spread, self.deviations.log_spread[-1]),
            ),
        ]

    def _shares(self, edition: Edition) -> list[Known]:
        found = []
        for place, name in enumerate(f"{name}_share" for name in CLASS_NAMES):
            share, deviation = float(self.population.shares[place]), float(self.deviations.shares[place])
            found.append(Known(name, edition[name].unit, share, *share_interval(share, deviation)))
        return found

    def _noises(self, edition: Edition) -> list[Known]:
        found = []
        for place, (instrument, name) in enumerate(NOISES.items()):
            if instrument in self.instruments:
                noise = float(self.population.noise[place])
                ends = log_interval(noise, self.deviations.log_noise[place])
                found.append(Known(name, edition[name].unit, noise, *ends))
        return found


def spread_name(length: str) -> str:
    """Name the spread of a length: ``rise_spread`` for ``rise_months``."""
    return length.replace("_months", "_spread")


def side_by_side(cited: KnownPopulation, learned: KnownPopulation, edition: Edition) -> tuple[LearnedNumber, ...]:
    """Set each learned number beside the cited one, rounded to 6 digits.

    A number is still from the reference by the rule of a single patient's unknowns: hardly narrowed (the edition's
    ``narrowing_little``), and hardly moved (``shift_little``).
    """
    found = []
    for before, after in zip(cited.numbers(edition), learned.numbers(edition), strict=True):
        narrowing = 1 - (after.high95 - after.low95) / (before.high95 - before.low95)
        estimate = Estimate(
            median=after.value,
            low95=after.low95,
            high95=after.high95,
            reference_median=before.value,
            reference_low95=before.low95,
            reference_high95=before.high95,
            narrowing=narrowing,
        )
        found.append(
            LearnedNumber(
                name=after.name,
                unit=after.unit,
                cited=_rounded(before.value),
                value=_rounded(after.value),
                low95=_rounded(after.low95),
                high95=_rounded(after.high95),
                narrowing=round(narrowing, 3),
                from_reference=estimate.from_reference(
                    below=edition.value("narrowing_little"), within=edition.value("shift_little")
                ),
            )
        )
    return tuple(found)


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
