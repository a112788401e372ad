"""The estimate from intervals by hand, at its edges, and its interval in repeated draws."""

from math import inf, log

import numpy as np
import pytest

from tracker.analysis.cohort.turnbull import Intervals, fit_turnbull, share_not_over

NEAR = 1e-4


def test_an_example_by_hand():
    """
    (0, 2]   ###
    (1, 4]     #####
    (3, inf]       ######....

    Ends in order: 0 1 2 3 4 inf; a lower end directly before an upper one: (1, 2] and (3, 4].
    The first covers the first interval only, the last the second only, the middle one both: with masses p and 1 - p
    the likelihood is p * 1 * (1 - p), highest at p = 1/2.
    """
    found = fit_turnbull(Intervals.of([0, 1, 3], [2, 4, inf]))
    assert (found.left.tolist(), found.right.tolist()) == ([1, 3], [2, 4])
    assert found.mass == pytest.approx([0.5, 0.5], abs=NEAR)
    assert found.log_likelihood == pytest.approx(2 * log(0.5), abs=NEAR)
    assert found.not_over(2.5) == pytest.approx((0.5, 0.5), abs=NEAR)
    assert found.not_over(1.5) == pytest.approx((0.5, 1.0), abs=NEAR)


def test_exact_times_give_the_empirical_distribution():
    found = fit_turnbull(Intervals.of([0, 1, 2, 3], [1, 2, 3, 4]))
    assert found.mass == pytest.approx([0.25] * 4, abs=NEAR)


def test_the_interval_of_exact_times_is_that_of_a_binomial_likelihood():
    """
    Ten exact times, four of them over at 4.5: the profile is 4 log(1 - s) + 6 log(s), and the interval ends where it
    lies 1.9207 below its highest, at s = 0.6.
    """
    intervals = Intervals.of(np.arange(10), np.arange(10) + 1)
    found = share_not_over(intervals, 4.5, best=fit_turnbull(Intervals.of(np.arange(10), np.arange(10) + 1)))
    # at 4.5 the fifth time, in (4, 5], may lie on either side
    assert (found.least, found.highest) == pytest.approx((0.5, 0.6), abs=NEAR)

    def profile(share, n_over):
        return n_over * log(1 - share) + (10 - n_over) * log(share)

    def falls_short(share, n_over, best):
        return profile(best, n_over) - profile(share, n_over) - 1.9207

    # the lower end counts the fifth as over, the upper one as not over
    assert falls_short(found.low95, 5, 0.5) == pytest.approx(0, abs=0.02)
    assert falls_short(found.high95, 4, 0.6) == pytest.approx(0, abs=0.02)


def test_nobody_whose_end_was_seen_leaves_everybody_in_pain():
    intervals = Intervals.of([10, 20, 30], [inf, inf, inf])
    best = fit_turnbull(intervals)
    assert best.not_over(25) == (1.0, 1.0)
    assert share_not_over(intervals, 25, best=best).high95 == 1.0
    # after the last day anybody was seen nothing is known
    assert best.not_over(40)[0] == pytest.approx(0.0, abs=NEAR)
    assert share_not_over(intervals, 40, best=best).low95 == 0.0


def test_one_patient_tells_hardly_anything():
    intervals = Intervals.of([100], [130])
    found = share_not_over(intervals, 91, best=fit_turnbull(intervals))
    assert (found.least, found.highest, found.high95) == (1.0, 1.0, 1.0)
    # one event after 91: s is inside while log(s) > -1.9207
    assert found.low95 == pytest.approx(np.exp(-1.9207), abs=2e-3)


@pytest.mark.parametrize("ends", [([1.0], [1.0]), ([2.0], [1.0]), ([1.0], [float("nan")])])
def test_an_empty_interval_is_refused(ends):
    with pytest.raises(ValueError, match="lower < upper"):
        Intervals.of(*ends)


def test_ends_of_two_lengths_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        Intervals.of([1, 2], [3])


def test_the_order_of_patients_changes_nothing():
    rng = np.random.default_rng(5)
    lower = rng.integers(0, 300, 80).astype(float)
    upper = lower + rng.integers(10, 90, 80)
    order = rng.permutation(80)
    one, other = fit_turnbull(Intervals.of(lower, upper)), fit_turnbull(Intervals.of(lower[order], upper[order]))
    assert one.mass.tolist() == other.mass.tolist()


def test_intervals_hold_the_truth_in_at_least_so_many_of_a_hundred_repeats():
    """Nominal 95 % and known to err on the wide side; of 120 repeats fewer than 108 would come by chance 1 in 100."""
    rng = np.random.default_rng(20261128)
    n_patients, n_repeats, time = 60, 120, 200.0
    inside = 0
    for _ in range(n_repeats):
        ends = rng.lognormal(np.log(225), 0.3, n_patients)
        visits = np.sort(rng.uniform(20, 420, (n_patients, 5)), axis=1)
        all_visits = np.column_stack([np.zeros(n_patients), visits, np.full(n_patients, inf)])
        place = (all_visits < ends[:, None]).sum(axis=1)
        rows = np.arange(n_patients)
        intervals = Intervals(all_visits[rows, place - 1], all_visits[rows, place])
        found = share_not_over(intervals, time, best=fit_turnbull(intervals))
        truth = 0.6526  # of a log-normal of median 225 and deviation 0.3: 1 - Phi(log(200/225) / 0.3)
        inside += found.low95 <= truth <= found.high95
    assert inside >= 108
