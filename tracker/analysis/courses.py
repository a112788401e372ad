"""Many courses at once, as arrays: level, phases and end of each on any day.

A course climbs from 0 at its onset to the peak, stays there, and falls to its
residual. Two kinds add to that: a *second rise* takes over on its day and is straight
between its knots; *swings* take away a share of the level and give it back, again and again.
Days count from the course's own onset, levels are NRS points.

Symbols: rise r, plateau p, regression g (days), peak P, residual R,
exponents a (rise) and b (regression), fast span f and slow share l. With x clipped to 0..1,

    rise share        1 - (1 - t / A)**a
    regression share  max((1 - x / f)**b, l * (1 - x))   where x = (t - s) / B
    level             rise share * (R + (P - R) * regression share)

a = b = f = 1 and l = 0 is the plain trapezoid. Larger exponents saturate: fast first, then
slower, as an exponential does, but with an end. l above 0 with f below 1 is the two-speed
regression: a fast line and a slow one. A, B and s are chosen so that lengths stay comparable
between shapes: the rise passes 80 % of the peak when the straight one does, and the
regression passes 80 % and 20 % of its height when the straight one does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.clinical.vocabulary import Phase

Days = NDArray[np.float32]
Levels = NDArray[np.float32]
Shares = NDArray[np.float32]
Parameters = dict[str, NDArray[np.float64]]

_UPPER_CROSSING = 0.8
_LOWER_CROSSING = 0.2
_NEARLY_ZERO = np.float32(2**-24)  # instead of 0, which has no logarithm
_STEPS_PER_SWING = 64

# What a course without a second rise, without swings and of one speed is given.
PLAIN = {
    "regression_fast_share": 1.0,
    "regression_slow_share": 0.0,
    "second_start_days": np.inf,
    "second_low_nrs": 0.0,
    "second_peak_nrs": 0.0,
    "second_rise_days": 1.0,
    "second_plateau_days": 0.0,
    "second_regression_days": 1.0,
    "swing_share": 0.0,
    "swing_period_days": 1.0,
    "swing_offset": 0.0,
}


@dataclass(frozen=True, slots=True, eq=False)
class Courses:
    """The parameters of n courses; every field is a float32 array of shape (n,).

    `rise_span_days`, `regression_start_days` and `regression_span_days` are A, s and
    B of the module's formulas, `regression_fast_share` and `regression_slow_share` f and l.
    The second rise starts on `second_start_days` (infinite: never) from `second_low_nrs`. Swings take away up to
    `swing_share` of the level. `resolution_days` is the first day from onset after
    which the level stays at or below the resolution level, infinite where the residual lies above it.
    """

    rise_days: Days
    plateau_days: Days
    regression_days: Days
    peak_nrs: Levels
    residual_nrs: Levels
    rise_exponent: NDArray[np.float32]
    regression_exponent: NDArray[np.float32]
    regression_fast_share: Shares
    regression_slow_share: Shares
    second_start_days: Days
    second_low_nrs: Levels
    second_peak_nrs: Levels
    second_rise_days: Days
    second_plateau_days: Days
    second_regression_days: Days
    swing_share: Shares
    swing_period_days: Days
    swing_offset: Shares
    rise_span_days: Days
    regression_start_days: Days
    regression_span_days: Days
    resolution_days: Days

    def levels(self, since_onset: NDArray[np.float32]) -> Levels:
        """Give each course's level on its own day `since_onset`.

        Parameters
        ----------
        since_onset : ndarray of float32, shape (n,) or (k, n)
            Days since the onset of each course; before onset the level is 0.

        Returns
        -------
        ndarray of float32, same shape
            NRS points.
        """
        levels = self._first_levels(since_onset)
        swinging = np.flatnonzero(self.swing_share)
        if swinging.size:
            levels[..., swinging] *= self._left_by_swings(swinging, since_onset[..., swinging])
        again = np.nonzero(since_onset >= self.second_start_days)
        if again[-1].size:
            levels[again] = self._second_levels(again[-1], since_onset[again])
        return levels

    def phase_starts(self) -> tuple[tuple[Phase, NDArray[np.float32]], ...]:
        """Give the day from onset on which each phase begins, shape (n,); infinite for never.

        A course is in the last of these phases whose day has come, and before its onset where none has. A second rise
        begins a second rise, plateau and regression.
        """
        second_end = self.second_rise_days + self.second_plateau_days
        settled = self.regression_start_days + self.regression_span_days
        return (
            (Phase.RISE, np.zeros_like(self.rise_days)),
            (Phase.PLATEAU, self.rise_days),
            (Phase.REGRESSION, self.rise_days + self.plateau_days),
            (Phase.RISE, self.second_start_days),
            (Phase.PLATEAU, self.second_start_days + self.second_rise_days),
            (Phase.REGRESSION, self.second_start_days + second_end),
            (Phase.PERSISTENT, np.where(np.isinf(self.resolution_days), settled, np.float32(np.inf))),
            (Phase.RESOLVED, self.resolution_days),
        )

    def taken(self, chosen: NDArray[np.intp] | slice) -> Courses:
        """Give the chosen courses, in that order."""
        return Courses(**{name: getattr(self, name)[chosen] for name in self.__dataclass_fields__})

    def seldom(self, chosen: NDArray[np.intp]) -> Courses:
        """Give the chosen courses, in that order, where most of their fields will never be asked for."""
        return _Seldom(self, chosen)

    def joined(self, *others: Courses) -> Courses:
        """Give these courses followed by the others."""
        every = (self, *others)
        return Courses(
            **{name: np.concatenate([getattr(part, name) for part in every]) for name in self.__dataclass_fields__}
        )

    def _first_levels(self, since_onset: NDArray[np.float32]) -> Levels:
        not_risen = _power(1 - since_onset / self.rise_span_days, self.rise_exponent)
        fallen = np.minimum(np.maximum((since_onset - self.regression_start_days) / self.regression_span_days, 0), 1)
        not_fallen = _power(1 - fallen / self.regression_fast_share, self.regression_exponent)
        above = (self.peak_nrs - self.residual_nrs) * np.maximum(not_fallen, self.regression_slow_share * (1 - fallen))
        levels: Levels = (1 - not_risen) * (self.residual_nrs + above)
        return levels

    def _left_by_swings(self, chosen: NDArray[np.intp], since_onset: NDArray[np.float32]) -> Shares:
        """Give what the swings leave of the level: 1 at a crest, 1 less the swing's share in a trough."""
        turns = since_onset / self.swing_period_days[chosen] + self.swing_offset[chosen]
        from_trough = np.abs(2 * (turns - np.floor(turns)) - 1)
        left: Shares = 1 - self.swing_share[chosen] * (1 - from_trough)
        return left

    def _second_levels(self, chosen: NDArray[np.intp], since_onset: NDArray[np.float32]) -> Levels:
        since = since_onset - self.second_start_days[chosen]
        low, peak, residual = self.second_low_nrs[chosen], self.second_peak_nrs[chosen], self.residual_nrs[chosen]
        rise = self.second_rise_days[chosen]
        fallen = (since - rise - self.second_plateau_days[chosen]) / self.second_regression_days[chosen]
        rising = low + (peak - low) * np.clip(since / rise, 0, 1)
        levels: Levels = np.minimum(rising, peak - (peak - residual) * np.clip(fallen, 0, 1))
        return levels


