"""An attacker's view of a release: what its shown numbers and sums give away of the hidden ones.

Written apart from `suppression`: it reads only what may be shown and the sums everybody knows. Two attacks: sums and
differences of shown numbers (a cell is found if it is a combination of them), and the same knowing besides that
counts are whole numbers of 0 or more (a whole-number programme for each end of what a cell can be).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.disclosure.release import Hidden, Release
from tracker.analysis.disclosure.tables import Cell

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Reach:
    """The whole numbers a hidden cell can be, as an attacker finds them; `high` may be infinite."""

    cell: Cell
    low: float
    high: float
    found_by_sums: bool

    @property
    def is_found(self) -> bool:
        """Whether the attacker knows the cell."""
        return self.found_by_sums or self.low == self.high


@dataclass(frozen=True, slots=True)
class AttackReport:
    """What an attack of a release found."""

    n_cells: int
    reaches: tuple[Reach, ...]

    @property
    def found(self) -> tuple[Reach, ...]:
        """Hidden cells the attacker knows: must be none."""
        return tuple(reach for reach in self.reaches if reach.is_found)

    @property
    def narrowest(self) -> float:
        """How many units the least uncertain hidden cell can vary; infinite where nothing is hidden."""
        return min((reach.high - reach.low for reach in self.reaches), default=np.inf)

    def words(self) -> str:
        """Say in a line or two what was found."""
        found = "".join(f"\n  found: {reach.cell} = {reach.low:g}" for reach in self.found)
        return (
            f"{self.n_cells} cells, {len(self.reaches)} hidden; attacker finds {len(self.found)}; "
            f"the least uncertain hidden cell has a range of {self.narrowest:g}{found}"
        )


def attack(release: Release) -> AttackReport:
    """Try to find what a release hides.

    Parameters
    ----------
    release : Release
        Read through `count` only. Populations that are refused are left out: nothing of them is shown.

    Returns
    -------
    AttackReport
        One reach for each hidden cell that stands in a table.
    """
    cells = [cell for cell in release.counts if cell.population not in release.refused]
    place = {cell: number for number, cell in enumerate(cells)}
    sums = np.zeros((len(release.relations), len(cells)))
    for number, relation in enumerate(release.relations):
        if relation.whole in place:
            sums[number, place[relation.whole]] = -1
            sums[number, [place[part] for part in relation.parts]] = 1
    low, high = _known(release, cells)
    hidden = [cell for cell in cells if cell in release.shown and isinstance(release.count(cell), Hidden)]
    is_certain = _determined(sums, low == high)
    reaches = []
    for cell in hidden:
        least, most = _extremes(sums, low, high, place[cell])
        reaches.append(Reach(cell, least, most, found_by_sums=bool(is_certain[place[cell]])))
    return AttackReport(len(release.shown & set(cells)), tuple(reaches))


def _known(release: Release, cells: list[Cell]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the least and the largest number each cell can be by itself."""
    low, high = np.zeros(len(cells)), np.full(len(cells), np.inf)
    slack = 0 if release.policy.rounds_to is None else release.policy.rounds_to // 2
    for number, cell in enumerate(cells):
        count = release.count(cell)
        if cell in release.shown and not isinstance(count, Hidden):
            low[number], high[number] = max(count - slack, 0), count + slack
    return low, high


def _determined(sums: NDArray[np.float64], is_known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which cells are a combination of known ones: those that no solution of the sums moves."""
    unknown = np.flatnonzero(~is_known)
    result = is_known.copy()
    if unknown.size:
        _, sizes, directions = np.linalg.svd(sums[:, unknown])
        free = directions[np.count_nonzero(sizes > _ROUNDING) :]
        result[unknown] = np.all(np.abs(free) < _ROUNDING, axis=0)
    return result


def _extremes(
    sums: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], place: int
) -> tuple[float, float]:
    from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]  # noqa: PLC0415

    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(low))
        cost[place] = sign
        found = milp(
            cost,
            integrality=np.ones(len(low)),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(sums, 0, 0) if len(sums) else (),
        )
        # only upwards can there be no end: no count is below 0
        ends.append(np.inf if found.x is None else float(np.rint(found.x[place])))
    return ends[0], ends[1]
