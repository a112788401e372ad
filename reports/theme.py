"""Every color, dash, symbol and size of the charts and pages, once.

Colors are picked so that they stay apart with the three kinds of color
blindness and hold their contrast on white (both are tests); even so, shape,
dash, pattern or words always say the same thing again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import Any

from tracker.clinical.vocabulary import Aspect, Comparator, Instrument, Presence

# A chart as Plotly's own JSON, {"data": [...], "layout": {...}}; the tests check it against Plotly's schema,
# which done here would take most of the time a page takes.
Figure = dict[str, Any]

PAPER = "#ffffff"
INK = "#1f2933"
MUTED = "#52606d"
GRID = "#e4e7eb"
RULE = "#9aa5b1"

EXPECTED_80 = "#c3ccd5"
EXPECTED_95 = "#e3e8ed"
OWN = "#005a9c"
OWN_FILL = "rgba(0, 90, 156, 0.16)"
ONSET_FILL = "rgba(181, 126, 11, 0.20)"
ONSET_LINE = "#8a5a00"
AS_OF_LINE = "#1f2933"
NRS_POINT = "#1f2933"
VAS_POINT = "#b3400a"
RESULT_POINT = "#1f2933"
DEFICIENT_LINE = "#b3400a"
SUFFICIENT_LINE = "#005a9c"
SEASON_FILL = "rgba(0, 90, 156, 0.06)"
PRESENT_POINT = "#b3400a"
ABSENT_POINT = "#005a9c"
NOT_EXAMINED_POINT = "#6b7785"
NOTICE_FILL = "#fff4e0"
NOTICE_LINE = "#b3400a"

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
FONT_PX = 13
SMALL_PX = 12

COURSE_HEIGHT_PX = 440
VITAMIN_D_HEIGHT_PX = 300
LANE_HEIGHT_PX = 34
LANES_FRAME_PX = 72
_LANE_HALF = 0.16
LEVEL_LABEL_PX = 112
POINT_PX = 11
MS_PER_WEEK = 7 * 86_400_000  # what Plotly counts a calendar in
_HOVER_CHARACTERS = 64
_LABEL_FOOT_PX = 6
_LABEL_ROW_PX = 16

OWN_DASH = "dash"
OWN_DASH_95 = "dot"
AS_OF_DASH = "solid"
CLOSED_DASH = "dashdot"
DEFICIENT_DASH = "dash"
SUFFICIENT_DASH = "longdashdot"
OWN_PATTERN = "/"

SCORE_SYMBOLS = {
    (Instrument.NRS, Aspect.OVERALL): "circle",
    (Instrument.NRS, Aspect.LOAD): "square",
    (Instrument.NRS, Aspect.REST): "triangle-down",
    (Instrument.NRS, Aspect.NIGHT): "star",
    (Instrument.VAS, Aspect.OVERALL): "diamond",
    (Instrument.VAS, Aspect.LOAD): "hourglass",
    (Instrument.VAS, Aspect.REST): "triangle-up",
    (Instrument.VAS, Aspect.NIGHT): "cross",
}
SCORE_COLORS = {Instrument.NRS: NRS_POINT, Instrument.VAS: VAS_POINT}
RESULT_SYMBOLS = {None: "circle", Comparator.BELOW: "triangle-down", Comparator.ABOVE: "triangle-up"}
PRESENCE_SYMBOLS = {
    Presence.PRESENT: "square",
    Presence.ABSENT: "circle-open",
    Presence.NOT_EXAMINED: "x-thin-open",
}
PRESENCE_COLORS = {
    Presence.PRESENT: PRESENT_POINT,
    Presence.ABSENT: ABSENT_POINT,
    Presence.NOT_EXAMINED: NOT_EXAMINED_POINT,
}


@dataclass(frozen=True, slots=True)
class Look:
    """How one group of points is drawn; hollow means the symbol's outline only."""

    symbol: str
    color: str
    is_hollow: bool = False

    def marker(self) -> dict[str, Any]:
        """Give the Plotly marker of this look."""
        symbol = f"{self.symbol}-open" if self.is_hollow and not self.symbol.endswith("-open") else self.symbol
        outline = self.color if symbol.endswith("-open") else PAPER
        width = 2 if symbol.endswith("-open") else 1
        return {"symbol": symbol, "size": POINT_PX, "color": self.color, "line": {"color": outline, "width": width}}


def score_look(instrument: Instrument, aspect: Aspect, *, is_hollow: bool) -> Look:
    """Give the look of a pain score; hollow where a course was read without it."""
    return Look(SCORE_SYMBOLS[instrument, aspect], SCORE_COLORS[instrument], is_hollow=is_hollow)


def result_look(comparator: Comparator | None, *, is_converted: bool) -> Look:
    """Give the look of a laboratory result: a triangle points where the value lies beyond a limit."""
    return Look(RESULT_SYMBOLS[comparator], RESULT_POINT, is_hollow=is_converted)


def presence_look(presence: Presence) -> Look:
    """Give the look of an imaging finding."""
    return Look(PRESENCE_SYMBOLS[presence], PRESENCE_COLORS[presence])


START_LOOK = Look("circle", INK)
END_LOOK = Look("square", INK, is_hollow=True)

