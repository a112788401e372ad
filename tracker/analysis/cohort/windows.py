"""Pain, phase and forecasts over the months since onset: counts of patients, and quartiles that rest on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.batch.fitting import Columns
from tracker.analysis.batch.library import BatchLibrary
from tracker.analysis.cohort.counting import count, having
from tracker.analysis.cohort.fits import Quartiles, fit_members, quartiles
from tracker.analysis.cohort.members import NO, SCORED, YES, Member, yes_no
from tracker.analysis.cohort.resolution import OVER, in_points
from tracker.analysis.disclosure.tables import CountTable, Level, Variable
from tracker.clinical.vocabulary import Phase
from tracker.dates import DAYS_PER_MONTH

WINDOWS = tuple(pairwise((0, 1, 2, 3, 4, 6, 9, 12, 18)))
"""Months since onset, from and to, over which scores are taken together."""
PHASE_MONTHS = (1, 2, 3, 4, 6, 9, 12)
FORECAST_MONTH = 3
"""The month whose forecasts are held against what came."""
NOT_READ, NO_LONGER_SEEN = "not read yet", "no longer seen"
PHASES = (*Phase, NOT_READ, NO_LONGER_SEEN)
INSIDE, OUTSIDE, OPEN = "inside", "outside", "not known"
FORECAST = Variable("forecast at month 3", (YES, NO))
COVERAGE = {"50": ("resolution_q25", "resolution_q75"), "80": ("resolution_q10", "resolution_q90")} | {
    "95": ("resolution_day_lo95", "resolution_day_hi95")
}
"""Central intervals of the resolution day, in percent, with the columns of their ends."""

IS_SCORED: tuple[Level, ...] = ((SCORED.name, YES),)
HAS_FORECAST: tuple[Level, ...] = (*IS_SCORED, (FORECAST.name, YES))


@dataclass(frozen=True, slots=True)
class ScoredDay:
    """A score in points, on a day since the first possible day of the onset, which is `span_days` long."""

    day: int
    points: float
    span_days: int


@dataclass(frozen=True, slots=True, eq=False)
class OverMonths:
    """Counts by month as tables, and the quartiles of pain in each window of months."""

    tables: tuple[CountTable, ...]
    pain: Mapping[tuple[int, int], Quartiles | None]


def window_variable(window: tuple[int, int]) -> Variable:
    """Name the variable of a score in some months."""
    return Variable(f"a score in months {window[0]} to {window[1]}", (YES, NO))


def phase_variable(month: int) -> Variable:
    """Name the variable of the phase at a month."""
    return Variable(f"phase {month} months after the onset", PHASES)


def coverage_variable(percent: str) -> Variable:
    """Name the variable of where the end of pain lay, against an interval forecast at `FORECAST_MONTH`."""
    return Variable(f"end of pain in the {percent} % interval", (INSIDE, OUTSIDE, OPEN))


def scored_days(member: Member) -> tuple[ScoredDay, ...]:
    """Give the scores a fit reads, on days since the first possible day of the onset."""
    onset = member.chosen.episode.onset
    if member.reading is None or onset is None:
        return ()
    return tuple(
        ScoredDay((score.visit_date.middle - onset.first).days, in_points(score), onset.span_days)
        for score in member.reading.choice.scores
    )


def over_months(members: Sequence[Member], library: BatchLibrary) -> OverMonths:
    """Count scores, phases and forecasts by month; nothing after a month is looked at for its phase or its forecast."""
    scored = having(SCORED, YES, members)
    means = [_means(member) for member in scored]
    tables = []
    for window in WINDOWS:
        levels = [yes_no(window in found) for found in means]
        tables.append(count(window_variable(window), levels, scored, within=IS_SCORED))
    for month in PHASE_MONTHS:
        tables.append(count(phase_variable(month), _phases(scored, month, library), scored, within=IS_SCORED))
    pain = {w: quartiles([found[w] for found in means if w in found]) for w in WINDOWS}
    return OverMonths((*tables, *_forecast_tables(scored, library)), pain)


def _means(member: Member) -> dict[tuple[int, int], float]:
    """Give a patient's mean score in each window in which there is one, days counted from the middle of the onset."""
    found: dict[tuple[int, int], list[float]] = {}
    for one in scored_days(member):
        month = (one.day - one.span_days / 2) / DAYS_PER_MONTH
        for window in WINDOWS:
            if window[0] <= month < window[1]:
                found.setdefault(window, []).append(one.points)
    return {window: sum(points) / len(points) for window, points in found.items()}


def _phases(members: Sequence[Member], month: int, library: BatchLibrary) -> list[str]:
    """Give the most probable phase of each patient at a month, from what was scored by then."""
    day = round(month * DAYS_PER_MONTH)
    fits = fit_members(members, library, as_of_day=day)
    found = []
    for place, member in enumerate(members):
        last = max((one.day for one in scored_days(member)), default=-1)
        if member.resolution is not None and member.resolution.state(day) == OVER:
            found.append(str(Phase.RESOLVED))
        elif last < day:
            found.append(NO_LONGER_SEEN)
        else:
            is_read = str(fits["status"][place]) == "ok"
            found.append(str(fits["phase"][place]) if is_read else NOT_READ)
    return found


def _forecast_tables(members: Sequence[Member], library: BatchLibrary) -> list[CountTable]:
    """Hold the resolution days forecast at a month, for patients then in pain, against when the pain was over."""
    day = round(FORECAST_MONTH * DAYS_PER_MONTH)
    fits = fit_members(members, library, as_of_day=day)
    is_given = [_is_given(fits, place, member, day) for place, member in enumerate(members)]
    tables = [count(FORECAST, [yes_no(given) for given in is_given], members, within=IS_SCORED)]
    chosen = [place for place, given in enumerate(is_given) if given]
    inside = [members[place] for place in chosen]
    for percent, (low, high) in COVERAGE.items():
        levels = [_where(members[place], float(fits[low][place]), float(fits[high][place])) for place in chosen]
        tables.append(count(coverage_variable(percent), levels, inside, within=HAS_FORECAST))
    return tables


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
