"""Simulation-based calibration: are the intervals as wide as they should be, no more and no less?

Patients are drawn from the continuous prior by the naive twin, with its own
random numbers, never from the library they are fitted with. Where the arithmetic
is right, the share of posterior weight below the true value is uniform, for every
unknown (Talts et al. 2018, arXiv:1804.06788).
"""

import random

import numpy as np
import pytest
from scipy import stats

from tracker.analysis.observations import OnsetStatement
from tracker.analysis.weights import weigh_courses, weighted_quantiles
from tracker.clinical.vocabulary import Instrument

N_PATIENTS = 1000
N_BINS = 20
SEED = 20260310
UNKNOWNS = ("onset_day", "rise_days", "plateau_days", "regression_days", "peak_nrs", "residual_nrs", "resolution_day")
ONSETS = (OnsetStatement(0), OnsetStatement(30), OnsetStatement(0, about=True))

# Under uniform ranks a chi-square this improbable comes up once in 1000 per unknown.
LEAST_P = 1e-3
# 950 of 1000 are expected inside, with a binomial standard deviation of 6.9: 930-970 is 2.9 of them on each side.
FEWEST_INSIDE, MOST_INSIDE = 930, 970


@pytest.fixture(scope="module")
def answers(library, draw_patient):
    """For every patient: the rank of each true value, and whether its 95 % interval holds it."""
    rng = random.Random(SEED)
    ranks = {name: [] for name in UNKNOWNS}
    inside = dict.fromkeys(UNKNOWNS, 0)
    for _ in range(N_PATIENTS):
        patient = draw_patient(
            rng.random(),
            n_visits=rng.randint(3, 12),
            onset=rng.choice(ONSETS),
            instrument=rng.choice(tuple(Instrument)),
        )
        weighted = weigh_courses(patient.observations, patient.onset, library=library)
        for name, values in weighted.unknowns().items():
            truth = np.float32(patient.truth[name])
            below, equal = (float(weighted.weights @ claim) for claim in (values < truth, values == truth))
            ranks[name].append(below + rng.random() * equal)
            low, high = weighted_quantiles(values, weighted.weights, np.array([0.025, 0.975]))
            inside[name] += bool(low <= truth <= high)
    return ranks, inside


@pytest.mark.parametrize("name", UNKNOWNS)
def test_ranks_of_the_truth_are_uniform(answers, name):
    ranks, _ = answers
    counts, _ = np.histogram(ranks[name], bins=N_BINS, range=(0, 1))
    assert counts.sum() == N_PATIENTS
    assert stats.chisquare(counts).pvalue > LEAST_P


@pytest.mark.parametrize("name", [name for name in UNKNOWNS if name != "residual_nrs"])
def test_95_percent_intervals_hold_the_truth_in_95_percent(answers, name):
    _, inside = answers
    assert FEWEST_INSIDE <= inside[name] <= MOST_INSIDE


def test_the_interval_of_the_residual_holds_it_at_least_as_often(answers):
    """Most residuals are exactly 0, and an interval that starts at 0 holds all of those."""
    _, inside = answers
    assert inside["residual_nrs"] >= FEWEST_INSIDE
