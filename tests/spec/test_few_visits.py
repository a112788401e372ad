"""Few visits, and odd ones: a typed answer each time, and flags only where a course can be read.

Each table is one patient: NRS scores on days since an onset known to the day, read on the last of them.
"""

import numpy as np
import pytest

from tracker.analysis.flags.finding import find_flags
from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import fit_course
from tracker.analysis.results import CourseFit, InsufficientData
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument


@pytest.fixture(scope="session")
def library():
    return course_library(load_edition())


@pytest.fixture
def read(library):
    """The fit and the raised flags of (day, score) rows."""

    def answer(rows):
        days, scores = zip(*rows, strict=True) if rows else ((), ())
        seen = Observations(np.array(days, dtype=np.int64), np.array(scores, float), (Instrument.NRS,) * len(rows))
        as_of_day = max(days, default=0)
        fit = fit_course(seen, OnsetStatement(0), as_of_day=as_of_day, library=library)
        flags = find_flags(seen, OnsetStatement(0), as_of_day=as_of_day, library=library)
        return fit, [flag.code for flag in flags if flag.is_raised]

    return answer


@pytest.fixture
def answer(drawn, read):
    return read([(int(day), float(score)) for day, score in drawn])


def is_read(fit):
    """Whether there is a course whose numbers are finite and whose probabilities sum to 1."""
    numbers = [number for one in fit.parameters.values() for number in (one.low95, one.median, one.high95)]
    sums = [sum(fit.class_probabilities.values()), sum(fit.phases.values())]
    return isinstance(fit, CourseFit) and bool(np.all(np.isfinite(numbers))) and sums == pytest.approx([1, 1])


def test_no_visit_gives_no_course_and_no_flag(read):
    assert read([]) == (InsufficientData("no pain score yet", "pain scores on 2 different days"), [])


def test_one_visit_gives_no_course_and_no_flag(read):
    assert read([(60, 7)]) == (InsufficientData("pain scores on 1 day only", "scores on 1 more day"), [])


def test_the_same_visit_twice_is_still_one(read):
    assert read([(60, 7), (60, 7)]) == read([(60, 7)])


def test_two_visits_give_a_course(answer):
    """
    day | NRS
     60 |   7
    200 |   3
    """
    fit, flags = answer
    assert is_read(fit)
    assert flags == []


def test_no_pain_at_any_visit_gives_no_course_and_no_flag(answer):
    """
    day | NRS
     30 |   0
     60 |   0
     90 |   0
    """
    assert answer == (InsufficientData("no pain was scored on any of 3 days", "a score above 0"), [])


def test_the_same_score_for_nine_months_is_no_expected_course(answer):
    """
    day | NRS
     30 |   5
     90 |   5
    150 |   5
    210 |   5
    270 |   5
    """
    fit, flags = answer
    assert is_read(fit)
    assert not fit.resembles_expected
    assert flags != []


def test_the_highest_score_at_every_visit_is_no_expected_course(answer):
    """
    day | NRS
     30 |  10
     90 |  10
    150 |  10
    210 |  10
    270 |  10
    """
    fit, flags = answer
    assert is_read(fit)
    assert fit.p_atypical > 0.9
    assert flags != []


def test_a_gap_of_eight_years_still_gives_a_course(answer):
    """
     day | NRS
      10 |   4
    3000 |   0
    """
    fit, flags = answer
    assert is_read(fit)
    assert fit.phase == "resolved"
    assert flags == []


def test_visits_before_the_onset_are_read_as_before_it(answer):
    """
    day | NRS
    -25 |   0
    -10 |   1
     60 |   7
    """
    fit, flags = answer
    assert is_read(fit)
    assert flags == []


def test_a_score_that_was_logged_twice_changes_nothing(read):
    once, twice = read([(60, 7), (130, 5), (200, 3)]), read([(60, 7), (130, 5), (130, 5), (200, 3)])
    assert (once[0].n_scores, twice[0].n_scores) == (3, 4)
    assert twice[0].parameters == once[0].parameters
    assert twice[0].class_probabilities == once[0].class_probabilities
    assert twice[1] == once[1]


def test_different_scores_of_one_day_are_one_reading_between_them(read):
    low, both, high = (read([(60, 7), *((130, score) for score in scores)])[0] for scores in ((4,), (4, 6), (6,)))
    assert is_read(both)
    assert low.resolution_day.median < both.resolution_day.median < high.resolution_day.median
    # one reading and no more: the two together narrow the answer no further than either alone
    widths = [fit.resolution_day.high95 - fit.resolution_day.low95 for fit in (low, both, high)]
    assert widths[1] > 0.8 * min(widths[0], widths[2])


def test_the_order_in_which_visits_are_entered_does_not_matter(read):
    rows = [(40, 6), (70, 8), (70, 7), (110, 7), (160, 8), (210, 8), (260, 8)]
    assert read(rows[::-1]) == read(rows)


def test_sixty_visits_give_a_course(read):
    rows = [(10 * place, min(place // 2, 8) if place < 20 else max(8 - (place - 20) // 3, 0)) for place in range(1, 61)]
    fit, _ = read(rows)
    assert is_read(fit)
    assert (fit.n_scores, fit.n_days) == (60, 60)
    assert fit.effective_sample_size > 1
