"""The association of vitamin D with the length of the course, on cohorts whose truth is known.

Episodes come from the naive twin, with its own random numbers: a course, run exp(beta z) times as slowly, scored and
rounded. Nothing is drawn from the library they are read with.
"""

import math
import random

import numpy as np
import pytest

from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.results import InsufficientData
from tracker.analysis.vitamin_d import association
from tracker.analysis.vitamin_d.association import EpisodeWithResult, find_association, stretch_log_likelihoods
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument

MEAN_NG_ML, SD_NG_ML = 19, 7.5
ONSET = OnsetStatement(30)
SEED = 20261128
N_EPISODES = 160
BETA, SHIFT = 0.25, 0.15
N_COHORTS, COHORT = 100, 40
# Each cohort has two columns of results, drawn apart: 200 intervals. 95 % of them are expected, with a binomial
# standard deviation of 1.5 %: three of them on each side. They share episodes, but not which result belongs to which.
FEWEST_INSIDE, MOST_INSIDE = 0.905, 0.995


@pytest.fixture(scope="module")
def draw(naive):
    """Draw episodes with a result, courses being exp(shift + beta z) times as long."""
    numbers = naive.numbers(load_edition())

    def make(n_episodes, *, beta, shift=0.0):
        rng, made = random.Random(SEED), []
        while len(made) < n_episodes:
            result = max(rng.gauss(MEAN_NG_ML, SD_NG_ML), 4)
            stretch = math.exp(shift + beta * (result - MEAN_NG_ML) / 10)
            course = naive.draw_course(rng, numbers, naive.draw_patient_class(rng, numbers))
            onset_day = naive.draw_onset(rng, ONSET, numbers)
            days = sorted(rng.sample(range(40, 400), rng.randint(3, 6)))
            levels = [naive.level(course, (day - onset_day) / stretch) for day in days]
            scores = [naive.draw_score(rng, level, "nrs", numbers) for level in levels]
            if any(scores):
                observations = Observations(np.array(days), np.array(scores, float), (Instrument.NRS,) * len(days))
                made.append(EpisodeWithResult(observations, ONSET, result, result))
        return made

    return make


def test_an_association_that_is_there_is_found_whatever_the_lengths_in_the_mean(library, draw):
    found = find_association(draw(N_EPISODES, beta=BETA, shift=SHIFT), library=library)
    assert found.n_episodes == N_EPISODES
    ratio = found.as_measured
    assert ratio.low95 < math.exp(BETA) < ratio.high95
    assert ratio.low95 > 1
    assert found.without_season == ratio


def test_without_an_association_95_percent_of_intervals_hold_none(library, draw, monkeypatch):
    episodes = draw(N_EPISODES, beta=0.0)
    known = {id(episode.observations): stretch_log_likelihoods(episode, library=library) for episode in episodes}
    monkeypatch.setattr(
        association, "stretch_log_likelihoods", lambda episode, *, library: known[id(episode.observations)]
    )
    rng, inside = random.Random(SEED), []
    for _ in range(N_COHORTS):
        cohort = [
            EpisodeWithResult(episode.observations, ONSET, *(max(rng.gauss(MEAN_NG_ML, SD_NG_ML), 4) for _ in range(2)))
            for episode in rng.sample(episodes, COHORT)
        ]
        found = find_association(cohort, library=library)
        inside += [ratio.low95 <= 1 <= ratio.high95 for ratio in (found.as_measured, found.without_season)]
    assert len(inside) == 2 * N_COHORTS
    assert FEWEST_INSIDE <= np.mean(inside) <= MOST_INSIDE


def test_below_the_least_number_of_episodes_nothing_is_estimated(library, draw):
    found = find_association(draw(29, beta=0.0), library=library)
    assert found == InsufficientData(
        reason="29 episodes have pain scores and a vitamin D result near the onset", needs="30 episodes"
    )


def test_results_that_are_all_alike_give_no_estimate(library, draw):
    alike = [EpisodeWithResult(one.observations, ONSET, 20.0, 20.0) for one in draw(30, beta=0.0)]
    found = find_association(alike, library=library)
    assert found.reason == "the vitamin D results of 30 episodes are too alike, or their scores too few"


def test_the_likelihood_of_no_stretch_is_that_of_the_twin(library, naive, draw):
    """One episode, the twin drawing its own courses: two Monte Carlo averages of the same probability."""
    (episode,) = draw(1, beta=0.0)
    numbers, rng = naive.numbers(load_edition()), random.Random(SEED)
    n_draws, total, square = 6000, 0.0, 0.0
    rows = list(zip(episode.observations.day.tolist(), episode.observations.score.tolist(), strict=True))
    for _ in range(n_draws):
        course = naive.draw_course(rng, numbers, naive.draw_patient_class(rng, numbers))
        onset_day = naive.draw_onset(rng, ONSET, numbers)
        weight = math.prod(
            naive.probability(score, naive.level(course, day - onset_day), "nrs", numbers) for day, score in rows
        )
        total += weight
        square += weight * weight
    mean = total / n_draws
    error = math.sqrt((square / n_draws - mean**2) / n_draws)
    found = math.exp(stretch_log_likelihoods(episode, library=library)[12])  # the middle of 25 stretches: none
    assert found == pytest.approx(mean, abs=4 * error)


def test_reading_between_stretches_follows_a_curve_through_them():
    stretches = association._STRETCHES
    rows = np.stack([-(stretches**2), 3 * stretches])
    wanted = np.array([[-0.55, 0.0, 0.333], [-0.55, 0.0, 0.333]])
    found = association._interpolated(rows, wanted)
    assert found[0] == pytest.approx(-(wanted[0] ** 2), abs=1e-12)  # exact for a parabola
    assert found[1] == pytest.approx(3 * wanted[1], abs=1e-12)
    held = association._interpolated(rows, np.array([[-9.0, 9.0], [-9.0, 9.0]]))
    assert held[1] == pytest.approx([3 * -1.2, 3 * 1.2])
