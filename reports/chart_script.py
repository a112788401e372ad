"""A figure as the HTML that draws it: a frame, and a call with what is this chart's own.

What all charts share, fonts and colors of axes and hover boxes, stands once in the script beside the pages, which puts
it in: Plotly's writer would repeat it, with two kilobytes of its own, for every chart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from reports import theme

# No mode bar: since its version 4 the script brings a button that sends the chart, a patient's, to a server.
CONFIG = {"displayModeBar": False, "displaylogo": False, "responsive": True, "doubleClick": "reset"}
_OWN_OF_A_LAYOUT = ("height", "margin")
_MARK = "shared"
_LIKE = "like"
_BARE = "bare"
_DATES = 2
_HOVER = {"type": "scatter", "hovertemplate": "%{hovertext}<extra></extra>"}
_SHARED_TRACES: dict[str, dict[str, Any]] = {
    "lines": {"type": "scatter", "hoverinfo": "skip"},
    "markers": _HOVER | {"marker": {"line": {"color": theme.PAPER, "width": 1}}},
    "markers+text": _HOVER
    | {
        "textposition": "middle right",
        "textfont": {"size": theme.FONT_PX, "color": theme.INK},
        "marker": {"size": theme.POINT_PX, "line": {"color": theme.PAPER, "width": 1}},
        "cliponaxis": False,
    },
}
_WEEKS = {"type": "scatter", "mode": "lines", "dx": theme.MS_PER_WEEK, "xaxis": "x2", "hoverinfo": "skip"}
_OF_AN_EDGE = ("x0", "line")
_SHARED_PARTS: dict[str, dict[str, Any]] = {
    "shapes": {"type": "rect", "xref": "x", "yref": "y2", "y0": 0, "y1": 1, "layer": "below"},
    "annotations": {
        "xref": "x",
        "y": 1,
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": theme.SMALL_PX, "color": theme.INK},
    },
}


def chart_html(figure: theme.Figure, key: str) -> Markup:
    """Give the frame of a chart and the call that draws it into that; nothing in it can end the script."""
    layout = _own_of_layout(figure["layout"])
    height, data = figure["layout"]["height"], _own_of_traces(figure["data"])
    return Markup('<div id="chart-{}" class="plotly-graph-div" style="height:{}px"></div>\n<script>{}</script>').format(
        key, height, Markup(f"drawChart({as_script(f'chart-{key}')},{as_script(data)},{as_script(layout)});")
    )


def _own_of_layout(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out of a layout, of its marked axes and of its bare parts what the script puts back."""
    layout = _without(whole, _shared_layout())
    for name, value in whole.items():
        if name.startswith(("xaxis", "yaxis")) and _covers(value, _shared_axis()):
            layout[name] = _without(value, _shared_axis()) | {_MARK: 1}
            if _covers(value, _shared_dates()):
                layout[name] = _without(layout[name], _shared_dates()) | {_MARK: _DATES}
    bare = [name for name, part in _SHARED_PARTS.items() if whole.get(name) and _all_cover(whole[name], part)]
    for name in bare:
        layout[name] = [_without(one, _SHARED_PARTS[name]) for one in whole[name]]
    return layout | ({_BARE: bare} if bare else {})


def _all_cover(parts: Iterable[Mapping[str, Any]], shared: Mapping[str, Any]) -> bool:
    return all(_covers(one, shared) for one in parts)


def shared_script() -> Markup:
    """Give what the script puts into layouts, marked axes and traces without a type, and how charts behave."""
    shared = {
        "layout": _shared_layout(),
        "axis": _shared_axis(),
        "dates": _shared_dates(),
        "traces": _SHARED_TRACES | {"weeks": _WEEKS, "edge": _WEEKS},
        "edge": _OF_AN_EDGE,
        "parts": _SHARED_PARTS,
        "config": CONFIG,
        "mark": _MARK,
    }
    return Markup(as_script(shared))


def as_script(value: object) -> str:
    """Write a value as JSON that can stand in a script of a page."""
    written = json.dumps(_plainly(value), ensure_ascii=False, separators=(",", ":"))
    for dangerous in ("<", "\u2028", "\u2029"):
        written = written.replace(dangerous, f"\\u{ord(dangerous):04x}")
    return written


def _plainly(value: object) -> object:
    """Write 7.0 as 7: for a script they are one number."""
    if isinstance(value, dict):
        return {name: _plainly(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plainly(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _own_of_traces(traces: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out of traces what the script puts back; of the upper edge of a weekly band also what the lower one has."""
    found = [_own_of(trace) for trace in traces]
    for lower, upper, own in zip(traces, traces[1:], found[1:], strict=False):
        if own.get(_LIKE) == "weeks" and all(lower.get(name) == upper[name] for name in (*_WEEKS, *_OF_AN_EDGE)):
            own[_LIKE] = "edge"
            for name in _OF_AN_EDGE:
                del own[name]
    return found


def _own_of(trace: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a trace what all of its mode share, and of its hover texts what the script puts in."""
    if _covers(trace, _WEEKS) and all(trace[name] == value for name, value in _WEEKS.items()):
        return {_LIKE: "weeks"} | _without(trace, _WEEKS)
    shared = _SHARED_TRACES.get(trace.get("mode", ""), {})
    own = _without(trace, shared) if shared and _covers(trace, shared) else dict(trace)
    if own.get("hovertext"):
        own["hovertext"] = [_in_lines(text) for text in own["hovertext"]]
    return own


def _in_lines(text: str) -> str:
    """Write a hover text in lines, a blank one before the plain words; one with other tags stays as it is."""
    staff, _, plain = text.partition("<br><i>")
    lines = [part.replace("<br>", "\n") for part in (staff, plain.removesuffix("</i>"))]
    is_simple = not any("<" in part for part in lines) and (not plain or plain.endswith("</i>"))
    return "\n\n".join(filter(None, lines)) if is_simple else text


def _shared_layout() -> dict[str, Any]:
    return {name: value for name, value in theme.layout(height=0).items() if name not in _OWN_OF_A_LAYOUT}


def _shared_axis() -> dict[str, Any]:
    shared = theme.axis("")
    shared["title"] = {name: value for name, value in shared["title"].items() if name != "text"}
    return shared


def _shared_dates() -> dict[str, Any]:
    of_dates = ("type", "tickmode", "hoverformat", "tickformatstops")
    return {name: theme.date_axis("", "", "")[name] for name in of_dates}


def _without(own: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is as it is shared."""
    return {
        name: _without(value, shared[name]) if isinstance(value, dict) and isinstance(shared.get(name), dict) else value
        for name, value in own.items()
        if name not in shared or shared[name] != value
    }


def _covers(own: Mapping[str, Any], shared: Mapping[str, Any]) -> bool:
    """Whether everything that is shared has its place in this, so that putting it back adds nothing."""
    return all(
        name in own and (not isinstance(value, dict) or (isinstance(own[name], dict) and _covers(own[name], value)))
        for name, value in shared.items()
    )
