"""Do MRI and pain tell the same story? The grades seen, against all that the pain alone had led to expect.

With m(v) the probability of the grades v given the pain alone, the measure is the probability that m of grades yet
to be seen is as small as m of those that were seen: the prior predictive p-value, the prior here being what the
pain scores left. It is at most 5 % in at most 5 % of episodes in which nothing is wrong.

References
----------
.. [1] Box GEP, Sampling and Bayes' inference in scientific modelling and robustness, J R Stat Soc A 1980;143:383-430.
   doi:10.2307/2982063
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.imaging.grades import N_GRADES
from tracker.analysis.imaging.results import Conflict, Disagreement
from tracker.analysis.imaging.visits import EdemaVisit

_MOST_DAYS = 4  # 256 ways of grading them
_ROUNDING = 1e-9
_A_GRADE = 1.0


def find_conflict(
    weights: NDArray[np.float64],
    probabilities: Sequence[NDArray[np.float64]],
    visits: Sequence[EdemaVisit],
    *,
    at_most: float,
) -> Conflict:
    """Compare grades with what the pain alone leads to expect.

    Parameters
    ----------
    weights : ndarray of float64, shape (n,)
        Of courses, by the pain alone; they sum to 1.
    probabilities : sequence of ndarray of float64, each shape (4, n)
        P(grade | course) at each visit.
    visits : sequence of EdemaVisit
        Those with a day, in time; of more than four, the newest four are compared.
    at_most : float
        The probability up to which they are said to disagree.
    """
    compared = list(zip(visits, probabilities, strict=True))[-_MOST_DAYS:]
    every, seen = weights[None, :], weights
    of_each = np.ones((1, 1))
    departures = []
    for place, (visit, of_grade) in enumerate(compared, start=1):
        cells, noted = _cells(of_grade, visit)
        of_each = every @ cells.T
        if place < len(compared):  # the last and largest table is needed in its sums only
            every = (every[:, None, :] * cells[None, :, :]).reshape(-1, len(weights))
        seen = seen * cells[noted]
        predicted = float(np.arange(N_GRADES) @ (of_grade @ weights))
        departures.append((visit.lowest + visit.highest) / 2 - predicted)
    p = float(of_each[of_each <= seen.sum() * (1 + _ROUNDING)].sum())
    return Conflict(p=min(p, 1.0), n_days=len(compared), disagreement=_direction(departures) if p <= at_most else None)


def _cells(probabilities: NDArray[np.float64], visit: EdemaVisit) -> tuple[NDArray[np.float64], int]:
    """Give the probabilities of what could have been noted at a visit, and the place of what was.

    Where only the presence of edema was noted, the grades it can be are one.
    """
    noted = probabilities[visit.lowest : visit.highest + 1].sum(axis=0, keepdims=True)
    return np.concatenate([probabilities[: visit.lowest], noted, probabilities[visit.highest + 1 :]]), visit.lowest


def _direction(departures: list[float]) -> Disagreement:
    if max(departures) > _A_GRADE and min(departures) < -_A_GRADE:
        return Disagreement.OTHERWISE
    return Disagreement.MORE_EDEMA if sum(departures) > 0 else Disagreement.LESS_EDEMA
