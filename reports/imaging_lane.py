"""Imaging findings, one lane per site, sign and modality over time: view, then figure.

Present, absent and not examined are three symbols: absence is a finding only
if somebody looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from reports import theme
from reports.imaging_windows import ExpectedWindow, expected_windows, window_remarks
from reports.lane_shapes import lane_height, lane_ticks, window_trace
from reports.sentences import Sentences, Spoken, capitalized, place, plainly
from tracker.analysis.views import PatientView
from tracker.clinical.record import ImagingFinding
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import EdemaGrade, Finding, Modality, Presence

_MARGIN_SHARE = 0.06
_LEAST_MARGIN_DAYS = 20
_FINDINGS, _MODALITIES = list(Finding), list(Modality)


@dataclass(frozen=True, slots=True)
class FindingPoint:
    """One finding; `lane` counts from 0 at the top, `extent` is what stands beside the symbol."""

    row_id: int
    drawn_on: str
    first: str
    last: str
    written: str
    lane: int
    lane_label: str
    finding: Finding
    presence: Presence
    presence_in_words: str
    extent: str
    details: str
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class ImagingView:
    """Everything the imaging chart, its table and its sentences need; `lanes` from top to bottom, windows first."""

    key: str
    title: str
    lanes: tuple[str, ...]
    first: str
    last: str
    points: tuple[FindingPoint, ...]
    counts: str
    windows: tuple[ExpectedWindow, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def spoken_points(self) -> tuple[FindingPoint, ...]:
        """The points whose sentences stand below the chart: edema is spoken on the foot map, bone by bone."""
        return tuple(point for point in self.points if point.finding is not Finding.EDEMA)


def imaging_view(view: PatientView, edition: Edition, sentences: Sentences) -> ImagingView | None:
    """Make the imaging view of a patient; None where nothing is recorded."""
    findings = sorted(view.record.imaging, key=lambda f: (f.visit_date.middle, f.visit_date, *_lane_key(f), f.row_id))
    if not findings:
        return None
    windows = expected_windows(view, edition, sentences)
    keys = sorted({_lane_key(finding) for finding in findings})
    labels = {_lane_key(finding): _lane_label(finding, sentences) for finding in findings}
    points = tuple(
        _point(finding, len(windows) + keys.index(_lane_key(finding)), labels[_lane_key(finding)], sentences)
        for finding in findings
    )
    spans = [(finding.visit_date.first, finding.visit_date.last) for finding in findings]
    spans += [(date.fromisoformat(window.first), date.fromisoformat(window.last)) for window in windows]
    first, last = min(first for first, _ in spans), max(last for _, last in spans)
    margin = timedelta(days=max(round((last - first).days * _MARGIN_SHARE), _LEAST_MARGIN_DAYS))
    return ImagingView(
        key="imaging",
        title=sentences.say("imaging", "title"),
        lanes=(*(window.lane_label for window in windows), *(labels[key] for key in keys)),
        first=(first - margin).isoformat(),
        last=(last + margin).isoformat(),
        points=points,
        counts=sentences.counts("imaging", recorded=len(findings), reasons=()),
        windows=windows,
        remarks=window_remarks(windows, sentences),
    )


def _lane_key(finding: ImagingFinding) -> tuple[str, int, int]:
    return finding.site, _FINDINGS.index(finding.finding), _MODALITIES.index(finding.modality)


def _lane_label(finding: ImagingFinding, sentences: Sentences) -> str:
    return sentences.say("imaging", "lane", **_words(finding, sentences) | {"site": capitalized(place(finding.site))})


def _words(finding: ImagingFinding, sentences: Sentences) -> dict[str, str]:
    return {
        "site": place(finding.site),
        "finding": sentences.word("finding", finding.finding),
        "modality": sentences.word("modality", finding.modality),
        "presence": sentences.word("presence", finding.presence),
    }


def _point(finding: ImagingFinding, lane: int, lane_label: str, sentences: Sentences) -> FindingPoint:
    extent, details = _extent(finding, sentences)
    said = _words(finding, sentences) | {"when": finding.visit_date.in_words()}
    plain = "plain_not_examined" if finding.presence is Presence.NOT_EXAMINED else "plain"
    return FindingPoint(
        row_id=finding.row_id,
        drawn_on=finding.visit_date.middle.isoformat(),
        first=finding.visit_date.first.isoformat(),
        last=finding.visit_date.last.isoformat(),
        written=str(finding.visit_date),
        lane=lane,
        lane_label=lane_label,
        finding=finding.finding,
        presence=finding.presence,
        presence_in_words=said["presence"],
        extent=extent,
        details=details,
        spoken=Spoken(
            clinician=sentences.say(
                "imaging",
                "clinician",
                extent=sentences.say("imaging", "extent", details=details) if details else "",
                **said,
            ),
            plain=sentences.say("imaging", plain, **said),
        ),
    )


def _extent(finding: ImagingFinding, sentences: Sentences) -> tuple[str, str]:
    """Give the short mark for the chart, and all that was said of the extent for the table."""
    percent = grade = pattern = ""
    if finding.edema_percent is not None:
        percent = sentences.say("imaging", "percent", percent=plainly(finding.edema_percent))
    if finding.edema_grade is not None:
        grade = sentences.word("edema_grade", EdemaGrade(finding.edema_grade).value)
    if finding.edema_pattern is not None:
        pattern = sentences.word("edema_pattern", finding.edema_pattern)
    short = percent or (sentences.say("imaging", "grade", grade=finding.edema_grade) if grade else "")
    return short, ", ".join(part for part in (percent, grade, pattern) if part)


def imaging_figure(imaging: ImagingView, sentences: Sentences) -> theme.Figure:
    """Draw an imaging view: one marker trace per presence over the expected windows, lanes from top to bottom."""
    ticks = lane_ticks(imaging.lanes)
    height = theme.LANES_FRAME_PX + lane_height(ticks["ticktext"]) * len(imaging.lanes)
    layout = theme.layout(height=height)
    layout["xaxis"] = theme.date_axis(sentences.chart("date_axis"), imaging.first, imaging.last)
    layout["yaxis"] = theme.axis(
        "",
        **ticks,
        range=[len(imaging.lanes) - 0.5, -0.5],
        automargin=True,
        fixedrange=True,
    )
    layout["shapes"] = [
        theme.date_bar(point.first, point.last, point.lane, color=theme.PRESENCE_COLORS[point.presence])
        for point in imaging.points
        if point.first != point.last
    ]
    grouped = ((presence, [p for p in imaging.points if p.presence is presence]) for presence in Presence)
    expected = sentences.say("imaging_window", "legend")
    windows = [
        window_trace(w.first, w.last, w.lane, name=None if w.lane else expected, words=w.spoken)
        for w in imaging.windows
    ]
    found = [_trace(presence, points, sentences) for presence, points in grouped if points]
    return {"data": [*windows, *found], "layout": layout}


def _trace(presence: Presence, points: list[FindingPoint], sentences: Sentences) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": sentences.chart("presence", presence=sentences.word("presence", presence)),
        "x": [point.drawn_on for point in points],
        "y": [point.lane for point in points],
        "ids": [str(point.row_id) for point in points],
        "text": [point.extent for point in points],
        "textposition": "middle right",
        "textfont": {"size": theme.SMALL_PX, "color": theme.INK},
        "hovertext": [theme.wrapped(escape(point.spoken.clinician)) for point in points],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": theme.presence_look(presence).marker(),
        "cliponaxis": False,
    }
