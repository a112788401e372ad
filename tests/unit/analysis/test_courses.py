"""Levels against a course drawn by hand, and against the definition of the lengths."""

import numpy as np
import pytest

from tracker.analysis.courses import shape_courses
from tracker.analysis.library import course_library
from tracker.clinical.reference import load_edition

# float32 holds 24 bits: a level below 10 to a millionth, a day below 1000 to a ten-thousandth.
SAME_LEVEL = 1e-5
SAME_DAY = 1e-3


@pytest.fixture
def course():
    """One course: rise 40 days, plateau 30, regression 100, peak 8, residual 0.5, straight unless said otherwise."""

    def make(**changed):
        parameters = {
            "rise_days": 40,
            "plateau_days": 30,
            "regression_days": 100,
            "peak_nrs": 8,
            "residual_nrs": 0.5,
            "rise_exponent": 1,
            "regression_exponent": 1,
        } | changed
        return shape_courses({name: np.array([float(value)]) for name, value in parameters.items()}, resolved_nrs=1.0)

    return make


def _level(course, day):
    return float(course.levels(np.array([day], dtype=np.float32))[0])


@pytest.mark.parametrize(
    ("day", "level"),
    # by hand: 8 * 10/40 = 2; from day 70 the level falls by 7.5 in 100 days: 8 - 7.5 * 40/100 = 5
    [(-5, 0), (0, 0), (10, 2), (40, 8), (55, 8), (70, 8), (110, 5), (170, 0.5), (400, 0.5)],
)
def test_a_straight_course_is_the_trapezoid(course, day, level):
    assert _level(course(), day) == pytest.approx(level, abs=SAME_LEVEL)


def test_a_straight_course_is_over_where_its_line_meets_the_resolution_level(course):
    # by hand: 8 - 7.5 x = 1 at x = 7 / 7.5, so day 70 + 93.333
    assert course().resolution_days[0] == pytest.approx(163.3333, abs=SAME_DAY)


@pytest.mark.parametrize("exponent", [1, 1.5, 2, 3])
def test_every_regression_crosses_80_and_20_percent_where_the_straight_one_does(course, exponent):
    curved = course(regression_exponent=exponent)
    # by hand: 0.5 + 7.5 * 0.8 = 6.5 on day 70 + 20, and 0.5 + 7.5 * 0.2 = 2 on day 70 + 80
    assert _level(curved, 90) == pytest.approx(6.5, abs=SAME_LEVEL)
    assert _level(curved, 150) == pytest.approx(2.0, abs=SAME_LEVEL)


@pytest.mark.parametrize("exponent", [1, 1.5, 2])
def test_every_rise_crosses_80_percent_where_the_straight_one_does(course, exponent):
    assert _level(course(rise_exponent=exponent, plateau_days=80), 32) == pytest.approx(6.4, abs=SAME_LEVEL)


@pytest.mark.parametrize("exponent", [1, 2, 3])
@pytest.mark.parametrize("residual", [0, 0.5, 1])
def test_the_level_is_at_the_resolution_level_on_the_resolution_day_and_never_above_it_later(
    course, exponent, residual
):
    curved = course(regression_exponent=exponent, residual_nrs=residual)
    end = float(curved.resolution_days[0])
    assert _level(curved, end) == pytest.approx(1.0, abs=1e-4)
    assert all(_level(curved, end + later) <= 1 + SAME_LEVEL for later in range(0, 500, 10))


def test_a_course_is_continuous_and_stays_on_the_scale(course):
    curved = course(rise_exponent=2, regression_exponent=3, peak_nrs=10, plateau_days=5)
    levels = np.array([_level(curved, day) for day in np.arange(-10, 400, 0.5)])
    assert levels.min() >= 0
    assert levels.max() <= 10
    # the steepest slope is that of the quadratic rise at onset: 2 * 10 / 57.9 points a day
    assert np.max(np.abs(np.diff(levels))) < 0.5 * 2 * 10 / 57


