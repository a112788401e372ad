"""The library holds what the edition says: its centiles against the cited ones."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from scipy import stats

from tracker.analysis.course_classes import CLASS_NAMES, COURSE_CLASSES
from tracker.analysis.library import course_library
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.unit_cube import unit_cube
from tracker.dates import DAYS_PER_MONTH

# Every stratum of 16384 holds one course, so a centile is exact to its neighbours.
SAME_CENTILE = 2e-3


@pytest.fixture(scope="module")
def of_class(library):
    """The courses of one class, by name."""
    return lambda name: library.courses.taken(library.of_class(CLASS_NAMES.index(name)))


@pytest.mark.parametrize(
    ("name", "low", "high", "boundary"),
    [("rise_days", 1, 2, 3), ("plateau_days", 1, 2, 3), ("regression_days", 4, 8, 10)],
)
def test_a_length_is_log_normal_as_cited_and_cut_at_the_boundary_of_the_class(of_class, name, low, high, boundary):
    # 1.28155 standard deviations of the logarithm lie between the middle and the 90th centile
    middle, spread = np.log(low * high) / 2, np.log(high / low) / 2 / 1.28155
    cut = stats.truncnorm(-np.inf, (np.log(boundary) - middle) / spread, loc=middle, scale=spread)
    shares = [0.1, 0.5, 0.9]
    centiles = np.quantile(getattr(of_class("expected"), name), shares) / DAYS_PER_MONTH
    assert centiles == pytest.approx(np.exp(cut.ppf(shares)), rel=SAME_CENTILE)


def test_the_peak_is_normal_cut_at_its_limits(of_class):
    peak = of_class("expected").peak_nrs
    cut = stats.truncnorm((2 - 7) / 1.7, (10 - 7) / 1.7, loc=7, scale=1.7)
    assert np.quantile(peak, [0.025, 0.5, 0.975]) == pytest.approx(cut.ppf([0.025, 0.5, 0.975]), rel=SAME_CENTILE)
    assert peak.min() >= 2
    assert peak.max() <= 10


def test_six_of_ten_leave_nothing_and_no_residual_lies_above_the_resolution_level(of_class):
    residual = of_class("expected").residual_nrs
    assert np.mean(residual == 0) == pytest.approx(0.6, abs=SAME_CENTILE)
    assert residual.max() <= 1
    assert np.quantile(residual, 0.8) == pytest.approx(0.5, abs=SAME_CENTILE)


@pytest.mark.parametrize("name", [name for name in CLASS_NAMES if name != "persistent_pain"])
def test_every_course_ends_and_only_after_its_plateau(of_class, name):
    courses = of_class(name)
    assert np.all(courses.resolution_days > courses.rise_days + courses.plateau_days)
    assert np.all(np.isfinite(courses.resolution_days))


# In months from the onset: at least and at most. The resolution of the others follows from their lengths.
BOUNDARIES = {
    "expected": {"rise_days": (0, 3), "plateau_days": (0, 3), "regression_days": (0, 10), "resolution_days": (3, 24)},
    "early_resolution": {"resolution_days": (1, 3)},
    "late_peak": {"rise_days": (3, 18), "plateau_days": (0, 3), "regression_days": (0, 10)},
    "prolonged_plateau": {"rise_days": (0, 3), "plateau_days": (3, 26), "regression_days": (0, 10)},
    "slow_regression": {"rise_days": (0, 3), "plateau_days": (0, 3), "regression_days": (10, 30)},
    "persistent_pain": {"rise_days": (0, 3), "plateau_days": (0, 3), "regression_days": (0, 10)},
    "relapse": {"rise_days": (0, 3), "plateau_days": (0, 3), "regression_days": (0, 10)},
    "fluctuating": {"rise_days": (0, 3), "plateau_days": (0, 3), "swing_period_days": (1, 3)},
}


@pytest.mark.parametrize("name", CLASS_NAMES)
def test_no_course_is_beyond_the_boundary_of_its_class(of_class, name):
    courses, rounding = of_class(name), 1e-5
    for length, (least, most) in BOUNDARIES[name].items():
        months = getattr(courses, length) / DAYS_PER_MONTH
        assert months.min() >= least * (1 - rounding)
        assert months.max() <= most * (1 + rounding)


def test_persistent_pain_stays_between_a_third_and_two_thirds_of_the_peak(of_class):
    courses = of_class("persistent_pain")
    share = courses.residual_nrs / courses.peak_nrs
    assert (share.min(), share.max()) == pytest.approx((1 / 3, 2 / 3), abs=1e-3)
    assert courses.residual_nrs.min() > 1
    assert np.all(np.isinf(courses.resolution_days))


def test_a_relapse_rises_by_two_points_or_more_after_half_of_the_pain_had_gone(of_class):
    courses = of_class("relapse")
    assert np.all(courses.second_low_nrs <= courses.peak_nrs / 2 + 1e-4)
    assert np.all(courses.second_peak_nrs - courses.second_low_nrs >= 2 - 1e-4)
    assert np.all(courses.second_peak_nrs <= courses.peak_nrs + 1e-4)
    assert np.all(courses.second_start_days > courses.rise_days + courses.plateau_days)


def test_a_swing_on_the_plateau_is_two_points_to_half_of_the_peak(of_class):
    courses = of_class("fluctuating")
    assert (courses.swing_share * courses.peak_nrs).min() >= 2 - 1e-4
    assert courses.swing_share.max() <= 0.5 + 1e-6


def test_only_relapse_has_a_second_rise_and_only_fluctuating_pain_swings(of_class):
    again = {name for name in CLASS_NAMES if np.any(np.isfinite(of_class(name).second_start_days))}
    swinging = {name for name in CLASS_NAMES if np.any(of_class(name).swing_share)}
    assert (again, swinging) == ({"relapse"}, {"fluctuating"})


@pytest.mark.parametrize(
    ("onset", "middle", "spread"),
    # by hand: n whole days, all alike, have variance (n**2 - 1) / 12, recall adds 10 days: in squares
    [
        (OnsetStatement(0), 0, 10),
        (OnsetStatement(30), 15, ((31**2 - 1) / 12 + 100) ** 0.5),
        (OnsetStatement(0, about=True), 0, ((15**2 - 1) / 12 + 100) ** 0.5),
    ],
    ids=["a day", "a month", "about a day"],
)
def test_the_onset_spreads_over_its_span_and_the_error_of_recall(library, onset, middle, spread):
    days = library.onset_days(onset)[library.of_class(1)]  # the class that leaves no point out
    assert np.mean(days) == pytest.approx(middle, abs=0.05)
    assert np.std(days) == pytest.approx(spread, rel=SAME_CENTILE)


def test_the_same_edition_gives_the_same_library_to_the_last_bit(edition, library):
    again = course_library(edition)
    for name in library.courses.__dataclass_fields__:
        assert getattr(library.courses, name).tobytes() == getattr(again.courses, name).tobytes()


def test_other_points_of_the_cube_can_be_given(edition):
    assert 200 < course_library(edition, seed_cube=unit_cube(64)).n_courses <= 64 + 7 * 32


def test_a_length_with_another_kind_of_interval_is_refused(edition):
    numbers = dict(edition.numbers)
    numbers["rise_months"] = replace(numbers["rise_months"], interval_kind="95 %")
    changed = replace(edition, numbers=MappingProxyType(numbers))
    with pytest.raises(ValueError, match="the interval of rise_months must be a 'central 80 %' one, but is '95 %'"):
        course_library(changed, seed_cube=unit_cube(64))


def test_the_prior_of_each_class_is_its_share_and_the_shares_sum_to_1(library, edition):
    mass = np.bincount(library.class_place, weights=np.exp(library.log_prior))
    shares = [edition.value(f"{name}_share") for name in CLASS_NAMES]
    assert mass == pytest.approx(shares)
    assert sum(shares) == pytest.approx(1)
    assert shares[0] == 0.8


def test_the_table_names_the_classes_of_the_course_model_and_says_where_each_ends():
    assert (
        *("expected", "early_resolution", "late_peak", "prolonged_plateau"),
        *("slow_regression", "persistent_pain", "relapse", "fluctuating"),
    ) == CLASS_NAMES
    assert all(course_class.description and course_class.boundary.endswith(".") for course_class in COURSE_CLASSES)


def test_limits_of_another_kind_are_refused(edition):
    numbers = dict(edition.numbers)
    numbers["late_peak_months"] = replace(numbers["late_peak_months"], interval_kind="range")
    changed = replace(edition, numbers=MappingProxyType(numbers))
    with pytest.raises(ValueError, match="the interval of late_peak_months must be a 'limits' one, but is 'range'"):
        course_library(changed, seed_cube=unit_cube(64))
