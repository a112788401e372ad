"""Dates as people know them: exact, a month, a year, about a day, or a span.

A `PartialDate` is one of

======================== ======================================= ==============
written                  means                                   `precision`
======================== ======================================= ==============
``2026-03-10``           that day                                ``day``
``~2026-03-10``          about that day                          ``about``
``2026-03``              some day of that month                  ``month``
``2026``                 some day of that year                   ``year``
``2026-03-01/2026-03-20`` some day from the first to the last    ``span``
======================== ======================================= ==============

Nothing is padded: what was written is what is stored and exported. `first` and
`last` are both possible days (a closed interval, as people say it). Nothing in
this module asks what day it is; words such as `yesterday` need `today` given.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tracker.errors import InputError

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
DAYS_PER_WEEK = 7

_MOST_REMEMBERED = 4096

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WRITTEN = (
    "Write a day as 2026-03-10, a month as 2026-03, a year as 2026, about a day as ~2026-03-10, "
    "a span as 2026-03-01/2026-03-20."
)
_WRITTEN_DAY = "Write 2026-03-10, today, yesterday, -3d, -2w, or a weekday such as tue."


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known as well as it is known.

    Parameters
    ----------
    first, last : datetime.date
        The earliest and the latest day it can be, both included.
    precision : str
        ``day``, ``about``, ``month``, ``year`` or ``span``.

    Notes
    -----
    Order is by first day, then last day.
    """

    first: date
    last: date
    precision: str = "day"

    @classmethod
    def on(cls, day: date) -> PartialDate:
        """Give the partial date that is exactly `day`."""
        return cls(day, day, "day")

    @classmethod
    @lru_cache(maxsize=_MOST_REMEMBERED)  # the visits of a clinic share their days
    def parse(cls, text: str) -> PartialDate:
        """Read a partial date in one of the five written forms.

        Raises
        ------
        InputError
            If the text is none of them, is no real day, or reads two ways.
        """
        written = text.strip()
        if "/" in written and re.fullmatch(r"[\d-]+/[\d-]+", written) and "-" in written:
            start, _, end = written.partition("/")
            first, last = _iso_day(start, written), _iso_day(end, written)
            if last < first:
                raise InputError(f"The span '{text}' ends before it starts.", hint="Write the earlier day first.")
            return cls(first, last, "span")
        if written.startswith("~"):
            day = _iso_day(written[1:], written)
            return cls(day, day, "about")
        if re.fullmatch(r"\d{4}", written):
            return cls(_iso_day(f"{written}-01-01", written), _iso_day(f"{written}-12-31", written), "year")
        if re.fullmatch(r"\d{4}-\d{2}", written):
            first = _iso_day(f"{written}-01", written)
            return cls(first, _month_end(first), "month")
        return cls.on(_iso_day(written, written))

    def __str__(self) -> str:
        """Write it the way `parse` reads it."""
        if self.precision == "about":
            return f"~{self.first.isoformat()}"
        if self.precision == "month":
            return self.first.isoformat()[:7]
        if self.precision == "year":
            return self.first.isoformat()[:4]
        if self.precision == "span":
            return f"{self.first.isoformat()}/{self.last.isoformat()}"
        return self.first.isoformat()

    @property
    def is_exact(self) -> bool:
        """Whether it is one certain day."""
        return self.precision == "day"

    @property
    def span_days(self) -> int:
        """Days from the first to the last possible day; 0 for a single day."""
        return (self.last - self.first).days

    def had_come(self, as_of: date, *, today: date | None = None) -> bool:
        """Whether something recorded for this date had happened by the end of `as_of`.

        Its last possible day is not later; or, from `today` (the day of asking) on, its first
        possible day is not: whatever is recorded has happened by then.
        """
        return self.last <= as_of or (today is not None and as_of >= today and self.first <= as_of)

    @property
    def sort_key(self) -> tuple[date, date, str]:
        """What dates are put in order by; sorting many by it is several times faster than by themselves."""
        return self.first, self.last, self.precision

    @property
    def middle(self) -> date:
        """The middle possible day (the earlier one of two), for drawing only."""
        if self.first == self.last:  # nearly always: asked for each score of a clinic
            return self.first
        return self.first + timedelta(days=self.span_days // 2)

    def in_words(self) -> str:
        """Write it for reading aloud, the weekday with an exact day."""
        if self.precision == "day":
            return day_in_words(self.first)
        if self.precision == "about":
            return f"about {day_in_words(self.first)}"
        if self.precision == "month":
            return f"{_MONTHS[self.first.month - 1]} {self.first.year}, day not known"
        if self.precision == "year":
            return f"{self.first.year}, month not known"
        return f"between {day_in_words(self.first)} and {day_in_words(self.last)}"

    def when_in_words(self) -> str:
        """Write it as when something was: ``on Tue 2026-03-10``, ``in March 2026``, ``between ...``."""
        before = {"day": "on ", "month": "in ", "year": "in "}.get(self.precision, "")
        return f"{before}{self.in_words()}"


def day_in_words(day: date) -> str:
    """Write a day with its weekday: ``Tue 2026-03-10``."""
    return f"{_WEEKDAYS[day.weekday()][:3].capitalize()} {day.isoformat()}"


def parse_day(text: str, *, today: date) -> date:
    """Read one exact day: ISO, or a word counted back from `today`.

    Parameters
    ----------
    text : str
        ``2026-03-10``, ``today``, ``yesterday``, ``-3d``, ``-2w``, ``tue``, ``last tue``.
    today : datetime.date
        The day the words count from.

    Raises
    ------
    InputError
        If the text reads two ways, is no day, or is less precise than a day.
    """
    word = text.strip().lower()
    if word == "today":
        return today
    if word == "yesterday":
        return today - timedelta(days=1)
    if back := re.fullmatch(r"-(\d{1,4})([dwm])", word):
        return _counted_back(text, int(back[1]), back[2], today)
    name = word.removeprefix("last ")
    if len(name) >= 3:
        for number, weekday in enumerate(_WEEKDAYS):
            if weekday.startswith(name):
                back_days = (today.weekday() - number) % DAYS_PER_WEEK or DAYS_PER_WEEK
                return today - timedelta(days=back_days)
    if re.fullmatch(r"\d{4}(-\d{2})?", word):
        raise InputError(f"'{text}' is not one day.", hint=_WRITTEN_DAY)
    return _iso_day(word, text, allowed=_WRITTEN_DAY)


def parse_visit_date(text: str, *, today: date) -> PartialDate:
    """Read a visit date: a word counted back from `today`, or any partial date."""
    if re.match(r"\s*~?\d{4}(-\d{2})?\s*$|\s*~|.*\d/\d{4}-", text):
        return PartialDate.parse(text)
    return PartialDate.on(parse_day(text, today=today))


def _counted_back(text: str, count: int, unit: str, today: date) -> date:
    if unit == "m":
        raise InputError(
            f"'{text}' could mean months or minutes.",
            hint="Write days or weeks, such as -30d or -4w, or the date itself.",
        )
    return today - timedelta(days=count * (DAYS_PER_WEEK if unit == "w" else 1))


def _month_end(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def _iso_day(text: str, whole: str, *, allowed: str = _WRITTEN) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        message, hint = _not_iso(text, whole, allowed)
        raise InputError(message, hint=hint)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{whole}' is not in the calendar.", hint=allowed) from None


def _is_real(year: int, month: int, day: int) -> bool:
    return year > 0 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _not_iso(text: str, whole: str, allowed: str) -> tuple[str, str]:
    """Say why it is not ISO; where day and month could swap, show both readings."""
    if parts := re.fullmatch(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})", text):
        year, month, day = (int(part) for part in parts.groups())
        if _is_real(year, month, day):
            return f"'{whole}' is not written in full.", f"Write {year:04d}-{month:02d}-{day:02d}."
    if parts := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text):
        one, two, year = int(parts[1]), int(parts[2]), int(parts[3])
        readings = [
            (day, month) for day, month in dict.fromkeys([(one, two), (two, one)]) if _is_real(year, month, day)
        ]
        spoken = " or ".join(f"{day} {_MONTHS[month - 1]}" for day, month in readings)
        isos = " or ".join(f"{year:04d}-{month:02d}-{day:02d}" for day, month in readings)
        if len(readings) == 2:
            return f"'{whole}' could be {spoken}.", f"Write {isos}."
        if readings:
            return f"'{whole}' is not written year first.", f"Write {isos}."
        return f"'{whole}' is not in the calendar.", allowed
    return f"'{whole}' is not a date.", allowed
