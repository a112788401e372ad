"""The threshold of `atypical_unspecified` for a stated share of false alarms per episode, over the whole follow-up.

An alarm is false where a course of the expected kind has any course flag, at any look. The classes have one threshold
in common, decided. `atypical_unspecified`, which waits for them, gets what they leave of the budget: the lowest
threshold, in steps of a hundredth, for which the share of false alarms keeps to it as far as so many episodes can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import isfinite, sqrt

import numpy as np

from tracker.analysis.flags.rules import CLASS_FLAGS, UNSPECIFIED_FLAG
from tracker.analysis.flags.states import Threshold
from tracker.analysis.operating.measures import outcome
from tracker.analysis.operating.readings import Reading

_STEPS = 100
_UPPER_LIMIT = 1.645  # one-sided 95 %


def choose_unspecified(
    typical: Sequence[Reading], thresholds: Mapping[str, Threshold], *, budget: float
) -> tuple[Mapping[str, Threshold], float]:
    """Find the lowest threshold of `atypical_unspecified`, not below those of the classes.

    Parameters
    ----------
    typical : sequence of Reading
        Follow-ups of expected courses.
    thresholds : mapping of str to Threshold
        By flag; all but that of `atypical_unspecified` are kept.
    budget : float
        Share of episodes that may have a false alarm.

    Returns
    -------
    mapping of str to Threshold
        With the one that was found.
    float
        The share of false alarms with them, on these follow-ups.

    Raises
    ------
    ValueError
        If the classes alone exceed the budget.
    """

    def given(step: int) -> dict[str, Threshold]:
        own = replace(thresholds[UNSPECIFIED_FLAG.code], suspected=step / _STEPS)
        return dict(thresholds) | {UNSPECIFIED_FLAG.code: own}

    def share_at(step: int) -> float:
        return float(np.mean([isfinite(outcome(reading, given(step)).first_day) for reading in typical]))

    least = max(thresholds[rule.code].suspected for rule in CLASS_FLAGS)
    step = _lowest(share_at, round(least * _STEPS), budget, len(typical))
    return given(step), share_at(step)


def _lowest(share_at: Callable[[int], float], least: int, budget: float, n: int) -> int:
    """Find the lowest step from `least` on at which the upper limit of a falling share keeps to a budget."""
    low, high = least - 1, _STEPS
    if not _keeps(share_at(high), budget, n):
        raise ValueError(f"no threshold keeps the share of false alarms to {budget}")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _keeps(share_at(middle), budget, n) else (middle, high)
    return high


def _keeps(share: float, budget: float, n: int) -> bool:
    return share + _UPPER_LIMIT * sqrt(share * (1 - share) / n) <= budget
