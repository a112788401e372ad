"""The timeline of a case as an SVG picture: lanes over days, pain at its height. Opens anywhere, and prints."""

from __future__ import annotations

from html import escape

from reports import theme
from reports.case_timeline import CaseEvent, CaseTimeline
from reports.sentences import Sentences
from tracker.analysis.observations import HIGHEST_SCORE
from tracker.clinical.vocabulary import Instrument

_HIGHEST = HIGHEST_SCORE[Instrument.NRS]


def case_figure(timeline: CaseTimeline, sentences: Sentences) -> str:
    """Draw a timeline: the same timeline gives the same text."""
    dated = [event for event in timeline.events if event.day is not None]
    days = [day for event in dated for day in (event.day, event.until) if day is not None]
    if not days:
        words = _text(theme.CASE_LEFT_PX, theme.CASE_LANE_PX, sentences.say("case_report", "figure_empty"))
        return _svg([words], 2 * theme.CASE_LANE_PX, sentences)
    scale = _Scale(min(0, *days), max(*days, 1))
    lanes = [lane for lane in sentences.words["case_lane"] if any(event.lane == lane for event in dated)]
    parts: list[str] = []
    top = theme.CASE_TOP_PX
    for lane in lanes:
        own = [event for event in dated if event.lane == lane]
        drawn, height = _pain(own, top, scale) if lane == "pain" else _lane(own, top, scale, timeline.last_day)
        name = sentences.word("case_lane", lane)
        if lane == "pain":
            name = f"{name} ({sentences.say('case_report', 'figure_scores')})"
        parts.append(_text(theme.CASE_GAP_PX, top + theme.FONT_PX, name, bold=True))
        parts += drawn
        top += height + theme.CASE_GAP_PX
    parts += _axis(scale, top, sentences.say("case_report", "figure_axis", zero=timeline.zero.said_of))
    return _svg(parts, top + theme.CASE_FOOT_PX, sentences)


class _Scale:
    """From days to places across the picture."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last

    def x(self, day: int) -> float:
        """Give the place of a day, within the picture."""
        inside = min(max(day, self.first), self.last)
        width = theme.CASE_WIDTH_PX - theme.CASE_LEFT_PX - theme.CASE_RIGHT_PX
        return round(theme.CASE_LEFT_PX + width * (inside - self.first) / max(self.last - self.first, 1), 1)

    def ticks(self) -> range:
        """Give days to be written below, at most some ten of them."""
        step = next(step for step in theme.CASE_STEPS_DAYS if (self.last - self.first) / step <= theme.CASE_MOST_TICKS)
        return range(-(-self.first // step) * step, self.last + 1, step)


def _pain(events: list[CaseEvent], top: int, scale: _Scale) -> tuple[list[str], int]:
    """Draw the scores of each site at their height: no pain at the foot, the worst of either scale at the head."""
    parts: list[str] = []
    foot = top
    for place in dict.fromkeys(event.place for event in events):
        # a line of its own for the heading of the lane
        head = foot + 2 * theme.FONT_PX
        foot = head + theme.CASE_PAIN_PX
        parts.append(_text(theme.CASE_GAP_PX, head + theme.FONT_PX, place))
        for level in (0, _HIGHEST // 2, _HIGHEST):
            y = foot - theme.CASE_PAIN_PX * level / _HIGHEST
            parts.append(_line(scale.x(scale.first), y, scale.x(scale.last), y, theme.GRID))
            parts.append(_text(theme.CASE_LEFT_PX - theme.CASE_GAP_PX, y + theme.FONT_PX / 3, str(level), anchor="end"))
        for event in events:
            if event.place == place and event.day is not None:
                parts.append(_score(event, scale.x(event.day), foot))
        foot += theme.CASE_GAP_PX
    return parts, foot - top


def _score(event: CaseEvent, x: float, foot: int) -> str:
    """Draw one score: a circle for NRS, a hollow one for VAS, a cross at the foot where it is missing."""
    words = f"{event.when}: {event.place}, {event.words}"
    if event.level is None:
        return _text(x, foot + theme.FONT_PX / 3, "\N{MULTIPLICATION SIGN}", anchor="middle", title=words)
    return _point(x, round(foot - theme.CASE_PAIN_PX * event.level, 1), words, is_hollow=event.is_vas)


def _lane(events: list[CaseEvent], top: int, scale: _Scale, last_day: int | None) -> tuple[list[str], int]:
    """Draw one event to a row: a bar for what lasts, a point for what happened."""
    parts = []
    for number, event in enumerate(events):
        y = top + number * theme.CASE_LANE_PX
        words = f"{event.place}: {event.words}" if event.place else event.words
        x = scale.x(event.day or 0)
        middle = y + theme.CASE_LANE_PX / 2
        if event.lasts:
            end = event.until if event.until is not None else last_day if last_day is not None else scale.last
            parts.append(_line(x, middle, max(scale.x(end), x + 2), middle, theme.OWN, width=theme.CASE_BAR_PX))
        else:
            parts.append(_point(x, middle, f"{event.when}: {words}"))
        on_left = x > theme.CASE_WIDTH_PX / 2 and not event.lasts
        beside = x - theme.CASE_GAP_PX if on_left else x + theme.CASE_GAP_PX
        below = middle + theme.FONT_PX + 2 if event.lasts else middle + theme.FONT_PX / 3
        parts.append(_text(beside, below, f"{words} ({event.when})", anchor="end" if on_left else "start"))
    return parts, len(events) * theme.CASE_LANE_PX


def _axis(scale: _Scale, top: int, title: str) -> list[str]:
    parts = [_line(scale.x(scale.first), top, scale.x(scale.last), top, theme.RULE)]
    for day in scale.ticks():
        x = scale.x(day)
        parts.append(_line(x, top, x, top + theme.CASE_GAP_PX / 2, theme.RULE))
        parts.append(_text(x, top + theme.CASE_LANE_PX * 2 / 3, str(day), anchor="middle"))
    middle = (scale.x(scale.first) + scale.x(scale.last)) / 2
    return [*parts, _text(middle, top + theme.CASE_LANE_PX * 4 / 3, title, anchor="middle")]


def _svg(parts: list[str], height: float, sentences: Sentences) -> str:
    title = escape(sentences.say("case_report", "figure_title"))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {theme.CASE_WIDTH_PX} {height:g}" '
            f'width="{theme.CASE_WIDTH_PX}" height="{height:g}" role="img" font-family="{escape(theme.FONT)}" '
            f'font-size="{theme.FONT_PX}">',
            f"<title>{title}</title>",
            f'<rect width="100%" height="100%" fill="{theme.PAPER}"/>',
            *parts,
            "</svg>",
            "",
        )
    )


def _line(x: float, y: float, x2: float, y2: float, color: str, *, width: int = 1) -> str:
    return f'<line x1="{x:g}" y1="{y:g}" x2="{x2:g}" y2="{y2:g}" stroke="{color}" stroke-width="{width}"/>'


def _point(x: float, y: float, words: str, *, is_hollow: bool = False) -> str:
    radius, fill = theme.POINT_PX / 2, theme.PAPER if is_hollow else theme.INK
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{theme.INK}" stroke-width="2">'
        f"<title>{escape(words)}</title></circle>"
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", bold: bool = False, title: str = "") -> str:
    weight = ' font-weight="bold"' if bold else ""
    hover = f"<title>{escape(title)}</title>" if title else ""
    return f'<text x="{x:g}" y="{y:g}" fill="{theme.INK}" text-anchor="{anchor}"{weight}>{hover}{escape(words)}</text>'
