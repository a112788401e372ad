"""The vote: every course of the library weighted by how well it explains the scores."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.library import CourseLibrary
from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.refinement import refined_courses
from tracker.analysis.scoring import levels_of_library, log_likelihoods
from tracker.analysis.weights import WeightedCourses

DayVote = tuple[Observations, WeightedCourses]
"""The scores up to a day, and their vote."""

_NEGLIGIBLE = 1e-6


def weigh_courses(
    observations: Observations, onset: OnsetStatement, *, library: CourseLibrary, refine: bool = True
) -> WeightedCourses:
    """Weigh the library by the likelihood of all observations.

    Courses lighter than a millionth of the mean weight are left out: together they
    hold less than a millionth of the probability. Where too few courses carry the vote (the edition's
    ``effective_sample_little``), new ones are drawn around the heaviest and weighted exactly.

    Parameters
    ----------
    observations : Observations
        Any number of scores; none gives the prior back.
    onset : OnsetStatement
        How well the onset is known.
    library : CourseLibrary
        The prior draws.
    refine : bool
        Whether courses may be drawn anew.

    Returns
    -------
    WeightedCourses
        The courses that matter, in library order, those drawn anew last.

    Notes
    -----
    The courses are evaluated on the distinct visit days only: O(courses x days).
    """
    vote = _Vote(onset, library, refine=refine)
    for day in observations.distinct_days():
        vote.count(observations.on(day), day)
    return vote.weighted(observations)


def votes_by_day(
    observations: Observations, onset: OnsetStatement, *, library: CourseLibrary, refine: bool = True
) -> Iterator[DayVote]:
    """Weigh the library anew after each day with a score, in time.

    Each vote is that of `weigh_courses` on the scores up to its day, to the last bit; a day is
    scored against the library once, so that all votes together cost little more than the last.

    Yields
    ------
    Observations
        The scores up to a day.
    WeightedCourses
        Their vote.
    """
    vote = _Vote(onset, library, refine=refine)
    for day in observations.distinct_days():
        vote.count(observations.on(day), day)
        seen = observations.until(day)
        yield seen, vote.weighted(seen)


class _Vote:
    """The library's votes while days are counted one after the other."""

    def __init__(self, onset: OnsetStatement, library: CourseLibrary, *, refine: bool) -> None:
        self._onset, self._library, self._refine = onset, library, refine
        self._noise = ScoreNoise.of_edition(library.edition)
        self._onset_days = library.onset_days(onset)
        self._levels: dict[int, NDArray[np.uint8]] = {}
        self._fit = np.zeros(library.n_courses)

    def count(self, scores: Observations, day: int) -> None:
        """Count the scores of one more day."""
        levels = {day: levels_of_library(self._library, self._onset, day)}
        self._levels.update(levels)
        self._fit += log_likelihoods(scores, levels, self._noise)

    def weighted(self, seen: Observations) -> WeightedCourses:
        """Give the vote so far; `seen` are all scores that were counted."""
        log_weights = self._library.log_prior + self._fit
        weights = np.exp(log_weights - log_weights.max())
        little = self._library.edition.value("effective_sample_little")
        if self._refine and weights.sum() ** 2 < little * np.sum(weights**2):
            return refined_courses(
                seen, self._onset, library=self._library, log_likelihood=self._fit, levels=self._levels
            )
        kept = np.flatnonzero(weights > _NEGLIGIBLE * weights.mean())
        return WeightedCourses(
            courses=self._library.courses.seldom(kept),  # of most votes, only whether a second rise has begun
            onset_days=self._onset_days[kept],
            class_place=self._library.class_place[kept],
            weights=weights[kept] / weights[kept].sum(),
            seen_levels={day: at[kept] for day, at in self._levels.items()},
        )
