"""From points of the unit cube to the parameters that courses share, with an edition's numbers."""

from __future__ import annotations

from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.courses import Parameters
from tracker.analysis.unit_cube import Points
from tracker.clinical.reference import Edition
from tracker.dates import DAYS_PER_MONTH

ONSET_WITHIN_SPAN, ONSET_RECALL = 0, 1
RISE, PLATEAU, REGRESSION, PEAK, RESIDUAL, RISE_SHAPE, REGRESSION_SHAPE = range(2, 9)
FIRST_OWN, SECOND_OWN, THIRD_OWN = range(9, 12)  # what they mean is the class's own


def expected_parameters(points: Points, edition: Edition) -> Parameters:
    """Draw courses that rise, stay on a plateau and regress as the reference says.

    Phase lengths are log-normal, their central 80 % range as cited; the peak is
    normal, cut to its limits; the residual is 0 in a cited share and otherwise uniform up to
    its cited height, but never above the resolution level, since such a course
    would not be over. The rise is straight to quadratic (exponent 1 to 2), the regression
    straight to cubic (exponent 1 to 3: near an exponential) or, in a cited share, two-speed: no source
    measured a shape, so each is uniform over what is plausible.
    """
    return {
        "rise_days": _log_normal_days(points, RISE, edition, "rise_months"),
        "plateau_days": _log_normal_days(points, PLATEAU, edition, "plateau_months"),
        "regression_days": _log_normal_days(points, REGRESSION, edition, "regression_months"),
        "peak_nrs": peak_nrs(points, PEAK, edition),
        "residual_nrs": _residual_nrs(points, edition),
        "rise_exponent": 1 + points.uniform(RISE_SHAPE),
        **_regression_shape(points, edition),
    }


def peak_nrs(points: Points, coordinate: int, edition: Edition, *, least: float = 0.0) -> NDArray[np.float64]:
    """Draw peaks: normal, cut to the cited limits and at `least`."""
    middle, spread = edition.value("peak_nrs"), edition.value("peak_sd_nrs")
    low, high = edition.interval("peak_nrs")
    return middle + spread * points.normal_between(
        coordinate, (max(low, least) - middle) / spread, (high - middle) / spread
    )


def between(points: Points, coordinate: int, edition: Edition, name: str) -> NDArray[np.float64]:
    """Draw uniformly between the cited limits of a number, in its unit."""
    low, high = _limits(edition, name)
    return low + (high - low) * points.uniform(coordinate)


def log_between_days(points: Points, coordinate: int, edition: Edition, name: str) -> NDArray[np.float64]:
    """Draw log-uniformly between the cited limits of a number of months, in days."""
    low, high = _limits(edition, name)
    days: NDArray[np.float64] = low * DAYS_PER_MONTH * np.exp(log(high / low) * points.uniform(coordinate))
    return days


def _limits(edition: Edition, name: str) -> tuple[float, float]:
    _check_kind(edition, name, "limits")
    return edition.interval(name)


def _log_normal_days(points: Points, coordinate: int, edition: Edition, name: str) -> NDArray[np.float64]:
    low, high = edition.interval(name)
    middle = log(edition.value(name) * DAYS_PER_MONTH)
    spread = log(high / low) / (2 * NormalDist().inv_cdf(_upper_centile(edition, name)))
    days: NDArray[np.float64] = np.exp(middle + spread * points.normal(coordinate))
    return days


def _upper_centile(edition: Edition, name: str) -> float:
    """Read how much of the distribution lies below the upper end of a central interval."""
    _check_kind(edition, name, "central 80 %")
    return 0.9


def _check_kind(edition: Edition, name: str, wanted: str) -> None:
    kind = edition[name].interval_kind
    if kind != wanted:
        raise ValueError(f"the interval of {name} must be a '{wanted}' one, but is '{kind}'")


def _residual_nrs(points: Points, edition: Edition) -> NDArray[np.float64]:
    zero_share = edition.value("residual_zero_share")
    highest = min(edition.value("residual_high_nrs"), edition.value("resolved_nrs"))
    above_zero = np.maximum(points.uniform(RESIDUAL) - zero_share, 0)
    return above_zero / (1 - zero_share) * highest


def _regression_shape(points: Points, edition: Edition) -> Parameters:
    """Divide one coordinate: below the cited share two-speed, above it straight to cubic."""
    shape, two_speed_share = points.uniform(REGRESSION_SHAPE), edition.value("two_speed_share")
    low, high = _limits(edition, "two_speed_slow_share")
    is_two_speed = shape < two_speed_share
    curved = np.maximum(shape - two_speed_share, 0) / (1 - two_speed_share)
    return {
        "regression_exponent": 1 + 2 * curved,
        "regression_fast_share": np.where(is_two_speed, edition.value("two_speed_fast_share"), 1.0),
        "regression_slow_share": np.where(is_two_speed, low + (high - low) * shape / two_speed_share, 0.0),
    }
