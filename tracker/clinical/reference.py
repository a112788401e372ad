"""Cited numbers: every number of the expected course, with where it comes from.

An *edition* is one TOML file, never edited after its release: a changed number
is a new edition, so that an old report can be made again. The loader refuses a
number without value, unit, grade or source. Evidence grades, as printed:

===== =====================================================================
grade the number was
===== =====================================================================
A     seen in the primary paper itself, at least in its abstract
S     seen in a review, an encyclopaedia or a clinic page
K     taken from general knowledge; no source for it was seen
D     derived from seen numbers, or decided by the project, as the note says
===== =====================================================================
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tracker.clinical.learned import Learning, read_learning
from tracker.errors import InputError

GRADES = ("A", "S", "K", "D")
INTERVAL_KINDS = ("central 80 %", "95 %", "range", "limits")
NOT_STATED = "not stated"
_BUILT_IN = Path(__file__).with_name("course_v1.toml")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number was read.

    `label` is the short name to print beside a number; `locator` is a DOI
    (``doi:...``), ISBN (``isbn:...``), PubMed number (``pmid:...``) or URL. What
    could not be established reads ``not stated``.
    """

    key: str
    label: str
    authors: str
    title: str
    venue: str
    year: str
    locator: str


@dataclass(frozen=True, slots=True)
class CitedNumber:
    """One number with its unit, spread, evidence grade, sources and reasons.

    `interval_kind` says what `interval` is: ``central 80 %`` (10th to 90th centile
    of a distribution), ``95 %``, ``range`` (of what sources say) or ``limits`` (cut there).
    Both are None for a number that has no spread.
    """

    name: str
    value: float
    unit: str
    interval: tuple[float, float] | None
    interval_kind: str | None
    grade: str
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A released set of cited numbers; `sha256` is that of the file's bytes.

    `learning` says how an own edition was learned, and is None for a cited one.
    """

    name: str
    title: str
    released: str
    sha256: str
    numbers: Mapping[str, CitedNumber]
    sources: Mapping[str, Source]
    learning: Learning | None = None

    def __getitem__(self, name: str) -> CitedNumber:
        """Give the number of that name, or raise `InputError`."""
        if name not in self.numbers:
            raise InputError(
                f"Edition '{self.name}' has no number '{name}'.",
                hint=f"It has {', '.join(sorted(self.numbers))}.",
            )
        return self.numbers[name]

    def value(self, name: str) -> float:
        """Give the value of a number, in its unit."""
        return self[name].value

    def interval(self, name: str) -> tuple[float, float]:
        """Give the interval of a number, in its unit, or raise `InputError`."""
        interval = self[name].interval
        if interval is None:
            raise InputError(f"'{name}' of edition '{self.name}' has no interval.")
        return interval


def load_edition(path: Path | None = None) -> Edition:
    """Read an edition file; without `path` the one shipped with the program.

    Raises
    ------
    InputError
        If the file is not readable as TOML, a number lacks its value, unit, grade
        or source, an interval does not contain its value, or a source is incomplete or unused.
    """
    return _built_in() if path is None else _read(path)


@cache
def _built_in() -> Edition:
    return _read(_BUILT_IN)


def _read(path: Path) -> Edition:
    try:
        content = path.read_bytes()
        tables = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise InputError(f"Cannot read the edition file '{path}': {error.strerror}.") from error
    except ValueError as error:  # TOML and UTF-8 errors are both ValueErrors
        raise InputError(f"The edition file '{path}' is not TOML: {error}.") from error
    about = _table(tables, "edition", path.name)
    sources = {key: _source(key, entry) for key, entry in _table(tables, "sources", path.name).items()}
    numbers = {name: _number(name, entry, sources) for name, entry in _table(tables, "numbers", path.name).items()}
    _refuse_unused(numbers, sources, tables.get("rules", {}))
    return Edition(
        name=_text(about, "name", "edition"),
        title=_text(about, "title", "edition"),
        released=_text(about, "released", "edition"),
        sha256=hashlib.sha256(content).hexdigest(),
        numbers=MappingProxyType(numbers),
        sources=MappingProxyType(sources),
        learning=read_learning(_table(tables, "learned", path.name)) if "learned" in tables else None,
    )


def _source(key: str, entry: dict[str, Any]) -> Source:
    fields = ("label", "authors", "title", "venue", "year", "locator")
    return Source(key, *(_text(entry, field, f"source {key}") for field in fields))


def _number(name: str, entry: dict[str, Any], sources: Mapping[str, Source]) -> CitedNumber:
    keys = tuple(entry.get("sources", ()))
    if not keys:
        raise InputError(f"The number '{name}' has no source.", hint="Name at least one key of [sources].")
    unknown = [key for key in keys if key not in sources]
    if unknown:
        raise InputError(f"The number '{name}' cites the source '{unknown[0]}', which [sources] does not describe.")
    value = _finite(name, "value", entry.get("value"))
    interval = _interval(name, value, entry)
    return CitedNumber(
        name=name,
        value=value,
        unit=_text(entry, "unit", name),
        interval=interval,
        interval_kind=None if interval is None else _one_of(entry, "interval_kind", INTERVAL_KINDS, name),
        grade=_one_of(entry, "grade", GRADES, name),
        sources=keys,
        note=_text(entry, "note", name),
    )


def _interval(name: str, value: float, entry: dict[str, Any]) -> tuple[float, float] | None:
    if "interval" not in entry:
        return None
    ends = entry["interval"]
    if not isinstance(ends, list) or len(ends) != 2:
        raise InputError(f"The interval of '{name}' must be [low, high], but was '{ends}'.")
    low, high = (_finite(name, "interval end", end) for end in ends)
    if not low <= value <= high:
        raise InputError(f"The interval of '{name}', {low:g} to {high:g}, does not contain its value {value:g}.")
    return low, high


def _finite(name: str, what: str, found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not isfinite(found):
        raise InputError(f"The {what} of '{name}' must be a number, but was '{found}'.")
    return float(found)


def _text(entry: dict[str, Any], field: str, where: str) -> str:
    found = entry.get(field)
    if not isinstance(found, str) or not found.strip():
        raise InputError(f"The {field} of '{where}' must be words, but was '{found}'.")
    return found


def _one_of(entry: dict[str, Any], field: str, allowed: tuple[str, ...], where: str) -> str:
    found = _text(entry, field, where)
    if found not in allowed:
        raise InputError(f"The {field} of '{where}' must be one of {', '.join(allowed)}, but was '{found}'.")
    return found


def _table(tables: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    found = tables.get(name)
    if not isinstance(found, dict) or not found:
        raise InputError(f"The edition file '{where}' has no table [{name}].")
    return found


def _refuse_unused(
    numbers: Mapping[str, CitedNumber], sources: Mapping[str, Source], rules: Mapping[str, Mapping[str, Any]]
) -> None:
    """Refuse a source that neither a number nor a rule of the file cites."""
    used = {key for number in numbers.values() for key in number.sources}
    used |= {key for rule in rules.values() for key in rule.get("sources", ())}
    unused = sorted(set(sources) - used)
    if unused:
        raise InputError(f"No number cites the source '{unused[0]}'.")
