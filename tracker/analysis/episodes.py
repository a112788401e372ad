"""A patient's record read as courses: scores shared out, chosen, and fitted."""

from __future__ import annotations

from datetime import date

import numpy as np

from tracker.analysis.claims import claimed_scores
from tracker.analysis.flags.finding import find_flags
from tracker.analysis.library import CourseLibrary
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import expected_band, fit_course
from tracker.analysis.results import CourseFit, InsufficientData
from tracker.analysis.score_choice import choose_scores
from tracker.analysis.views import EpisodeView, PatientView, Provenance
from tracker.analysis.vote import votes_by_day
from tracker.clinical.record import Episode, PainScore, PatientRecord
from tracker.clinical.reference import Edition
from tracker.dates import PartialDate

_ONSET_UNKNOWN = InsufficientData(
    reason="the onset is not known",
    needs="an onset, even if only a month or a year",
)


def patient_view(
    record: PatientRecord,
    *,
    provenance: Provenance,
    edition: Edition,
    library: CourseLibrary,
    today: date | None = None,
) -> PatientView:
    """Read each episode of a patient against the expected course.

    What lies after `provenance.as_of` is dropped first, so that the view of a
    day never changes when later visits are added.

    Parameters
    ----------
    record : PatientRecord
        One patient.
    provenance : Provenance
        Carries the day to answer for.
    edition : Edition
        The cited numbers.
    library : CourseLibrary
        Drawn from the same edition.
    today : datetime.date, optional
        The day of asking: a visit of "this month" counts from then on, see `PatientRecord.until`.
    """
    known = record.until(provenance.as_of, today=today)
    claimed = claimed_scores(known, edition)
    episodes = tuple(
        _episode_view(episode, claimed[episode.episode_id], as_of=provenance.as_of, library=library)
        for episode in known.episodes
    )
    taken = {score.row_id for scores in claimed.values() for score in scores}
    unclaimed = tuple(score for score in known.pain_scores if score.row_id not in taken)
    return PatientView(known, episodes, unclaimed, provenance)


def _episode_view(
    episode: Episode, claimed: tuple[PainScore, ...], *, as_of: date, library: CourseLibrary
) -> EpisodeView:
    if episode.onset is None:
        return EpisodeView(
            episode=episode,
            day_zero=None,
            scores=claimed,
            fitted_row_ids=frozenset(),
            choice="No score is read: without an onset they have no place on the course.",
            course=_ONSET_UNKNOWN,
            expected_band=expected_band(library, OnsetStatement(span_days=0)),
        )
    day_zero = episode.onset.first
    onset = _statement(episode.onset)
    choice = choose_scores(episode, claimed, library.edition)
    # A closed episode is looked at on the day it was closed: what came later is not its course.
    looked_at = as_of if episode.closed_on is None else min(as_of, episode.closed_on.last)
    observations = _observations(choice.scores, day_zero, until=looked_at)
    as_of_day = (looked_at - day_zero).days
    votes = tuple(votes_by_day(observations, onset, library=library))
    newest = votes[-1][1] if votes else None
    course = fit_course(observations, onset, as_of_day=as_of_day, library=library, vote=newest)
    fitted = choice.scores if isinstance(course, CourseFit) else ()
    return EpisodeView(
        episode=episode,
        day_zero=day_zero,
        scores=claimed,
        fitted_row_ids=frozenset(score.row_id for score in fitted),
        choice=choice.sentence,
        course=course,
        expected_band=expected_band(library, onset),
        flags=find_flags(observations, onset, as_of_day=as_of_day, library=library, votes=votes),
    )


def _statement(onset: PartialDate) -> OnsetStatement:
    return OnsetStatement(span_days=onset.span_days, about=onset.precision == "about")


def _observations(scores: tuple[PainScore, ...], day_zero: date, *, until: date) -> Observations:
    """Put scores on days since day 0; a vague visit counts on its middle day, or on `until` if that comes first."""
    given = [(score, score.score) for score in scores if score.score is not None]
    return Observations(
        day=np.array([(min(score.visit_date.middle, until) - day_zero).days for score, _ in given], dtype=np.int64),
        score=np.array([value for _, value in given], dtype=np.float64),
        instrument=tuple(score.instrument for score, _ in given),
    )
