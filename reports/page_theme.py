"""Colors, symbols and sizes of what the patient's page shows besides courses, vitamin D and images.

The band of the next score, phases and events in the strip below a chart, and laboratory
results. Everything else, and what these are made of, is in `reports.theme`.
"""

from __future__ import annotations

from typing import Any

from reports.theme import (
    FONT_PX,
    INK,
    NOT_EXAMINED_POINT,
    ONSET_LINE,
    PRESENT_POINT,
    RULE,
    SMALL_PX,
    Look,
    date_bar,
    shaded,
    wrapped,
)
from tracker.clinical.vocabulary import LabJudgement, Phase

NEXT = "#6b2f8f"
NEXT_FILL = "rgba(107, 47, 143, 0.10)"
NEXT_DASH = "solid"
NEXT_DASH_95 = "dashdot"
NEXT_PATTERN = "|"
PHASE_SHADES = {
    Phase.RISE: "rgba(179, 64, 10, 0.07)",
    Phase.PLATEAU: "rgba(138, 90, 0, 0.13)",
    Phase.REGRESSION: "rgba(0, 90, 156, 0.07)",
    Phase.PERSISTENT: "rgba(107, 47, 143, 0.10)",
    Phase.RESOLVED: "rgba(31, 41, 51, 0.03)",
}
PHASE_RIBBONS = {
    Phase.RISE: "#f7dfd3",
    Phase.PLATEAU: "#efe0bd",
    Phase.REGRESSION: "#d9e6f1",
    Phase.PERSISTENT: "#e5d8ec",
    Phase.RESOLVED: "#eef0f2",
}
# What can be pointed at in a ribbon: nothing is seen of it.
PHASE_POINT = {"symbol": "circle", "size": 18, "color": INK, "opacity": 0}
EVENT_LOOKS = {
    "start": Look("triangle-right", INK),
    "end": Look("square", INK, is_hollow=True),
    "dose": Look("diamond", INK),
    "status": Look("circle", ONSET_LINE),
}
EVENT_BAR = "#8795a1"
EVENT_BAR_OFFSET = 0.26
LAB_LOOKS = {
    LabJudgement.HIGH: Look("triangle-up", PRESENT_POINT),
    LabJudgement.LOW: Look("triangle-down", PRESENT_POINT),
    LabJudgement.NORMAL: Look("circle", INK),
    None: Look("circle", NOT_EXAMINED_POINT, is_hollow=True),
}
LAB_LIMITS = "#dfe5ea"
LAB_HEIGHT_PX = 132
LAB_FRAME_PX = 90
LAB_TITLE_PX = 30
STRIP_LANE_PX = 28
_STRIP_GAP_PX = 12
_LETTER_PX = 6.6
_LEAST_PLOT_PX = 440
_WORD_ROOM_PX = 6

# Dark screens: the page has the dark palette, a chart is the light one inverted with its hues kept.
CHART_INVERSION = 0.92


def spoken(clinician: str, plain: str) -> str:
    """Give a hover box of both sentences, already escaped: the clinician's, then the plain one."""
    return f"{wrapped(clinician)}<br><i>{wrapped(plain)}</i>"


def with_strip(layout_of: dict[str, Any], *, rows: int) -> dict[str, Any]:
    """Add a strip of lanes below a chart: its own vertical axis, outside that of the chart; it grows by as much."""
    if rows == 0:
        return layout_of
    strip = rows * STRIP_LANE_PX
    height = layout_of["height"] + strip + _STRIP_GAP_PX
    inside = height - layout_of["margin"]["t"] - layout_of["margin"]["b"]
    share = strip / inside
    layout_of["height"] = height
    layout_of["yaxis"]["domain"] = [round(share + _STRIP_GAP_PX / inside, 4), 1]
    layout_of["xaxis"]["anchor"] = "y2"
    layout_of["yaxis2"] = {
        "domain": [0, round(share, 4)],
        "range": [rows - 0.5, -0.5],
        "anchor": "x",
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "showticklabels": False,
        "showline": True,
        "linecolor": RULE,
    }
    return layout_of


def phase_shade(first: str, last: str, phase: Phase) -> dict[str, Any]:
    """Give the shade of a phase behind the pain, from its first day to its last."""
    return shaded(first, last, fill=PHASE_SHADES[phase]) | {"yref": "y domain"}


def phase_ribbon(first: str, last: str, phase: Phase) -> dict[str, Any]:
    """Give the ribbon of a phase in the first lane of the strip."""
    ribbon = shaded(first, last, fill=PHASE_RIBBONS[phase])
    return ribbon | {"yref": "y2", "y0": -0.42, "y1": 0.42, "line": {"color": RULE, "width": 0.5}}


def event_bar(first: str, last: str, lane: int, *, is_open: bool) -> dict[str, Any]:
    """Give the bar of a treatment in its lane; the end of one that goes on is dotted."""
    level = lane + EVENT_BAR_OFFSET
    line = {"color": EVENT_BAR, "width": 5, "dash": "dot" if is_open else "solid"}
    return date_bar(first, last, level, color=EVENT_BAR) | {"yref": "y2", "layer": "below", "line": line}


def strip_label(text: str, day: str, lane: int, *, is_middle: bool) -> dict[str, Any]:
    """Give the name of a phase in the middle of its ribbon, or of a lane above its bar at the left end."""
    return {
        "text": text,
        "x": day,
        "xref": "x",
        "xanchor": "center" if is_middle else "left",
        "xshift": 0 if is_middle else 4,
        "y": lane if is_middle else lane - 0.14,
        "yref": "y2",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": SMALL_PX, "color": INK},
    }


def fits(text: str, share: float) -> bool:
    """Say whether a word fits into this share of a plot that is not wide."""
    return len(text) * _LETTER_PX + _WORD_ROOM_PX < share * _LEAST_PLOT_PX


def panel_title(text: str, top: float) -> dict[str, Any]:
    """Give the name of a small chart above its left end; `top` is a share of the whole."""
    return {
        "text": text,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": top,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": FONT_PX, "color": INK},
    }


def limit_bar(first: str, last: str, low: float, high: float, *, axis_name: str) -> dict[str, Any]:
    """Give a laboratory's own limits behind the result they were given with."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": axis_name,
        "x0": first,
        "x1": last,
        "y0": low,
        "y1": high,
        "layer": "below",
        "fillcolor": LAB_LIMITS,
        "line": {"color": RULE, "width": 0.5},
    }
