"""From a learned population to the numbers of an edition, side by side with the cited ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log

from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.learning.intervals import log_interval, normal_interval, share_interval
from tracker.analysis.learning.population import LENGTHS, NOISES, TENTH_TO_NINETIETH, Population, central_months
from tracker.analysis.learning.uncertainty import Deviations
from tracker.analysis.results import Estimate
from tracker.clinical.edition_file import spread_name
from tracker.clinical.learned import LearnedNumber
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument

_DIGITS = 6
_SPREAD_UNIT = "90th centile over 10th"


@dataclass(frozen=True, slots=True)
class Known:
    """A number with its unit and 95 % interval.

    `width` is how wide the interval is where errors are alike on both sides: for lengths, spreads and noise on a
    logarithmic scale.
    """

    name: str
    unit: str
    value: float
    low95: float
    high95: float
    width: float


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
            found.append(_known_by_log(name, "months", median, float(self.deviations.middle[place])))
            # a ratio is not below 1, and its logarithm is the spread in another unit
            log_ratio = float(self.population.spread[place]) * TENTH_TO_NINETIETH
            known = _known_by_log(spread_name(name), _SPREAD_UNIT, log_ratio, float(self.deviations.log_spread[place]))
            found.append(replace(known, value=high / low, low95=exp(known.low95), high95=exp(known.high95)))
        return found

    def _peak(self, edition: Edition) -> list[Known]:
        middle, deviation = float(self.population.middle[-1]), float(self.deviations.middle[-1])
        low, high = normal_interval(middle, deviation)
        spread, log_deviation = float(self.population.spread[-1]), float(self.deviations.log_spread[-1])
        return [
            Known("peak_nrs", edition["peak_nrs"].unit, middle, low, high, high - low),
            _known_by_log("peak_sd_nrs", edition["peak_sd_nrs"].unit, spread, log_deviation),
        ]

    def _shares(self, edition: Edition) -> list[Known]:
        found = []
        for place, name in enumerate(f"{name}_share" for name in CLASS_NAMES):
            share, deviation = float(self.population.shares[place]), float(self.deviations.shares[place])
            low, high = share_interval(share, deviation)
            found.append(Known(name, edition[name].unit, share, low, high, high - low))
        return found

    def _noises(self, edition: Edition) -> list[Known]:
        return [
            _known_by_log(
                name, edition[name].unit, float(self.population.noise[place]), float(self.deviations.log_noise[place])
            )
            for place, (instrument, name) in enumerate(NOISES.items())
            if instrument in self.instruments
        ]


def _known_by_log(name: str, unit: str, value: float, log_deviation: float) -> Known:
    low, high = log_interval(value, log_deviation)
    return Known(name, unit, value, low, high, log(high / low))


def side_by_side(cited: KnownPopulation, learned: KnownPopulation, edition: Edition) -> tuple[LearnedNumber, ...]:
    """Set each learned number beside the cited one, rounded to 6 digits.

    A number is still from the reference by the rule of a single patient's unknowns: hardly narrowed (the edition's
    ``narrowing_little``), and hardly moved (``shift_little``).
    """
    found = []
    for before, after in zip(cited.numbers(edition), learned.numbers(edition), strict=True):
        narrowing = 1 - after.width / before.width
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
