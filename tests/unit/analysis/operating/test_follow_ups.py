"""Follow-ups look like a clinic's: late, irregular, rounded, broken off.

Shares are allowed four standard deviations.
"""

from math import sqrt

import numpy as np
import pytest

from tracker.analysis.operating.follow_ups import draw_follow_ups, follow_up

N = 300
STANDARD_DEVIATIONS = 4


@pytest.fixture(scope="module")
def follow_ups(edition, habits):
    return draw_follow_ups("expected", edition, habits, n_episodes=N, rng=np.random.default_rng(3))


def is_near(share, expected, n):
    return abs(share - expected) <= STANDARD_DEVIATIONS * sqrt(expected * (1 - expected) / n)


def test_every_follow_up_has_three_to_twelve_visits_on_days_of_their_own(follow_ups):
    for one in follow_ups:
        days = one.observations.day.tolist()
        assert 3 <= len(days) <= 12
        assert days == sorted(set(days))


def test_first_visits_are_within_four_months_of_the_onset_and_with_pain(follow_ups):
    first = np.array([one.observations.day[0] - one.onset_day for one in follow_ups])
    assert first.min() >= 15
    assert first.max() <= 4 * 30.5
    assert all(one.course.levels[day] >= 2 for one, day in zip(follow_ups, first, strict=True))
    # 60 % come late; those with fewer than three visits, drawn again, came late more often
    assert 0.45 < np.mean(first >= 61) < 0.7


def test_visits_are_about_six_weeks_apart_and_some_are_missed(follow_ups):
    gaps = np.concatenate([np.diff(one.observations.day) for one in follow_ups])
    kept = gaps[gaps <= 63]
    assert np.median(kept) == pytest.approx(42, abs=2)
    # by hand: 15 % miss an appointment, nearly all then come after more than 63 days; of the others, whose gap has a
    # standard deviation of 8 sqrt(2) days, 3 % do
    assert np.mean(gaps > 63) == pytest.approx(0.15 * 0.97 + 0.85 * 0.03, abs=0.04)


def test_who_is_well_may_stop_coming(follow_ups):
    after_well = [
        place + 1 == len(one.observations.score)
        for one in follow_ups
        for place, score in enumerate(one.observations.score)
        if score <= 1 and place >= 2  # with fewer visits it would not be here
    ]
    assert is_near(np.mean(after_well), 0.4, len(after_well))


def test_even_scores_are_given_more_often(follow_ups):
    scores = np.concatenate([one.observations.score for one in follow_ups])
    around = np.isin(scores, (2, 3, 4))  # where the level falls and no score is favoured by its place
    assert np.mean(scores[around] == 3) < 0.3


def test_four_in_ten_onsets_are_a_month_and_four_in_ten_a_rounded_day(follow_ups):
    months = np.mean([one.onset.span_days >= 27 for one in follow_ups])
    about = np.mean([one.onset.about for one in follow_ups])
    assert is_near(months, 0.4, N)
    assert is_near(about, 0.2, N)


def test_the_stated_onset_is_off_by_memory_and_rounding_only(follow_ups):
    day = np.array([one.onset_day for one in follow_ups if one.onset.span_days == 0])
    # recall 10 days, rounding to a half month uniform over 15: sqrt(100 + 2 / 3 * 15**2 / 12) = 10.6
    assert day.mean() == pytest.approx(0, abs=4 * 10.6 / sqrt(len(day)))
    assert day.std() == pytest.approx(10.6, rel=0.2)


def test_a_month_is_stated_as_a_month(follow_ups):
    inside = [0 <= one.onset_day <= one.onset.span_days for one in follow_ups if one.onset.span_days]
    assert {one.onset.span_days for one in follow_ups} <= {0, 27, 28, 29, 30}
    assert np.mean(inside) > 0.5


def test_truth_is_on_the_clock_of_the_visits(follow_ups):
    for one in follow_ups:
        assert one.resolution_day == one.onset_day + one.course.resolution_day


def test_scores_follow_the_level(follow_ups):
    """Noise, wander, digits and slips: unbiased to a tenth of a point where no end of the scale is near."""
    off = [
        score - one.course.levels[day - one.onset_day]
        for one in follow_ups
        for day, score in zip(one.observations.day, one.observations.score, strict=True)
        if 3 <= one.course.levels[day - one.onset_day] <= 7
    ]
    # the variance of noise, wander and rounding: 0.82**2 + 0.4**2 + 1 / 12, and slips and digits on top
    assert np.mean(off) == pytest.approx(0, abs=0.15)
    assert np.std(off) == pytest.approx(1.0, abs=0.15)


def test_pain_that_comes_back_brings_people_back(edition, habits, drawn):
    rng = np.random.default_rng(8)
    relapses = [follow_up(course, edition, habits, rng=rng) for course in drawn("relapse")]
    seen = [one.observations.day.max() >= one.departure_day for one in relapses]
    assert np.mean(seen) > 0.55
