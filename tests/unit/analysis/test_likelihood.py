"""Score tables against the normal distribution of scipy and of math.erf."""

from math import erf, sqrt

import numpy as np
import pytest
from scipy import stats

from tracker.analysis.likelihood import (
    ScoreNoise,
    gross_error_probability,
    level_index,
    score_probabilities,
)
from tracker.clinical.vocabulary import Instrument

NOISE = ScoreNoise(sd_nrs=0.8, sd_mm=8.0, slope=0.04, middle_nrs=5.0, gross_share=0.01)
EXACT = 1e-12


def _at(instrument, score, level):
    return score_probabilities(instrument, score, NOISE)[round(level * 20)]


@pytest.mark.parametrize(
    ("score", "level", "low", "high"),
    # by hand: the ends of what rounds to the score, less the level, over the noise 0.8 (at level 7: 0.8 + 2 * 0.04)
    [
        (3, 3.0, -0.5 / 0.8, 0.5 / 0.8),
        (5, 3.0, 1.5 / 0.8, 2.5 / 0.8),
        (6, 7.0, -1.5 / 0.88, -0.5 / 0.88),
        (0, 0.5, -np.inf, 0.0),
        (10, 9.5, 0.0, np.inf),
    ],
)
def test_an_entry_is_the_normal_probability_of_what_rounds_to_the_score(score, level, low, high):
    def cdf(x):
        return (1 + erf(x / sqrt(2))) / 2

    expected = 0.99 * (cdf(high) - cdf(low)) + 0.01 / 11
    assert _at(Instrument.NRS, score, level) == pytest.approx(expected, abs=EXACT)


def test_both_ends_of_the_scale_are_open():
    # by hand: half of the noise at level 0 lies below 0.5 + half: cdf(0.625) = 0.7340 of it rounds to 0 or less
    assert _at(Instrument.NRS, 0, 0.0) == pytest.approx(0.99 * 0.7340144709512995 + 0.01 / 11, abs=EXACT)
    assert _at(Instrument.NRS, 10, 10.0) == pytest.approx(0.99 * stats.norm.cdf(0.5) + 0.01 / 11, abs=EXACT)


@pytest.mark.parametrize(("instrument", "highest"), [(Instrument.NRS, 10), (Instrument.VAS, 100)])
def test_over_all_scores_the_probabilities_of_a_level_sum_to_1(instrument, highest):
    total = sum(score_probabilities(instrument, score, NOISE) for score in range(highest + 1))
    assert total == pytest.approx(np.ones(201), abs=EXACT)


@pytest.mark.parametrize("score", [0, 3, 47, 99, 100])
def test_a_vas_score_has_its_own_noise_in_millimeters(score):
    low = -np.inf if score == 0 else score - 0.5
    high = np.inf if score == 100 else score + 0.5
    for level, sd in ((2.0, 8.0), (5.0, 8.0), (9.0, 8.0 + 10 * 0.04 * 4)):
        noise = stats.norm(10 * level, sd)
        expected = 0.99 * (noise.cdf(high) - noise.cdf(low)) + 0.01 / 101
        assert _at(Instrument.VAS, score, level) == pytest.approx(expected, abs=EXACT)


def test_no_score_is_impossible():
    assert score_probabilities(Instrument.NRS, 10, NOISE).min() >= gross_error_probability(Instrument.NRS, NOISE) > 0


def test_a_table_cannot_be_changed_by_who_reads_it():
    with pytest.raises(ValueError, match="read-only"):
        score_probabilities(Instrument.NRS, 5, NOISE)[0] = 1


def test_the_noise_is_that_of_the_edition(edition):
    assert ScoreNoise.of_edition(edition) == NOISE


def test_levels_are_rounded_to_the_nearest_twentieth():
    assert level_index(np.array([0, 0.02, 0.03, 4.99, 10], dtype=np.float32)).tolist() == [0, 0, 1, 100, 200]
