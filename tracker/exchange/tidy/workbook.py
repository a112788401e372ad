"""The cells of one sheet of an xlsx file as text.

A workbook is a zip archive of XML, so it is looked at before it is opened: an archive that unpacks to far more than
it weighs is refused. A formula is refused, since what it shows was computed by another program and may be old; so are
merged cells, of which only the first holds the value that all of them show.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from tracker.errors import InputError, NotFoundError, TrackerError
from tracker.exchange.problems import Problem, quoted
from tracker.exchange.tidy.table_file import DateCell, RawTable, long_cell, read_bytes

_LARGEST_UNPACKED = 1 << 30
_LARGEST_RATIO = 200
"""XML of a sheet full of one number packs about a hundred to one; a bomb a thousand to one."""
_SMALLEST_SUSPECT = 10 << 20
_MOST_PARTS = 10_000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z0-9:]+)"')
_AS_SHOWN = re.compile("0+")


def read_workbook(path: Path, *, sheet: str | None = None) -> RawTable:
    """Read one sheet of an xlsx file.

    Parameters
    ----------
    path : Path
        The file.
    sheet : str, optional
        Name of the sheet; the only one that holds anything otherwise.

    Raises
    ------
    NotFoundError
        If there is no such file or sheet.
    InputError
        If it is no such workbook, or it is not clear which sheet is meant.
    """
    content = read_bytes(path)
    _refuse_bombs(path, content)
    from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - it ships no types; slow to load

    try:
        with catch_warnings():
            simplefilter("ignore")  # of styles and checks of input that are not read
            book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
            chosen = _chosen(path, book, sheet)
            file = f"{path}, sheet {chosen.title}"
            _refuse_merged(file, content, chosen)
            header, rows, problems = _read_sheet(file, chosen)
    except TrackerError:
        raise
    # A damaged part of the archive surfaces as whatever its reader was doing.
    except Exception as error:
        raise InputError(
            f"{path} is no workbook that can be read ({type(error).__name__}).",
            hint="Open it in a spreadsheet and save it as .xlsx again, or as csv.",
        ) from None
    sha256 = hashlib.sha256(content).hexdigest()
    return RawTable(file, path.name, sha256, header, tuple(rows), tuple(problems))


def _refuse_bombs(path: Path, content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError):
        raise InputError(
            f"{path} is no xlsx workbook.", hint="Open it in a spreadsheet and save it as .xlsx, or as csv."
        ) from None
    unpacked = sum(part.file_size for part in parts)
    ratio = unpacked / max(len(content), 1)
    if (
        len(parts) > _MOST_PARTS
        or unpacked > _LARGEST_UNPACKED
        or (unpacked > _SMALLEST_SUSPECT and ratio > _LARGEST_RATIO)
    ):
        raise InputError(
            f"{path} would unpack to {unpacked:,} bytes from {len(content):,}; it was not opened.",
            hint="Save the table as csv and import that.",
        )


def _chosen(path: Path, book: Any, sheet: str | None) -> Any:  # noqa: ANN401 - openpyxl ships no types
    sheets = {one.title: one for one in book.worksheets}
    names = ", ".join(f"'{name}'" for name in sheets)
    if sheet is not None:
        if sheet not in sheets:
            raise NotFoundError(f"{path} has no sheet '{sheet}'; its sheets: {names}.", hint="Name one of them.")
        return sheets[sheet]
    filled = [one for one in sheets.values() if any(any(row) for row in one.iter_rows(values_only=True))]
    if not filled:
        raise InputError(f"{path} is empty; it needs a header and a row for each entry.")
    if len(filled) > 1:
        held = ", ".join(f"'{one.title}'" for one in filled)
        raise InputError(f"{path} has {len(filled)} sheets that hold something: {held}.", hint="Name one: --sheet NAME")
    return filled[0]


def _refuse_merged(file: str, content: bytes, sheet: Any) -> None:  # noqa: ANN401 - openpyxl ships no types
    with zipfile.ZipFile(BytesIO(content)) as archive:
        found = _MERGED.search(archive.read(sheet._worksheet_path.lstrip("/")))
    if found:
        raise InputError(
            f"{file}: the cells {found[1].decode()} are merged, and only the first of them holds a value.",
            hint="Unmerge them and write the value into each row it is about.",
        )


def _read_sheet(
    file: str,
    sheet: Any,  # noqa: ANN401 - openpyxl ships no types
) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]], list[Problem]]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    header: tuple[str, ...] | None = None
    rows: list[tuple[int, tuple[str, ...]]] = []
    problems: list[Problem] = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        wrong = list(_refused_cells(row))
        cells = [] if wrong else [_text(cell) for cell in row]
        if not wrong and (header is None and not any(cells)):
            raise InputError(f"{file}: row 1 is empty; the header belongs there.")
        if not wrong and (long := long_cell(cells)):
            wrong = [long]
        problems += [Problem(file, number, sentence) for sentence in wrong]
        if header is None:
            header = tuple(name.strip() for name in cells)
        elif not wrong and any(cells):
            padded = (*cells, *("",) * (len(header) - len(cells)))
            if any(padded[len(header) :]):
                problems.append(Problem(file, number, "has a cell to the right of the header"))
            else:
                rows.append((number, padded[: len(header)]))
    if header is None:
        raise InputError(f"{file} is empty; it needs a header and a row for each entry.")
    return _without_empty_tail(header), rows, problems


def _without_empty_tail(header: tuple[str, ...]) -> tuple[str, ...]:
    while header and not header[-1]:
        header = header[:-1]
    return header


def _refused_cells(row: Any) -> Iterator[str]:  # noqa: ANN401 - openpyxl ships no types
    for cell in row:
        if cell.data_type == "f":
            yield f"cell {cell.coordinate} holds the formula {quoted(str(cell.value))}; write its value instead"
        elif cell.data_type == "e":
            yield f"cell {cell.coordinate} holds the error {quoted(str(cell.value))}; write its value instead"


def _text(cell: Any) -> str:  # noqa: ANN401 - openpyxl ships no types
    """Write a cell as a csv file would: whole numbers without a point, days as ISO, and 007 as it is shown."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return DateCell(value.date().isoformat())
    if isinstance(value, date | time):
        return DateCell(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        whole = int(value) if value == value and abs(value) < 1e15 and value == int(value) else None
        if whole is not None and _AS_SHOWN.fullmatch(cell.number_format or ""):
            return str(whole).zfill(len(cell.number_format))
        return str(value if whole is None else whole)
    return str(value)
