"""The raised flags of a record, quickly for a whole clinic or from the full reading of one patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Protocol

from tracker.analysis.alerts.alert import LATER_SITE, LATER_SITE_VERSION, RAISED, Alert, AlertKind, score_evidence
from tracker.analysis.claims import claimed_scores
from tracker.analysis.episode_reading import episode_reading
from tracker.analysis.flags.quick_flags import QuickFlags
from tracker.analysis.red_flags.finding import read_red_flags
from tracker.analysis.red_flags.readings import Evidence
from tracker.analysis.views import PatientView
from tracker.clinical.record import Episode, PainScore, PatientRecord
from tracker.clinical.reference import Edition
from tracker.dates import PartialDate


class _CourseFlag(Protocol):
    """What an alert needs of a course flag, read in full or quickly."""

    @property
    def code(self) -> str: ...
    @property
    def rule_version(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def since_day(self) -> int: ...
    @property
    def probability(self) -> float: ...


def quick_alerts(
    record: PatientRecord, *, as_of: date, quick: QuickFlags, edition: Edition, today: date | None = None
) -> tuple[Alert, ...]:
    """Give the raised flags of a record, its courses looked at without drawing anew.

    Parameters
    ----------
    record : PatientRecord
        One patient; what lies after `as_of` is never looked at.
    as_of : datetime.date
        The day to answer for.
    quick : QuickFlags
        Against the library of `edition`.
    edition : Edition
        The cited numbers of the course.
    today : datetime.date, optional
        The day of asking, see `PatientRecord.until`.

    Returns
    -------
    tuple of Alert
        Course flags of open episodes, then red flags, then further sites.
    """
    known = record.until(as_of, today=today)
    claimed = claimed_scores(known, edition)
    found: list[Alert] = []
    for episode in known.episodes:
        if episode.onset is None or episode.closed_on is not None:
            continue
        reading = episode_reading(episode, episode.onset, claimed[episode.episode_id], as_of=as_of, edition=edition)
        flags = quick.of_episode(reading.observations.until(reading.as_of_day), reading.onset)
        found += _of_course(episode, flags, reading.choice.scores)
    return (*found, *_others(known, as_of=as_of, edition=edition))


def alerts_of_view(view: PatientView, *, edition: Edition) -> tuple[Alert, ...]:
    """Give the raised flags of a patient read in full, in the same order."""
    found: list[Alert] = []
    for episode in view.episodes:
        if episode.episode.closed_on is None:
            scores = tuple(score for score in episode.scores if score.row_id in episode.fitted_row_ids)
            raised = [flag for flag in episode.flags if flag.is_raised]
            found += _of_course(episode.episode, raised, scores)
    return (*found, *_others(view.record, as_of=view.provenance.as_of, edition=edition))


def _of_course(episode: Episode, flags: Iterable[_CourseFlag], scores: tuple[PainScore, ...]) -> Iterator[Alert]:
    for flag in flags:
        day_zero = date.min if episode.onset is None else episode.onset.first
        yield Alert(
            kind=AlertKind.COURSE,
            code=flag.code,
            rule_version=flag.rule_version,
            site=episode.site,
            episode_id=episode.episode_id,
            state=str(flag.state),
            since=PartialDate.on(day_zero + timedelta(days=flag.since_day)),
            probability=flag.probability,
            evidence=tuple(score_evidence(score) for score in scores if score.score is not None),
        )


def _others(known: PatientRecord, *, as_of: date, edition: Edition) -> Iterator[Alert]:
    for flag in read_red_flags(known, as_of=as_of, course=edition):
        if flag.is_raised:
            yield Alert(
                kind=AlertKind.RED_FLAG,
                code=flag.code,
                rule_version=flag.rule_version,
                site=flag.site,
                episode_id=None,
                state=RAISED,
                since=flag.since,
                probability=None,
                evidence=flag.evidence,
            )
    yield from _later_sites(known)


def _later_sites(known: PatientRecord) -> Iterator[Alert]:
    """Give the newest episode of every site but the first of all; an onset that nobody knows comes last."""
    in_time = sorted(known.episodes, key=_by_onset)
    newest = {episode.site: place for place, episode in enumerate(in_time)}
    for place, episode in enumerate(in_time):
        if place == 0 or newest[episode.site] != place:
            continue
        yield Alert(
            kind=AlertKind.SITE,
            code=LATER_SITE,
            rule_version=LATER_SITE_VERSION,
            site=episode.site,
            episode_id=episode.episode_id,
            state=RAISED,
            since=episode.onset,
            probability=None,
            evidence=tuple(_of_episode(one) for one in (episode, *reversed(in_time[:place]))),
        )


def _by_onset(episode: Episode) -> tuple[bool, str, int]:
    onset = episode.onset
    return onset is None, "" if onset is None else onset.middle.isoformat(), episode.episode_id


def _of_episode(episode: Episode) -> Evidence:
    onset = "onset not known" if episode.onset is None else f"onset {episode.onset}"
    closed = "" if episode.closed_on is None else f", closed {episode.closed_on}"
    return Evidence("episode_details", episode.episode_id, episode.onset, f"{episode.site}: {onset}{closed}")
