"""How many odd scores are slips: against the binomial distribution worked out case by case."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import pytest

from tracker.analysis.surprise import follow_known_courses, follows_known_course, most_by_slips

SLIP, FITS = 0.9, 0.1


def probability_of_at_least(n_slips, n_days, share):
    """Add up every sequence of slips and good scores that has so many slips."""
    return sum(
        prod(share if is_slip else 1 - share for is_slip in days)
        for days in product((False, True), repeat=n_days)
        if sum(days) >= n_slips
    )


@pytest.mark.parametrize("n_days", range(1, 13))
def test_the_most_that_slips_explain_is_counted_out(n_days, edition):
    share, least = edition.value("gross_error_share"), edition.value("surprise_probability")
    most = most_by_slips(n_days, edition)
    assert probability_of_at_least(most, n_days, share) >= least
    assert most == n_days or probability_of_at_least(most + 1, n_days, share) < least


def test_the_numbers_that_the_edition_names_are_right(edition):
    assert [most_by_slips(n, edition) for n in (10, 11, 34, 35)] == [1, 2, 2, 3]


def odd_scores(*surprising, n_days):
    return {day: SLIP if day in surprising else FITS for day in range(n_days)}


@pytest.mark.parametrize(
    ("surprising", "n_days", "follows"),
    [((), 3, True), ((1,), 3, True), ((1, 3), 6, False), ((1, 5), 12, True), ((1, 5, 9), 12, False)],
)
def test_one_odd_score_is_a_slip_and_too_many_are_another_course(surprising, n_days, follows, edition):
    assert follows_known_course(odd_scores(*surprising, n_days=n_days), edition) is follows


def test_two_newest_that_agree_are_never_outvoted(edition):
    assert not follows_known_course(odd_scores(28, 29, n_days=30), edition)


def test_many_patients_at_once_are_told_what_each_is_told_alone(edition):
    rng = np.random.default_rng(5)
    sizes = rng.integers(1, 40, 300)
    scores = [np.where(rng.random(size) < 0.08, SLIP, FITS) for size in sizes]
    first_day = np.concatenate([[0], np.cumsum(sizes)])
    together = follow_known_courses(np.concatenate(scores), first_day, edition)
    alone = [follows_known_course(dict(enumerate(own.tolist())), edition) for own in scores]
    assert together.tolist() == alone
    assert 20 < sum(alone) < 280
