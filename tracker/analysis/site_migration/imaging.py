"""Edema at a new place on a later image: only where an earlier image had looked there and found none.

A statement about a place holds for everything that is part of it: no edema of the ankle is none of
the talus, and an image without any abnormality is one without edema. Earlier means that every possible day is.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracker.analysis.site_migration.distance import Distance, distance, overlap
from tracker.analysis.site_migration.results import BoneStatus, NewBone
from tracker.clinical.record import ImagingFinding, PatientRecord
from tracker.clinical.sites import belongs_to
from tracker.clinical.vocabulary import Finding, Modality, Presence

_NEAREST_FIRST = tuple(Distance)
_SHOW_EDEMA = (Modality.MRI, Modality.DECT)


def new_bones(record: PatientRecord) -> tuple[NewBone, ...]:
    """Find places whose edema was first seen after edema elsewhere.

    Where edema was seen at a place around it or at a part of it before, it is not called new: that may be
    the same one.
    """
    images = [finding for finding in record.imaging if finding.modality in _SHOW_EDEMA]
    shown = [f for f in images if f.finding is Finding.EDEMA and f.presence is Presence.PRESENT]
    first_seen: dict[str, ImagingFinding] = {}
    for finding in sorted(shown, key=lambda f: (f.visit_date, f.site)):
        first_seen.setdefault(finding.site, finding)
    found = (new for finding in first_seen.values() for new in _new_bone(finding, images, shown, record))
    return tuple(sorted(found, key=lambda new: (new.seen_on, new.site)))


def _new_bone(
    seen: ImagingFinding, images: list[ImagingFinding], shown: list[ImagingFinding], record: PatientRecord
) -> Iterator[NewBone]:
    before = [finding for finding in shown if _is_earlier(finding, seen)]
    if not before or any(overlap(finding.site, seen.site) for finding in before):
        return
    clear = [finding.visit_date for finding in images if _is_earlier(finding, seen) and _says_clear(finding, seen.site)]
    places = {finding.site: distance(finding.site, seen.site) for finding in before}
    nearest = sorted(places, key=lambda site: (_NEAREST_FIRST.index(places[site]), site))
    yield NewBone(
        site=seen.site,
        seen_on=seen.visit_date,
        status=BoneStatus.NEW if clear else BoneStatus.NOT_EXAMINED_BEFORE,
        clear_on=max(clear, default=None),
        from_sites=tuple(nearest),
        distance=places[nearest[0]],
        has_episode=any(overlap(episode.site, seen.site) for episode in record.episodes),
    )


def _is_earlier(one: ImagingFinding, other: ImagingFinding) -> bool:
    return one.visit_date.last < other.visit_date.first


def _says_clear(finding: ImagingFinding, site: str) -> bool:
    """Whether an image says that there was no edema at a site."""
    is_about_edema = finding.finding in (Finding.EDEMA, Finding.ABNORMALITY)
    return is_about_edema and finding.presence is Presence.ABSENT and belongs_to(site, finding.site)
