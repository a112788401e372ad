"""How likely each episode's scores are under each course of the library, at any noise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.library import CourseLibrary
from tracker.analysis.likelihood import ScoreNoise, level_index, score_probabilities
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.clinical.vocabulary import Instrument

Likelihoods = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class LearningEpisode:
    """The scores of one episode, all of one instrument, and how well its onset is known."""

    observations: Observations
    onset: OnsetStatement

    @property
    def instrument(self) -> Instrument:
        """The instrument of its scores."""
        return self.observations.instrument[0]

    def in_order(self) -> tuple[object, ...]:
        """Give what episodes are sorted by, so that the order in which they are given never matters."""
        seen = self.observations
        rows = sorted(zip(seen.day.tolist(), seen.score.tolist(), strict=True))
        return self.onset.span_days, self.onset.about, str(self.instrument), rows


@dataclass(frozen=True, slots=True, eq=False)
class EpisodeLevels:
    """One episode against the library: per score, the score, its share of a reading and each course's level (n,).

    The scores of one day are one reading, as in `tracker.analysis.scoring`. Levels are quantised, on the score's day.
    """

    instrument: Instrument
    scores: tuple[int, ...]
    reading_shares: tuple[float, ...]
    levels: tuple[NDArray[np.uint8], ...]


def episode_levels(
    episodes: Sequence[LearningEpisode], library: CourseLibrary, *, on_step: Callable[[], None]
) -> tuple[EpisodeLevels, ...]:
    """Look up each course's level on every day with a score, once for all noises.

    Notes
    -----
    One byte per course and day: 40 kB per score with the built-in library.
    """
    found = []
    for episode in episodes:
        onset_days = library.onset_days(episode.onset)
        seen = episode.observations
        n_of_day = Counter(seen.day.tolist())
        order = np.lexsort((seen.score, seen.day))
        by_day = {
            day: level_index(library.courses.levels(day - onset_days)).astype(np.uint8) for day in seen.distinct_days()
        }
        found.append(
            EpisodeLevels(
                episode.instrument,
                tuple(seen.score[order].astype(int).tolist()),
                tuple(1 / n_of_day[day] for day in seen.day[order].tolist()),
                tuple(by_day[day] for day in seen.day[order].tolist()),
            )
        )
        on_step()
    return tuple(found)


def likelihoods(episodes: Sequence[EpisodeLevels], noise: ScoreNoise) -> tuple[Likelihoods, NDArray[np.float64]]:
    """Tabulate P(scores | course).

    Returns
    -------
    ndarray of float32, shape (n episodes, n courses)
        Scaled so that the largest of each row is 1.
    ndarray of float64, shape (n episodes,)
        Logarithm of each row's scale.
    """
    rows, scales = [], np.empty(len(episodes))
    for place, episode in enumerate(episodes):
        row = np.zeros(len(episode.levels[0]), dtype=np.float32)
        for score, share, levels in zip(episode.scores, episode.reading_shares, episode.levels, strict=True):
            table = share * np.log(score_probabilities(episode.instrument, score, noise))
            row += table.astype(np.float32)[levels]
        scales[place] = row.max()
        rows.append(np.exp(row - row.max()))
    return np.array(rows, dtype=np.float32), scales
