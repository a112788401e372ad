"""Figures that show single patients: on internal pages only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from reports import theme
from reports.cohort import looks
from reports.sentences import Sentences
from tracker.analysis.cohort.members import Member
from tracker.analysis.cohort.turnbull import Intervals, fit_turnbull
from tracker.analysis.cohort.windows import scored_days
from tracker.dates import DAYS_PER_MONTH

_HALF_ROW = 0.4
_JUST_AFTER = 1e-6


@dataclass(frozen=True, slots=True)
class Lane:
    """One patient in months since the first possible day of the onset; `over` is None where the end was not seen."""

    onset_span: float
    last_score: float
    over: float | None


def scores_by_month(members: Sequence[Member]) -> tuple[tuple[float, float], ...]:
    """Give every score as month since the middle of the onset, and points."""
    return tuple(
        (round((one.day - one.span_days / 2) / DAYS_PER_MONTH, 2), round(one.points, 1))
        for member in members
        for one in scored_days(member)
    )


def lanes(members: Sequence[Member]) -> tuple[Lane, ...]:
    """Give a lane for each patient with a score and an onset, the longest followed last; no code stands in it."""
    found = []
    for member in members:
        days = scored_days(member)
        if member.resolution is None or not days:
            continue
        over = member.resolution.upper
        found.append(
            Lane(
                onset_span=_months(days[0].span_days),
                last_score=_months(max(one.day for one in days)),
                over=_months(over) if isfinite(over) else None,
            )
        )
    return tuple(sorted(found, key=lambda lane: (lane.last_score, lane.over or 0.0, lane.onset_span)))


def estimate_by_month(members: Sequence[Member]) -> tuple[tuple[float, float, float], ...]:
    """Give the whole estimate of who is still in pain, each step of which is a patient's: month, bounds in percent."""
    times = [member.resolution for member in members if member.resolution is not None]
    if not times:
        return ()
    found = fit_turnbull(Intervals.of([time.lower for time in times], [time.upper for time in times]))
    ends = sorted({0.0, *found.left.tolist(), *(end for end in found.right.tolist() if isfinite(end))})
    shares = [(day, *found.not_over(day + _JUST_AFTER)) for day in ends]
    return tuple((_months(day), round(100 * low, 1), round(100 * high, 1)) for day, low, high in shares)


def swimmer_figure(found: Sequence[Lane], sentences: Sentences) -> theme.Figure:
    """Draw the lanes; ends are symbols of their own, a lane is no score."""
    shapes = []
    for row, lane in enumerate(found):
        shapes.append(looks.span(0, lane.last_score, row, color=theme.EXPECTED_80, width=3))
        if lane.onset_span:
            shapes.append(looks.span(0, lane.onset_span, row, color=theme.ONSET_LINE, width=3))
    over = [(lane.over, row) for row, lane in enumerate(found) if lane.over is not None]
    open_ends = [(lane.last_score, row) for row, lane in enumerate(found) if lane.over is None]
    layout = theme.layout(height=looks.COHORT_FRAME_PX + 9 * len(found)) | {"shapes": shapes}
    layout["xaxis"] = theme.axis(sentences.say("cohort", "axis_months"), rangemode="tozero", dtick=3)
    layout["yaxis"] = theme.axis(
        sentences.say("cohort", "axis_patients"),
        range=[-1, len(found) + _HALF_ROW],
        showticklabels=False,
        showgrid=False,
    )
    data = [
        _ends(sentences.say("cohort", "trace_over"), looks.OVER_LOOK, over),
        _ends(sentences.say("cohort", "trace_not_seen"), looks.NOT_SEEN_LOOK, open_ends),
    ]
    return {"data": data, "layout": layout}


def _ends(name: str, look: theme.Look, points: Sequence[tuple[float, int]]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [month for month, _ in points],
        "y": [row for _, row in points],
        "hoverinfo": "skip",
        "marker": look.marker() | {"size": theme.POINT_PX - 3},
    }


def _months(days: float) -> float:
    return round(days / DAYS_PER_MONTH, 2)
