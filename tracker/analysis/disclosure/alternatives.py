"""Other records that look the same: whole-number tables that agree with everything shown.

What protects a hidden cell is that the same release could have been made of another record, in which the
cell holds another number. Such a record is a *change* of the true one: whole numbers to add to cells so that
every sum still holds, no cell goes below 0 and no shown cell changes. The cheapest change that moves one cell by
a given amount says which shown cells have to be hidden as well: those it changes.

References
----------
.. [1] Fischetti M, Salazar JJ. Solving the cell suppression problem on tabular data with linear constraints.
   Management Science 2001;47:1008-1027. doi:10.1287/mnsc.47.7.1008.9805
"""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.disclosure.system import System
from tracker.analysis.disclosure.tables import Cell

Change = Mapping[Cell, int]

_COST_OF_HIDDEN = 1e-3
_COST_OF_MARGIN = 4
_COST_OF_ALL = 16


class Alternatives:
    """Finds the cheapest changes of a system.

    Parameters
    ----------
    system : System
        All cells and sums.
    fixed : set of Cell
        Cells that never change: those whose count is known to everyone.
    """

    def __init__(self, system: System, *, fixed: Set[Cell]) -> None:
        self._cells = tuple(system.counts)
        self._place = {cell: number for number, cell in enumerate(self._cells)}
        self._counts = np.array([system.counts[cell] for cell in self._cells], dtype=float)
        self._fixed = np.array([cell in fixed for cell in self._cells])
        self._shown = system.shown
        self._sums = self._matrix(system)

    def cheapest(self, target: Cell, *, by: int, hidden: Set[Cell]) -> Change | None:
        """Find the change that moves a cell by an amount and changes as little of what is shown as it can.

        Parameters
        ----------
        target : Cell
            The cell to move.
        by : int
            What to add to it; it must not go below 0.
        hidden : set of Cell
            Cells that are hidden already, so that changing them costs next to nothing.

        Returns
        -------
        mapping of Cell to int, or None
            Only the cells that change; None where there is no such change.
        """
        # loaded here: a report without a table of counts needs none of it
        from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]  # noqa: PLC0415

        n_cells = len(self._cells)
        down = np.where(self._fixed, 0, self._counts)
        up = np.where(self._fixed, 0, np.inf)
        place = self._place[target]
        low, high = np.zeros(2 * n_cells), np.concatenate((up, down))
        # the target moves the way it is told, not back at the same time
        moved, still = (place, n_cells + place) if by > 0 else (n_cells + place, place)
        if high[moved] < abs(by):
            return None
        low[moved] = high[moved] = abs(by)
        high[still] = 0
        cost = self._costs(hidden)
        found = milp(
            np.concatenate((cost, cost)),
            integrality=np.ones(2 * n_cells),
            bounds=Bounds(low, high),
            constraints=LinearConstraint(np.hstack((self._sums, -self._sums)), 0, 0),
        )
        if found.x is None:
            return None
        steps = np.rint(found.x[:n_cells] - found.x[n_cells:]).astype(int)
        return {self._cells[number]: int(steps[number]) for number in np.flatnonzero(steps)}

    def _costs(self, hidden: Set[Cell]) -> NDArray[np.float64]:
        """Give the cost of changing each cell by 1: margins cost more, and the sum of everything most."""
        return np.array([self._cost(cell, hidden) for cell in self._cells])

    def _cost(self, cell: Cell, hidden: Set[Cell]) -> float:
        if cell in hidden or cell not in self._shown:
            return _COST_OF_HIDDEN
        # a large count tells more than a small one
        worth = float(np.log2(2 + self._counts[self._place[cell]]))
        if not cell.levels:
            return _COST_OF_ALL * worth
        return worth * (_COST_OF_MARGIN if len(cell.levels) == 1 else 1)

    def _matrix(self, system: System) -> NDArray[np.float64]:
        sums = np.zeros((max(len(system.relations), 1), len(self._cells)))
        for number, relation in enumerate(system.relations):
            sums[number, self._place[relation.whole]] -= 1
            for part in relation.parts:
                sums[number, self._place[part]] += 1
        return sums
