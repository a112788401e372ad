"""True courses are of their kind, smooth, and of no shape the library has."""

from math import inf

import numpy as np
import pytest

from tracker.analysis.operating.true_courses import KINDS, draw_true_courses
from tracker.dates import DAYS_PER_MONTH

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
# Shapes differ on purpose, resolution days should not: within a fortnight of the expected class at every quantile, its
# 10th and 90th centile lying 140 days apart. 600 draws place a quantile to a week.
SAME_QUANTILE_DAYS = 14
THREE_MONTHS = 3 * DAYS_PER_MONTH


def test_a_typical_course_resolves_when_expected_courses_do(edition, habits, library):
    courses = draw_true_courses("expected", edition, habits, n_courses=600, rng=np.random.default_rng(1))
    own = np.quantile([course.resolution_day for course in courses], QUANTILES)
    expected = np.quantile(library.courses.resolution_days[library.of_class(0)], QUANTILES)
    assert own == pytest.approx(expected, abs=SAME_QUANTILE_DAYS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_course_is_over_on_its_resolution_day_and_not_before(kind, drawn):
    for course in drawn(kind):
        if course.resolution_day < inf:
            day = int(course.resolution_day)
            assert course.levels[day:].max() <= 1 < course.levels[day - 1]
        else:
            assert course.levels[-1] > 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_level_stays_on_the_scale_begins_without_pain_and_never_jumps(kind, drawn, habits):
    for course in drawn(kind):
        assert course.levels.min() >= 0
        assert course.levels.max() <= 10
        assert course.levels[0] < course.levels.max() / 2
        # 10 points within a join of 4 days' standard deviation are 10 / (4 sqrt(2 pi)) = 1 point a day at most
        assert np.abs(np.diff(course.levels)).max() < 1


@pytest.mark.parametrize("kind", KINDS[1:])
def test_most_atypical_courses_differ_by_two_points_some_day_and_no_typical_one_does(kind, drawn):
    departed = [course.departure_day < inf for course in drawn(kind)]
    assert np.mean(departed) > 0.75
    assert all(course.departure_day == inf for course in drawn("expected"))


def test_kinds_keep_to_their_boundaries(drawn):
    assert all(course.resolution_day <= THREE_MONTHS for course in drawn("early_resolution"))
    assert all(course.resolution_day > THREE_MONTHS for course in drawn("expected"))
    assert all(course.resolution_day == inf for course in drawn("persistent_pain"))


def test_in_a_relapse_half_of_the_pain_had_gone_and_two_points_come_back(drawn):
    for course in drawn("relapse"):
        peak = int(np.argmax(course.levels))
        low = np.minimum.accumulate(course.levels[peak:])
        came_back = (course.levels[peak:] - low >= 2) & (low <= course.levels[peak] / 2)
        assert came_back.any()


def test_a_late_peak_comes_late(drawn):
    # with a rise of three months or more, four fifths of the peak are not there after two
    assert all(course.levels[60] < 0.8 * course.levels.max() + 0.1 for course in drawn("late_peak"))


def test_the_library_cannot_draw_them(drawn, library):
    """The nearest expected course of the library, at the true onset, is still off by more than a step of its table."""
    days = range(0, 400, 10)
    expected = library.of_class(0)
    own = library.courses.taken(expected)
    table = np.stack([own.levels(np.full(len(own.peak_nrs), day, dtype=np.float32)) for day in days])
    for course in drawn("expected")[:10]:
        distance = np.abs(table - course.levels[list(days)][:, None]).max(axis=0)
        assert distance.min() > 0.15


def test_the_same_random_numbers_give_the_same_courses(edition, habits):
    first, second = (
        draw_true_courses("mixed", edition, habits, n_courses=3, rng=np.random.default_rng(9)) for _ in range(2)
    )
    assert [course.levels.tolist() for course in first] == [course.levels.tolist() for course in second]
