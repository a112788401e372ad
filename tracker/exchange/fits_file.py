"""Writing a table row by row as csv or parquet: whole or not at all, the same bytes for the same rows.

csv: UTF-8, comma, lines end in LF, `.` decimal, an empty cell is a missing value, texts quoted. Nothing in
it depends on how many rows come at a time. Texts are written as they are, also where a spreadsheet would take one
for a formula: an id must find its row again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import Any, BinaryIO, Protocol

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.csv as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from tracker.errors import AccessError, ConflictError, InputError

_ROWS_PER_GROUP = 1 << 16
_TYPES = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "truth": pa.bool_()}
_PLAIN_HEADER = pc.WriteOptions(quoting_header="none")
_CSV, _PARQUET = ".csv", ".parquet"


class Column(Protocol):
    """What a column needs: `kind` is text, integer, number or truth."""

    @property
    def name(self) -> str:
        """As in the header."""

    @property
    def kind(self) -> str:
        """What a cell holds."""

    @property
    def unit(self) -> str:
        """Of a number; kept in a parquet file."""

    @property
    def description(self) -> str:
        """What it says; kept in a parquet file."""


class TableFile:
    """A table being written; made by `new_table_file`."""

    def __init__(self, path: Path, file: BinaryIO, schema: pa.Schema) -> None:
        self._path, self._file, self._schema = path, file, schema
        is_csv = path.suffix.lower() == _CSV
        self._writer = (
            pc.CSVWriter(file, schema, write_options=_PLAIN_HEADER)
            if is_csv
            else pq.ParquetWriter(file, schema, compression="zstd")
        )
        self._is_open = True
        self._waiting: list[pa.Table] = []
        self.n_rows = 0

    def write(self, values: Mapping[str, Sequence[object] | np.ndarray[Any, Any]]) -> None:
        """Write rows, given by column. NaN and None are missing, and so is an empty text."""
        arrays = [_array(values[field.name], field.type) for field in self._schema]
        self._waiting.append(pa.Table.from_arrays(arrays, schema=self._schema))
        self.n_rows += len(arrays[0])
        with _as_sentence(self._path):
            self._write_groups(least=_ROWS_PER_GROUP)

    def finish(self) -> None:
        """Write what is left, down to the disk."""
        self._write_groups(least=1)
        self._writer.close()
        self._is_open = False
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def give_up(self) -> None:
        """Let go of the file, if it was not finished; what is in it is of no use."""
        if self._is_open:
            self._is_open = False
            with suppress(OSError):
                self._writer.close()
            if isinstance(self._writer, pq.ParquetWriter):
                self._writer.is_open = False  # it would try once more, and complain, when it is collected
        with suppress(OSError):
            self._file.close()

    def _write_groups(self, *, least: int) -> None:
        """Write full groups of rows, so that how many come at a time leaves no trace."""
        waiting = sum(table.num_rows for table in self._waiting)
        if waiting < least:
            return
        rows = pa.concat_tables(self._waiting)
        start = 0
        while waiting - start >= least:
            group = rows.slice(start, _ROWS_PER_GROUP).combine_chunks()
            self._writer.write_table(group)
            start += group.num_rows
        self._waiting = [rows.slice(start)]


@contextmanager
def new_table_file(
    path: Path, columns: Sequence[Column], *, about: Mapping[str, str], overwrite: bool = False
) -> Iterator[TableFile]:
    """Open a file to be written beside `path` and put in its place at the end, when all went well.

    It is readable by its owner alone. Whatever interrupts the writing, no part of it is left.

    Parameters
    ----------
    path : Path
        Ends in .csv or .parquet.
    columns : sequence of Column
        In the order of the file.
    about : mapping of str to str
        Kept in the metadata of a parquet file.
    overwrite : bool
        Whether a file of that name may be replaced.

    Raises
    ------
    InputError
        If the name ends otherwise.
    ConflictError
        If there is such a file.
    AccessError
        If it cannot be written.
    """
    check_new_file(path, overwrite=overwrite)
    schema = pa.schema(
        [
            pa.field(
                column.name, _TYPES[column.kind], metadata={"unit": column.unit, "description": column.description}
            )
            for column in columns
        ],
        metadata=dict(about),
    )
    with _as_sentence(path):
        descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        beside = Path(name)
        table = TableFile(path, os.fdopen(descriptor, "wb"), schema)
    try:
        yield table
        with _as_sentence(path):
            table.finish()
            check_new_file(path, overwrite=overwrite)
            beside.replace(path)
    finally:
        table.give_up()
        beside.unlink(missing_ok=True)


@contextmanager
def _as_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AccessError(
            f"Cannot write '{path}': {error.strerror or error}.",
            hint="Choose a folder with room that you may write to: --out FILE.",
        ) from error


def check_new_file(path: Path, *, overwrite: bool) -> None:
    """Refuse a name that cannot become a table: see `new_table_file`."""
    if path.suffix.lower() not in (_CSV, _PARQUET):
        raise InputError(f"The output must end in .csv or .parquet, but was '{path}'.")
    if path.is_dir():
        raise ConflictError(f"'{path}' is a folder.", hint="Name a file: --out FILE.")
    if path.exists() and not overwrite:
        raise ConflictError(f"'{path}' is there already.", hint="Choose another name, or replace it: --overwrite.")
    if not path.parent.is_dir():
        raise AccessError(f"There is no folder '{path.parent}'.", hint="Make it first, or choose another with --out.")


def _array(values: Sequence[object] | np.ndarray[Any, Any], kind: pa.DataType) -> pa.Array:
    found = np.asarray(values)
    if pa.types.is_string(kind):
        return pa.array([None if text in ("", None) else str(text) for text in found.tolist()], kind)
    if pa.types.is_boolean(kind):
        cells = [None if cell is None or cell != cell else bool(cell) for cell in found.tolist()]  # noqa: PLR0124 -- NaN
        return pa.array(cells, kind)
    numbers = found.astype(np.float64)
    missing = np.isnan(numbers)
    if pa.types.is_integer(kind):
        return pa.array(np.where(missing, 0, numbers).astype(np.int64), kind, mask=missing)
    return pa.array(numbers, kind, mask=missing)
