"""A typed answer for every sort of visits, and what a fit says about them."""

import pickle
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from tracker.analysis.observations import OnsetStatement
from tracker.analysis.posterior import expected_band, fit_course
from tracker.analysis.results import CourseFit, InsufficientData
from tracker.analysis.weights import reference_courses
from tracker.clinical.vocabulary import Instrument, Phase

ONE_DAY = OnsetStatement(0)
TYPICAL = ((40, 6), (70, 8), (110, 7), (160, 5), (210, 3), (260, 1))


@pytest.fixture
def fit(library, observed):
    def make(*rows, onset=ONE_DAY, as_of_day=None, instrument=Instrument.NRS):
        observations = observed(*rows, instrument=instrument)
        last = max((day for day, _ in rows), default=0)
        return fit_course(observations, onset, as_of_day=last if as_of_day is None else as_of_day, library=library)

    return make


@pytest.mark.parametrize(
    ("rows", "answer"),
    [
        ((), InsufficientData("no pain score yet", "pain scores on 2 different days")),
        (((60, 7),), InsufficientData("pain scores on 1 day only", "scores on 1 more day")),
        (((60, 7), (60, 6)), InsufficientData("pain scores on 1 day only", "scores on 1 more day")),
        (((60, 7), (90, 6)), InsufficientData("pain scores on 1 day only", "scores on 1 more day")),
    ],
    ids=["no visit", "one visit", "two visits on one day", "the second visit after the as-of day"],
)
def test_too_few_days_are_said_to_be_too_few(fit, rows, answer):
    assert fit(*rows, as_of_day=80) == answer


@pytest.mark.parametrize(
    "rows",
    [
        ((60, 7), (200, 3)),
        tuple((day, 5) for day in range(30, 300, 30)),
        ((40, 1), *((day, 0) for day in range(60, 300, 30))),
        tuple((day, 10) for day in range(30, 300, 30)),
        ((10, 4), (3000, 0)),
        ((60, 7), (60, 7), (60, 7), (200, 3)),
        ((-25, 0), (-10, 3), (60, 7)),
    ],
    ids=["two visits", "all equal", "hardly any pain", "all ten", "one huge gap", "duplicates", "before the onset"],
)
def test_every_sort_of_visits_gets_a_finite_answer(fit, rows):
    found = fit(*rows)
    assert isinstance(found, CourseFit)
    assert sum(found.phases.values()) == pytest.approx(1)
    for estimate in filter(None, (*found.parameters.values(), found.resolution_day)):
        numbers = [getattr(estimate, name) for name in estimate.__dataclass_fields__]
        assert np.all(np.isfinite(numbers))
        assert estimate.low95 <= estimate.median <= estimate.high95
        assert estimate.reference_low95 <= estimate.reference_median <= estimate.reference_high95
    assert 1 <= found.effective_sample_size <= 36864


def test_the_answer_names_its_parameters_visits_and_edition(fit, edition):
    found = fit(*TYPICAL, (260, 2), as_of_day=300)
    assert list(found.parameters) == [
        "onset_day",
        "rise_days",
        "plateau_days",
        "regression_days",
        "peak_nrs",
        "residual_nrs",
    ]
    assert (found.as_of_day, found.n_scores, found.n_days) == (300, 7, 6)
    assert (found.edition, found.edition_sha256) == (edition.name, edition.sha256)
    assert list(found.phases) == list(Phase)


def test_the_order_of_the_visits_does_not_matter(fit):
    assert pickle.dumps(fit(*TYPICAL)) == pickle.dumps(fit(*reversed(TYPICAL)))


def test_the_same_visits_give_the_same_bytes(fit):
    assert pickle.dumps(fit(*TYPICAL)) == pickle.dumps(fit(*TYPICAL))


def test_a_typical_course_resembles_the_expected_one(fit):
    found = fit(*TYPICAL)
    assert found.surprising_days == ()
    assert found.resembles_expected


def test_one_odd_score_is_named_and_does_not_make_the_course_another(fit):
    found = fit(*TYPICAL[:4], (180, 10), *TYPICAL[4:])
    assert found.surprising_days == (180,)
    assert found.resembles_expected


