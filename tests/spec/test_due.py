"""What is due: by the default follow-up, and sooner where a flag is open.

A patient is drawn in the docstring, one fact a line: day | what | what was found. A day after an onset closes it.
"""

from datetime import date

import pytest

from tracker.analysis.alerts.alert import Alert, AlertKind
from tracker.analysis.due.planning import Asked, plan
from tracker.clinical.reference import load_edition
from tracker.clinical.schedule import schedule_numbers
from tracker.dates import PartialDate


@pytest.fixture
def due(drawn, draw):
    """Give `due(day, weeks, flags)`: what is due of the drawn patient, by urgency."""

    def ask(as_of, *, weeks=0, flags=()):
        day = date.fromisoformat(as_of)
        record = draw(drawn).until(day, today=day)
        found = plan(Asked(record, flags, day, schedule_numbers(), load_edition()), weeks_ahead=weeks)
        return [(str(one.what), one.site, str(one.on), one.urgency.name.lower()) for one in found]

    return ask


@pytest.fixture
def why(drawn, draw):
    """Give `why(day)`: the reasons of what is due of the drawn patient."""

    def ask(as_of):
        day = date.fromisoformat(as_of)
        record = draw(drawn).until(day, today=day)
        return [one.why for one in plan(Asked(record, (), day, schedule_numbers(), load_edition()), weeks_ahead=0)]

    return ask


def flag(kind, code, site=None):
    return Alert(kind, code, "1", site, None, "raised", PartialDate.parse("2026-03-01"), None, ())


def test_in_the_first_months_a_visit_is_due_every_four_weeks(due):
    """
    day        | what                       | found
    2026-01-10 | onset ankle-left           |
    2026-02-01 | pain ankle-left load       | 6
    2026-02-01 | image mri talus-left edema | +
    2026-02-01 | vitamin d                  | 40 ng/mL
    """
    assert due("2026-02-20") == []
    assert due("2026-02-20", weeks=2) == [("visit", None, "2026-03-01", "coming")]
    assert due("2026-03-05") == [("visit", None, "2026-03-01", "due")]
    assert due("2026-03-16") == [("visit", None, "2026-03-01", "overdue")]  # more than two weeks late


def test_later_a_visit_is_due_every_eight_weeks(due):
    """
    day        | what                       | found
    2025-09-10 | onset ankle-left           |
    2026-02-01 | pain ankle-left load       | 6
    2026-02-01 | image mri talus-left edema | +
    2026-02-01 | vitamin d                  | 40 ng/mL
    """
    assert due("2026-03-05") == []
    assert due("2026-03-29") == [("visit", None, "2026-03-29", "due")]


def test_an_mri_that_shows_edema_is_due_again_after_three_months(due):
    """
    day        | what                       | found
    2025-09-10 | onset ankle-left           |
    2026-01-01 | image mri talus-left edema | +
    2026-04-01 | pain ankle-left load       | 3
    2026-04-01 | vitamin d                  | 40 ng/mL
    """
    assert due("2026-04-02") == [("mri", "ankle-left", "2026-04-02", "due")]


def test_a_clear_mri_is_not_repeated(due):
    """
    day        | what                       | found
    2025-09-10 | onset ankle-left           |
    2026-01-01 | image mri talus-left edema | +
    2026-04-01 | image mri talus-left edema | -
    2026-04-01 | vitamin d                  | 40 ng/mL
    """
    assert due("2026-05-20") == []


def test_what_was_never_examined_is_due_since_the_first_visit(due):
    """
    day        | what                       | found
    2026-01-10 | onset ankle-left           |
    2026-02-01 | image mri talus-left edema | ?
    """
    assert due("2026-02-01") == [
        ("mri", "ankle-left", "2026-02-01", "due"),
        ("vitamin_d", None, "2026-02-01", "due"),
    ]