def test_a_residual_above_the_resolution_level_has_no_end(course):
    assert np.isinf(course(residual_nrs=1.2).resolution_days[0])


def test_a_two_speed_regression_crosses_where_the_straight_one_does_and_has_a_knee(course):
    two_speed = course(regression_fast_share=0.4, regression_slow_share=0.5, residual_nrs=0)
    # by hand: levels 6.4 on day 90 and 1.6 on day 150; crossings at x = 0.08 and 0.6, so the span is 60 / 0.52 days
    # and the knee, where 1 - x / 0.4 = (1 - x) / 2, at x = 0.25: a level of 3
    start, span = 90 - 0.08 * 60 / 0.52, 60 / 0.52
    assert _level(two_speed, 90) == pytest.approx(6.4, abs=1e-4)
    assert _level(two_speed, 150) == pytest.approx(1.6, abs=1e-4)
    assert _level(two_speed, start + 0.25 * span) == pytest.approx(3.0, abs=1e-4)
    # by hand: 8 * (1 - x) / 2 = 1 at x = 0.75
    assert two_speed.resolution_days[0] == pytest.approx(start + 0.75 * span, abs=SAME_DAY)


SECOND = {
    "second_start_days": 140,
    "second_low_nrs": 2.75,
    "second_peak_nrs": 6.75,
    "second_rise_days": 20,
    "second_plateau_days": 10,
    "second_regression_days": 50,
}


@pytest.mark.parametrize(
    ("day", "level"),
    # by hand: from 8 on day 70 by 0.075 a day to 2.75 on day 140; 4 up in 20 days; 6.25 down in 50 days from day 170
    [(110, 5), (140, 2.75), (150, 4.75), (160, 6.75), (170, 6.75), (190, 4.25), (220, 0.5), (400, 0.5)],
)
def test_a_second_rise_takes_over_on_its_day(course, day, level):
    assert _level(course(**SECOND), day) == pytest.approx(level, abs=SAME_LEVEL)


def test_a_second_rise_is_over_where_its_line_meets_the_resolution_level(course):
    # by hand: 6.75 - 0.125 t = 1 at t = 46
    assert course(**SECOND).resolution_days[0] == pytest.approx(170 + 46, abs=SAME_DAY)


@pytest.mark.parametrize(
    ("day", "level"),
    # by hand: a quarter is gone halfway between the crest on day 40 and the trough on day 55, the half in the trough
    [(40, 8), (47.5, 6), (55, 4), (62.5, 6), (70, 8)],
)
def test_swings_take_a_share_away_and_give_it_back(course, day, level):
    # a crest stands on every whole turn: 40 / 30 + 2 / 3 = 2
    swinging = course(swing_share=0.5, swing_period_days=30, swing_offset=2 / 3)
    assert _level(swinging, day) == pytest.approx(level, abs=1e-4)


def test_a_swinging_course_stays_at_or_below_the_resolution_level_from_its_resolution_day(course):
    swinging = course(swing_share=0.4, swing_period_days=45, swing_offset=0.3)
    end = float(swinging.resolution_days[0])
    days = np.arange(0, 400, 0.05)
    above = [day for day in days if _level(swinging, day) > 1]
    # a 64th of a swing of 45 days
    assert above[-1] == pytest.approx(end, abs=45 / 64)


def test_a_peak_that_never_leaves_the_resolution_level_is_refused(course):
    with pytest.raises(ValueError, match="a peak not above the resolution level 1.0 is no course"):
        course(peak_nrs=1.0, residual_nrs=0)


def test_courses_that_are_seldom_asked_for_are_the_chosen_ones():
    every = course_library(load_edition()).courses
    chosen = np.array([5, 3, 20000])
    seldom, taken = every.seldom(chosen), every.taken(chosen)
    for name in every.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(seldom, name), getattr(taken, name))
    day = np.float32([10, 100, 1000])
    np.testing.assert_array_equal(every.seldom(chosen).levels(day), taken.levels(day))
    with pytest.raises(AttributeError):
        _ = seldom.weight
