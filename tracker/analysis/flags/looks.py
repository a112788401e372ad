"""Looks at a course: what the scores up to each visit day said on that day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES, RELAPSE
from tracker.analysis.library import CourseLibrary
from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.scoring import gross_error_probabilities
from tracker.analysis.vote import DayVote, votes_by_day
from tracker.analysis.weights import WeightedCourses


@dataclass(frozen=True, slots=True)
class Look:
    """What was known on one visit day, the scores of that day included.

    `class_probabilities` are in the order of the table of classes. `p_relapse_begun` is the probability of a
    relapse whose second rise has begun. `odd_scores` gives for each day with a score so far, in time, the
    highest probability that a score of it is a gross error.
    """

    day: int
    class_probabilities: tuple[float, ...]
    p_relapse_begun: float
    odd_scores: tuple[float, ...]


def look_at(weighted: WeightedCourses, observations: Observations, noise: ScoreNoise) -> Look:
    """Put a vote of the scores so far in the few numbers that flags are made of."""
    days = observations.distinct_days()
    odd = gross_error_probabilities(observations, weighted, noise)
    return Look(
        day=days[-1],
        class_probabilities=tuple(weighted.class_probabilities().values()),
        p_relapse_begun=weighted.probability(relapse_begun(weighted, days[-1])),
        odd_scores=tuple(odd[day] for day in days),
    )


def relapse_begun(weighted: WeightedCourses, day: int) -> NDArray[np.bool_]:
    """Say of which courses a second rise of class `relapse` has begun by a day, shape (n,)."""
    has_begun = weighted.onset_days + weighted.courses.second_start_days <= day
    begun: NDArray[np.bool_] = has_begun & (weighted.class_place == CLASS_NAMES.index(RELAPSE))
    return begun


def looks_at(
    observations: Observations,
    onset: OnsetStatement,
    *,
    library: CourseLibrary,
    refine: bool = True,
    votes: Iterable[DayVote] | None = None,
) -> Iterator[tuple[Look, WeightedCourses]]:
    """Look at every visit day from the first on which a course can be read, in time, with the vote behind each look.

    Each look is that of the scores up to its day, and never changes when later scores are added. While
    every score is 0 there is nothing to look at. `votes` are those of `votes_by_day`, where they are already there.
    """
    noise = ScoreNoise.of_edition(library.edition)
    needed = int(library.edition.value("minimum_fit_days"))
    if votes is None:
        votes = votes_by_day(observations, onset, library=library, refine=refine)
    for n_days, (seen, weighted) in enumerate(votes, start=1):
        if n_days >= needed and seen.score.any():
            yield look_at(weighted, seen, noise), weighted
