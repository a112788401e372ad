"""The fit and the naive twin read the same courses and must give the same answers."""

import numpy as np
import pytest

from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import fit_course
from tracker.analysis.unit_cube import unit_cube
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument

N_COURSES = 2048
FREE = (
    *("rise_days", "plateau_days", "regression_days", "peak_nrs", "residual_nrs"),
    *("rise_exponent", "regression_exponent"),
)
# In standard deviations of the reference. Seen: below 1e-5 (float32 and the courses too light to keep). A level on the
# border of two twentieths may round the other way on another processor, which moves one weight of 2048.
SAME_ANSWER = 1e-4
SAME_PROBABILITY = 1e-4
# Levels in twentieths of a point are off by up to 1/40 point, a thirtieth of the score noise. Seen: below 0.01.
SAME_WITHOUT_QUANTISING = 0.02
# With so few courses that matter, one of them moves a quantile by more than that.
FEW = 100

CASES = {
    "two visits": ([(100, 6), (200, 3)], OnsetStatement(0), Instrument.NRS),
    "twelve visits, onset a month": (
        [(40, 5), (55, 6), (70, 8), (90, 7), (120, 7), (150, 5), (170, 5)]
        + [(200, 4), (230, 2), (260, 2), (300, 0), (360, 1)],
        OnsetStatement(30),
        Instrument.NRS,
    ),
    "an onset about a day, two scores on one day": (
        [(30, 7), (30, 5), (260, 0)],
        OnsetStatement(0, True),
        Instrument.NRS,
    ),
    "millimeters": ([(60, 74), (140, 55), (220, 21)], OnsetStatement(0), Instrument.VAS),
    "all ten": ([(50, 10), (80, 10), (110, 10)], OnsetStatement(0), Instrument.NRS),
    "all zero": ([(50, 0), (150, 0), (250, 0)], OnsetStatement(10), Instrument.NRS),
    "before the onset": ([(-20, 0), (60, 7), (90, 8)], OnsetStatement(0), Instrument.NRS),
    "one gross error": ([(60, 8), (100, 0), (140, 7), (170, 6)], OnsetStatement(0), Instrument.NRS),
}


@pytest.fixture(scope="module")
def small_library():
    return course_library(load_edition(), seed_cube=unit_cube(N_COURSES))


@pytest.fixture(scope="module")
def courses(naive, small_library):
    columns = {name: getattr(small_library.courses, name).tolist() for name in FREE}
    return [naive.with_spans(dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request, naive, small_library, courses):
    """Both answers to one case: the fit, and a function that gives the twin's weights and values."""
    rows, onset, instrument = request.param
    days, scores = zip(*rows, strict=True)
    observations = Observations(np.array(days), np.array(scores, dtype=float), (instrument,) * len(rows))
    fit = fit_course(observations, onset, as_of_day=max(days) + 10, library=small_library)
    onsets = small_library.onset_days(onset).tolist()
    visits = [(day, score, instrument.value) for day, score in rows]
    numbers = naive.numbers(small_library.edition)
    values = {name: [course[name] for course in courses] for name in FREE[:5]}
    values["onset_day"] = onsets
    values["resolution_day"] = [
        onset_day + naive.resolution(course, numbers["resolved_nrs"])
        for onset_day, course in zip(onsets, courses, strict=True)
    ]

    def weights(level_step):
        return naive.posterior(courses, onsets, visits, numbers, level_step=level_step)

    return fit, weights, values, onsets, numbers


def _distances(naive, fit, weights, values):
    """Give how far each estimate lies from the twin's, in standard deviations of the reference."""
    even = [1 / N_COURSES] * N_COURSES
    for name, estimate in {**fit.parameters, "resolution_day": fit.resolution_day}.items():
        scale = naive.spread(values[name], even)
        for field, share in (("median", 0.5), ("low95", 0.025), ("high95", 0.975)):
            yield abs(getattr(estimate, field) - naive.quantile(values[name], weights, share)) / scale
            twin = naive.quantile(values[name], even, share)
            yield abs(getattr(estimate, f"reference_{field}") - twin) / scale
        yield abs(estimate.narrowing - (1 - naive.spread(values[name], weights) / scale))


def test_estimates_are_those_of_the_naive_twin(case, naive):
    fit, weights, values, _, _ = case
    assert max(_distances(naive, fit, weights(0.05), values)) < SAME_ANSWER


def test_quantising_the_level_changes_no_estimate_worth_mentioning(case, naive):
    fit, weights, values, _, _ = case
    bound = SAME_WITHOUT_QUANTISING if fit.effective_sample_size > FEW else 0.1
    assert max(_distances(naive, fit, weights(None), values)) < bound


def test_phases_are_those_of_the_naive_twin(case, naive, courses):
    fit, weights, _, onsets, numbers = case
    twin = dict.fromkeys(fit.phases, 0.0)
    for course, onset_day, weight in zip(courses, onsets, weights(0.05), strict=True):
        twin[naive.phase(course, fit.as_of_day - onset_day, numbers["resolved_nrs"])] += weight
    assert fit.phases == pytest.approx(twin, abs=SAME_PROBABILITY)


def test_the_effective_sample_size_is_that_of_the_naive_twin(case):
    fit, weights, _, _, _ = case
    assert fit.effective_sample_size == pytest.approx(1 / sum(w * w for w in weights(0.05)), rel=SAME_ANSWER)


def test_the_level_band_holds_its_share_of_the_naive_twin(case, naive, courses):
    fit, weights, _, onsets, _ = case
    place = fit.band.day.index(fit.as_of_day)
    levels = [naive.level(c, fit.as_of_day - onset) for c, onset in zip(courses, onsets, strict=True)]
    half_step = 0.025 + 1e-6
    for name, share in (("low95", 0.025), ("low80", 0.1), ("median", 0.5), ("high80", 0.9), ("high95", 0.975)):
        drawn = getattr(fit.band, name)[place]
        below = sum(w for w, at in zip(weights(0.05), levels, strict=True) if at < drawn - half_step)
        up_to = sum(w for w, at in zip(weights(0.05), levels, strict=True) if at <= drawn + half_step)
        assert below - SAME_PROBABILITY <= share <= up_to + SAME_PROBABILITY
