"""The tables of a release as the sheets of one workbook, the same bytes for the same rows.

A workbook is a zip archive whose parts carry the time they were written, and says of itself when it was made: both are
set to one moment that the caller chooses.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook  # type: ignore[import-untyped]  # it ships no types
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

from tracker.errors import InputError
from tracker.exchange.formulas import neutral
from tracker.exchange.release.columns import ReleaseTable
from tracker.exchange.release.writers import Row

_MOST_ROWS = (1 << 20) - 1
"""A sheet has 1 048 576 rows, and the first one is the header."""
_SHEET_NAME = 31
_MADE = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


class ReleaseWorkbook:
    """A workbook being filled; sheets README and dictionary stand before the tables.

    Parameters
    ----------
    path : Path
        Where it is written at the end.
    readme, dictionary : sequence of rows
        What the first two sheets say.
    made : datetime.datetime
        What the file says of when it was made.
    """

    def __init__(self, path: Path, *, readme: Sequence[Row], dictionary: Sequence[Row], made: datetime) -> None:
        self._path, self._made = path, made
        self._book = Workbook(write_only=True)
        self._n_rows: dict[str, int] = {}
        self._sheets: dict[str, object] = {}
        for name, rows in (("README", readme), ("dictionary", dictionary)):
            self._add_sheet(name, rows[0])
            self.write(name, rows[1:])

    def add(self, table: ReleaseTable) -> None:
        """Begin the sheet of a table."""
        self._add_sheet(table.name, table.names)

    def write(self, name: str, rows: Sequence[Row]) -> None:
        """Write rows of a table.

        Raises
        ------
        InputError
            If they are more than a sheet holds.
        """
        self._n_rows[name] += len(rows)
        if self._n_rows[name] > _MOST_ROWS:
            raise InputError(
                f"The table '{name}' has more than the {_MOST_ROWS:,} rows that a sheet of a workbook holds.",
                hint="Leave xlsx out: --format csv,parquet",
            )
        sheet = self._sheets[name]
        for row in rows:
            sheet.append([neutral(cell) if isinstance(cell, str) else cell for cell in row])  # type: ignore[attr-defined]

    def close(self) -> None:
        """Write the file, and set its times."""
        beside = self._path.with_name(f"{self._path.name}.times")
        self._book.save(beside)
        try:
            self._with_fixed_times(beside)
        finally:
            beside.unlink()

    def _add_sheet(self, name: str, header: Row) -> None:
        sheet = self._book.create_sheet(name[:_SHEET_NAME])
        sheet.freeze_panes = "A2"
        cells = []
        for text in header:
            cell = WriteOnlyCell(sheet, value=text)
            cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
        self._sheets[name], self._n_rows[name] = sheet, 0

    def _with_fixed_times(self, written: Path) -> None:
        moment = self._made.timetuple()[:6]
        said = self._made.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED) as target:
            for part in source.infolist():
                fixed = zipfile.ZipInfo(part.filename, date_time=moment)
                fixed.compress_type = zipfile.ZIP_DEFLATED
                fixed.external_attr = 0o600 << 16
                with source.open(part) as old, target.open(fixed, "w") as new:
                    if part.filename == "docProps/core.xml":
                        new.write(_MADE.sub(rb"\g<1>" + said, old.read()))
                    else:
                        while block := old.read(1 << 20):
                            new.write(block)


def readme_rows(lines: Sequence[str], about: Mapping[str, str]) -> list[Row]:
    """Give the rows of the sheet README."""
    return [("README", ""), *((line, "") for line in lines), ("", ""), *about.items()]
