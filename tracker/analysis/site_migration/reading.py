"""A patient's record and the courses of its episodes, read for what followed what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations

import numpy as np

from tracker.analysis.library import CourseLibrary
from tracker.analysis.site_migration.attention import never_looked_at
from tracker.analysis.site_migration.events import site_event, unknown_order
from tracker.analysis.site_migration.imaging import new_bones
from tracker.analysis.site_migration.results import EndKnown, EpisodeSpan, SiteMigration
from tracker.analysis.site_migration.rules import broad_rule, strict_rule
from tracker.analysis.site_migration.timing import Timing, episode_timing
from tracker.analysis.views import EpisodeView
from tracker.clinical.record import PatientRecord
from tracker.clinical.site_migration import site_migration_rules
from tracker.clinical.sites import find_site


def read_site_migration(
    record: PatientRecord, episodes: Sequence[EpisodeView], *, as_of: date, library: CourseLibrary
) -> SiteMigration:
    """Read every pair of a patient's episodes, the images, and where nobody looked.

    Parameters
    ----------
    record : PatientRecord
        Up to the day that is asked about.
    episodes : sequence of EpisodeView
        Every episode of the record with its course.
    as_of : datetime.date
        The day to answer for.
    library : CourseLibrary
        Drawn from the edition the courses were read with.

    Notes
    -----
    Events are in the order of their starts, whatever the order of entry. A patient with one episode costs nothing; with
    more, every episode with a course is weighed once more.
    """
    rules = site_migration_rules()
    several = len(episodes) > 1
    timings = [(view, episode_timing(view, library) if several else None) for view in episodes]
    in_time = sorted((timing for _, timing in timings if timing is not None), key=_by_start)
    events = tuple(
        site_event(old, new, as_of_ordinal=as_of.toordinal(), rules=rules) for old, new in combinations(in_time, 2)
    )
    known = {timing.episode.episode_id for timing in in_time}
    in_place = sorted((view.episode for view in episodes), key=lambda e: (e.site, e.onset is None, str(e.onset)))
    unordered = tuple(
        unknown_order(one, other)
        for one, other in combinations(in_place, 2)
        if not {one.episode_id, other.episode_id} <= known
    )
    bones = new_bones(record)
    return SiteMigration(
        spans=_spans(in_time, episodes) if several else (),
        events=events,
        unknown_order=unordered,
        new_bones=bones,
        strict=strict_rule(events, unordered),
        broad=broad_rule(events, unordered, bones),
        never_looked_at=never_looked_at(record),
        rules=rules.name,
        rules_sha256=rules.sha256,
    )


def _by_start(timing: Timing) -> tuple[float, str, str, str, str, int]:
    """Order by the middle of the start; where two are alike, by nothing that a mirror would change until the end."""
    episode = timing.episode
    code = find_site(episode.site).code
    middle = float(np.median(timing.start_points()))
    return middle, code, str(episode.onset), str(episode.closed_on), episode.site, episode.episode_id


def _spans(in_time: Sequence[Timing], episodes: Sequence[EpisodeView]) -> tuple[EpisodeSpan, ...]:
    """Give the spans in the order of their starts, those of unknown onset last."""
    known = {timing.episode.episode_id for timing in in_time}
    unknown = sorted((v.episode for v in episodes if v.episode.episode_id not in known), key=lambda e: e.site)
    return (
        *(timing.span() for timing in in_time),
        *(EpisodeSpan(episode.episode_id, episode.site, None, None, EndKnown.UNKNOWN) for episode in unknown),
    )
