"""Open, correct and close episodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from tracker.clinical.dictionary import check_value
from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import OnsetMode
from tracker.database import lookups, queries
from tracker.database.ledger import Draft, Origin
from tracker.database.session import Database
from tracker.dates import PartialDate
from tracker.errors import ConflictError, InputError, NotFoundError
from tracker.service.writing import Written, write


@dataclass(frozen=True, slots=True)
class NewEpisode:
    """An episode as first recorded; `onset` is None where nobody knows it."""

    site: str
    onset: PartialDate | None
    mode: OnsetMode | None = None


@dataclass(frozen=True, slots=True)
class EpisodeChange:
    """What to correct; None leaves as it is."""

    site: str | None = None
    onset: PartialDate | None = None
    mode: OnsetMode | None = None


def open_episode(
    database: Database, patient_code: str, episode: NewEpisode, origin: Origin, *, dry_run: bool = False
) -> Written:
    """Open an episode at a site.

    Raises
    ------
    ConflictError
        If an episode at that site is open.
    InputError
        If the onset lies in the future or before the birth.
    """

    def build(connection: Connection, draft: Draft) -> None:
        record = queries.patient_record(connection, patient_code)
        for other in record.episodes:
            if other.site == episode.site and other.closed_on is None:
                raise ConflictError(
                    f"{patient_code} already has an open episode at {find_site(episode.site).label} "
                    f"(onset {other.onset.in_words() if other.onset else 'not known'}).",
                    hint=f"Close it first: tracker episode close {patient_code} {episode.site} --on DATE",
                )
        today = origin.recorded_at.date()
        draft_episode(draft, record.patient_id, episode, birth=record.birth, today=today)

    return write(database, origin, build, dry_run=dry_run)


def draft_episode(draft: Draft, patient_id: int, episode: NewEpisode, *, birth: PartialDate | None, today: date) -> int:
    """Draft a new episode for a patient and give its id."""
    _check_onset(episode.onset, birth=birth, today=today)
    episode_id = draft.identity("episode", patient_id=patient_id)
    draft.record(
        "episode_details",
        {
            "episode_id": episode_id,
            "site": find_site(episode.site).key,
            "onset": episode.onset,
            "onset_mode": episode.mode,
            "closed_on": None,
            "closing_reason": None,
        },
    )
    return episode_id


def edit_episode(
    database: Database, patient_code: str, site: str, change: EpisodeChange, origin: Origin, *, dry_run: bool = False
) -> Written:
    """Correct the site, onset or mode of the newest episode at a site."""

    def correct(record: PatientRecord, old: Episode) -> Episode:
        _check_onset(change.onset, birth=record.birth, today=origin.recorded_at.date())
        return replace(old, site=change.site or old.site, onset=change.onset or old.onset, mode=change.mode or old.mode)

    return _amend(database, patient_code, site, origin, correct, dry_run=dry_run)


def close_episode(
    database: Database,
    patient_code: str,
    site: str,
    origin: Origin,
    *,
    closed_on: PartialDate,
    dry_run: bool = False,
) -> Written:
    """Close the open episode at a site; the origin's reason is kept as the closing reason.

    Raises
    ------
    ConflictError
        If it is closed already.
    InputError
        If the day lies in the future or before the onset.
    """

    def correct(_record: PatientRecord, old: Episode) -> Episode:
        if old.closed_on is not None:
            raise ConflictError(
                f"The episode at {find_site(site).label} is closed already, on {old.closed_on.in_words()}.",
                hint=f"See: tracker episode list {patient_code}",
            )
        check_value("closing_reason", origin.reason)
        _check_not_future(closed_on, "closing day", today=origin.recorded_at.date())
        if old.onset is not None and closed_on.last < old.onset.first:
            raise InputError(
                f"The closing day {closed_on.in_words()} lies before the onset ({old.onset.in_words()}).",
                hint="Give a later day, or correct the onset: tracker episode edit.",
            )
        return replace(old, closed_on=closed_on, closing_reason=origin.reason)

    return _amend(database, patient_code, site, origin, correct, dry_run=dry_run)


def newest_at(record: PatientRecord, site: str) -> Episode:
    """Give the episode at a site that began last (an open one before a closed one).

    Raises
    ------
    NotFoundError
        If the patient has none there; the message names the sites that have one.
    """
    there = [episode for episode in record.episodes if episode.site == site]
    if not there:
        sites = ", ".join(dict.fromkeys(episode.site for episode in record.episodes)) or "none"
        raise NotFoundError(
            f"{record.patient_code} has no episode at {find_site(site).label}; sites with an episode: {sites}.",
            hint=f"Open one: tracker episode open {record.patient_code} {site} --onset 2026-03",
        )
    return max(there, key=lambda e: (e.closed_on is None, e.onset.first if e.onset else date.min, e.episode_id))


def _amend(
    database: Database,
    patient_code: str,
    site: str,
    origin: Origin,
    correct: Callable[[PatientRecord, Episode], Episode],
    *,
    dry_run: bool,
) -> Written:
    def build(connection: Connection, draft: Draft) -> None:
        record = queries.patient_record(connection, patient_code)
        old = newest_at(record, site)
        new = correct(record, old)
        if new == old:
            raise InputError(f"The episode at {find_site(site).label} already is so.", hint="Nothing to correct.")
        row = lookups.current_details(connection, "episode_details", episode_id=old.episode_id)
        draft.retract("episode_details", row["row_id"])
        draft.record(
            "episode_details",
            {
                "episode_id": new.episode_id,
                "site": new.site,
                "onset": new.onset,
                "onset_mode": new.mode,
                "closed_on": new.closed_on,
                "closing_reason": new.closing_reason,
            },
        )

    return write(database, origin, build, dry_run=dry_run)


def _check_onset(onset: PartialDate | None, *, birth: PartialDate | None, today: date) -> None:
    if onset is None:
        return
    _check_not_future(onset, "onset", today=today)
    if birth is not None and onset.last < birth.first:
        raise InputError(f"The onset {onset.in_words()} lies before the birth ({birth}).", hint="Correct one of them.")


def _check_not_future(when: PartialDate, what: str, *, today: date) -> None:
    if when.first > today:
        raise InputError(
            f"The {what} '{when}' lies in the future; today is {PartialDate.on(today).in_words()}.",
            hint="Give a day up to today.",
        )
