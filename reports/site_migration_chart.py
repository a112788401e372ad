"""The lanes of a patient's sites: a `SiteMigrationView` drawn, nothing worked out here."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import Any

from reports import theme
from reports.lane_shapes import arrow as arrow_shape
from reports.lane_shapes import arrow_label, lane_bar, lane_key, lane_note, lane_ticks
from reports.sentences import Sentences
from reports.site_migration_view import LaneArrow, LaneMark, SiteMigrationView

_LANE_PX = 56
_LABEL_CHARACTERS = 16


def site_migration_figure(view: SiteMigrationView, sentences: Sentences) -> theme.Figure:
    """Draw the lanes: bars behind, the middles of starts and ends as two symbols, an arrow per later start."""
    layout = theme.layout(height=theme.LANES_FRAME_PX + theme.label_room(rows=1) + _LANE_PX * len(view.lanes))
    layout["margin"] |= {"t": theme.label_room(rows=1)}
    layout["xaxis"] = theme.date_axis(sentences.chart("date_axis"), view.first, view.last)
    layout["yaxis"] = theme.axis(
        "",
        **lane_ticks(view.lanes),
        range=[len(view.lanes) - 0.5, -0.5],
        automargin=True,
        fixedrange=True,
    )
    layout["shapes"] = [lane_bar(bar.first, bar.last, bar.lane, part=bar.part) for bar in view.bars]
    layout["annotations"] = [one for arrow in view.arrows for one in _arrow(arrow, view)]
    layout["annotations"] += [lane_note(sentences.say("site_migration", "no_start"), lane) for lane in view.not_known]
    parts = dict.fromkeys(bar.part for bar in view.bars)
    layout["meta"] = {"bars": [lane_key(part, sentences.word("lane_part", part)) for part in parts]}
    if view.first <= view.as_of <= view.last:
        as_of = sentences.say("site_migration", "as_of", day=view.as_of)
        layout["shapes"].append(theme.upright(view.as_of, color=theme.AS_OF_LINE, dash=theme.AS_OF_DASH))
        layout["annotations"].append(theme.label(as_of, view.as_of, row=0, color=theme.AS_OF_LINE, anchor="right"))
    starts = [mark for mark in view.marks if mark.is_start]
    ends = [mark for mark in view.marks if not mark.is_start]
    traces = [_trace("start_mark", starts, theme.START_LOOK, sentences)]
    traces += [_trace("end_mark", ends, theme.END_LOOK, sentences)] if ends else []
    return {"data": traces, "layout": layout}


def _arrow(arrow: LaneArrow, view: SiteMigrationView) -> tuple[dict[str, Any], dict[str, Any]]:
    level = (arrow.from_lane + arrow.to_lane) / 2
    # Towards the right edge the words stand on the left of the arrow, where they are not cut off.
    is_late = 2 * theme.day_number(arrow.on) > theme.day_number(view.first) + theme.day_number(view.last)
    label = arrow_label(_in_rows(arrow.label), arrow.on, level, is_left=is_late)
    return arrow_shape(arrow.on, arrow.from_lane, arrow.to_lane), label


def _in_rows(label: str) -> str:
    """Break a label, so that it has room beside its arrow on a narrow page."""
    return "<br>".join(wrap(escape(label), _LABEL_CHARACTERS, break_long_words=False))


def _trace(name: str, marks: list[LaneMark], look: theme.Look, sentences: Sentences) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": sentences.say("site_migration", name),
        "x": [mark.on for mark in marks],
        "y": [mark.lane for mark in marks],
        "hovertext": [theme.wrapped(escape(mark.spoken)) for mark in marks],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": look.marker(),
        "cliponaxis": False,
    }
