"""Which rows were known at a moment, and their texts as typed values."""

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache
from typing import TypeVar, cast

from sqlalchemy import ColumnElement, Table, and_, or_

from tracker.database.tables import LARGEST_ID
from tracker.dates import PartialDate

_Word = TypeVar("_Word", bound=Enum)

parse_known_date = lru_cache(maxsize=1 << 15)(PartialDate.parse)
"""Read the text of a partial date; a record of a million visits has a few thousand different ones."""


def known(table: Table, known_until: int | None) -> ColumnElement[bool]:
    """Give the condition that a row of a fact table stood at entry `known_until`, or stands now."""
    if known_until is None:
        return table.c.retracted_by.is_(None)
    last = min(known_until, LARGEST_ID)
    return and_(table.c.recorded_by <= last, or_(table.c.retracted_by.is_(None), table.c.retracted_by > last))


def read_date(text: str | None) -> PartialDate | None:
    """Read the text of a partial date; NULL is None."""
    return None if text is None else parse_known_date(text)


def read_word(words: type[_Word], text: str | None) -> _Word | None:
    """Read a word of a closed list; NULL is None."""
    return None if text is None else word_of(words, text)


def word_of(words: type[_Word], text: str) -> _Word:
    """Read a word of a closed list, kept once it was read: to make it anew takes longer than the rest of a row."""
    return cast(_Word, _made(words, text))


@cache
def _made(words: type[Enum], text: str) -> Enum:
    return words(text)
