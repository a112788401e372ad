"""Season of a vitamin D result: the half-year it fell in, and how far its level is above the yearly mean.

The northern hemisphere is assumed. The level swings as a cosine with its peak in the middle of a cited month:

    level = yearly mean * (1 + share * cos(2 pi (day - peak) / year))
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from math import cos, log1p, pi

from tracker.clinical.reference import Edition
from tracker.clinical.vitamin_d import WINTER_MONTHS
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, PartialDate


class Season(StrEnum):
    """Half-year of a result, from one equinox to the next; northern hemisphere."""

    WINTER = "winter"
    SUMMER = "summer"


def season_of(visit_date: PartialDate) -> Season:
    """Name the half-year in which the middle possible day lies."""
    return Season.WINTER if visit_date.middle.month in WINTER_MONTHS else Season.SUMMER


def season_log_range(visit_date: PartialDate, edition: Edition) -> tuple[float, float]:
    """Give the lowest and highest logarithm of level over yearly mean on the possible days of a result."""
    on_days = [season_log(visit_date.first + timedelta(days=day), edition) for day in _possible(visit_date)]
    return min(on_days), max(on_days)


def season_log(day: date, edition: Edition) -> float:
    """Give the logarithm of level over yearly mean on one day."""
    peak = (edition.value("vitamin_d_peak_month") - 1 / 2) * DAYS_PER_MONTH
    turn = 2 * pi * (day.timetuple().tm_yday - peak) / DAYS_PER_YEAR
    return log1p(edition.value("vitamin_d_season_share") * cos(turn))


def _possible(visit_date: PartialDate) -> tuple[int, ...]:
    """Give the possible days weekly, and the last, counted from the first."""
    return (*range(0, visit_date.span_days, DAYS_PER_WEEK), visit_date.span_days)
