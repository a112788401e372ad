"""How likely a score is at a level: tables, exact at both ends of the scale.

A patient whose level is L answers with L plus normal noise, rounded to the scale. So
P(score | L) is the normal probability of the interval that rounds to the
score, the lowest and highest interval being open ended. A small share of answers
has nothing to do with the level (wrong side, wrong line, misread): uniform over the scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erfc, inf, sqrt

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.observations import HIGHEST_SCORE
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument

LEVEL_STEPS_PER_POINT = 20
N_LEVELS = LEVEL_STEPS_PER_POINT * HIGHEST_SCORE[Instrument.NRS] + 1


@dataclass(frozen=True, slots=True)
class ScoreNoise:
    """What stands between the level and the score.

    `sd_nrs` (points) and `sd_mm` are the noise of the two instruments up to the level `middle_nrs`;
    above it, it grows by `slope` points per point. `gross_share` of all scores are gross errors.
    """

    sd_nrs: float
    sd_mm: float
    slope: float
    middle_nrs: float
    gross_share: float

    @classmethod
    def of_edition(cls, edition: Edition) -> ScoreNoise:
        """Take the numbers of an edition."""
        return cls(
            sd_nrs=edition.value("score_noise_sd_nrs"),
            sd_mm=edition.value("vas_noise_sd_mm"),
            slope=edition.value("score_noise_slope"),
            middle_nrs=edition.value("score_noise_middle_nrs"),
            gross_share=edition.value("gross_error_share"),
        )


def gross_error_probability(instrument: Instrument, noise: ScoreNoise) -> float:
    """Give the probability of one particular score that is a gross error."""
    return noise.gross_share / (HIGHEST_SCORE[instrument] + 1)


@lru_cache(maxsize=1 << 9)
def score_probabilities(instrument: Instrument, score: int, noise: ScoreNoise) -> NDArray[np.float64]:
    """Tabulate P(score | level) over the quantised levels, gross errors included.

    Parameters
    ----------
    instrument : Instrument
        Scale of the score: NRS points or VAS mm.
    score : int
        The score, in the instrument's unit.
    noise : ScoreNoise
        Noise and gross errors.

    Returns
    -------
    ndarray of float64, shape (201,)
        Entry `i` belongs to the level i / 20 NRS points. Read only; never 0. Over all scores of a scale, the
        entries of one level sum to 1.
    """
    highest = HIGHEST_SCORE[instrument]
    unit_per_point = highest / HIGHEST_SCORE[Instrument.NRS]
    sd_at_middle = noise.sd_nrs if instrument is Instrument.NRS else noise.sd_mm
    low = -inf if score == 0 else score - 0.5
    high = inf if score == highest else score + 0.5
    row = np.empty(N_LEVELS)
    for index in range(N_LEVELS):
        level = index / LEVEL_STEPS_PER_POINT
        spread = sqrt(2) * (sd_at_middle + unit_per_point * noise.slope * max(level - noise.middle_nrs, 0.0))
        level_in_unit = level * unit_per_point
        row[index] = (erfc((low - level_in_unit) / spread) - erfc((high - level_in_unit) / spread)) / 2
    row *= 1 - noise.gross_share
    row += gross_error_probability(instrument, noise)
    row.flags.writeable = False
    return row


def level_index(levels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Give the table index of each level: the nearest twentieth of a point, in one byte."""
    index: NDArray[np.uint8] = np.rint(levels * np.float32(LEVEL_STEPS_PER_POINT)).astype(np.uint8)
    return index
