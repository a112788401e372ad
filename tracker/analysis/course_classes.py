"""The table of course classes: for each, a named generator from the unit cube.

A generator turns points of the unit cube into the parameters of courses with the numbers of an
edition; nothing else in the package knows what a class looks like. Each atypical class
leaves the expected course in one way only. Draws beyond the boundary of their class are
left out of the library by `within_boundary`, so that no course belongs to two classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.class_drawing import (
    FIRST_OWN,
    PEAK,
    PLATEAU,
    REGRESSION,
    RESIDUAL,
    RISE,
    SECOND_OWN,
    THIRD_OWN,
    between,
    expected_parameters,
    log_between_days,
    peak_nrs,
)
from tracker.analysis.courses import Courses, Parameters, day_of_level, shape_courses
from tracker.analysis.unit_cube import Points
from tracker.clinical.reference import Edition
from tracker.dates import DAYS_PER_MONTH

EXPECTED = "expected"
RELAPSE = "relapse"

Generator = Callable[[Points, Edition], Parameters]


@dataclass(frozen=True, slots=True)
class CourseClass:
    """One kind of course.

    `description` is what a clinician would say; `boundary` is where the class
    ends and why there. The edition holds the prior weight as ``<name>_share``.
    """

    name: str
    description: str
    boundary: str
    parameters: Generator

    def generate(self, points: Points, edition: Edition) -> Courses:
        """Draw one course per point, those beyond the boundary included."""
        return shape_courses(self.parameters(points, edition), resolved_nrs=edition.value("resolved_nrs"))

    def within_boundary(self, courses: Courses, edition: Edition) -> NDArray[np.bool_]:
        """Say which courses keep to the class, shape (n,): at most one length is atypical, and in its own class."""
        limits = {
            "rise_days": ("late_peak", edition.interval("late_peak_months")[0]),
            "plateau_days": ("prolonged_plateau", edition.interval("prolonged_plateau_months")[0]),
            "regression_days": ("slow_regression", edition.interval("slow_regression_months")[0]),
        }
        kept = np.ones(len(courses.peak_nrs), dtype=np.bool_)
        for length, (owner, months) in limits.items():
            if owner != self.name:
                kept &= getattr(courses, length) <= months * DAYS_PER_MONTH
        earliest = edition.interval("early_resolution_months")[1] * DAYS_PER_MONTH
        return kept if self.name == "early_resolution" else kept & (courses.resolution_days > earliest)


def early_resolution(points: Points, edition: Edition) -> Parameters:
    """Draw expected courses, all three lengths shortened alike so that they are over on an early day."""
    parameters = expected_parameters(points, edition)
    wanted = log_between_days(points, FIRST_OWN, edition, "early_resolution_months")
    shorter = np.minimum(wanted / day_of_level(parameters, edition.value("resolved_nrs")), 1)
    return parameters | {name: parameters[name] * shorter for name in ("rise_days", "plateau_days", "regression_days")}


def late_peak(points: Points, edition: Edition) -> Parameters:
    """Draw courses whose rise alone takes longer than expected."""
    return expected_parameters(points, edition) | {
        "rise_days": log_between_days(points, RISE, edition, "late_peak_months")
    }


def prolonged_plateau(points: Points, edition: Edition) -> Parameters:
    """Draw courses whose plateau alone lasts longer than expected."""
    return expected_parameters(points, edition) | {
        "plateau_days": log_between_days(points, PLATEAU, edition, "prolonged_plateau_months")
    }


def slow_regression(points: Points, edition: Edition) -> Parameters:
    """Draw courses whose regression alone takes longer than expected."""
    return expected_parameters(points, edition) | {
        "regression_days": log_between_days(points, REGRESSION, edition, "slow_regression_months")
    }


def persistent_pain(points: Points, edition: Edition) -> Parameters:
    """Draw courses that regress to a share of the peak and stay there."""
    parameters = _high_enough(points, edition)
    share = between(points, RESIDUAL, edition, "persistent_residual_share")
    return parameters | {"residual_nrs": share * parameters["peak_nrs"]}


def relapse(points: Points, edition: Edition) -> Parameters:
    """Draw courses with a second rise after enough of the pain had gone; its lengths are a share of the first ones."""
    parameters = _high_enough(points, edition)
    peak, residual = parameters["peak_nrs"], parameters["residual_nrs"]
    gone = day_of_level(parameters, (1 - edition.value("relapse_gone_share")) * peak)
    start = gone + between(points, FIRST_OWN, edition, "relapse_gap_months") * DAYS_PER_MONTH
    first = shape_courses(parameters, resolved_nrs=edition.value("resolved_nrs"))
    low = np.maximum(first.levels(start.astype(np.float32)).astype(np.float64), residual)
    least = low + edition.value("relapse_rise_nrs")
    share = between(points, THIRD_OWN, edition, "relapse_length_share")
    return parameters | {
        "second_start_days": start,
        "second_low_nrs": low,
        "second_peak_nrs": least + points.uniform(SECOND_OWN) * np.maximum(peak - least, 0),
        **{f"second_{name}": share * parameters[name] for name in ("rise_days", "plateau_days", "regression_days")},
    }


def fluctuating(points: Points, edition: Edition) -> Parameters:
    """Draw expected courses that swing: every trough takes away a share of the level."""
    parameters = _high_enough(points, edition)
    peak = parameters["peak_nrs"]
    least, most = edition.value("swing_nrs") / peak, edition.value("swing_most_share")
    return parameters | {
        "swing_share": least + points.uniform(SECOND_OWN) * np.maximum(most - least, 0),
        "swing_period_days": log_between_days(points, FIRST_OWN, edition, "swing_period_months"),
        "swing_offset": points.uniform(THIRD_OWN),
    }


def _high_enough(points: Points, edition: Edition) -> Parameters:
    least = edition.value("atypical_peak_least_nrs")
    return expected_parameters(points, edition) | {"peak_nrs": peak_nrs(points, PEAK, edition, least=least)}


COURSE_CLASSES = (
    CourseClass(
        name=EXPECTED,
        description="rises, stays on a plateau, regresses",
        boundary=(
            "Ends where a length passes the lower limit of late peak, prolonged plateau or slow regression, where it "
            "is over within three months, and where the pain never falls to the resolution level: what remains above "
            "it is persistent pain, however small, because resolved must mean the same for everyone."
        ),
        parameters=expected_parameters,
    ),
    CourseClass(
        name="early_resolution",
        description="over within three months",
        boundary="Ends at three months from onset to resolution, before which no course of expected lengths is over.",
        parameters=early_resolution,
    ),
    CourseClass(
        name="late_peak",
        description="still worsening after the time a plateau is due",
        boundary=(
            "Begins at a rise of three months, beyond what 3 of 1000 expected rises take; plateau and regression are "
            "as expected."
        ),
        parameters=late_peak,
    ),
    CourseClass(
        name="prolonged_plateau",
        description="no regression when it is due",
        boundary=(
            "Begins at a plateau of three months, beyond what 3 of 1000 expected plateaus take; against a late peak: "
            "the pain has stopped worsening."
        ),
        parameters=prolonged_plateau,
    ),
    CourseClass(
        name="slow_regression",
        description="regresses, but over 10 to 30 months",
        boundary=(
            "Begins at a regression of ten months, beyond what 17 of 1000 expected ones take; against persistent pain: "
            "it falls to the resolution level in the end."
        ),
        parameters=slow_regression,
    ),
    CourseClass(
        name="persistent_pain",
        description="regresses to a third to two thirds of the peak and stays",
        boundary=(
            "Ends at a third of the peak: pain that stays lower but above the resolution level is in no class, and is "
            "read as whichever fits better; above two thirds it has not regressed, and is a prolonged plateau."
        ),
        parameters=persistent_pain,
    ),
    CourseClass(
        name=RELAPSE,
        description="second rise at the same site after at least half of the pain had gone",
        boundary="Begins where half of the peak had gone before the second rise; a smaller dip is fluctuation.",
        parameters=relapse,
    ),
    CourseClass(
        name="fluctuating",
        description="repeated swings of two points or more",
        boundary="Ends at a swing of half the peak, where a relapse begins; below two points it is noise of scores.",
        parameters=fluctuating,
    ),
)
CLASS_NAMES = tuple(course_class.name for course_class in COURSE_CLASSES)
