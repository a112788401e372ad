"""Vitamin D classes: a named scheme, in the unit the laboratory reported.

Classes are half-open: deficient below the first cut-off, insufficient from the
first to below the second, sufficient from the second on. Each unit has its own
cut-offs; a converted value on the edge would change class.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from tracker.clinical.record import VitaminDResult
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Comparator, VitaminDUnit

# October to March, the half-year between the equinoxes in which levels run lower; the northern hemisphere is assumed.
WINTER_MONTHS = (10, 11, 12, 1, 2, 3)
_SUFFIX = {VitaminDUnit.NG_ML: "ng_ml", VitaminDUnit.UG_L: "ng_ml", VitaminDUnit.NMOL_L: "nmol_l"}


class VitaminDStatus(StrEnum):
    """Class of a result; `undecidable` where a `<` or `>` result spans a cut-off."""

    DEFICIENT = "deficient"
    INSUFFICIENT = "insufficient"
    SUFFICIENT = "sufficient"
    UNDECIDABLE = "undecidable"


@dataclass(frozen=True, slots=True)
class VitaminDLimits:
    """Cut-offs of a scheme in one unit: deficient below the one, sufficient from the other on."""

    scheme: str
    unit: VitaminDUnit
    deficient: float
    sufficient: float


@dataclass(frozen=True, slots=True)
class VitaminDClass:
    """Class of one result and the limits it was judged by.

    `possible` holds the one class, or all that an undecidable result can be.
    """

    status: VitaminDStatus
    possible: tuple[VitaminDStatus, ...]
    limits: VitaminDLimits

    def in_words(self) -> str:
        """Write the class with its scheme: ``deficient (Endocrine Society 2011)``."""
        said = str(self.status)
        if self.status is VitaminDStatus.UNDECIDABLE:
            said = f"{' or '.join(self.possible)}, cannot be decided"
        return f"{said} ({self.limits.scheme})"


def vitamin_d_limits(unit: VitaminDUnit, edition: Edition) -> VitaminDLimits:
    """Give the cut-offs for results in `unit`; the first source of the number names the scheme."""
    deficient = edition[f"vitamin_d_deficient_{_SUFFIX[unit]}"]
    return VitaminDLimits(
        scheme=edition.sources[deficient.sources[0]].label,
        unit=unit,
        deficient=deficient.value,
        sufficient=edition.value(f"vitamin_d_sufficient_{_SUFFIX[unit]}"),
    )


def classify_vitamin_d(result: VitaminDResult, edition: Edition) -> VitaminDClass | None:
    """Class a result in the unit reported; None where there is no value.

    ``<10`` is every value below 10, ``>30`` every value above 30: the class is
    given where all of them share one, else it is undecidable.
    """
    if result.value is None or result.unit is None:
        return None
    limits = vitamin_d_limits(result.unit, edition)
    possible = _possible(result.value, result.comparator, limits)
    status = possible[0] if len(possible) == 1 else VitaminDStatus.UNDECIDABLE
    return VitaminDClass(status, possible, limits)


def convert_vitamin_d(value: float, unit: VitaminDUnit, wanted: VitaminDUnit, edition: Edition) -> float:
    """Give a value in another unit, to draw results of two laboratories on one axis; never to class it."""
    if _SUFFIX[unit] == _SUFFIX[wanted]:
        return value
    factor = edition.value("vitamin_d_nmol_per_ng")
    return value * factor if wanted is VitaminDUnit.NMOL_L else value / factor


def _possible(value: float, comparator: Comparator | None, limits: VitaminDLimits) -> tuple[VitaminDStatus, ...]:
    classes = (
        (VitaminDStatus.DEFICIENT, -inf, limits.deficient),
        (VitaminDStatus.INSUFFICIENT, limits.deficient, limits.sufficient),
        (VitaminDStatus.SUFFICIENT, limits.sufficient, inf),
    )
    if comparator is Comparator.BELOW:
        return tuple(status for status, low, _ in classes if low < value)
    if comparator is Comparator.ABOVE:
        return tuple(status for status, _, high in classes if high > value)
    return tuple(status for status, low, high in classes if low <= value < high)
