"""What the columns of a parquet file hold."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from pyarrow import types

from tracker.exchange.csv_rows import UnreadableFileError


def parquet_columns(path: Path) -> dict[str, str]:
    """Give each column's kind by its name: `text`, `whole`, `decimal`, or else its type in Arrow's words.

    Raises
    ------
    UnreadableFileError
        If it is no parquet file, or has a column twice.
    """
    try:
        schema = pq.read_schema(path)
    except pa.ArrowInvalid:
        raise UnreadableFileError("is no parquet file, or not a whole one") from None
    for name in schema.names:
        if schema.names.count(name) > 1:
            raise UnreadableFileError(f"has the column '{name}' more than once")
    return {field.name: _kind(field.type) for field in schema}


def _kind(found: pa.DataType) -> str:
    value = found.value_type if types.is_dictionary(found) else found
    if types.is_string(value) or types.is_large_string(value) or types.is_string_view(value):
        return "text"
    if types.is_integer(value):
        return "whole"
    if types.is_floating(value) or types.is_decimal(value):
        return "decimal"
    return str(found)
