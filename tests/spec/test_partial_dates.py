"""Dates as people know them: what is written, the days it can be, and how it reads aloud."""

from datetime import date

import pytest

from tracker.dates import PartialDate, parse_day, parse_visit_date
from tracker.errors import InputError


def test_each_way_of_writing_a_date_keeps_what_is_known(drawn):
    """
    written               | first      | last       | precision | aloud
    2026-03-10            | 2026-03-10 | 2026-03-10 | day       | Tue 2026-03-10
    ~2026-03-10           | 2026-03-10 | 2026-03-10 | about     | about Tue 2026-03-10
    2026-03               | 2026-03-01 | 2026-03-31 | month     | March 2026, day not known
    2024-02               | 2024-02-01 | 2024-02-29 | month     | February 2024, day not known
    2026                  | 2026-01-01 | 2026-12-31 | year      | 2026, month not known
    2026-03-01/2026-03-20 | 2026-03-01 | 2026-03-20 | span      | between Sun 2026-03-01 and Fri 2026-03-20
    """
    for written, first, last, precision, aloud in drawn:
        read = PartialDate.parse(written)
        assert (str(read), str(read.first), str(read.last), read.precision, read.in_words()) == (
            written,
            first,
            last,
            precision,
            aloud,
        )


def test_words_count_back_from_tuesday_10_march_2026(drawn):
    """
    word       | day
    today      | 2026-03-10
    yesterday  | 2026-03-09
    -3d        | 2026-03-07
    -2w        | 2026-02-24
    mon        | 2026-03-09
    tue        | 2026-03-03
    last tue   | 2026-03-03
    Wednesday  | 2026-03-04
    2026-01-31 | 2026-01-31
    """
    days = [str(parse_day(word, today=date(2026, 3, 10))) for word, _ in drawn]
    assert days == [day for _, day in drawn]


def test_a_visit_date_may_be_a_word_or_a_partial_date(drawn):
    """
    written               | kept as
    yesterday             | 2026-03-09
    2026-03               | 2026-03
    ~2026-03-01           | ~2026-03-01
    2025                  | 2025
    2026-03-01/2026-03-04 | 2026-03-01/2026-03-04
    """
    kept = [str(parse_visit_date(written, today=date(2026, 3, 10))) for written, _ in drawn]
    assert kept == [expected for _, expected in drawn]


def test_a_date_that_reads_two_ways_is_refused_with_both_readings(drawn):
    """
    written    | message                                          | hint
    03/04/2026 | '03/04/2026' could be 3 April or 4 March.        | Write 2026-04-03 or 2026-03-04.
    3.4.2026   | '3.4.2026' could be 3 April or 4 March.          | Write 2026-04-03 or 2026-03-04.
    13/04/2026 | '13/04/2026' is not written year first.          | Write 2026-04-13.
    04/04/2026 | '04/04/2026' is not written year first.          | Write 2026-04-04.
    02/29/2024 | '02/29/2024' is not written year first.          | Write 2024-02-29.
    """
    for written, message, hint in drawn:
        for read in (PartialDate.parse, lambda text: parse_visit_date(text, today=date(2026, 3, 10))):
            with pytest.raises(InputError) as refused:
                read(written)
            assert (refused.value.message, refused.value.hint) == (message, hint)


def test_what_is_no_date_is_refused_in_words(drawn):
    """
    written               | message
    2026-02-30            | '2026-02-30' is not in the calendar.
    30/02/2026            | '30/02/2026' is not in the calendar.
    2026-13               | '2026-13' is not in the calendar.
    soon                  | 'soon' is not a date.
    2026-3-1              | '2026-3-1' is not written in full.
    20260310              | '20260310' is not a date.
    ~2026-03              | '~2026-03' is not a date.
    2026-03/2026-04       | '2026-03/2026-04' is not a date.
    2026-03-20/2026-03-01 | The span '2026-03-20/2026-03-01' ends before it starts.
    """
    for written, message in drawn:
        with pytest.raises(InputError) as refused:
            PartialDate.parse(written)
        assert refused.value.message == message


def test_m_alone_is_refused_because_it_is_months_or_minutes():
    with pytest.raises(InputError) as refused:
        parse_day("-30m", today=date(2026, 3, 10))
    assert str(refused.value) == (
        "'-30m' could mean months or minutes. Write days or weeks, such as -30d or -4w, or the date itself."
    )


def test_a_month_is_no_single_day():
    with pytest.raises(InputError, match=r"^'2026-03' is not one day\. Write 2026-03-10, today"):
        parse_day("2026-03", today=date(2026, 3, 10))
