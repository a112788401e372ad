"""What is read of one episode: which scores, on which days, up to which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.analysis.episode_days import observations_since, onset_statement
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.score_choice import ScoreChoice, choose_scores
from tracker.clinical.record import Episode, PainScore
from tracker.clinical.reference import Edition
from tracker.dates import PartialDate


@dataclass(frozen=True, slots=True, eq=False)
class EpisodeReading:
    """The scores chosen, on days since the first possible day of the onset, and the day they are read for."""

    choice: ScoreChoice
    observations: Observations
    onset: OnsetStatement
    as_of_day: int


def episode_reading(
    episode: Episode, onset: PartialDate, claimed: tuple[PainScore, ...], *, as_of: date, edition: Edition
) -> EpisodeReading:
    """Choose the scores of an episode with a known onset, and put them on days.

    A closed episode is looked at on the day it was closed: what came later is not its course.
    """
    return reading_of(episode, onset, choose_scores(episode, claimed, edition), as_of=as_of)


def reading_of(episode: Episode, onset: PartialDate, choice: ScoreChoice, *, as_of: date) -> EpisodeReading:
    """Put the chosen scores of an episode on days; see `episode_reading`."""
    looked_at = as_of if episode.closed_on is None else min(as_of, episode.closed_on.last)
    return EpisodeReading(
        choice=choice,
        observations=observations_since(onset.first, choice.scores, until=looked_at),
        onset=onset_statement(onset),
        as_of_day=(looked_at - onset.first).days,
    )