def test_a_normal_mri_is_an_mri_of_its_site_and_is_not_repeated(due):
    """
    day        | what                             | found
    2026-04-20 | onset knee-left                  |
    2025-11-12 | pain knee-left overall           | 0
    2026-06-01 | pain knee-left overall           | 4
    2026-06-01 | image mri knee-left abnormality  | -
    2026-06-01 | vitamin d                        | 40 ng/mL
    """
    assert due("2026-06-02") == []


def test_no_mri_is_due_before_the_onset_of_its_episode_nor_since_a_score_of_0(due):
    """
    day        | what                    | found
    2026-04-20 | onset knee-left         |
    2025-11-12 | pain knee-left overall  | 0
    2025-11-12 | vitamin d               | 40 ng/mL
    2026-06-01 | pain knee-left overall  | 4
    """
    assert due("2026-06-02") == [("mri", "knee-left", "2026-06-01", "due")]


def test_pain_that_was_scored_just_before_the_recalled_onset_asks_from_the_onset_on(due):
    """
    day        | what                    | found
    2026-04-20 | onset knee-left         |
    2026-04-10 | pain knee-left overall  | 3
    2026-04-10 | vitamin d               | 40 ng/mL
    2026-06-01 | pain knee-left overall  | 4
    """
    assert due("2026-06-02") == [("mri", "knee-left", "2026-04-20", "overdue")]


def test_without_an_onset_an_mri_is_due_since_the_first_pain_not_since_a_0(due):
    """
    day | what                    | found
    -          | onset knee-left         |
    2025-11-12 | pain knee-left overall  | 0
    2026-05-20 | pain knee-left overall  | 4
    2026-05-20 | vitamin d               | 40 ng/mL
    """
    assert due("2026-05-21") == [("mri", "knee-left", "2026-05-20", "due")]


def test_a_vitamin_d_is_due_since_the_open_episode_not_since_one_that_is_over(due):
    """
    day        | what                        | found
    2023-01-10 | onset ankle-left            | 2023-12-01
    2023-02-01 | pain ankle-left overall     | 6
    2026-03-20 | onset knee-left             |
    2026-04-01 | image mri knee-left edema   | -
    """
    assert due("2026-04-02") == [("vitamin_d", None, "2026-04-01", "due")]


def test_a_visit_is_never_due_before_the_onset_and_nobody_is_lost_before_it(due, why):
    """
    day        | what                        | found
    2025-10-01 | onset ankle-right           | 2025-12-20
    2025-11-12 | image mri ankle-right edema | -
    2025-11-12 | vitamin d                   | 40 ng/mL
    2026-05-20 | onset knee-left             |
    """
    assert due("2026-06-02") == [("mri", "knee-left", "2026-05-20", "due"), ("visit", None, "2026-05-20", "due")]
    assert why("2026-06-02") == ["no MRI of it yet", "knee-left open: not seen since the onset (2026-05-20)"]
    assert due("2026-12-02")[0] == ("visit", None, "2026-05-20", "lost")  # 196 days after the onset


def test_the_first_months_of_one_episode_are_not_those_of_another(due):
    """
    day        | what                        | found
    2025-01-10 | onset ankle-right           |
    2026-03-01 | image mri ankle-right edema | -
    2026-03-01 | vitamin d                   | 40 ng/mL
    2026-04-10 | onset knee-left             |
    2026-04-11 | image mri knee-left edema   | -
    """
    assert due("2026-05-09") == [("visit", None, "2026-05-09", "due")]  # four weeks: the knee's, not eight


def test_an_mri_that_says_nothing_of_edema_is_named(due, why):
    """
    day        | what                          | found
    2026-01-10 | onset ankle-left              |
    2026-02-01 | image mri ankle-left effusion | +
    2026-02-01 | vitamin d                     | 40 ng/mL
    """
    assert due("2026-02-01") == [("mri", "ankle-left", "2026-02-01", "due")]
    assert why("2026-02-01") == ["the MRI of 2026-02-01 says nothing of edema, neither there nor absent"]


