"""Who is described: one episode a patient, and for everybody left out the reason.

A patient is described by the first episode that fits the choice, so that every count is a count of patients and two
episodes of one person never stand for two. Of several reasons to leave a patient out the first in the order of
`LeftOut` counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.sites import belongs_to
from tracker.clinical.vocabulary import Sex


class LeftOut(StrEnum):
    """Why a patient of the clinic is not described."""

    OTHER_SEX = "other sex"
    NO_EPISODE = "no episode recorded"
    OTHER_SITE = "no episode at the chosen site"
    ONSET_UNKNOWN = "onset not known"
    ONSET_BEFORE = "onset before the chosen day"


DESCRIBED = "described"


@dataclass(frozen=True, slots=True)
class CohortChoice:
    """What was asked for; None does not choose.

    Parameters
    ----------
    as_of : datetime.date
        Only what had come by this day counts.
    since : datetime.date, optional
        Only episodes whose onset is surely not earlier; one of unknown onset is left out then.
    site : str, optional
        Key of a site: episodes there or at a part of it.
    sex : Sex, optional
        As recorded.
    """

    as_of: date
    since: date | None = None
    site: str | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A patient, up to the day asked about, with the episode that is described and how many others fit the choice."""

    record: PatientRecord
    episode: Episode
    n_further: int


@dataclass(frozen=True, slots=True, eq=False)
class Choosing:
    """Who was chosen, in the order of patient codes, and how many were left out for each reason."""

    chosen: tuple[Chosen, ...]
    left_out: Mapping[LeftOut, int]

    @property
    def n_recorded(self) -> int:
        """Number of patients that were looked at."""
        return len(self.chosen) + sum(self.left_out.values())


def choose_patients(records: Iterable[PatientRecord], choice: CohortChoice, *, today: date | None = None) -> Choosing:
    """Choose one episode of every patient, or say why there is none.

    Parameters
    ----------
    records : iterable of PatientRecord
        Of a clinic, in any order.
    choice : CohortChoice
        What is asked for.
    today : datetime.date, optional
        The day of asking, see `PatientRecord.until`.
    """
    chosen: list[Chosen] = []
    left_out: Counter[LeftOut] = Counter()
    for record in sorted(records, key=lambda one: (one.patient_code, one.patient_id)):
        known = record.until(choice.as_of, today=today)
        found = _episodes(known, choice)
        if isinstance(found, LeftOut):
            left_out[found] += 1
        else:
            chosen.append(Chosen(known, found[0], len(found) - 1))
    return Choosing(tuple(chosen), {reason: left_out[reason] for reason in LeftOut})


def _episodes(record: PatientRecord, choice: CohortChoice) -> list[Episode] | LeftOut:
    """Give the episodes that fit, by onset, at least one; or why none does."""
    if choice.sex is not None and record.sex is not choice.sex:
        return LeftOut.OTHER_SEX
    if not record.episodes:
        return LeftOut.NO_EPISODE
    there = [e for e in record.episodes if choice.site is None or belongs_to(e.site, choice.site)]
    if not there:
        return LeftOut.OTHER_SITE
    if choice.since is not None:
        dated = [episode for episode in there if episode.onset is not None]
        if not dated:
            return LeftOut.ONSET_UNKNOWN
        there = [episode for episode in dated if episode.onset is not None and episode.onset.first >= choice.since]
        if not there:
            return LeftOut.ONSET_BEFORE
    return sorted(there, key=by_onset)


def by_onset(episode: Episode) -> tuple[bool, str, int]:
    """Order by the middle day of the onset; one that nobody knows comes last."""
    onset = episode.onset
    return onset is None, "" if onset is None else onset.middle.isoformat(), episode.episode_id
