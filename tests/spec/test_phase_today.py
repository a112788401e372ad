"""Where on the expected course a patient is today, as a clinician would read it off the scores.

Each table is one patient: NRS scores on days since an onset known to the day. The marked row
is today; the answer is the most probable phase.
"""

import numpy as np
import pytest

from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import fit_course
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument


@pytest.fixture(scope="session")
def library():
    return course_library(load_edition())


@pytest.fixture
def phase_today(drawn, library):
    """The most probable phase on the last day of the table, read from every row that has a score."""
    seen = [(int(day), float(score)) for day, score in drawn if score != "-"]
    observations = Observations(
        np.array([day for day, _ in seen]), np.array([score for _, score in seen]), (Instrument.NRS,) * len(seen)
    )
    return fit_course(observations, OnsetStatement(0), as_of_day=int(drawn[-1][0]), library=library).phase


def test_pain_that_grows_in_the_first_weeks_is_the_rise(phase_today):
    """
    day | NRS
      5 |  1
     15 |  3
     25 |  5
    """
    assert phase_today == "rise"


def test_pain_that_stays_high_in_month_three_is_the_plateau(phase_today):
    """
    day | NRS
     30 |  6
     50 |  8
     65 |  8
     75 |  8
    """
    assert phase_today == "plateau"


def test_pain_at_half_its_height_in_month_six_is_the_regression(phase_today):
    """
    day | NRS
     60 |  8
    110 |  7
    150 |  5
    180 |  4
    """
    assert phase_today == "regression"


def test_pain_that_is_gone_at_three_visits_is_resolved(phase_today):
    """
    day | NRS
     60 |  7
    150 |  4
    270 |  0
    300 |  0
    330 |  0
    """
    assert phase_today == "resolved"


def test_months_after_the_last_visit_the_course_has_gone_on(phase_today):
    """
    day | NRS
     60 |  8
    110 |  7
    150 |  5
    500 |  -
    """
    assert phase_today == "resolved"


def test_a_late_first_visit_with_falling_pain_is_the_regression(phase_today):
    """
    day | NRS
    140 |  6
    170 |  5
    """
    assert phase_today == "regression"


def test_one_odd_zero_does_not_end_a_plateau(phase_today):
    """
    day | NRS
     40 |  7
     55 |  8
     60 |  0
     70 |  8
     76 |  8
    """
    assert phase_today == "plateau"


def test_before_the_onset_nothing_has_begun(phase_today):
    """
    day | NRS
    -40 |  0
    -35 |  1
    -30 |  -
    """
    assert phase_today == "before_onset"
