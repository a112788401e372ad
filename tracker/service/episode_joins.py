"""Which episodes of two records of one person are the same one, entered twice.

Two episodes of one site are one where nothing that is said of them differs: the onsets are the same statement, or
one lies within the other; the closings likewise, or only one is closed. The more exact statement stands for both.
An unknown onset says nothing, so it takes the other's only where both are open or closed alike:
beside a closed episode, an open one of unknown onset may be the next. An episode that is open in one record and has
pain there after the day on which the other record closes it, is not the same course.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.analysis.claims import claimed_scores
from tracker.clinical.record import Episode, PainScore, PatientRecord
from tracker.clinical.reference import Edition
from tracker.clinical.sites import site_label
from tracker.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Join:
    """Two episodes that are one: that of the record which goes, that which stays, and what the latter then says."""

    gone: Episode
    kept: Episode
    joined: Episode


def find_joins(gone: PatientRecord, kept: PatientRecord, edition: Edition) -> tuple[Join, ...]:
    """Pair the episodes that were entered in both records, the same statements of onset first."""
    scores = {**claimed_scores(gone, edition), **claimed_scores(kept, edition)}
    pairs = [(ours, theirs) for ours in gone.episodes for theirs in kept.episodes if ours.site == theirs.site]
    pairs.sort(key=lambda pair: pair[0].onset != pair[1].onset)
    found: list[Join] = []
    for ours, theirs in pairs:
        taken = any(ours == join.gone or theirs == join.kept for join in found)
        joined = None if taken else _joined(ours, theirs, scores)
        if joined is not None:
            found.append(Join(ours, theirs, joined))
    return tuple(found)


def contradictions(gone: PatientRecord, kept: PatientRecord, joins: Sequence[Join]) -> Iterator[str]:
    """Name what two statements of one episode cannot both be: two modes of onset, and two closings after one onset."""
    for join in joins:
        modes = {join.gone.mode, join.kept.mode} - {None}
        if len(modes) > 1:
            label = site_label(join.kept.site)
            yield f"the mode of onset at {label} is {join.gone.mode} and {join.kept.mode}"
    apart_gone = [episode for episode in gone.episodes if all(episode != join.gone for join in joins)]
    apart_kept = [episode for episode in kept.episodes if all(episode != join.kept for join in joins)]
    for ours in apart_gone:
        for theirs in apart_kept:
            if (ours.site, ours.onset) == (theirs.site, theirs.onset) and ours.onset is not None:
                yield (
                    f"the episode at {site_label(ours.site)} with onset {ours.onset.in_words()} is "
                    f"{_closing(ours)} and {_closing(theirs)}"
                )


def both_closings(joins: Sequence[Join], gone_code: str, kept_code: str) -> Iterator[str]:
    """Say which reason of a closing is kept where the two records give different ones."""
    for join in joins:
        ours, theirs = join.gone.closing_reason, join.kept.closing_reason
        if ours is not None and theirs is not None and ours != theirs:
            yield (
                f"The episode at {site_label(join.kept.site)} was closed for '{ours}' in {gone_code} and for "
                f"'{theirs}' in {kept_code}; the latter is kept, the former stays in the ledger."
            )


def narrower(one: PartialDate, other: PartialDate) -> PartialDate | None:
    """Give the narrower of two dates of which one lies within the other, exact before about; None where they differ."""
    if one.first <= other.first and other.last <= one.last:
        same_days = (one.first, one.last) == (other.first, other.last)
        return one if same_days and one.is_exact else other
    return one if other.first <= one.first and one.last <= other.last else None


def _joined(ours: Episode, theirs: Episode, scores: Mapping[int, Sequence[PainScore]]) -> Episode | None:
    """Give what is known of both together; None where they are not one."""
    closed_alike = (ours.closed_on is None) == (theirs.closed_on is None)
    onset, closed_on = ours.onset or theirs.onset, ours.closed_on or theirs.closed_on
    if ours.onset is not None and theirs.onset is not None:
        onset = narrower(ours.onset, theirs.onset)
        if onset is None:
            return None
    elif not closed_alike:
        return None
    if ours.closed_on is not None and theirs.closed_on is not None:
        closed_on = narrower(ours.closed_on, theirs.closed_on)
        if closed_on is None:
            return None
    elif closed_on is not None and not closed_alike:
        still_open = ours if ours.closed_on is None else theirs
        if _hurts_after(closed_on, scores[still_open.episode_id]):
            return None
    if onset is not None and closed_on is not None and closed_on.last < onset.first:
        return None
    return replace(
        theirs,
        onset=onset,
        mode=theirs.mode or ours.mode,
        closed_on=closed_on,
        closing_reason=theirs.closing_reason or ours.closing_reason,
    )


def _hurts_after(closed_on: PartialDate, scores: Sequence[PainScore]) -> bool:
    return any(score.score and score.visit_date.first > closed_on.last for score in scores)


def _closing(episode: Episode) -> str:
    return "open, with pain after that" if episode.closed_on is None else f"closed on {episode.closed_on.in_words()}"
