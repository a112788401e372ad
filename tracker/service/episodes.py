"""Open, correct and close episodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from tracker.clinical.dictionary import check_value
from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.reference import load_edition
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import OnsetMode
from tracker.database import lookups, queries
from tracker.database.ledger import Draft, Origin
from tracker.database.session import Database
from tracker.dates import PartialDate
from tracker.errors import ConflictError, InputError, NotFoundError
from tracker.service.episode_rules import changed_hands, refuse_overlaps
from tracker.service.side_checks import episode_side
from tracker.service.writing import Confirm, Written, write


@dataclass(frozen=True, slots=True)
class NewEpisode:
    """An episode as first recorded; `onset` is None where nobody knows it."""

    site: str
    onset: PartialDate | None
    mode: OnsetMode | None = None


@dataclass(frozen=True, slots=True)
class EpisodeAt:
    """Which episode is meant: the newest one of a patient at a site, an open one first."""

    patient_code: str
    site: str


@dataclass(frozen=True, slots=True)
class EpisodeChange:
    """What to correct; None leaves as it is."""

    site: str | None = None
    onset: PartialDate | None = None
    mode: OnsetMode | None = None


def open_episode(
    database: Database,
    patient_code: str,
    episode: NewEpisode,
    origin: Origin,
    *,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Open an episode at a site.

    Parameters
    ----------
    confirm : callable, optional
        Asked once where recorded scores would pass from another episode to this one, or everything
        recorded before is on the other side.

    Raises
    ------
    ConflictError
        If an episode at that site is open, or was when this one began.
    InputError
        If the onset lies in the future or before the birth, or a word is not allowed.
    DeclinedError
        If `confirm` said no.
    """
    patient_id = _patient_id(database, patient_code)

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        record = _current(connection, patient_id, patient_code)
        today = origin.recorded_at.date()
        episode_id = draft_episode(draft, patient_id, episode, birth=record.birth, today=today)
        opened = Episode(episode_id, record.last_entry_id + 1, episode.site, episode.onset, episode.mode, None, None)
        after = replace(record, episodes=(*record.episodes, opened))
        return (*_checked(record, after), *episode_side(record, episode.site))

    return write(database, origin, build, confirm=confirm, dry_run=dry_run)


def draft_episode(draft: Draft, patient_id: int, episode: NewEpisode, *, birth: PartialDate | None, today: date) -> int:
    """Draft a new episode for a patient and give its id."""
    check_value("site", episode.site)
    check_onset(episode.onset, birth=birth, today=today)
    if episode.mode is not None:
        check_value("onset_mode", episode.mode)
    episode_id = draft.identity("episode", patient_id=patient_id)
    draft.record(
        "episode_details",
        {
            "episode_id": episode_id,
            "site": episode.site,
            "onset": episode.onset,
            "onset_mode": episode.mode,
            "closed_on": None,
            "closing_reason": None,
        },
    )
    return episode_id


