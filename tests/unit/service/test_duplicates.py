"""Which codes may be slips for one another, and which patients may be one person."""

import pytest

from tracker.clinical.vocabulary import Sex
from tracker.database.people import Person
from tracker.dates import PartialDate
from tracker.service.duplicates import codes_are_close, duplicate_checks

BORN = PartialDate.parse("1979")


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("P-07", "P07", True),
        ("P-07", "p-7", True),
        ("P-07", "P_07", True),
        ("P-07", "P-O7", True),
        ("P-07", "R-07", True),
        ("P-07", "PR-07", True),
        ("PR-07", "P-07", True),
        ("P-07", "P-08", False),  # the next patient
        ("P-1", "P-11", False),
        ("P-07", "Q-31", False),
        ("P-07", "P-07", True),
        ("AB-1", "CD-1", False),
    ],
)
def test_codes_are_close_when_one_may_be_a_slip_for_the_other(one, other, close):
    assert codes_are_close(one, other) is close
    assert codes_are_close(other, one) is close


def test_a_digit_apart_is_said_only_where_sex_and_birth_are_the_same():
    new = Person("P-08", Sex.MALE, BORN)
    said = (
        "'P-08' has sex and birth in common with 'P-07', and one sign of the code apart (M, born 1979). "
        "If they are one person, use that code, or merge: tracker patient merge P-08 P-07"
    )
    assert list(duplicate_checks(new, [Person("P-07", Sex.MALE, BORN)])) == [said]
    assert list(duplicate_checks(new, [Person("P-07", Sex.FEMALE, BORN)])) == []
    assert list(duplicate_checks(new, [Person("P-07", Sex.MALE, None)])) == []
    assert list(duplicate_checks(new, [Person("P-99", Sex.MALE, BORN)])) == []


@pytest.mark.parametrize(("onset", "said"), [("2026-01", True), ("2026", True), ("2026-02", False), (None, False)])
def test_a_first_episode_is_the_same_where_site_and_possible_days_of_onset_meet(onset, said):
    first = None if onset is None else PartialDate.parse(onset)
    other = Person("K-31", Sex.MALE, BORN, "ankle-left", PartialDate.parse("2026-01-15"))
    new = Person("P-07", Sex.MALE, BORN, "ankle-left", first)
    assert bool(list(duplicate_checks(new, [other]))) is said
    assert list(duplicate_checks(Person("P-07", Sex.MALE, BORN, "hip-left", first), [other])) == []
