"""Pain scores as points on a chart: where each is drawn, and what is said about it.

A score is compared with the band of the pain level on its own day; between two
days of a band its edges are read along the straight line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.sentences import Sentences, Spoken, number, place
from tracker.analysis.results import CourseFit, InsufficientData, LevelBand
from tracker.analysis.views import EpisodeView
from tracker.clinical.record import PainScore
from tracker.clinical.vocabulary import Aspect, Instrument

MM_PER_POINT = 10


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """One pain score; `level` is None, and it is not drawn, where the score is missing.

    `drawn_on` is the middle possible day; `first` to `last` are all possible
    days (ISO texts). `level` is in NRS points: VAS millimeters are drawn at a
    tenth. `use` is ``fitted``, ``waiting`` (there is no fit yet), ``claimed`` (by the
    episode, not used by its fit) or ``unclaimed``.
    """

    row_id: int
    drawn_on: str
    first: str
    last: str
    written: str
    day: str
    instrument: Instrument
    aspect: Aspect
    level: float | None
    reported: str
    use: str
    is_surprising: bool
    expected80: str
    own80: str
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class BandEdges:
    """The edges of a band on one day, NRS points."""

    low95: float
    low80: float
    high80: float
    high95: float


def score_points(
    scores: Iterable[PainScore], episode: EpisodeView | None, sentences: Sentences
) -> tuple[ScorePoint, ...]:
    """Make the points of a chart, by date; `episode` is None for a site without one."""
    ordered = sorted(scores, key=lambda score: (score.visit_date.middle, score.visit_date, score.row_id))
    return tuple(_point(score, episode, sentences) for score in ordered)


def places(points: Iterable[ScorePoint]) -> Counter[tuple[str, float]]:
    """Count the points drawn at each place."""
    return Counter((point.drawn_on, point.level) for point in points if point.level is not None)


def _point(score: PainScore, episode: EpisodeView | None, sentences: Sentences) -> ScorePoint:
    day_zero = None if episode is None else episode.day_zero
    days = None if day_zero is None else _days(score, day_zero)
    middle = None if day_zero is None else (score.visit_date.middle - day_zero).days
    fit = episode.course if episode is not None and isinstance(episode.course, CourseFit) else None
    expected = None if episode is None or middle is None else band_edges(episode.expected_band, middle)
    band = None if episode is None else episode.own_band
    own = None if band is None or middle is None else band_edges(band, middle)
    use = _use(score, episode)
    is_surprising = fit is not None and use == "fitted" and middle in fit.surprising_days
    level = _level(score)
    when = sentences.when(score.visit_date, days)
    reported = _reported(score, episode, sentences)
    if level is None:
        spoken = _spoken_missing(score, when, sentences)
    else:
        said = {"when": when, "reported": reported, "remarks": _remarks(use, is_surprising, sentences)}
        spoken = _spoken(score, _position(level, middle, expected), said, sentences)
    return ScorePoint(
        row_id=score.row_id,
        drawn_on=score.visit_date.middle.isoformat(),
        first=score.visit_date.first.isoformat(),
        last=score.visit_date.last.isoformat(),
        written=str(score.visit_date),
        day="" if days is None else "–".join(dict.fromkeys(str(day) for day in days)),
        instrument=score.instrument,
        aspect=score.aspect,
        level=level,
        reported=reported,
        use=use,
        is_surprising=is_surprising,
        expected80=_range80(expected),
        own80=_range80(own),
        spoken=spoken,
    )


def _days(score: PainScore, day_zero: date) -> tuple[int, int]:
    return (score.visit_date.first - day_zero).days, (score.visit_date.last - day_zero).days


def _level(score: PainScore) -> float | None:
    if score.score is None:
        return None
    return score.score / MM_PER_POINT if score.instrument is Instrument.VAS else float(score.score)


def _use(score: PainScore, episode: EpisodeView | None) -> str:
    if episode is None or all(score.row_id != claimed.row_id for claimed in episode.scores):
        return "unclaimed"
    if isinstance(episode.course, InsufficientData):
        return "waiting"
    return "fitted" if score.row_id in episode.fitted_row_ids else "claimed"


def band_edges(band: LevelBand, day: int) -> BandEdges | None:
    """Read a band's edges on a day, between two of its own days along the straight line; None outside it."""
    if not band.day or not band.day[0] <= day <= band.day[-1]:
        return None
    after = bisect_left(band.day, day)
    before = max(after - 1, 0)
    length = band.day[after] - band.day[before]
    share = (day - band.day[before]) / length if length else 0.0

    def read(edge: tuple[float, ...]) -> float:
        return edge[before] + share * (edge[after] - edge[before])

    return BandEdges(read(band.low95), read(band.low80), read(band.high80), read(band.high95))


def _range80(edges: BandEdges | None) -> str:
    return "" if edges is None else f"{number(edges.low80)}–{number(edges.high80)}"


def _reported(score: PainScore, episode: EpisodeView | None, sentences: Sentences) -> str:
    """Write a score in its own unit, with its site where that is not the episode's."""
    aspect = sentences.word("aspect", score.aspect)
    if score.score is None:
        instrument = sentences.word("instrument", score.instrument)
        reason = sentences.missing(score.missing_reason)
        reported = sentences.say("point", "missing", reason=reason, instrument=instrument, aspect=aspect)
    else:
        reported = sentences.say("point", score.instrument.value, score=score.score, aspect=aspect)
    if episode is None or score.site == episode.episode.site:
        return reported
    return sentences.say("point", "elsewhere", reported=reported, site=place(score.site))


def _position(level: float, day: int | None, edges: BandEdges | None) -> tuple[str, dict[str, str]]:
    """Name where a score lies against the expected band, with the numbers its sentence quotes."""
    if edges is None:
        return ("none" if day is None else "before" if day < 0 else "beyond"), {}
    quoted = {name: number(getattr(edges, name)) for name in ("low95", "low80", "high80", "high95")}
    if level > edges.high95:
        return "above95", quoted
    if level < edges.low95:
        return "below95", quoted
    if level > edges.high80:
        return "above80", quoted
    return ("below80" if level < edges.low80 else "inside80"), quoted


def _remarks(use: str, is_surprising: bool, sentences: Sentences) -> str:
    named = {"claimed": ["remark_not_fitted"], "unclaimed": ["remark_no_episode"]}.get(use, [])
    surprise = ["remark_surprising"] if is_surprising else []
    return "".join(sentences.say("point", remark) for remark in named + surprise)


def _spoken(
    score: PainScore, position: tuple[str, dict[str, str]], said: dict[str, str], sentences: Sentences
) -> Spoken:
    where, quoted = position
    return Spoken(
        clinician=sentences.say("point", "clinician", position=sentences.say("point", where, **quoted), **said),
        plain=sentences.say(
            "point",
            "plain",
            when=score.visit_date.in_words(),
            reported=sentences.say("point", f"{score.instrument.value}_plain", score=score.score),
            position=sentences.say("point", f"{where}_plain"),
        ),
    )


def _spoken_missing(score: PainScore, when: str, sentences: Sentences) -> Spoken:
    reason = sentences.missing(score.missing_reason)
    instrument = sentences.word("instrument", score.instrument)
    aspect = sentences.word("aspect", score.aspect)
    return Spoken(
        sentences.say("point", "missing_clinician", when=when, instrument=instrument, aspect=aspect, reason=reason),
        sentences.say("point", "missing_plain", when=score.visit_date.in_words(), reason=reason),
    )
