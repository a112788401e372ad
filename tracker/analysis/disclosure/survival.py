"""Survival curves that may leave: steps of several persons, and numbers at risk as cells like any other.

A curve that falls at every event shows each person's time. Here neighbouring times are taken together
until each interval holds no small number of events or of ends of follow-up; the counts then go through
`suppression.protect` with everything else, and the curve is shown at the ends of intervals only.
Intervals are (start, end].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.analysis.disclosure.policy import Policy
from tracker.analysis.disclosure.release import HIDDEN, Hidden, Release, Shown
from tracker.analysis.disclosure.tables import Cell, CountTable, Level, Relation, Variable

EVENT, CENSORED = "event", "end of follow-up"


@dataclass(frozen=True, slots=True)
class Interval:
    """Times (start, end] in days, and what happened in them."""

    start: float
    end: float
    n_events: int
    n_censored: int

    @property
    def label(self) -> str:
        """Name of the interval as a level."""
        return f"({self.start:g}, {self.end:g}]"


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A curve at the end of an interval, as far as it may be shown; `n_at_risk` is at its start."""

    interval: Interval
    n_at_risk: Shown
    n_events: Shown
    n_censored: Shown
    value: float | Hidden


def intervals(
    times: Sequence[float], n_events: Sequence[int], n_censored: Sequence[int], policy: Policy
) -> tuple[Interval, ...]:
    """Take neighbouring times together until no count of an interval is small.

    Parameters
    ----------
    times : sequence of float, shape (n,)
        Days of events and ends of follow-up, rising.
    n_events, n_censored : sequence of int, shape (n,)
        How many of each there are.
    policy : Policy
        Which counts are small. An interval's count may be 0.

    Returns
    -------
    tuple of Interval
        They follow each other from 0 on. What is left at the end goes into the last one; only if there is a single
        one may its counts be small.
    """
    found: list[Interval] = []
    start, events, censored = 0.0, 0, 0
    for time, new_events, new_censored in zip(times, n_events, n_censored, strict=True):
        events, censored = events + new_events, censored + new_censored
        if events + censored > 0 and not any(n > 0 and policy.is_small(n) for n in (events, censored)):
            found.append(Interval(start, time, events, censored))
            start, events, censored = time, 0, 0
    if events + censored == 0:
        return tuple(found)
    if not found:
        return (Interval(0.0, times[-1], events, censored),)
    last = found.pop()
    return (*found, Interval(last.start, times[-1], last.n_events + events, last.n_censored + censored))


def survival_table(
    name: str, population: str, steps: Sequence[Interval], *, outcome: str, within: tuple[Level, ...] = ()
) -> CountTable:
    """Make the table of a curve: intervals by outcome.

    Parameters
    ----------
    name, population : str
        As of any table.
    steps : sequence of Interval
        From `intervals`; curves that are compared share them.
    outcome : str
        Name of the variable whose levels are `EVENT` and `CENSORED`, shared with every table that counts them.
    within : tuple of (variable, level)
        The part of the population a curve is of.
    """
    rows = Variable(f"interval of {name}", tuple(step.label for step in steps))
    counts = [[step.n_events, step.n_censored] for step in steps]
    return CountTable(name, population, rows, counts, Variable(outcome, (EVENT, CENSORED)), within=within)


def at_risk(table: CountTable) -> tuple[Relation, ...]:
    """Give the numbers at risk at the start of each interval but the first, where all are: sums of what came later."""
    levels = table.rows.levels
    return tuple(
        Relation(_at_risk_cell(table, level), tuple(table.row(later) for later in levels[number:]), shows_whole=True)
        for number, level in enumerate(levels)
        if number > 0
    )


def shown_steps(
    release: Release, name: str, steps: Sequence[Interval], values: Sequence[float]
) -> tuple[ShownStep, ...]:
    """Give a curve as it may be shown.

    Parameters
    ----------
    release : Release
        Made with the curve's table and its `at_risk`.
    name : str
        Of the table.
    steps : sequence of Interval, shape (n,)
        Those of the table.
    values : sequence of float, shape (n,)
        The curve at the end of each interval. It is hidden from the first interval on of which a count is.
    """
    table = release.tables[name]
    found: list[ShownStep] = []
    is_open = True
    for number, (step, value) in enumerate(zip(steps, values, strict=True)):
        risk = release.count(table.all_of_it if number == 0 else _at_risk_cell(table, step.label))
        events, censored = (release.count(table.cell(step.label, kind)) for kind in (EVENT, CENSORED))
        is_open = is_open and not any(isinstance(count, Hidden) for count in (risk, events, censored))
        found.append(ShownStep(step, risk, events, censored, value if is_open else HIDDEN))
    return tuple(found)


def _at_risk_cell(table: CountTable, level: str) -> Cell:
    return table.all_of_it.within((f"at risk, {table.rows.name}", level))
