"""How the figures of a cohort look: looks put together from the colors of `reports.theme`."""

from __future__ import annotations

from typing import Any

from reports import theme

COHORT_HEIGHT_PX = 360
COHORT_ROW_PX = 34
COHORT_FRAME_PX = 96

GROUP_LOOKS = (
    theme.Look("circle", theme.INK),
    theme.Look("square", theme.OWN),
    theme.Look("diamond", theme.VAS_POINT),
    theme.Look("triangle-up", theme.ONSET_LINE),
    theme.Look("triangle-down", theme.NOT_EXAMINED_POINT),
    theme.Look("star", theme.INK, is_hollow=True),
    theme.Look("cross", theme.OWN),
    theme.Look("hourglass", theme.VAS_POINT),
    theme.Look("square", theme.ONSET_LINE, is_hollow=True),
)
HERE_LOOK = theme.Look("circle", theme.INK)
PUBLISHED_LOOK = theme.Look("diamond", theme.VAS_POINT, is_hollow=True)
CITED_MIDDLE = {"color": theme.MUTED, "width": 1, "dash": "dot"}
LEARNED_MIDDLE = {"color": theme.OWN, "width": 1, "dash": "dashdot"}
SCORE_LOOK = theme.Look("x-thin-open", theme.RULE)
OVER_LOOK = theme.Look("square", theme.OWN)
NOT_SEEN_LOOK = theme.Look("circle", theme.VAS_POINT, is_hollow=True)
# Of what was said of an end by each month: neighbours differ in both.
SAID_LOOKS = (theme.Look("circle", theme.INK), theme.Look("square", theme.VAS_POINT, is_hollow=True))
SAID_FILL = theme.EXPECTED_95
# Fill and pattern of a phase: neighbours differ in both.
PHASE_FILLS = {
    "before_onset": (theme.PAPER, "."),
    "rise": (theme.EXPECTED_95, ""),
    "plateau": (theme.EXPECTED_80, "x"),
    "regression": (theme.EXPECTED_95, "/"),
    "persistent": (theme.NOTICE_FILL, "\\"),
    "resolved": (theme.OWN, ""),
    "not read yet": (theme.PAPER, "-"),
    "no longer seen": (theme.PAPER, ""),
}


def error_bar(above: list[float], below: list[float], color: str) -> dict[str, Any]:
    """Give the bar of an interval around points, from so far below to so far above."""
    return {
        "type": "data",
        "symmetric": False,
        "array": above,
        "arrayminus": below,
        "color": color,
        "thickness": 1.5,
        "width": 5,
    }


def span(first: float, last: float, row: float, *, color: str, width: float) -> dict[str, Any]:
    """Give a horizontal line between two values on a row."""
    return {
        "type": "line",
        "xref": "x",
        "yref": "y",
        "x0": first,
        "x1": last,
        "y0": row,
        "y1": row,
        "layer": "between",
        "line": {"color": color, "width": width},
    }
