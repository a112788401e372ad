"""What a de-identified export says instead of ages, sexes and dates."""

from datetime import date

import pytest

from tracker.analysis.disclosure.days import Zero, age_on, day_since
from tracker.clinical.vocabulary import Sex
from tracker.dates import PartialDate
from tracker.service.releases.bands import age_bands, sex_words
from tracker.service.releases.naming import DeIdentified

ZERO = Zero(date(2026, 1, 10), "first onset")


def names(secret="5" * 64):
    return DeIdentified(secret, sexes={}, age_band=lambda age: "", units={"mg/L"})


def test_neighbouring_bands_are_joined_until_each_holds_enough():
    band = age_bands([21, 34, 35, 36, 47, 48, 49, 71], years=10, smallest=3)
    assert [band(age) for age in (21, 36, 47, 71)] == ["20-39", "20-39", "40-79", "40-79"]


def test_an_age_that_nobody_knows_is_in_no_band():
    assert age_bands([30, 31], years=10, smallest=2)(None) == "unknown"
    assert age_bands([None], years=10, smallest=2)(30) == "unknown"


def test_with_few_known_ages_there_is_one_band():
    band = age_bands([21, 55], years=10, smallest=6)
    assert {band(21), band(55)} == {"20-59"}


def test_a_sex_that_few_have_is_withheld():
    words = sex_words([Sex.FEMALE] * 6 + [Sex.MALE] * 5, smallest=6)
    assert (words["F"], words["M"]) == ("F", "withheld")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2026-01-10", (0, 0)),
        ("2026-02-10", (31, 0)),
        ("~2026-02-10", (31, 0)),
        ("2026-02-01/2026-02-09", (26, 4)),
        # February and March are both told as 15 days either way
        ("2026-02", (37, 15)),
        ("2026-03", (65, 15)),
        # the middle of 2026 lies 173 days later: told as half a year
        ("2026", (183, 366)),
    ],
)
def test_a_date_is_told_in_days_since_day_0(written, told):
    assert day_since(ZERO, PartialDate.parse(written)) == told


def test_without_a_day_0_or_a_date_nothing_is_told():
    assert day_since(Zero(None, None), PartialDate.parse("2026-01-10")) == (None, None)
    assert day_since(ZERO, None) == (None, None)


def test_an_age_counts_from_the_middle_of_what_is_known_of_the_birth():
    assert age_on(PartialDate.parse("1979"), date(2026, 6, 1)) == 46
    assert age_on(PartialDate.parse("1979"), date(2026, 9, 1)) == 47
    assert age_on(None, date(2026, 6, 1)) is None


def test_a_unit_that_somebody_typed_is_withheld():
    assert [names().unit(text) for text in ("mg/L", "per Dr Grey", None)] == ["mg/L", "withheld", None]


def test_ids_depend_on_the_secret_and_on_what_they_name():
    one, other = names(), names("6" * 64)
    assert one.patient_id(1) == names().patient_id(1)
    assert len({one.patient_id(1), one.patient_id(2), other.patient_id(1)}) == 3
