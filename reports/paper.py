"""The one page that can be filed: small charts as plain drawings, the newest numbers, nothing that needs a script.

A small chart shows the same bands and every score of the course it stands for; what it leaves out is named on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from markupsafe import Markup

from reports import page_theme, theme
from reports.course_points import ScorePoint
from reports.course_view import CourseView, DrawnBand
from reports.fact_words import treatment_name, values_of
from reports.header_strip import StripPart, shortened, silent_days
from reports.sentences import Sentences, capitalized, place, probability
from reports.vitamin_d_text import reported
from tracker.analysis.results import CourseFit
from tracker.analysis.views import EpisodeView, PatientView
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument
from tracker.dates import DAYS_PER_WEEK

WIDTH, HEIGHT = 300, 104
_LEFT, _RIGHT, _TOP, _FOOT = 16, 4, 4, 12
_HIGHEST = 10
_EVERY = 3
# No interval of a resolution day ends later than the horizon of the course, three years.
_FURTHEST_DAYS = 4000
_MOST_LINES = 4
_FEW_COURSES, _FEW_LINES = 6, 3


@dataclass(frozen=True, slots=True)
class SmallChart:
    """One course on paper: its title, its drawing and the newest score."""

    title: str
    drawing: Markup
    newest: str


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """What is printed: the four answers shortened, a small chart per course, and key numbers per episode.

    `facts` are the newest vitamin D and the treatments that go on.
    """

    strip: tuple[StripPart, ...]
    charts: tuple[SmallChart, ...]
    rows: tuple[tuple[str, ...], ...]
    facts: tuple[str, ...]


def paper_sheet(
    view: PatientView,
    edition: Edition,
    strip: tuple[StripPart, ...],
    courses: tuple[CourseView, ...],
    sentences: Sentences,
) -> PaperSheet:
    """Make the sheet; with many courses each answer gets fewer lines, so that all charts stay on one page."""
    most = _MOST_LINES if len(courses) <= _FEW_COURSES else _FEW_LINES
    return PaperSheet(
        strip=tuple(shortened(part, most, sentences) for part in strip),
        charts=tuple(_small(course, sentences) for course in courses),
        rows=tuple(_row(episode, view, edition, sentences) for episode in view.episodes),
        facts=tuple(_facts(view, sentences)),
    )


def _facts(view: PatientView, sentences: Sentences) -> Iterator[str]:
    if view.vitamin_d:
        newest = view.vitamin_d[-1].result
        said = reported(newest, sentences)
        yield sentences.say("paper", "vitamin_d", on=newest.visit_date, reported=said)
    going_on = [treatment_name(values_of(one)) for one in view.record.treatments if one.ended is None]
    if going_on:
        yield sentences.say("paper", "treatments", names=", ".join(dict.fromkeys(going_on)))


def _row(episode: EpisodeView, view: PatientView, edition: Edition, sentences: Sentences) -> tuple[str, ...]:
    """Give site, onset, scores read, phase, resolution, and kind of course; a dash where nothing can be said."""
    fit, stated = episode.course, episode.episode
    site, onset = capitalized(place(stated.site)), str(stated.onset or "–")
    if not isinstance(fit, CourseFit) or not fit.resembles_known:
        return site, onset, str(len(episode.fitted_row_ids)), "–", "–", "–"
    kind = fit.most_likely_class
    return (
        site,
        onset,
        str(fit.n_scores),
        "–"
        if silent_days(episode, view, edition)
        else f"{sentences.word('phase', fit.phase)} {probability(fit.phases[fit.phase])}",
        _resolution(fit, episode.day_zero),
        f"{sentences.word('course_class', kind)} {probability(fit.class_probabilities[kind])}",
    )


def _resolution(fit: CourseFit, day_zero: date | None) -> str:
    found = fit.resolution_day
    if found is None or day_zero is None:
        return "–"
    median, low, high = (
        (day_zero + timedelta(days=round(min(day, _FURTHEST_DAYS)))).isoformat()
        for day in (found.median, found.low95, found.high95)
    )
    return f"{median} ({low}–{high})"


def _small(course: CourseView, sentences: Sentences) -> SmallChart:
    newest = course.points[-1] if course.points else None
    said = "" if newest is None else sentences.say("paper", "newest", on=newest.written, reported=newest.reported)
    return SmallChart(course.title.partition(":")[0], drawing(course), said)


def drawing(course: CourseView) -> Markup:
    """Draw a course: bands, onset, the day answered for, and every score that has a level."""
    scale = _Scale(theme.day_number(course.first), theme.day_number(course.last))
    parts = [_frame()]
    if course.expected is not None:
        parts.append(_area(course.expected, "95", scale, {"fill": theme.EXPECTED_95}))
        parts.append(_area(course.expected, "80", scale, {"fill": theme.EXPECTED_80}))
    if course.own is not None:
        parts.append(_area(course.own, "80", scale, {"fill": "none", "stroke": theme.OWN, "stroke-dasharray": "3 2"}))
    if course.ahead is not None:
        drawn = course.ahead.drawn
        days = [theme.day_number(drawn.first) + DAYS_PER_WEEK * week for week in range(len(drawn.low80))]
        edges = {"fill": "none", "stroke": page_theme.NEXT}
        low, high = (_stepped(scale.edge(days, levels)) for levels in (drawn.low80, drawn.high80))
        parts.append(_polygon(low + high[::-1], edges))
    for mark, color in ((course.onset, theme.ONSET_LINE), (course.as_of, theme.AS_OF_LINE)):
        if mark is not None:
            parts.append(_upright(scale.x(theme.day_number(mark.last)), color))
    parts += [_dots(course.drawn_points, instrument, scale) for instrument in Instrument]
    parts.append(_days(course))
    opening = Markup('<svg viewBox="0 0 {} {}" font-size="8" text-anchor="end" aria-hidden="true">').format(
        WIDTH, HEIGHT
    )
    return opening + Markup("").join(parts) + Markup("</svg>")


@dataclass(frozen=True, slots=True)
class _Scale:
    first: int
    last: int

    def x(self, day: int) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (day - self.first) / (self.last - self.first), 1)

    def y(self, level: float) -> float:
        return round(_TOP + (HEIGHT - _TOP - _FOOT) * (1 - level / _HIGHEST), 1)

    def edge(self, days: Iterable[int], levels: Iterable[float]) -> list[tuple[float, float]]:
        return [(self.x(day), self.y(level)) for day, level in zip(days, levels, strict=True) if day <= self.last]


def _frame() -> Markup:
    scale = _Scale(0, 1)
    levels = (0, _HIGHEST // 2, _HIGHEST)
    rules = "".join(f"M{_LEFT} {scale.y(level):g}H{WIDTH - _RIGHT}" for level in levels)
    written = Markup("").join(
        Markup('<text x="{}" y="{:g}">{}</text>').format(_LEFT - 3, scale.y(level) + 3, level) for level in levels
    )
    return Markup('<path d="{}" stroke="{}"/>').format(rules, theme.GRID) + written


def _days(course: CourseView) -> Markup:
    written = '<text x="{}" y="{}"{}>{}</text>'
    left = Markup(written).format(_LEFT, HEIGHT - 2, Markup(' text-anchor="start"'), course.first)
    return left + Markup(written).format(WIDTH - _RIGHT, HEIGHT - 2, "", course.last)


def _area(band: DrawnBand, width: str, scale: _Scale, paint: dict[str, str]) -> Markup:
    """Draw a band through every third of its weeks and its last one: on paper no more can be seen."""
    start = theme.day_number(band.first) - band.day[0]
    kept = sorted({*range(0, len(band.day), _EVERY), len(band.day) - 1})
    days = [start + band.day[place] for place in kept]
    low, high = (
        scale.edge(days, [getattr(band, f"{side}{width}")[place] for place in kept]) for side in ("low", "high")
    )
    return _polygon(low + high[::-1], paint)


def _stepped(edge: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Hold each level until the next day: a score is whole."""
    held = [(after[0], before[1]) for before, after in pairwise(edge)]
    return [corner for pair in zip(edge, held, strict=False) for corner in pair] + edge[-1:]


