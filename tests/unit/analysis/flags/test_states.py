"""What a flag comes into, look by look; thresholds and looks are made by hand."""

import pytest

from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.flags.looks import Look
from tracker.analysis.flags.rules import FLAG_CODES
from tracker.analysis.flags.states import Threshold, course_of_flags, flag_thresholds

THRESHOLDS = dict.fromkeys(FLAG_CODES, Threshold(suspected=0.6, confirmed=0.9)) | {
    "remeasure": Threshold(suspected=0.5, confirmed=float("inf"))
}


def look(day, *, odd=(0.0, 0.0, 0.0), begun=0.0, **shares):
    """A look at which the named classes have these probabilities and the expected course the rest."""
    classes = {"expected": 1 - sum(shares.values())} | shares
    return Look(day, tuple(classes.get(name, 0.0) for name in CLASS_NAMES), begun, odd)


def course(*looks):
    return [(event.code, str(event.state), event.day) for event in course_of_flags(looks, THRESHOLDS)]


def test_a_flag_is_suspected_at_the_lower_threshold_and_not_below_it():
    assert course(look(60, late_peak=0.59)) == []
    assert course(look(60, late_peak=0.6)) == [("late_peak", "suspected", 60)]


def test_one_look_however_sure_only_suspects():
    assert course(look(60, late_peak=0.999)) == [("late_peak", "suspected", 60)]


def test_a_second_look_above_the_upper_threshold_confirms():
    assert course(look(60, late_peak=0.7), look(90, late_peak=0.9)) == [
        ("late_peak", "suspected", 60),
        ("late_peak", "confirmed", 90),
    ]


def test_a_look_between_the_thresholds_changes_nothing():
    assert course(look(60, late_peak=0.7), look(90, late_peak=0.8)) == [("late_peak", "suspected", 60)]


def test_a_confirmed_flag_stays_confirmed_between_the_thresholds():
    looks = [look(60, late_peak=0.7), look(90, late_peak=0.95), look(120, late_peak=0.65), look(150, late_peak=0.95)]
    assert course(*looks) == [("late_peak", "suspected", 60), ("late_peak", "confirmed", 90)]


def test_below_the_lower_threshold_a_flag_is_cleared_and_can_be_raised_again():
    looks = [look(60, late_peak=0.95), look(90, late_peak=0.3), look(120, late_peak=0.95), look(150, late_peak=0.95)]
    assert course(*looks) == [
        ("late_peak", "suspected", 60),
        ("late_peak", "cleared", 90),
        ("late_peak", "suspected", 120),
        ("late_peak", "confirmed", 150),
    ]


def test_an_atypical_course_without_a_name_is_flagged_until_it_has_one():
    looks = [
        look(60, prolonged_plateau=0.4, slow_regression=0.4),
        look(90, prolonged_plateau=0.7, slow_regression=0.2),
    ]
    assert course(*looks) == [
        ("atypical_unspecified", "suspected", 60),
        ("prolonged_plateau", "suspected", 90),
        ("atypical_unspecified", "cleared", 90),
    ]


def test_two_odd_scores_in_a_row_are_an_atypical_course_and_no_slip():
    assert course(look(90, odd=(0.0, 0.8, 0.9))) == [("atypical_unspecified", "suspected", 90)]


def test_one_odd_score_asks_for_a_second_one_and_is_answered_by_it():
    looks = [look(60, odd=(0.0, 0.0, 0.9)), look(67, odd=(0.0, 0.0, 0.95, 0.0))]
    assert course(*looks) == [("remeasure", "suspected", 60), ("remeasure", "cleared", 67)]


def test_an_odd_score_among_two_is_not_the_odd_one_of_them():
    assert course(look(60, odd=(0.9, 0.9))) == []


def test_a_relapse_is_flagged_when_it_has_begun_and_not_because_it_may_come():
    assert course(look(200, relapse=0.5, late_peak=0.05)) == []
    assert course(look(200, relapse=0.7, begun=0.1)) == [("atypical_unspecified", "suspected", 200)]
    assert course(look(200, relapse=0.7, begun=0.65)) == [("relapse", "suspected", 200)]


def test_later_looks_never_change_an_earlier_event():
    looks = [look(60, late_peak=0.95), look(90, late_peak=0.3), look(120, fluctuating=0.7)]
    assert course(*looks)[: len(course(*looks[:2]))] == course(*looks[:2])


def test_a_course_without_a_name_is_held_to_a_threshold_of_its_own(edition):
    own = flag_thresholds(edition)
    assert len({own[code] for code in FLAG_CODES if code not in ("atypical_unspecified", "remeasure")}) == 1
    assert own["atypical_unspecified"].suspected > own["late_peak"].suspected


@pytest.mark.parametrize("code", FLAG_CODES)
def test_every_flag_has_thresholds_in_order(code, edition):
    threshold = flag_thresholds(edition)[code]
    assert 0 < threshold.suspected < threshold.confirmed
