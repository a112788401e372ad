"""Warn where a patient may be in the record already under another code; they never block.

Two codes are close when they differ only in case, separators, leading zeros or signs that look
alike (`P-07`, `P07`, `p-7`, `P-O7`), or by one letter. Codes that differ by one digit are how a
clinic counts its patients, so those are spoken of only where sex and birth are the same too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from shlex import quote
from unicodedata import normalize

from tracker.clinical.sites import site_label
from tracker.clinical.vocabulary import Sex
from tracker.database.people import Person

_LOOK_ALIKE = str.maketrans("oil", "011")


def duplicate_checks(person: Person, others: Iterable[Person]) -> Iterator[str]:
    """Say which other patients may be the same person, and why.

    Parameters
    ----------
    person : Person
        As it would be recorded.
    others : iterable of Person
        The clinic's other patients.
    """
    for other in others:
        if codes_are_close(person.patient_code, other.patient_code):
            yield _told(person, other, f"The code '{person.patient_code}' is close to '{other.patient_code}'")
        elif _same_person(person, other) and _same_first_episode(person, other):
            first = f"'{person.patient_code}' has sex, birth and a first episode at {site_label(str(person.site))}"
            yield _told(person, other, f"{first} in common with '{other.patient_code}'")
        elif _same_person(person, other) and one_apart(_bare(person.patient_code), _bare(other.patient_code)):
            yield _told(
                person,
                other,
                f"'{person.patient_code}' has sex and birth in common with '{other.patient_code}', "
                "and one sign of the code apart",
            )


def codes_are_close(one: str, other: str) -> bool:
    """Say whether one code may be a slip for the other, counting on by a digit aside."""
    if _plain(one) == _plain(other):
        return True
    return one_apart(_bare(one), _bare(other), digits_too=False)


def one_apart(one: str, other: str, *, digits_too: bool = True) -> bool:
    """Say whether one sign is changed, added or left out; with `digits_too` false, one that is no digit."""
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    if len(rest) == len(other_rest):
        apart, changed = rest[1:] == other_rest[1:] and rest != "", rest[:1] + other_rest[:1]
    elif len(rest) > len(other_rest):
        apart, changed = rest[1:] == other_rest, rest[:1]
    else:
        apart, changed = rest == other_rest[1:], other_rest[:1]
    return apart and (digits_too or not changed.isdigit())


def _bare(patient_code: str) -> str:
    """Give the letters and digits of a code, without case."""
    return re.sub(r"[\W_]", "", normalize("NFKC", patient_code).casefold())


def _plain(patient_code: str) -> str:
    """Give what codes have in common that are written differently: no case, separators or leading zeros."""
    folded = normalize("NFKC", patient_code).casefold().translate(_LOOK_ALIKE)
    return re.sub(r"[\W_]", "", re.sub(r"(?<!\d)0+(?=\d)", "", folded))


def _same_person(person: Person, other: Person) -> bool:
    known = person.sex is not Sex.UNKNOWN and person.birth is not None
    return known and (person.sex, person.birth) == (other.sex, other.birth)


def _same_first_episode(person: Person, other: Person) -> bool:
    if person.site is None or person.site != other.site or person.onset is None or other.onset is None:
        return False
    return person.onset.first <= other.onset.last and other.onset.first <= person.onset.last


def _told(person: Person, other: Person, found: str) -> str:
    born = "birth not recorded" if other.birth is None else f"born {other.birth}"
    sex = "sex unknown" if other.sex is Sex.UNKNOWN else other.sex
    codes = f"{quote(person.patient_code)} {quote(other.patient_code)}"
    return f"{found} ({sex}, {born}). If they are one person, use that code, or merge: tracker patient merge {codes}"
