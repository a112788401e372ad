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

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.imaging.edema_courses import EdemaCourses
from tracker.analysis.imaging.grades import N_GRADES
from tracker.analysis.imaging.results import Conflict, Disagreement
from tracker.analysis.imaging.visits import EdemaVisit

_MOST_DAYS = 4  # 256 ways of grading them
_ROUNDING = 1e-9
_A_GRADE = 1.0


def find_conflict(expected: EdemaCourses, visits: tuple[EdemaVisit, ...], *, at_most: float) -> Conflict:
    """Compare grades with what the pain alone leads to expect.

    Parameters
    ----------
    expected : EdemaCourses
        Weighted by the pain alone.
    visits : tuple of EdemaVisit
        Those with a day, in time; of more than four, the newest four are compared.
    at_most : float
        The probability up to which they are said to disagree.
    """
    compared = visits[-_MOST_DAYS:]
    weights = expected.pain.weights
    every, seen = weights[None, :], weights
    of_each = np.ones((1, 1))
    departures = []
    for visit in compared:
        probabilities = expected.grade_probabilities(visit.day or 0)
        cells, place = _cells(probabilities, visit)
        of_each = every @ cells.T
        if visit is not compared[-1]:  # the last and largest table is needed in its sums only
            every = (every[:, None, :] * cells[None, :, :]).reshape(-1, len(weights))
        seen = seen * cells[place]
        predicted = float(np.arange(N_GRADES) @ (probabilities @ weights))
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
