"""Pain and phase over the months since onset: counts of patients, and quartiles that rest on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.analysis.batch.library import BatchLibrary
from tracker.analysis.cohort.counting import count, having
from tracker.analysis.cohort.fits import Quartiles, fit_members, quartiles
from tracker.analysis.cohort.forecasts import IS_SCORED, forecast_tables
from tracker.analysis.cohort.members import SCORED, Member, yes_no
from tracker.analysis.cohort.resolution import OVER, in_points
from tracker.analysis.disclosure.tables import NO, YES, CountTable, Relation, Variable
from tracker.clinical.vocabulary import Phase
from tracker.dates import DAYS_PER_MONTH

WINDOWS = tuple(pairwise((0, 1, 2, 3, 4, 6, 9, 12, 18)))
"""Months since onset, from and to, over which scores are taken together."""
PHASE_MONTHS = (1, 2, 3, 4, 6, 9, 12)
NOT_READ, NO_LONGER_SEEN = "not read yet", "no longer seen"
PHASES = (*Phase, NOT_READ, NO_LONGER_SEEN)


@dataclass(frozen=True, slots=True)
class ScoredDay:
    """A score in points, on a day since the first possible day of the onset, which is `span_days` long."""

    day: int
    points: float
    span_days: int


@dataclass(frozen=True, slots=True, eq=False)
class OverMonths:
    """Counts by month as tables with the sums that tie them to others, and the quartiles of pain in each window."""

    tables: tuple[CountTable, ...]
    ties: tuple[Relation, ...]
    pain: Mapping[tuple[int, int], Quartiles | None]


def window_variable(window: tuple[int, int]) -> Variable:
    """Name the variable of a score in some months."""
    return Variable(f"a score in months {window[0]} to {window[1]}", (YES, NO))


def phase_variable(month: int) -> Variable:
    """Name the variable of the phase at a month."""
    return Variable(f"phase {month} months after the onset", PHASES)


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
    forecasts, ties = forecast_tables(scored, library)
    return OverMonths((*tables, *forecasts), tuple(ties), pain)


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
