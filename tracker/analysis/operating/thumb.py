"""Rules of thumb for an atypical course, to compare the flags with: what a clinician might say from the scores alone.

The limits stand in ``simulated_follow_up_v1.toml``. Days count from the first possible day of the stated onset.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.observations import Observations
from tracker.clinical.reference import Edition
from tracker.dates import DAYS_PER_MONTH


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Scores in time, NRS points, and their days, shape (n,)."""

    day: NDArray[np.float64]
    score: NDArray[np.float64]
    habits: Edition

    def after(self, months: str) -> NDArray[np.float64]:
        """Give the scores later than a limit."""
        return self.score[self.day > self.habits.value(months) * DAYS_PER_MONTH]

    def until(self, months: str) -> NDArray[np.float64]:
        """Give the scores up to a limit."""
        return self.score[self.day <= self.habits.value(months) * DAYS_PER_MONTH]

    @property
    def rise(self) -> float:
        """Give the change of score that counts."""
        return self.habits.value("thumb_rise_nrs")


def rules_that_hold(observations: Observations, habits: Edition) -> tuple[str, ...]:
    """Name the rules of thumb that hold for scores on the numeric rating scale."""
    order = np.argsort(observations.day, kind="stable")
    seen = _Seen(observations.day[order].astype(np.float64), observations.score[order], habits)
    return tuple(name for name, holds in _RULES.items() if holds(seen))


def _late_peak(seen: _Seen) -> bool:
    later, before = seen.after("thumb_late_peak_months"), seen.until("thumb_late_peak_months")
    return bool(before.size and later.size and later.max() >= before.max() + seen.rise)


def _no_regression(seen: _Seen) -> bool:
    later = seen.after("thumb_plateau_months")
    return bool(later.size and later.max() > seen.score.max() - seen.rise)


def _still_in_pain(seen: _Seen) -> bool:
    return bool(np.any(seen.after("thumb_pain_months") >= seen.habits.value("thumb_pain_nrs")))


def _early(seen: _Seen) -> bool:
    return bool(np.any(seen.until("thumb_early_months") <= seen.habits.value("well_nrs")))


def _second_rise(seen: _Seen) -> bool:
    """Half of the highest score so far had gone, and it rose again."""
    highest = np.maximum.accumulate(seen.score)
    gone = np.flatnonzero(2 * seen.score <= highest)
    return any(seen.score[place:].max() >= seen.score[place] + seen.rise for place in gone)


def _fluctuates(seen: _Seen) -> bool:
    turns, last, direction = 0, seen.score[0], 0
    for score in seen.score[1:]:
        if direction == 0 or (score - last) * direction >= 0:
            # the same way, or no way yet: remember how far it went
            if abs(score - last) >= seen.rise or direction:
                direction, last = (direction or int(np.sign(score - last))), score
            continue
        if abs(score - last) >= seen.rise:
            turns, direction, last = turns + 1, -direction, score
    return turns >= seen.habits.value("thumb_turns")


_RULES: dict[str, Callable[[_Seen], bool]] = {
    "late peak": _late_peak,
    "no regression": _no_regression,
    "still in pain": _still_in_pain,
    "early": _early,
    "second rise": _second_rise,
    "fluctuates": _fluctuates,
}
