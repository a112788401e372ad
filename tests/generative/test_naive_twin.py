"""The fit and the naive twin read the same courses and must give the same answers."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import fit_course
from tracker.analysis.unit_cube import unit_cube
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument

N_POINTS = 512  # of the expected class; 256 of every other
FREE = (
    *("rise_days", "plateau_days", "regression_days", "peak_nrs", "residual_nrs"),
    *("rise_exponent", "regression_exponent"),
)
SWING = (("share", "share"), ("period", "period_days"), ("offset", "offset"))
SECOND = (
    *(("start", "start_days"), ("low", "low_nrs"), ("peak", "peak_nrs")),
    *((name, name) for name in ("rise_days", "plateau_days", "regression_days")),
)
# Between float32 and float64, in days, points and shares of a spread.
SAME_VALUE = 1e-3
# Courses too light to keep hold less than 1e-6 together. A level on the border of two twentieths may round the other
# way in float32, which moves the weight of one course: seen up to 2e-5. A quantile is compared by the share of weight
# at it, because such a move can take it to the neighbouring course, however far that lies.
SAME_PROBABILITY = 1e-4
SAME_SAMPLE_SIZE = 1e-4
# Levels in twentieths of a point are off by up to 1/40 point, a thirtieth of the score noise. Seen: up to 0.002.
SAME_WITHOUT_QUANTISING = 0.005


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
    "soon over": ([(50, 3), (150, 0), (250, 0)], OnsetStatement(10), Instrument.NRS),
    "before the onset": ([(-20, 0), (60, 7), (90, 8)], OnsetStatement(0), Instrument.NRS),
    "one gross error": ([(60, 8), (100, 0), (140, 7), (170, 6)], OnsetStatement(0), Instrument.NRS),
}


@pytest.fixture(scope="module")
def small_library():
    """A library small enough for loops, whose edition never asks for new draws."""
    edition = load_edition()
    numbers = dict(edition.numbers)
    numbers["effective_sample_little"] = replace(numbers["effective_sample_little"], value=0.0)
    return course_library(replace(edition, numbers=MappingProxyType(numbers)), seed_cube=unit_cube(N_POINTS))


@pytest.fixture(scope="module")
def courses(naive, small_library):
    """The library's courses as the twin writes them, each with its resolution."""
    columns = {name: getattr(small_library.courses, name).tolist() for name in small_library.courses.__slots__}
    made = []
    for row in zip(*columns.values(), strict=True):
        given = dict(zip(columns, row, strict=True))
        course = {name: given[name] for name in FREE} | naive.PLAIN
        course |= {"fast": given["regression_fast_share"], "slow": given["regression_slow_share"]}
        if given["swing_share"]:
            course["swing"] = {name: given[f"swing_{key}"] for name, key in SWING}
        if np.isfinite(given["second_start_days"]):
            course["second"] = {name: given[f"second_{key}"] for name, key in SECOND}
        course = naive.with_spans(course)
        made.append(course | {"resolution_days": naive.resolution(course, 1.0)})
    return made


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
        onset_day + course["resolution_days"] for onset_day, course in zip(onsets, courses, strict=True)
    ]
    places, counts = small_library.class_place.tolist(), np.bincount(small_library.class_place).tolist()
    prior = [numbers["shares"][place] / counts[place] for place in places]

    def weights(level_step):
        return naive.posterior(courses, onsets, prior, visits, numbers, level_step=level_step)

    return fit, weights, values, onsets, places


def _misses(naive, fit, weights, values, places, plainly, *, within):
    """Name each estimate that is no quantile of the twin's for any share within `within` of the one it stands for."""
    every = [True] * len(weights)
    estimates = {name: (estimate, every) for name, estimate in fit.parameters.items()}
    if fit.resolution_day is not None:
        estimates["resolution_day"] = (fit.resolution_day, plainly)
    for name, (estimate, counted) in estimates.items():
        reference = [value for value, place in zip(values[name], places, strict=True) if place == 0]
        even = [1 / len(reference)] * len(reference)
        own = [value for value, counts in zip(values[name], counted, strict=True) if counts]
        total = sum(weight for weight, counts in zip(weights, counted, strict=True) if counts)
        share_of = [weight / total for weight, counts in zip(weights, counted, strict=True) if counts]
        for field, share in (("median", 0.5), ("low95", 0.025), ("high95", 0.975)):
            for given, sample, sample_weights in (
                (getattr(estimate, field), own, share_of),
                (getattr(estimate, f"reference_{field}"), reference, even),
            ):
                low = naive.quantile(sample, sample_weights, share - within)
                high = naive.quantile(sample, sample_weights, share + within)
                if not low - SAME_VALUE <= given <= high + SAME_VALUE:
                    yield f"{name} {field}: {given} is not within {low} to {high}"
        scale = naive.spread(reference, even)
        widest = naive.quantile(own, share_of, 0.9 + within) - naive.quantile(own, share_of, 0.1 - within)
        narrowest = naive.quantile(own, share_of, 0.9 - within) - naive.quantile(own, share_of, 0.1 + within)
        if not 1 - widest / scale - SAME_VALUE <= estimate.narrowing <= 1 - narrowest / scale + SAME_VALUE:
            yield f"{name} narrowing: {estimate.narrowing}"


@pytest.fixture
def plainly(courses, small_library):
    """Which courses resolve within three years and without relapse."""
    relapse = CLASS_NAMES.index("relapse")
    return [
        course["resolution_days"] <= 36 * 365.25 / 12 and place != relapse
        for course, place in zip(courses, small_library.class_place.tolist(), strict=True)
    ]


def test_estimates_are_those_of_the_naive_twin(case, naive, plainly):
    fit, weights, values, _, places = case
    assert not list(_misses(naive, fit, weights(0.05), values, places, plainly, within=SAME_PROBABILITY))


def test_probabilities_are_those_of_the_naive_twin(case, courses):
    fit, weights, _, _, places = case
    twin = weights(0.05)
    for place, name in enumerate(CLASS_NAMES):
        share = sum(weight for weight, own in zip(twin, places, strict=True) if own == place)
        assert fit.class_probabilities[name] == pytest.approx(share, abs=SAME_PROBABILITY)
    unresolved = sum(
        weight for weight, course in zip(twin, courses, strict=True) if course["resolution_days"] > 36 * 365.25 / 12
    )
    assert fit.p_no_resolution == pytest.approx(unresolved, abs=SAME_PROBABILITY)
    assert fit.p_relapse == fit.class_probabilities["relapse"]


def test_quantising_the_level_changes_no_estimate_worth_mentioning(case, naive, plainly):
    fit, weights, values, _, places = case
    assert not list(_misses(naive, fit, weights(None), values, places, plainly, within=SAME_WITHOUT_QUANTISING))


def test_phases_are_those_of_the_naive_twin(case, naive, courses):
    fit, weights, _, onsets, _ = case
    twin = dict.fromkeys(fit.phases, 0.0)
    for course, onset_day, weight in zip(courses, onsets, weights(0.05), strict=True):
        twin[naive.phase(course, fit.as_of_day - onset_day, 1.0)] += weight
    assert fit.phases == pytest.approx(twin, abs=SAME_PROBABILITY)


def test_the_effective_sample_size_is_that_of_the_naive_twin(case):
    fit, weights, _, _, _ = case
    assert fit.effective_sample_size == pytest.approx(1 / sum(w * w for w in weights(0.05)), rel=SAME_SAMPLE_SIZE)


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