def test_pain_that_never_falls_does_not_resemble_the_expected_course(fit):
    found = fit(*((day, 8) for day in range(60, 1000, 60)))
    assert not found.resembles_expected
    assert found.resembles_known
    assert found.most_likely_class == "prolonged_plateau"


def test_scores_that_jump_at_random_resemble_no_known_course(fit):
    found = fit((40, 9), (50, 0), (60, 10), (70, 0), (80, 9), (90, 1), (100, 10))
    assert not found.resembles_known
    assert not found.resembles_expected
    assert len(found.surprising_days) > 1


def test_scores_that_swing_from_end_to_end_are_not_over_because_they_began_early(fit):
    found = fit((30, 10), (60, 0), (90, 10), (120, 0), (150, 10), (180, 0))
    # the first 10 and every 0 make a course that was over early; the others are too many to be slips
    assert found.surprising_days == (90, 150)
    assert not found.resembles_known


# Invented patients, each drawn as a clinician would draw the class.
DRAWN = {
    "expected": TYPICAL,
    "early_resolution": ((10, 4), (25, 7), (45, 5), (60, 2), (80, 0), (110, 0), (140, 0)),
    "late_peak": ((30, 2), (60, 3), (100, 4), (140, 6), (180, 7), (220, 8), (260, 8)),
    "prolonged_plateau": ((40, 6), (70, 8), (110, 8), (160, 7), (210, 8), (270, 8)),
    "slow_regression": ((40, 6), (70, 8), (130, 7), (200, 7), (270, 6), (350, 5), (430, 4), (500, 3)),
    "persistent_pain": ((40, 6), (70, 8), (110, 7), (160, 6), (210, 5), (270, 4), (330, 4), (400, 4), (520, 4)),
    "relapse": ((40, 6), (70, 8), (110, 7), (160, 5), (210, 3), (260, 1), (310, 6), (340, 7)),
    "fluctuating": ((40, 6), (60, 8), (80, 4), (100, 8), (120, 4), (140, 8), (160, 4), (180, 7), (200, 4)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_course_drawn_like_a_class_is_most_likely_of_it(fit, name):
    found = fit(*DRAWN[name])
    assert found.most_likely_class == name
    assert found.class_probabilities[name] > 0.5
    assert sum(found.class_probabilities.values()) == pytest.approx(1)
    assert found.resembles_expected is (name == "expected")
    assert found.p_atypical == pytest.approx(1 - found.class_probabilities["expected"])


def test_pain_that_stays_has_no_resolution_day_and_says_how_sure_that_is(fit):
    found = fit(*DRAWN["persistent_pain"])
    assert found.resolution_day is None
    assert found.p_no_resolution > 0.9
    assert found.phase is Phase.PERSISTENT


def test_a_second_rise_is_a_relapse_and_not_resolved(fit):
    found = fit(*DRAWN["relapse"])
    assert found.p_relapse > 0.9
    # what is left is the expected course, its last two scores gross errors
    assert found.p_resolved < 0.03


def test_two_newest_scores_out_of_line_are_not_outvoted_by_a_long_good_history(fit):
    history = ((45, 7), (90, 6), (150, 3), (215, 1), *((day, 0) for day in range(270, 600, 30)))
    one = fit(*history, (620, 8))
    two = fit(*history, (620, 8), (650, 8))
    assert one.resembles_known
    assert one.surprising_days == (620,)
    assert not two.resembles_known
    assert set(two.surprising_days) >= {620, 650}


@pytest.mark.parametrize("days", [(30, 60), tuple(range(30, 300, 30))])
def test_where_no_pain_was_ever_scored_there_is_no_course_to_read(fit, days):
    found = fit(*((day, 0) for day in days))
    assert isinstance(found, InsufficientData)
    assert found.reason == f"no pain was scored on any of {len(days)} days"
    assert found.needs == "a score above 0"


def test_the_time_in_the_phase_is_within_the_time_since_the_onset(fit):
    lasted = fit(*TYPICAL).time_in_phase
    assert 0 <= lasted.low95 <= lasted.median <= lasted.high95 <= 260 + 30
    assert fit((-30, 0), (-20, 1), as_of_day=-15).time_in_phase is None


def test_the_next_visit_lies_ahead_and_a_course_that_is_over_needs_none(fit):
    found = fit((40, 6), (70, 8), (110, 7))
    assert 117 <= found.next_visit.day <= 110 + 183
    assert 0 < found.next_visit.narrowing < 1
    assert fit((30, 5), *((day, 0) for day in range(240, 1090, 30))).next_visit is None


def test_few_courses_are_joined_by_new_ones_and_the_answer_says_so(fit):
    many = fit(*DRAWN["relapse"])
    assert many.refined
    assert many.effective_sample_size > 50
    assert not fit(*TYPICAL).refined


def test_visits_narrow_the_regression_and_not_the_unseen_rise(fit):
    found = fit((120, 7), (160, 6), (200, 4), (240, 3), (280, 1))
    assert found.resolution_day.narrowing > 0.3
    assert found.parameters["rise_days"].from_reference(below=0.2, within=0.125)


def test_a_vas_is_read_like_the_same_score_on_the_nrs(fit):
    nrs = fit(*TYPICAL)
    vas = fit(*((day, 10 * score) for day, score in TYPICAL), instrument=Instrument.VAS)
    # a millimeter scale rounds less: the same course within half a point and a few days
    assert vas.parameters["peak_nrs"].median == pytest.approx(nrs.parameters["peak_nrs"].median, abs=0.5)
    assert vas.resolution_day.median == pytest.approx(nrs.resolution_day.median, abs=7)


def test_a_vaguer_onset_is_known_less_well(fit):
    late = ((150, 6), (200, 4), (250, 2))
    exact, about, month = (
        fit(*late, onset=onset).parameters["onset_day"]
        for onset in (ONE_DAY, OnsetStatement(0, about=True), OnsetStatement(30))
    )
    assert exact.high95 - exact.low95 < about.high95 - about.low95 < month.high95 - month.low95


def test_the_band_reaches_from_day_0_to_the_horizon_and_holds_the_as_of_day(fit):
    found = fit(*TYPICAL, as_of_day=333)
    # by hand: 36 months of 30.4375 days are 1095.75
    assert (found.band.day[0], found.band.day[-1]) == (0, 1096)
    assert 333 in found.band.day
    assert list(found.band.day) == sorted(set(found.band.day))


def test_the_band_reaches_to_an_as_of_day_beyond_the_horizon(fit):
    assert fit(*TYPICAL, as_of_day=2000).band.day[-1] == 2000


def test_an_as_of_day_before_day_0_adds_no_day_to_the_band(fit):
    assert fit((-30, 0), (-20, 1), as_of_day=-10).band.day[0] == 0


def test_the_quantiles_of_a_band_never_cross(fit, library):
    for band in (fit(*TYPICAL).band, expected_band(library, ONE_DAY)):
        rows = np.array([band.low95, band.low80, band.median, band.high80, band.high95])
        assert np.all(np.diff(rows, axis=0) >= 0)
        assert rows.min() >= 0
        assert rows.max() <= 10


def test_visits_narrow_the_band_where_they_are(fit, library):
    found, before = fit(*TYPICAL).band, expected_band(library, ONE_DAY)
    own, expected = (band.high95[band.day.index(161)] - band.low95[band.day.index(161)] for band in (found, before))
    assert own < 0.5 * expected


def test_the_expected_band_is_that_of_the_whole_library(library):
    band = expected_band(library, OnsetStatement(30))
    whole = reference_courses(library, OnsetStatement(30))
    quantiles = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
    rows = np.stack([band.low95, band.low80, band.median, band.high80, band.high95], axis=1)
    assert np.max(np.abs(whole.level_quantiles(band.day, quantiles) - rows)) <= 0.1 + 1e-9


def test_the_expected_band_of_a_sure_course_is_its_level(library, edition):
    """Before its onset no course hurts; at the horizon the reference is over."""
    band = expected_band(library, ONE_DAY)
    assert band.median[0] < 1
    assert band.high95[-1] <= edition.value("resolved_nrs")


def test_a_fit_needs_the_editions_number_of_days(library, observed):
    numbers = dict(library.edition.numbers)
    numbers["minimum_fit_days"] = replace(numbers["minimum_fit_days"], value=4.0)
    strict = replace(library, edition=replace(library.edition, numbers=MappingProxyType(numbers)))
    answer = fit_course(observed((10, 3), (20, 4)), ONE_DAY, as_of_day=30, library=strict)
    assert answer == InsufficientData("pain scores on 2 days only", "scores on 2 more days")
