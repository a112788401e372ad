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

EXPECTED_80 = "#b7c2cc"
EXPECTED_95 = "#dfe5ea"
OWN = "#004a86"
OWN_FILL = "rgba(0, 74, 134, 0.16)"
ONSET_FILL = "rgba(181, 126, 11, 0.20)"
ONSET_LINE = "#8a5a00"
AS_OF_LINE = "#1f2933"
NRS_POINT = "#1f2933"
VAS_POINT = "#b3400a"
RESULT_POINT = "#1f2933"
DEFICIENT_LINE = "#b3400a"
SUFFICIENT_LINE = "#004a86"
SEASON_FILL = "rgba(0, 74, 134, 0.06)"
PRESENT_POINT = "#752700"
ABSENT_POINT = "#195fa4"
NOT_EXAMINED_POINT = "#74818e"
NOTICE_FILL = "#fff4e0"
NOTICE_LINE = "#b3400a"
# Edema of a bone by grade, in even steps of lightness; a grade is written on the bone as well.
EDEMA_0 = "#ffffff"
EDEMA_1 = "#f9d9ae"
EDEMA_2 = "#e0913f"
EDEMA_3 = "#8a3206"
EDEMA_1_TEXT = "#1f2933"
EDEMA_2_TEXT = "#1f2933"
EDEMA_3_TEXT = "#ffffff"

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
FONT_PX = 13
SMALL_PX = 12

COURSE_HEIGHT_PX = 440
VITAMIN_D_HEIGHT_PX = 300
LANE_HEIGHT_PX = 34
LANES_FRAME_PX = 72
LEVEL_LABEL_PX = 112
POINT_PX = 11
MS_PER_WEEK = 7 * 86_400_000  # what Plotly counts a calendar in
_HOVER_CHARACTERS = 64
_LABEL_FOOT_PX = 6
_LABEL_ROW_PX = 16

CASE_WIDTH_PX = 900
CASE_LEFT_PX = 130
CASE_RIGHT_PX = 24
CASE_TOP_PX = 16
CASE_FOOT_PX = 48
CASE_GAP_PX = 10
CASE_LANE_PX = 30
CASE_PAIN_PX = 140
CASE_BAR_PX = 6
CASE_MOST_TICKS = 12
CASE_STEPS_DAYS = (1, 7, 30, 60, 90, 180, 360, 720, 1800, 3600, 7200, 36000)

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


def image_title(text: str, height: int) -> dict[str, Any]:
    """Give the title of a chart that stands alone, at its top left."""
    place = {"x": 0, "xref": "paper", "y": 1, "yref": "container", "yanchor": "top", "pad": {"t": height / 4}}
    return {"text": text, "font": {"size": 16, "color": INK}} | place


def image_legend(*, bottom: float) -> dict[str, Any]:
    """Give Plotly's legend of a chart that stands alone, at a share of its height."""
    place = {"x": 0, "xanchor": "left", "y": bottom, "yref": "container", "yanchor": "bottom"}
    return {"orientation": "h", "font": {"size": SMALL_PX, "color": INK}, "itemsizing": "constant"} | place


def image_footer(text: str, below: int) -> dict[str, Any]:
    """Give the last line of a chart that stands alone, so many pixels below its plot."""
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": 0, "yref": "paper", "yanchor": "bottom", "yshift": -below}
    return {"text": text, "showarrow": False, "font": {"size": 11, "color": MUTED}} | place


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


# The small chart of an episode in the list of patients, pixels: months from day 0, scores 0 to 10 over the band.
SPARK_WIDTH_PX = 132
SPARK_HEIGHT_PX = 34
SPARK_MARGIN_PX = 3
SPARK_POINT_PX = 5
SPARK_HOLE_PX = 2
SPARK_RULE_PX = 0.8
LIST_HOVER = "#f3f6f9"

# --- The dark palette: what the style sheet takes under `prefers-color-scheme: dark` ---------------------------------
# Every color above by its name; colors that are one by day are one by night, so that a chart can be recolored.
DARK = {
    "PAPER": "#141414",
    "INK": "#e6ebf0",
    "MUTED": "#a9b6c3",
    "GRID": "#2b3641",
    "RULE": "#5f6f7f",
    "EXPECTED_80": "#43525f",
    "EXPECTED_95": "#27323c",
    "OWN": "#98cef9",
    "OWN_FILL": "rgba(152, 206, 249, 0.20)",
    "ONSET_FILL": "rgba(224, 171, 64, 0.22)",
    "ONSET_LINE": "#e0ab40",
    "AS_OF_LINE": "#e6ebf0",
    "NRS_POINT": "#e6ebf0",
    "VAS_POINT": "#f08a4b",
    "RESULT_POINT": "#e6ebf0",
    "DEFICIENT_LINE": "#f08a4b",
    "SUFFICIENT_LINE": "#98cef9",
    "SEASON_FILL": "rgba(152, 206, 249, 0.09)",
    "PRESENT_POINT": "#ffc59a",
    "ABSENT_POINT": "#6aaee6",
    "NOT_EXAMINED_POINT": "#7a8896",
    "NOTICE_FILL": "#33230f",
    "NOTICE_LINE": "#f08a4b",
    "LIST_HOVER": "#1f2429",
    "EDEMA_0": "#141414",
    "EDEMA_1": "#5b3a16",
    "EDEMA_2": "#b8702a",
    "EDEMA_3": "#ffcf94",
    "EDEMA_1_TEXT": "#e6ebf0",
    "EDEMA_2_TEXT": "#141414",
    "EDEMA_3_TEXT": "#141414",
}
LIGHT = {name: str(globals()[name]) for name in DARK}
_EDEMA = (*(name for name in DARK if name.startswith("EDEMA_")), "NOT_EXAMINED_POINT")
PAGE_COLORS = ("PAPER", "INK", "MUTED", "GRID", "RULE", "OWN", "NOTICE_FILL", "NOTICE_LINE", *_EDEMA)
"""What style sheets name; a chart holds its colors itself."""
# What the list of a clinic names besides.
LIST_COLORS = ("EXPECTED_80", "AS_OF_LINE", "NRS_POINT", "LIST_HOVER")


def css_properties(palette: dict[str, str], names: tuple[str, ...] = PAGE_COLORS) -> str:
    """Write colors of `LIGHT` or `DARK` as CSS custom properties: ``--paper:#ffffff;--ink:...``."""
    return "".join(f"--{name.lower().replace('_', '-')}:{palette[name]};" for name in names)
