"""Where nobody has asked or looked: absence is a finding only if somebody did.

A place counts as looked at when it, a part of it or a place around it is diseased, has an answer about pain,
or was seen on an image.
"""

from __future__ import annotations

from tracker.analysis.site_migration.distance import overlap
from tracker.analysis.site_migration.results import NeverLookedAt
from tracker.clinical.record import PatientRecord
from tracker.clinical.site_migration import WEIGHT_BEARING_JOINTS
from tracker.clinical.sites import belongs_to, find_site
from tracker.clinical.vocabulary import Presence, Side


def looked_at(record: PatientRecord) -> frozenset[str]:
    """Give the sites somebody knows something of: a refused or missing answer is none."""
    answered = {score.site for score in record.pain_scores if score.score is not None}
    imaged = {finding.site for finding in record.imaging if finding.presence is not Presence.NOT_EXAMINED}
    return frozenset(answered | imaged | {episode.site for episode in record.episodes})


def never_looked_at(record: PatientRecord) -> NeverLookedAt:
    """Name neighbours of the diseased sites and weight-bearing joints that nobody asked about or looked at."""
    known = looked_at(record)
    neighbours = {near for episode in record.episodes for near in find_site(episode.site).neighbours}
    joints = {f"{code}-{side}" for code in WEIGHT_BEARING_JOINTS for side in (Side.LEFT, Side.RIGHT)}
    unknown = {site for site in neighbours | joints if not any(overlap(site, seen) for seen in known)}
    unseen_joints = unknown & joints
    # A part of a joint that nobody looked at is said with the joint.
    apart = {site for site in unknown - joints if not any(belongs_to(site, joint) for joint in unseen_joints)}
    return NeverLookedAt(neighbours=tuple(sorted(apart)), weight_bearing=tuple(sorted(unseen_joints)))
