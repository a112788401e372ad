"""Scores that no known course explains: a slip, or something else going on."""

from __future__ import annotations

from collections.abc import Mapping
from math import comb

import numpy as np
from numpy.typing import NDArray

from tracker.clinical.reference import Edition

_MORE_LIKELY_THAN_NOT = 0.5


def surprising_days(odd_scores: Mapping[int, float]) -> tuple[int, ...]:
    """Name the days whose score is more likely a gross error than not; `odd_scores` gives that probability by day."""
    return tuple(day for day, probability in odd_scores.items() if probability > _MORE_LIKELY_THAN_NOT)


def most_by_slips(n_days: int, edition: Edition) -> int:
    """Give how many surprising days of so many may still be slips.

    The largest number that gross errors alone reach with at least the edition's ``surprise_probability``, each day
    being one with ``gross_error_share``: a tail of the binomial distribution.
    """
    share, least = edition.value("gross_error_share"), edition.value("surprise_probability")
    most, tail = 0, 1.0  # tail: the probability of at least `most`
    while most < n_days:
        tail -= comb(n_days, most) * share**most * (1 - share) ** (n_days - most)
        if tail < least:
            break
        most += 1
    return most


def follows_known_course(odd_scores: Mapping[int, float], edition: Edition) -> bool:
    """Say whether the scores follow any course of the table.

    Not where more of the days are surprising than slips explain, see `most_by_slips`. One odd score may be a slip;
    where the two newest agree that something else is going on, a long good history must not outvote them.

    Parameters
    ----------
    odd_scores : mapping of int to float
        By day, in time: the probability that a score of it is a gross error.
    edition : Edition
        The cited numbers.
    """
    days, surprising = tuple(odd_scores), surprising_days(odd_scores)
    newest_agree = len(days) > 2 and set(days[-2:]) <= set(surprising)
    return not newest_agree and len(surprising) <= most_by_slips(len(days), edition)


def follow_known_courses(
    odd_scores: NDArray[np.float64], first_day: NDArray[np.int64], edition: Edition
) -> NDArray[np.bool_]:
    """Say of many patients at once what `follows_known_course` says of one.

    Parameters
    ----------
    odd_scores : ndarray, shape (m,)
        By day, in time, one patient's after the other's: the probability that a score of it is a gross error.
    first_day : ndarray of int64, shape (n + 1,)
        Days of patient `i` are ``first_day[i]`` up to, not including, ``first_day[i + 1]``.
    edition : Edition
        The cited numbers.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    surprising = odd_scores > _MORE_LIKELY_THAN_NOT
    counted = np.concatenate([[0], np.cumsum(surprising)])
    begin, end = first_day[:-1], first_day[1:]
    n_days, n_surprising = end - begin, counted[end] - counted[begin]
    newest_agree = (n_days > 2) & (counted[end] - counted[np.maximum(end - 2, begin)] == 2)
    most = np.array([most_by_slips(n, edition) for n in range(int(n_days.max(initial=0)) + 1)])
    few = n_surprising <= most[n_days]
    found: NDArray[np.bool_] = ~newest_agree & few
    return found
