"""The most informative day worked out by hand for courses that differ on one stretch of days only."""

from dataclasses import replace

import numpy as np
import pytest

from tracker.analysis.courses import shape_courses
from tracker.analysis.next_visit import most_informative_visit
from tracker.analysis.weights import WeightedCourses


@pytest.fixture
def weighted():
    """Two straight courses alike until day 80 and over on different days; onset on day 0."""

    def make(**changes):
        same = {"rise_days": 40.0, "plateau_days": 40.0, "residual_nrs": 0.0, "peak_nrs": 8.0}
        parameters = {name: np.full(2, value) for name, value in same.items()}
        parameters |= {"rise_exponent": np.ones(2), "regression_exponent": np.ones(2)}
        parameters["regression_days"] = np.array([100.0, 200.0])
        courses = shape_courses(parameters | changes, resolved_nrs=1.0)
        return WeightedCourses(courses, np.zeros(2, np.float32), np.zeros(2, np.int8), np.array([0.5, 0.5]))

    return make


def test_the_day_lies_where_the_courses_have_parted(weighted, edition):
    # by hand: on day 80 + t the levels are 8 - 0.08 t and 8 - 0.04 t, 4 points apart on day 180, where the first ends
    found = most_informative_visit(weighted(), as_of_day=60, edition=edition)
    assert 80 < found.day <= 180
    assert (found.day - 60) % 7 == 0
    # the courses are 3.1 points apart by then, nearly four times the noise of a score
    assert 0.5 < found.narrowing < 1


def test_later_is_not_taken_where_it_tells_hardly_more(weighted, edition):
    first = most_informative_visit(weighted(), as_of_day=60, edition=edition)
    numbers = dict(edition.numbers)
    numbers["next_visit_enough_share"] = replace(numbers["next_visit_enough_share"], value=1.0)
    best = most_informative_visit(weighted(), as_of_day=60, edition=replace(edition, numbers=numbers))
    assert first.day < best.day
    assert first.narrowing >= 0.8 * best.narrowing


def test_courses_that_end_on_one_day_leave_nothing_to_be_told(weighted, edition):
    alike = weighted(regression_days=np.array([100.0, 100.0]))
    assert most_informative_visit(alike, as_of_day=60, edition=edition) is None


def test_the_variance_left_is_that_of_bayes_rule(weighted, edition):
    """At day 180 the levels are 0 and 4: by hand over the eleven scores, from scipy's normal distribution."""
    from scipy import stats

    from tracker.analysis.likelihood import ScoreNoise
    from tracker.analysis.next_visit import _score_table, _variance_left

    def probability(score, level):
        low, high = (-np.inf if score == 0 else score - 0.5), (np.inf if score == 10 else score + 0.5)
        return 0.99 * (stats.norm(level, 0.8).cdf(high) - stats.norm(level, 0.8).cdf(low)) + 0.01 / 11

    ends = np.array([-1.0, 1.0])
    by_hand = 0.0
    for score in range(11):
        first, second = 0.5 * probability(score, 0), 0.5 * probability(score, 4)
        by_hand += 4 * first * second / (first + second)  # weight times the variance of two points 2 apart
    indices, even = weighted().level_indices(180), np.array([0.5, 0.5])
    left = _variance_left(indices, ends, even, _score_table(ScoreNoise.of_edition(edition)))
    assert left == pytest.approx(by_hand, rel=1e-9)
