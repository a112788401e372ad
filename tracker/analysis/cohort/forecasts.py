"""Forecasts of the end of pain, made at one month, held against what came: counts of patients.

Two questions. Of an interval: did the end lie in it? Of a probability, that the pain would be over by a later month:
was it? Both have a third answer, since the end lies between two visits or was not seen yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.batch.fitting import Columns
from tracker.analysis.batch.library import BatchLibrary
from tracker.analysis.cohort.counting import PATIENTS, STATES, count, known_state, state_variable
from tracker.analysis.cohort.fits import fit_members
from tracker.analysis.cohort.members import ANALYSED, SCORED, Member, yes_no
from tracker.analysis.disclosure.tables import NO, YES, Cell, CountTable, Level, Relation, Variable
from tracker.dates import DAYS_PER_MONTH

FORECAST_MONTH = 3
"""The month whose forecasts are held against what came."""
INSIDE, OUTSIDE, OPEN = "inside", "outside", "not known"
FORECAST = Variable("forecast at month 3", (YES, NO))
COVERAGE = {"50": ("resolution_q25", "resolution_q75"), "80": ("resolution_q10", "resolution_q90")} | {
    "95": ("resolution_day_lo95", "resolution_day_hi95")
}
"""Central intervals of the resolution day, in percent, with the columns of their ends."""
SAID_MONTHS = (6, 9)
"""Months by which the pain was said to be over with some probability."""
SAID_BY = {"25": "resolution_q25", "50": "resolution_q50", "75": "resolution_q75"}
"""Thresholds of that probability, percent, with the column of the day on which it is reached."""
SAID = ("below 25 %", "25 to 50 %", "50 to 75 %", "75 % or more")

IS_SCORED: tuple[Level, ...] = ((SCORED.name, YES),)
HAS_FORECAST: tuple[Level, ...] = (*IS_SCORED, (FORECAST.name, YES))
IS_ANALYSED: tuple[Level, ...] = (*IS_SCORED, (ANALYSED.name, YES))
HAS_SAID: tuple[Level, ...] = (*IS_ANALYSED, (FORECAST.name, YES))
"""The same patients as `HAS_FORECAST`: who has a forecast has a time to resolution."""


def coverage_variable(percent: str) -> Variable:
    """Name the variable of where the end of pain lay, against an interval forecast at `FORECAST_MONTH`."""
    return Variable(f"end of pain in the {percent} % interval", (INSIDE, OUTSIDE, OPEN))


def said_variable(month: int) -> Variable:
    """Name the variable of how probable an end by a month was at `FORECAST_MONTH`."""
    return Variable(f"said of an end by month {month}", SAID)


def forecast_tables(members: Sequence[Member], library: BatchLibrary) -> tuple[list[CountTable], list[Relation]]:
    """Hold what was forecast at a month, for patients then in pain, against when the pain was over.

    Parameters
    ----------
    members : sequence of Member
        Those with a score and an onset; nothing after the month is looked at for a forecast.
    library : BatchLibrary
        Courses are read by it.
    """
    day = round(FORECAST_MONTH * DAYS_PER_MONTH)
    fits = fit_members(members, library, as_of_day=day)
    is_given = [_is_given(fits, place, member, day) for place, member in enumerate(members)]
    tables = [count(FORECAST, [yes_no(given) for given in is_given], members, within=IS_SCORED)]
    chosen = [place for place, given in enumerate(is_given) if given]
    inside = [members[place] for place in chosen]
    for percent, (low, high) in COVERAGE.items():
        levels = [_where(members[place], float(fits[low][place]), float(fits[high][place])) for place in chosen]
        tables.append(count(coverage_variable(percent), levels, inside, within=HAS_FORECAST))
    same = Relation(Cell(PATIENTS).within(*HAS_FORECAST), (Cell(PATIENTS).within(*HAS_SAID),))
    for month in SAID_MONTHS:
        said = [_said(fits, place, month) for place in chosen]
        tables += [_said_table(said, inside, month), _among_analysed(members, is_given, month)]
    return tables, [same]


def _said_table(said: Sequence[str], members: Sequence[Member], month: int) -> CountTable:
    """Count what was said by what is known of the pain at that month."""
    states = [_state(member, month) for member in members]
    pairs = Counter(zip(said, states, strict=True))
    counts = [[pairs[level, state] for state in STATES] for level in SAID]
    rows, columns = said_variable(month), state_variable(month)
    return CountTable(rows.name, PATIENTS, rows, counts, columns, within=HAS_SAID)


def _among_analysed(members: Sequence[Member], is_given: Sequence[bool], month: int) -> CountTable:
    """Count who had a forecast by what is known at the month: the table of resolution counts both kinds together."""
    known = [(yes_no(given), member) for given, member in zip(is_given, members, strict=True) if member.resolution]
    pairs = Counter((given, _state(member, month)) for given, member in known)
    counts = [[pairs[given, state] for state in STATES] for given in FORECAST.levels]
    name = f"forecast, by what is known at month {month}"
    return CountTable(name, PATIENTS, FORECAST, counts, state_variable(month), within=IS_ANALYSED)


def _state(member: Member, month: int) -> str:
    if member.resolution is None:
        raise ValueError(f"nothing is known of the end of pain of {member.chosen.record.patient_code}")
    return known_state(member.resolution, month)


def _said(fits: Columns, place: int, month: int) -> str:
    """Say how probable an end by a month was: the shares of resolving courses that were over by then."""
    day = month * DAYS_PER_MONTH
    return SAID[sum(float(fits[column][place]) <= day for column in SAID_BY.values())]


def _is_given(fits: Columns, place: int, member: Member, day: int) -> bool:
    """Say whether there was a forecast: a course was read, it gave a day, and the pain was not seen to be over."""
    if member.resolution is None or member.resolution.upper <= day:
        return False
    ends: NDArray[np.float64] = np.array([float(fits[column][place]) for pair in COVERAGE.values() for column in pair])
    return bool(np.isfinite(ends).all())


def _where(member: Member, low: float, high: float) -> str:
    """Say whether the end of pain surely lay inside an interval, surely outside, or cannot be told."""
    time, onset = member.resolution, member.chosen.episode.onset
    if time is None or onset is None:
        return OPEN
    # forecasts count from the first possible day of the onset, resolution times from the onset itself
    earliest, latest = time.lower, time.upper + (0 if time.upper == inf else onset.span_days)
    if earliest >= low and latest <= high:
        return INSIDE
    return OUTSIDE if latest < low or earliest > high else OPEN
