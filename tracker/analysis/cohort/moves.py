"""Which of a patient's sites began after which other, where the stated onsets leave no doubt.

One site began after another where its first possible day lies more than the ``together_days`` of the rules of site
migration after the last possible day of the other. Episodes at one place, or at a part of it, are no second site.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from tracker.analysis.site_migration.distance import Distance, distance
from tracker.clinical.record import Episode
from tracker.clinical.site_migration import site_migration_rules
from tracker.clinical.sites import find_site

SITE_HISTORY = ("one site", "further site later", "several sites, order not known or at once")
AREAS = ("foot and ankle", "knee", "hip", "elsewhere")
_AREA_OF = {"foot-and-ankle": "foot and ankle", "knee": "knee", "hip": "hip"}


@dataclass(frozen=True, slots=True)
class Move:
    """A later start: from where to where, and how far apart."""

    from_area: str
    to_area: str
    distance: Distance


def moves_of(episodes: Sequence[Episode]) -> frozenset[Move]:
    """Give each kind of later start once, however often it happened."""
    found = set()
    for one, other in combinations(episodes, 2):
        apart = distance(one.site, other.site)
        if apart is Distance.SAME_PLACE:
            continue
        for old, new in ((one, other), (other, one)):
            if _began_later(old, new):
                found.add(Move(area_of(old.site), area_of(new.site), apart))
    return frozenset(found)


def site_history(episodes: Sequence[Episode], moves: Collection[Move]) -> str:
    """Say whether a further site began later; one of `SITE_HISTORY`."""
    one_site, later, no_order = SITE_HISTORY
    if moves:
        return later
    pairs = combinations(episodes, 2)
    several = any(distance(one.site, other.site) is not Distance.SAME_PLACE for one, other in pairs)
    return no_order if several else one_site


def area_of(site: str) -> str:
    """Give the area of the body a site lies in; one of `AREAS`."""
    return _AREA_OF.get(find_site(site).region, AREAS[-1])


def _began_later(old: Episode, new: Episode) -> bool:
    if old.onset is None or new.onset is None:
        return False
    return (new.onset.first - old.onset.last).days > site_migration_rules().value("together_days")
