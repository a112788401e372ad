"""Days instead of dates: counted from a day 0 of the patient, so that nothing points into the calendar.

Day 0 is the first possible day of the earliest onset, else of the first visit, else of the first dated statement. Where
only the month of a date is known its day is the middle of the month and may be off by 15 days, of a year by a
year, in steps of half a year: the length of a month, or the middle of a year, would give the calendar away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.clinical.record import PatientRecord
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_YEAR, PartialDate

FIRST_ONSET, FIRST_VISIT, FIRST_STATEMENT = "first onset", "first visit", "first statement"
_HALF_MONTH_DAYS = round(DAYS_PER_MONTH / 2)
_HALF_YEAR_DAYS = round(DAYS_PER_YEAR / 2)


@dataclass(frozen=True, slots=True)
class Zero:
    """Day 0 of a patient, and what it is; both None where no date is known."""

    day: date | None
    said_of: str | None


def day_zero(record: PatientRecord) -> Zero:
    """Give day 0 of a patient."""
    onsets = [episode.onset.first for episode in record.episodes if episode.onset is not None]
    if onsets:
        return Zero(min(onsets), FIRST_ONSET)
    if record.visits:
        return Zero(min(visit.visit_date.first for visit in record.visits), FIRST_VISIT)
    said = [day.first for day in _statements(record)]
    return Zero(min(said), FIRST_STATEMENT) if said else Zero(None, None)


def _statements(record: PatientRecord) -> Iterator[PartialDate]:
    dates: Iterable[PartialDate | None] = (
        *(treatment.started or treatment.ended for treatment in record.treatments),
        *(verdict.decided_on for verdict in record.differential),
        *(item.examined_on for item in record.checklist_items),
        *(status.stated_on for status in record.pregnancy),
    )
    return (one for one in dates if one is not None)


def age_on(birth: PartialDate | None, day: date | None) -> int | None:
    """Give completed years on a day, from the middle of what is known of the birth."""
    if birth is None or day is None:
        return None
    return max(int((day - birth.middle) / timedelta(days=DAYS_PER_YEAR)), 0)


def day_since(zero: Zero, value: PartialDate | None) -> tuple[int | None, int | None]:
    """Give the middle possible day of a date since day 0, and by how many days it may be off, either way."""
    if value is None or zero.day is None:
        return None, None
    if value.precision == "day":
        return (value.first - zero.day).days, 0
    if value.precision == "month":
        return (value.first - zero.day).days + _HALF_MONTH_DAYS, _HALF_MONTH_DAYS
    if value.precision == "year":
        return _HALF_YEAR_DAYS * round((value.middle - zero.day).days / _HALF_YEAR_DAYS), 2 * _HALF_YEAR_DAYS
    return (value.middle - zero.day).days, value.last.toordinal() - value.middle.toordinal()
