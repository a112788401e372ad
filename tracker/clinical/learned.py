"""What an own edition says about how it was learned: from which edition, from how many episodes, how surely.

The table ``[learned]`` of an edition file holds it. Of the patients it holds counts of
episodes and scores and the last day that was read, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tracker.errors import InputError


@dataclass(frozen=True, slots=True)
class LearnedNumber:
    """One number as it was cited and as it was learned.

    `low95` and `high95` are the 95 % interval of `value`, and all four are in `unit`. `narrowing` is 1
    minus the width of that interval over its width before any episode (of lengths, spreads and noise on
    a logarithmic scale). Where `from_reference`, the cohort hardly
    narrowed or moved it: the number is still the reference's.
    """

    name: str
    unit: str
    cited: float
    value: float
    low95: float
    high95: float
    narrowing: float
    from_reference: bool


@dataclass(frozen=True, slots=True)
class Learning:
    """Where an own edition comes from.

    `edition` and `edition_sha256` name the edition that was there before; it counted for `prior_episodes` episodes,
    where shares are learned for `prior_share_episodes`. `effective_courses` is the least number of
    equally weighted courses that carry a class. `last_entry_id` is the newest ledger entry that was
    read, `as_of` the last day that counted.
    """

    edition: str
    edition_sha256: str
    as_of: str
    n_episodes: int
    n_scores: int
    prior_episodes: float
    prior_share_episodes: float
    effective_courses: float
    program_version: str
    schema_revision: str
    last_entry_id: int
    numbers: tuple[LearnedNumber, ...]


def read_learning(table: Mapping[str, Any]) -> Learning:
    """Read the table ``[learned]``.

    Raises
    ------
    InputError
        If an entry is missing or of another kind.
    """
    numbers = table.get("numbers")
    if not isinstance(numbers, dict) or not numbers:
        raise InputError("The table [learned] of the edition file has no numbers.")
    learned = tuple(
        LearnedNumber(name, **_entries(LearnedNumber, entry, f"learned.numbers.{name}"))
        for name, entry in numbers.items()
    )
    return Learning(**_entries(Learning, table, "learned"), numbers=learned)


def learning_tables(learning: Learning) -> dict[str, dict[str, object]]:
    """Give the tables of an edition file that `read_learning` reads, by heading."""
    tables = {"learned": _plain(learning)}
    return tables | {f"learned.numbers.{number.name}": _plain(number) for number in learning.numbers}


_KINDS: dict[str, type | tuple[type, ...]] = {"str": str, "int": int, "float": (int, float), "bool": bool}


def _plain(value: LearnedNumber | Learning) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value) if field.name not in ("name", "numbers")}


def _entries(kind: type, table: object, where: str) -> dict[str, Any]:
    """Check each entry against the field of the same name."""
    if not isinstance(table, Mapping):
        raise InputError(f"[{where}] of the edition file must be a table, but was '{table}'.")
    found = {}
    for field in fields(kind):
        if field.name in ("name", "numbers"):
            continue
        value = table.get(field.name)
        wanted = str(field.type)
        if not isinstance(value, _KINDS[wanted]) or (isinstance(value, bool) and wanted != "bool"):
            raise InputError(f"The {field.name} of [{where}] must be of kind {wanted}, but was '{value}'.")
        found[field.name] = value
    return found
