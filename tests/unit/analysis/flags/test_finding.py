"""Which visits stand behind a flag."""

import numpy as np
import pytest

from tracker.analysis.flags.finding import find_flags
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.weights import reference_courses

ONSET = OnsetStatement(0)
PLATEAU = ((30, 6), (60, 8), (95, 8), (130, 8), (165, 8), (200, 8), (240, 8))
REPLACED = ((30, 6), (60, 8), (95, 7), (150, 5), (200, 4), (250, 4), (300, 4), (340, 8), (380, 8))
SPIKE = ((30, 6), (60, 8), (95, 7), (130, 6), (165, 5), (200, 9))


def flags_of(library, observed, *rows, as_of_day=None):
    return find_flags(observed(*rows), ONSET, as_of_day=as_of_day or rows[-1][0], library=library)


def test_the_visits_that_still_fitted_the_expected_course_are_no_evidence(library, observed):
    flag = flags_of(library, observed, *PLATEAU)[0]
    assert flag.code == "prolonged_plateau"
    assert not {30, 60, 95} & {visit.day for visit in flag.evidence}
    assert {165, 200} <= {visit.day for visit in flag.evidence}


def test_evidence_names_the_score_and_the_level_that_was_expected(library, observed):
    flag = flags_of(library, observed, *PLATEAU)[0]
    visit = next(visit for visit in flag.evidence if visit.day == 200)
    assert [score for _, score in visit.scores] == [8]
    reference = reference_courses(library, ONSET)
    levels = np.sort(reference.courses.levels(200 - reference.onset_days))
    expected = [visit.expected_median, visit.expected_low95, visit.expected_high95]
    # every second course stands behind the answer, and a level is given to a twentieth of a point
    assert expected == pytest.approx(np.quantile(levels, [0.5, 0.025, 0.975]), abs=0.15)


def test_what_comes_later_is_never_looked_at(library, observed):
    before = flags_of(library, observed, *PLATEAU[:5], as_of_day=170)
    assert flags_of(library, observed, *PLATEAU, as_of_day=170) == before


def test_an_odd_score_is_its_own_evidence(library, observed):
    flags = flags_of(library, observed, *SPIKE)
    (flag,) = [flag for flag in flags if flag.code == "remeasure"]
    assert (flag.state, [visit.day for visit in flag.evidence], flag.clears_if) == ("suspected", [200], None)


def test_raised_flags_come_before_cleared_ones(library, observed):
    # persistent pain is suspected first, then a relapse, and that clears the first
    flags = flags_of(library, observed, *REPLACED)
    assert [flag.is_raised for flag in flags] == sorted((flag.is_raised for flag in flags), reverse=True)
    assert {flag.is_raised for flag in flags} == {True, False}


@pytest.mark.parametrize(
    "rows", [((30, 5),), ((30, 0), (60, 0), (90, 0)), ((30, 5), (30, 6))], ids=["one", "no pain", "one day"]
)
def test_where_no_course_can_be_read_there_is_no_flag(rows, library, observed):
    assert flags_of(library, observed, *rows) == ()


def test_a_usual_course_has_no_flag(library, observed):
    usual = ((30, 6), (60, 8), (95, 7), (130, 6), (165, 4), (200, 3), (240, 1), (280, 1))
    assert flags_of(library, observed, *usual) == ()
