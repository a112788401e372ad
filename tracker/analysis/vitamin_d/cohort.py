"""Which episode of a patient, with which vitamin D result, counts for the association with the length of the course.

The first episode of a patient that has an onset, pain scores to read and a first result near the onset; the first
result is taken because later ones may answer to treatment. One episode a patient: two of one are not independent.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from math import exp

from tracker.analysis.claims import claimed_scores
from tracker.analysis.episode_reading import episode_reading
from tracker.analysis.sufficiency import enough_to_read
from tracker.analysis.vitamin_d.association import EpisodeWithResult
from tracker.analysis.vitamin_d.season import season_log_range
from tracker.clinical.record import Episode, PainScore, PatientRecord, VitaminDResult
from tracker.clinical.reference import Edition
from tracker.clinical.vitamin_d import convert_vitamin_d
from tracker.clinical.vocabulary import VitaminDUnit
from tracker.dates import DAYS_PER_MONTH, PartialDate


class LeftOut(StrEnum):
    """Why no episode of a patient counts; of several reasons the one that came nearest to counting."""

    NO_ONSET = "no_episode_with_an_onset"
    TOO_FEW_SCORES = "too_few_pain_scores"
    NO_RESULT = "no_vitamin_d_result_near_the_onset"
    ONLY_A_LIMIT = "vitamin_d_result_only_below_or_above_a_limit"


_ORDER = tuple(LeftOut)


def first_usable_episode(record: PatientRecord, *, as_of: date, edition: Edition) -> EpisodeWithResult | LeftOut:
    """Give the first episode of a patient that counts, or why there is none.

    Parameters
    ----------
    record : PatientRecord
        Up to the day that is asked about.
    as_of : datetime.date
        That day.
    edition : Edition
        The cited numbers.
    """
    claimed = claimed_scores(record, edition)
    nearest = LeftOut.NO_ONSET
    for episode in sorted(record.episodes, key=_by_onset):
        found = _usable(episode, claimed[episode.episode_id], record, as_of=as_of, edition=edition)
        if isinstance(found, EpisodeWithResult):
            return found
        nearest = max(nearest, found, key=_ORDER.index)
    return nearest


def _by_onset(episode: Episode) -> tuple[date, int]:
    return date.max if episode.onset is None else episode.onset.first, episode.episode_id


def _usable(
    episode: Episode, claimed: tuple[PainScore, ...], record: PatientRecord, *, as_of: date, edition: Edition
) -> EpisodeWithResult | LeftOut:
    if episode.onset is None:
        return LeftOut.NO_ONSET
    reading = episode_reading(episode, episode.onset, claimed, as_of=as_of, edition=edition)
    seen = reading.observations.until(reading.as_of_day)
    if enough_to_read(seen.distinct_days(), seen.score, edition) is not None:
        return LeftOut.TOO_FEW_SCORES
    result = first_result(record.vitamin_d, episode.onset, edition)
    if result is None or result.value is None or result.unit is None:
        return LeftOut.NO_RESULT
    if result.comparator is not None:
        return LeftOut.ONLY_A_LIMIT
    level = convert_vitamin_d(result.value, result.unit, VitaminDUnit.NG_ML, edition)
    season = sum(season_log_range(result.visit_date, edition)) / 2
    return EpisodeWithResult(seen, reading.onset, level, level * exp(-season))


def first_result(results: tuple[VitaminDResult, ...], onset: PartialDate, edition: Edition) -> VitaminDResult | None:
    """Give the first result with a value near the onset."""
    near = timedelta(days=edition.value("vitamin_d_window_months") * DAYS_PER_MONTH)
    inside = [
        result for result in results if result.value is not None and abs(result.visit_date.middle - onset.first) <= near
    ]
    return min(inside, key=lambda result: (result.visit_date.middle, result.row_id), default=None)
