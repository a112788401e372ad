"""Many courses at once, as arrays: level, phases and end of each on any day.

A course climbs from 0 at its onset to the peak, stays there, and falls to its
residual. Days count from the course's own onset, levels are NRS points.

Symbols: rise r, plateau p, regression g (days), peak P, residual R,
exponents a (rise) and b (regression). With x clipped to 0..1,

    rise share        1 - (1 - t / A)**a
    regression share  (1 - (t - s) / B)**b
    level             rise share * (R + (P - R) * regression share)

a = b = 1 is the plain trapezoid. Larger exponents saturate: fast first, then
slower, as an exponential does, but with an end. A, B and s are chosen so
that lengths stay comparable between shapes: the rise passes 80 % of the peak
when the straight one does, and the regression passes 80 % and 20 % of its height
when the straight one does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.float32]
Levels = NDArray[np.float32]

_UPPER_CROSSING = 0.8
_LOWER_CROSSING = 0.2
_NEARLY_ZERO = np.float32(2**-24)  # a power of exactly 0 costs ten times one of any other number


@dataclass(frozen=True, slots=True, eq=False)
class Courses:
    """The parameters of n courses; every field is a float32 array of shape (n,).

    `rise_span_days`, `regression_start_days` and `regression_span_days` are A, s and
    B of the module's formulas; `resolution_days` is the first day from onset after
    which the level stays at or below the resolution level.
    """

    rise_days: Days
    plateau_days: Days
    regression_days: Days
    peak_nrs: Levels
    residual_nrs: Levels
    rise_exponent: NDArray[np.float32]
    regression_exponent: NDArray[np.float32]
    rise_span_days: Days
    regression_start_days: Days
    regression_span_days: Days
    resolution_days: Days

    def levels(self, since_onset: NDArray[np.float32]) -> Levels:
        """Give each course's level on its own day `since_onset`.

        Parameters
        ----------
        since_onset : ndarray of float32, shape (n,)
            Days since the onset of each course; before onset the level is 0.

        Returns
        -------
        ndarray of float32, shape (n,)
            NRS points.
        """
        not_risen = np.clip(1 - since_onset / self.rise_span_days, _NEARLY_ZERO, 1)
        fallen = (since_onset - self.regression_start_days) / self.regression_span_days
        not_fallen = np.clip(1 - fallen, _NEARLY_ZERO, 1)
        above = (self.peak_nrs - self.residual_nrs) * not_fallen**self.regression_exponent
        levels: Levels = (1 - not_risen**self.rise_exponent) * (self.residual_nrs + above)
        return levels

    def taken(self, chosen: NDArray[np.intp] | slice) -> Courses:
        """Give the chosen courses, in that order."""
        return Courses(**{name: getattr(self, name)[chosen] for name in self.__dataclass_fields__})


def shape_courses(parameters: dict[str, NDArray[np.float64]], *, resolved_nrs: float) -> Courses:
    """Work out what follows from the free parameters of n courses.

    Parameters
    ----------
    parameters : dict of ndarray of float64, each shape (n,)
        ``rise_days``, ``plateau_days``, ``regression_days`` (greater than 0), ``peak_nrs``,
        ``residual_nrs``, ``rise_exponent``, ``regression_exponent`` (1 or more).
    resolved_nrs : float
        The resolution level; every residual is at or below it, every peak above it.

    Raises
    ------
    ValueError
        If a residual lies above the resolution level: such a course never ends.
    """
    residual, peak = parameters["residual_nrs"], parameters["peak_nrs"]
    if np.any(residual > resolved_nrs) or np.any(peak <= resolved_nrs):
        raise ValueError(f"a residual above, or a peak not above, the resolution level {resolved_nrs} has no end")
    rise, fall = 1 / parameters["rise_exponent"], 1 / parameters["regression_exponent"]
    upper, lower = 1 - _UPPER_CROSSING**fall, 1 - _LOWER_CROSSING**fall
    regression_span = (_UPPER_CROSSING - _LOWER_CROSSING) * parameters["regression_days"] / (lower - upper)
    plateau_end = parameters["rise_days"] + parameters["plateau_days"]
    regression_start = plateau_end + _LOWER_CROSSING * parameters["regression_days"] - upper * regression_span
    left_at_resolution = (resolved_nrs - residual) / (peak - residual)
    derived = {
        "rise_span_days": _UPPER_CROSSING * parameters["rise_days"] / (1 - _LOWER_CROSSING**rise),
        "regression_start_days": regression_start,
        "regression_span_days": regression_span,
        "resolution_days": regression_start + regression_span * (1 - left_at_resolution**fall),
    }
    return Courses(**{name: values.astype(np.float32) for name, values in (parameters | derived).items()})
