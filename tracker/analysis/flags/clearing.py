"""What would clear the flags of a course: which scores, at a visit between which days.

The vote so far, weighed once more by a score that nobody has given yet, says how probable each class would be
after it. Cleared means that no flag is left: a score that would only move a patient from one flag to
another is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES, EXPECTED
from tracker.analysis.flags.rules import REMEASURE, UNSPECIFIED_FLAG
from tracker.analysis.flags.states import Threshold
from tracker.analysis.likelihood import N_LEVELS, ScoreNoise, gross_error_probability, score_probabilities
from tracker.analysis.observations import HIGHEST_SCORE
from tracker.analysis.weights import WeightedCourses
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument
from tracker.dates import DAYS_PER_WEEK

_Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClearsIf:
    """Any score from `low` to `high` (the instrument's unit), at a visit between the two days, would clear the flags.

    Days count from day 0, both ends included. `is_odd_below` says that a score lower than `low` would not be believed
    before a second one agrees, `is_odd_above` the same of one above `high`.
    """

    instrument: Instrument
    low: int
    high: int
    first_day: int
    last_day: int
    is_odd_below: bool
    is_odd_above: bool


def clearing_scores(
    weighted: WeightedCourses,
    *,
    as_of_day: int,
    instrument: Instrument,
    edition: Edition,
    thresholds: Mapping[str, Threshold],
) -> ClearsIf | None:
    """Find the widest promise: the most scores over the most weeks of which each alone would clear every flag.

    Parameters
    ----------
    weighted : WeightedCourses
        The vote so far.
    as_of_day : int
        Days since day 0; candidates are the days a whole number of weeks later, to the edition's
        ``flag_clearing_weeks``.
    instrument : Instrument
        What will be scored with; VAS scores are tried in steps of one NRS point.
    edition : Edition
        The cited numbers.
    thresholds : mapping of str to Threshold
        By flag code: below the lower one a flag is cleared.

    Returns
    -------
    ClearsIf or None
        None where no single score would clear them. The promise begins on the first day that any score would.
    """
    weeks = int(edition.value("flag_clearing_weeks"))
    days = [as_of_day + DAYS_PER_WEEK * week for week in range(1, weeks + 1)]
    noise = ScoreNoise.of_edition(edition)
    left = [_left(weighted, day, instrument, noise) for day in days]
    odd_from = thresholds[REMEASURE].suspected
    runs = [_longest_run(_is_left_alone(classes, thresholds) & (odd < odd_from)) for classes, odd in left]
    begin = next((place for place, run in enumerate(runs) if run is not None), None)
    if begin is None:
        return None
    low, high, end = _widest(runs[begin:])
    steps, (_, odd) = _steps(instrument), left[begin]
    return ClearsIf(
        instrument=instrument,
        low=steps[low],
        high=steps[high],
        first_day=days[begin],
        last_day=days[begin + end],
        is_odd_below=low > 0 and bool(odd[low - 1] >= odd_from),
        is_odd_above=high + 1 < len(steps) and bool(odd[high + 1] >= odd_from),
    )


def _steps(instrument: Instrument) -> range:
    """Give the scores that are tried: one NRS point apart."""
    highest = HIGHEST_SCORE[instrument]
    return range(0, highest + 1, highest // HIGHEST_SCORE[Instrument.NRS])


def _left(
    weighted: WeightedCourses, day: int, instrument: Instrument, noise: ScoreNoise
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give, after each score on a day, the probability of each class, shape (scores, classes), and of a gross error."""
    indices = weighted.level_indices(day)
    cells = weighted.class_place.astype(np.intp) * N_LEVELS + indices
    mass = np.bincount(cells, weights=weighted.weights, minlength=len(CLASS_NAMES) * N_LEVELS)
    by_class = mass.reshape(len(CLASS_NAMES), N_LEVELS)
    table = np.stack([score_probabilities(instrument, score, noise) for score in _steps(instrument)])
    seen = table @ by_class.sum(axis=0)
    return (table @ by_class.T) / seen[:, None], gross_error_probability(instrument, noise) / seen


def _is_left_alone(classes: NDArray[np.float64], thresholds: Mapping[str, Threshold]) -> NDArray[np.bool_]:
    """Say after which scores no class is probable enough for its flag, nor all that are atypical for theirs.

    A relapse counts whether it has begun or not.
    """
    limits = [thresholds[name].suspected for name in CLASS_NAMES if name != EXPECTED]
    is_expected = np.array([name == EXPECTED for name in CLASS_NAMES])
    atypical = classes[:, ~is_expected]
    all_atypical = 1 - classes[:, is_expected].sum(axis=1)
    unnamed: NDArray[np.bool_] = all_atypical < thresholds[UNSPECIFIED_FLAG.code].suspected
    named: NDArray[np.bool_] = np.all(atypical < limits, axis=1)
    return unnamed & named


def _widest(runs: list[_Run | None]) -> tuple[int, int, int]:
    """Give lowest and highest place and the end of the largest rectangle within runs that starts at the first."""
    widest, best, common = 0, (0, 0, 0), (0, N_LEVELS)
    for end, run in enumerate(runs):
        if run is None or max(common[0], run[0]) > min(common[1], run[1]):
            break
        common = max(common[0], run[0]), min(common[1], run[1])
        area = (common[1] - common[0] + 1) * (end + 1)
        if area > widest:
            widest, best = area, (*common, end)
    return best


def _longest_run(clears: NDArray[np.bool_]) -> _Run | None:
    """Give first and last place of the longest run; the first of equals, None where there is none."""
    padded = np.concatenate([[False], clears, [False]]).astype(np.int8)
    starts, ends = np.flatnonzero(np.diff(padded) == 1), np.flatnonzero(np.diff(padded) == -1)
    if not starts.size:
        return None
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest]) - 1
