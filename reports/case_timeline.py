"""A case as events on days: what the figure draws, the table lists and the text is made of; no date and no code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.sentences import Sentences, plainly
from tracker.analysis.disclosure.days import Zero, day_since, day_zero
from tracker.analysis.observations import HIGHEST_SCORE
from tracker.analysis.views import PatientView
from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.sites import site_label
from tracker.clinical.vocabulary import Comparator, Finding, Instrument, Presence
from tracker.clinical.word_lists import WordList, find_word


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One thing of a case.

    `day` counts from day 0 and may be `off` by so many days, `until` is the day on which what lasts ended; None where
    nobody said. `level` is a pain score in tenths of its scale, drawn at that height; None where it is missing.
    """

    lane: str
    place: str
    words: str
    day: int | None
    off: int | None
    until: int | None = None
    lasts: bool = False
    level: float | None = None
    is_vas: bool = False

    @property
    def when(self) -> str:
        """The day as it is written: ``day 41``, ``day 15 ±15``."""
        if self.day is None:
            return "day not known"
        return f"day {self.day}" + (f" ±{self.off}" if self.off else "")


@dataclass(frozen=True, slots=True)
class CaseTimeline:
    """The events of a case by lane and day, and what day 0 is; `last_day` is the as-of day."""

    zero: Zero
    events: tuple[CaseEvent, ...]
    last_day: int | None

    def of_lane(self, lane: str) -> tuple[CaseEvent, ...]:
        """Give the events of one lane."""
        return tuple(event for event in self.events if event.lane == lane)


def case_timeline(view: PatientView, sentences: Sentences) -> CaseTimeline:
    """Put a patient's record on days."""
    record, zero = view.record, day_zero(view.record)
    found = [
        *_episodes(record, zero),
        *_pain(record, zero, sentences),
        *_vitamin_d(record, zero, sentences),
        *_labs(record, zero, sentences),
        *_imaging(record, zero, sentences),
        *_treatments(record, zero),
    ]
    lanes = list(sentences.words["case_lane"])

    def place(one: CaseEvent) -> tuple[object, ...]:
        return lanes.index(one.lane), one.day is None, one.day or 0, one.place, one.words, one.off or 0

    order = sorted(found, key=place)
    last = None if zero.day is None else (view.provenance.as_of - zero.day).days
    return CaseTimeline(zero, tuple(order), last)


def _episodes(record: PatientRecord, zero: Zero) -> Iterator[CaseEvent]:
    for one in record.episodes:
        day, off = day_since(zero, one.onset)
        yield CaseEvent(
            "episode", site_label(one.site), _state(one), day, off, day_since(zero, one.closed_on)[0], lasts=True
        )


def _state(episode: Episode) -> str:
    mode = "" if episode.mode is None else f", {episode.mode} onset"
    return ("closed" if episode.closed_on is not None else "open") + mode


def _pain(record: PatientRecord, zero: Zero, sentences: Sentences) -> Iterator[CaseEvent]:
    for one in record.pain_scores:
        said = sentences.missing(one.missing_reason) if one.score is None else str(one.score)
        words = f"{sentences.word('instrument', one.instrument)} {said}, {sentences.word('aspect', one.aspect)}"
        day, off = day_since(zero, one.visit_date)
        level = None if one.score is None else one.score / HIGHEST_SCORE[one.instrument]
        is_vas = one.instrument is Instrument.VAS
        yield CaseEvent("pain", site_label(one.site), words, day, off, level=level, is_vas=is_vas)


def _vitamin_d(record: PatientRecord, zero: Zero, sentences: Sentences) -> Iterator[CaseEvent]:
    for one in record.vitamin_d:
        words = _value(one.value, one.comparator, one.unit) or sentences.missing(one.missing_reason)
        yield CaseEvent("vitamin_d", "", words, *day_since(zero, one.visit_date))


def _labs(record: PatientRecord, zero: Zero, sentences: Sentences) -> Iterator[CaseEvent]:
    for one in record.labs:
        name = find_word(WordList.LAB, one.analyte)
        # a unit that somebody typed could hold anything
        value = _value(one.value, one.comparator, one.unit if one.unit in name.units else "")
        said = value or ("" if one.judgement is None else one.judgement.value) or sentences.missing(one.missing_reason)
        yield CaseEvent("laboratory", "", f"{name.label} {said}".strip(), *day_since(zero, one.visit_date))


def _value(value: float | None, comparator: Comparator | None, unit: str | None) -> str:
    return "" if value is None else f"{comparator or ''}{plainly(value)} {unit or ''}".strip()


def _imaging(record: PatientRecord, zero: Zero, sentences: Sentences) -> Iterator[CaseEvent]:
    for one in record.imaging:
        words = f"{sentences.word('modality', one.modality)}: {sentences.word('finding', one.finding)} "
        words += sentences.word("presence", one.presence)
        if one.finding is Finding.EDEMA and one.presence is Presence.PRESENT:
            grade = "" if one.edema_grade is None else f", {sentences.word('edema_grade', one.edema_grade)}"
            percent = "" if one.edema_percent is None else f", {plainly(one.edema_percent)} % of the bone"
            words += grade + percent
        yield CaseEvent("imaging", site_label(one.site), words, *day_since(zero, one.visit_date))


def _treatments(record: PatientRecord, zero: Zero) -> Iterator[CaseEvent]:
    for one in record.treatments:
        label = find_word(WordList.TREATMENT, one.treatment).label
        doses = "".join(f", {plainly(dose.dose)} {dose.dose_unit}" for dose in one.doses)
        place = "" if one.site is None else site_label(one.site)
        until = day_since(zero, one.ended)[0]
        yield CaseEvent("treatment", place, f"{label}{doses}", *day_since(zero, one.started), until, lasts=True)
