"""One cell: from its text to the value the record holds, or a sentence why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from tracker.clinical.dictionary import FIELDS, PATIENT_AS_A_WHOLE, check_value
from tracker.clinical.field import Field
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import Comparator
from tracker.clinical.word_lists import find_word
from tracker.dates import PartialDate
from tracker.errors import InputError, TrackerError
from tracker.exchange.tidy.columns import COMPARED, field_of
from tracker.exchange.tidy.table_file import DateCell

_WHOLE = re.compile(r"[+-]?\d{1,15}(?:\.0+)?")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_BARE_NUMBER = re.compile(r"\d{5,7}(?:\.\d+)?")
_THREE_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2}|\d{4})[./-](\d{1,4})")
_COMPARATORS = tuple(one.value for one in Comparator)
_ORDER_WORDS = {"D": "day", "M": "month", "Y": "year"}


class Wrong(str):
    """A sentence about a cell that cannot be read, without its full stop."""

    __slots__ = ()


class CellReader:
    """Reads the cells of one column, each text once.

    Parameters
    ----------
    column : str
        Our name of the column.
    called : str
        The name the file has for it.
    words : mapping of str to str
        Their words, and ours.
    dates : str, optional
        Order of day, month and year; ISO only otherwise.

    Attributes
    ----------
    known : dict
        Each text read so far, with its value: None for a blank, `Wrong` for one that is not allowed. Of a column in
        `COMPARED` a value is a number with its comparator.
    """

    __slots__ = ("called", "column", "known", "_read", "_words")

    def __init__(self, column: str, *, called: str, words: Mapping[str, str], dates: str | None) -> None:
        self.column = column
        self.called = called
        self.known: dict[str, object] = {"": None}
        self._words = words
        self._read = _reader(column, dates)

    def read(self, text: str) -> object:
        """Read a text that is not yet known, and keep what came of it."""
        plain = text.strip()
        plain = self._words.get(plain, plain)
        try:
            if isinstance(text, DateCell) and FIELDS[field_of(self.column)].type != "date":
                raise InputError(f"'{text}' is a cell of dates here.", hint="Format the column as text.")
            value = self._read(plain) if plain else None
        except TrackerError as error:
            value = Wrong(self._said(error))
        self.known[text] = value
        return value

    def _said(self, error: TrackerError) -> str:
        sentence = str(error).rstrip(".")
        names_it = sentence.startswith(f"{self.column} ")
        if self.called == self.column:
            return sentence if names_it else f"{self.column}: {sentence}"
        return f"column '{self.called}'{'' if names_it else f' ({self.column})'}: {sentence}"


def _reader(column: str, dates: str | None) -> Callable[[str], object]:
    field = FIELDS[field_of(column)]
    if column in COMPARED:
        return partial(_result, field)
    if field.type == "date":
        return partial(_date, field, dates)
    if field.listed_in is not None:
        listed_in = field.listed_in
        return lambda text: find_word(listed_in, text).code
    readers: dict[str, Callable[[Field, str], object]] = {
        "integer": _whole,
        "number": _number,
        "word": _word,
        "site": _site,
        "about": _site,
        "text": _text,
    }
    return partial(readers[field.type], field)


def _whole(field: Field, text: str) -> object:
    value = int(float(text)) if _WHOLE.fullmatch(text) else text
    check_value(field.name, value)
    return value


def _number(field: Field, text: str) -> object:
    value = float(text) if _NUMBER.fullmatch(text) else text
    check_value(field.name, value)
    return value


def _result(field: Field, text: str) -> object:
    comparator = text[0] if text[0] in _COMPARATORS else None
    return _number(field, text[1:].strip() if comparator else text), comparator


def _word(field: Field, text: str) -> object:
    folded = {word.casefold(): word for word in field.allowed or ()}
    value = folded.get(text.casefold(), text)
    check_value(field.name, value)
    return value


def _site(field: Field, text: str) -> object:
    if field.type == "about" and text.lower() == PATIENT_AS_A_WHOLE:
        return PATIENT_AS_A_WHOLE
    return find_site(text).key


def _text(field: Field, text: str) -> object:
    check_value(field.name, text)
    return text


def _date(field: Field, dates: str | None, text: str) -> object:
    value = _ordered(text, dates) if dates is not None and _THREE_NUMBERS.fullmatch(text) else None
    if value is None:
        if _BARE_NUMBER.fullmatch(text):
            raise InputError(
                f"'{text}' is a bare number, not a date.",
                hint="A spreadsheet counts days so: format the column as a date, or write 2026-03-10.",
            )
        value = PartialDate.parse(text)
    check_value(field.name, value.first.year if field.name == "birth" else value)
    return value


def _ordered(text: str, dates: str) -> PartialDate | None:
    """Read three numbers in the order that was said; None where the year stands first anyway."""
    parts = re.split(r"[./-]", text)
    if len(parts[0]) == 4 and dates != "YMD":
        return None
    said = dict(zip(dates, parts, strict=True))
    if len(said["Y"]) != 4:
        raise InputError(f"'{text}' has no year of four digits.", hint="Write the year in full.")
    try:
        return PartialDate.on(date(int(said["Y"]), int(said["M"]), int(said["D"])))
    except ValueError:
        order = ", ".join(_ORDER_WORDS[letter] for letter in dates)
        raise InputError(f"'{text}', read as {order}, is not in the calendar.", hint="Check the day.") from None
