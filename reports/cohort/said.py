"""How probable an end of pain was said to be at month 3, against what came: a table and its figure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from reports import theme
from reports.cohort import looks
from reports.cohort.shown import BLANK, ShownCell, ShownRow, ShownTable, count_cell, share_cell
from reports.cohort.tables import EVERYBODY, Telling
from reports.sentences import Sentences
from tracker.analysis.cohort.counting import STATES, state_variable
from tracker.analysis.cohort.forecasts import HAS_SAID, SAID, SAID_BY, SAID_MONTHS, said_variable

_FULL = 100
_THRESHOLDS = (0, *(int(percent) for percent in SAID_BY), _FULL)
_HALF_WIDTH = 0.4
_APART = 0.2


def said_table(telling: Telling) -> ShownTable:
    """Count patients by the probability they were given and by what came, for each month by which it was said."""
    rows: list[ShownRow] = []
    for month in SAID_MONTHS:
        rows.append(ShownRow(telling.say("said_by", month=month), (BLANK, BLANK, BLANK, BLANK)))
        for level in SAID:
            given = EVERYBODY.within(*HAS_SAID, (said_variable(month).name, level))
            came = [given.within((state_variable(month).name, state)) for state in STATES]
            shares = tuple(share_cell(telling.release, cell, given) for cell in came)
            rows.append(ShownRow(level, (count_cell(telling.release, given), *shares), 1))
    columns = tuple(telling.say(f"said_column_{place}") for place in range(5))
    notes = tuple(telling.say(f"said_note_{place}") for place in range(3))
    return ShownTable("said", telling.say("said_title"), columns, tuple(rows), notes)


def said_figure(table: ShownTable, sentences: Sentences) -> theme.Figure:
    """Draw what came over what was said: a bar from the share surely over to the share not surely going on."""
    traces = []
    rows = [row for row in table.rows if row.level == 1]
    for place, month in enumerate(SAID_MONTHS):
        of_month = rows[place * len(SAID) : (place + 1) * len(SAID)]
        traces.append(_month_trace(month, of_month, place, sentences))
    layout = theme.layout(height=looks.COHORT_HEIGHT_PX)
    layout["shapes"] = [_promise(place) for place in range(len(SAID))]
    layout["xaxis"] = theme.axis(
        sentences.say("cohort", "axis_said"), range=[-0.5, len(SAID) - 0.5], showgrid=False,
        tickvals=list(range(len(SAID))), ticktext=list(SAID),
    )  # fmt: skip
    layout["yaxis"] = theme.axis(sentences.say("cohort", "axis_came"), range=[-4, _FULL + 4], dtick=25)
    layout["meta"] = {"bars": [[looks.SAID_FILL, theme.RULE, sentences.say("cohort", "trace_said")]]}
    return {"data": traces, "layout": layout}


def _month_trace(month: int, rows: Sequence[ShownRow], place: int, sentences: Sentences) -> dict[str, Any]:
    shown = [(at, row) for at, row in enumerate(rows) if all("percent" in cell.values for cell in row.cells[1:3])]
    lows = [_percent(row.cells[1]) for _, row in shown]
    highs = [_FULL - _percent(row.cells[2]) for _, row in shown]
    middles = [(low + high) / 2 for low, high in zip(lows, highs, strict=True)]
    look = looks.SAID_LOOKS[place]
    hover = [f"{sentences.say('cohort', 'said_by', month=month)}, {row.label}: {_counts(row)}" for _, row in shown]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": sentences.say("cohort", "said_by", month=month),
        "x": [at + (2 * place - 1) * _APART for at, _ in shown],
        "y": middles,
        "error_y": looks.error_bar(
            [high - middle for high, middle in zip(highs, middles, strict=True)],
            [middle - low for low, middle in zip(lows, middles, strict=True)],
            look.color,
        ),
        "hovertext": [theme.wrapped(escape(text)) for text in hover],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": look.marker(),
    }


def _counts(row: ShownRow) -> str:
    return "; ".join(f"{state} {cell.text}" for state, cell in zip(STATES, row.cells[1:], strict=True))


def _promise(place: int) -> dict[str, Any]:
    """Shade what was said, from one threshold to the next."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y",
        "x0": place - _HALF_WIDTH,
        "x1": place + _HALF_WIDTH,
        "y0": _THRESHOLDS[place],
        "y1": _THRESHOLDS[place + 1],
        "layer": "below",
        "fillcolor": looks.SAID_FILL,
        "line": {"color": theme.RULE, "width": 0.5},
    }


def _percent(cell: ShownCell) -> float:
    value = cell.values["percent"]
    return float(value) if isinstance(value, int | float) else 0.0
