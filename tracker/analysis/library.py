"""The course library: the prior, drawn once, the same draws for every patient.

Every fit is a weighted vote of these courses. What depends on the
patient, how well the onset is known, is added by `onset_days`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.class_drawing import ONSET_RECALL, ONSET_WITHIN_SPAN
from tracker.analysis.course_classes import COURSE_CLASSES, CourseClass
from tracker.analysis.courses import Courses
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.unit_cube import Points, UnitCube, unit_cube
from tracker.clinical.reference import Edition

N_COURSES = 1 << 13


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Courses of one class, one per point that keeps to the class's boundary.

    `within_span` places the onset in its stated span (0 to 1) and `recall_deviate` adds
    what memory got wrong (standard normal); both, like every field
    of `courses`, have shape (n,). `point` is the point each was drawn from.
    """

    courses: Courses
    within_span: NDArray[np.float64]
    recall_deviate: NDArray[np.float64]
    point: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class CourseLibrary:
    """Courses drawn from the prior of one edition, the classes one after the other in the order of their table.

    `class_place` is each course's place in the table of classes and `log_prior` the logarithm of its prior probability;
    they, the fields of `courses`, `within_span`, `recall_deviate` (see `Draws`) and `point` have shape (n,).
    `cubes` are the points each class was drawn from.
    """

    edition: Edition
    courses: Courses
    within_span: NDArray[np.float64]
    recall_deviate: NDArray[np.float64]
    class_place: NDArray[np.int8]
    log_prior: NDArray[np.float64]
    point: NDArray[np.intp]
    cubes: tuple[UnitCube, ...]

    @property
    def n_courses(self) -> int:
        """Number of courses."""
        return len(self.within_span)

    def onset_days(self, onset: OnsetStatement) -> NDArray[np.float32]:
        """Give each course's onset in days since day 0, shape (n,); see `onset_days`."""
        return onset_days(self.within_span, self.recall_deviate, onset, self.edition)

    def of_class(self, place: int) -> slice:
        """Give where the courses of one class stand."""
        start, stop = np.searchsorted(self.class_place, [place, place + 1]).tolist()
        return slice(start, stop)


def onset_days(
    within_span: NDArray[np.float64], recall_deviate: NDArray[np.float64], onset: OnsetStatement, edition: Edition
) -> NDArray[np.float32]:
    """Give onsets in days since day 0, shape (n,): as stated, plus the error of recall."""
    recalled = recall_deviate * edition.value("onset_recall_sd_days")
    return (stated_onset_days(within_span, onset, edition) + recalled).astype(np.float32)


def stated_onset_days(within_span: NDArray[np.float64], onset: OnsetStatement, edition: Edition) -> NDArray[np.float64]:
    """Give onsets as stated, in whole days since day 0, shape (n,).

    Each day of the stated span alike, the span being wider by a cited half-width on both sides where it was
    said to be about a day. Days are whole because a calendar's are, and so that a table
    of levels by day serves every span.
    """
    half_width = edition.value("about_date_half_width_days") if onset.about else 0.0
    return np.floor(within_span * (onset.span_days + 1 + 2 * half_width)) - half_width


def draw_class(course_class: CourseClass, points: Points, edition: Edition) -> Draws:
    """Draw courses of one class and leave out those beyond its boundary."""
    courses = course_class.generate(points, edition)
    kept = np.flatnonzero(course_class.within_boundary(courses, edition))
    return Draws(
        courses=courses.taken(kept),
        within_span=points.uniform(ONSET_WITHIN_SPAN)[kept],
        recall_deviate=points.normal(ONSET_RECALL)[kept],
        point=kept,
    )


def course_library(edition: Edition, *, seed_cube: UnitCube | None = None) -> CourseLibrary:
    """Draw the library of an edition.

    Parameters
    ----------
    edition : Edition
        The cited numbers.
    seed_cube : UnitCube, optional
        Other points of the unit cube than the built-in ones, for tests. The expected class is drawn
        from all of them, every other class from the first half.

    Notes
    -----
    Costs about 20 ms and 5 MB at the built-in size: nearly 8192 expected courses and 4096 of every other class. A class
    that loses draws to its boundary keeps its prior weight.
    """
    cube = unit_cube(N_COURSES) if seed_cube is None else seed_cube
    cubes = (cube, *(cube.first(max(cube.n_points // 2, 1)) for _ in COURSE_CLASSES[1:]))
    drawn = [draw_class(one, points, edition) for one, points in zip(COURSE_CLASSES, cubes, strict=True)]
    sizes = [len(draws.point) for draws in drawn]
    shares = [edition.value(f"{course_class.name}_share") for course_class in COURSE_CLASSES]
    return CourseLibrary(
        edition=edition,
        courses=drawn[0].courses.joined(*(draws.courses for draws in drawn[1:])),
        within_span=np.concatenate([draws.within_span for draws in drawn]),
        recall_deviate=np.concatenate([draws.recall_deviate for draws in drawn]),
        class_place=np.repeat(np.arange(len(drawn), dtype=np.int8), sizes),
        log_prior=np.repeat(np.log(np.array(shares) / np.array(sizes)), sizes),
        point=np.concatenate([draws.point for draws in drawn]),
        cubes=cubes,
    )