# Fill and outline of the stretches of a site's lane, by what they say.
_LANE_PARTS = {
    "starting": (EXPECTED_80, PAPER),
    "active": (OWN, OWN),
    "ending": (EXPECTED_80, PAPER),
    "unknown": (PAPER, RULE),
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
        "arrowcolor": INK,
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
        "bgcolor": PAPER,
        "font": {"size": SMALL_PX, "color": INK},
    }


def layout(*, height: int) -> dict[str, Any]:
    """Give the frame every chart shares: fonts, margins, an empty template."""
    return {
        # An explicit empty template: the default one adds seven kilobytes of colors nobody sees.
        "template": {},
        "height": height,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "font": {"family": FONT, "size": FONT_PX, "color": INK},
        "margin": {"l": 56, "r": 24, "t": 12, "b": 60},
        # The page has its own legend: Plotly's covers tick labels, or is cut off, where a page is narrow.
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": "zoom",
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": RULE,
            "align": "left",
            "font": {"family": FONT, "size": FONT_PX, "color": INK},
        },
    }


def axis(title: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  Plotly's own attribute values
    """Give an axis with a title, thin grid and outside ticks."""
    plain: dict[str, Any] = {
        "title": {"text": title, "font": {"size": FONT_PX, "color": MUTED}, "standoff": 8},
        "gridcolor": GRID,
        "linecolor": RULE,
        "tickcolor": RULE,
        "ticks": "outside",
        "ticklen": 4,
        "showline": True,
        "zeroline": False,
        "tickfont": {"size": SMALL_PX, "color": MUTED},
    }
    return plain | more


def date_axis(title: str, first: str, last: str) -> dict[str, Any]:
    """Give a calendar axis from `first` to `last` (ISO days)."""
    return axis(
        title,
        type="date",
        range=[first, last],
        # An axis lying over another would take over its ticks.
        tickmode="auto",
        hoverformat="%Y-%m-%d",
        tickformatstops=[
            {"dtickrange": [None, "M1"], "value": "%-d %b\n%Y"},
            {"dtickrange": ["M1", "M12"], "value": "%b\n%Y"},
            {"dtickrange": ["M12", None], "value": "%Y"},
        ],
    )


def label(text: str, day: str, *, row: int, color: str, anchor: str) -> dict[str, Any]:
    """Give a label above the plot at a day; labels in different rows never touch; row 0 is that of a day axis."""
    return {
        "text": text,
        "x": day,
        "xref": "x",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "xanchor": anchor,
        "yshift": _LABEL_FOOT_PX + _LABEL_ROW_PX * row,
        "showarrow": False,
        "font": {"size": SMALL_PX, "color": color},
    }


def upright(day: str, *, color: str, dash: str) -> dict[str, Any]:
    """Give a vertical line through the whole plot at a day, over the bands."""
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": day,
        "x1": day,
        "y0": 0,
        "y1": 1,
        "layer": "above",
        "line": {"color": color, "dash": dash, "width": 1.3},
    }


def shaded(first: str, last: str, *, fill: str) -> dict[str, Any]:
    """Give a shaded span of days through the whole plot."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": first,
        "x1": last,
        "y0": 0,
        "y1": 1,
        "layer": "below",
        "fillcolor": fill,
        "line": {"width": 0},
    }


def level_line(level: float, *, color: str, dash: str) -> dict[str, Any]:
    """Give a horizontal line through the whole plot."""
    return {
        "type": "line",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": level,
        "y1": level,
        "layer": "below",
        "line": {"color": color, "dash": dash, "width": 1.5},
    }


def level_label(level: float, text: str, *, color: str) -> dict[str, Any]:
    """Give the label of a horizontal line, beside its right end, outside the plot."""
    return {
        "text": text,
        "x": 1,
        "xref": "paper",
        "xanchor": "left",
        "xshift": 6,
        "align": "left",
        "y": level,
        "yref": "y",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": SMALL_PX, "color": color},
    }


def label_room(rows: int) -> int:
    """Give the top margin that this many rows of labels need, in pixels."""
    return 2 * _LABEL_FOOT_PX + _LABEL_ROW_PX * rows


def aside(text: str, *, row: int) -> dict[str, Any]:
    """Give a small label above the right end of the plot."""
    return label(text, "", row=row, color=MUTED, anchor="right") | {"x": 1, "xref": "paper"}


def wrapped(text: str) -> str:
    """Break a sentence for a hover box; Plotly breaks at ``<br>`` only."""
    return "<br>".join(wrap(text, _HOVER_CHARACTERS, break_long_words=False))


def date_bar(first: str, last: str, level: float, *, color: str) -> dict[str, Any]:
    """Give the bar through a point whose day is not exact, from its first to its last possible day.

    A shape, because Plotly draws no error bars along a calendar.
    """
    return {
        "type": "line",
        "xref": "x",
        "yref": "y",
        "x0": first,
        "x1": last,
        "y0": level,
        "y1": level,
        "layer": "above",
        "line": {"color": color, "width": 1.5},
    }


def day_number(day: str) -> int:
    """Give the number of an ISO day, for distances between days."""
    return date.fromisoformat(day).toordinal()
