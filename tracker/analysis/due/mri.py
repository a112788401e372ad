"""What the MRIs of one episode say of marrow edema, as far as the next one depends on it.

`normal` is an MRI's word on edema too: nothing abnormal was seen, so no edema either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.clinical.record import Episode, ImagingFinding, PatientRecord
from tracker.clinical.sites import belongs_to
from tracker.clinical.vocabulary import Finding, Modality, Presence


@dataclass(frozen=True, slots=True)
class MriSaid:
    """What is known of an episode by MRI.

    Attributes
    ----------
    speaks_of_edema : bool
        Whether any MRI of its place says that there is edema, or that there is none.
    edema_on : datetime.date or None
        The newest MRI of a place that showed edema when it was looked at last; None where none did.
    silent_on : datetime.date or None
        The newest MRI of its place that says nothing of edema, such as one that tells only of an effusion.
    """

    speaks_of_edema: bool
    edema_on: date | None
    silent_on: date | None


def read_mri(record: PatientRecord, episode: Episode, claimed: Sequence[ImagingFinding]) -> MriSaid:
    """Read the MRIs of an episode.

    Parameters
    ----------
    record : PatientRecord
        Up to the day that is asked about.
    episode : Episode
        One of it.
    claimed : sequence of ImagingFinding
        What the episode claims of the images, in the order of the record.

    Notes
    -----
    An image since the onset of a place that lies in the episode's, or around it, was an MRI of it, though another
    episode may claim what it shows.
    """
    own = [finding for finding in claimed if _is_examined(finding)]
    near = [finding for finding in record.imaging if _is_examined(finding) and _is_near(finding, episode)]
    words = [finding for finding in own if _speaks_of_edema(finding)]
    shown = [
        finding for finding in _newest_of_each_place(words) if _shows_edema(finding) and not _cleared(finding, words)
    ]
    return MriSaid(
        speaks_of_edema=bool(words) or any(_speaks_of_edema(finding) for finding in near),
        edema_on=max((finding.visit_date.middle for finding in shown), default=None),
        silent_on=max((finding.visit_date.middle for finding in (*own, *near)), default=None),
    )


def _is_examined(finding: ImagingFinding) -> bool:
    return finding.modality is Modality.MRI and finding.presence is not Presence.NOT_EXAMINED


def _is_near(finding: ImagingFinding, episode: Episode) -> bool:
    """Whether it lies in, or around, the episode's site since a known onset; nothing is certain of an unknown one."""
    if episode.onset is None or finding.visit_date.middle < episode.onset.first:
        return False
    return belongs_to(finding.site, episode.site) or belongs_to(episode.site, finding.site)


def _speaks_of_edema(finding: ImagingFinding) -> bool:
    is_normal = finding.finding is Finding.ABNORMALITY and finding.presence is Presence.ABSENT
    return finding.finding is Finding.EDEMA or is_normal


def _shows_edema(finding: ImagingFinding) -> bool:
    return finding.finding is Finding.EDEMA and finding.presence is Presence.PRESENT


def _newest_of_each_place(words: Sequence[ImagingFinding]) -> tuple[ImagingFinding, ...]:
    """Give the last word on each place; an edema that was told beside a "normal" of the same visit is the word."""
    newest: dict[str, ImagingFinding] = {}
    for finding in words:
        held = newest.get(finding.site)
        if held is None or held.visit_id != finding.visit_id or not _shows_edema(held):
            newest[finding.site] = finding
    return tuple(newest.values())


def _cleared(shown: ImagingFinding, words: Sequence[ImagingFinding]) -> bool:
    """Whether a later MRI of a place around it shows none: a clear ankle is a clear talus."""
    return any(
        word.visit_date.middle > shown.visit_date.middle
        and word.presence is Presence.ABSENT
        and belongs_to(shown.site, word.site)
        for word in words
    )
