"""The legend of a figure as small drawings beside words, made from its own traces.

Plotly's legend covers tick labels or is cut off where a page is narrow; this
one is part of the page, wraps with it, and can be read aloud.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from reports import theme

_BOX = 16
_BAND_BOX = 30
# Outlines of Plotly's symbols in a box of 16 by 16; the circle is drawn apart.
_OUTLINES = {
    "square": "3,3 13,3 13,13 3,13",
    "diamond": "8,1.5 14.5,8 8,14.5 1.5,8",
    "triangle-down": "2,3.5 14,3.5 8,13.5",
    "triangle-up": "2,12.5 14,12.5 8,2.5",
    "star": "8,1 9.8,5.8 14.8,6 10.8,9.1 12.2,14 8,11.2 3.8,14 5.2,9.1 1.2,6 6.2,5.8",
    "hourglass": "3,2 13,2 3,14 13,14",
    "triangle-right": "2.5,2 13.5,8 2.5,14",
    "cross": "6,2 10,2 10,6 14,6 14,10 10,10 10,14 6,14 6,10 2,10 2,6 6,6",
}
_X_THIN = "M3,3 L13,13 M13,3 L3,13"
_DASHES = {"dash": "6 4", "dot": "2 3", "dashdot": "6 3 2 3", "solid": "none"}
_PATTERNS = {"/": "M2,14 L10,2 M11,14 L19,2 M20,14 L28,2", "|": "M5,2 L5,14 M12,2 L12,14 M19,2 L19,14 M26,2 L26,14"}


@dataclass(frozen=True, slots=True)
class LegendItem:
    """One entry: a drawing of its symbol or band, and its words."""

    drawing: Markup
    words: str


def legend_items(figure: theme.Figure) -> tuple[LegendItem, ...]:
    """Make one entry for each trace of the figure that has a name, and one for each bar its `meta` names."""
    traces = [LegendItem(_drawing(trace), trace["name"]) for trace in figure["data"] if "name" in trace]
    bars = figure["layout"].get("meta", {}).get("bars", ())
    return (*traces, *(LegendItem(_bar(fill, outline), words) for fill, outline, words in bars))


def _drawing(trace: dict[str, Any]) -> Markup:
    if trace["mode"] != "lines":
        return _symbol(trace["marker"])
    return _band(trace) if "fill" in trace else _line(trace["line"])


def _line(line: dict[str, Any]) -> Markup:
    paint = {"stroke": line["color"], "stroke-width": line["width"], "stroke-dasharray": _DASHES[line["dash"]]}
    return _svg(_BAND_BOX, Markup('<path d="M0,8 L{},8"{}/>').format(_BAND_BOX, _attributes(paint)))


def _symbol(marker: dict[str, Any]) -> Markup:
    is_hollow = marker["symbol"].endswith("-open")
    shape = marker["symbol"].removesuffix("-open")
    paint = {
        "fill": "none" if is_hollow else marker["color"],
        "stroke": marker["color"],
        "stroke-width": 2 if is_hollow else 0,
    }
    if shape == "circle":
        return _svg(_BOX, Markup('<circle cx="8" cy="8" r="5.5"{}/>').format(_attributes(paint)))
    if shape == "x-thin":
        return _svg(_BOX, Markup('<path d="{}"{}/>').format(_X_THIN, _attributes(paint)))
    return _svg(_BOX, Markup('<polygon points="{}"{}/>').format(_OUTLINES[shape], _attributes(paint)))


def _band(trace: dict[str, Any]) -> Markup:
    pattern, line = trace.get("fillpattern"), trace["line"]
    fill = pattern["bgcolor"] if pattern else trace.get("fillcolor", "none")
    parts = Markup('<rect x="0" y="2" width="{}" height="12"{}/>').format(_BAND_BOX, _attributes({"fill": fill}))
    if pattern:
        thin = {"stroke": pattern["fgcolor"], "stroke-width": 1, "stroke-opacity": pattern["fgopacity"]}
        parts += Markup('<path d="{}"{}/>').format(_PATTERNS[pattern["shape"]], _attributes(thin))
    if line["width"]:
        edge = {
            "fill": "none",
            "stroke": line["color"],
            "stroke-width": line["width"],
            "stroke-dasharray": _DASHES[line["dash"]],
        }
        parts += Markup('<path d="M0,2 L{0},2 M0,14 L{0},14"{1}/>').format(_BAND_BOX, _attributes(edge))
    return _svg(_BAND_BOX, parts)


def _bar(fill: str, outline: str) -> Markup:
    paint = _attributes({"fill": fill, "stroke": outline})
    return _svg(_BAND_BOX, Markup('<rect x="0.5" y="3.5" width="29" height="9"{}/>').format(paint))


def _svg(width: int, parts: Markup) -> Markup:
    opening = Markup('<svg viewBox="0 0 {} {}" aria-hidden="true">').format(width, _BOX)
    return opening + parts + Markup("</svg>")


def _attributes(values: dict[str, object]) -> Markup:
    return Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in values.items())
