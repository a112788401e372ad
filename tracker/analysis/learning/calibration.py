"""Learning an edition from a cohort: reweighting the library, and drawing it anew where its support runs out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.analysis.learning.evidence import LearningEpisode, episode_levels
from tracker.analysis.learning.maximization import learn
from tracker.analysis.learning.numbers import KnownPopulation
from tracker.analysis.learning.population import Population, edition_of
from tracker.analysis.learning.posterior import Cohort, PriorEpisodes
from tracker.analysis.learning.tilting import tiltable
from tracker.analysis.learning.uncertainty import deviations, prior_deviations
from tracker.analysis.library import CourseLibrary, course_library
from tracker.clinical.reference import Edition

_MOST_LIBRARIES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What was learned, before it, and how many equally weighted courses carry the class that the fewest carry."""

    cited: KnownPopulation
    learned: KnownPopulation
    effective_courses: float


def calibrate(
    episodes: Sequence[LearningEpisode], edition: Edition, *, on_step: Callable[[], None], library: CourseLibrary
) -> Calibration:
    """Learn the numbers of a population from its episodes.

    Parameters
    ----------
    episodes : sequence of LearningEpisode
        At least one; the same ones in the same order give the same answer to the last bit.
    edition : Edition
        What is known before, worth its ``learning_prior_episodes``.
    on_step : callable
        Called after each episode looked up and each round of maximization.
    library : CourseLibrary
        Drawn from `edition`.

    Notes
    -----
    Memory is a byte per course and day with a score, and 4 per course and episode: about 0.4 MB per episode. Where
    the learned population leaves too few effective courses (``learning_effective_courses``), the library is
    drawn anew from it and learning goes on from there.
    """
    cited = Population.of_edition(edition)
    prior = PriorEpisodes(
        n_episodes=edition.value("learning_prior_episodes"),
        n_for_shares=edition.value("learning_prior_share_episodes"),
        population=cited,
    )
    tilted, population = tiltable(library), cited
    for attempt in range(_MOST_LIBRARIES):
        levels = episode_levels(episodes, tilted.library, on_step=on_step)
        cohort = Cohort(tilted, levels, prior, edition)
        found = learn(cohort, population, on_step=on_step)
        population = found.population
        effective = float(tilted.effective_courses(tilted.tilt(population)).min())
        if effective >= edition.value("learning_effective_courses") or attempt + 1 == _MOST_LIBRARIES:
            break
        tilted = tiltable(course_library(edition_of(population, edition)))
    instruments = frozenset(episode.instrument for episode in episodes)
    return Calibration(
        cited=KnownPopulation(cited, prior_deviations(cohort), instruments),
        learned=KnownPopulation(population, deviations(cohort, found), instruments),
        effective_courses=effective,
    )
