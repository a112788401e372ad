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
