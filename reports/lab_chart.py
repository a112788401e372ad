"""Laboratory results against the limits of the laboratory that reported them: view, then small charts, one a unit.

Nothing is converted: results of one analyte in two units are two charts. A result without a number has a row in the
table and no point.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from reports import page_theme, theme
from reports.fact_words import against_limits_words, limits_words, reported_lab, values_of
from reports.sentences import Sentences, Spoken, capitalized
from tracker.analysis.views import PatientView
from tracker.clinical.case_record import LabResult
from tracker.clinical.vocabulary import LabJudgement
from tracker.clinical.word_lists import WordList, word_label, word_list

_MARGIN_SHARE = 0.04
_LEAST_MARGIN_DAYS = 20
_LIMIT_SHARE = 0.016
_ROOM = 0.18
_GAP = 0.3


@dataclass(frozen=True, slots=True)
class LabPoint:
    """One result; `level` is None where there is no number to draw: words of a report only, or missing.

    `panel` is the chart it belongs to, from 0.
    """

    row_id: int
    drawn_on: str
    first: str
    last: str
    written: str
    label: str
    reported: str
    limits: str
    against: str
    side: LabJudgement | None
    level: float | None
    limit_low: float | None
    limit_high: float | None
    panel: int | None
    is_missing: bool
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class LabPanel:
    """One small chart: an analyte in one unit, its axis from `low` to `high`."""

    label: str
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabView:
    """Everything the laboratory charts, their table and their sentences need."""

    key: str
    title: str
    first: str
    last: str
    panels: tuple[LabPanel, ...]
    points: tuple[LabPoint, ...]
    counts: str
    remarks: tuple[str, ...]

    @property
    def drawn_points(self) -> tuple[LabPoint, ...]:
        """The results that have a number, in order."""
        return tuple(point for point in self.points if point.level is not None)


def lab_view(view: PatientView, sentences: Sentences) -> LabView | None:
    """Make the laboratory view of a patient; None where nothing is recorded."""
    labs = view.record.labs
    if not labs:
        return None
    in_list = {word.code: place for place, word in enumerate(word_list(WordList.LAB))}
    keys = sorted(
        {_panel_key(one) for one in labs if one.value is not None},
        key=lambda key: (in_list.get(key[0], len(in_list)), key),
    )
    first = min(one.visit_date.first for one in labs)
    last = max(one.visit_date.last for one in labs)
    margin = timedelta(days=max(round((last - first).days * _MARGIN_SHARE), _LEAST_MARGIN_DAYS))
    missing = [one.missing_reason for one in labs if one.missing_reason is not None]
    undrawn = sum(one.value is None and one.missing_reason is None for one in labs)
    remarks = [sentences.say("labs", "note")]
    remarks += [sentences.say("labs", "undrawn", count=undrawn)] if undrawn else []
    return LabView(
        key="labs",
        title=sentences.say("labs", "title"),
        first=(first - margin).isoformat(),
        last=(last + margin).isoformat(),
        panels=tuple(_panel(key, [one for one in labs if _panel_key(one) == key]) for key in keys),
        points=tuple(_point(one, keys, sentences) for one in labs),
        counts=_counts(len(labs), undrawn, len(missing), sentences),
        remarks=tuple(remarks),
    )


def _counts(recorded: int, undrawn: int, missing: int, sentences: Sentences) -> str:
    unit = sentences.sections["labs"]["counts_unit_one" if recorded == 1 else "counts_unit_many"]
    drawn = recorded - undrawn - missing
    return sentences.say("course", "counts", recorded=f"{recorded} {unit}", drawn=drawn, missing=missing)


def _panel_key(one: LabResult) -> tuple[str, str]:
    return one.analyte, one.unit or ""


def _panel(key: tuple[str, str], results: list[LabResult]) -> LabPanel:
    """Choose an axis that holds every value and every limit, and is never below 0 for values that are not."""
    numbers = [n for one in results for n in (one.value, one.limit_low, one.limit_high) if n is not None]
    low, high = min(numbers), max(numbers)
    room = (high - low or abs(high) or 1.0) * _ROOM
    bottom = max(low - room, 0.0) if low >= 0 else low - room
    return LabPanel(capitalized(word_label(WordList.LAB, key[0])), key[1], bottom, high + room)


def _point(one: LabResult, keys: list[tuple[str, str]], sentences: Sentences) -> LabPoint:
    values = values_of(one)
    limits, against = limits_words(values, sentences), against_limits_words(values, sentences)
    label = word_label(WordList.LAB, one.analyte)
    return LabPoint(
        row_id=one.row_id,
        drawn_on=one.visit_date.middle.isoformat(),
        first=one.visit_date.first.isoformat(),
        last=one.visit_date.last.isoformat(),
        written=str(one.visit_date),
        label=label,
        reported=reported_lab(values, sentences),
        limits=limits,
        against=against,
        side=one.against_limits,
        level=one.value,
        limit_low=one.limit_low,
        limit_high=one.limit_high,
        panel=None if one.value is None else keys.index(_panel_key(one)),
        is_missing=one.missing_reason is not None,
        spoken=_spoken(one, {"label": label, "limits": limits, "against": against}, sentences),
    )


def _spoken(one: LabResult, words: dict[str, str], sentences: Sentences) -> Spoken:
    said = {"label": words["label"], "reported": reported_lab(values_of(one), sentences)}
    said["when"] = one.visit_date.in_words()
    if one.value is None:
        return Spoken(
            sentences.say("labs", "missing_clinician", **said), sentences.say("labs", "missing_plain", **said)
        )
    if words["against"]:
        against = sentences.say("labs", "against", against=words["against"], limits=words["limits"])
    else:
        against = sentences.say("labs", "no_limits")
    return Spoken(
        sentences.say("labs", "clinician", against=against, **said),
        sentences.say("labs", "plain", against=f", {words['against']}" if words["against"] else "", **said),
    )


def lab_figure(labs: LabView, sentences: Sentences) -> theme.Figure:
    """Draw a laboratory view: one small chart under the other on one calendar axis, the limits behind each result."""
    count = max(len(labs.panels), 1)
    layout = theme.layout(height=page_theme.LAB_FRAME_PX + page_theme.LAB_HEIGHT_PX * count)
    layout["margin"] |= {"t": page_theme.LAB_TITLE_PX}
    layout["xaxis"] = theme.date_axis(sentences.chart("date_axis"), labs.first, labs.last)
    layout["xaxis"]["anchor"] = axis_name(count - 1)
    layout["annotations"] = []
    for place, panel in enumerate(labs.panels):
        bottom, top = 1 - (place + 1) / count, 1 - place / count - _GAP / count * (place > 0)
        key = axis_name(place).replace("y", "yaxis")
        layout[key] = theme.axis(
            panel.unit, range=[panel.low, panel.high], domain=[round(bottom, 4), round(top, 4)], nticks=4, anchor="x"
        ) | {"fixedrange": True}
        title = sentences.say("labs", "panel", label=panel.label, unit=panel.unit)
        layout["annotations"].append(page_theme.panel_title(escape(title), top))
    layout["shapes"] = [bar for point in labs.drawn_points if (bar := _limit_bar(point, labs))]
    return {"data": _traces(labs, sentences), "layout": layout}


def axis_name(panel: int) -> str:
    """Name the vertical axis of a small chart as Plotly does."""
    return "y" if panel == 0 else f"y{panel + 1}"


def _limit_bar(point: LabPoint, labs: LabView) -> dict[str, Any] | None:
    if point.panel is None or (point.limit_low is None and point.limit_high is None):
        return None
    panel = labs.panels[point.panel]
    low = panel.low if point.limit_low is None else point.limit_low
    high = panel.high if point.limit_high is None else point.limit_high
    half = timedelta(days=max(round((theme.day_number(labs.last) - theme.day_number(labs.first)) * _LIMIT_SHARE), 1))
    day = date.fromisoformat(point.drawn_on)
    first, last = (day - half).isoformat(), (day + half).isoformat()
    return page_theme.limit_bar(first, last, low, high, axis_name=axis_name(point.panel))


def _traces(labs: LabView, sentences: Sentences) -> list[dict[str, Any]]:
    """Give one trace per small chart and side of the limits; the legend names each side once."""
    traces: list[dict[str, Any]] = []
    named: set[LabJudgement | None] = set()
    for side, look in page_theme.LAB_LOOKS.items():
        for place in range(len(labs.panels)):
            points = [point for point in labs.drawn_points if point.panel == place and point.side is side]
            if not points:
                continue
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": [point.drawn_on for point in points],
                    "y": [point.level for point in points],
                    "yaxis": axis_name(place),
                    "ids": [str(point.row_id) for point in points],
                    "hovertext": [
                        page_theme.spoken(escape(p.spoken.clinician), escape(p.spoken.plain)) for p in points
                    ],
                    "hovertemplate": "%{hovertext}<extra></extra>",
                    "marker": look.marker(),
                    "cliponaxis": False,
                }
            )
            if side not in named:
                traces[-1]["name"] = sentences.chart(f"lab_{side or 'none'}")
                named.add(side)
    return traces
