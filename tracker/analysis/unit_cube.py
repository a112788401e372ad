"""The fixed points of the unit cube that every course library is drawn from.

A scrambled Sobol sequence (scipy, fixed seed, made by
``scripts/reference_values/make_unit_cube.py``) is stored as the 17 whole numbers
per coordinate that generate it, not as its points: 1.5 kB of text that can be
read in a diff instead of 400 kB, and any power of two up to 65536 points. It is expanded
here because importing ``scipy.stats.qmc`` costs more than a whole fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_FILE = Path(__file__).with_name("unit_cube.csv")
_BITS = 16
_TABLE_SIZE = 1 << 12
_FARTHEST_DEVIATE = 8  # what lies beyond has a probability below 1e-15
_STEPS_PER_DEVIATE = 1 << 8
_WEYL = 40503  # 2**16 over the golden ratio, made odd: successive multiples spread evenly


class Points(Protocol):
    """Points of the unit cube, one coordinate at a time: uniform, or as normal deviates."""

    def uniform(self, coordinate: int) -> NDArray[np.float64]:
        """Give one coordinate as numbers strictly between 0 and 1, shape (n,)."""

    def normal(self, coordinate: int) -> NDArray[np.float64]:
        """Give one coordinate as standard normal deviates, shape (n,)."""

    def normal_between(self, coordinate: int, low: float, high: float) -> NDArray[np.float64]:
        """Give one coordinate as standard normal deviates cut to `low`..`high`, shape (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class NormalPoints:
    """Any points, given as standard normal deviates of shape (d, n), read as `UnitCube` is.

    Normal probabilities are interpolated between steps of 1/256 deviate and are off by less than 1e-6.
    """

    deviates: NDArray[np.float64]

    def uniform(self, coordinate: int) -> NDArray[np.float64]:
        """Give one coordinate as numbers strictly between 0 and 1, shape (n,)."""
        steps = (self.deviates[coordinate] + _FARTHEST_DEVIATE) * _STEPS_PER_DEVIATE
        return _interpolated(_normal_probabilities(), steps)

    def normal(self, coordinate: int) -> NDArray[np.float64]:
        """Give one coordinate as standard normal deviates, shape (n,)."""
        found: NDArray[np.float64] = self.deviates[coordinate]
        return found

    def normal_between(self, coordinate: int, low: float, high: float) -> NDArray[np.float64]:
        """Give one coordinate as standard normal deviates cut to `low`..`high`, shape (n,)."""
        return _cut(self.uniform(coordinate), low, high)


@dataclass(frozen=True, slots=True)
class UnitCube:
    """Points of the unit cube, each coordinate stratified to the last point.

    Parameters
    ----------
    ranks : ndarray of uint16, shape (d, n)
        Row `i` holds every number from 0 to n - 1 once: the stratum of each
        point in coordinate `i`. The point is the middle of its stratum.
    """

    ranks: NDArray[np.uint16]

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.ranks[0])

    def uniform(self, coordinate: int) -> NDArray[np.float64]:
        """Give one coordinate as numbers strictly between 0 and 1, shape (n,)."""
        middles: NDArray[np.float64] = (self.ranks[coordinate] + 0.5) / self.n_points
        return middles

    def normal(self, coordinate: int) -> NDArray[np.float64]:
        """Give one coordinate as standard normal deviates, shape (n,)."""
        deviates: NDArray[np.float64] = _normal_deviates(self.n_points)[self.ranks[coordinate]]
        return deviates

    def normal_between(self, coordinate: int, low: float, high: float) -> NDArray[np.float64]:
        """Give one coordinate as standard normal deviates cut to `low`..`high`, shape (n,).

        The inverse is linear between the deviates of neighbouring strata: off
        by less than 1e-3 for cuts within three standard deviations.
        """
        return _cut(self.uniform(coordinate), low, high)

    def first(self, n_points: int) -> UnitCube:
        """Give the first `n_points`, a power of two: as evenly spread as all of them."""
        return UnitCube(self.ranks[:, :n_points] // (self.n_points // n_points))

    def deviates(self, chosen: NDArray[np.intp]) -> NDArray[np.float64]:
        """Give every coordinate of the chosen points as standard normal deviates, shape (d, m)."""
        found: NDArray[np.float64] = _normal_deviates(self.n_points)[self.ranks[:, chosen]]
        return found


def unit_cube(n_points: int) -> UnitCube:
    """Expand the first `n_points` of the stored sequence.

    Parameters
    ----------
    n_points : int
        A power of two up to 65536.

    Raises
    ------
    ValueError
        If `n_points` is not such a power.

    Notes
    -----
    Points 2**b to 2**(b+1) - 1 are points 0 to 2**b - 1 with bit `b` switched on, so the sequence doubles in
    place. The first 2**b points of a library are stratified in every coordinate as well.

    References
    ----------
    .. [1] Sobol IM, USSR Comput Math Math Phys 1967;7:86-112. doi:10.1016/0041-5553(67)90144-9
    .. [2] Matousek J, On the L2-discrepancy for anchored boxes, J Complexity
       1998;14:527-556. doi:10.1006/jcom.1998.0489 (the scrambling)
    """
    doublings = n_points.bit_length() - 1
    if n_points < 1 or n_points != 1 << doublings or doublings > _BITS:
        raise ValueError(f"n_points must be a power of two from 1 to {1 << _BITS}, but was {n_points}")
    table = _stored_table()
    points = np.empty((table.shape[1], n_points), dtype=np.uint16)
    points[:, 0] = table[0]
    for bit in range(doublings):
        size = 1 << bit
        points[:, size : 2 * size] = points[:, :size] ^ table[1 + bit][:, None]
    return UnitCube(points >> np.uint16(_BITS - doublings) if doublings else points * np.uint16(0))


def shifted(cube: UnitCube, seed: int) -> UnitCube:
    """Scramble a cube anew: each coordinate's strata are exclusive-ored with a whole number made from `seed`.

    The points stay as evenly spread. Seed 0 changes nothing.
    """
    shifts = [(seed * (coordinate + 1) * _WEYL) % (1 << _BITS) for coordinate in range(len(cube.ranks))]
    return UnitCube(cube.ranks ^ (np.array(shifts, dtype=np.uint16)[:, None] % np.uint16(cube.n_points)))


def _cut(uniform: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    start, end = NormalDist().cdf(low), NormalDist().cdf(high)
    return _interpolated(_normal_deviates(_TABLE_SIZE), (start + (end - start) * uniform) * _TABLE_SIZE - 0.5)


def _interpolated(table: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read a table between its entries, at broken places; beyond its ends it stays what it is there."""
    last = len(table) - 1
    inside = np.clip(places, 0, last)
    below = np.minimum(inside.astype(np.int32), last - 1)
    low: NDArray[np.float64] = table[below]
    found: NDArray[np.float64] = low + (inside - below) * (table[below + 1] - low)
    return found


@cache
def _stored_table() -> NDArray[np.uint16]:
    """Read the shift and the direction numbers, shape (17, d)."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    rows = [[int(cell) for cell in line.split(",")[1:]] for line in lines[1:]]
    return np.array(rows, dtype=np.uint16)


@cache
def _normal_probabilities() -> NDArray[np.float64]:
    """Give the standard normal probabilities below evenly spaced deviates."""
    steps = range(-_FARTHEST_DEVIATE * _STEPS_PER_DEVIATE, _FARTHEST_DEVIATE * _STEPS_PER_DEVIATE + 1)
    below = NormalDist().cdf
    return np.array([below(step / _STEPS_PER_DEVIATE) for step in steps])


@cache
def _normal_deviates(n_points: int) -> NDArray[np.float64]:
    """Give the standard normal deviates at the middles of `n_points` strata, ascending."""
    inverse = NormalDist().inv_cdf
    lower = np.array([inverse((rank + 0.5) / n_points) for rank in range((n_points + 1) // 2)])
    return np.concatenate([lower, -lower[: n_points // 2][::-1]])
