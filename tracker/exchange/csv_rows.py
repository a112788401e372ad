"""A csv file as an editor shows it: its header, and in which line each row begins."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Collection, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, cast

_LONGEST_HEADER = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class UnreadableFileError(ValueError):
    """A file that holds no table, with a sentence that says why."""


def opened_bytes(path: Path) -> BinaryIO:
    """Open a file for reading, unpacked where its name ends in .gz."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def csv_header(path: Path) -> list[str]:
    """Give the names in the header, without the spaces around them.

    Raises
    ------
    UnreadableFileError
        If there is no header of text, separated by commas.
    """
    try:
        with opened_bytes(path) as file:
            start = file.read(_LONGEST_HEADER)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UnreadableFileError("its name ends in .gz, but it is no complete gzip file") from None
    if start.startswith(_OF_UTF16):
        raise UnreadableFileError("is written in UTF-16; save it as UTF-8")
    start = start.removeprefix(_BYTE_ORDER_MARK)
    if b"\0" in start:
        raise UnreadableFileError("is no csv file: it holds bytes that are no text")
    if not start.strip():
        raise UnreadableFileError("is empty; it needs a header and a row for each entry")
    return _names(start)


def _names(start: bytes) -> list[str]:
    try:
        line = start.splitlines()[0].decode("utf-8")
    except UnicodeDecodeError as error:
        byte = f"0x{error.object[error.start]:02x}"
        raise UnreadableFileError(f"is not written in UTF-8 (byte {byte} in the header); save it as UTF-8") from None
    names = [name.strip() for name in next(csv.reader([line]), [])]
    if len(names) == 1:
        for character, words in _OTHER_DELIMITERS.items():
            if character in line:
                raise UnreadableFileError(f"is separated by {words}; save it with commas")
    return names


def row_numbers(
    path: Path, *, records: Collection[int], kept: Collection[int], dropped: Collection[int]
) -> dict[int, int]:
    """Find the lines in which rows begin, for a message.

    Parameters
    ----------
    path : Path
        The file.
    records : collection of int
        Numbers of records, the header being 1, blank lines counted and a row of several lines once.
    kept : collection of int
        Numbers of data rows, the first being 1, blank lines and the records of `dropped` left out.
    dropped : collection of int
        Records that are no rows.

    Returns
    -------
    dict
        From each record, and from minus each data row, to its line.
    """
    found: dict[int, int] = {}
    n_kept, last_record, last_kept = 0, max(records, default=0), max(kept, default=0)
    for record, (line, fields) in enumerate(_records(path), start=1):
        found[record] = line
        if record > 1 and fields and record not in dropped:
            n_kept += 1
            found[-n_kept] = line
        if record >= last_record and n_kept >= last_kept:
            break
    return {number: found[number] for number in (*records, *(-row for row in kept)) if number in found}


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give each record with the line it begins in; what cannot be read as csv is one record without an end."""
    with opened_bytes(path) as file, TextIOWrapper(file, "utf-8-sig", errors="replace", newline="") as text:
        reader = csv.reader(text)
        line = 1
        try:
            for fields in reader:
                yield line, fields
                line = reader.line_num + 1
        except csv.Error:
            yield line, ["unreadable"]
