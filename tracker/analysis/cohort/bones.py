"""Which bones showed edema on some image, by side, and counts of them that are protected together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.analysis.disclosure.tables import NO, YES, Cell, CountTable, Level, Relation, Variable
from tracker.clinical.record import PatientRecord
from tracker.clinical.sites import belongs_to, find_site
from tracker.clinical.vocabulary import Finding, Presence, Side, SiteLevel

PAIRED_BONES = (
    "talus",
    "calcaneus",
    "navicular",
    "cuneiform",
    "cuboid",
    "metatarsus",
    "distal-tibia",
    "distal-fibula",
    "distal-femur",
    "tibial-plateau",
    "patella",
    "fibular-head",
    "proximal-femur",
    "acetabulum",
)
"""Bones with a left and a right one, each with its parts."""
_END_OF = {"medial-malleolus": "distal-tibia", "lateral-malleolus": "distal-fibula"}
TOES, OTHER_BONE = "toe or sesamoid", "a bone elsewhere"
WITH_SIDES = (*PAIRED_BONES, TOES)
BONE_GROUPS = (*WITH_SIDES, OTHER_BONE)
SIDES = (Side.LEFT, Side.RIGHT)

_FOOT = "foot-and-ankle"

Place = tuple[str, Side]
"""One of `BONE_GROUPS`, and its side."""


@dataclass(frozen=True, slots=True)
class BonesSeen:
    """Where a patient's images, of any time, showed edema, and of where any spoke: looked at, with or without."""

    edema: frozenset[Place]
    examined: frozenset[Place]

    def has(self, bone: str, side: Side | None = None) -> bool:
        """Say whether there was edema of a bone, on one side or on any."""
        return any(found == bone and side in (None, on) for found, on in self.edema)


def bones_seen(record: PatientRecord) -> BonesSeen:
    """Read a patient's images."""
    found = [
        finding
        for finding in record.imaging
        if finding.finding is Finding.EDEMA
        and finding.presence is not Presence.NOT_EXAMINED
        and find_site(finding.site).level is SiteLevel.BONE
    ]
    return BonesSeen(
        edema=frozenset(place_of_bone(one.site) for one in found if one.presence is Presence.PRESENT),
        examined=frozenset(place_of_bone(one.site) for one in found),
    )


def place_of_bone(key: str) -> Place:
    """Give the group and the side of a site that is a bone or a part of one."""
    site = find_site(key)
    if site.code in _END_OF:
        return _END_OF[site.code], site.side
    for bone in () if site.side is Side.MIDLINE else PAIRED_BONES:
        if belongs_to(key, f"{bone}-{site.side}"):
            return bone, site.side
    return TOES if site.region == _FOOT else OTHER_BONE, site.side


def bone_variable(bone: str) -> Variable:
    """Name the variable of edema seen in a bone, on either side."""
    return Variable(f"edema: {bone}", (YES, NO))


def side_variable(bone: str, side: Side) -> Variable:
    """Name the variable of edema seen in a bone of one side."""
    return Variable(f"edema: {side} {bone}", (YES, NO))


def examined_places(seen: Iterable[BonesSeen]) -> frozenset[Place]:
    """Give every place that somebody's images spoke of."""
    return frozenset(place for one in seen for place in one.examined)


def bone_tables(
    seen: Sequence[BonesSeen], *, population: str, within: tuple[Level, ...]
) -> tuple[list[CountTable], list[Relation]]:
    """Count edema of each bone, and by side where somebody's images spoke of it; the sums that tie both together.

    Parameters
    ----------
    seen : sequence of BonesSeen
        Of patients of whom some bone was examined.
    population, within
        What these patients are called in a release.
    """
    places = examined_places(seen)
    tables, relations = [], list[Relation]()
    for bone in BONE_GROUPS:
        n_with = sum(one.has(bone) for one in seen)
        of_any = CountTable(
            bone_variable(bone).name, population, bone_variable(bone), [[n_with], [len(seen) - n_with]], within=within
        )
        tables.append(of_any)
        if bone in WITH_SIDES and any((bone, side) in places for side in SIDES):
            by_side = _by_side(bone, seen, population, within)
            tables.append(by_side)
            relations += _of_either_side(of_any, by_side)
    return tables, relations


def _of_either_side(of_any: CountTable, by_side: CountTable) -> tuple[Relation, ...]:
    """Tie left, right and both to any: who has it has it left or on the right alone, right or on the left alone."""
    return (
        Relation(of_any.row(NO), (by_side.cell(NO, NO),)),
        Relation(of_any.row(YES), (by_side.row(YES), by_side.cell(NO, YES))),
        Relation(of_any.row(YES), (by_side.column(YES), by_side.cell(YES, NO))),
    )


def side_cell(whole: Cell, bone: str, *sides: Side) -> Cell:
    """Name those with edema of a bone on a side, or on both."""
    return whole.within(*((side_variable(bone, side).name, YES) for side in sides))


def _by_side(bone: str, seen: Sequence[BonesSeen], population: str, within: tuple[Level, ...]) -> CountTable:
    rows, columns = (side_variable(bone, side) for side in SIDES)
    found = Counter(tuple(YES if one.has(bone, side) else NO for side in SIDES) for one in seen)
    counts = [[found[row, column] for column in columns.levels] for row in rows.levels]
    return CountTable(f"edema by side: {bone}", population, rows, counts, columns, within=within)
