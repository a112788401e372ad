"""Tables of counts whose cells know what they count, so that tables of one release find their common cells.

A cell is named by its population and the levels it counts: the patients with sex F and side left are
the same cell in every table, and the patients with sex F are the margin of all tables with that level.
Levels of one variable exclude each other and cover the population: who has no value is a level of its own
(``unknown``), and a thing that can be true beside others is a variable with the levels yes and no.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

YES, NO = "yes", "no"
Level = tuple[str, str]
"""Name of a variable, and one of its levels."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is counted: those of a population for whom all `levels` hold; no level is all of them."""

    population: str
    levels: frozenset[Level] = frozenset()

    def __str__(self) -> str:
        """Give the cell in words, always the same ones."""
        return f"{self.population}: " + (", ".join(f"{name}={level}" for name, level in sorted(self.levels)) or "all")

    def within(self, *levels: Level) -> Cell:
        """Give those of this cell for whom further levels hold."""
        return Cell(self.population, self.levels | frozenset(levels))


@dataclass(frozen=True, slots=True)
class Variable:
    """What the rows or columns of a table are levels of."""

    name: str
    levels: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.levels or len(set(self.levels)) != len(self.levels):
            raise ValueError(f"the levels of '{self.name}' must be there and differ, but were {self.levels}")


@dataclass(frozen=True, slots=True)
class Relation:
    """A sum that whoever reads the release knows of: `whole` is the sum of `parts`.

    `shows_whole` says that the whole is shown although no table holds it, as a number at risk is.
    """

    whole: Cell
    parts: tuple[Cell, ...]
    shows_whole: bool = False


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts by one or two variables.

    Parameters
    ----------
    name : str
        Of the table, within its release.
    population : str
        What is counted (``patients``, ``episodes``); tables of the same population share their totals.
    rows : Variable
        Their levels cover the population (or the part of it that `within` names).
    counts : sequence of sequence of int, shape (rows, columns)
        Counts of 0 or more; one column where `columns` is None.
    columns : Variable, optional
        None for a table by one variable.
    within : tuple of (variable, level)
        Where the table counts only a part of the population.
    shows_margins : bool
        Whether sums of rows and columns are shown. A hidden margin that another table shows is still shown there.
    """

    name: str
    population: str
    rows: Variable
    counts: Sequence[Sequence[int]]
    columns: Variable | None = None
    within: tuple[Level, ...] = ()
    shows_margins: bool = True

    def __post_init__(self) -> None:
        n_columns = 1 if self.columns is None else len(self.columns.levels)
        if len(self.counts) != len(self.rows.levels) or any(len(row) != n_columns for row in self.counts):
            raise ValueError(f"the counts of '{self.name}' must be {len(self.rows.levels)} rows of {n_columns}")
        if any(count < 0 or count != int(count) for row in self.counts for count in row):
            raise ValueError(f"the counts of '{self.name}' must be whole numbers of 0 or more, but were {self.counts}")

    @property
    def all_of_it(self) -> Cell:
        """The cell that all others of the table are parts of."""
        return Cell(self.population, frozenset(self.within))

    def row(self, row: str) -> Cell:
        """Give the margin of a row; of a table by one variable the cell itself."""
        return self.all_of_it.within((self.rows.name, row))

    def column(self, column: str) -> Cell:
        """Give the margin of a column."""
        if self.columns is None:
            raise ValueError(f"'{self.name}' has no columns")
        return self.all_of_it.within((self.columns.name, column))

    def cell(self, row: str, column: str | None = None) -> Cell:
        """Give the cell at a row and, in a table by two variables, a column."""
        if self.columns is None or column is None:
            return self.row(row)
        return self.row(row).within((self.columns.name, column))

    def inner(self) -> Iterator[tuple[Cell, int]]:
        """Give each inner cell with its count."""
        columns: tuple[str | None, ...] = (None,) if self.columns is None else self.columns.levels
        for row, counts in zip(self.rows.levels, self.counts, strict=True):
            for column, count in zip(columns, counts, strict=True):
                yield self.cell(row, column), int(count)

    def margins(self) -> Iterator[tuple[Cell, int]]:
        """Give the sums of rows and columns, and of all, each with its count."""
        if self.columns is not None:
            for row, counts in zip(self.rows.levels, self.counts, strict=True):
                yield self.row(row), int(sum(counts))
            for number, column in enumerate(self.columns.levels):
                yield self.column(column), int(sum(counts[number] for counts in self.counts))
        yield self.all_of_it, int(sum(sum(counts) for counts in self.counts))

    def relations(self) -> Iterator[Relation]:
        """Give the sums that hold between the cells of the table."""
        rows = tuple(self.row(row) for row in self.rows.levels)
        yield Relation(self.all_of_it, rows)
        if self.columns is None:
            return
        columns = self.columns.levels
        yield Relation(self.all_of_it, tuple(self.column(column) for column in columns))
        for row in self.rows.levels:
            yield Relation(self.row(row), tuple(self.cell(row, column) for column in columns))
        for column in columns:
            yield Relation(self.column(column), tuple(self.cell(row, column) for row in self.rows.levels))


def adding_up(whole: CountTable, parts: Sequence[CountTable]) -> tuple[Relation, ...]:
    """Give the sums that hold where tables of parts of a population add up, cell by cell, to a table of the whole."""
    columns: tuple[str | None, ...] = (None,) if whole.columns is None else whole.columns.levels
    inner = tuple(
        Relation(whole.cell(row, column), tuple(part.cell(row, column) for part in parts))
        for row in whole.rows.levels
        for column in columns
    )
    return (Relation(whole.all_of_it, tuple(part.all_of_it for part in parts)), *inner)