class _Seldom(Courses):
    """Chosen courses of others whose fields are taken when they are first asked for."""

    __slots__ = ("_all", "_chosen")

    _all: Courses
    _chosen: NDArray[np.intp]

    def __init__(self, all_courses: Courses, chosen: NDArray[np.intp]) -> None:
        object.__setattr__(self, "_all", all_courses)
        object.__setattr__(self, "_chosen", chosen)

    def __getattr__(self, name: str) -> Days:
        """Take a field; Python asks here only for what is not there yet."""
        if name not in self.__dataclass_fields__:
            raise AttributeError(name)
        values: Days = getattr(self._all, name)[self._chosen]
        object.__setattr__(self, name, values)
        return values


def shape_courses(parameters: Parameters, *, resolved_nrs: float) -> Courses:
    """Work out what follows from the free parameters of n courses.

    Parameters
    ----------
    parameters : dict of ndarray of float64, each shape (n,)
        ``rise_days``, ``plateau_days``, ``regression_days`` (greater than 0), ``peak_nrs``,
        ``residual_nrs``, ``rise_exponent``, ``regression_exponent`` (1 or more); any of `PLAIN`.
    resolved_nrs : float
        The resolution level; every peak is above it.

    Raises
    ------
    ValueError
        If a peak is not above the resolution level: such a course never begins.
    """
    if np.any(parameters["peak_nrs"] <= resolved_nrs):
        raise ValueError(f"a peak not above the resolution level {resolved_nrs} is no course")
    n_courses = len(parameters["peak_nrs"])
    every = {name: np.full(n_courses, value) for name, value in PLAIN.items()} | parameters | _spans(parameters)
    resolution = day_of_level(every, resolved_nrs)
    second_end = _second_end(every, resolved_nrs)
    every["resolution_days"] = np.where(np.isfinite(every["second_start_days"]), second_end, resolution)
    courses = Courses(**{name: values.astype(np.float32) for name, values in every.items()})
    swinging = np.flatnonzero(courses.swing_share)
    if swinging.size:
        courses.resolution_days[swinging] = _last_day_above(courses.taken(swinging), resolved_nrs)
    return courses


