"""The course library: the prior, drawn once, the same draws for every patient.

Every fit is a weighted vote of these courses. What depends on the
patient, how well the onset is known, is added by `onset_days`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import COURSE_CLASSES, ONSET_RECALL, ONSET_WITHIN_SPAN
from tracker.analysis.courses import Courses
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.unit_cube import UnitCube, unit_cube
from tracker.clinical.reference import Edition

N_COURSES = 1 << 14


@dataclass(frozen=True, slots=True, eq=False)
class CourseLibrary:
    """Courses drawn from the prior of one edition.

    `within_span` places the onset in its stated span (0 to 1) and `recall_deviate` adds
    what memory got wrong (standard normal); both, like every field
    of `courses`, have shape (n,).
    """

    edition: Edition
    courses: Courses
    within_span: NDArray[np.float64]
    recall_deviate: NDArray[np.float64]

    @property
    def n_courses(self) -> int:
        """Number of courses."""
        return len(self.within_span)

    def onset_days(self, onset: OnsetStatement) -> NDArray[np.float32]:
        """Give each course's onset in days since day 0, shape (n,).

        Uniform over the stated span, wider by a cited half-width on both sides where it was
        said to be about a day, plus the error of recall.
        """
        edition = self.edition
        half_width = edition.value("about_date_half_width_days") if onset.about else 0.0
        stated = self.within_span * (onset.span_days + 2 * half_width) - half_width
        recalled: NDArray[np.float64] = self.recall_deviate * edition.value("onset_recall_sd_days")
        return (stated + recalled).astype(np.float32)


def course_library(edition: Edition, *, seed_cube: UnitCube | None = None) -> CourseLibrary:
    """Draw the library of an edition.

    Parameters
    ----------
    edition : Edition
        The cited numbers.
    seed_cube : UnitCube, optional
        Other points of the unit cube than the built-in ones, for tests.

    Notes
    -----
    Costs about 5 ms and 1 MB at the built-in size of 16384 courses.
    """
    cube = unit_cube(N_COURSES) if seed_cube is None else seed_cube
    (only,) = COURSE_CLASSES
    return CourseLibrary(
        edition=edition,
        courses=only.generate(cube, edition),
        within_span=cube.uniform(ONSET_WITHIN_SPAN),
        recall_deviate=cube.normal(ONSET_RECALL),
    )