def test_an_mri_of_a_place_around_it_or_in_it_counts_for_every_episode_there(due):
    """
    day        | what                       | found
    2026-01-10 | onset talus-left           |
    2026-01-10 | onset ankle-left           |
    2026-02-01 | image mri talus-left edema | -
    2026-02-01 | vitamin d                  | 40 ng/mL
    """
    assert due("2026-02-01") == []


def test_the_other_side_is_no_mri_of_this_one(due):
    """
    day        | what                        | found
    2026-01-10 | onset ankle-left            |
    2026-02-01 | image mri ankle-right edema | -
    2026-02-01 | vitamin d                   | 40 ng/mL
    """
    assert due("2026-02-01") == [("mri", "ankle-left", "2026-02-01", "due")]


def test_a_joint_that_is_clear_later_clears_its_bone(due):
    """
    day        | what                             | found
    2025-09-10 | onset ankle-left                 |
    2026-01-01 | image mri talus-left edema       | +
    2026-03-01 | image mri ankle-left abnormality | -
    2026-03-01 | vitamin d                        | 40 ng/mL
    """
    assert due("2026-04-25") == []


def test_a_low_vitamin_d_is_due_again_no_sooner_than_after_twelve_weeks(due):
    """
    day        | what                       | found
    2025-09-10 | onset ankle-left           |
    2026-01-01 | vitamin d                  | 12 ng/mL
    2026-03-20 | image mri talus-left edema | -
    """
    assert due("2026-03-25") == []
    assert due("2026-03-26") == [("vitamin_d", None, "2026-03-26", "due")]


def test_an_open_flag_asks_for_a_visit_two_weeks_after_the_last(due):
    """
    day        | what                       | found
    2025-09-10 | onset ankle-left           |
    2026-03-01 | pain ankle-left load       | 9
    2026-03-01 | image mri talus-left edema | -
    2026-03-01 | vitamin d                  | 40 ng/mL
    """
    remeasure = flag(AlertKind.COURSE, "remeasure", "ankle-left")
    assert due("2026-03-15", flags=[remeasure]) == [("visit", "ankle-left", "2026-03-15", "flagged")]
    assert due("2026-03-15") == []


def test_a_patient_with_an_open_episode_who_stays_away_is_lost(due):
    """
    day        | what                       | found
    2025-06-10 | onset ankle-left           |
    2025-08-01 | pain ankle-left load       | 7
    2025-08-01 | image mri talus-left edema | -
    2025-08-01 | vitamin d                  | 40 ng/mL
    """
    assert due("2026-02-01") == [("visit", None, "2025-08-29", "lost")]
    assert due("2026-01-30") == [("visit", None, "2025-08-29", "overdue")]  # 182 days, not yet six months


def test_a_closed_episode_asks_for_nothing(due):
    """
    day        | what                 | found
    2025-06-10 | onset ankle-left     | 2025-12-01
    2025-08-01 | pain ankle-left load | 7
    """
    assert due("2026-06-01", weeks=52) == []


def test_somebody_never_seen_is_due_from_the_onset(due):
    """
    day        | what             | found
    2026-01-10 | onset ankle-left |
    2026-01-10 | born             | 1970
    """
    assert due("2026-01-20") == [("visit", None, "2026-01-10", "due")]


def test_the_most_pressing_comes_first(due):
    """
    day        | what                       | found
    2026-01-10 | onset ankle-left           |
    2026-01-20 | image mri talus-left edema | +
    2026-03-01 | pain ankle-left load       | 7
    """
    assert [urgency for *_, urgency in due("2026-04-10", weeks=4)] == ["overdue", "due", "coming"]


def test_every_number_of_the_default_follow_up_is_weak_evidence():
    assert {number.grade for number in schedule_numbers().numbers.values()} <= {"D", "K"}
