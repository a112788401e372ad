"""What a second start is beside a first one, with the probability of each reading.

The starts of two episodes are taken as independent: what memory got wrong about one
says nothing about the other. Where both were recalled together that makes the order less sure than it was.
"""

from __future__ import annotations

import numpy as np

from tracker.analysis.site_migration.distance import Distance, are_adjacent, distance, is_mirror
from tracker.analysis.site_migration.results import EventKind, OldState, SiteEvent, SitePair, UnknownOrder
from tracker.analysis.site_migration.timing import Days, Timing, day_interval
from tracker.clinical.record import Episode
from tracker.clinical.reference import Edition


def site_pair(old: Episode, new: Episode) -> SitePair:
    """Say how far the sites of two episodes are apart."""
    return SitePair(
        old_episode_id=old.episode_id,
        old_site=old.site,
        new_episode_id=new.episode_id,
        new_site=new.site,
        distance=distance(old.site, new.site),
        is_mirror=is_mirror(old.site, new.site),
        is_adjacent=are_adjacent(old.site, new.site),
    )


def unknown_order(first: Episode, second: Episode) -> UnknownOrder:
    """Say why two episodes cannot be put in order."""
    without = tuple(episode.site for episode in (first, second) if episode.onset is None)
    return UnknownOrder(
        pair=site_pair(first, second),
        without_onset=without,
        reason=f"no onset is recorded at {' and '.join(without)}",
        needs="an onset there, even if only a month or a year",
    )


def site_event(old: Timing, new: Timing, *, as_of_ordinal: int, rules: Edition) -> SiteEvent:
    """Read the start of one episode against another one.

    Parameters
    ----------
    old, new : Timing
        The episodes, the one whose start has the earlier middle first.
    as_of_ordinal : int
        The day to answer for: an overlap is counted up to it.
    rules : Edition
        The cited rules.

    Returns
    -------
    SiteEvent
        Probabilities from the distributions of starts and ends; the order's exactly, the
        states of the old site over 256 equally probable starts of the new one.
    """
    apart = rules.value("together_days")
    pair = site_pair(old.episode, new.episode)
    p_later, p_earlier = _p_after(old, new, by=apart), _p_after(new, old, by=apart)
    new_starts = new.start_points()
    states = _old_states(old, new_starts, apart_days=apart)
    ends = old.end_points()
    return SiteEvent(
        pair=pair,
        kinds=_kinds(pair, p_later, p_earlier, states),
        old_states=states,
        p_order=_p_after(old, new, by=0.0),
        between_starts_days=day_interval(_differences(new_starts, old.start_points())),
        gap_days=None if ends is None else day_interval(np.maximum(_differences(new_starts, ends), 0.0)),
        overlap_days=None if ends is None else day_interval(_overlaps(new_starts, np.minimum(ends, as_of_ordinal))),
        old_end_from=old.end_from,
        reference_resolved=old.reference_resolved(new_starts),
    )


def _p_after(first: Timing, second: Timing, *, by: float) -> float:
    """Give the probability that the second start lies more than so many days after the first."""
    reached = np.concatenate([[0.0], np.cumsum(first.weights)])
    return min(float(second.weights @ reached[np.searchsorted(first.starts, second.starts - by)]), 1.0)


def _old_states(old: Timing, new_starts: Days, *, apart_days: float) -> dict[OldState, float] | None:
    """Share out the cases in which the new site began later by how far the old one was; None where there are none."""
    found = [old.states_before(float(day), apart_days=apart_days) for day in new_starts]
    mass = {state: sum(one.get(state, 0.0) for one in found) for state in OldState}
    total = sum(mass.values())
    return {state: part / total for state, part in mass.items()} if total > 0 else None


def _kinds(
    pair: SitePair, p_later: float, p_earlier: float, states: dict[OldState, float] | None
) -> dict[EventKind, float]:
    together = max(1 - p_later - p_earlier, 0.0)
    active, regressing, resolved, unknown = (p_later * (states or {}).get(state, 0.0) for state in OldState)
    if pair.distance is Distance.SAME_PLACE:
        named = {EventKind.RELAPSE: regressing + resolved, EventKind.STILL_ACTIVE: active + together}
    else:
        named = {
            EventKind.MULTIFOCAL_ONSET: together,
            EventKind.SPREAD: active,
            EventKind.SITE_MIGRATION: regressing + resolved,
        }
    # Without a start that is surely later there is no state to share it out by.
    lost = p_later if states is None else unknown
    return {**named, EventKind.UNDETERMINED: lost, EventKind.REVERSE_ORDER: p_earlier}


def _differences(later: Days, earlier: Days) -> Days:
    """Give every later day less every earlier one, flat."""
    return np.subtract.outer(later, earlier).ravel()


def _overlaps(new_starts: Days, old_ends: Days) -> Days:
    return np.maximum(-_differences(new_starts, old_ends), 0.0)
