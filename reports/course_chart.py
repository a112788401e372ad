"""The pain chart: a `CourseView` drawn, nothing worked out here.

Bands first, marks of onset and as-of day behind everything, points last. Points
are never joined; the middle of a band has no line.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import Any

from reports import page_theme, theme
from reports.band_traces import band_traces, own_styles
from reports.course_ahead import DrawnScores
from reports.course_points import ScorePoint, places
from reports.course_view import CourseView, DrawnBand, Mark
from reports.event_strip import strip_labels, strip_rows, strip_shapes, strip_traces
from reports.sentences import Sentences
from tracker.clinical.vocabulary import Aspect, Instrument

LOWEST_NRS, HIGHEST_NRS = 0, 10
# Half a symbol's height beyond the scale, so that scores of 0 and 10 are not cut in half.
_AXIS_ROOM = 0.4
_HOLLOW = ("claimed", "unclaimed")
_INSTRUMENTS, _ASPECTS, _USES = list(Instrument), list(Aspect), ["fitted", "waiting", "claimed", "unclaimed"]


def course_figure(course: CourseView, sentences: Sentences) -> theme.Figure:
    """Draw a course view.

    Parameters
    ----------
    course : CourseView
        What to draw.
    sentences : Sentences
        The words of axes and legend.

    Returns
    -------
    Figure
        Traces: the edges of the bands (lines), then one marker trace per
        instrument, aspect and use; together these hold every drawn point once. What is marked besides
        the pain follows, on a strip with an axis of its own.
    """
    traces = [
        *_expected_traces(course, sentences),
        *_own_traces(course, sentences),
        *_next_traces(course, sentences),
        *_point_traces(course, sentences),
        *strip_traces(course.events, course.phases, sentences),
    ]
    return {"data": traces, "layout": _layout(course, sentences)}


def _layout(course: CourseView, sentences: Sentences) -> dict[str, Any]:
    layout = theme.layout(height=theme.COURSE_HEIGHT_PX)
    layout["margin"] |= {"t": theme.label_room(rows=4 if course.closed else 3)}
    layout["xaxis"] = theme.date_axis(sentences.chart("date_axis"), course.first, course.last)
    layout["yaxis"] = theme.axis(
        sentences.chart("pain_axis"),
        range=[LOWEST_NRS - _AXIS_ROOM, HIGHEST_NRS + _AXIS_ROOM],
        tickvals=list(range(LOWEST_NRS, HIGHEST_NRS + 1)),
        fixedrange=True,
    )
    if course.expected is not None:
        # The calendar axis lies over the day axis, so that its points hide the bands and not the reverse.
        layout["xaxis"]["overlaying"] = "x2"
        layout["xaxis2"] = theme.axis(
            "",
            type="date",
            matches="x",
            side="top",
            showgrid=False,
            tickmode="array",
            tickvals=[on for on, _ in course.day_ticks],
            ticktext=[sentences.chart("day_tick", day=day) for _, day in course.day_ticks],
        )
    layout["shapes"], layout["annotations"] = _marks(course)
    layout["shapes"] += strip_shapes(course.events, course.phases)
    layout["annotations"] += strip_labels(course.events, course.phases, first=course.first, last=course.last)
    return page_theme.with_strip(layout, rows=strip_rows(course.events, course.phases))


def _marks(course: CourseView) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shapes = [
        theme.date_bar(point.first, point.last, point.level, color=theme.SCORE_COLORS[point.instrument])
        for point in course.drawn_points
        if point.first != point.last and point.level is not None
    ]
    labels: list[dict[str, Any]] = []
    if course.onset is not None:
        first, last = course.onset.first, course.onset.last
        if first == last:
            shapes.append(theme.upright(first, color=theme.ONSET_LINE, dash="solid"))
        else:
            shapes.append(theme.shaded(first, last, fill=theme.ONSET_FILL))
        labels.append(theme.label(course.onset.label, first, row=1, color=theme.ONSET_LINE, anchor="left"))
    for row, mark, dash in ((2, course.as_of, theme.AS_OF_DASH), (3, course.closed, theme.CLOSED_DASH)):
        if mark is not None:
            shapes.append(theme.upright(mark.last, color=theme.AS_OF_LINE, dash=dash))
            labels.append(theme.label(mark.label, mark.last, row=row, color=theme.INK, anchor=_anchor(mark, course)))
    if course.evidence:
        labels.append(theme.aside(course.evidence, row=1))
    return shapes, labels


def _anchor(mark: Mark, course: CourseView) -> str:
    """Let a label of the right half run to the left of its day, so that it is never cut off."""
    middle = (_ordinal(course.first) + _ordinal(course.last)) / 2
    return "right" if _ordinal(mark.last) > middle else "left"


def _expected_traces(course: CourseView, sentences: Sentences) -> list[dict[str, Any]]:
    if course.expected is None:
        return []
    return [
        *_band(course.expected, "95", sentences.chart("expected_95"), {"fillcolor": theme.EXPECTED_95}),
        *_band(course.expected, "80", sentences.chart("expected_80"), {"fillcolor": theme.EXPECTED_80}),
    ]


def _own_traces(course: CourseView, sentences: Sentences) -> list[dict[str, Any]]:
    if course.own is None:
        return []
    of_95, of_80 = own_styles()
    return [
        *_band(course.own, "95", sentences.chart("own_95"), of_95),
        *_band(course.own, "80", sentences.chart("own_80"), of_80),
    ]


def _next_traces(course: CourseView, sentences: Sentences) -> list[dict[str, Any]]:
    """Draw where the next score should be as steps: a score is whole, and the band is not that of the level."""
    if course.ahead is None:
        return []
    pattern = {
        "shape": page_theme.NEXT_PATTERN,
        "fgcolor": page_theme.NEXT,
        "bgcolor": page_theme.NEXT_FILL,
        "fgopacity": 0.5,
        "size": 7,
        "solidity": 0.12,
    }
    outline = {"color": page_theme.NEXT, "width": 1.6, "dash": page_theme.NEXT_DASH, "shape": "hv"}
    thin = {"color": page_theme.NEXT, "width": 1.2, "dash": page_theme.NEXT_DASH_95, "shape": "hv"}
    drawn = course.ahead.drawn
    return [
        *_steps(drawn, "95", sentences.chart("next_95"), {"fill": "none", "line": thin}),
        *_steps(drawn, "80", sentences.chart("next_80"), {"fillpattern": pattern, "line": outline}),
    ]


def _steps(drawn: DrawnScores, width: str, name: str, style: dict[str, Any]) -> list[dict[str, Any]]:
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x0": drawn.first,
        "dx": theme.MS_PER_WEEK,
        "xaxis": "x2",
        "hoverinfo": "skip",
        "line": style["line"],
    }
    return [
        edge | {"y": getattr(drawn, f"low{width}")},
        edge | {"y": getattr(drawn, f"high{width}"), "name": name, "fill": "tonexty"} | style,
    ]


def _band(band: DrawnBand, width: str, name: str, style: dict[str, Any]) -> list[dict[str, Any]]:
    low: tuple[float, ...] = getattr(band, f"low{width}")
    high: tuple[float, ...] = getattr(band, f"high{width}")
    where = {"x0": band.first, "dx": theme.MS_PER_WEEK, "xaxis": "x2"}
    return band_traces(where, low, high, name=name, style=style)


def _point_traces(course: CourseView, sentences: Sentences) -> list[dict[str, Any]]:
    together = places(course.points)
    last_at = {(point.drawn_on, point.level): point.row_id for point in course.points}
    labels = {
        point.row_id: _mark_text(
            point, together[point.drawn_on, point.level or 0.0], last_at[point.drawn_on, point.level], sentences
        )
        for point in course.drawn_points
    }
    grouped = groupby(sorted(course.drawn_points, key=_group), key=_group)
    return [_trace(list(points), labels, sentences) for _, points in grouped]


def _group(point: ScorePoint) -> tuple[int, int, int]:
    return _INSTRUMENTS.index(point.instrument), _ASPECTS.index(point.aspect), _USES.index(point.use)


def _mark_text(point: ScorePoint, count: int, last_row_id: int, sentences: Sentences) -> str:
    surprise = sentences.chart("surprising") if point.is_surprising else ""
    together = sentences.chart("together", count=count) if count > 1 and point.row_id == last_row_id else ""
    return f"{surprise} {together}".strip()


def _trace(points: list[ScorePoint], labels: dict[int, str], sentences: Sentences) -> dict[str, Any]:
    kind = points[0]
    scale = sentences.chart(
        f"{kind.instrument.value}_scale",
        instrument=sentences.word("instrument", kind.instrument),
        aspect=sentences.word("aspect", kind.aspect),
    )
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": sentences.chart(f"name_{kind.use}", scale=scale),
        "x": [point.drawn_on for point in points],
        "y": [point.level for point in points],
        "ids": [str(point.row_id) for point in points],
        "text": [labels[point.row_id] for point in points],
        "textposition": "middle right",
        "textfont": {"size": theme.FONT_PX, "color": theme.INK},
        "hovertext": [page_theme.spoken(escape(p.spoken.clinician), escape(p.spoken.plain)) for p in points],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": theme.score_look(kind.instrument, kind.aspect, is_hollow=kind.use in _HOLLOW).marker(),
        "cliponaxis": False,
    }


def _ordinal(day: str) -> int:
    return theme.day_number(day)
