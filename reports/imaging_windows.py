"""When imaging is expected to show something: one bar per episode and modality, beside what was seen.

Only episodes that an image belongs to, and whose onset is known, get one. The
numbers are cited (`imaging_timing_v1`); they say when a sign appears where it
ever does, never that it must.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from reports.sentences import Sentences, capitalized, percent, place, plainly
from tracker.analysis.claims import claimed_findings
from tracker.analysis.views import PatientView
from tracker.clinical.imaging_timing import imaging_timing
from tracker.clinical.record import Episode
from tracker.clinical.reference import CitedNumber, Edition
from tracker.clinical.vocabulary import Modality
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, PartialDate

_SECTION = "imaging_window"


@dataclass(frozen=True, slots=True)
class ExpectedWindow:
    """One bar (ISO days) in a lane of its own, and what it means."""

    lane: int
    lane_label: str
    first: str
    last: str
    spoken: str


def expected_windows(view: PatientView, edition: Edition, sentences: Sentences) -> tuple[ExpectedWindow, ...]:
    """Give the windows of the episodes that images belong to, in the order of the episodes; lanes count from 0.

    A window reaches from its first day after the first possible day of the onset to its last after the last one. That
    of scintigraphy is given only where there is one.
    """
    found: list[ExpectedWindow] = []
    for episode in view.record.episodes:
        findings = claimed_findings(view.record, edition)[episode.episode_id]
        if not findings or episode.onset is None:
            continue
        found.append(_radiograph(episode, episode.onset, len(found), sentences))
        if any(finding.modality is Modality.SCINTIGRAPHY for finding in findings):
            found.append(_scintigraphy(episode, episode.onset, len(found), sentences))
    return tuple(found)


def _radiograph(episode: Episode, onset: PartialDate, lane: int, sentences: Sentences) -> ExpectedWindow:
    weeks, share = imaging_timing()["radiograph_first_weeks"], imaging_timing()["radiograph_visible_share"]
    low, high = _ends(weeks)
    first = onset.first + timedelta(days=round(low * DAYS_PER_WEEK))
    last = onset.last + timedelta(days=round(high * DAYS_PER_WEEK))
    return ExpectedWindow(
        lane=lane,
        lane_label=_label("lane_radiograph", episode, sentences),
        first=first.isoformat(),
        last=last.isoformat(),
        spoken=sentences.say(
            _SECTION,
            "radiograph",
            site=capitalized(place(episode.site)),
            low=plainly(low),
            high=plainly(high),
            first=first,
            last=last,
            sources=_sources(weeks),
            share=percent(share.value),
        ),
    )


def _scintigraphy(episode: Episode, onset: PartialDate, lane: int, sentences: Sentences) -> ExpectedWindow:
    months = imaging_timing()["scintigraphy_normal_months"]
    low, high = _ends(months)
    first = onset.first + timedelta(days=round(low * DAYS_PER_MONTH))
    last = onset.last + timedelta(days=round(high * DAYS_PER_MONTH))
    return ExpectedWindow(
        lane=lane,
        lane_label=_label("lane_scintigraphy", episode, sentences),
        first=onset.first.isoformat(),
        last=last.isoformat(),
        spoken=sentences.say(
            _SECTION,
            "scintigraphy",
            site=capitalized(place(episode.site)),
            low=plainly(low),
            high=plainly(high),
            first=first,
            last=last,
            sources=_sources(months),
        ),
    )


def _label(name: str, episode: Episode, sentences: Sentences) -> str:
    return sentences.say(_SECTION, name, site=capitalized(place(episode.site)))


def _ends(number: CitedNumber) -> tuple[float, float]:
    return number.interval or (number.value, number.value)


def _sources(number: CitedNumber) -> str:
    return ", ".join(imaging_timing().sources[key].label for key in number.sources)
