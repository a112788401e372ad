"""How a release names patients, days and words: as the record does, or so that nobody is named.

De-identified: ids are made with the secret of the release, so that the same release gives the same ones and no two
releases share any; rows are in the order of these ids. Days count from day 0 of the patient, the first possible day of
the earliest onset, else of the first visit, else of the first dated statement. Where only the month of a date
is known its day is the middle of the month and may be off by 15 days, of a year by half a year: so that the length of a
month tells nothing of the calendar.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from tracker.clinical.record import PatientRecord
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_YEAR, PartialDate

Cells = tuple[object, ...]

FIRST_ONSET, FIRST_VISIT, FIRST_STATEMENT = "first onset", "first visit", "first statement"
WITHHELD = "withheld"
"""What stands in place of a word that too few patients of the release have."""

_ID_DIGITS = 16
_HALF_MONTH_DAYS = round(DAYS_PER_MONTH / 2)
_HALF_YEAR_DAYS = round(DAYS_PER_YEAR / 2)


class Naming(Protocol):
    """What rows need to name things, for one patient; `begin` says whose rows follow."""

    identified: bool

    def begin(self, record: PatientRecord) -> None:
        """Turn to a patient."""

    def patient(self) -> Cells:
        """Name the patient."""

    def key(self, kind: str, number: int | None) -> str | None:
        """Name an episode, visit or treatment."""

    def date(self, value: PartialDate | None) -> Cells:
        """Give the cells of a date."""

    def words(self, text: str | None) -> Cells:
        """Give the cell of free words, or none."""

    def unit(self, text: str | None) -> str | None:
        """Give the unit of a laboratory result."""

    def person(self) -> Cells:
        """Give what is said of the patient besides counts: sex and age."""


class Identified:
    """Names as the record has them."""

    identified = True

    def begin(self, record: PatientRecord) -> None:
        """Turn to a patient."""
        self._record = record

    def patient(self) -> Cells:
        """Name the patient by clinic and study code."""
        return self._record.clinic_code, self._record.patient_code

    def key(self, kind: str, number: int | None) -> str | None:
        """Name a thing by its number in the record."""
        return None if number is None else str(number)

    def date(self, value: PartialDate | None) -> Cells:
        """Give the text of a date, its first and its last possible day."""
        return (None, None, None) if value is None else (str(value), value.first, value.last)

    def words(self, text: str | None) -> Cells:
        """Give free words as they are."""
        return (text,)

    def unit(self, text: str | None) -> str | None:
        """Give a unit as it was written."""
        return text

    def person(self) -> Cells:
        """Give sex and birth."""
        return self._record.sex.value, *self.date(self._record.birth)


@dataclass(frozen=True, slots=True)
class Zero:
    """Day 0 of a patient, and what it is; both None where no date is known."""

    day: date | None
    said_of: str | None


class DeIdentified:
    """Names of a release, by its secret.

    Parameters
    ----------
    secret : str
        64 hexadecimal digits.
    sexes : mapping of str to str
        What is said of each sex.
    age_bands : callable
        Gives the band of an age in completed years, or of None.
    units : collection of str
        Units that laboratories are known to use; another one, which somebody typed, is not told.
    """

    identified = False

    def __init__(
        self,
        secret: str,
        *,
        sexes: Mapping[str, str],
        age_band: Callable[[int | None], str],
        units: Collection[str],
    ) -> None:
        self._key = bytes.fromhex(secret)
        self._sexes, self._age_band, self._units = sexes, age_band, units
        self._zero = Zero(None, None)

    def patient_id(self, number: int) -> str:
        """Give the id of a patient of that number, by which patients are sorted."""
        return self._digest("patient", number)

    def begin(self, record: PatientRecord) -> None:
        """Turn to a patient."""
        self._record, self._zero = record, day_zero(record)
        self._patient = self.patient_id(record.patient_id)

    def patient(self) -> Cells:
        """Name the patient by its id."""
        return (self._patient,)

    def key(self, kind: str, number: int | None) -> str | None:
        """Name a thing by its id."""
        return None if number is None else self._digest(kind, number)

    def date(self, value: PartialDate | None) -> Cells:
        """Give the middle possible day since day 0, and by how much it may be off."""
        zero = self._zero.day
        if value is None or zero is None:
            return None, None
        if value.precision == "month":
            return (value.first - zero).days + _HALF_MONTH_DAYS, _HALF_MONTH_DAYS
        if value.precision == "year":
            # to a half year: else the middle of a year would give the calendar away
            return _HALF_YEAR_DAYS * round((value.middle - zero).days / _HALF_YEAR_DAYS), 2 * _HALF_YEAR_DAYS
        return (value.middle - zero).days, value.last.toordinal() - value.middle.toordinal()

    def words(self, text: str | None) -> Cells:
        """Leave free words out."""
        return ()

    def unit(self, text: str | None) -> str | None:
        """Give a unit that is known; another one could hold anything."""
        return text if text is None or text in self._units else WITHHELD

    def person(self) -> Cells:
        """Give sex, band of age on day 0, and what day 0 is."""
        age = age_on(self._record.birth, self._zero.day)
        return self._sexes[self._record.sex.value], self._age_band(age), self._zero.said_of

    def _digest(self, kind: str, number: int) -> str:
        return hmac.new(self._key, f"{kind}:{number}".encode(), hashlib.sha256).hexdigest()[:_ID_DIGITS]


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
