"""Intervals of learned numbers against scipy."""

import pytest
from scipy import stats

from tracker.analysis.learning.intervals import beta_quantiles, log_interval, normal_interval, share_interval

SAME_QUANTILE = 1e-3


@pytest.mark.parametrize(("successes", "failures"), [(0.5, 10.5), (0.9, 40), (5, 3), (70.5, 30.5), (0.5, 0.5)])
def test_quantiles_of_a_beta_distribution_are_those_of_scipy(successes, failures):
    exact = stats.beta(successes, failures).ppf([0.025, 0.975])
    assert beta_quantiles(successes, failures) == pytest.approx(exact, rel=SAME_QUANTILE)


def test_a_share_counted_in_so_many_episodes_has_the_interval_of_jeffreys():
    """3 of 10: the beta distribution with half an episode added on both sides, by scipy."""
    found = share_interval(0.3, (0.3 * 0.7 / 10) ** 0.5)
    assert found == pytest.approx(stats.beta(3.5, 7.5).ppf([0.025, 0.975]), rel=SAME_QUANTILE)


def test_a_share_that_was_hardly_seen_is_not_impossible_and_lies_inside():
    low, high = share_interval(0.001, 0.003)
    assert low <= 0.001 <= high
    assert high > 0.01


def test_errors_are_alike_on_both_sides_or_on_a_logarithmic_scale():
    assert normal_interval(7.0, 1.0) == pytest.approx((7 - 1.959964, 7 + 1.959964))
    assert log_interval(2.0, 0.1) == pytest.approx((2 / 1.216531, 2 * 1.216531), rel=1e-5)