def day_of_level(parameters: Parameters, level_nrs: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Find the day from onset on which the first regression reaches a level; infinite where it never does.

    Parameters
    ----------
    parameters : dict of ndarray of float64, each shape (n,)
        As for `shape_courses`; what is missing of `PLAIN` and of the spans is filled in.
    level_nrs : float or ndarray of float64, shape (n,)
        NRS points, below the peak.
    """
    filled = {name: np.full(len(parameters["peak_nrs"]), value) for name, value in PLAIN.items()} | parameters
    if "regression_span_days" not in filled:
        filled |= _spans(filled)
    residual, peak = filled["residual_nrs"], filled["peak_nrs"]
    left = np.maximum(level_nrs - residual, 0) / (peak - residual)
    slow = filled["regression_slow_share"]
    fast_end = filled["regression_fast_share"] * (1 - left ** (1 / filled["regression_exponent"]))
    slow_end = np.where(slow > 0, 1 - left / np.where(slow > 0, slow, 1), 0)
    day = filled["regression_start_days"] + filled["regression_span_days"] * np.maximum(fast_end, slow_end)
    return np.where(residual > level_nrs, np.inf, day)


def _power(base: Shares, exponent: NDArray[np.float32]) -> Shares:
    """Raise what lies in 0..1, cut to that, by logarithms: a third of the time of `**`, and off by less than 1e-5."""
    power: Shares = np.exp(exponent * np.log(np.minimum(np.maximum(base, _NEARLY_ZERO), 1)))
    return power


def _spans(parameters: Parameters) -> Parameters:
    """Work out A, s and B of the module's formulas."""
    rise, fall = 1 / parameters["rise_exponent"], 1 / parameters["regression_exponent"]
    fast = parameters.get("regression_fast_share", np.ones_like(fall))
    slow = parameters.get("regression_slow_share", np.zeros_like(fall))
    upper = fast * (1 - _UPPER_CROSSING**fall)
    # the slow line crosses last wherever it starts above the lower crossing
    slow_lower = 1 - _LOWER_CROSSING / np.where(slow > 0, slow, 1)
    lower = np.where(slow > 0, slow_lower, fast * (1 - _LOWER_CROSSING**fall))
    span = (_UPPER_CROSSING - _LOWER_CROSSING) * parameters["regression_days"] / (lower - upper)
    plateau_end = parameters["rise_days"] + parameters["plateau_days"]
    return {
        "rise_span_days": _UPPER_CROSSING * parameters["rise_days"] / (1 - _LOWER_CROSSING**rise),
        "regression_start_days": plateau_end + _LOWER_CROSSING * parameters["regression_days"] - upper * span,
        "regression_span_days": span,
    }


def _second_end(every: Parameters, resolved_nrs: float) -> NDArray[np.float64]:
    """Find the day on which the second regression reaches the resolution level."""
    length = every["second_rise_days"] + every["second_plateau_days"]
    height = every["second_peak_nrs"] - every["residual_nrs"]
    fallen = (every["second_peak_nrs"] - resolved_nrs) / np.where(height > 0, height, 1)
    return every["second_start_days"] + length + every["second_regression_days"] * fallen


def _last_day_above(courses: Courses, resolved_nrs: float) -> Days:
    """Find the last day above the resolution level of swinging courses, to a 64th of a swing.

    Without its swings a course is over on `resolution_days`; with them it is over in the last trough before that at
    the latest, so one period is searched.
    """
    steps = np.arange(_STEPS_PER_SWING, dtype=np.float32) / _STEPS_PER_SWING
    last = courses.resolution_days - courses.swing_period_days
    for step in steps[1:]:
        day = courses.resolution_days - (1 - step) * courses.swing_period_days
        last = np.where(courses.levels(day) > resolved_nrs, day, last)
    return last
