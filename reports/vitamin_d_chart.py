"""Vitamin D results with the limits they are classified by: view, then figure.

One axis has one unit, the one most results came in; the others are drawn
converted, hollow, and named as converted. A result is classified in the unit
the laboratory reported, never after conversion.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from itertools import groupby
from typing import Any

from reports import page_theme, theme
from reports.event_strip import NO_EVENTS, EventStrip, event_strip, strip_labels, strip_shapes, strip_traces
from reports.sentences import Sentences, Spoken, number, plainly
from reports.vitamin_d_text import change_words, class_words, reported
from tracker.analysis.views import PatientView
from tracker.clinical.record import VitaminDResult
from tracker.clinical.reference import Edition
from tracker.clinical.vitamin_d import (
    WINTER_MONTHS,
    VitaminDClass,
    classify_vitamin_d,
    convert_vitamin_d,
    vitamin_d_limits,
)
from tracker.clinical.vocabulary import Comparator, VitaminDUnit

_MARGIN_SHARE = 0.04
_LEAST_MARGIN_DAYS = 20
_ROOM_ABOVE = 1.15
_SUPPLEMENT = "vitamin-d"
_COMPARATORS = [None, Comparator.BELOW, Comparator.ABOVE]
_WHAT = {None: "result", Comparator.BELOW: "result_below", Comparator.ABOVE: "result_above"}


@dataclass(frozen=True, slots=True)
class ResultPoint:
    """One result; `level`, in the unit of the axis, is None where there is no value to draw."""

    row_id: int
    drawn_on: str
    first: str
    last: str
    written: str
    reported: str
    unit: VitaminDUnit | None
    comparator: Comparator | None
    level: float | None
    is_converted: bool
    status: str
    season: str
    assay: str
    change: str
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class VitaminDView:
    """Everything the vitamin D chart, its table and its sentences need.

    `winters` are the shaded half-years within `first` to `last`, `supplements` the periods of supplementation.
    """

    key: str
    title: str
    unit: VitaminDUnit
    deficient: float
    sufficient: float
    scheme: str
    first: str
    last: str
    highest: float
    winters: tuple[tuple[str, str], ...]
    points: tuple[ResultPoint, ...]
    counts: str
    remarks: tuple[str, ...]
    supplements: EventStrip = NO_EVENTS

    @property
    def drawn_points(self) -> tuple[ResultPoint, ...]:
        """The results that have a level, in order."""
        return tuple(point for point in self.points if point.level is not None)


def vitamin_d_view(view: PatientView, edition: Edition, sentences: Sentences) -> VitaminDView | None:
    """Make the vitamin D view of a patient; None where nothing is recorded."""
    results = sorted(view.record.vitamin_d, key=lambda r: (r.visit_date.middle, r.visit_date, r.row_id))
    if not results:
        return None
    unit = _axis_unit(results)
    limits = vitamin_d_limits(unit, edition)
    changes = change_words(view, sentences, form="short")
    points = tuple(
        replace(_point(result, unit, edition, sentences), change=changes.get(result.row_id, "")) for result in results
    )
    first, last = _span(results)
    levels = [point.level for point in points if point.level is not None]
    return VitaminDView(
        key="vitamin-d",
        title=sentences.say("vitamin_d", "title"),
        unit=unit,
        deficient=limits.deficient,
        sufficient=limits.sufficient,
        scheme=limits.scheme,
        first=first.isoformat(),
        last=last.isoformat(),
        highest=max(*levels, limits.sufficient, limits.deficient) * _ROOM_ABOVE,
        winters=_winters(first, last),
        points=points,
        counts=_counts(results, sentences),
        remarks=_remarks(points, unit, edition, sentences),
        supplements=event_strip(_supplemented(view), None, first=first, last=last, sentences=sentences),
    )


def _supplemented(view: PatientView) -> PatientView:
    """Keep of what was given only vitamin D."""
    given = tuple(one for one in view.record.treatments if one.treatment == _SUPPLEMENT)
    return replace(view, record=replace(view.record, treatments=given, pregnancy=()))


def _axis_unit(results: list[VitaminDResult]) -> VitaminDUnit:
    """Choose the unit most results came in; on a tie, that of the newest."""
    units = [result.unit for result in results if result.unit is not None]
    counted = Counter(units)
    newest_first = list(dict.fromkeys(reversed(units)))
    return max(newest_first, key=lambda unit: counted[unit], default=VitaminDUnit.NG_ML)


def _point(result: VitaminDResult, unit: VitaminDUnit, edition: Edition, sentences: Sentences) -> ResultPoint:
    classified = classify_vitamin_d(result, edition)
    level = None
    if result.value is not None and result.unit is not None:
        level = convert_vitamin_d(result.value, result.unit, unit, edition)
    is_converted = level is not None and result.unit is not unit
    as_reported = reported(result, sentences)
    season = sentences.word("season", "winter" if result.visit_date.middle.month in WINTER_MONTHS else "summer")
    converted = ""
    if is_converted and level is not None:
        converted = sentences.say("vitamin_d", "converted", value=number(level), unit=unit)
    return ResultPoint(
        row_id=result.row_id,
        drawn_on=result.visit_date.middle.isoformat(),
        first=result.visit_date.first.isoformat(),
        last=result.visit_date.last.isoformat(),
        written=str(result.visit_date),
        reported=as_reported + converted,
        unit=result.unit,
        comparator=result.comparator,
        level=level,
        is_converted=is_converted,
        status="" if classified is None else class_words(classified, sentences),
        season=season,
        assay=result.assay or "",
        change="",
        spoken=_spoken(result, classified, converted, season, sentences),
    )


def _spoken(
    result: VitaminDResult, classified: VitaminDClass | None, converted: str, season: str, sentences: Sentences
) -> Spoken:
    when = result.visit_date.in_words()
    if classified is None:
        reason = sentences.missing(result.missing_reason)
        return Spoken(
            sentences.say("vitamin_d", "missing_clinician", when=when, reason=reason),
            sentences.say("vitamin_d", "missing_plain", when=when, reason=reason),
        )
    said = {
        "when": when,
        "reported": reported(result, sentences),
        "classes": class_words(classified, sentences),
        "scheme": classified.limits.scheme,
    }
    assay = sentences.say("vitamin_d", "assay", assay=result.assay) if result.assay else ""
    return Spoken(
        sentences.say("vitamin_d", "clinician", converted=converted, season=season, assay=assay, **said),
        sentences.say("vitamin_d", "plain", **said),
    )


def _span(results: list[VitaminDResult]) -> tuple[date, date]:
    first = min(result.visit_date.first for result in results)
    last = max(result.visit_date.last for result in results)
    margin = timedelta(days=max(round((last - first).days * _MARGIN_SHARE), _LEAST_MARGIN_DAYS))
    return first - margin, last + margin


def _winters(first: date, last: date) -> tuple[tuple[str, str], ...]:
    start, end = WINTER_MONTHS[0], WINTER_MONTHS[-1] + 1
    spans = [(date(year, start, 1), date(year + 1, end, 1)) for year in range(first.year - 1, last.year + 1)]
    shown = [(max(begin, first), min(finish, last)) for begin, finish in spans]
    return tuple((begin.isoformat(), finish.isoformat()) for begin, finish in shown if begin < finish)


def _counts(results: list[VitaminDResult], sentences: Sentences) -> str:
    missing = [result.missing_reason for result in results if result.value is None or result.unit is None]
    return sentences.counts("vitamin_d", recorded=len(results), reasons=missing)


def _remarks(
    points: tuple[ResultPoint, ...], unit: VitaminDUnit, edition: Edition, sentences: Sentences
) -> tuple[str, ...]:
    in_mass = vitamin_d_limits(VitaminDUnit.NG_ML, edition)
    in_moles = vitamin_d_limits(VitaminDUnit.NMOL_L, edition)
    remarks = [
        sentences.say(
            "vitamin_d",
            "scheme_note",
            scheme=in_mass.scheme,
            deficient_ng=plainly(in_mass.deficient),
            deficient_nmol=plainly(in_moles.deficient),
            sufficient_ng=plainly(in_mass.sufficient),
            sufficient_nmol=plainly(in_moles.sufficient),
        )
    ]
    if others := dict.fromkeys(str(point.unit) for point in points if point.is_converted):
        factor = plainly(edition.value("vitamin_d_nmol_per_ng"))
        other = sentences.sections["vitamin_d"]["and"].join(others)
        remarks.append(sentences.say("vitamin_d", "converted_note", other=other, unit=unit, factor=factor))
    share = plainly(100 * edition.value("vitamin_d_change_share"))
    return (*remarks, sentences.say("vitamin_d", "season_note", share=share))


def vitamin_d_figure(vitamin_d: VitaminDView, sentences: Sentences) -> theme.Figure:
    """Draw a vitamin D view: one marker trace per kind of result, limits and winters behind."""
    layout = theme.layout(height=theme.VITAMIN_D_HEIGHT_PX)
    layout["margin"] |= {"r": theme.LEVEL_LABEL_PX}
    layout["xaxis"] = theme.date_axis(sentences.chart("date_axis"), vitamin_d.first, vitamin_d.last)
    layout["yaxis"] = theme.axis(
        sentences.chart("vitamin_d_axis", unit=vitamin_d.unit), range=[0, vitamin_d.highest], fixedrange=True
    )
    layout["shapes"] = [
        *(theme.shaded(begin, finish, fill=theme.SEASON_FILL) for begin, finish in vitamin_d.winters),
        *(
            theme.date_bar(point.first, point.last, point.level, color=theme.RESULT_POINT)
            for point in vitamin_d.drawn_points
            if point.first != point.last and point.level is not None
        ),
        *(theme.level_line(level, color=color, dash=dash) for level, _, color, dash in _limits(vitamin_d, sentences)),
    ]
    layout["annotations"] = [
        theme.level_label(level, text, color=color) for level, text, color, _ in _limits(vitamin_d, sentences)
    ]
    supplements = vitamin_d.supplements
    layout["shapes"] += strip_shapes(supplements, ())
    layout["annotations"] += strip_labels(supplements, (), first=vitamin_d.first, last=vitamin_d.last)
    grouped = groupby(sorted(vitamin_d.drawn_points, key=_group), key=_group)
    traces = [_trace(list(points), vitamin_d, sentences) for _, points in grouped]
    return {
        "data": [*traces, *strip_traces(supplements, (), sentences)],
        "layout": page_theme.with_strip(layout, rows=len(supplements.lanes)),
    }


def _limits(vitamin_d: VitaminDView, sentences: Sentences) -> tuple[tuple[float, str, str, str], ...]:
    lines = (
        (vitamin_d.deficient, "deficient_line", theme.DEFICIENT_LINE, theme.DEFICIENT_DASH),
        (vitamin_d.sufficient, "sufficient_line", theme.SUFFICIENT_LINE, theme.SUFFICIENT_DASH),
    )
    return tuple(
        (level, sentences.say("vitamin_d", name, value=f"{plainly(level)} {vitamin_d.unit}"), color, dash)
        for level, name, color, dash in lines
    )


def _group(point: ResultPoint) -> tuple[str, int]:
    # The unit of the axis first, then the converted ones.
    return f"{point.is_converted:d}{point.unit}", _COMPARATORS.index(point.comparator)


def _trace(points: list[ResultPoint], vitamin_d: VitaminDView, sentences: Sentences) -> dict[str, Any]:
    kind = points[0]
    name = sentences.chart(_WHAT[kind.comparator], unit=vitamin_d.unit)
    if kind.is_converted:
        name = sentences.chart("converted", what=name, unit=kind.unit)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [point.drawn_on for point in points],
        "y": [round(point.level, 2) for point in points if point.level is not None],
        "ids": [str(point.row_id) for point in points],
        "hovertext": [theme.wrapped(escape(point.spoken.clinician)) for point in points],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": theme.result_look(kind.comparator, is_converted=kind.is_converted).marker(),
        "cliponaxis": False,
    }
