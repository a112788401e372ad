"""The most probable phase of each day, for courses whose phases are known to the day."""

import numpy as np
import pytest

from tracker.analysis.courses import shape_courses
from tracker.analysis.phase_spans import phase_spans
from tracker.analysis.weights import WeightedCourses
from tracker.clinical.vocabulary import Phase


@pytest.fixture
def weighted():
    """Make courses of so many days of rise, a plateau of 30 and a regression of 100, each with its weight."""

    def make(rises, weights):
        n = len(rises)
        same = {"plateau_days": 30.0, "residual_nrs": 0.0, "peak_nrs": 8.0, "regression_days": 100.0}
        parameters = {name: np.full(n, value) for name, value in same.items()}
        parameters |= {"rise_days": np.array(rises), "rise_exponent": np.ones(n), "regression_exponent": np.ones(n)}
        courses = shape_courses(parameters, resolved_nrs=1.0)
        return WeightedCourses(courses, np.zeros(n, np.float32), np.zeros(n, np.int8), np.array(weights))

    return make


def days(spans):
    return [(span.phase, span.first_day, span.last_day) for span in spans]


def test_one_course_has_its_own_phases_to_the_day(weighted):
    # rise from day 0, plateau from day 40 to 69, regression from day 70
    spans = phase_spans(weighted([40.0], [1.0]), range(0, 141, 7))
    assert days(spans) == [(Phase.RISE, 0, 39), (Phase.PLATEAU, 40, 69), (Phase.REGRESSION, 70, 140)]
    assert [span.most for span in spans] == [1.0, 1.0, 1.0]


def test_the_heavier_course_names_the_phase_and_its_weight_is_said(weighted):
    spans = phase_spans(weighted([40.0, 60.0], [0.7, 0.3]), range(0, 61, 10))
    assert days(spans) == [(Phase.RISE, 0, 39), (Phase.PLATEAU, 40, 60)]
    # on day 60 both are on the plateau
    assert spans[1].most == pytest.approx(1.0)


def test_one_day_is_one_span(weighted):
    assert days(phase_spans(weighted([40.0], [1.0]), [50])) == [(Phase.PLATEAU, 50, 50)]
