"""Regional migratory osteoporosis by the strict and by the broad rule."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.analysis.site_migration.distance import Distance, bears_weight
from tracker.analysis.site_migration.results import EventKind, NewBone, RuleReading, SiteEvent, SitePair, UnknownOrder

_LATER = (EventKind.SPREAD, EventKind.SITE_MIGRATION, EventKind.UNDETERMINED)


def strict_rule(events: Iterable[SiteEvent], unordered: Iterable[UnknownOrder]) -> RuleReading:
    """Read the rule of at least one later start at another weight-bearing joint."""
    return _at_least_one(
        [_one_after_other(event) for event in events if _is_at_another_joint(event.pair)],
        is_open=any(_is_at_another_joint(one.pair) for one in unordered),
    )


def broad_rule(events: Iterable[SiteEvent], unordered: Iterable[UnknownOrder], bones: Iterable[NewBone]) -> RuleReading:
    """Read the rule of at least one later start at any new joint or compartment, a shift of edema included."""
    later = [_one_after_other(event) for event in events if event.pair.distance is not Distance.SAME_PLACE]
    shifts = [RuleReading(1.0, 1.0) for bone in bones if bone.is_shift]
    return _at_least_one(later + shifts, is_open=any(one.pair.distance is not Distance.SAME_PLACE for one in unordered))


def _is_at_another_joint(pair: SitePair) -> bool:
    return pair.distance.is_other_joint and bears_weight(pair.old_site) and bears_weight(pair.new_site)


def _one_after_other(event: SiteEvent) -> RuleReading:
    """Give the probability of one order, and of one or the other: an order that cannot be told is no event yet."""
    later = sum(event.kinds.get(kind, 0.0) for kind in _LATER)
    earlier = event.kinds[EventKind.REVERSE_ORDER]
    return RuleReading(min(max(later, earlier), 1.0), min(later + earlier, 1.0))


def _at_least_one(readings: list[RuleReading], *, is_open: bool) -> RuleReading:
    """Bound the probability that at least one of several events, which may depend on each other, happened."""
    low = max((reading.p_low for reading in readings), default=0.0)
    return RuleReading(low, 1.0 if is_open else min(sum(reading.p_high for reading in readings), 1.0))
