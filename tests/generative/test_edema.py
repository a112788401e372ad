"""The reading of MRI: the arithmetic against a naive twin, the intervals against patients drawn from the prior."""

import importlib.util
import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.imaging.edema_courses import edema_library
from tracker.analysis.imaging.grades import GradeNoise, grade_table
from tracker.analysis.imaging.reading import read_edema
from tracker.analysis.imaging.results import EdemaCourse
from tracker.analysis.imaging.visits import EdemaVisit
from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.unit_cube import unit_cube
from tracker.analysis.vote import weigh_courses
from tracker.analysis.weights import weighted_quantiles
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument
from tracker.dates import PartialDate

N_PATIENTS = 600
SEED = 20261128
N_BINS = 20
LEAST_P = 1e-3  # a chi-square this improbable comes up once in 1000
# 95 % are expected inside, with a binomial standard deviation of 0.89 % of 600: 2.8 of them on each side.
FEWEST_INSIDE, MOST_INSIDE = 0.925, 0.975
# Of 600 episodes without conflict at most 5 % are called so; 3.3 standard deviations above that.
MOST_FALSE_ALARMS = 0.05 + 3.3 * (0.05 * 0.95 / N_PATIENTS) ** 0.5
HORIZON_DAYS = 36 * 365.25 / 12

N_POINTS = 512  # of the expected class in the library of the twin; the prior of MRI takes a quarter
# The twin searches the highest level in steps of half a day, over which a level falls by 0.1 points at most.
SAME_PERCENT = 1.5
# The table is read at half percents; the twin is not.
SAME_PROBABILITY = 0.02
WHEN = PartialDate.parse("2026-03-10")


def seen(*rows):
    return tuple(EdemaVisit(WHEN, day, low, high, ("talus-left",), ("talus-left",)) for day, low, high in rows)


