"""The vote: every course of the library weighted by how well it explains the scores."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.library import CourseLibrary
from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.refinement import refined_courses
from tracker.analysis.scoring import log_likelihoods
from tracker.analysis.weights import WeightedCourses

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
    """
    onset_days = library.onset_days(onset)
    fit = log_likelihoods(observations, library.courses, onset_days, ScoreNoise.of_edition(library.edition))
    return _weighed(fit, observations, onset, library=library, refine=refine)


def votes_by_day(
    observations: Observations, onset: OnsetStatement, *, library: CourseLibrary, refine: bool = True
) -> Iterator[tuple[Observations, WeightedCourses]]:
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
    noise = ScoreNoise.of_edition(library.edition)
    onset_days = library.onset_days(onset)
    fit = np.zeros(library.n_courses)
    for day in observations.distinct_days():
        fit += log_likelihoods(observations.on(day), library.courses, onset_days, noise)
        seen = observations.until(day)
        yield seen, _weighed(fit, seen, onset, library=library, refine=refine)


def _weighed(
    fit: NDArray[np.float64], observations: Observations, onset: OnsetStatement, *, library: CourseLibrary, refine: bool
) -> WeightedCourses:
    onset_days = library.onset_days(onset)
    log_weights = library.log_prior + fit
    weights = np.exp(log_weights - log_weights.max())
    kept = np.flatnonzero(weights > _NEGLIGIBLE * weights.mean())
    voted = WeightedCourses(
        courses=library.courses.taken(kept),
        onset_days=onset_days[kept],
        class_place=library.class_place[kept],
        weights=weights[kept] / weights[kept].sum(),
    )
    if not refine or voted.effective_sample_size() >= library.edition.value("effective_sample_little"):
        return voted
    return refined_courses(observations, onset, library=library, log_likelihood=fit)
