"""Deciding which cells of a release are hidden: the small ones, and what would give them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from tracker.analysis.disclosure.alternatives import Alternatives, Change
from tracker.analysis.disclosure.policy import Policy
from tracker.analysis.disclosure.release import Release
from tracker.analysis.disclosure.system import System, system_of
from tracker.analysis.disclosure.tables import Cell, CountTable, Relation


def protect(tables: Sequence[CountTable], policy: Policy, *, relations: Iterable[Relation] = ()) -> Release:
    """Hide small counts jointly over all tables that are released together.

    A cell that is small is hidden, and so is what a small group has nothing of: where three patients moved on and all
    columns but one show 0, everybody reads where the three went. Then, for each hidden cell, so much more is hidden
    that everything shown could come from another record too: one where the cell is 0, and one where it is as large as
    a count that may be shown. A cell hidden for the sake of others keeps a range as wide. So nobody can tell whether a
    hidden cell is small, and what the hidden cells of a sum add up to is never small itself.

    Parameters
    ----------
    tables : sequence of CountTable
        All counts of the release; what is released separately is not protected from being subtracted.
    policy : Policy
        The thresholds.
    relations : iterable of Relation
        Sums that a reader knows of besides those of rows and columns (`tables.adding_up`, `survival.at_risk`).

    Returns
    -------
    Release
        What may be shown. Of a population smaller than the policy's least cohort that is a sentence.

    Raises
    ------
    ValueError
        If tables disagree about a cell, or a sum does not hold.

    Notes
    -----
    A whole-number programme per hidden cell and direction, of as many unknowns as the release has cells: a
    hundred cells take a second or two. The choice is the cheapest for one cell after the other, not the best for all.
    """
    system = system_of(tables, relations)
    refused = _too_small(system, policy)
    open_cells = {cell for cell in system.counts if cell.population not in refused}
    in_question = open_cells & system.shown
    telling = _zeros_of_small_groups(system, policy)
    small = [
        cell
        for cell, count in system.counts.items()
        if cell in in_question and (policy.is_small(count) or cell in telling)
    ]
    hidden = _hide(system, policy, small, telling)
    return Release(
        policy=policy,
        tables={table.name: table for table in tables},
        counts=dict(system.counts),
        hidden=frozenset(hidden | (system.counts.keys() - open_cells)),
        refused=refused,
        shown=frozenset(system.shown),
        relations=system.relations,
    )


def _everything(system: System, population: str) -> set[Cell]:
    return {cell for cell in system.shown if cell.population == population}


@dataclass(slots=True)
class _Proof:
    """Changes found so far, each of them a proof that what it changes cannot be told."""

    changes: list[Change] = field(default_factory=list)

    def range_of(self, cell: Cell) -> tuple[int, int]:
        """Give how far down and up some change moves a cell."""
        moves = [change.get(cell, 0) for change in self.changes]
        return min((0, *moves)), max((0, *moves))


def _too_small(system: System, policy: Policy) -> frozenset[str]:
    populations = {cell.population for cell in system.counts}
    sizes = {
        name: max(count for cell, count in system.counts.items() if cell.population == name) for name in populations
    }
    return frozenset(name for name, size in sizes.items() if size < policy.least_cohort)


def _zeros_of_small_groups(system: System, policy: Policy) -> set[Cell]:
    """Give the cells of 0 that are parts of a small sum, and the parts of these, which are 0 too.

    Not those that are parts of a 0 that is shown: what nobody at all has says nothing of a few.
    """
    found: set[Cell] = set()
    waiting = {cell for cell, count in system.counts.items() if policy.is_small(count)}
    while waiting:
        parts = {part for relation in system.relations if relation.whole in waiting for part in relation.parts}
        waiting = {part for part in parts if system.counts[part] == 0} - found
        found |= waiting
    telling_nothing = found
    while telling_nothing:
        telling_nothing = {
            part
            for relation in system.relations
            if system.counts[relation.whole] == 0 and relation.whole not in found
            for part in relation.parts
            if part in found
        }
        found -= telling_nothing
    return found


def _hide(system: System, policy: Policy, small: Sequence[Cell], telling: Set[Cell]) -> set[Cell]:
    """Give the small cells with the `telling` zeros, and those that have to be hidden with them."""
    if not small:
        return set()
    known = {cell for cell, count in system.counts.items() if count == 0 and policy.shows_zero} - telling
    alternatives = Alternatives(system, fixed=known)
    proof = _Proof()
    hidden, waiting = set(small), list(small)
    while waiting:
        cell = waiting.pop(0)
        added: set[Cell] = set()
        for by in _moves(cell, system.counts[cell], policy, small, proof):
            change = alternatives.cheapest(cell, by=by, hidden=hidden)
            if change is None:
                # no other record was found that would look the same: then nothing of this population is shown
                return _everything(system, cell.population) | hidden
            proof.changes.append(change)
            added |= (change.keys() & system.shown) - hidden
            hidden |= added
        # in the order of the release, so that the same release hides the same cells
        waiting += [one for one in system.counts if one in added]
    return hidden


def _moves(cell: Cell, count: int, policy: Policy, small: Sequence[Cell], proof: _Proof) -> list[int]:
    """Give the moves a cell still has to be able to make."""
    down, up = proof.range_of(cell)
    width = policy.smallest_shown
    if cell in small:
        wanted = (-count, width - count)
        return [by for by in wanted if by < down or by > up]
    return [] if up - down >= width else [width + down]
