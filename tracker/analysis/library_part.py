"""A part of the course library for where every course is asked often: evenly spread, every class with its share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES, EXPECTED
from tracker.analysis.library import CourseLibrary

# The first quarter of the points of the expected class, which holds most of the probability, and a sixteenth of others.
_PART, _PART_ATYPICAL = 4, 16


def library_part(library: CourseLibrary) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Choose the first points of every class: as evenly spread as all.

    Returns
    -------
    ndarray of intp, shape (m,)
        Places in the library, ascending; nearly 3800 at the built-in size.
    ndarray of float64, shape (m,)
        The prior probability of each; they sum to 1.
    """
    parts = np.array([_PART if name == EXPECTED else _PART_ATYPICAL for name in CLASS_NAMES])
    sizes = np.maximum(np.array([cube.n_points for cube in library.cubes]) // parts, 1)
    chosen = np.flatnonzero(library.point < sizes[library.class_place])
    place = library.class_place[chosen]
    shares = np.array([library.edition.value(f"{name}_share") for name in CLASS_NAMES])
    prior = (shares / np.maximum(np.bincount(place, minlength=len(CLASS_NAMES)), 1))[place]
    return chosen, prior / prior.sum()
