"""The cells of a table as text, each row with the number an editor shows beside it."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from tracker.errors import InputError, NotFoundError
from tracker.exchange.csv_rows import UnreadableFileError, csv_header
from tracker.exchange.problems import Problem, quoted

LONGEST_CELL = 32_767
"""Characters; what a spreadsheet's cell can hold, and eight times the longest note."""
LARGEST_FILE = 200 << 20
"""Bytes; a table is read whole, and a million rows of visits are smaller."""


class DateCell(str):
    """A day out of a cell that a spreadsheet keeps as a date, written as ISO."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class RawTable:
    """Cells of one table as text.

    Parameters
    ----------
    file : str
        As it was named, for messages; with the sheet where it has sheets.
    name, sha256 : str
        The file's own name, and the hash of its bytes.
    header : tuple of str
        Names of the columns.
    rows : tuple of (int, tuple of str)
        Number of the row as an editor counts, and its cells; rows without any cell are left out.
    problems : tuple of Problem
        What is wrong with rows, which are then left out.
    """

    file: str
    name: str
    sha256: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    problems: tuple[Problem, ...]


def read_bytes(path: Path) -> bytes:
    """Give what a file holds.

    Raises
    ------
    NotFoundError
        If there is no such file.
    InputError
        If it is no file that can be read whole.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{path} is larger than {LARGEST_FILE >> 20} MB.", hint="Split it and import the parts.")
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {path}.", hint="Check its name.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", hint="Give a file you may read.") from None


def read_csv(path: Path) -> RawTable:
    """Read a csv file: UTF-8, commas, one header.

    Raises
    ------
    NotFoundError
        If there is no such file.
    InputError
        If it is no such table; the sentence says why.
    """
    content = read_bytes(path)
    try:
        header = csv_header(path)
        text = _decoded(content)
    except UnreadableFileError as error:
        raise InputError(f"{path} {error}.") from None
    rows, problems = _rows(str(path), text, n_columns=len(header))
    sha256 = hashlib.sha256(content).hexdigest()
    return RawTable(str(path), path.name, sha256, tuple(header), tuple(rows), tuple(problems))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        byte = f"0x{content[error.start]:02x}"
        raise UnreadableFileError(f"is not written in UTF-8 (byte {byte} in row {row}); save it as UTF-8") from None


def _rows(file: str, text: str, *, n_columns: int) -> tuple[list[tuple[int, tuple[str, ...]]], list[Problem]]:
    rows: list[tuple[int, tuple[str, ...]]] = []
    problems: list[Problem] = []
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if line > 1 and any(cells):
                if problem := _shape_problem(cells, n_columns):
                    problems.append(Problem(file, line, problem))
                else:
                    rows.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        reason = "a cell is too long" if "limit" in str(error) else str(error)
        problems.append(Problem(file, line, f"cannot be read as csv ({reason}); the rows below it were not read"))
    return rows, problems


def _shape_problem(cells: list[str], n_columns: int) -> str | None:
    if len(cells) != n_columns:
        return f"has {len(cells)} cells, but the header has {n_columns}; a cell that holds a comma needs quotes"
    return long_cell(cells)


def long_cell(cells: list[str]) -> str | None:
    """Say which cell is too long to be one, if any is."""
    for cell in cells:
        if len(cell) > LONGEST_CELL:
            return f"a cell holds {len(cell)} characters ({quoted(cell)}); at most {LONGEST_CELL} are allowed"
    return None
