"""When imaging is expected to show something: one bar per episode and modality, beside what was seen.

Only episodes that an image belongs to, and whose onset is known, get one. The
numbers are cited (`imaging_timing_v1`); they say when a sign appears where it
ever does, never that it must.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reports.sentences import Sentences, capitalized, percent, place, plainly
from tracker.analysis.claims import claimed_findings
from tracker.analysis.views import PatientView
from tracker.clinical.imaging_timing import imaging_timing
from tracker.clinical.record import Episode
from tracker.clinical.reference import CitedNumber, Edition
from tracker.clinical.vocabulary import Modality
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, PartialDate

_SECTION = "imaging_window"
_RADIOGRAPH, _SCINTIGRAPHY = "radiograph_first_weeks", "scintigraphy_normal_months"
# What the sentences of a number are called.
_NAMES = {_RADIOGRAPH: "radiograph", _SCINTIGRAPHY: "scintigraphy"}


@dataclass(frozen=True, slots=True)
class ExpectedWindow:
    """One bar (ISO days) in a lane of its own, what it means, and the cited number it is made from."""

    number: str
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


def window_remarks(windows: Sequence[ExpectedWindow], sentences: Sentences) -> tuple[str, ...]:
    """Say what the windows rest on, then each of them; nothing where there are none."""
    if not windows:
        return ()
    numbers = dict.fromkeys(window.number for window in windows)
    rules = (
        sentences.say(
            _SECTION,
            f"{_NAMES[number]}_rule",
            sources=", ".join(imaging_timing().sources[key].label for key in imaging_timing()[number].sources),
            share=percent(imaging_timing().value("radiograph_visible_share")),
            **_ends_in_words(imaging_timing()[number]),
        )
        for number in numbers
    )
    return (*rules, *(window.spoken for window in windows), sentences.say(_SECTION, "weak"))


def _radiograph(episode: Episode, onset: PartialDate, lane: int, sentences: Sentences) -> ExpectedWindow:
    low, high = _ends(imaging_timing()[_RADIOGRAPH])
    first = onset.first + timedelta(days=round(low * DAYS_PER_WEEK))
    last = onset.last + timedelta(days=round(high * DAYS_PER_WEEK))
    return _window(_RADIOGRAPH, episode, (first, last), lane, sentences)


def _scintigraphy(episode: Episode, onset: PartialDate, lane: int, sentences: Sentences) -> ExpectedWindow:
    _, high = _ends(imaging_timing()[_SCINTIGRAPHY])
    last = onset.last + timedelta(days=round(high * DAYS_PER_MONTH))
    return _window(_SCINTIGRAPHY, episode, (onset.first, last), lane, sentences)


def _window(number: str, episode: Episode, days: tuple[date, date], lane: int, sentences: Sentences) -> ExpectedWindow:
    site, name = capitalized(place(episode.site)), _NAMES[number]
    first, last = days
    ends = _ends_in_words(imaging_timing()[number])
    return ExpectedWindow(
        number=number,
        lane=lane,
        lane_label=sentences.say(_SECTION, f"lane_{name}", site=site),
        first=first.isoformat(),
        last=last.isoformat(),
        spoken=sentences.say(_SECTION, name, site=site, first=first, last=last, **ends),
    )


def _ends(number: CitedNumber) -> tuple[float, float]:
    return number.interval or (number.value, number.value)


def _ends_in_words(number: CitedNumber) -> dict[str, str]:
    low, high = _ends(number)
    return {"low": plainly(low), "high": plainly(high)}
