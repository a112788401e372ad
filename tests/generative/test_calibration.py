"""Simulation-based calibration: are the intervals as wide as they should be, no more and no less?

Patients are drawn from the continuous prior by the naive twin, with its own
random numbers, never from the library they are fitted with. Where the arithmetic
is right, the share of posterior weight below the true value is uniform, for every
unknown (Talts et al. 2018, arXiv:1804.06788).
"""

import random
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.vote import weigh_courses
from tracker.analysis.weights import weighted_quantiles
from tracker.clinical.vocabulary import Instrument

N_PATIENTS = 2000
N_BINS = 20
SEED = 20260310
UNKNOWNS = ("onset_day", "rise_days", "plateau_days", "regression_days", "peak_nrs", "residual_nrs", "resolution_day")
ONSETS = (OnsetStatement(0), OnsetStatement(30), OnsetStatement(0, about=True))

# Under uniform ranks a chi-square this improbable comes up once in 1000 per unknown.
LEAST_P = 1e-3
# 95 % are expected inside, with a binomial standard deviation of 0.49 % of 2000: 93-97 % is 4.1 of them on each side.
FEWEST_INSIDE, MOST_INSIDE = 0.93, 0.97
# A count further than this from its expectation comes up once in 1000; 1 is added to its variance for small counts.
MOST_DEVIATIONS = 3.3
HORIZON_DAYS = 36 * 365.25 / 12


@pytest.fixture(scope="module")
def answers(library, draw_patient):
    """For every patient: the rank of each true value, whether its 95 % interval holds it, and the classes.

    The resolution day's interval is over the courses that resolve without relapse, and counted for patients who do.
    """
    rng = random.Random(SEED)
    ranks = {name: [] for name in UNKNOWNS}
    inside = {name: [] for name in UNKNOWNS}
    classes = []
    for _ in range(N_PATIENTS):
        patient = draw_patient(
            rng.random(),
            n_visits=rng.randint(3, 12),
            onset=rng.choice(ONSETS),
            instrument=rng.choice(tuple(Instrument)),
        )
        weighted = weigh_courses(patient.observations, patient.onset, library=library)
        classes.append((patient.course_class, weighted.class_probabilities()))
        plainly = weighted.resolves_plainly(HORIZON_DAYS)
        for name, values in (weighted.unknowns() | {"resolution_day": weighted.resolution_day()}).items():
            truth = np.float32(patient.truth[name])
            below, equal = (float(weighted.weights @ claim) for claim in (values < truth, values == truth))
            ranks[name].append(below + rng.random() * equal)
            counted = plainly if name == "resolution_day" else np.ones_like(plainly)
            resolves = patient.truth["resolution_day"] - patient.truth["onset_day"] <= HORIZON_DAYS
            if name != "resolution_day" or (resolves and patient.course_class != "relapse"):
                weights = weighted.weights[counted] / weighted.weights[counted].sum()
                low, high = weighted_quantiles(values[counted], weights, np.array([0.025, 0.975]))
                inside[name].append(bool(low <= truth <= high))
    return ranks, inside, classes


@pytest.mark.parametrize("name", UNKNOWNS)
def test_ranks_of_the_truth_are_uniform(answers, name):
    ranks, _, _ = answers
    counts, _ = np.histogram(ranks[name], bins=N_BINS, range=(0, 1))
    assert counts.sum() == N_PATIENTS
    assert stats.chisquare(counts).pvalue > LEAST_P


@pytest.mark.parametrize("name", [name for name in UNKNOWNS if name != "residual_nrs"])
def test_95_percent_intervals_hold_the_truth_in_95_percent(answers, name):
    _, inside, _ = answers
    assert FEWEST_INSIDE <= np.mean(inside[name]) <= MOST_INSIDE


def test_the_interval_of_the_residual_holds_it_at_least_as_often(answers):
    """Most residuals are exactly 0, and an interval that starts at 0 holds all of those."""
    _, inside, _ = answers
    assert np.mean(inside["residual_nrs"]) >= FEWEST_INSIDE


@pytest.mark.parametrize("name", CLASS_NAMES)
def test_a_class_is_as_frequent_as_it_was_said_to_be_probable(answers, name):
    _, _, classes = answers
    said = np.array([probabilities[name] for _, probabilities in classes])
    count = Counter(truth for truth, _ in classes)[name]
    assert abs(count - said.sum()) < MOST_DEVIATIONS * np.sqrt(np.sum(said * (1 - said)) + 1)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 1.01)])
def test_a_course_said_to_be_atypical_with_some_probability_is_so_that_often(answers, low, high):
    _, _, classes = answers
    said = [(1 - probabilities["expected"], truth != "expected") for truth, probabilities in classes]
    inside = np.array([pair for pair in said if low <= pair[0] < high], dtype=float)
    assert len(inside) > 20
    expected, spread = inside[:, 0].sum(), np.sqrt(np.sum(inside[:, 0] * (1 - inside[:, 0])) + 1)
    assert abs(inside[:, 1].sum() - expected) < MOST_DEVIATIONS * spread
