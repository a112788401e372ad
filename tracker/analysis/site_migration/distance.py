"""How far two sites are apart: within a bone, a joint, a region, or further."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from tracker.clinical.site_migration import GROUPS_OF_BONES, WEIGHT_BEARING_REGIONS
from tracker.clinical.sites import all_sites, belongs_to, find_site, joint_key
from tracker.clinical.vocabulary import Side, SiteLevel


class Distance(StrEnum):
    """From near to far; `same_place` also where one site is part of the other."""

    SAME_PLACE = "same_place"
    WITHIN_BONE = "within_bone"
    WITHIN_JOINT = "within_joint"
    WITHIN_REGION = "within_region"
    OTHER_JOINT_SAME_SIDE = "other_joint_same_side"
    MIDLINE = "midline"
    OTHER_SIDE = "other_side"

    @property
    def is_within_joint(self) -> bool:
        """Whether it stays within one joint but not at one place."""
        return self in (Distance.WITHIN_BONE, Distance.WITHIN_JOINT)

    @property
    def is_other_joint(self) -> bool:
        """Whether it leaves the region."""
        return self in (Distance.OTHER_JOINT_SAME_SIDE, Distance.MIDLINE, Distance.OTHER_SIDE)


def overlap(one: str, other: str) -> bool:
    """Whether two sites are one place, or one is part of the other."""
    return belongs_to(one, other) or belongs_to(other, one)


def distance(one: str, other: str) -> Distance:
    """Say how far two sites are apart."""
    if overlap(one, other):
        return Distance.SAME_PLACE
    sides = {find_site(one).side, find_site(other).side}
    shared = _around(one) & _around(other)
    levels = {find_site(key).level for key in shared if find_site(key).code not in GROUPS_OF_BONES}
    if SiteLevel.BONE in levels:
        return Distance.WITHIN_BONE
    if SiteLevel.JOINT in levels or joint_key(one) == joint_key(other):
        return Distance.WITHIN_JOINT
    if shared:
        return Distance.WITHIN_REGION
    if len(sides) == 1:
        return Distance.OTHER_JOINT_SAME_SIDE
    return Distance.MIDLINE if Side.MIDLINE in sides else Distance.OTHER_SIDE


def is_mirror(one: str, other: str) -> bool:
    """Whether two sites are the same place on the two sides."""
    first, second = find_site(one), find_site(other)
    return first.code == second.code and {first.side, second.side} == {Side.LEFT, Side.RIGHT}


def are_adjacent(one: str, other: str) -> bool:
    """Whether two sites touch, or their joints are next to each other."""
    pairs = ((find_site(one), find_site(other)), (find_site(joint_key(one)), find_site(joint_key(other))))
    return any(b.key in a.neighbours or a.key in b.neighbours for a, b in pairs)


def bears_weight(key: str) -> bool:
    """Whether a site is, or is part of, a weight-bearing place."""
    return any(find_site(outer).code in WEIGHT_BEARING_REGIONS for outer in _around(key))


@cache
def _around(key: str) -> frozenset[str]:
    """Give the site itself and all it is part of."""
    return frozenset(outer.key for outer in all_sites() if belongs_to(key, outer.key))
