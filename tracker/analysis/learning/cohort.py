"""Which episodes of a clinic can be learned from, and why the others cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.analysis.claims import claimed_scores
from tracker.analysis.episode_reading import episode_reading
from tracker.analysis.learning.evidence import LearningEpisode
from tracker.clinical.record import PatientRecord
from tracker.clinical.reference import Edition


class LeftOut(StrEnum):
    """Why an episode says nothing about how courses run."""

    NO_ONSET = "no_onset"
    TOO_FEW_DAYS = "too_few_days"
    NO_PAIN = "no_pain"


@dataclass(frozen=True, slots=True, eq=False)
class LearningCohort:
    """The episodes to learn from, in an order of their own, and how many were left out for each reason."""

    episodes: tuple[LearningEpisode, ...]
    left_out: Mapping[LeftOut, int]

    @property
    def n_scores(self) -> int:
        """Number of scores that are read."""
        return sum(len(episode.observations.day) for episode in self.episodes)


def learning_cohort(
    records: Iterable[PatientRecord], edition: Edition, *, as_of: date, today: date | None = None
) -> LearningCohort:
    """Take every episode that `course show` could read on a day, with the scores it would read.

    Parameters
    ----------
    records : iterable of PatientRecord
        Any order: it never matters.
    edition : Edition
        For the rules of sharing out and choosing scores, and the least number of days.
    as_of : datetime.date
        What lies later is dropped first.
    today : datetime.date, optional
        The day of asking, see `PatientRecord.until`.
    """
    episodes: list[LearningEpisode] = []
    left_out: Counter[LeftOut] = Counter()
    for record in records:
        known = record.until(as_of, today=today)
        claimed = claimed_scores(known, edition)
        for episode in known.episodes:
            if episode.onset is None:
                left_out[LeftOut.NO_ONSET] += 1
                continue
            reading = episode_reading(episode, episode.onset, claimed[episode.episode_id], as_of=as_of, edition=edition)
            seen = reading.observations.until(reading.as_of_day)
            if len(seen.distinct_days()) < edition.value("minimum_fit_days"):
                left_out[LeftOut.TOO_FEW_DAYS] += 1
            elif not seen.score.any():
                left_out[LeftOut.NO_PAIN] += 1
            else:
                episodes.append(LearningEpisode(seen, reading.onset))
    counts = {reason: left_out[reason] for reason in LeftOut if left_out[reason]}
    return LearningCohort(tuple(sorted(episodes, key=LearningEpisode.in_order)), counts)
