"""A patient's record read as courses: scores shared out, chosen, and fitted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tracker.analysis.claims import claimed_findings, claimed_scores
from tracker.analysis.episode_reading import episode_reading
from tracker.analysis.flags.finding import find_flags
from tracker.analysis.imaging.reading import read_edema, unplaced_edema
from tracker.analysis.imaging.results import NO_MRI
from tracker.analysis.imaging.visits import edema_visits
from tracker.analysis.library import CourseLibrary
from tracker.analysis.next_scores import NextScores, next_scores
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.phase_spans import PhaseSpan, phase_spans
from tracker.analysis.posterior import expected_band, fit_course
from tracker.analysis.results import CourseAnswer, CourseFit, InsufficientData
from tracker.analysis.site_migration.reading import read_site_migration
from tracker.analysis.views import EpisodeView, PatientView, Provenance
from tracker.analysis.vitamin_d.changes import read_vitamin_d
from tracker.analysis.vote import votes_by_day, weigh_courses
from tracker.analysis.weights import WeightedCourses
from tracker.clinical.record import Episode, ImagingFinding, PainScore, PatientRecord
from tracker.clinical.reference import Edition

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
    findings = claimed_findings(known, edition)
    episodes = tuple(
        _episode_view(
            episode,
            claimed[episode.episode_id],
            findings[episode.episode_id],
            as_of=provenance.as_of,
            library=library,
        )
        for episode in known.episodes
    )
    taken = {score.row_id for scores in claimed.values() for score in scores}
    unclaimed = tuple(score for score in known.pain_scores if score.row_id not in taken)
    moved = read_site_migration(known, episodes, as_of=provenance.as_of, library=library)
    return PatientView(
        known,
        episodes,
        unclaimed,
        provenance,
        read_vitamin_d(known.vitamin_d, edition),
        moved,
        n_later_episodes=len(record.episodes) - len(known.episodes),
    )


def _episode_view(
    episode: Episode,
    claimed: tuple[PainScore, ...],
    findings: tuple[ImagingFinding, ...],
    *,
    as_of: date,
    library: CourseLibrary,
) -> EpisodeView:
    if episode.onset is None:
        return _view_without_onset(episode, claimed, findings, as_of=as_of, library=library)
    day_zero = episode.onset.first
    reading = episode_reading(episode, episode.onset, claimed, as_of=as_of, edition=library.edition)
    observations, onset, as_of_day = reading.observations, reading.onset, reading.as_of_day
    votes = tuple(votes_by_day(observations, onset, library=library))
    vote = votes[-1][1] if votes else weigh_courses(observations, onset, library=library)
    course = fit_course(observations, onset, as_of_day=as_of_day, library=library, vote=vote)
    fitted = reading.choice.scores if isinstance(course, CourseFit) else ()
    ahead, spans = _ahead(course, observations.until(as_of_day), vote, library=library)
    if isinstance(course, CourseFit) and episode.closed_on is not None:
        course = replace(course, next_visit=None)  # it is over: no score is asked for
    images = edema_visits(findings, day_zero=day_zero, until=as_of, edition=library.edition)
    edema_day = (as_of - day_zero).days
    return EpisodeView(
        episode=episode,
        day_zero=day_zero,
        scores=claimed,
        fitted_row_ids=frozenset(score.row_id for score in fitted),
        choice=reading.choice.sentence,
        course=course,
        expected_band=expected_band(library, onset),
        flags=find_flags(observations, onset, as_of_day=as_of_day, library=library, votes=votes),
        edema=read_edema(images, onset, as_of_day=edema_day, library=library, course=course, vote=vote)
        if images
        else NO_MRI,
        next_scores=ahead if episode.closed_on is None else None,
        phase_spans=spans,
    )


def _ahead(
    course: CourseAnswer, seen: Observations, vote: WeightedCourses, *, library: CourseLibrary
) -> tuple[NextScores | None, tuple[PhaseSpan, ...]]:
    """Give where the next score should be and which phase is the most probable when; nothing without an own course."""
    if not isinstance(course, CourseFit) or not course.resembles_known:
        return None, ()
    last_day = seen.distinct_days()[-1]
    instrument = seen.on(last_day).instrument[0]
    ahead = next_scores(vote, last_day=last_day, instrument=instrument, edition=library.edition)
    return ahead, phase_spans(vote, course.band.day)


def _view_without_onset(
    episode: Episode,
    claimed: tuple[PainScore, ...],
    findings: tuple[ImagingFinding, ...],
    *,
    as_of: date,
    library: CourseLibrary,
) -> EpisodeView:
    images = edema_visits(findings, day_zero=None, until=as_of, edition=library.edition)
    return EpisodeView(
        episode=episode,
        day_zero=None,
        scores=claimed,
        fitted_row_ids=frozenset(),
        choice="No score is read: without an onset they have no place on the course.",
        course=_ONSET_UNKNOWN,
        expected_band=expected_band(library, OnsetStatement(span_days=0)),
        edema=unplaced_edema(images, _ONSET_UNKNOWN) if images else NO_MRI,
    )
