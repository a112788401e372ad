"""Central 95 % intervals of learned numbers, from their standard deviations."""

from __future__ import annotations

from math import exp
from statistics import NormalDist

import numpy as np

_TAIL = 0.025
_DEVIATIONS = NormalDist().inv_cdf(1 - _TAIL)
_LOG_ODDS = np.linspace(-40, 20, 6001)
_HALF_AN_EPISODE = 0.5


def normal_interval(value: float, deviation: float) -> tuple[float, float]:
    """Give the interval of a number with normal errors."""
    return value - _DEVIATIONS * deviation, value + _DEVIATIONS * deviation


def log_interval(value: float, log_deviation: float) -> tuple[float, float]:
    """Give the interval of a positive number whose logarithm has normal errors."""
    factor = exp(_DEVIATIONS * log_deviation)
    return value / factor, value * factor


def share_interval(share: float, deviation: float) -> tuple[float, float]:
    """Give the interval of a share.

    A share with this deviation is worth so many episodes, all of them counted: the interval is that of Jeffreys for
    their number, half an episode being added on both sides, so that a rare kind of
    course that was not seen is not said to be impossible.

    References
    ----------
    .. [1] Brown LD, Cai TT, DasGupta A, Interval estimation for a binomial proportion, Stat Sci 2001;16:101-133.
       doi:10.1214/ss/1009213286
    """
    n_episodes = share * (1 - share) / deviation**2
    low, high = beta_quantiles(share * n_episodes + _HALF_AN_EPISODE, (1 - share) * n_episodes + _HALF_AN_EPISODE)
    # Rounding of the table must never leave the share outside.
    return min(low, share), max(high, share)


def beta_quantiles(successes: float, failures: float) -> tuple[float, float]:
    """Give the quantiles 0.025 and 0.975 of a beta distribution, by summing its density over log-odds.

    Notes
    -----
    Within a thousandth of the exact ones for parameters of 0.5 or more.
    """
    log_density = -successes * np.log1p(np.exp(-_LOG_ODDS)) - failures * np.log1p(np.exp(_LOG_ODDS))
    mass = np.exp(log_density - log_density.max())
    below = np.cumsum(mass) - mass / 2
    low, high = np.interp([_TAIL, 1 - _TAIL], below / mass.sum(), _LOG_ODDS).tolist()
    return 1 / (1 + exp(-low)), 1 / (1 + exp(-high))
