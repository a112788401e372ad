"""The strip below a pain chart, outside its bands: phases, treatments with doses, pregnancy, one lane each.

Every treatment is in the table of treatments, whether it has a lane or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from reports import page_theme, theme
from reports.course_ahead import DrawnPhase
from reports.fact_words import dose_words, pregnancy_words, treatment_name, values_of
from reports.sentences import Sentences, Spoken, place
from tracker.analysis.views import PatientView
from tracker.clinical.case_record import PregnancyStatus, Treatment
from tracker.clinical.sites import find_site
from tracker.dates import PartialDate

MOST_TREATMENT_LANES = 8
_LABEL_LETTERS = 34


@dataclass(frozen=True, slots=True)
class EventMark:
    """One event of a lane on a day; `kind` is ``start``, ``end``, ``dose`` or ``status``."""

    on: str
    kind: str
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class EventLane:
    """One treatment, or pregnancy: a bar per `spans` (first and last day, whether its end is open), and its marks."""

    label: str
    spans: tuple[tuple[str, str, bool], ...]
    marks: tuple[EventMark, ...]


@dataclass(frozen=True, slots=True)
class EventStrip:
    """The lanes of one chart; `left_out` treatments began without a lane left for them, or on no known day."""

    lanes: tuple[EventLane, ...]
    left_out: tuple[str, ...] = ()


NO_EVENTS = EventStrip(())


def event_strip(view: PatientView, site: str | None, *, first: date, last: date, sentences: Sentences) -> EventStrip:
    """Collect what happened besides the pain of a site: treatments for it or for no site, and pregnancy.

    Parameters
    ----------
    site : str, optional
        A treatment for another site is left to the chart of that site; without one, all of them are taken.
    first, last : datetime.date
        The days that are shown; what lies outside is not drawn.
    """
    shown = _Shown(first, min(last, max(view.provenance.as_of, first)), sentences)
    of_site = [one for one in view.record.treatments if _is_near(one.site, site)]
    groups: dict[str, list[Treatment]] = {}
    for treatment in of_site:
        groups.setdefault(treatment_name(values_of(treatment)), []).append(treatment)
    lanes = {name: shown.treatments(name, group) for name, group in groups.items()}
    drawn = [lane for lane in lanes.values() if lane is not None]
    left_out = [name for name, lane in lanes.items() if lane is None]
    left_out += [lane.label for lane in drawn[MOST_TREATMENT_LANES:]]
    pregnancy = shown.pregnancy(view.record.pregnancy)
    return EventStrip((*pregnancy, *drawn[:MOST_TREATMENT_LANES]), tuple(left_out))


def _is_near(one: str | None, other: str | None) -> bool:
    """Say whether two sites are in one region and of the same side; what names no site is near to all."""
    if one is None or other is None:
        return True
    first, second = find_site(one), find_site(other)
    return first.region == second.region and first.side == second.side


@dataclass(frozen=True, slots=True)
class _Shown:
    first: date
    last: date
    sentences: Sentences

    def treatments(self, name: str, group: list[Treatment]) -> EventLane | None:
        """Give the lane of one treatment, however often it was given; None where no day of it is shown."""
        spans, marks = [], []
        for treatment in group:
            span = self._span(treatment)
            if span is not None:
                spans.append(span)
                marks += list(self._marks(name, treatment))
        return EventLane(name, tuple(spans), tuple(marks)) if spans else None

    def pregnancy(self, said: tuple[PregnancyStatus, ...]) -> tuple[EventLane, ...]:
        marks = []
        for status in said:
            if self._is_shown(status.stated_on):
                words = pregnancy_words(values_of(status), self.sentences)
                marks.append(self._mark("status", status.stated_on, self.sentences.say("event", "pregnancy"), words))
        return (EventLane(self.sentences.say("event", "pregnancy"), (), tuple(marks)),) if marks else ()

    def _span(self, treatment: Treatment) -> tuple[str, str, bool] | None:
        if treatment.started is None or treatment.started.middle > self.last:
            return None
        ended = self.last if treatment.ended is None else treatment.ended.middle
        if ended < self.first:
            return None
        begun = max(treatment.started.middle, self.first)
        return begun.isoformat(), max(min(ended, self.last), begun).isoformat(), treatment.ended is None

    def _marks(self, name: str, treatment: Treatment) -> Iterator[EventMark]:
        where = "" if treatment.site is None else f" ({place(treatment.site)})"
        first_dose = next((d for d in treatment.doses if d.dose_since == treatment.started), None)
        if treatment.started is not None and self._is_shown(treatment.started):
            dose = "" if first_dose is None else f", {dose_words(values_of(first_dose), self.sentences)}"
            yield self._mark("start", treatment.started, name, self.sentences.say("event", "began") + where + dose)
        for dose_row in treatment.doses:
            if dose_row is not first_dose and self._is_shown(dose_row.dose_since):
                yield self._mark("dose", dose_row.dose_since, name, dose_words(values_of(dose_row), self.sentences))
        if treatment.ended is not None and self._is_shown(treatment.ended):
            reason = "" if treatment.ending_reason is None else f": {treatment.ending_reason}"
            yield self._mark("end", treatment.ended, name, self.sentences.say("event", "ended") + reason)

    def _is_shown(self, on: PartialDate) -> bool:
        return self.first <= on.middle <= self.last

    def _mark(self, kind: str, on: PartialDate, name: str, words: str) -> EventMark:
        said = {"on": on.in_words(), "what": name, "words": words}
        return EventMark(
            on.middle.isoformat(),
            kind,
            Spoken(self.sentences.say("event", "clinician", **said), self.sentences.say("event", "plain", **said)),
        )


def strip_rows(strip: EventStrip, phases: tuple[DrawnPhase, ...]) -> int:
    """Count the lanes to draw."""
    return len(strip.lanes) + bool(phases)


def strip_traces(strip: EventStrip, phases: tuple[DrawnPhase, ...], sentences: Sentences) -> list[dict[str, Any]]:
    """Draw the marks of the strip on its own axis: phases first, then one lane under the other."""
    traces: list[dict[str, Any]] = []
    if phases:
        middles = [_middle(phase.first, phase.last) for phase in phases]
        traces.append(_marks(middles, [0.0] * len(phases), [phase.spoken for phase in phases], page_theme.PHASE_POINT))
    lanes = list(enumerate(strip.lanes, start=int(bool(phases))))
    for kind in page_theme.EVENT_LOOKS:
        found = [(mark, lane) for lane, one in lanes for mark in one.marks if mark.kind == kind]
        if found:
            days, levels = [mark.on for mark, _ in found], [lane + page_theme.EVENT_BAR_OFFSET for _, lane in found]
            trace = _marks(days, levels, [mark.spoken for mark, _ in found], page_theme.EVENT_LOOKS[kind].marker())
            traces.append(trace | {"name": sentences.chart(f"event_{kind}")})
    return traces


def strip_shapes(strip: EventStrip, phases: tuple[DrawnPhase, ...]) -> list[dict[str, Any]]:
    """Draw the phases as shaded days through the whole chart and as a ribbon, and a bar per treatment."""
    shapes = [page_theme.phase_shade(p.first, _day_after(p.last), p.phase) for p in phases]
    shapes += [page_theme.phase_ribbon(p.first, _day_after(p.last), p.phase) for p in phases]
    for lane, one in enumerate(strip.lanes, start=int(bool(phases))):
        shapes += [page_theme.event_bar(begin, end, lane, is_open=is_open) for begin, end, is_open in one.spans]
    return shapes


def strip_labels(strip: EventStrip, phases: tuple[DrawnPhase, ...], *, first: str, last: str) -> list[dict[str, Any]]:
    """Name each phase where its days are wide enough for the word, and each lane at its left end."""
    width = theme.day_number(last) - theme.day_number(first)
    labels = [
        page_theme.strip_label(phase.label, _middle(phase.first, phase.last), 0, is_middle=True)
        for phase in phases
        if page_theme.fits(phase.label, (theme.day_number(phase.last) - theme.day_number(phase.first)) / width)
    ]
    lanes = enumerate(strip.lanes, start=int(bool(phases)))
    return labels + [page_theme.strip_label(_short(one.label), first, lane, is_middle=False) for lane, one in lanes]


def _marks(days: list[str], levels: list[float], spoken: list[Spoken], marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": days,
        "y": levels,
        "yaxis": "y2",
        "hovertext": [page_theme.spoken(escape(one.clinician), escape(one.plain)) for one in spoken],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": marker,
    }


def _short(label: str) -> str:
    escaped = label if len(label) <= _LABEL_LETTERS else f"{label[: _LABEL_LETTERS - 1]}…"
    return escape(escaped)


def _middle(first: str, last: str) -> str:
    return date.fromordinal((theme.day_number(first) + theme.day_number(last)) // 2).isoformat()


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
