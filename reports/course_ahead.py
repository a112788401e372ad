"""What lies ahead of one course, on the calendar: where the next score should be, and which phase is probable when."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from reports.sentences import Sentences, Spoken, probability
from tracker.analysis.next_scores import NextScores
from tracker.analysis.observations import HIGHEST_SCORE
from tracker.analysis.views import EpisodeView
from tracker.clinical.vocabulary import Instrument, Phase

_WEEKS_BETWEEN_ROWS = 4


@dataclass(frozen=True, slots=True)
class DrawnScores:
    """The band of the next score on the calendar, in NRS points, week by week from its `first` day (ISO text)."""

    first: str
    low95: tuple[float, ...]
    low80: tuple[float, ...]
    high80: tuple[float, ...]
    high95: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AheadRow:
    """The band of the next score on one day, in the unit of the instrument, as a table row."""

    on: str
    day: int
    range80: str
    range95: str


@dataclass(frozen=True, slots=True)
class DrawnPhase:
    """A phase and the days on which it is the most probable one (ISO texts, the last one counted)."""

    phase: Phase
    first: str
    last: str
    label: str
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where the next score should be: drawn, in a few rows, and in one sentence for the day that is answered for."""

    drawn: DrawnScores
    rows: tuple[AheadRow, ...]
    spoken: Spoken


def ahead_of(episode: EpisodeView, *, as_of: date, last: date, sentences: Sentences) -> Ahead | None:
    """Put the band of the next score on the calendar, up to the last day that is shown; None where there is none."""
    found, day_zero = episode.next_scores, episode.day_zero
    if found is None or day_zero is None or day_zero + timedelta(days=found.day[0]) > last:
        return None
    n_shown = bisect_right(found.day, (last - day_zero).days)
    points = HIGHEST_SCORE[Instrument.NRS] / HIGHEST_SCORE[found.instrument]

    def shown(edge: tuple[int, ...]) -> tuple[float, ...]:
        return tuple(round(score * points, 1) for score in edge[:n_shown])

    return Ahead(
        drawn=DrawnScores(
            first=(day_zero + timedelta(days=found.day[0])).isoformat(),
            low95=shown(found.low95),
            low80=shown(found.low80),
            high80=shown(found.high80),
            high95=shown(found.high95),
        ),
        rows=tuple(_row(found, place, day_zero) for place in range(len(found.day)) if place % _WEEKS_BETWEEN_ROWS == 0),
        spoken=_spoken(found, day_zero, (as_of, _aspect(episode, sentences)), sentences),
    )


def drawn_phases(episode: EpisodeView, *, first: date, last: date, sentences: Sentences) -> tuple[DrawnPhase, ...]:
    """Put the spans of the phases on the calendar, as far as they are shown; what is before the onset is none."""
    day_zero = episode.day_zero
    if day_zero is None:
        return ()
    spans = [
        (span, day_zero + timedelta(days=span.first_day), day_zero + timedelta(days=span.last_day))
        for span in episode.phase_spans
        if span.phase is not Phase.BEFORE_ONSET
    ]
    return tuple(
        DrawnPhase(
            phase=span.phase,
            first=max(begin, first).isoformat(),
            last=min(end, last).isoformat(),
            label=sentences.word("phase", span.phase),
            spoken=_phase_spoken(span.phase, (begin, end), probability(span.most), sentences),
        )
        for span, begin, end in spans
        if begin <= last and end >= first
    )


def _phase_spoken(phase: Phase, days: tuple[date, date], most: str, sentences: Sentences) -> Spoken:
    name = "phase_open" if phase in (Phase.RESOLVED, Phase.PERSISTENT) else "phase"
    return Spoken(
        sentences.say(
            "ahead",
            name,
            phase=sentences.word("phase", phase),
            first=days[0].isoformat(),
            last=days[1].isoformat(),
            most=most,
        ),
        sentences.say(
            "ahead",
            f"{name}_plain",
            phase=sentences.word("phase_plain", phase),
            first=_month(days[0], sentences),
            last=_month(days[1], sentences),
        ),
    )


def _aspect(episode: EpisodeView, sentences: Sentences) -> str:
    """Name what was scored by the newest score that was read; the next one is meant to be of the same."""
    read = [score for score in episode.scores if score.row_id in episode.fitted_row_ids]
    newest = max(read, key=lambda score: score.visit_date.middle)
    return sentences.word("aspect", newest.aspect)


def _spoken(found: NextScores, day_zero: date, asked_for: tuple[date, str], sentences: Sentences) -> Spoken:
    """Say it for the day that is answered for, or for the first day after the last score where that is the same."""
    as_of, aspect = asked_for
    asked = max((as_of - day_zero).days, found.day[0])
    if asked > found.day[-1]:
        furthest = (day_zero + timedelta(days=found.day[-1])).isoformat()
        return Spoken(sentences.say("ahead", "too_long", last=furthest), sentences.say("ahead", "too_long_plain"))
    place = bisect_right(found.day, asked) - 1
    row = _row(found, place, day_zero)
    unit = sentences.say("ahead", f"unit_{found.instrument}", aspect=aspect)
    on = (day_zero + timedelta(days=asked)).isoformat()
    return Spoken(
        sentences.say("ahead", "next", on=on, range80=row.range80, range95=row.range95, unit=unit),
        sentences.say(
            "ahead", "next_plain", range80=row.range80, unit=sentences.say("ahead", f"plain_{found.instrument}")
        ),
    )


def _row(found: NextScores, place: int, day_zero: date) -> AheadRow:
    day = found.day[place]
    return AheadRow(
        on=(day_zero + timedelta(days=day)).isoformat(),
        day=day,
        range80=f"{found.low80[place]}–{found.high80[place]}",
        range95=f"{found.low95[place]}–{found.high95[place]}",
    )


def _month(day: date, sentences: Sentences) -> str:
    return f"{sentences.word('month', day.month)} {day.year}"
