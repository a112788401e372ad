"""Which episode a pain score belongs to: by site and by time, at most one episode each.

An episode asks for the scores of its own site and of the sites that are part of it, from three recall errors
before the first possible day of its onset (pain may have begun
earlier than remembered) to the day it was closed, or to the day before the next
episode at the same site begins. Where several episodes ask for a score, the one
at the score's own site gets it, else the one at the smallest place around it, else the earliest.
A date that is not exact counts with its middle possible day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from math import ceil

from tracker.clinical.record import Episode, ImagingFinding, PainScore, PatientRecord
from tracker.clinical.reference import Edition
from tracker.clinical.sites import belongs_to, find_site
from tracker.clinical.vocabulary import SiteLevel

_RECALL_ERRORS_BEFORE_ONSET = 3
_SMALLEST_FIRST = (SiteLevel.BONE, SiteLevel.JOINT, SiteLevel.REGION)


@dataclass(frozen=True, slots=True)
class Claim:
    """The days, both included, on which an episode claims scores."""

    episode: Episode
    first: date
    last: date

    def covers(self, score: PainScore | ImagingFinding) -> bool:
        """Whether the score, or finding, lies at a site and on a day of this claim."""
        return self.first <= score.visit_date.middle <= self.last and belongs_to(score.site, self.episode.site)


def claimed_scores(record: PatientRecord, edition: Edition) -> dict[int, tuple[PainScore, ...]]:
    """Share a patient's pain scores out to the episodes.

    Parameters
    ----------
    record : PatientRecord
        Up to the day that is asked about.
    edition : Edition
        For the recall error of an onset.

    Returns
    -------
    dict of int to tuple of PainScore
        By episode id, every episode of the record; scores in the order of the record.
    """
    claims = _claims(record.episodes, edition)
    shared: dict[int, list[PainScore]] = {episode.episode_id: [] for episode in record.episodes}
    for score in record.pain_scores:
        nearest = _nearest(claims, score)
        if nearest is not None:
            shared[nearest.episode_id].append(score)
    return {episode_id: tuple(scores) for episode_id, scores in shared.items()}


def claimed_findings(record: PatientRecord, edition: Edition) -> dict[int, tuple[ImagingFinding, ...]]:
    """Share a patient's imaging findings out to the episodes, by the same rule but for one thing.

    A closed episode goes on asking for findings until the next one at its site begins: edema outlasts pain, and an
    image taken to see it gone comes after the last score.
    """
    claims = _claims([replace(episode, closed_on=None) for episode in record.episodes], edition)
    shared: dict[int, list[ImagingFinding]] = {episode.episode_id: [] for episode in record.episodes}
    for finding in record.imaging:
        nearest = _nearest(claims, finding)
        if nearest is not None:
            shared[nearest.episode_id].append(finding)
    return {episode_id: tuple(findings) for episode_id, findings in shared.items()}


def _nearest(claims: Iterable[Claim], fact: PainScore | ImagingFinding) -> Episode | None:
    """Give the episode that gets a score or finding; None where none asks for it."""
    asking = [claim for claim in claims if claim.covers(fact)]
    if len(asking) > 1:
        return min(asking, key=lambda claim: _distance(claim, fact)).episode
    return asking[0].episode if asking else None


def _distance(claim: Claim, score: PainScore | ImagingFinding) -> tuple[bool, int, date, int]:
    episode = claim.episode
    place = _SMALLEST_FIRST.index(find_site(episode.site).level)
    return episode.site != score.site, place, claim.first, episode.episode_id


def _claims(episodes: Iterable[Episode], edition: Edition) -> list[Claim]:
    """Give one claim per episode; those of one site never overlap."""
    before_onset = timedelta(days=ceil(_RECALL_ERRORS_BEFORE_ONSET * edition.value("onset_recall_sd_days")))
    claims = []
    for _, at_site in groupby(sorted(episodes, key=_by_site_and_time), key=lambda episode: episode.site):
        in_time = list(at_site)
        free_from = date.min
        for place, episode in enumerate(in_time):
            following = in_time[place + 1].onset if place + 1 < len(in_time) else None
            ends = [] if following is None else [following.first - timedelta(days=1)]
            ends += [] if episode.closed_on is None else [episode.closed_on.last]
            first = date.min if episode.onset is None else episode.onset.first - before_onset
            claim = Claim(episode, max(first, free_from), min(ends, default=date.max))
            claims.append(claim)
            free_from = max(free_from, min(claim.last, date.max - timedelta(days=1)) + timedelta(days=1))
    return claims


def _by_site_and_time(episode: Episode) -> tuple[str, date, int]:
    """Order by onset; one of unknown onset is put first, so that it never takes a known one's days."""
    return episode.site, date.min if episode.onset is None else episode.onset.first, episode.episode_id
