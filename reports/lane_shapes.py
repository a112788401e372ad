"""What stands in lanes through time, as Plotly draws it: stretches, arrows, expected windows, and the lanes' names."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import Any

from reports import theme

_LANE_HALF = 0.16
_WINDOW_HALF = 0.3
_NAME_CHARACTERS = 28
_ROW_PX = 17
# Fill and outline of the stretches of a site's lane, by what they say.
_LANE_PARTS = {
    "starting": (theme.EXPECTED_80, theme.PAPER),
    "active": (theme.OWN, theme.OWN),
    "ending": (theme.EXPECTED_80, theme.PAPER),
    "unknown": (theme.PAPER, theme.RULE),
}


def lane_bar(first: str, last: str, lane: int, *, part: str) -> dict[str, Any]:
    """Give a stretch of a lane between two days."""
    fill, outline = _LANE_PARTS[part]
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y",
        "x0": first,
        "x1": last,
        "y0": lane - _LANE_HALF,
        "y1": lane + _LANE_HALF,
        "layer": "between",
        "fillcolor": fill,
        "line": {"color": outline, "width": 1},
    }


def arrow(on: str, from_lane: int, to_lane: int) -> dict[str, Any]:
    """Give an arrow from lane to lane on a day, its ends outside the bars."""
    down = 1 if to_lane > from_lane else -1
    return {
        "text": "",
        "x": on,
        "y": to_lane - down * _LANE_HALF,
        "ax": on,
        "ay": from_lane + down * _LANE_HALF,
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "showarrow": True,
        "arrowhead": 2,
        "arrowwidth": 1.5,
        "arrowcolor": theme.INK,
    }


def arrow_label(text: str, on: str, level: float, *, is_left: bool) -> dict[str, Any]:
    """Give the words beside an arrow, on its left or its right."""
    return {
        "text": text,
        "x": on,
        "y": level,
        "xref": "x",
        "yref": "y",
        "xanchor": "right" if is_left else "left",
        "xshift": -6 if is_left else 6,
        "showarrow": False,
        "bgcolor": theme.PAPER,
        "font": {"size": theme.SMALL_PX, "color": theme.INK},
    }


def lane_ticks(names: Sequence[str]) -> dict[str, Any]:
    """Name the lanes on their axis; long names take two rows, so that they leave the lanes room on a narrow page."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": ["<br>".join(wrap(escape(name), _NAME_CHARACTERS, break_long_words=False)) for name in names],
    }


def lane_height(names: Sequence[str]) -> int:
    """Give the height of a lane in which the longest of the broken names has room, in pixels."""
    return max(theme.LANE_HEIGHT_PX, _ROW_PX * max(name.count("<br>") + 1 for name in names))


def window_trace(first: str, last: str, lane: int, *, name: str | None, words: str) -> dict[str, Any]:
    """Give an expected window as a filled outline, in the legend where it has a name."""
    low, high = lane - _WINDOW_HALF, lane + _WINDOW_HALF
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [first, last, last, first, first],
        "y": [low, low, high, high, low],
        "fill": "toself",
        "fillcolor": theme.EXPECTED_95,
        "line": {"color": theme.MUTED, "width": 1.2, "dash": theme.OWN_DASH},
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": theme.wrapped(escape(words)),
    }
    return trace if name is None else trace | {"name": name}


def lane_note(text: str, lane: int) -> dict[str, Any]:
    """Give the words in a lane that has no bar."""
    return {
        "text": escape(text),
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 6,
        "y": lane,
        "yref": "y",
        "showarrow": False,
        "font": {"size": theme.SMALL_PX, "color": theme.MUTED},
    }


def lane_key(part: str, words: str) -> list[str]:
    """Give what the legend needs of a stretch: its fill, its outline and its words."""
    return [*_LANE_PARTS[part], words]
