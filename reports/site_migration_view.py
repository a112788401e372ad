"""What followed what as plain values, ready to be drawn or listed: one lane per site, through time.

Pure. Nothing is drawn after the as-of day: a lane shows what was, not what is expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from reports.sentences import Sentences, capitalized, place, probability
from reports.site_migration_text import (
    SiteMigrationText,
    events_just_before,
    order_is_told,
    site_migration_text,
)
from tracker.analysis.site_migration.results import EpisodeSpan, SiteEvent, SiteMigration
from tracker.analysis.views import PatientView
from tracker.clinical.site_migration import site_migration_rules

_MARGIN_SHARE = 0.03
_LEAST_MARGIN_DAYS = 10


class LanePart(StrEnum):
    """What a stretch of a lane says."""

    STARTING = "starting"
    ACTIVE = "active"
    ENDING = "ending"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LaneBar:
    """A stretch of one lane, from its first to its last day (ISO days)."""

    lane: int
    part: LanePart
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class LaneMark:
    """The middle of a start or an end."""

    lane: int
    on: str
    is_start: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class LaneArrow:
    """From the lane of an old site to that of a new one, on the middle day of its start."""

    from_lane: int
    to_lane: int
    on: str
    label: str


@dataclass(frozen=True, slots=True)
class SiteMigrationView:
    """The lanes of a patient's sites with everything said about them.

    `lanes` is empty where no start is known; `not_known` are the lanes of sites without one.
    """

    key: str
    title: str
    first: str
    last: str
    lanes: tuple[str, ...]
    not_known: tuple[int, ...]
    bars: tuple[LaneBar, ...]
    marks: tuple[LaneMark, ...]
    arrows: tuple[LaneArrow, ...]
    as_of: str
    text: SiteMigrationText


def site_migration_view(view: PatientView, sentences: Sentences) -> SiteMigrationView | None:
    """Make the view of a patient's sites; None where there is only one."""
    found = view.site_migration
    if not found.says_something:
        return None
    as_of = view.provenance.as_of
    known = [span.site for span in found.spans if span.start is not None]
    # Places whose start nobody knows stand last, without a bar: left out, they would look as if they were not there.
    sites = list(dict.fromkeys([*known, *(span.site for span in found.spans)])) if known else []
    bars = tuple(bar for span in found.spans for bar in _bars(span, sites, as_of))
    days = [date.fromisoformat(day) for bar in bars for day in (bar.first, bar.last)] or [as_of]
    margin = timedelta(days=max(round((max(days) - min(days)).days * _MARGIN_SHARE), _LEAST_MARGIN_DAYS))
    return SiteMigrationView(
        key="site-migration",
        title=sentences.say("site_migration", "title"),
        first=(min(days) - margin).isoformat(),
        last=(max(days) + margin).isoformat(),
        lanes=tuple(capitalized(place(site)) for site in sites),
        not_known=tuple(sites.index(site) for site in sites if site not in known),
        bars=bars,
        marks=tuple(mark for span in found.spans for mark in _marks(span, sites, as_of, sentences)),
        arrows=_arrows(found, sites, sentences),
        as_of=as_of.isoformat(),
        text=site_migration_text(found, sentences),
    )


def _bars(span: EpisodeSpan, sites: list[str], as_of: date) -> list[LaneBar]:
    start, end = span.start, span.end
    if start is None or start.low95 is None or start.high95 is None:
        return []
    edges = [(LanePart.STARTING, start.low95, start.high95)]
    if end is None:
        edges.append((LanePart.UNKNOWN, start.high95, as_of))
    else:
        first, last = end.low95 or as_of, end.high95 or as_of
        edges += [(LanePart.ACTIVE, start.high95, first), (LanePart.ENDING, max(first, start.high95), last)]
    lane = sites.index(span.site)
    return [
        LaneBar(lane, part, first.isoformat(), min(last, as_of).isoformat())
        for part, first, last in edges
        if first < min(last, as_of)
    ]


def _marks(span: EpisodeSpan, sites: list[str], as_of: date, sentences: Sentences) -> list[LaneMark]:
    found = []
    for interval, name in ((span.start, "start_mark"), (span.end, "end_mark")):
        if span.start is None or interval is None or interval.median is None or interval.median > as_of:
            continue
        words = sentences.say(
            "site_migration",
            "mark",
            site=capitalized(place(span.site)),
            mark=sentences.say("site_migration", name),
            on=interval.median,
            low=interval.low95,
            high=interval.high95 or sentences.word("end_from", "unknown"),
        )
        found.append(LaneMark(sites.index(span.site), interval.median.isoformat(), name == "start_mark", words))
    return found


def _arrows(found: SiteMigration, sites: list[str], sentences: Sentences) -> tuple[LaneArrow, ...]:
    """Draw an arrow for each start beside the one just before it, if it can be told which was first."""
    starts = {span.episode_id: span.start for span in found.spans}
    arrows = []
    for event in events_just_before(found):
        start = starts[event.pair.new_episode_id]
        lanes = sites.index(event.pair.old_site), sites.index(event.pair.new_site)
        if start is None or start.median is None or lanes[0] == lanes[1]:
            continue
        if order_is_told(event, site_migration_rules()):
            arrows.append(LaneArrow(*lanes, start.median.isoformat(), _label(event, sentences)))
    return tuple(arrows)


def _label(event: SiteEvent, sentences: Sentences) -> str:
    kind = sentences.word("site_event", event.kind).removeprefix("a ")
    return f"{kind} {probability(event.kinds[event.kind])}"
