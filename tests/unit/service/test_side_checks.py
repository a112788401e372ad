"""When it is asked whether the side is right: an earlier slip never silences it, an open episode does."""

import pytest

from tracker.clinical.vocabulary import Finding, Modality, Presence
from tracker.service.new_facts import NewFinding


@pytest.fixture
def both_sides(clinic, score):
    """P-07 with an open episode at the right ankle, and a 0 at the left knee at the first visit."""
    clinic.open("ankle-right", "2026-01-01")
    clinic.visit("2026-02-01", score("ankle-right", 7), score("knee-left", 0))
    return clinic


def asked(written):
    return [words for words in written.warnings if "side meant" in words]


ANKLE = "Left ankle: the open episode of P-07 is at the right ankle, none at the left ankle. Is the left side meant?"


def test_neither_a_0_nor_an_earlier_slip_of_the_other_side_silences_the_question(both_sides, score):
    for day in ("2026-03-01", "2026-04-01", "2026-05-01"):
        assert asked(both_sides.visit(day, score("ankle-left", 8))) == [ANKLE]


def test_the_side_is_asked_about_before_an_episode_is_advised_and_a_0_asks_for_none(both_sides, score):
    warned = both_sides.visit("2026-03-01", score("ankle-left", 8)).warnings
    assert (warned[0], warned[1][:31]) == (ANKLE, "No open episode at left ankle c")
    assert both_sides.visit("2026-03-02", score("knee-left", 0)).warnings == ()


def test_a_0_compares_the_sides_and_is_not_asked_about(both_sides, score):
    assert asked(both_sides.visit("2026-03-01", score("ankle-left", 0))) == []


def test_a_site_that_has_no_episode_on_either_side_is_not_asked_about(both_sides, score):
    assert asked(both_sides.visit("2026-03-01", score("hip-left", 4))) == []


def test_a_bone_is_asked_about_by_the_episode_of_its_joint_and_the_other_way_round(both_sides, score):
    (words,) = asked(both_sides.visit("2026-03-01", score("talus-left", 8)))
    assert words.startswith("Left talus: the open episode of P-07 is at the right ankle, none at the left talus.")
    both_sides.open("cuboid-left", "2026-03-01")
    (words,) = asked(both_sides.visit("2026-03-02", score("cuboid-right", 8), score("ankle-right", 3)))
    assert words.startswith("Right cuboid: the open episode of P-07 is at the left cuboid")


@pytest.mark.parametrize("site", ["ankle-left", "talus-left"])
def test_an_open_episode_on_the_side_itself_answers_the_question(both_sides, score, site):
    assert asked(both_sides.open(site, "2026-02-20")) != []
    assert asked(both_sides.visit("2026-03-01", score("ankle-left", 8))) == []


def test_a_closed_episode_on_either_side_counts_only_until_it_was_closed(both_sides, score):
    both_sides.open("ankle-left", "2026-01-01")
    both_sides.close("ankle-left", "2026-03-10")
    assert asked(both_sides.visit("2026-03-10", score("ankle-left", 8))) == []
    assert asked(both_sides.visit("2026-03-11", score("ankle-left", 8))) == [ANKLE]
    both_sides.close("ankle-right", "2026-04-01")
    assert asked(both_sides.visit("2026-04-02", score("ankle-left", 8))) == []


@pytest.mark.parametrize(("presence", "n_asked"), [(Presence.PRESENT, 1), (Presence.ABSENT, 0)])
def test_a_sign_on_an_image_is_asked_about_where_it_is_present(both_sides, presence, n_asked):
    finding = NewFinding(Modality.MRI, "ankle-left", Finding.EFFUSION, presence)
    assert asked(both_sides.visit("2026-03-01", findings=(finding,))) == [ANKLE] * n_asked


def test_a_corrected_score_is_asked_about_as_a_new_one(both_sides, score):
    both_sides.visit("2026-03-01", score("ankle-right", 5))
    assert asked(both_sides.edit(2, scores=(score("ankle-left", 8),))) == [ANKLE]


def test_an_episode_that_would_be_opened_by_a_slip_is_asked_about(both_sides, score):
    both_sides.visit("2026-03-01", score("ankle-left", 8))
    assert asked(both_sides.open("ankle-left", "2026-02-20")) == [ANKLE]


def test_the_midline_has_no_other_side(both_sides, score):
    assert asked(both_sides.visit("2026-03-01", score("sacrum", 8))) == []
