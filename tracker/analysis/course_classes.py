"""The table of course classes: for each, a named generator from the unit cube.

A generator turns points of the unit cube into courses with the numbers of an
edition; nothing else in the package knows what a class looks like.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.courses import Courses, shape_courses
from tracker.analysis.unit_cube import UnitCube
from tracker.clinical.reference import Edition
from tracker.dates import DAYS_PER_MONTH

ONSET_WITHIN_SPAN, ONSET_RECALL = 0, 1
RISE, PLATEAU, REGRESSION, PEAK, RESIDUAL, RISE_SHAPE, REGRESSION_SHAPE = range(2, 9)

Generator = Callable[[UnitCube, Edition], Courses]


@dataclass(frozen=True, slots=True)
class CourseClass:
    """One kind of course.

    `description` is what a clinician would say; `boundary` is where the class
    ends and why there; `prior_weight` is relative to the other classes of the table.
    """

    name: str
    description: str
    boundary: str
    prior_weight: float
    generate: Generator


def expected_courses(cube: UnitCube, edition: Edition) -> Courses:
    """Draw courses that rise, stay on a plateau and regress as the reference says.

    Phase lengths are log-normal, their central 80 % range as cited; the peak is
    normal, cut to its limits; the residual is 0 in a cited share and otherwise uniform up to
    its cited height, but never above the resolution level, since such a course
    would not be over. The rise is straight to quadratic (exponent 1 to 2), the regression
    straight to cubic (exponent 1 to 3: near an exponential): no source measured a shape,
    so each is uniform over what is plausible.
    """
    resolved = edition.value("resolved_nrs")
    parameters = {
        "rise_days": _log_normal_days(cube, RISE, edition, "rise_months"),
        "plateau_days": _log_normal_days(cube, PLATEAU, edition, "plateau_months"),
        "regression_days": _log_normal_days(cube, REGRESSION, edition, "regression_months"),
        "peak_nrs": _peak_nrs(cube, edition),
        "residual_nrs": _residual_nrs(cube, edition),
        "rise_exponent": 1 + cube.uniform(RISE_SHAPE),
        "regression_exponent": 1 + 2 * cube.uniform(REGRESSION_SHAPE),
    }
    return shape_courses(parameters, resolved_nrs=resolved)


def _log_normal_days(cube: UnitCube, coordinate: int, edition: Edition, name: str) -> NDArray[np.float64]:
    low, high = edition.interval(name)
    middle = log(edition.value(name) * DAYS_PER_MONTH)
    spread = log(high / low) / (2 * NormalDist().inv_cdf(_upper_centile(edition, name)))
    return np.exp(middle + spread * cube.normal(coordinate))


def _upper_centile(edition: Edition, name: str) -> float:
    """Read how much of the distribution lies below the upper end of a central interval."""
    kind = edition[name].interval_kind
    if kind != "central 80 %":
        raise ValueError(f"the interval of {name} must be a 'central 80 %' one, but is '{kind}'")
    return 0.9


def _peak_nrs(cube: UnitCube, edition: Edition) -> NDArray[np.float64]:
    middle, spread = edition.value("peak_nrs"), edition.value("peak_sd_nrs")
    low, high = edition.interval("peak_nrs")
    return middle + spread * cube.normal_between(PEAK, (low - middle) / spread, (high - middle) / spread)


def _residual_nrs(cube: UnitCube, edition: Edition) -> NDArray[np.float64]:
    zero_share = edition.value("residual_zero_share")
    highest = min(edition.value("residual_high_nrs"), edition.value("resolved_nrs"))
    above_zero = np.maximum(cube.uniform(RESIDUAL) - zero_share, 0)
    return above_zero / (1 - zero_share) * highest


COURSE_CLASSES = (
    CourseClass(
        name="expected",
        description="rises, stays on a plateau, regresses",
        boundary=(
            "Ends where the pain never falls to the resolution level: what remains above it is persistent pain, "
            "however small, because resolved must mean the same for everyone."
        ),
        prior_weight=1.0,
        generate=expected_courses,
    ),
)
