"""What a fit is given: scores on days, and what was said about the onset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.clinical.vocabulary import Instrument

HIGHEST_SCORE = {Instrument.NRS: 10, Instrument.VAS: 100}


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """Pain scores of one episode, in any order; those of one day are one reading, see `scoring`.

    Parameters
    ----------
    day : ndarray of int64, shape (n,)
        Days since day 0, the first possible day of the onset; may be negative.
    score : ndarray of float64, shape (n,)
        Whole numbers in the instrument's own unit: NRS points 0-10, VAS mm 0-100.
    instrument : tuple of Instrument, length n
        What each score was taken with.

    Raises
    ------
    ValueError
        If the lengths differ, or a score is no whole number of its scale.
    """

    day: NDArray[np.int64]
    score: NDArray[np.float64]
    instrument: tuple[Instrument, ...]

    def __post_init__(self) -> None:
        if not len(self.day) == len(self.score) == len(self.instrument):
            raise ValueError(
                f"day, score and instrument must have one length, but have "
                f"{len(self.day)}, {len(self.score)} and {len(self.instrument)}"
            )
        for score, instrument in zip(self.score.tolist(), self.instrument, strict=True):
            highest = HIGHEST_SCORE[instrument]
            if score not in range(highest + 1):
                raise ValueError(f"a {instrument} score must be a whole number from 0 to {highest}, but was {score}")

    def until(self, day: int) -> Observations:
        """Drop every score after `day`."""
        return self._kept(self.day <= day)

    def on(self, day: int) -> Observations:
        """Keep the scores of one day."""
        return self._kept(self.day == day)

    def _kept(self, kept: NDArray[np.bool_]) -> Observations:
        return Observations(
            self.day[kept],
            self.score[kept],
            tuple(instrument for instrument, keep in zip(self.instrument, kept.tolist(), strict=True) if keep),
        )

    def distinct_days(self) -> tuple[int, ...]:
        """Give the days with a score, ascending."""
        return tuple(sorted(set(self.day.tolist())))


@dataclass(frozen=True, slots=True)
class OnsetStatement:
    """How well the onset is known, day 0 being its first possible day.

    Parameters
    ----------
    span_days : int
        Days from the first to the last possible day: 0 for one day, 30 for a month of 31.
    about : bool
        Whether it was said to be about that day.
    """

    span_days: int
    about: bool = False
