"""A figure as the HTML that draws it: a frame, and a call with what is this chart's own.

What all charts share, fonts and colors of axes and hover boxes, stands once on a page and is put in by the page's own
script: Plotly's writer would repeat it, with two kilobytes of its own, for every chart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from reports import theme

# No mode bar: since its version 4 the script brings a button that sends the chart, a patient's, to a server.
CONFIG = {"displayModeBar": False, "displaylogo": False, "responsive": True, "doubleClick": "reset"}
_OWN_OF_A_LAYOUT = ("height", "margin")
_MARK = "shared"


def chart_html(figure: theme.Figure, key: str) -> Markup:
    """Give the frame of a chart and the call that draws it into that; nothing in it can end the script."""
    layout = _without(figure["layout"], _shared_layout())
    for name, value in figure["layout"].items():
        if name.startswith(("xaxis", "yaxis")) and _covers(value, _shared_axis()):
            layout[name] = _without(value, _shared_axis()) | {_MARK: 1}
    height = figure["layout"]["height"]
    return Markup('<div id="chart-{}" class="plotly-graph-div" style="height:{}px"></div>\n<script>{}</script>').format(
        key, height, Markup(f"drawChart({as_script(f'chart-{key}')},{as_script(figure['data'])},{as_script(layout)});")
    )


def shared_script() -> Markup:
    """Give what `drawChart` puts into every layout and into every marked axis, and how charts behave."""
    shared = {"layout": _shared_layout(), "axis": _shared_axis(), "config": CONFIG, "mark": _MARK}
    return Markup(as_script(shared))


def as_script(value: object) -> str:
    """Write a value as JSON that can stand in a script of a page."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for dangerous in ("<", ">", "&", "\u2028", "\u2029"):
        written = written.replace(dangerous, f"\\u{ord(dangerous):04x}")
    return written


def _shared_layout() -> dict[str, Any]:
    return {name: value for name, value in theme.layout(height=0).items() if name not in _OWN_OF_A_LAYOUT}


def _shared_axis() -> dict[str, Any]:
    shared = theme.axis("")
    shared["title"] = {name: value for name, value in shared["title"].items() if name != "text"}
    return shared


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
