"""Three libraries of other points give the same answers, and courses drawn anew those of a far larger library.

The Monte Carlo error of a probability p from n effective courses is sqrt(p (1 - p) / n), that of a median about
1.25 / sqrt(n) standard deviations of the posterior. Answers may differ by three times the
error of their difference: that is the stated Monte Carlo error of this engine.
"""

from math import sqrt

import numpy as np
import pytest

from tracker.analysis.library import N_COURSES, course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import fit_course
from tracker.analysis.unit_cube import shifted, unit_cube
from tracker.analysis.vote import weigh_courses
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument

ERRORS = 3
LARGE = 1 << 16

PATIENTS = {
    "typical": ((40, 6), (70, 8), (110, 7), (160, 5), (210, 3), (260, 1)),
    "two visits": ((60, 7), (200, 3)),
    "slow": ((40, 6), (70, 8), (130, 7), (200, 7), (270, 6), (350, 5), (430, 4), (500, 3)),
    "prolonged": ((40, 6), (70, 8), (110, 8), (160, 7), (210, 8), (270, 8)),
    "relapse": ((40, 6), (70, 8), (110, 7), (160, 5), (210, 3), (260, 1), (310, 6), (340, 7)),
    "many visits": tuple(
        (14 * (place + 1), score)
        for place, score in enumerate((2, 4, 6, 7, *[8] * 4, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 1, *[0] * 5))
    ),
}


@pytest.fixture(scope="module")
def libraries():
    cube = unit_cube(N_COURSES)
    return [course_library(load_edition(), seed_cube=shifted(cube, seed)) for seed in (0, 11, 29)]


@pytest.fixture(scope="module")
def large_library():
    return course_library(load_edition(), seed_cube=unit_cube(LARGE))


def observations(name):
    days, scores = zip(*PATIENTS[name], strict=True)
    return Observations(np.array(days), np.array(scores, dtype=float), (Instrument.NRS,) * len(days))


def fits(name, libraries):
    seen = observations(name)
    last = int(seen.day.max())
    return [fit_course(seen, OnsetStatement(0), as_of_day=last, library=library) for library in libraries]


def spread(estimate):
    """The standard deviation that a normal posterior of this 95 % interval would have."""
    return (estimate.high95 - estimate.low95) / (2 * 1.96)


@pytest.mark.parametrize("name", PATIENTS)
def test_three_libraries_agree_on_the_classes_within_their_monte_carlo_error(libraries, name):
    found = fits(name, libraries)
    fewest = min(fit.effective_sample_size for fit in found)
    for course_class in found[0].class_probabilities:
        shares = [fit.class_probabilities[course_class] for fit in found]
        middle = min(max(float(np.mean(shares)), 1 / fewest), 1 - 1 / fewest)
        assert max(shares) - min(shares) < ERRORS * sqrt(2 * middle * (1 - middle) / fewest)


@pytest.mark.parametrize("name", PATIENTS)
def test_three_libraries_agree_on_the_medians_within_their_monte_carlo_error(libraries, name):
    found = fits(name, libraries)
    fewest = min(fit.effective_sample_size for fit in found)
    for unknown in ("onset_day", "rise_days", "plateau_days", "regression_days", "peak_nrs"):
        estimates = [fit.parameters[unknown] for fit in found]
        medians = [estimate.median for estimate in estimates]
        error = 1.25 * max(map(spread, estimates)) * sqrt(2 / fewest)
        assert max(medians) - min(medians) < ERRORS * error


@pytest.mark.parametrize("name", ["relapse", "many visits"])
def test_courses_drawn_anew_give_the_answer_of_a_library_of_a_quarter_million(libraries, large_library, name):
    seen, onset = observations(name), OnsetStatement(0)
    refined = weigh_courses(seen, onset, library=libraries[0])
    assert refined.refined
    plain = weigh_courses(seen, onset, library=large_library, refine=False)
    fewest = min(plain.effective_sample_size(), refined.effective_sample_size())
    for unknown, values in refined.unknowns().items():
        mean, other = refined.weights @ values, plain.weights @ plain.unknowns()[unknown]
        deviation = sqrt(max(float(refined.weights @ (values - mean) ** 2), 1e-6))
        assert abs(mean - other) < ERRORS * deviation * sqrt(2 / fewest)


def test_a_refined_fit_is_the_same_to_the_last_bit(libraries):
    first, second = (weigh_courses(observations("relapse"), OnsetStatement(0), library=libraries[0]) for _ in range(2))
    assert first.weights.tobytes() == second.weights.tobytes()


def test_a_shifted_cube_is_as_evenly_spread(libraries):
    cube = unit_cube(64)
    other = shifted(cube, 5)
    assert not np.array_equal(cube.ranks, other.ranks)
    assert all(sorted(row) == list(range(64)) for row in other.ranks.tolist())
    assert np.array_equal(shifted(cube, 0).ranks, cube.ranks)
