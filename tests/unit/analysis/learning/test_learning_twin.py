"""The arithmetic of learning against loops over a tiny library, written from the description."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tracker.analysis.class_drawing import expected_parameters
from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.learning.evidence import LearningEpisode, episode_levels, likelihoods
from tracker.analysis.learning.maximization import learn
from tracker.analysis.learning.population import Population
from tracker.analysis.learning.posterior import Cohort, PriorEpisodes, expect, log_prior
from tracker.analysis.learning.tilting import tiltable
from tracker.analysis.learning.uncertainty import deviations, prior_deviations
from tracker.analysis.library import course_library
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.unit_cube import unit_cube
from tracker.clinical.vocabulary import Instrument
from tracker.dates import DAYS_PER_MONTH

N_PRIOR, N_FOR_SHARES = 3.0, 6.0
OWN = {"late_peak": "rise_days", "prolonged_plateau": "plateau_days", "slow_regression": "regression_days"}
DRAWN = ("rise_days", "plateau_days", "regression_days", "peak_nrs")
# Likelihoods are kept in float32: 7 digits, of sums of a hundred or so.
SAME_LOGARITHM = 1e-3
# A second difference with steps of 0.1 is off by the fourth derivative.
SAME_DEVIATION = 0.03


@pytest.fixture(scope="module")
def tiny(edition):
    return tiltable(course_library(edition, seed_cube=unit_cube(64)))


@pytest.fixture(scope="module")
def episodes(observed):
    nrs = [
        [(40, 6), (75, 7), (120, 5), (200, 2)],
        [(60, 8), (100, 8), (180, 7), (260, 4), (330, 1)],
        [(35, 4), (90, 5), (150, 2), (240, 0)],
        [(50, 7), (50, 6), (210, 6), (400, 5)],
    ]
    vas = [(45, 55), (110, 62), (190, 30), (300, 8)]
    return (
        *(LearningEpisode(observed(*rows), OnsetStatement(0)) for rows in nrs),
        LearningEpisode(observed(*vas, instrument=Instrument.VAS), OnsetStatement(30)),
    )


@pytest.fixture(scope="module")
def cohort(tiny, episodes, edition):
    prior = PriorEpisodes(N_PRIOR, N_FOR_SHARES, Population.of_edition(edition))
    return Cohort(tiny, episode_levels(episodes, tiny.library, on_step=lambda: None), prior, edition)


@pytest.fixture(scope="module")
def learned(cohort):
    return learn(cohort, cohort.prior.population, on_step=lambda: None)


@pytest.fixture(scope="module")
def naive_log_posterior(tiny, episodes, edition):
    """Give the log-posterior of a population, up to a constant, by loops."""
    library, cited = tiny.library, Population.of_edition(edition)
    drawn = naive_draws(library, edition)

    @cache
    def likelihood(sd_nrs, sd_mm):
        return [naive_likelihood(library, episode, (sd_nrs, sd_mm)) for episode in episodes]

    def log_posterior(population):
        ratio = [naive_ratio(row, population, cited) for row in drawn]
        of_class = [[ratio[i] for i, row in enumerate(drawn) if row[0] == place] for place in range(8)]
        prior = [population.shares[row[0]] * ratio[i] / math.fsum(of_class[row[0]]) for i, row in enumerate(drawn)]
        total = sum(
            math.log(math.fsum(weight * seen for weight, seen in zip(prior, row, strict=True)))
            for row in likelihood(*population.noise.tolist())
        )
        for place in range(8):
            total += N_FOR_SHARES * cited.shares[place] * math.log(population.shares[place])
        for i in range(4):
            # so many draws of the cited normal distribution: their mean square distance from the new middle
            square = cited.spread[i] ** 2 + (population.middle[i] - cited.middle[i]) ** 2
            total -= N_PRIOR * (math.log(population.spread[i]) + square / population.spread[i] ** 2 / 2)
        scores_each = sum(len(episode.observations.day) for episode in episodes) / len(episodes)
        for noise, before in zip(population.noise.tolist(), cited.noise.tolist(), strict=True):
            total -= N_PRIOR * scores_each * (math.log(noise / before) + (before / noise) ** 2 / 2)
        return total

    return log_posterior


def naive_draws(library, edition):
    """Per course its class, the four values its generator drew, and which of them are the learned ones."""
    drawn = []
    for place, name in enumerate(CLASS_NAMES):
        where = library.of_class(place)
        free = expected_parameters(library.cubes[place], edition)
        for course, point in zip(range(where.start, where.stop), library.point[where], strict=True):
            values = [math.log(free[length][point] / DAYS_PER_MONTH) for length in DRAWN[:3]]
            values.append(float(library.courses.peak_nrs[course]))
            drawn.append((place, values, [OWN.get(name) != quantity for quantity in DRAWN]))
    return drawn


def naive_ratio(row, population, cited):
    """Divide new by old density of what one course was drawn from."""
    _, values, keeps = row
    ratio = 1.0
    for i in range(4):
        if keeps[i]:
            ratio *= density(values[i], population.middle[i], population.spread[i])
            ratio /= density(values[i], cited.middle[i], cited.spread[i])
    return ratio


def density(value, middle, spread):
    return math.exp(-(((value - middle) / spread) ** 2) / 2) / spread


def naive_likelihood(library, episode, noises):
    """Multiply the probabilities of one episode's scores, per course."""
    onset, seen = library.onset_days(episode.onset), episode.observations
    row = [1.0] * library.n_courses
    for day, score in zip(seen.day.tolist(), seen.score.tolist(), strict=True):
        levels = library.courses.levels(day - onset)
        for course in range(library.n_courses):
            level = round(float(levels[course]) * 20) / 20
            row[course] *= probability(score, level, episode.instrument, noises) ** (1 / seen.day.tolist().count(day))
    return row


