"""The figures of a cohort, drawn from its shown tables alone: what a table hides, no figure knows.

Intervals are bars around single points. No points are joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from reports import theme
from reports.band_traces import band_traces, middle_trace, own_styles
from reports.cohort import looks
from reports.cohort.shown import ShownCell, ShownRow, ShownTable
from reports.sentences import Sentences
from tracker.analysis.cohort.counting import MONTHS
from tracker.analysis.cohort.windows import PHASES, WINDOWS
from tracker.analysis.results import LevelBand
from tracker.dates import DAYS_PER_MONTH

Trace = dict[str, Any]

_LAST_MONTH = 18
_FULL = 100
_AXIS_ROOM = 4


def resolution_figure(
    table: ShownTable, sentences: Sentences, *, estimate: Sequence[tuple[float, float, float]] = ()
) -> theme.Figure:
    """Draw the share still in pain of each group at each month, groups a little apart.

    `estimate` (month, least and highest share in percent) is the whole curve, of an internal page only.
    """
    traces: list[Trace] = []
    group, rows = "", list[ShownRow]()
    for row in (*table.rows, ShownRow("", ())):
        if row.level == 0:
            if rows:
                traces.append(_group_trace(group, rows, len(traces)))
            group, rows = row.label, []
        else:
            rows.append(row)
    layout = theme.layout(height=looks.COHORT_HEIGHT_PX)
    if estimate:
        traces = [*_estimate(estimate, sentences), *traces]
    last = max([MONTHS[-1] + 1, *(month for month, _, _ in estimate)])
    layout["xaxis"] = theme.axis(sentences.say("cohort", "axis_months"), range=[0, last], tickvals=[0, *MONTHS])
    layout["yaxis"] = theme.axis(sentences.say("cohort", "axis_still"), range=[-_AXIS_ROOM, _FULL + _AXIS_ROOM])
    return {"data": traces, "layout": layout}


def _estimate(estimate: Sequence[tuple[float, float, float]], sentences: Sentences) -> list[Trace]:
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": [month for month, _, _ in estimate],
        "hoverinfo": "skip",
        "line": {"color": theme.MUTED, "width": 1.2, "dash": theme.OWN_DASH_95, "shape": "hv"},
    }
    name = sentences.say("cohort", "trace_estimate")
    fill = {"name": name, "fill": "tonexty", "fillcolor": theme.OWN_FILL}
    return [edge | {"y": [low for _, low, _ in estimate]}, edge | {"y": [high for _, _, high in estimate]} | fill]


def _group_trace(group: str, rows: Sequence[ShownRow], place: int) -> Trace:
    shown = [(int(row.label), row.cells[-1]) for row in rows if "least_percent" in row.cells[-1].values]
    look = looks.GROUP_LOOKS[place % len(looks.GROUP_LOOKS)]
    highs = [_value(cell, "highest_percent") for _, cell in shown]
    middles = [(high + _value(cell, "least_percent")) / 2 for high, (_, cell) in zip(highs, shown, strict=True)]
    ends = [(_value(cell, "low95_percent"), _value(cell, "high95_percent")) for _, cell in shown]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": group,
        "x": [month + _apart(place) for month, _ in shown],
        "y": middles,
        "error_y": looks.error_bar(
            [high - middle for (_, high), middle in zip(ends, middles, strict=True)],
            [middle - low for (low, _), middle in zip(ends, middles, strict=True)],
            look.color,
        ),
        "hovertext": [theme.wrapped(escape(f"{group}, month {month}: {cell.text}")) for month, cell in shown],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": look.marker(),
    }


def _apart(place: int) -> float:
    """Shift a group so that its bars do not lie on those of others."""
    return place * 0.18


def pain_figure(
    table: ShownTable, expected: LevelBand, sentences: Sentences, *, scores: Sequence[tuple[float, float]] = ()
) -> theme.Figure:
    """Draw the medians by month over the expected band; `scores` (month, points) are of an internal page only."""
    shown = [
        (sum(window) / 2, row.label, row.cells)
        for window, row in zip(WINDOWS, table.rows, strict=True)
        if "median" in row.cells[1].values
    ]
    medians = [_value(cells[1], "median") for _, _, cells in shown]
    above = [_value(cells[1], "quartile3") - m for m, (_, _, cells) in zip(medians, shown, strict=True)]
    below = [m - _value(cells[1], "quartile1") for m, (_, _, cells) in zip(medians, shown, strict=True)]
    traces = [*_expected(expected, sentences)]
    if scores:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": sentences.say("cohort", "trace_scores"),
                "x": [month for month, _ in scores],
                "y": [points for _, points in scores],
                "hoverinfo": "skip",
                "marker": looks.SCORE_LOOK.marker(),
            }
        )
    hover = [f"Months {label}: {cells[0].text} patients, {cells[1].text}" for _, label, cells in shown]
    traces.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": sentences.say("cohort", "trace_median"),
            "x": [month for month, _, _ in shown],
            "y": medians,
            "error_y": looks.error_bar(above, below, theme.INK),
            "hovertext": [theme.wrapped(escape(text)) for text in hover],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "marker": looks.HERE_LOOK.marker(),
        }
    )
    layout = theme.layout(height=theme.COURSE_HEIGHT_PX)
    layout["xaxis"] = theme.axis(sentences.say("cohort", "axis_months"), range=[0, _LAST_MONTH], dtick=2)
    layout["yaxis"] = theme.axis(sentences.say("cohort", "axis_pain"), range=[-0.4, 10.4], dtick=1)
    return {"data": traces, "layout": layout}


def _expected(band: LevelBand, sentences: Sentences, *, name: str = "expected") -> list[Trace]:
    return [
        trace
        for width, fill in (("95", theme.EXPECTED_95), ("80", theme.EXPECTED_80))
        for trace in _band(band, width, sentences.say("cohort", f"trace_{name}_{width}"), {"fillcolor": fill})
    ]


def _band(band: LevelBand, width: str, name: str, style: Trace) -> list[Trace]:
    kept = _drawn_places(band)
    low, high = ([getattr(band, f"{end}{width}")[place] for place in kept] for end in ("low", "high"))
    return band_traces({"x": _months(band, kept)}, low, high, name=name, style=style)


def _drawn_places(band: LevelBand) -> list[int]:
    return [place for place, day in enumerate(band.day) if day <= _LAST_MONTH * DAYS_PER_MONTH]


def _months(band: LevelBand, kept: Sequence[int]) -> list[float]:
    return [round(band.day[place] / DAYS_PER_MONTH, 2) for place in kept]


def bands_figure(cited: LevelBand, learned: LevelBand, sentences: Sentences) -> theme.Figure:
    """Draw the learned course over the cited one: both bands, and a thin line in the middle of each."""
    of_95, of_80 = own_styles()
    traces = [
        *_expected(cited, sentences, name="cited"),
        *_band(learned, "95", sentences.say("cohort", "trace_learned_95"), of_95),
        *_band(learned, "80", sentences.say("cohort", "trace_learned_80"), of_80),
    ]
    for name, band, look in (("cited", cited, looks.CITED_MIDDLE), ("learned", learned, looks.LEARNED_MIDDLE)):
        kept = _drawn_places(band)
        middle, words = [band.median[place] for place in kept], sentences.say("cohort", f"trace_{name}_middle")
        traces.append(middle_trace({"x": _months(band, kept)}, middle, name=words, line=look))
    layout = theme.layout(height=theme.COURSE_HEIGHT_PX)
    layout["xaxis"] = theme.axis(sentences.say("cohort", "axis_months"), range=[0, _LAST_MONTH], dtick=2)
    layout["yaxis"] = theme.axis(sentences.say("cohort", "axis_pain"), range=[-0.4, 10.4], dtick=1)
    return {"data": traces, "layout": layout}


def phase_figure(table: ShownTable, sentences: Sentences) -> theme.Figure:
    """Draw the shares of phases at each month as bars that add up; a month with anything hidden has none."""
    rows = [row for row in table.rows if not any(cell.is_hidden for cell in row.cells)]
    traces = []
    for place, phase in enumerate(PHASES):
        fill, pattern = looks.PHASE_FILLS[str(phase)]
        cells = [row.cells[place] for row in rows]
        if not any(_value(cell, "percent") for cell in cells):
            continue
        name = table.columns[place + 1]
        hover = [f"Month {row.label}, {name}: {row.cells[place].text}" for row in rows]
        traces.append(
            {
                "type": "bar",
                "name": name,
                "x": [row.label for row in rows],
                "y": [_value(cell, "percent") for cell in cells],
                "hovertext": [escape(text) for text in hover],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "marker": {
                    "color": fill,
                    "line": {"color": theme.MUTED, "width": 1},
                    "pattern": {"shape": pattern, "fgcolor": theme.MUTED, "size": 7},
                },
            }
        )
    layout = theme.layout(height=looks.COHORT_HEIGHT_PX) | {"barmode": "stack", "bargap": 0.3}
    layout["xaxis"] = theme.axis(sentences.say("cohort", "axis_months"), type="category", showgrid=False)
    layout["yaxis"] = theme.axis(sentences.say("cohort", "axis_share"), range=[0, _FULL + 1])
    return {"data": traces, "layout": layout}


def bones_figure(table: ShownTable, sentences: Sentences) -> theme.Figure:
    """Draw the shares of bones, the most frequent on top; hidden ones are named and have no point."""
    rows = [(row.label, row.cells[0]) for row in table.rows if "text" not in row.cells[0].values]
    return _rows_figure([("trace_here", looks.HERE_LOOK, rows)], [label for label, _ in rows], sentences)


def published_figure(table: ShownTable, cited: Sequence[Sequence[float]], sentences: Sentences) -> theme.Figure:
    """Draw shares here and as published; `cited` has value, low and high in percent for each row of the table."""
    entries: list[tuple[str, str, ShownCell]] = []
    for row, (value, low, high) in zip(table.rows, cited, strict=True):
        if row.label:
            entries.append((row.label, "trace_here", row.cells[0]))
        values = {"percent": value, "low95_percent": low, "high95_percent": high}
        entries.append((row.cells[2].text, "trace_published", ShownCell(row.cells[1].text, values)))
    labels = _distinct([label for label, _, _ in entries])
    named = [(label, trace, cell) for label, (_, trace, cell) in zip(labels, entries, strict=True)]
    groups = [
        (name, look, [(label, cell) for label, trace, cell in named if trace == name])
        for name, look in (("trace_here", looks.HERE_LOOK), ("trace_published", looks.PUBLISHED_LOOK))
    ]
    return _rows_figure(groups, labels, sentences)


def vitamin_d_figure(table: ShownTable, sentences: Sentences) -> theme.Figure:
    """Draw the share here, where it is shown, and each published one; its range where it has no interval."""
    rows = [(row.label, row.cells[0]) for row in table.rows]
    named = [("trace_here", looks.HERE_LOOK, rows[:1]), ("trace_published", looks.PUBLISHED_LOOK, rows[1:])]
    return _rows_figure(named, [label for label, _ in rows], sentences)


def _distinct(labels: Sequence[str]) -> list[str]:
    """Keep labels of two rows apart: an axis takes equal ones for one row."""
    found: list[str] = []
    for label in labels:
        found.append(label + "\N{ZERO WIDTH SPACE}" * sum(one.strip("\N{ZERO WIDTH SPACE}") == label for one in found))
    return found


def _rows_figure(
    groups: Sequence[tuple[str, theme.Look, Sequence[tuple[str, ShownCell]]]],
    labels: Sequence[str],
    sentences: Sentences,
) -> theme.Figure:
    traces = []
    for name, look, rows in groups:
        shown = [(label, cell) for label, cell in rows if "percent" in cell.values]
        shares = [_value(cell, "percent") for _, cell in shown]
        ends = [_ends(cell) for _, cell in shown]
        above = [high - x for x, (_, high) in zip(shares, ends, strict=True)]
        below = [x - low for x, (low, _) in zip(shares, ends, strict=True)]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": sentences.say("cohort", name),
                "x": shares,
                "y": [label for label, _ in shown],
                "error_x": looks.error_bar(above, below, look.color),
                "hovertext": [theme.wrapped(escape(f"{label}: {cell.text}")) for label, cell in shown],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "marker": look.marker(),
                "cliponaxis": False,
            }
        )
    layout = theme.layout(height=looks.COHORT_FRAME_PX + looks.COHORT_ROW_PX * len(labels))
    layout["xaxis"] = theme.axis(sentences.say("cohort", "axis_share"), range=[0, _FULL])
    layout["yaxis"] = theme.axis(
        "", type="category", categoryorder="array", categoryarray=list(reversed(labels)), automargin=True,
        range=[-0.6, len(labels) - 0.4],
    )  # fmt: skip
    return {"data": traces, "layout": layout}


def _ends(cell: ShownCell) -> tuple[float, float]:
    low, high = ("low95", "high95") if "low95_percent" in cell.values else ("least", "highest")
    return _value(cell, f"{low}_percent"), _value(cell, f"{high}_percent")


def forecast_figure(table: ShownTable, promised: Sequence[float], sentences: Sentences) -> theme.Figure:
    """Draw between which shares each interval covered, beside what it promises (percent)."""
    labels, shapes, marks = [row.label for row in table.rows], [], []
    for place, (row, promise) in enumerate(zip(table.rows, promised, strict=True)):
        marks.append((promise, place))
        if not any(cell.is_hidden or "percent" not in cell.values for cell in row.cells):
            inside, outside = (_value(row.cells[column], "percent") for column in (0, 1))
            shapes.append(looks.span(inside, _FULL - outside, place, color=theme.OWN, width=7))
    data = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": sentences.say("cohort", "trace_promised"),
            "x": [promise for promise, _ in marks],
            "y": [place for _, place in marks],
            "hoverinfo": "skip",
            "marker": looks.PUBLISHED_LOOK.marker(),
        }
    ]
    layout = theme.layout(height=looks.COHORT_FRAME_PX + looks.COHORT_ROW_PX * len(labels)) | {"shapes": shapes}
    layout["xaxis"] = theme.axis(sentences.say("cohort", "axis_forecast"), range=[0, _FULL + 2])
    layout["yaxis"] = theme.axis(
        "", tickvals=list(range(len(labels))), ticktext=[f"{promise:g} %" for promise in promised],
        range=[-0.6, len(labels) - 0.4],
    )  # fmt: skip
    return {"data": data, "layout": layout}


def _value(cell: ShownCell, name: str) -> float:
    value = cell.values.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
