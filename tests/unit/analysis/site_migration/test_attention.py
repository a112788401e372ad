"""Absence is a finding only if somebody looked: where nobody has, it is said."""

from tracker.analysis.site_migration.attention import never_looked_at

JOINTS = {f"{joint}-{side}" for joint in ("hip", "knee", "foot-and-ankle") for side in ("left", "right")}


def test_a_record_without_anything_has_every_joint_left_to_look_at(record):
    found = never_looked_at(record([], ()))
    assert (set(found.weight_bearing), found.neighbours) == (JOINTS, ())


def test_the_neighbours_of_a_bone_are_named_until_somebody_looks(record, episode, scores):
    before = never_looked_at(record([episode("talus-left")], ()))
    assert set(before.neighbours) == {
        "distal-tibia-left",
        "medial-malleolus-left",
        "lateral-malleolus-left",
        "calcaneus-left",
        "navicular-left",
    }
    asked = scores(("2026-02-01", 0, "calcaneus-left"))
    after = never_looked_at(record([episode("talus-left")], asked))
    assert set(before.neighbours) - set(after.neighbours) == {"calcaneus-left"}


def test_an_answer_about_a_joint_covers_its_bones(record, episode, scores):
    found = never_looked_at(record([episode("talus-left")], scores(("2026-02-01", 3, "ankle-left"))))
    assert set(found.neighbours) == {"calcaneus-left", "navicular-left"}


def test_a_refused_answer_is_none(record, episode, scores):
    asked = scores(("2026-02-01", None, "knee-left"))
    assert "knee-left" in never_looked_at(record([episode()], asked)).weight_bearing


def test_an_episode_at_a_joint_needs_no_further_question_there(record, episode):
    found = never_looked_at(record([episode("medial-femoral-condyle-left")], ()))
    assert "knee-left" not in found.weight_bearing


def test_a_part_of_a_joint_nobody_looked_at_is_said_with_the_joint(record, episode):
    found = never_looked_at(record([episode("knee-right")], ()))
    assert "foot-and-ankle-right" in found.weight_bearing
    assert found.neighbours == ("lower-leg-right",)
