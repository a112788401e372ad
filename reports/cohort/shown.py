"""Cells and tables as they are shown: the text a reader sees beside the numbers a file holds.

Every number of a cohort that is shown goes through one of the functions here, which ask the release whether it may be:
a figure, a hover box or a file has no other way to a count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from reports.sentences import number
from tracker.analysis.cohort.fits import Quartiles
from tracker.analysis.cohort.proportions import proportion
from tracker.analysis.cohort.turnbull import ShareNotOver
from tracker.analysis.disclosure.release import Hidden, Release
from tracker.analysis.disclosure.tables import Cell

Value = int | float | str | None

EMPTY = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class ShownCell:
    """What a cell says, and its numbers by name for a file; a hidden cell has none and says so."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row: what it is about, and one cell per column but the first; `level` indents the label."""

    label: str
    cells: tuple[ShownCell, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table: `columns` names the first column too, `notes` are sentences to read it by."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    notes: tuple[str, ...] = ()


NOTHING = ShownCell(EMPTY)
BLANK = ShownCell("")


def words(text: str) -> ShownCell:
    """Give words, which are no number of anybody."""
    return ShownCell(text, {"text": text})


def hidden_cell(mark: Hidden) -> ShownCell:
    """Give the mark of what is not shown."""
    return ShownCell(str(mark), {}, is_hidden=True)


def count_cell(release: Release, cell: Cell) -> ShownCell:
    """Give a count."""
    shown = release.count(cell)
    return hidden_cell(shown) if isinstance(shown, Hidden) else ShownCell(str(shown), {"n": shown})


def share_cell(release: Release, part: Cell, of: Cell, *, with_interval: bool = False) -> ShownCell:
    """Give a count of another one as a percentage, with the interval of Wilson where that is asked for."""
    n, whole = release.count(part), release.count(of)
    for one in (n, whole):
        if isinstance(one, Hidden):
            return hidden_cell(one)
    found = proportion(int(str(n)), int(str(whole)))
    if found is None:
        return ShownCell(EMPTY, {"n": 0, "of": 0})
    text = f"{found.n}/{found.of} ({_percent(found.share)} %)"
    values: dict[str, Value] = {"n": found.n, "of": found.of, "percent": round(100 * found.share, 1)}
    if with_interval:
        text = f"{text[:-1]}, 95 % {_percent(found.low95)} to {_percent(found.high95)} %)"
        values |= {"low95_percent": round(100 * found.low95, 1), "high95_percent": round(100 * found.high95, 1)}
    return ShownCell(text, values)


def quartile_cell(release: Release, found: Quartiles | None, of: Cell, *, decimals: int) -> ShownCell:
    """Give a median with its quartiles, where the group is large enough."""
    if found is None:
        shown = release.count(of)
        return hidden_cell(shown) if isinstance(shown, Hidden) else NOTHING
    numbers = [release.statistic(value, kind="quantile", of=of) for value in (found.median, found.low, found.high)]
    return _numbers_cell(
        numbers, lambda values: _median_text(values, decimals), ("median", "quartile1", "quartile3"), decimals
    )


def median_cell(release: Release, found: Quartiles | None, of: Cell, *, decimals: int) -> ShownCell:
    """Give a median with its own 95 % interval."""
    if found is None:
        return NOTHING
    ends = (found.median_low95, found.median_high95)
    numbers = [release.statistic(value, kind="quantile", of=of) for value in (found.median, *ends)]
    return _numbers_cell(
        numbers, lambda values: _interval_text(values, decimals), ("median", "low95", "high95"), decimals
    )


def mean_cell(release: Release, value: float | None, of: Cell, *, decimals: int) -> ShownCell:
    """Give a mean over a group."""
    shown = release.statistic(value, kind="quantile", of=of)
    return _numbers_cell([shown], lambda values: _plain(values[0], decimals), ("mean",), decimals)


def not_over_cell(release: Release, found: ShareNotOver | None, of: Cell, counts: Sequence[Cell]) -> ShownCell:
    """Give the share still in pain, hidden where one of `counts`, those of the same time, is: it would tell of it."""
    for cell in counts:
        shown = release.count(cell)
        if isinstance(shown, Hidden):
            return hidden_cell(shown)
    if found is None:
        return NOTHING
    ends = (found.least, found.highest, found.low95, found.high95)
    shares = [release.statistic(round(100 * value, 0), kind="quantile", of=of) for value in ends]
    names = ("least_percent", "highest_percent", "low95_percent", "high95_percent")
    return _numbers_cell(shares, _share_text, names, 0)


def _numbers_cell(
    numbers: Sequence[float | Hidden | None],
    text_of: Callable[[Sequence[float | None]], str],
    names: Sequence[str],
    decimals: int,
) -> ShownCell:
    known: list[float | None] = []
    for one in numbers:
        if isinstance(one, Hidden):
            return hidden_cell(one)
        known.append(one)
    if known[0] is None:
        return NOTHING
    values = {name: None if v is None else round(v, decimals) for name, v in zip(names, known, strict=True)}
    return ShownCell(text_of(known), values)


def _median_text(values: Sequence[float | None], decimals: int) -> str:
    middle, low, high = (_plain(value, decimals) for value in values)
    return f"{middle} ({low} to {high})"


def _interval_text(values: Sequence[float | None], decimals: int) -> str:
    if None in values:
        return f"{_plain(values[0], decimals)} (too few for an interval)"
    middle, low, high = (_plain(value, decimals) for value in values)
    return f"{middle} (95 % {low} to {high})"


def _share_text(values: Sequence[float | None]) -> str:
    least, highest, low, high = (_plain(value, 0) for value in values)
    share = least if least == highest else f"{least} to {highest}"
    return f"{share} % (95 % {low} to {high} %)"


def _plain(value: float | None, decimals: int) -> str:
    return EMPTY if value is None else number(value, decimals)


def _percent(share: float) -> str:
    return number(100 * share, 0)
