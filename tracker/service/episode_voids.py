"""Take back an episode that should never have been entered.

Scores, images and notes are said of a site at a visit, so they stay. Only decisions on flags name an episode:
without it nothing is left that they decide on, so they are taken back in the same entry, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from tracker.clinical.case_record import FlagDecision
from tracker.clinical.dictionary import check_value
from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.reference import load_edition
from tracker.clinical.sites import site_label
from tracker.database import lookups, queries
from tracker.database.ledger import Draft, Origin
from tracker.database.session import Database
from tracker.errors import ConflictError, NotFoundError
from tracker.service.episode_rules import changed_hands
from tracker.service.episodes import newest_at
from tracker.service.writing import Confirm, Written, write

UNKNOWN_ONSET = "unknown"
NOT_CLOSED = "open"


@dataclass(frozen=True, slots=True)
class EpisodeMeant:
    """Which episode of a patient at a site is meant.

    Attributes
    ----------
    onset : str or None
        Its onset as it is recorded, or `UNKNOWN_ONSET`; None where it is the only one.
    closed : str or None
        Its closing day as it is recorded, or `NOT_CLOSED`; None where that does not matter.
    """

    patient_code: str
    site: str
    onset: str | None = None
    closed: str | None = None


def void_episode(
    database: Database,
    meant: EpisodeMeant,
    origin: Origin,
    *,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Take an episode back, with the decisions on its flags; `tracker undo` restores it.

    Parameters
    ----------
    confirm : callable, optional
        Asked once where scores would have no episode, or decisions go along.

    Raises
    ------
    NotFoundError
        If there is no such patient or no such episode; those at the site are named.
    ConflictError
        If several are meant.
    DeclinedError
        If `confirm` said no.
    """
    check_value("site", meant.site)

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        record = queries.patient_record(connection, meant.patient_code)
        episode = _meant(record, meant)
        row = lookups.current_details(connection, "episode_details", episode_id=episode.episode_id)
        draft.retract_row("episode_details", row)
        decisions = [one for one in record.flag_decisions if one.episode_id == episode.episode_id]
        for decision in decisions:
            draft.retract("flag_decision", decision.row_id)
        after = replace(record, episodes=tuple(one for one in record.episodes if one != episode))
        return (*changed_hands(record, after, load_edition()), *_taken_along(decisions))

    return write(database, origin, build, confirm=confirm, dry_run=dry_run)


def _meant(record: PatientRecord, meant: EpisodeMeant) -> Episode:
    """Give the one episode that is meant; of two that say the same of onset and closing, the one entered last."""
    newest_at(record, meant.site)  # refuses a site that has none
    there = [episode for episode in record.episodes if episode.site == meant.site]
    found = [one for one in there if meant.onset in (None, _onset(one)) and meant.closed in (None, _closed(one))]
    said = {(_onset(one), _closed(one)) for one in found}
    listed = "; ".join(f"--onset {_onset(one)} --closed {_closed(one)}" for one in there)
    if not found:
        raise NotFoundError(
            f"{record.patient_code} has no such episode at {site_label(meant.site)}; there is {listed}.",
            hint=f"See: tracker episode list {record.patient_code}",
        )
    if len(said) > 1:
        raise ConflictError(
            f"{record.patient_code} has {len(there)} episodes at {site_label(meant.site)}: {listed}.",
            hint="Say which: --onset DATE, and --closed DATE where the onsets are alike.",
        )
    return max(found, key=lambda one: one.episode_id)


def _onset(episode: Episode) -> str:
    return UNKNOWN_ONSET if episode.onset is None else str(episode.onset)


def _closed(episode: Episode) -> str:
    return NOT_CLOSED if episode.closed_on is None else str(episode.closed_on)


def _taken_along(decisions: Sequence[FlagDecision]) -> Iterator[str]:
    for one in decisions:
        yield (
            f"The decision on its flag {one.flag} ({one.decision}, {one.decided_on.in_words()}) is taken back with it."
        )
