"""What the data dictionary says of one field."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from tracker.clinical.word_lists import WordList

FieldType = Literal["integer", "number", "text", "date", "word", "site", "about", "code"]
TextForm = Literal["code", "line", "lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: where it is stored, what it may hold and why.

    `allowed` lists the words of a ``word`` field. A ``site`` field holds a site key, an ``about``
    field a site key or ``patient``, a ``code`` field a code of the open list `listed_in`.
    `form` says which characters a ``text`` field takes: those of a code, one line of
    visible characters, or several lines.
    """

    name: str
    table: str
    type: FieldType
    label: str
    why: str
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] | None = None
    listed_in: WordList | None = None
    form: TextForm = "line"
    is_identifier: bool = False


def words_of(words: type[Enum]) -> tuple[str, ...]:
    """Give the words of a closed list."""
    return tuple(str(word.value) for word in words)