def probability(score, level, instrument, noises):
    highest, unit = (10, 1) if instrument == "nrs" else (100, 10)
    sd = noises[0 if instrument == "nrs" else 1] + unit * 0.04 * max(level - 5, 0)
    upper = 1.0 if score == highest else cdf((score + 0.5 - unit * level) / sd)
    lower = 0.0 if score == 0 else cdf((score - 0.5 - unit * level) / sd)
    return 0.99 * (upper - lower) + 0.01 / (highest + 1)


def cdf(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


def moved(population, coordinate, by):
    """Move a population in one of 18 coordinates: middles, logarithms of spreads, of shares, of noise."""
    middle, spread = population.middle.copy(), population.spread.copy()
    shares, noise = population.shares.copy(), population.noise.copy()
    if coordinate < 4:
        middle[coordinate] += by * spread[coordinate]
    elif coordinate < 8:
        spread[coordinate - 4] *= math.exp(by)
    elif coordinate < 16:
        shares[coordinate - 8] *= math.exp(by)
    else:
        noise[coordinate - 16] *= math.exp(by)
    return Population(middle, spread, shares / shares.sum(), noise)


def test_the_log_posterior_is_that_of_the_loops(cohort, learned, naive_log_posterior):
    def value(population):
        table, scales = likelihoods(cohort.levels, population.score_noise(cohort.edition))
        found = expect(cohort, table, population)
        return found.log_evidence.sum() + scales.sum() + log_prior(cohort, population)

    cited = cohort.prior.population
    for other in (learned.population, *(moved(cited, coordinate, 0.3) for coordinate in range(18))):
        expected = naive_log_posterior(other) - naive_log_posterior(cited)
        assert value(other) - value(cited) == pytest.approx(expected, abs=SAME_LOGARITHM)


def test_no_step_leads_down(learned):
    assert np.diff(learned.log_posterior).min() > -SAME_LOGARITHM
    assert learned.log_posterior[-1] > learned.log_posterior[0] + 1


@pytest.mark.parametrize("coordinate", range(18))
def test_what_was_learned_is_the_top_for_the_loops(learned, naive_log_posterior, coordinate):
    top = naive_log_posterior(learned.population)
    for by in (-0.1, 0.1):
        assert naive_log_posterior(moved(learned.population, coordinate, by)) < top


def test_deviations_are_those_of_the_curvature_of_the_loops(cohort, learned, naive_log_posterior):
    step, population = 0.03, learned.population
    information = np.zeros((18, 18))
    for one in range(18):
        for other in range(one, 18):
            corners = [
                signs[0]
                * signs[1]
                * naive_log_posterior(moved(moved(population, one, signs[0] * step), other, signs[1] * step))
                for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1))
            ]
            information[one, other] = information[other, one] = -sum(corners) / (4 * step**2)
    information[8:16, 8:16] += 1  # shares are known up to a constant
    covariance = np.linalg.inv(information)
    found = deviations(cohort, learned)
    spread = np.sqrt(np.diag(covariance))
    assert found.middle == pytest.approx(spread[:4] * population.spread, rel=SAME_DEVIATION)
    assert found.log_spread == pytest.approx(spread[4:8], rel=SAME_DEVIATION)
    assert found.log_noise == pytest.approx(spread[16:], rel=SAME_DEVIATION)
    by_log = np.diag(population.shares) - np.outer(population.shares, population.shares)
    assert found.shares == pytest.approx(np.sqrt(np.diag(by_log @ covariance[8:16, 8:16] @ by_log)), rel=SAME_DEVIATION)


