"""The library holds what the edition says: its centiles against the cited ones."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from scipy import stats

from tracker.analysis.course_classes import COURSE_CLASSES
from tracker.analysis.library import course_library
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.unit_cube import unit_cube
from tracker.dates import DAYS_PER_MONTH

# Every stratum of 16384 holds one course, so a centile is exact to its neighbours.
SAME_CENTILE = 2e-3


@pytest.mark.parametrize(
    ("name", "months"),
    [("rise_days", (1, 1.4142, 2)), ("plateau_days", (1, 1.4142, 2)), ("regression_days", (4, 5.6569, 8))],
)
def test_the_10th_50th_and_90th_centiles_of_a_length_are_the_cited_ones(library, name, months):
    centiles = np.quantile(getattr(library.courses, name), [0.1, 0.5, 0.9]) / DAYS_PER_MONTH
    assert centiles == pytest.approx(months, rel=SAME_CENTILE)


def test_the_peak_is_normal_cut_at_its_limits(library):
    peak = library.courses.peak_nrs
    cut = stats.truncnorm((2 - 7) / 1.7, (10 - 7) / 1.7, loc=7, scale=1.7)
    assert np.quantile(peak, [0.025, 0.5, 0.975]) == pytest.approx(cut.ppf([0.025, 0.5, 0.975]), rel=SAME_CENTILE)
    assert peak.min() >= 2
    assert peak.max() <= 10


def test_six_of_ten_leave_nothing_and_no_residual_lies_above_the_resolution_level(library):
    residual = library.courses.residual_nrs
    assert np.mean(residual == 0) == pytest.approx(0.6, abs=1 / library.n_courses)
    assert residual.max() <= 1
    assert np.quantile(residual, 0.8) == pytest.approx(0.5, rel=SAME_CENTILE)


def test_every_course_ends_and_only_after_its_plateau(library):
    courses = library.courses
    assert np.all(courses.resolution_days > courses.rise_days + courses.plateau_days)
    assert np.all(np.isfinite(courses.resolution_days))


@pytest.mark.parametrize(
    ("onset", "middle", "spread"),
    # by hand: a uniform span of s days has standard deviation s / sqrt(12), recall adds 10 days: in squares
    [
        (OnsetStatement(0), 0, 10),
        (OnsetStatement(30), 15, (30**2 / 12 + 100) ** 0.5),
        (OnsetStatement(0, about=True), 0, (14**2 / 12 + 100) ** 0.5),
    ],
    ids=["a day", "a month", "about a day"],
)
def test_the_onset_spreads_over_its_span_and_the_error_of_recall(library, onset, middle, spread):
    days = library.onset_days(onset)
    assert np.mean(days) == pytest.approx(middle, abs=0.05)
    assert np.std(days) == pytest.approx(spread, rel=SAME_CENTILE)


def test_the_same_edition_gives_the_same_library_to_the_last_bit(edition, library):
    again = course_library(edition)
    for name in library.courses.__dataclass_fields__:
        assert getattr(library.courses, name).tobytes() == getattr(again.courses, name).tobytes()


def test_other_points_of_the_cube_can_be_given(edition):
    assert course_library(edition, seed_cube=unit_cube(64)).n_courses == 64


def test_a_length_with_another_kind_of_interval_is_refused(edition):
    numbers = dict(edition.numbers)
    numbers["rise_months"] = replace(numbers["rise_months"], interval_kind="95 %")
    changed = replace(edition, numbers=MappingProxyType(numbers))
    with pytest.raises(ValueError, match="the interval of rise_months must be a 'central 80 %' one, but is '95 %'"):
        course_library(changed, seed_cube=unit_cube(64))


def test_the_prior_weights_of_the_classes_sum_to_1_and_each_class_says_where_it_ends():
    assert sum(course_class.prior_weight for course_class in COURSE_CLASSES) == 1
    assert [course_class.name for course_class in COURSE_CLASSES] == ["expected"]
    assert all(course_class.description and course_class.boundary.endswith(".") for course_class in COURSE_CLASSES)
