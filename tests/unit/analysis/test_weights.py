"""The vote worked out by hand for a library of two courses."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy import stats

from tracker.analysis.courses import shape_courses
from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.scoring import gross_error_probabilities
from tracker.analysis.vote import weigh_courses
from tracker.analysis.weights import even_quantiles, weighted_quantiles
from tracker.clinical.vocabulary import Phase

EXACT = 1e-9


@pytest.fixture
def two_courses(library):
    """Two straight courses with a certain onset on day 0, peaks 8 and 4: rise 40 days, plateau 40, regression 100."""
    same = {"rise_days": 40, "plateau_days": 40, "regression_days": 100, "residual_nrs": 0}
    parameters = {name: np.full(2, float(value)) for name, value in same.items()}
    parameters |= {"rise_exponent": np.ones(2), "regression_exponent": np.ones(2), "peak_nrs": np.array([8.0, 4.0])}
    courses = shape_courses(parameters, resolved_nrs=1.0)
    zeros = np.zeros(2)
    return replace(
        library,
        courses=courses,
        within_span=zeros,
        recall_deviate=zeros,
        class_place=zeros.astype(np.int8),
        log_prior=np.log([0.5, 0.5]),
    )


@pytest.fixture
def weigh(two_courses, observed):
    """Weigh the two courses by scores, without drawing others."""
    return lambda *rows: weigh_courses(observed(*rows), OnsetStatement(0), library=two_courses, refine=False)


def _probability(score, level):
    """P(score | level), inside the scale, from scipy: noise 0.8, growing by 0.04 a point above 5."""
    noise = stats.norm(level, 0.8 + 0.04 * max(level - 5, 0))
    return 0.99 * (noise.cdf(score + 0.5) - noise.cdf(score - 0.5)) + 0.01 / 11


def test_weights_are_bayes_rule_on_two_courses(weigh):
    # by hand: on day 60 the levels are 8 and 4 (plateau), on day 130 half of it: 4 and 2
    first = _probability(7, 8) * _probability(4, 4)
    second = _probability(7, 4) * _probability(4, 2)
    weighted = weigh((60, 7), (130, 4))
    assert weighted.weights == pytest.approx([first / (first + second), second / (first + second)], abs=EXACT)


def test_without_a_score_every_course_weighs_the_same(weigh):
    assert weigh().weights.tolist() == [0.5, 0.5]


def test_a_course_of_less_than_a_millionth_is_left_out(weigh):
    weighted = weigh(*[(60 + day, 8) for day in range(4)])
    assert weighted.courses.peak_nrs.tolist() == [8.0]
    assert weighted.weights.tolist() == [1.0]


def test_the_same_score_twice_on_one_day_says_no_more_than_once(weigh):
    assert weigh((60, 6), (60, 6)).weights == pytest.approx(weigh((60, 6)).weights, abs=EXACT)


def test_two_scores_of_one_day_count_half_each(weigh):
    # by hand: the levels are 8 and 4 on day 60
    first = sqrt(_probability(7, 8) * _probability(5, 8))
    second = sqrt(_probability(7, 4) * _probability(5, 4))
    for rows in (((60, 7), (60, 5)), ((60, 5), (60, 7)), ((60, 7), (60, 5), (60, 7), (60, 5))):
        assert weigh(*rows).weights == pytest.approx([first / (first + second), second / (first + second)], abs=EXACT)


def test_the_probability_of_a_gross_error_is_bayes_rule_too(two_courses, weigh, observed):
    observations = observed((60, 8), (61, 0), (62, 7))
    weighted = weigh((60, 8), (61, 0), (62, 7))
    found = gross_error_probabilities(observations, weighted, ScoreNoise.of_edition(two_courses.edition))
    # by hand: a gross error is a 0 with probability 0.01 / 11; the levels are 8 and 4
    from_eight, from_four = (0.99 * stats.norm(level, sd).cdf(0.5) + 0.01 / 11 for level, sd in ((8, 0.92), (4, 0.8)))
    expected = weighted.weights @ np.array([0.01 / 11 / from_eight, 0.01 / 11 / from_four])
    assert found[61] == pytest.approx(expected, rel=EXACT)
    assert found[60] < 0.01


@pytest.mark.parametrize(
    ("day", "phase"),
    # by hand: peak 8 is over at day 80 + 100 * 7/8 = 167.5, peak 4 at day 80 + 75 = 155
    [
        (-1, {Phase.BEFORE_ONSET: 1}),
        (0, {Phase.RISE: 1}),
        (39, {Phase.RISE: 1}),
        (40, {Phase.PLATEAU: 1}),
        (80, {Phase.REGRESSION: 1}),
        (155, {Phase.REGRESSION: 0.5, Phase.RESOLVED: 0.5}),
        (168, {Phase.RESOLVED: 1}),
    ],
)
def test_a_phase_begins_on_its_day(weigh, day, phase):
    weighted = weigh()
    assert weighted.phase_probabilities(day) == pytest.approx(dict.fromkeys(Phase, 0) | phase, abs=EXACT)


def test_level_quantiles_are_levels_of_courses(weigh):
    weighted = weigh()
    assert weighted.level_quantiles([60], np.array([0.1, 0.5, 0.9])).tolist() == [[4.0, 4.0, 8.0]]


def test_weighted_quantiles_are_the_smallest_values_that_reach_them():
    values, weights = np.array([30, 10, 20], dtype=np.float32), np.array([0.5, 0.25, 0.25])
    found = weighted_quantiles(values, weights, np.array([0.0, 0.25, 0.3, 0.5, 0.51, 1.0]))
    assert found.tolist() == [10, 10, 20, 20, 30, 30]


def test_quantiles_of_values_of_one_weight_are_the_smallest_that_reach_each():
    # by hand: each value holds a quarter
    values = np.array([5, 0, 9, 2], dtype=np.float32)
    assert even_quantiles(values, np.array([0.0, 0.25, 0.26, 0.5, 0.9, 1.0])).tolist() == [0, 0, 2, 2, 9, 9]


def test_thinning_keeps_the_weights_as_counts(weigh):
    weighted = weigh((60, 7), (130, 4))
    thinned = weighted.thinned(1)
    assert thinned.courses.peak_nrs.tolist() == [8.0]
    assert weighted.thinned(2) is weighted
