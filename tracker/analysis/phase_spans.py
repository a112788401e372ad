"""The days on which each phase is the most probable one, given the visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.analysis.weights import WeightedCourses
from tracker.clinical.vocabulary import Phase

_N_COURSES = 1 << 10


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A phase that is the most probable one from `first_day` to `last_day` (both counted, since day 0).

    `most` is its highest probability on the days that were looked at.
    """

    phase: Phase
    first_day: int
    last_day: int
    most: float


def phase_spans(weighted: WeightedCourses, days: Sequence[int]) -> tuple[PhaseSpan, ...]:
    """Name the most probable phase of every day from the first to the last of `days`, as spans without gaps.

    Parameters
    ----------
    weighted : WeightedCourses
        The vote of the visits.
    days : sequence of int
        Days to look at, ascending, at least one. Where two neighbours have different phases the day of the change
        is looked for between them; a phase that comes and goes between two neighbours is not seen.
    """
    few = weighted.thinned(_N_COURSES)
    spans: list[PhaseSpan] = []
    for day, (phase, most) in zip(days, _most_probable(few, days), strict=True):
        if spans and spans[-1].phase is phase:
            spans[-1] = PhaseSpan(phase, spans[-1].first_day, day, max(spans[-1].most, most))
            continue
        first = _first_day_after(few, spans[-1].last_day, day, spans[-1].phase) if spans else day
        if spans:
            spans[-1] = PhaseSpan(spans[-1].phase, spans[-1].first_day, first - 1, spans[-1].most)
        spans.append(PhaseSpan(phase, first, day, most))
    return tuple(spans)


def _most_probable(weighted: WeightedCourses, days: Sequence[int]) -> list[tuple[Phase, float]]:
    """Name the most probable phase of each day, with its probability; of two alike the earlier in `Phase`."""
    every, shares = tuple(Phase), weighted.phase_shares(days)
    return [(every[place], float(share[place])) for place, share in zip(shares.argmax(axis=1), shares, strict=True)]


def _first_day_after(weighted: WeightedCourses, before: int, after: int, phase: Phase) -> int:
    """Halve the days between until the first is found on which `phase` is no longer the most probable one."""
    while after - before > 1:
        middle = (before + after) // 2
        if _most_probable(weighted, [middle])[0][0] is phase:
            before = middle
        else:
            after = middle
    return after
