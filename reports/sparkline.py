"""The small chart of one episode in the list of patients: scores as points over the expected band, never joined.

A view of plain texts: the path of the band, the paths of the points, and the same in words for whoever cannot see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports import theme
from reports.course_points import ScorePoint, band_edges, score_points
from reports.sentences import Sentences, number
from tracker.analysis.views import EpisodeView
from tracker.dates import DAYS_PER_MONTH

_HIGHEST_NRS = 10
_STEP_MONTHS = 12
_BAND_STEP_DAYS = 28


@dataclass(frozen=True, slots=True)
class Sparkline:
    """What is drawn, as SVG path data in pixels, and in words.

    `fitted` are the points the course was read from, `others` the other scores of the episode; `as_of` is where the
    as-of day stands, None where it lies outside. `months` is how far the axis reaches from day 0.
    """

    months: int
    band: str
    fitted: str
    others: str
    as_of: int | None
    words: str


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where days since day 0 and levels stand, in pixels."""

    first_day: int
    last_day: int

    def x(self, day: int) -> int:
        inside = theme.SPARK_WIDTH_PX - 2 * theme.SPARK_MARGIN_PX
        return theme.SPARK_MARGIN_PX + round(inside * (day - self.first_day) / (self.last_day - self.first_day))

    @staticmethod
    def y(level: float) -> int:
        inside = theme.SPARK_HEIGHT_PX - 2 * theme.SPARK_MARGIN_PX
        return theme.SPARK_MARGIN_PX + round(inside * (1 - level / _HIGHEST_NRS))


def sparkline(episode: EpisodeView, as_of: date, sentences: Sentences) -> Sparkline | None:
    """Make the small chart of an episode; None without an onset, where scores have no place on the course."""
    if episode.day_zero is None:
        return None
    points = score_points(episode.scores, episode, sentences)
    drawn = [point for point in points if point.level is not None]
    day_zero = episode.day_zero
    days = [(date.fromisoformat(point.drawn_on) - day_zero).days for point in drawn]
    months = _months(days)
    axes = _Axes(min(0, *days) if days else 0, round(months * DAYS_PER_MONTH))
    as_of_day = (as_of - day_zero).days
    fitted = [at for at, point in zip(days, drawn, strict=True) if point.use in ("fitted", "waiting")]
    return Sparkline(
        months=months,
        band=_band(episode, axes),
        fitted=_points(drawn, days, axes, of_fit=True),
        others=_points(drawn, days, axes, of_fit=False),
        as_of=axes.x(as_of_day) if axes.first_day <= as_of_day <= axes.last_day else None,
        words=_words(episode, points, (len(drawn), len(fitted), months), sentences),
    )


def _months(days: Iterable[int]) -> int:
    """Give how many months the axis shows: whole years, enough for every point."""
    last = max(days, default=0)
    months = _STEP_MONTHS
    while months * DAYS_PER_MONTH < last:
        months += _STEP_MONTHS
    return months


def _band(episode: EpisodeView, axes: _Axes) -> str:
    """Outline the expected 80 % range, its upper edge forth and its lower edge back."""
    days = range(0, axes.last_day + 1, _BAND_STEP_DAYS)
    edges = [(axes.x(day), found) for day in days if (found := band_edges(episode.expected_band, day)) is not None]
    upper = [f"{x} {axes.y(edge.high80)}" for x, edge in edges]
    lower = [f"{x} {axes.y(edge.low80)}" for x, edge in reversed(edges)]
    return f"M{'L'.join(upper + lower)}z" if edges else ""


def _points(drawn: list[ScorePoint], days: list[int], axes: _Axes, *, of_fit: bool) -> str:
    """Draw each point as a line of no length, which a round end makes a dot: one path, and nothing joined."""
    return "".join(
        f"M{axes.x(day)} {axes.y(point.level)}h0"
        for day, point in zip(days, drawn, strict=True)
        if point.level is not None and (point.use in ("fitted", "waiting")) is of_fit
    )


def _words(
    episode: EpisodeView, points: tuple[ScorePoint, ...], counted: tuple[int, int, int], sentences: Sentences
) -> str:
    n_drawn, n_fitted, months = counted
    drawn = [point for point in points if point.level is not None]
    if not drawn or episode.day_zero is None:
        return sentences.say("clinic", "spark_none", months=months)
    last = drawn[-1]
    edges = band_edges(episode.expected_band, (date.fromisoformat(last.drawn_on) - episode.day_zero).days)
    said = [sentences.say("clinic", "spark_one" if n_drawn == 1 else "spark_many", n=n_drawn, months=months)]
    said.append(sentences.say("clinic", "spark_last", reported=last.reported, day=last.written))
    if edges is not None:
        said.append(sentences.say("clinic", "spark_expected", low=number(edges.low80), high=number(edges.high80)))
    if n_fitted < n_drawn:
        said.append(sentences.say("clinic", "spark_others", n=n_drawn - n_fitted))
    if n_drawn < len(points):
        said.append(sentences.say("clinic", "spark_missing", n=len(points) - n_drawn))
    return " ".join(said)