def edit_episode(
    database: Database,
    meant: EpisodeAt,
    change: EpisodeChange,
    origin: Origin,
    *,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Correct the site, onset or mode of an episode.

    Parameters
    ----------
    confirm : callable, optional
        Asked once where recorded scores would change hands.

    Raises
    ------
    ConflictError
        If it would run beside another episode of its site.
    InputError
        If nothing would change or a value is not allowed.
    DeclinedError
        If `confirm` said no.
    """
    if change == EpisodeChange():
        raise InputError("Nothing to change was named.", hint="Give at least one of --site, --onset, --mode.")
    if change.site is not None:
        check_value("site", change.site)
    if change.mode is not None:
        check_value("onset_mode", change.mode)

    def correct(record: PatientRecord, old: Episode) -> Episode:
        new = replace(old, site=change.site or old.site, onset=change.onset or old.onset, mode=change.mode or old.mode)
        if change.onset is not None:
            check_onset(change.onset, birth=record.birth, today=origin.recorded_at.date())
            check_order(new)
        return new

    return _amend(database, meant, origin, correct, confirm=confirm, dry_run=dry_run)


def close_episode(
    database: Database,
    meant: EpisodeAt,
    origin: Origin,
    *,
    closed_on: PartialDate,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Close an open episode; the origin's reason is kept as the closing reason.

    Parameters
    ----------
    confirm : callable, optional
        Asked once where recorded scores lie after the closing day.

    Raises
    ------
    ConflictError
        If it is closed already.
    InputError
        If the day lies in the future or before the onset.
    DeclinedError
        If `confirm` said no.
    """

    def correct(_record: PatientRecord, old: Episode) -> Episode:
        if old.closed_on is not None:
            raise ConflictError(
                f"The episode at {find_site(meant.site).label} is closed already, {old.closed_on.when_in_words()}.",
                hint=f"See: tracker episode list {meant.patient_code}",
            )
        check_value("closing_reason", origin.reason)
        _check_not_future("closed_on", closed_on, "closing day", today=origin.recorded_at.date())
        new = replace(old, closed_on=closed_on, closing_reason=origin.reason)
        check_order(new)
        return new

    return _amend(database, meant, origin, correct, confirm=confirm, dry_run=dry_run)


def episode_details(episode: Episode) -> dict[str, object]:
    """Give the columns of the row that says what is known of an episode."""
    return {
        "episode_id": episode.episode_id,
        "site": episode.site,
        "onset": episode.onset,
        "onset_mode": episode.mode,
        "closed_on": episode.closed_on,
        "closing_reason": episode.closing_reason,
    }


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
    meant: EpisodeAt,
    origin: Origin,
    correct: Callable[[PatientRecord, Episode], Episode],
    *,
    confirm: Confirm | None,
    dry_run: bool,
) -> Written:
    check_value("site", meant.site)
    patient_id = _patient_id(database, meant.patient_code)

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        record = _current(connection, patient_id, meant.patient_code)
        old = newest_at(record, meant.site)
        new = correct(record, old)
        if new == old:
            raise InputError(f"The episode at {find_site(meant.site).label} already is so.", hint="Nothing to correct.")
        row = lookups.current_details(connection, "episode_details", episode_id=old.episode_id)
        draft.retract("episode_details", row["row_id"])
        draft.record("episode_details", episode_details(new))
        return _checked(record, replace(record, episodes=tuple(new if e == old else e for e in record.episodes)))

    return write(database, origin, build, confirm=confirm, dry_run=dry_run)


def _patient_id(database: Database, patient_code: str) -> int:
    with database.reading() as connection:
        return queries.patient_record(connection, patient_code).patient_id


def _current(connection: Connection, patient_id: int, patient_code: str) -> PatientRecord:
    """Read the record again; the code may have passed to another person while a question waited."""
    lookups.require_current_patient(connection, patient_id, patient_code)
    return queries.patient_record(connection, patient_code)


def _checked(before: PatientRecord, after: PatientRecord) -> tuple[str, ...]:
    """Refuse episodes that cannot stand together; give what is unusual about the change."""
    refuse_overlaps(after.patient_code, after.episodes)
    return tuple(changed_hands(before, after, load_edition()))


def check_order(episode: Episode) -> None:
    """Refuse a closing day before the onset (`InputError`)."""
    onset, closed_on = episode.onset, episode.closed_on
    if onset is not None and closed_on is not None and closed_on.last < onset.first:
        raise InputError(
            f"The closing day {closed_on.in_words()} lies before the onset ({onset.in_words()}).",
            hint="Give a later day, or correct the onset: tracker episode edit.",
        )


def check_onset(onset: PartialDate | None, *, birth: PartialDate | None, today: date) -> None:
    """Refuse an onset in the future or before the birth (`InputError`)."""
    if onset is None:
        return
    _check_not_future("onset", onset, "onset", today=today)
    if birth is not None and onset.last < birth.first:
        raise InputError(f"The onset {onset.in_words()} lies before the birth ({birth}).", hint="Correct one of them.")


def _check_not_future(name: str, when: PartialDate, what: str, *, today: date) -> None:
    if when.first > today:
        raise InputError(
            f"The {what} '{when}' lies in the future; today is {PartialDate.on(today).in_words()}.",
            hint="Give a day up to today.",
        )
    check_value(name, when)