@pytest.fixture(scope="module")
def twin():
    spec = importlib.util.spec_from_file_location("naive_edema", Path(__file__).with_name("naive_edema.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def small():
    """A small prior of edema, and the courses of it as the twin writes them."""
    return edema_library(course_library(load_edition(), seed_cube=unit_cube(N_POINTS)), OnsetStatement(0))


@pytest.fixture(scope="module")
def courses(naive, small):
    columns = {name: getattr(small.pain.courses, name).tolist() for name in small.pain.courses.__slots__}
    made = []
    for row in zip(*columns.values(), strict=True):
        given = dict(zip(columns, row, strict=True))
        course = naive.PLAIN | {
            name: given[name]
            for name in (
                *("rise_days", "plateau_days", "regression_days", "peak_nrs", "residual_nrs"),
                *("rise_exponent", "regression_exponent"),
            )
        }
        course |= {"fast": given["regression_fast_share"], "slow": given["regression_slow_share"]}
        if given["swing_share"]:
            names = (("share", "share"), ("period", "period_days"), ("offset", "offset"))
            course["swing"] = {name: given[f"swing_{key}"] for name, key in names}
        if np.isfinite(given["second_start_days"]):
            names = (("start", "start_days"), ("low", "low_nrs"), ("peak", "peak_nrs"))
            course["second"] = {name: given[f"second_{key}"] for name, key in names}
            course["second"] |= {n: given[f"second_{n}"] for n in ("rise_days", "plateau_days", "regression_days")}
        made.append(naive.with_spans(course))
    return made


@pytest.mark.parametrize("day", [-10, 40, 90, 180, 260, 400, 700])
def test_the_extent_is_that_of_the_highest_level_of_the_last_days(naive, twin, small, courses, day):
    e = twin.numbers(small.edition)
    found = small.extents(day)
    for course, onset_day, lag, own, extent in zip(
        courses, small.pain.onset_days.tolist(), small.lag_days.tolist(), small.per_point.tolist(), found, strict=True
    ):
        expected = twin.extent(naive, course, day - onset_day, lag, own, e)
        assert extent == pytest.approx(expected, abs=SAME_PERCENT), (course, day - onset_day, lag)


def test_the_table_of_grades_is_that_of_the_twin(twin, small):
    e = twin.numbers(small.edition)
    table = grade_table(GradeNoise.of_edition(small.edition))
    for place in range(0, table.shape[1], 7):
        for grade in range(4):
            expected = twin.grade_probability(grade, place / 2, e)
            assert table[grade, place] == pytest.approx(expected, abs=1e-12)
    assert table.sum(axis=0) == pytest.approx(1)


@pytest.mark.parametrize(
    "rows",
    [[(60, 3, 3), (180, 1, 1)], [(50, 1, 1), (120, 3, 3), (300, 0, 0)], [(100, 1, 3), (250, 0, 0)]],
    ids=["shrinking", "three images", "extent not noted"],
)
def test_the_reading_of_mri_alone_is_the_vote_of_the_twin(naive, twin, small, courses, rows):
    e = twin.numbers(small.edition)
    library = course_library(small.edition, seed_cube=unit_cube(N_POINTS))
    reading = read_edema(
        seen(*rows),
        OnsetStatement(0),
        as_of_day=310,
        library=library,
        course=SimpleNamespace(resembles_known=False),
        vote=None,
    )
    onsets, lags = small.pain.onset_days.tolist(), small.lag_days.tolist()
    weights, clear = [], []
    for course, onset, lag, own, prior in zip(
        courses, onsets, lags, small.per_point.tolist(), small.pain.weights.tolist(), strict=True
    ):
        for day, low, high in rows:
            percent = twin.extent(naive, course, day - onset, lag, own, e)
            prior *= sum(twin.grade_probability(grade, percent, e) for grade in range(low, high + 1))
        weights.append(prior)
        clear.append(onset + twin.clear(naive, course, lag, e))
    total = sum(weights)
    relapse = CLASS_NAMES.index("relapse")
    plainly = [
        (day, weight / total)
        for day, weight, onset, place in zip(clear, weights, onsets, small.pain.class_place.tolist(), strict=True)
        if place != relapse and day - onset <= HORIZON_DAYS
    ]
    days, own = zip(*plainly, strict=True)
    share_of = [weight / sum(own) for weight in own]
    for field, share in (("median", 0.5), ("low95", 0.025), ("high95", 0.975)):
        low, high = (naive.quantile(days, share_of, share + sign * SAME_PROBABILITY) for sign in (-1, 1))
        assert low - 1 <= getattr(reading.alone.clear_day, field) <= high + 1
    gone = sum(weight / total for day, weight in zip(clear, weights, strict=True) if day <= 310)
    assert reading.alone.phases["resolved"] == pytest.approx(gone, abs=SAME_PROBABILITY)


@pytest.fixture(scope="module")
def answers(library, naive, twin):
    """For every patient drawn from the prior: rank of the truth, and whether intervals hold it, alone and jointly."""
    rng, n = random.Random(SEED), naive.numbers(load_edition())
    e = twin.numbers(load_edition())
    found = {name: [] for name in ("alone_rank", "alone_inside", "joint_inside", "lag_inside", "conflict")}
    for _ in range(N_PATIENTS):
        onset = rng.choice((OnsetStatement(0), OnsetStatement(30)))
        name = naive.draw_patient_class(rng, n)
        course, onset_day = naive.draw_course(rng, n, name), naive.draw_onset(rng, onset, n)
        lag, own = twin.draw_lag(rng, e), twin.draw_own(rng, e)
        days = sorted(rng.sample(range(40, 420), rng.randint(2, 4)))
        grades = [twin.draw_grade(rng, twin.extent(naive, course, day - onset_day, lag, own, e), e) for day in days]
        visits = sorted(rng.randint(30, 420) for _ in range(rng.randint(3, 8)))
        scores = [naive.draw_score(rng, naive.level(course, day - onset_day), "nrs", n) for day in visits]
        observations = Observations(np.array(visits), np.array(scores, dtype=float), (Instrument.NRS,) * len(visits))
        reading = read_edema(
            seen(*((day, grade, grade) for day, grade in zip(days, grades, strict=True))),
            onset,
            as_of_day=420,
            library=library,
            course=SimpleNamespace(resembles_known=True),
            vote=weigh_courses(observations, onset, library=library),
        )
        clear = onset_day + twin.clear(naive, course, lag, e)
        if name != "relapse" and clear - onset_day <= HORIZON_DAYS:
            alone, joint = reading.alone.clear_day, reading.joint.edema.clear_day
            found["alone_inside"].append(alone.low95 <= clear <= alone.high95)
            found["joint_inside"].append(joint.low95 <= clear <= joint.high95)
        found["lag_inside"].append(reading.joint.lag_days.low95 <= lag <= reading.joint.lag_days.high95)
        found["conflict"].append(reading.joint.conflict.disagreement is not None)
        found["alone_rank"].append(_rank(library, onset, days, grades, clear, rng))
    return found


def _rank(library, onset, days, grades, clear, rng):
    """Give the share of the vote's weight below the true clear day; between equals, such as never, by lot."""
    edema = edema_library(library, onset)
    weights = edema.pain.weights.copy()
    for day, grade in zip(days, grades, strict=True):
        weights *= edema.grade_probabilities(day)[grade]
    weights /= weights.sum()
    found, truth = edema.clear_day(), np.float32(clear)
    return float(weights @ (found < truth)) + rng.random() * float(weights @ (found == truth))


def test_ranks_of_the_true_clear_day_are_uniform(answers):
    counts, _ = np.histogram(answers["alone_rank"], bins=N_BINS, range=(0, 1))
    assert counts.sum() == N_PATIENTS
    assert stats.chisquare(counts).pvalue > LEAST_P


@pytest.mark.parametrize("name", ["alone_inside", "joint_inside", "lag_inside"])
def test_95_percent_intervals_hold_the_truth_in_95_percent(answers, name):
    assert FEWEST_INSIDE <= np.mean(answers[name]) <= MOST_INSIDE


def test_mri_and_pain_of_one_course_are_seldom_said_to_disagree(answers):
    assert np.mean(answers["conflict"]) <= MOST_FALSE_ALARMS


def test_a_course_is_read_by_mri_alone_only_from_two_days_on(library):
    course = SimpleNamespace(resembles_known=False)
    for rows, is_read in (([(60, 3, 3)], False), ([(60, 3, 3), (60, 3, 3)], False), ([(60, 3, 3), (61, 3, 3)], True)):
        reading = read_edema(seen(*rows), OnsetStatement(0), as_of_day=70, library=library, course=course, vote=None)
        assert isinstance(reading.alone, EdemaCourse) is is_read


def test_quantiles_of_lag_before_any_visit_are_those_of_the_triangular_distribution(library):
    # By hand: with limits 0 and 6 and the peak at 2 months, F(2) = 1/3; the median is 6 - sqrt(0.5 * 6 * 4) = 2.536.
    prior = edema_library(library, OnsetStatement(0))
    third, median = weighted_quantiles(prior.lag_days, prior.pain.weights, np.array([1 / 3, 0.5])) / (365.25 / 12)
    assert third == pytest.approx(2, abs=0.02)
    assert median == pytest.approx(2.536, abs=0.02)


@pytest.mark.parametrize("coordinate", range(12))
def test_lag_and_own_extent_are_independent_of_every_other_coordinate(library, coordinate):
    prior = edema_library(library, OnsetStatement(0))
    expected = prior.pain.class_place == 0
    ranks = library.cubes[0].ranks[coordinate][library.point[: library.n_courses][library.class_place == 0]]
    own = ranks[: np.count_nonzero(expected)]
    for added in (prior.lag_days, prior.per_point):
        correlation = np.corrcoef(stats.rankdata(added[expected]), own)[0, 1]
        assert abs(correlation) < 0.05
