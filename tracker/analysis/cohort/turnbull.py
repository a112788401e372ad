"""The nonparametric estimate of a distribution from intervals (Turnbull), with likelihood-ratio intervals.

Event `i` lies in ``(lower, upper]``; `upper` is infinite where it was not seen. The likelihood only sees the mass in
the *innermost* intervals, those that begin with a `lower`, end with the next `upper` and hold no other end; where
inside one of them the mass lies, no data can say. So the share of events not over yet is a number between two bounds.

The interval of that share at a time holds every share whose best likelihood is not worse than the best of all by more
than half the 95th centile of chi-square with one degree of freedom. Under interval censoring the true limit is not
chi-square: for current status data its centile is smaller (2.27 against 3.84), so that the interval errs on the wide
side. It holds the choice inside an innermost interval too.

References
----------
.. [1] Turnbull BW. The empirical distribution function with arbitrarily grouped, censored and truncated data.
   J R Stat Soc B 1976;38:290-295. doi:10.1111/j.2517-6161.1976.tb01597.x
.. [2] Banerjee M, Wellner JA. Likelihood ratio tests for monotone functions. Ann Stat 2001;29:1699-1731.
   doi:10.1214/aos/1015345959
.. [3] Wellner JA, Zhan Y. A hybrid algorithm for computation of the nonparametric maximum likelihood estimator from
   censored data. J Am Stat Assoc 1997;92:945-959. doi:10.1080/01621459.1997.10474049
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_SETTLED = 1e-7
_MOST_STEPS = 2_000
_HALF_CHI_SQUARE_95 = 1.9207
_HALVINGS = 12
_DECIDED = 0.01
_MOST_HALVINGS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Where each event lies: in ``(lower, upper]``, both shape (n,); `upper` may be infinite.

    Raises
    ------
    ValueError
        If the shapes differ, an end is NaN, or an interval is empty.
    """

    lower: Floats
    upper: Floats

    def __post_init__(self) -> None:
        if self.lower.shape != self.upper.shape or self.lower.ndim != 1:
            raise ValueError(
                f"lower and upper must be of one shape (n,), but are {self.lower.shape}, {self.upper.shape}"
            )
        if not (self.lower < self.upper).all():
            raise ValueError("every interval must have lower < upper")

    @classmethod
    def of(cls, lower: ArrayLike, upper: ArrayLike) -> Intervals:
        """Take anything that becomes an array of numbers."""
        return cls(np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64))

    def __len__(self) -> int:
        """Give the number of events."""
        return len(self.lower)

    def where(self, chosen: NDArray[np.bool_]) -> Intervals:
        """Keep some."""
        return Intervals(self.lower[chosen], self.upper[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Turnbull:
    """The estimate: `mass` in each innermost interval ``(left, right]``, all shape (m,), masses summing to 1.

    `log_likelihood` is within `gap` of the highest there is.
    """

    left: Floats
    right: Floats
    mass: Floats
    log_likelihood: float
    gap: float

    def not_over(self, time: float) -> tuple[float, float]:
        """Give the least and the highest share of events that are not over at a time, as far as data can say."""
        least = 1 - float(self.mass[self.left < time].sum())
        highest = 1 - float(self.mass[self.right <= time].sum())
        return min(max(least, 0.0), 1.0), min(max(highest, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class ShareNotOver:
    """Share of events not over at a time: between `least` and `highest`, and its 95 % interval."""

    time: float
    least: float
    highest: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True, eq=False)
class _Problem:
    """Innermost intervals, the run of them each event covers, and how often that run occurs.

    `first` and `last` (both included) are shape (k,), for `weight` events each; `group` of each innermost interval is
    0 before, 1 after a time that is held fixed, and all 0 where none is.
    """

    left: Floats
    right: Floats
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    weight: Floats
    group: NDArray[np.intp]


def fit_turnbull(intervals: Intervals) -> Turnbull:
    """Estimate a distribution from at least one interval.

    Notes
    -----
    Cost of a step is O(events + innermost intervals). Steps stop where the duality gap shows the log-likelihood to be
    within 1e-7 per event of the highest.

    Examples
    --------
    >>> found = fit_turnbull(Intervals.of([0, 1, 3], [2, 4, float("inf")]))
    >>> found.left, found.right, found.mass.round(4)
    (array([1., 3.]), array([2., 4.]), array([0.5, 0.5]))
    """
    problem = _whole(intervals)
    mass, likelihood, gap = _maximize(problem, np.ones(1))
    return Turnbull(problem.left, problem.right, mass, likelihood, gap)


def share_not_over(intervals: Intervals, time: float, *, best: Turnbull) -> ShareNotOver:
    """Give the share of events not over at a time with its 95 % likelihood-ratio interval.

    Parameters
    ----------
    intervals : Intervals
        At least one.
    time : float
        Any.
    best : Turnbull
        Fitted to the same intervals.
    """
    least, highest = best.not_over(time)
    split = _split_at(intervals, time)
    target = best.log_likelihood - _HALF_CHI_SQUARE_95

    def is_inside(share: float) -> bool:
        return _maximize(split, np.array([1 - share, share]), target=target)[1] >= target

    return ShareNotOver(
        time=time,
        least=least,
        highest=highest,
        low95=_edge(is_inside, inner=least, outer=0.0),
        high95=_edge(is_inside, inner=highest, outer=1.0),
    )


def _edge(is_inside: Callable[[float], bool], *, inner: float, outer: float) -> float:
    """Find where an interval ends between a share inside of it and the end of the scale."""
    if is_inside(outer):
        return outer
    for _ in range(_HALVINGS):
        middle = (inner + outer) / 2
        if is_inside(middle):
            inner = middle
        else:
            outer = middle
    return outer


def _innermost(intervals: Intervals) -> tuple[Floats, Floats]:
    """Find the innermost intervals: a `lower` end directly followed by an `upper` one, in ascending order."""
    ends = np.concatenate([intervals.lower, intervals.upper])
    is_upper = np.repeat([0, 1], len(intervals))
    # at one place an upper end comes before a lower one: (a, b] and (b, c] share nothing
    order = np.lexsort((-is_upper, ends))
    ends, is_upper = ends[order], is_upper[order]
    places = np.flatnonzero((is_upper[:-1] == 0) & (is_upper[1:] == 1))
    return ends[places], ends[places + 1]


def _whole(intervals: Intervals) -> _Problem:
    left, right = _innermost(intervals)
    return _problem(intervals, left, right, np.zeros(len(left), dtype=np.intp))


def _split_at(intervals: Intervals, time: float) -> _Problem:
    """Cut every interval at a time, so that the masses before and after it can be held fixed."""
    before, after = intervals.lower < time, intervals.upper > time
    early = Intervals(intervals.lower[before], np.minimum(intervals.upper[before], time))
    late = Intervals(np.maximum(intervals.lower[after], time), intervals.upper[after])
    early_left, early_right = _innermost(early)
    late_left, late_right = _innermost(late)
    group = np.repeat([0, 1], [len(early_left), len(late_left)])
    left, right = np.concatenate([early_left, late_left]), np.concatenate([early_right, late_right])
    return _problem(intervals, left, right, group)


def _problem(intervals: Intervals, left: Floats, right: Floats, group: NDArray[np.intp]) -> _Problem:
    first = np.searchsorted(left, intervals.lower, side="left")
    last = np.searchsorted(right, intervals.upper, side="right") - 1
    runs, weight = np.unique(np.stack([first, last]), axis=1, return_counts=True)
    return _Problem(left, right, runs[0], runs[1], weight.astype(np.float64), group)


def _maximize(problem: _Problem, mass_of_group: Floats, *, target: float | None = None) -> tuple[Floats, float, float]:
    """Find the masses of the highest likelihood, or stop where it is decided whether it reaches `target`.

    Returns
    -------
    ndarray of float64, shape (m,)
        The masses.
    float
        Their log-likelihood.
    float
        How much higher it can be at most.
    """
    sizes = np.bincount(problem.group, minlength=len(mass_of_group))
    mass = (mass_of_group / np.maximum(sizes, 1))[problem.group]
    settled = _SETTLED * problem.weight.sum() if target is None else _DECIDED
    for _ in range(_MOST_STEPS):
        likelihood, once, gap = _step(problem, mass, mass_of_group)
        if gap <= settled or (target is not None and not likelihood < target <= likelihood + gap):
            break
        mass = _leap(problem, once)
    return mass, likelihood, gap


def _step(problem: _Problem, mass: Floats, mass_of_group: Floats) -> tuple[float, Floats, float]:
    """Take one step of expectation and maximization; give likelihood before, masses after, and gap."""
    chances = _chances(problem, mass)
    if not (chances > 0).all():
        return -inf, mass, 0.0
    likelihood = float(problem.weight @ np.log(chances))
    shares, n_ends = problem.weight / chances, len(mass) + 1
    begun, ended = _summed_at(problem.first, shares, n_ends), _summed_at(problem.last + 1, shares, n_ends)
    pull = np.cumsum(begun - ended)[:-1]
    held = np.bincount(problem.group, weights=mass * pull, minlength=len(mass_of_group))
    strongest = np.zeros(len(mass_of_group))
    np.maximum.at(strongest, problem.group, pull)
    scale = np.divide(mass_of_group, held, out=np.zeros_like(held), where=held > 0)
    gap = float(mass_of_group @ strongest - held.sum())
    return likelihood, mass * pull * scale[problem.group], max(gap, 0.0)


def _leap(problem: _Problem, mass: Floats) -> Floats:
    """Move all cumulated masses at once by their own slope and curvature, kept in order; never to a worse place."""
    reached = np.concatenate([[0.0], np.cumsum(mass)])
    chances = reached[problem.last + 1] - reached[problem.first]
    if not (chances > 0).all():
        return mass
    slope_of: Floats = problem.weight / chances
    bend_of: Floats = slope_of / chances
    n_ends = len(reached)
    slope = _summed_at(problem.last + 1, slope_of, n_ends) - _summed_at(problem.first, slope_of, n_ends)
    bend = _summed_at(problem.last + 1, bend_of, n_ends) + _summed_at(problem.first, bend_of, n_ends)
    wanted = reached.copy()
    edges = [0, *(np.flatnonzero(np.diff(problem.group)) + 1).tolist(), len(mass)]
    for begin, end in pairwise(edges):
        inside = slice(begin + 1, end)
        ordered = _in_order(reached[inside] + slope[inside] / bend[inside], bend[inside])
        wanted[inside] = np.clip(ordered, reached[begin], reached[end])
    return _best_on_the_way(problem, mass, np.diff(wanted))


def _best_on_the_way(problem: _Problem, mass: Floats, wanted: Floats) -> Floats:
    """Go as far towards the wanted masses as makes things better, halving the way."""
    before, share = _log_likelihood(problem, mass), 1.0
    for _ in range(_MOST_HALVINGS):
        found: Floats = mass + share * (wanted - mass)
        if _log_likelihood(problem, found) > before:
            return found
        share /= 2
    return mass


def _in_order(values: Floats, weights: Floats) -> Floats:
    """Give the nearest values that never fall, by weighted least squares: neighbours out of order are averaged."""
    means: list[float] = []
    sizes: list[float] = []
    counts: list[int] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, size, count = value, weight, 1
        while means and means[-1] >= mean:
            before = sizes.pop()
            mean = (means.pop() * before + mean * size) / (before + size)
            size, count = before + size, count + counts.pop()
        means.append(mean)
        sizes.append(size)
        counts.append(count)
    return np.repeat(np.array(means), np.array(counts, dtype=np.intp))


def _log_likelihood(problem: _Problem, mass: Floats) -> float:
    chances = _chances(problem, mass)
    return float(problem.weight @ np.log(chances)) if (chances > 0).all() else -inf


def _chances(problem: _Problem, mass: Floats) -> Floats:
    """Give the mass that each run of innermost intervals holds."""
    reached = np.concatenate([[0.0], np.cumsum(mass)])
    held: Floats = np.maximum(reached[problem.last + 1] - reached[problem.first], 0.0)
    return held


def _summed_at(places: NDArray[np.intp], values: Floats, n_places: int) -> Floats:
    """Sum values by the place each belongs to."""
    return np.bincount(places, values, minlength=n_places).astype(np.float64)
