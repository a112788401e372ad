"""How far two sites are apart, by the list of sites."""

import pytest

from tracker.analysis.site_migration.distance import are_adjacent, bears_weight, distance, is_mirror, overlap
from tracker.clinical.site_migration import GROUPS_OF_BONES, WEIGHT_BEARING_REGIONS
from tracker.clinical.sites import all_sites

PAIRS = [
    ("ankle-left", "ankle-left", "same_place"),
    ("talus-left", "ankle-left", "same_place"),
    ("femoral-head-left", "femoral-neck-left", "within_bone"),
    ("medial-femoral-condyle-left", "lateral-femoral-condyle-left", "within_bone"),
    ("medial-femoral-condyle-left", "lateral-tibial-plateau-left", "within_joint"),
    ("medial-cuneiform-left", "lateral-cuneiform-left", "within_joint"),
    ("metatarsal-1-left", "metatarsal-2-left", "within_joint"),
    ("talus-left", "distal-tibia-left", "within_joint"),
    ("talus-left", "calcaneus-left", "within_joint"),
    ("talus-left", "metatarsal-2-left", "within_region"),
    ("foot-left", "ankle-left", "within_region"),
    ("sacrum", "lumbar-spine", "within_region"),
    ("talus-left", "knee-left", "other_joint_same_side"),
    ("hip-left", "foot-and-ankle-left", "other_joint_same_side"),
    ("sacrum", "hip-left", "midline"),
    ("talus-left", "talus-right", "other_side"),
    ("talus-left", "knee-right", "other_side"),
]


@pytest.mark.parametrize(("one", "other", "apart"), PAIRS)
def test_a_distance_is_the_same_both_ways(one, other, apart):
    assert (distance(one, other).value, distance(other, one).value) == (apart, apart)


def test_only_the_same_place_on_the_other_side_is_a_mirror():
    assert is_mirror("talus-left", "talus-right")
    assert not is_mirror("talus-left", "ankle-right")
    assert not is_mirror("talus-left", "talus-left")
    assert not is_mirror("sacrum", "sacrum")


@pytest.mark.parametrize(
    ("one", "other", "touch"),
    [
        ("talus-left", "calcaneus-left", True),
        ("talus-left", "metatarsal-2-left", False),
        ("foot-and-ankle-left", "knee-left", True),
        ("talus-left", "distal-femur-left", True),
        ("hip-left", "foot-left", False),
        ("hip-left", "hip-right", False),
        ("sacrum", "hip-right", True),
    ],
)
def test_sites_are_adjacent_where_they_touch_or_their_joints_are_next_to_each_other(one, other, touch):
    assert (are_adjacent(one, other), are_adjacent(other, one)) == (touch, touch)


def test_every_part_of_a_leg_bears_weight_and_no_part_of_an_arm():
    free = {site.code for site in all_sites() if not bears_weight(site.key)}
    assert free == {"shoulder", "elbow", "wrist", "hand"}


def test_every_code_of_the_rules_is_a_site_and_overlaps_itself():
    keys = {site.code: site.key for site in all_sites()}
    assert all(overlap(keys[code], keys[code]) for code in (*GROUPS_OF_BONES, *WEIGHT_BEARING_REGIONS))