def test_before_any_episode_shares_are_known_as_from_so_many_draws(cohort):
    """Closed form: the deviation of a share counted in n draws; that of the logarithm of a noise seen in n errors."""
    found, shares = prior_deviations(cohort), cohort.prior.population.shares
    assert found.shares == pytest.approx(np.sqrt(shares * (1 - shares) / N_FOR_SHARES), rel=SAME_DEVIATION)
    assert found.log_noise == pytest.approx(np.full(2, 1 / math.sqrt(2 * cohort.n_prior_scores)))


def test_before_any_episode_a_length_is_known_as_from_so_many_draws(cohort):
    """Closed form: the deviation of the mean and of the logarithm of the spread of n normal numbers."""
    found, cited = prior_deviations(cohort), cohort.prior.population
    assert found.middle == pytest.approx(cited.spread / math.sqrt(N_PRIOR), rel=SAME_DEVIATION)
    assert found.log_spread == pytest.approx(np.full(4, 1 / math.sqrt(2 * N_PRIOR)), rel=SAME_DEVIATION)


@pytest.mark.parametrize("name", ["rise", "plateau", "regression", "peak"])
def test_a_class_is_said_to_draw_exactly_what_its_generator_draws(edition, tiny, name):
    """Move one number of the edition: where courses change, the quantity is drawn from it."""
    number = "peak_sd_nrs" if name == "peak" else f"{name}_months"
    cited = edition[number]
    other = replace(cited, value=cited.value * 1.01, interval=tuple(1.01 * end for end in cited.interval))
    moved_edition = replace(edition, numbers={**edition.numbers, number: other})
    row = ["rise", "plateau", "regression", "peak"].index(name)
    before, after = (course_library(which, seed_cube=unit_cube(64)) for which in (edition, moved_edition))
    field = "peak_nrs" if name == "peak" else f"{name}_days"
    for place in range(len(CLASS_NAMES)):
        kept = [library.point[library.of_class(place)] for library in (before, after)]
        both = np.intersect1d(*kept)
        values = [
            getattr(library.courses, field)[library.of_class(place)][np.isin(points, both)]
            for library, points in zip((before, after), kept, strict=True)
        ]
        # an early course is shortened to its own day: its lengths change little, but they change
        is_drawn = np.any(tiny.statistics[row, tiny.library.of_class(place)] != 0)
        assert is_drawn == (not np.array_equal(*values))


def test_weights_of_another_population_are_ratios_of_densities(tiny, edition):
    cited = Population.of_edition(edition)
    other = replace(cited, middle=cited.middle + [0.1, -0.1, 0.2, -0.8], spread=cited.spread * [1.2, 0.9, 1.1, 0.8])
    within, _ = tiny.within_class(tiny.tilt(other))
    place = CLASS_NAMES.index("relapse")
    where = tiny.library.of_class(place)
    courses = tiny.library.courses.taken(where)
    ratio = np.ones(where.stop - where.start)
    for row, name in enumerate(DRAWN):
        values = getattr(courses, name).astype(float)
        values = values if name == "peak_nrs" else np.log(values / DAYS_PER_MONTH)
        for population, sign in ((other, 1), (cited, -1)):
            z = (values - population.middle[row]) / population.spread[row]
            ratio *= (np.exp(-(z**2) / 2) / population.spread[row]) ** sign
    assert within[where] == pytest.approx(ratio / ratio.sum(), rel=1e-4)  # courses are kept in float32


def test_middles_and_spreads_survive_the_way_to_natural_parameters_and_back(tiny, edition):
    cited = Population.of_edition(edition)
    other = replace(cited, middle=cited.middle + 0.3, spread=cited.spread * 0.7)
    middle, spread = tiny.middle_and_spread(tiny.tilt(other))
    assert middle == pytest.approx(other.middle)
    assert spread == pytest.approx(other.spread)
