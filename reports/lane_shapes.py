"""The stretches and arrows of the lanes of sites, as Plotly shapes and annotations."""

from __future__ import annotations

from typing import Any

from reports import theme

_LANE_HALF = 0.16
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
