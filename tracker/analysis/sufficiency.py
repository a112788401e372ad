"""Whether scores can carry a course at all, and what is missing where they cannot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.results import InsufficientData
from tracker.clinical.reference import Edition


def enough_to_read(days: Sequence[int], scores: NDArray[np.generic], edition: Edition) -> InsufficientData | None:
    """Say what is missing; None where nothing is.

    Parameters
    ----------
    days : sequence of int
        The different days with a score.
    scores : ndarray, shape (n,)
        All scores, in any unit.
    edition : Edition
        For ``minimum_fit_days``.
    """
    needed = int(edition.value("minimum_fit_days"))
    if len(days) < needed:
        return _too_few(days, needed)
    if not scores.any():
        return InsufficientData(
            reason=f"no pain was scored on any of {_counted(len(days), 'day')}", needs="a score above 0"
        )
    return None


def _too_few(days: Sequence[int], needed: int) -> InsufficientData:
    if not days:
        return InsufficientData(reason="no pain score yet", needs=f"pain scores on {needed} different days")
    missing = needed - len(days)
    return InsufficientData(
        reason=f"pain scores on {_counted(len(days), 'day')} only",
        needs=f"scores on {_counted(missing, 'more day')}",
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
