"""Vitamin D results one by one: class, season, and whether a result differs from the one before beyond noise.

A result is classed in the unit reported. For the difference alone both are taken to one unit. On the log scale, a
difference d of two results is noise of two measurements, plus the bias of one assay against the other where the
two are not known to be of one assay, plus the season:

    sd**2 = 2 cv**2 (+ 2 bias**2)        noise from low - z sd to high + z sd

The seasonal difference expected between the two dates is that of the general population, or none at all in
somebody who takes vitamin D: `low` and `high` are the smaller and the larger of the two. What was reported as below or
above a limit is all values on that side. A share below which no difference is ever called a change is a floor to z sd.

References
----------
.. [1] Harris EK, Yasaka T, On the calculation of a "reference change" for comparing two consecutive measurements, Clin
   Chem 1983;29:25-30
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import exp, inf, log, log1p, sqrt

from tracker.analysis.vitamin_d.season import Season, season_log_range, season_of
from tracker.clinical.record import VitaminDResult
from tracker.clinical.reference import Edition
from tracker.clinical.vitamin_d import VitaminDClass, classify_vitamin_d, convert_vitamin_d
from tracker.clinical.vocabulary import Comparator, VitaminDUnit


class Change(StrEnum):
    """What can be said of a result against the one before."""

    HIGHER = "higher"
    LOWER = "lower"
    NO_CHANGE = "no_change_beyond_noise"
    CANNOT_BE_TOLD = "cannot_be_told"


@dataclass(frozen=True, slots=True)
class VitaminDChange:
    """A result against the one before it, as ratios of the later to the earlier.

    `ratio` is that of the two results, None where one is only known to lie below or above a limit; from
    `low_ratio` to `high_ratio` it is noise. `season_ratio` is the one that the season alone leads to expect (of the
    middle days). `same_assay` is whether both are known to be of one assay.
    """

    earlier_row_id: int
    change: Change
    ratio: float | None
    low_ratio: float
    high_ratio: float
    season_ratio: float
    same_assay: bool


@dataclass(frozen=True, slots=True)
class VitaminDReading:
    """One result: its class by the named scheme, its season, and its change against the result before.

    `classified` is None where there is no value, `change` where there is none, or none before it.
    """

    result: VitaminDResult
    classified: VitaminDClass | None
    season: Season
    change: VitaminDChange | None


def read_vitamin_d(results: Iterable[VitaminDResult], edition: Edition) -> tuple[VitaminDReading, ...]:
    """Read a patient's results in time, each against the one with a value before it."""
    readings = []
    earlier: VitaminDResult | None = None
    for result in sorted(results, key=lambda r: (r.visit_date.middle, r.visit_date, r.row_id)):
        has_value = result.value is not None and result.unit is not None
        readings.append(
            VitaminDReading(
                result=result,
                classified=classify_vitamin_d(result, edition),
                season=season_of(result.visit_date),
                change=_change(earlier, result, edition) if has_value and earlier is not None else None,
            )
        )
        earlier = result if has_value else earlier
    return tuple(readings)


def _change(earlier: VitaminDResult, later: VitaminDResult, edition: Edition) -> VitaminDChange:
    same_assay = _same_assay(earlier, later)
    low, high = _noise(earlier, later, edition, same_assay=same_assay)
    lowest, highest = _log_difference(earlier, later, edition)
    before, after = (season_log_range(result.visit_date, edition) for result in (earlier, later))
    return VitaminDChange(
        earlier_row_id=earlier.row_id,
        change=_verdict(lowest, highest, low=low, high=high),
        ratio=exp(lowest) if lowest == highest else None,
        low_ratio=exp(low),
        high_ratio=exp(high),
        season_ratio=exp((sum(after) - sum(before)) / 2),
        same_assay=same_assay,
    )


def _verdict(lowest: float, highest: float, *, low: float, high: float) -> Change:
    if lowest > high:
        return Change.HIGHER
    if highest < low:
        return Change.LOWER
    return Change.NO_CHANGE if low <= lowest and highest <= high else Change.CANNOT_BE_TOLD


def _noise(
    earlier: VitaminDResult, later: VitaminDResult, edition: Edition, *, same_assay: bool
) -> tuple[float, float]:
    """Give the log differences between which there is no change beyond noise."""
    bias = 0.0 if same_assay else edition.value("vitamin_d_bias_share")
    spread = sqrt(2 * (edition.value("vitamin_d_assay_share") ** 2 + bias**2))
    noise = max(edition.value("vitamin_d_change_deviates") * spread, log1p(edition.value("vitamin_d_change_share")))
    before, after = (season_log_range(result.visit_date, edition) for result in (earlier, later))
    return min(0.0, after[0] - before[1]) - noise, max(0.0, after[1] - before[0]) + noise


def _log_difference(earlier: VitaminDResult, later: VitaminDResult, edition: Edition) -> tuple[float, float]:
    """Give the lowest and highest log difference two results can stand for."""
    before, after = _log_range(earlier, edition), _log_range(later, edition)
    return after[0] - before[1], after[1] - before[0]


def _log_range(result: VitaminDResult, edition: Edition) -> tuple[float, float]:
    if result.value is None or result.unit is None:
        raise ValueError(f"the vitamin D result of row {result.row_id} has no value to compare")
    level = log(convert_vitamin_d(result.value, result.unit, VitaminDUnit.NMOL_L, edition))
    return (
        -inf if result.comparator is Comparator.BELOW else level,
        inf if result.comparator is Comparator.ABOVE else level,
    )


def _same_assay(earlier: VitaminDResult, later: VitaminDResult) -> bool:
    """Whether both results name one assay; an assay nobody named may be any."""
    names = [(result.assay or "").strip().casefold() for result in (earlier, later)]
    return bool(names[0]) and names[0] == names[1]
