"""How likely an edema grade is at an edema extent: one table, as there is one for pain scores.

The *extent* is the true edema as percent of the bone. A reading is the extent plus normal noise, which grows with
the extent; it is called none below the smallest extent that is called edema, and
otherwise graded by the cut-offs of the edition. A small share of grades has nothing to do with this edema.
Where only the presence of edema was noted, the grade is known to a range.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erf, hypot, inf, sqrt

import numpy as np
from numpy.typing import NDArray

from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import EdemaGrade

N_GRADES = len(EdemaGrade)
_STEPS_PER_PERCENT = 2
_HIGHEST_PERCENT = 100


@dataclass(frozen=True, slots=True)
class GradeNoise:
    """What stands between the extent and the grade, in percent of the bone.

    `cuts` are the extents between two grades, `least_sd` the noise of a bone without edema, `sd_share` what it grows
    by per percent of extent. `gross_share` of all grades are gross errors.
    """

    cuts: tuple[float, float, float]
    least_sd: float
    sd_share: float
    gross_share: float

    @classmethod
    def of_edition(cls, edition: Edition) -> GradeNoise:
        """Take the numbers of an edition."""
        return cls(
            cuts=(
                edition.value("edema_seen_percent"),
                edition.value("edema_small_percent_limit"),
                edition.value("edema_medium_percent_limit"),
            ),
            least_sd=edition.value("edema_reading_least_percent"),
            sd_share=edition.value("edema_reading_share"),
            gross_share=edition.value("edema_gross_share"),
        )


@lru_cache(maxsize=1 << 4)
def grade_table(noise: GradeNoise) -> NDArray[np.float64]:
    """Tabulate P(grade | extent) over the quantised extents, gross errors included.

    Returns
    -------
    ndarray of float64, shape (4, 201)
        Row per grade; entry `i` belongs to an extent of i / 2 percent. Read only; never 0; every column sums to 1.
    """
    table = np.empty((N_GRADES, _STEPS_PER_PERCENT * _HIGHEST_PERCENT + 1))
    for index in range(table.shape[1]):
        extent = index / _STEPS_PER_PERCENT
        spread = sqrt(2) * hypot(noise.least_sd, noise.sd_share * extent)
        below = [(1 + erf((cut - extent) / spread)) / 2 for cut in (-inf, *noise.cuts, inf)]
        table[:, index] = np.diff(below)
    table *= 1 - noise.gross_share
    table += noise.gross_share / N_GRADES
    table.flags.writeable = False
    return table


def extent_index(extents: NDArray[np.float64]) -> NDArray[np.intp]:
    """Give the table index of each extent: the nearest half percent, none below 0 or above 100."""
    steps = np.rint(np.clip(extents, 0, _HIGHEST_PERCENT) * _STEPS_PER_PERCENT)
    return steps.astype(np.intp)
