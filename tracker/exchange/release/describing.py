"""The files about the files: data dictionary, manifest, data package, and programs that read the folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracker.exchange.release.columns import ColumnKind, ReleaseColumn, ReleaseTable

_DESCRIBED: tuple[tuple[str, ColumnKind, str], ...] = (
    ("table", "word", "name of the table"),
    ("column", "text", "name of the column"),
    ("kind", "word", "what a cell holds"),
    ("unit", "word", "of a number"),
    ("low", "number", "the smallest number it can be"),
    ("high", "number", "the largest number it can be"),
    ("allowed", "text", "the words it can be, where the list is closed"),
    ("description", "text", "what it says"),
)
DICTIONARY = ReleaseTable(
    "dictionary",
    "one column of one table",
    tuple(ReleaseColumn(name, kind, words) for name, kind, words in _DESCRIBED),
    ("table", "column"),
)
_PACKAGE_TYPES = {
    "text": "string",
    "word": "string",
    "integer": "integer",
    "number": "number",
    "truth": "boolean",
    "date": "date",
}
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of a release: its name, size and SHA-256."""

    name: str
    n_bytes: int
    sha256: str


def dictionary_rows(tables: Sequence[ReleaseTable]) -> list[tuple[object, ...]]:
    """Give the rows of the data dictionary, a row for each column of each table."""
    return [
        (table.name, one.name, one.kind, one.unit, one.low, one.high, " | ".join(one.allowed), one.description)
        for table in tables
        for one in table.columns
    ]


def written_file(path: Path) -> WrittenFile:
    """Measure a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return WrittenFile(path.name, path.stat().st_size, digest.hexdigest())


def manifest_text(
    about: Mapping[str, object], tables: Mapping[str, tuple[ReleaseTable, int]], files: Sequence[WrittenFile]
) -> str:
    """Write the manifest: what the release is, the rows of each table, and each file with its SHA-256."""
    return _json(
        {
            "format": 1,
            **about,
            "tables": {name: {"grain": table.grain, "n_rows": n_rows} for name, (table, n_rows) in tables.items()},
            "files": {
                file.name: {"bytes": file.n_bytes, "sha256": file.sha256}
                for file in sorted(files, key=lambda file: file.name)
            },
        }
    )


def package_text(
    about: Mapping[str, object],
    tables: Mapping[str, tuple[ReleaseTable, int]],
    files: Sequence[WrittenFile],
    *,
    encoding: str,
) -> str:
    """Write the description of the csv files as a data package, version 2 (datapackage.org)."""
    by_name = {file.name: file for file in files}
    resources = [
        _resource(table, by_name[f"{name}.csv"], encoding=encoding)
        for name, (table, _) in tables.items()
        if f"{name}.csv" in by_name
    ]
    return _json(
        {
            "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
            "name": "tracker-export",
            "title": str(about["title"]),
            "description": str(about["policy"]),
            "version": str(about["program_version"]),
            "resources": resources,
        }
    )


def _resource(table: ReleaseTable, file: WrittenFile, *, encoding: str) -> Mapping[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(one) for one in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    return {
        "name": table.name,
        "description": f"A row is {table.grain}.",
        "path": file.name,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": encoding,
        "bytes": file.n_bytes,
        "hash": f"sha256:{file.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        "schema": schema,
    }


def _field(column: ReleaseColumn) -> Mapping[str, object]:
    bounds = {"minimum": column.low, "maximum": column.high, "enum": list(column.allowed) or None}
    rules = {name: _whole(value) for name, value in bounds.items() if value is not None}
    unit = {"unit": column.unit} if column.unit else {}
    return {
        "name": column.name,
        "type": _PACKAGE_TYPES[column.kind],
        "description": column.description,
        **unit,
        **({"constraints": rules} if rules else {}),
    }


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


READ_IN_PYTHON = '''\
"""Read this export into pandas: python read_me.py, or `tables = read()` in a program of your own."""

import json
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
KINDS = {"integer": "Int64", "number": "float64", "boolean": "boolean", "string": "string", "date": "string"}


def read():
    """Give every table by name; ids are text, whole numbers stay whole, dates are days."""
    package = json.loads((HERE / "datapackage.json").read_text(encoding="utf-8"))
    tables = {}
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        table = pd.read_csv(
            HERE / resource["path"],
            dtype={field["name"]: KINDS[field["type"]] for field in fields},
            keep_default_na=False,
            na_values=[""],
            encoding="utf-8-sig",
        )
        for field in fields:
            if field["type"] == "date":
                table[field["name"]] = pd.to_datetime(table[field["name"]], format="%Y-%m-%d").dt.date
        tables[resource["name"]] = table
    return tables


if __name__ == "__main__":
    for name, table in read().items():
        print(f"{name}: {len(table)} rows, {len(table.columns)} columns")
'''
READ_IN_R = """\
# Read this export into R: Rscript read_me.R from its folder, or source("read_me.R") and use `tables`.
# Ids stay text, whole numbers whole, days are dates; texts are UTF-8 whatever the locale. Needs no package.

read_utf8 <- function(name, columns, classes) {
  # columns are named here: a mark by which Excel knows UTF-8 would stand before the first name of the header
  read.csv(paste0(name, ".csv"), col.names = columns, colClasses = classes, na.strings = "", encoding = "UTF-8")
}

read_table <- function(name, dictionary) {
  fields <- dictionary[dictionary$table == name, ]
  kinds <- c(text = "character", word = "character", integer = "integer", number = "numeric",
             truth = "character", date = "character")
  table <- read_utf8(name, fields$column, unname(kinds[fields$kind]))
  for (column in fields$column[fields$kind == "date"]) table[[column]] <- as.Date(table[[column]])
  for (column in fields$column[fields$kind == "truth"]) table[[column]] <- table[[column]] == "true"
  table
}

described <- c("table", "column", "kind", "unit", "low", "high", "allowed", "description")
dictionary <- read_utf8("dictionary", described, "character")
tables <- lapply(setNames(nm = unique(dictionary$table)), read_table, dictionary = dictionary)
for (name in names(tables)) cat(name, ": ", nrow(tables[[name]]), " rows\\n", sep = "")
"""
