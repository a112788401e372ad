"""Writing the tables of a release, chunk by chunk: csv, parquet, json and xlsx. The same rows give the same bytes.

csv: UTF-8, comma, lines end in LF, `.` decimal, header always, texts quoted, an empty cell is a missing value. A text
that a spreadsheet would take for a formula gets an apostrophe before it. parquet: an explicit schema with
nullable whole numbers, date32 and dictionary-encoded words. json: a list of objects, null for missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.compute as compute  # type: ignore[import-untyped]
import pyarrow.csv as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from tracker.exchange.formulas import FORMULA_SIGNS
from tracker.exchange.release.columns import ReleaseColumn, ReleaseTable

Row = Sequence[object]

_TYPES = {
    "text": pa.string(),
    "word": pa.dictionary(pa.int32(), pa.string()),
    "integer": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "date": pa.date32(),
}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class TableWriter(Protocol):
    """A file of one table, open for rows."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows, each with a cell for every column."""

    def close(self) -> None:
        """Write what is left."""


def schema_of(table: ReleaseTable, about: Mapping[str, str]) -> pa.Schema:
    """Give the schema of a table; units and descriptions stand in the metadata of its columns."""
    fields = [
        pa.field(one.name, _TYPES[one.kind], metadata={"unit": one.unit, "description": one.description})
        for one in table.columns
    ]
    return pa.schema(fields, metadata={"table": table.name, "grain": table.grain, **about})


class CsvWriter:
    """A table as csv."""

    def __init__(self, path: Path, table: ReleaseTable, *, bom: bool) -> None:
        self._columns = table.columns
        self._schema = pa.schema([pa.field(one.name, _csv_type(one)) for one in table.columns])
        self._file = path.open("wb")
        if bom:
            self._file.write(_BYTE_ORDER_MARK)
        self._writer = pc.CSVWriter(self._file, self._schema, write_options=pc.WriteOptions(quoting_header="none"))

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows."""
        if not rows:
            return
        cells = zip(*rows, strict=True)
        arrays = [_neutral(pa.array(values, field.type)) for values, field in zip(cells, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what is left."""
        try:
            self._writer.close()
        finally:
            self._file.close()


class ParquetWriter:
    """A table as parquet."""

    def __init__(self, path: Path, table: ReleaseTable, about: Mapping[str, str]) -> None:
        self._schema = schema_of(table, about)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows as a group of their own."""
        if not rows:
            return
        arrays = [
            _array(values, field.type) for values, field in zip(zip(*rows, strict=True), self._schema, strict=True)
        ]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write what is left."""
        try:
            self._writer.close()
        except OSError:
            self._writer.is_open = False  # it would try once more, and complain, when it is collected
            raise


class JsonWriter:
    """A table as a list of objects."""

    def __init__(self, path: Path, table: ReleaseTable) -> None:
        self._names = table.names
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._between = "[\n"

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows, one to a line."""
        for row in rows:
            text = json.dumps(dict(zip(self._names, row, strict=True)), ensure_ascii=False, default=str)
            self._file.write(f"{self._between}{text}")
            self._between = ",\n"

    def close(self) -> None:
        """End the list."""
        try:
            self._file.write("[]\n" if self._between.startswith("[") else "\n]\n")
        finally:
            self._file.close()


def give_up(writers: Iterator[TableWriter]) -> None:
    """Let go of files that are of no use any more."""
    for writer in writers:
        with suppress(OSError, ValueError, pa.ArrowInvalid):
            writer.close()


def _csv_type(column: ReleaseColumn) -> pa.DataType:
    return pa.string() if column.kind == "word" else _TYPES[column.kind]


def _neutral(values: pa.Array) -> pa.Array:
    """Put an apostrophe before each text that is taken for a formula; other columns stay as they are."""
    if not pa.types.is_string(values.type):
        return values
    is_formula = compute.match_substring_regex(values, f"^[{''.join(FORMULA_SIGNS)}]")
    if not compute.any(is_formula).as_py():
        return values
    return compute.if_else(is_formula, compute.binary_join_element_wise("'", values, ""), values)


def _array(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kind)
