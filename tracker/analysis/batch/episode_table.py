"""Many episodes' visits as plain arrays, the way a researcher's table holds them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class EpisodeTable:
    """NRS scores of n episodes, one episode's visits after the other's.

    Parameters
    ----------
    episode_id : tuple of str, length n
        As written in the input.
    first_visit : ndarray of int64, shape (n + 1,)
        Visits of episode `i` are rows ``first_visit[i]`` up to, not including, ``first_visit[i + 1]``.
    day : ndarray of int64, shape (m,)
        Days since day 0 of the own episode, the first possible day of its onset; ascending within an episode.
    pain_nrs : ndarray of int8, shape (m,)
        Whole numbers 0 to 10.
    onset_day : ndarray of int64, shape (n,)
        Day 0 of each episode on the clock of the input; only printed.
    onset_span_days : ndarray of int64, shape (n,)
        Days from the first to the last possible day of the onset, as in `OnsetStatement`.
    """

    episode_id: tuple[str, ...]
    first_visit: NDArray[np.int64]
    day: NDArray[np.int64]
    pain_nrs: NDArray[np.int8]
    onset_day: NDArray[np.int64]
    onset_span_days: NDArray[np.int64]

    @property
    def n_episodes(self) -> int:
        """Number of episodes."""
        return len(self.episode_id)
