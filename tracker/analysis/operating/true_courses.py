"""True courses to be judged by: smooth, asymmetric, and of no shape the course library can draw.

What kind a course is, and how long its phases take, is drawn as the course edition says, class by
class; `mixed` leaves the expected course in two ways at once and so fits no class. How the level gets from phase
to phase is taken from a second file of numbers (``simulated_follow_up_v1.toml``):

    rise       logistic
    decline    exp(-(t / scale)**shape), or the sum of a fast and a slow exponential
    swings     a cosine
    all joins  smoothed by a normal kernel

Lengths mean the same as in the library: the decline passes 80 % and 20 % of its height when a straight
one does. Resolution and departure are those of the smooth level. Randomness arrives as `rng`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, inf, pi

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.class_drawing import THIRD_OWN
from tracker.analysis.course_classes import COURSE_CLASSES, EXPECTED, RELAPSE
from tracker.analysis.courses import Courses
from tracker.analysis.unit_cube import UnitCube
from tracker.clinical.reference import Edition
from tracker.dates import DAYS_PER_MONTH

MIXED = "mixed"
EARLY_RESOLUTION, PERSISTENT_PAIN = "early_resolution", "persistent_pain"
# A mixed course takes one length from one class and the rest from another.
_MIXED_LENGTHS = {"late_peak": "rise_days", "prolonged_plateau": "plateau_days", "slow_regression": "regression_days"}
_MIXED_WITH = (PERSISTENT_PAIN, "fluctuating")
KINDS = (*(course_class.name for course_class in COURSE_CLASSES), MIXED)

_UPPER_CROSSING, _LOWER_CROSSING = 0.8, 0.2
_KERNEL_WIDTHS = 4
_DECLINE_GRID = np.linspace(
    0, 10, 2001
)  # in units of a shape's own scale; every shape is below the lower crossing by 10
_N_STRATA = 1 << 12

Levels = NDArray[np.float64]
_Lengths = dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class TrueCourse:
    """One course: what kind it is and its smooth level, NRS points, on each day since onset, shape (n_days,).

    `departure_day` is the first day on which it differs from the typical course it would have been by as much
    as counts, `resolution_day` the first after which it stays at or below the resolution level; both since onset,
    infinite for never.
    """

    kind: str
    levels: Levels
    departure_day: float
    resolution_day: float

    @property
    def is_typical(self) -> bool:
        """Whether it is of the expected kind."""
        return self.kind == EXPECTED


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one course declines and rises: numbers of the second file, drawn."""

    weibull_shape: float
    two_speed_weight: float
    two_speed_ratio: float
    is_two_speed: bool
    rise_scale: float
    join_sd_days: float
    residual_nrs: float

    def left(self, passed: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what is left of the height after a time in units of the shape's own."""
        if not self.is_two_speed:
            left: NDArray[np.float64] = np.exp(-(passed**self.weibull_shape))
            return left
        fast, slow = np.exp(-passed), np.exp(-passed / self.two_speed_ratio)
        return self.two_speed_weight * fast + (1 - self.two_speed_weight) * slow


def draw_true_courses(
    kind: str, edition: Edition, habits: Edition, *, n_courses: int, rng: np.random.Generator
) -> tuple[TrueCourse, ...]:
    """Draw courses of one kind that are of it by their smooth level too.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    edition : Edition
        What makes a kind, and how long its phases take.
    habits : Edition
        The numbers of shapes.
    n_courses : int
        How many.
    rng : numpy.random.Generator
        Advanced by the call.
    """
    found: list[TrueCourse] = []
    while len(found) < n_courses:
        own, typical = _mixed(edition, rng) if kind == MIXED else _drawn(kind, edition, rng)
        for place in range(min(2 * (n_courses - len(found)), len(own.peak_nrs))):
            course = _true_course(kind, (_row(own, place), _row(typical, place)), (edition, habits), rng)
            if _is_of_its_kind(course, edition):
                found.append(course)
    return tuple(found[:n_courses])


def _drawn(kind: str, edition: Edition, rng: np.random.Generator) -> tuple[Courses, Courses]:
    """Draw courses of a class of the edition, and the typical ones they would have been: drawn from the same points."""
    cube = UnitCube(rng.permuted(np.tile(np.arange(_N_STRATA, dtype=np.uint16), (THIRD_OWN + 1, 1)), axis=1))
    (course_class,) = (one for one in COURSE_CLASSES if one.name == kind)
    courses = course_class.generate(cube, edition)
    kept = np.flatnonzero(course_class.within_boundary(courses, edition))
    return courses.taken(kept), COURSE_CLASSES[0].generate(cube, edition).taken(kept)


def _mixed(edition: Edition, rng: np.random.Generator) -> tuple[Courses, Courses]:
    """Draw courses of one class with a length of another, and the typical ones they would have been."""
    drawn = [_drawn(kind, edition, rng) for kind in _MIXED_WITH]
    n_each = min(len(own.peak_nrs) for own, _ in drawn)
    first, second = ([pair[side].taken(slice(0, n_each)) for pair in drawn] for side in (0, 1))
    mixed, typical = first[0].joined(first[1]), second[0].joined(second[1])
    length_of = rng.integers(len(_MIXED_LENGTHS), size=2 * n_each)
    for number, (kind, length) in enumerate(_MIXED_LENGTHS.items()):
        longer, values = getattr(_drawn(kind, edition, rng)[0], length), getattr(mixed, length).copy()
        chosen = np.flatnonzero(length_of == number)
        values[chosen] = rng.choice(longer, size=chosen.size)
        mixed = replace(mixed, **{length: values})
    order = rng.permutation(2 * n_each)
    return mixed.taken(order), typical.taken(order)


def _row(courses: Courses, place: int) -> _Lengths:
    return {name: float(getattr(courses, name)[place]) for name in Courses.__dataclass_fields__}


def _true_course(
    kind: str, rows: tuple[_Lengths, _Lengths], editions: tuple[Edition, Edition], rng: np.random.Generator
) -> TrueCourse:
    """Shape a course and the typical one it would have been: same peak, same shape, all else typical."""
    edition, habits = editions
    own, typical = rows
    shape = _shape(habits, rng)
    levels = _levels(own, shape, edition)
    twin = levels if kind == EXPECTED else _levels(typical | {"peak_nrs": own["peak_nrs"]}, shape, edition)
    departed = np.flatnonzero(np.abs(levels - twin) >= habits.value("departure_nrs"))
    above = np.flatnonzero(levels > edition.value("resolved_nrs"))
    return TrueCourse(
        kind=kind,
        levels=levels,
        departure_day=float(departed[0]) if departed.size else inf,
        resolution_day=float(above[-1] + 1) if above[-1] + 1 < len(levels) else inf,
    )


def _shape(habits: Edition, rng: np.random.Generator) -> _Shape:
    return _Shape(
        weibull_shape=rng.uniform(*habits.interval("weibull_shape")),
        two_speed_weight=rng.uniform(*habits.interval("two_speed_weight")),
        two_speed_ratio=rng.uniform(*habits.interval("two_speed_ratio")),
        is_two_speed=bool(rng.random() < habits.value("two_speed_true_share")),
        rise_scale=habits.value("rise_scale_share"),
        join_sd_days=habits.value("join_sd_days"),
        residual_nrs=habits.value("true_residual_nrs"),
    )


def _levels(row: _Lengths, shape: _Shape, edition: Edition) -> Levels:
    """Give the smooth level on every day up to the edition's horizon."""
    day = np.arange(round(edition.value("horizon_months") * DAYS_PER_MONTH), dtype=np.float64)
    resolved, peak = edition.value("resolved_nrs"), row["peak_nrs"]
    persists = row["residual_nrs"] > resolved
    residual = row["residual_nrs"] if persists else row["residual_nrs"] / resolved * shape.residual_nrs
    plateau_end = row["rise_days"] + row["plateau_days"]
    fallen = residual + (peak - residual) * _left(day - plateau_end, row["regression_days"], shape)
    levels = _risen(day, row["rise_days"], shape) * fallen
    if row["swing_share"]:
        turns = 2 * pi * (day / row["swing_period_days"] + row["swing_offset"])
        levels *= 1 - row["swing_share"] * (1 + np.cos(turns)) / 2
    if row["second_start_days"] < inf:
        since = day - row["second_start_days"]
        second_end = row["second_rise_days"] + row["second_plateau_days"]
        second = _risen(since, row["second_rise_days"], shape) * (
            residual
            + (row["second_peak_nrs"] - residual) * _left(since - second_end, row["second_regression_days"], shape)
        )
        levels = np.maximum(levels, second)
    return _smoothed(levels, shape.join_sd_days)


def _risen(since: Levels, rise_days: float, shape: _Shape) -> Levels:
    """Give the share of the peak reached so many days after the rise began: logistic, and 0 before it."""
    middle, scale = rise_days / 2, shape.rise_scale * rise_days
    begin = 1 / (1 + exp(middle / scale))
    with np.errstate(over="ignore"):
        logistic = 1 / (1 + np.exp((middle - since) / scale))
    return np.maximum((logistic - begin) / (1 - begin), 0)


def _left(since: Levels, regression_days: float, shape: _Shape) -> Levels:
    """Give the share of the height left after the plateau; it crosses 80 % and 20 % when a straight line does."""
    curve = shape.left(_DECLINE_GRID)
    upper, lower = np.interp([-_UPPER_CROSSING, -_LOWER_CROSSING], -curve, _DECLINE_GRID).tolist()
    unit = (_UPPER_CROSSING - _LOWER_CROSSING) * regression_days / (lower - upper)
    start = _LOWER_CROSSING * regression_days - upper * unit
    return shape.left(np.maximum(since - start, 0) / unit)


def _smoothed(levels: Levels, sd_days: float) -> Levels:
    reach = round(_KERNEL_WIDTHS * sd_days)
    kernel = np.exp(-((np.arange(-reach, reach + 1) / sd_days) ** 2) / 2)
    padded = np.concatenate([np.zeros(reach), levels, np.full(reach, levels[-1])])
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")


def _is_of_its_kind(course: TrueCourse, edition: Edition) -> bool:
    """Hold the smooth course to the boundaries that can be seen on it: when it is over, and for a relapse the dip."""
    earliest = edition.interval("early_resolution_months")[1] * DAYS_PER_MONTH
    if course.kind == EARLY_RESOLUTION:
        return course.resolution_day <= earliest
    if course.kind == RELAPSE:
        return _dips(course.levels, edition)
    return course.resolution_day > earliest and (course.resolution_day < inf or not course.is_typical)


def _dips(levels: Levels, edition: Edition) -> bool:
    """Say whether a level falls by the share of its peak that makes a relapse, and rises again by as much as counts."""
    peak = int(np.argmax(levels))
    low = np.minimum.accumulate(levels[peak:])
    rises = levels[peak:] - low >= edition.value("relapse_rise_nrs")
    gone = low <= (1 - edition.value("relapse_gone_share")) * levels[peak]
    return bool(np.any(rises & gone))
