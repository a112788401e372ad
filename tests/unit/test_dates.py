from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.dates import DAYS_PER_MONTH, PartialDate, day_in_words, parse_day, parse_visit_date
from tracker.errors import InputError

DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(9999, 12, 31))
WRITTEN = st.one_of(
    DAYS.map(str),
    DAYS.map(lambda day: f"~{day}"),
    DAYS.map(lambda day: str(day)[:7]),
    DAYS.map(lambda day: str(day)[:4]),
    st.tuples(DAYS, DAYS).map(lambda days: f"{min(days)}/{max(days)}"),
)


@given(WRITTEN)
def test_what_was_written_is_what_is_written_back(written):
    assert str(PartialDate.parse(written)) == written


@given(WRITTEN)
def test_a_parsed_date_reads_back_equal_with_its_days_in_order(written):
    read = PartialDate.parse(written)
    assert PartialDate.parse(str(read)) == read
    assert read.first <= read.middle <= read.last
    assert read.span_days == (read.last - read.first).days


@given(WRITTEN)
def test_a_visit_date_reads_every_partial_date_the_same(written):
    assert parse_visit_date(written, today=date(2026, 3, 10)) == PartialDate.parse(written)


@given(st.text(max_size=25))
def test_any_other_text_is_refused_and_never_crashes(text):
    try:
        read = PartialDate.parse(text)
    except InputError:
        return
    assert str(read) == text.strip()


@given(st.text(max_size=12), DAYS)
def test_a_day_typed_in_any_way_is_a_day_or_refused(text, today):
    try:
        day = parse_day(text, today=today)
    except InputError:
        return
    assert type(day) is date


@given(DAYS, st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
def test_a_weekday_is_the_last_one_before_today(today, word):
    day = parse_day(word, today=today)
    assert timedelta(days=1) <= today - day <= timedelta(days=7)
    assert day_in_words(day) == f"{word.capitalize()} {day.isoformat()}"


def test_space_around_a_date_is_ignored():
    assert PartialDate.parse("  2026-03 ") == PartialDate.parse("2026-03")


def test_a_day_made_from_a_date_is_exact():
    assert PartialDate.on(date(2026, 3, 10)) == PartialDate.parse("2026-03-10")
    assert PartialDate.on(date(2026, 3, 10)).is_exact
    assert not PartialDate.parse("~2026-03-10").is_exact


def test_the_middle_of_a_month_of_31_days_is_the_16th():
    assert PartialDate.parse("2026-03").middle == date(2026, 3, 16)


def test_the_middle_of_two_days_is_the_earlier_one():
    assert PartialDate.parse("2026-03-10/2026-03-11").middle == date(2026, 3, 10)


def test_dates_sort_by_first_day_then_last_day():
    written = ["2026", "2026-01-31", "2026-01", "2026-01-01", "2025-12"]
    assert [str(d) for d in sorted(PartialDate.parse(text) for text in written)] == [
        "2025-12",
        "2026-01-01",
        "2026-01",
        "2026",
        "2026-01-31",
    ]


def test_a_month_is_a_twelfth_of_a_julian_year():
    assert pytest.approx(30.4375, abs=0) == DAYS_PER_MONTH