def _polygon(corners: list[tuple[float, float]], paint: dict[str, str]) -> Markup:
    (x, y), *others = corners
    painted = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in paint.items())
    steps = "".join(_step(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(((x, y), *others)))
    return Markup('<path d="M{:g} {:g}{}z"{}/>').format(x, y, steps, painted)


def _step(right: float, down: float) -> str:
    """Write a line from the last corner, in tenths, in as few letters as there are."""
    right, down = round(right, 1), round(down, 1)
    if not down:
        return f"h{right:g}" if right else ""
    return f"l{right:g}{'' if down < 0 else ' '}{down:g}" if right else f"v{down:g}"


def _upright(x: float, color: str) -> Markup:
    return Markup('<path d="M{} {}V{}" stroke="{}" stroke-width=".7"/>').format(x, _TOP, HEIGHT - _FOOT, color)


def _dots(points: tuple[ScorePoint, ...], instrument: Instrument, scale: _Scale) -> Markup:
    """Draw the scores of an instrument as one path: round dots for the NRS, square ones for the VAS."""
    own = [point for point in points if point.instrument is instrument and point.level is not None]
    if not own:
        return Markup("")
    path = "".join(f"M{scale.x(theme.day_number(p.drawn_on)):g} {scale.y(p.level or 0.0):g}h0" for p in own)
    cap = "round" if instrument is Instrument.NRS else "square"
    color = theme.SCORE_COLORS[instrument]
    return Markup('<path class="dots" d="{}" stroke="{}" stroke-width="4.2" stroke-linecap="{}"/>').format(
        path, color, cap
    )
