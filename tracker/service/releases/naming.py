"""How a release names patients, days and words: as the record does, or so that nobody is named.

De-identified: ids are made with the secret of the release, so that the same release gives the same ones and no two
releases share any; rows are in the order of these ids. Days are those of `tracker.analysis.disclosure.days`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from tracker.analysis.disclosure.days import Zero, age_on, day_since, day_zero
from tracker.clinical.record import PatientRecord
from tracker.dates import PartialDate
from tracker.exchange.release.tables import WITHHELD

Cells = tuple[object, ...]

_ID_BYTES = 8


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
        # keyed, as BLAKE2 is made for: without the key nobody can try numbers until an id comes out
        self._hash = hashlib.blake2b(key=bytes.fromhex(secret), digest_size=_ID_BYTES)
        self._sexes, self._age_band, self._units = sexes, age_band, units
        self._zero = Zero(None, None)

    def patient_id(self, number: int) -> str:
        """Give the id of a patient of that number, by which patients are sorted."""
        return self._digest("patient", number)

    def begin(self, record: PatientRecord) -> None:
        """Turn to a patient."""
        self._record, self._zero = record, day_zero(record)
        self._keys: dict[tuple[str, int], str] = {}
        self._patient = self.patient_id(record.patient_id)

    def patient(self) -> Cells:
        """Name the patient by its id."""
        return (self._patient,)

    def key(self, kind: str, number: int | None) -> str | None:
        """Name a thing by its id."""
        if number is None:
            return None
        found = self._keys.get((kind, number))
        if found is None:
            found = self._keys[kind, number] = self._digest(kind, number)
        return found

    def date(self, value: PartialDate | None) -> Cells:
        """Give the middle possible day since day 0, and by how much it may be off."""
        return day_since(self._zero, value)

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
        digest = self._hash.copy()
        digest.update(f"{kind}:{number}".encode())
        return digest.hexdigest()
