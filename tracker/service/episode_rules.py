"""What the episodes of one patient must keep to, and what is said when scores change hands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import combinations

from tracker.analysis.claims import claimed_scores
from tracker.clinical.record import Episode, PatientRecord
from tracker.clinical.reference import Edition
from tracker.clinical.sites import find_site
from tracker.errors import ConflictError


def refuse_overlaps(
    patient_code: str,
    episodes: Iterable[Episode],
    *,
    advice: Callable[[Episode, Episode], str] | None = None,
) -> None:
    """Refuse two episodes of one site that run at the same time.

    Of two episodes at a site only one may be open, and the later one may begin, on its first
    possible day, no earlier than the first possible closing day of the other. Where an onset
    is not known, no order is assumed.

    Parameters
    ----------
    patient_code : str
        For the message.
    episodes : iterable of Episode
        All of the patient.
    advice : callable, optional
        Gives what to do about two of them; what to do about episodes of one record if not given.

    Raises
    ------
    ConflictError
        Naming both episodes.
    """
    in_time = sorted(episodes, key=lambda e: (e.site, *_span(e), e.episode_id))
    for earlier, later in combinations(in_time, 2):
        if earlier.site != later.site:
            continue
        both = f"one with {_named(earlier)} and one with {_named(later)}"
        label = find_site(earlier.site).label
        if earlier.closed_on is None and later.closed_on is None:
            raise ConflictError(
                f"{patient_code} would have two open episodes at {label}: {both}.",
                hint=advice(earlier, later)
                if advice
                else f"Close one first: tracker episode close {patient_code} {earlier.site} --on DATE --why REASON",
            )
        if earlier.onset is not None and later.onset is not None and later.onset.first < _span(earlier)[1]:
            raise ConflictError(
                f"{patient_code} would have two episodes at {label} that overlap: {both}.",
                hint=advice(earlier, later)
                if advice
                else "Correct an onset or a closing day; an onset can be a span, such as 2026-03-01/2026-03-20.",
            )


def changed_hands(before: PatientRecord, after: PatientRecord, edition: Edition) -> Iterator[str]:
    """Say how many recorded scores an episode loses, and to which other one.

    Parameters
    ----------
    before, after : PatientRecord
        The same scores, with the episodes as they were and as they would be; one may be gone.
    edition : Edition
        For the days that an episode claims.
    """
    old, new = _owners(before, edition), _owners(after, edition)
    moves = Counter((owner, new.get(row_id)) for row_id, owner in old.items() if new.get(row_id) != owner)
    episodes = {episode.episode_id: episode for episode in (*before.episodes, *after.episodes)}
    for (loser, winner), n_scores in moves.items():
        scores = "1 recorded score" if n_scores == 1 else f"{n_scores} recorded scores"
        place = _placed(episodes[loser])
        if winner is None:
            closed_on = episodes[loser].closed_on
            closed = f", closed {closed_on.when_in_words()}" if closed_on is not None else ""
            yield f"{scores} would no longer belong to the episode at {place}{closed}."
        else:
            yield f"{scores} would pass from the episode at {place} to the one at {_placed(episodes[winner])}."


def _owners(record: PatientRecord, edition: Edition) -> dict[int, int]:
    claimed = claimed_scores(record, edition)
    return {score.row_id: episode_id for episode_id, scores in claimed.items() for score in scores}


def _span(episode: Episode) -> tuple[date, date]:
    """First possible days of onset and closing; the ends of time where there is none."""
    onset = date.min if episode.onset is None else episode.onset.first
    return onset, date.max if episode.closed_on is None else episode.closed_on.first


def _named(episode: Episode) -> str:
    onset = "unknown onset" if episode.onset is None else f"onset {episode.onset.in_words()}"
    return onset if episode.closed_on is None else f"{onset} closed {episode.closed_on.when_in_words()}"


def _placed(episode: Episode) -> str:
    onset = "onset not known" if episode.onset is None else f"onset {episode.onset.in_words()}"
    return f"{find_site(episode.site).label} ({onset})"
