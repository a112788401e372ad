"""What may leave: counts, or the mark that one is hidden, and what may be said of a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tracker.analysis.disclosure.policy import Policy
from tracker.analysis.disclosure.tables import Cell, CountTable, Level, Relation

StatisticKind = Literal["mean", "quantile", "extreme"]
"""A mean (or a share, a rate, a spread) of a group; a median or another quantile; a smallest or largest value."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """The mark of what is not shown; never a 0 and never empty. Small or hidden for others: it does not say."""

    def __str__(self) -> str:
        """Give the mark as it is printed."""
        return "hidden"


HIDDEN: Final = Hidden()

Shown = int | Hidden


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table as it may be shown; margins are None where it has none."""

    name: str
    population: str
    within: tuple[Level, ...]
    row_variable: str
    row_levels: tuple[str, ...]
    column_variable: str | None
    column_levels: tuple[str, ...]
    cells: tuple[tuple[Shown, ...], ...]
    row_totals: tuple[Shown, ...] | None
    column_totals: tuple[Shown, ...] | None
    total: Shown | None


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that is released together, made by `suppression.protect`.

    Parameters
    ----------
    policy : Policy
        What it was made by.
    tables : mapping of str to CountTable
        As they were counted: for `table`, not to be shown.
    counts : mapping of Cell to int
        Every cell as it was counted: not to be shown.
    hidden : frozenset of Cell
        Cells that are not shown.
    refused : frozenset of str
        Populations too small to show anything of.
    shown : frozenset of Cell
        Cells that stand in a table, hidden or not.
    relations : tuple of Relation
        The sums a reader knows of.
    """

    policy: Policy
    tables: Mapping[str, CountTable]
    counts: Mapping[Cell, int]
    hidden: frozenset[Cell]
    refused: frozenset[str]
    shown: frozenset[Cell]
    relations: tuple[Relation, ...]

    @property
    def statements(self) -> Mapping[str, str]:
        """What is said in words of each population that is too small to count."""
        least = self.policy.least_cohort
        return {name: f"Fewer than {least} {name}: no numbers are shown." for name in sorted(self.refused)}

    def count(self, cell: Cell) -> Shown:
        """Give a count as it may be shown; hidden too where no table shows it, since then nothing protects it.

        Raises
        ------
        KeyError
            If no table of the release counts it.
        """
        count = self.counts[cell]
        return HIDDEN if cell in self.hidden or cell not in self.shown else self.policy.rounded(count)

    def table(self, name: str) -> ProtectedTable:
        """Give a table as it may be shown."""
        table = self.tables[name]
        columns = (None,) if table.columns is None else table.columns.levels
        margins = table.shows_margins
        has_columns = table.columns is not None
        return ProtectedTable(
            name=name,
            population=table.population,
            within=table.within,
            row_variable=table.rows.name,
            row_levels=table.rows.levels,
            column_variable=None if table.columns is None else table.columns.name,
            column_levels=() if table.columns is None else table.columns.levels,
            cells=tuple(tuple(self.count(table.cell(row, column)) for column in columns) for row in table.rows.levels),
            row_totals=tuple(self.count(table.row(row)) for row in table.rows.levels)
            if margins and has_columns
            else None,
            column_totals=tuple(self.count(table.column(column)) for column in columns if column is not None)
            if margins and has_columns
            else None,
            total=self.count(table.all_of_it) if margins else None,
        )

    def percent(self, part: Cell, *, of: Cell) -> float | Hidden:
        """Give a percentage of two counts as they are shown; hidden where either is, or where nobody is counted."""
        numerator, denominator = self.count(part), self.count(of)
        if isinstance(numerator, Hidden) or isinstance(denominator, Hidden) or denominator == 0:
            return HIDDEN
        return numerator / denominator * 100

    def statistic(self, value: float | None, *, kind: StatisticKind, of: Cell) -> float | Hidden | None:
        """Give what may be said of a group.

        Parameters
        ----------
        value : float or None
            The statistic; None where it could not be calculated stays None in a group that may be shown.
        kind : {"mean", "quantile", "extreme"}
            An extreme is one person's value and is never shown. A quantile is shown of a group that is twice as
            large as the smallest shown.
        of : Cell
            Those whose values went in, counted by a table of the release: a mean of 40 patients and one of 38 of
            them give the other two away unless their number is protected too.

        Returns
        -------
        float, Hidden or None
            The value as it is, or the mark. Of nobody it is the value, which is None.
        """
        n, is_hidden = self.counts[of], isinstance(self.count(of), Hidden)
        if n == 0 and not is_hidden:
            return value
        least = self.policy.least_for_quantiles if kind == "quantile" else self.policy.smallest_shown
        return HIDDEN if kind == "extreme" or is_hidden or n < least else value
