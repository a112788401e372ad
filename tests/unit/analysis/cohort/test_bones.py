"""Bones with edema in a release: a few patients with a bone are not told by the side on which nobody has it."""

from __future__ import annotations

from tracker.analysis.cohort.bones import BonesSeen, bone_tables, bone_variable, side_variable
from tracker.analysis.disclosure.policy import default_policy
from tracker.analysis.disclosure.release import HIDDEN
from tracker.analysis.disclosure.suppression import protect
from tracker.analysis.disclosure.tables import YES, Cell
from tracker.clinical.vocabulary import Side

EXAMINED = frozenset({(bone, side) for bone in ("talus", "cuboid") for side in (Side.LEFT, Side.RIGHT)})


def seen(*places, times):
    return [BonesSeen(edema=frozenset(places), examined=EXAMINED)] * times


def released(people):
    tables, relations = bone_tables(people, population="patients", within=())
    release = protect(tables, default_policy(), relations=relations)
    return lambda variable: release.count(Cell("patients").within((variable.name, YES)))


def test_the_side_of_a_few_is_hidden_even_where_it_is_the_same_for_all_of_them():
    people = seen(("talus", Side.LEFT), times=12) + seen(("cuboid", Side.LEFT), times=4) + seen(times=14)
    count = released(people)
    assert count(bone_variable("cuboid")) == HIDDEN
    assert [count(side_variable("cuboid", side)) for side in (Side.LEFT, Side.RIGHT)] == [HIDDEN, HIDDEN]


def test_the_side_of_many_is_shown_even_where_it_is_the_same_for_all_of_them():
    people = seen(("talus", Side.LEFT), times=12) + seen(("cuboid", Side.LEFT), times=4) + seen(times=14)
    count = released(people)
    assert count(bone_variable("talus")) == 12
    assert [count(side_variable("talus", side)) for side in (Side.LEFT, Side.RIGHT)] == [12, 0]
