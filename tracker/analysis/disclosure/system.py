"""All cells of a release and the sums between them: what whoever reads it can calculate with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker.analysis.disclosure.tables import Cell, CountTable, Relation


@dataclass(slots=True)
class System:
    """The cells of a release.

    Attributes
    ----------
    counts : dict of Cell to int
        Each cell once, however many tables hold it, in the order in which they do.
    shown : set of Cell
        Cells that stand in some table; the others are known only by the sums they take part in.
    relations : tuple of Relation
        Each sum once.
    """

    counts: dict[Cell, int] = field(default_factory=dict)
    shown: set[Cell] = field(default_factory=set)
    relations: tuple[Relation, ...] = ()


def system_of(tables: Sequence[CountTable], relations: Iterable[Relation] = ()) -> System:
    """Join tables by their common cells.

    Raises
    ------
    ValueError
        If two tables disagree about a cell or the levels of a variable, or a sum does not hold.
    """
    system = System()
    names = [table.name for table in tables]
    if len(set(names)) != len(names):
        raise ValueError(f"two tables of a release have the same name: {sorted(names)}")
    _check_levels(tables)
    for table in tables:
        for cell, count in table.inner():
            _add(system, table, cell, count)
            system.shown.add(cell)
        for cell, count in table.margins():
            _add(system, table, cell, count)
            if table.shows_margins:
                system.shown.add(cell)
    found = dict.fromkeys(relation for table in tables for relation in table.relations())
    system.relations = tuple(dict.fromkeys((*found, *relations)))
    for relation in system.relations:
        _check(system, relation)
    return system


def _add(system: System, table: CountTable, cell: Cell, count: int) -> None:
    if system.counts.setdefault(cell, count) != count:
        raise ValueError(
            f"table '{table.name}' counts {count} for '{cell}', another one {system.counts[cell]}: "
            "count who has no value as a level, or name another population"
        )


def _check_levels(tables: Sequence[CountTable]) -> None:
    levels: dict[tuple[str, str], frozenset[str]] = {}
    for table in tables:
        for variable in (table.rows, *(() if table.columns is None else (table.columns,))):
            found = frozenset(variable.levels)
            if levels.setdefault((table.population, variable.name), found) != found:
                raise ValueError(f"table '{table.name}' has other levels of '{variable.name}' than a table before it")


def _check(system: System, relation: Relation) -> None:
    for part in relation.parts:
        if part not in system.counts:
            raise ValueError(f"no table counts '{part}', which a sum is about")
    total = sum(system.counts[part] for part in relation.parts)
    if relation.shows_whole:
        system.shown.add(relation.whole)
    if system.counts.setdefault(relation.whole, total) != total:
        raise ValueError(f"'{relation.whole}' is {system.counts[relation.whole]}, but its parts add up to {total}")
