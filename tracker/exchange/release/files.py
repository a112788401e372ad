"""All files of a release, written together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.exchange.release.columns import ReleaseTable
from tracker.exchange.release.describing import (
    DICTIONARY,
    READ_IN_PYTHON,
    READ_IN_R,
    WrittenFile,
    dictionary_rows,
    manifest_text,
    package_text,
    written_file,
)
from tracker.exchange.release.folder import as_sentence
from tracker.exchange.release.writers import CsvWriter, JsonWriter, ParquetWriter, Row, TableWriter, give_up

if TYPE_CHECKING:
    from tracker.exchange.release.workbook import ReleaseWorkbook

FORMATS = ("csv", "xlsx", "parquet", "json")
MANIFEST = "manifest.json"
_WORKBOOK = "export.xlsx"


@dataclass(frozen=True, slots=True)
class About:
    """What the files say of themselves.

    Parameters
    ----------
    facts : mapping
        What the manifest holds beside tables and files, as JSON takes it: program, edition, policy, as-of day, ...
    lines : sequence of str
        The README, line by line.
    formats : sequence of str
        Of `FORMATS`.
    made : datetime.datetime
        What a workbook says of when it was made.
    bom : bool
        Whether csv files begin with the mark by which Excel knows UTF-8.
    """

    facts: Mapping[str, object]
    lines: Sequence[str]
    formats: Sequence[str]
    made: datetime
    bom: bool = False


@dataclass(slots=True)
class ReleaseFiles:
    """The files of a release while they are written; made by `open_release_files`."""

    folder: Path
    tables: Mapping[str, ReleaseTable]
    about: About
    n_rows: dict[str, int]
    writers: dict[str, list[TableWriter]] = field(default_factory=dict)
    workbook: ReleaseWorkbook | None = None

    def write(self, name: str, rows: Sequence[Row]) -> None:
        """Write rows of a table, in every format.

        Raises
        ------
        AccessError
            If the disk does not take them.
        InputError
            If they are more than a format holds.
        """
        self.n_rows[name] += len(rows)
        with as_sentence(self.folder):
            for writer in self.writers[name]:
                writer.write(rows)
            if self.workbook is not None:
                self.workbook.write(name, rows)

    def finish(self) -> WrittenFile:
        """Write what is left and the files about the files, and give the manifest."""
        with as_sentence(self.folder):
            for writer in (one for writers in self.writers.values() for one in writers):
                writer.close()
            self.writers = {}
            if self.workbook is not None:
                self.workbook.close()
            self._write_about()
            files = [written_file(path) for path in sorted(self.folder.iterdir())]
            manifest = self.folder / MANIFEST
            manifest.write_text(manifest_text(self.about.facts, self._counted, files), encoding="utf-8", newline="\n")
            return written_file(manifest)

    @property
    def _counted(self) -> dict[str, tuple[ReleaseTable, int]]:
        return {name: (table, self.n_rows[name]) for name, table in self.tables.items()}

    def _write_about(self) -> None:
        readme = "\n".join(self.about.lines) + "\n"
        (self.folder / "README.txt").write_text(readme, encoding="utf-8", newline="\n")
        described = CsvWriter(self.folder / "dictionary.csv", DICTIONARY, bom=self.about.bom)
        described.write(dictionary_rows(tuple(self.tables.values())))
        described.close()
        if "csv" not in self.about.formats:
            return
        for name, text in (("read_me.py", READ_IN_PYTHON), ("read_me.R", READ_IN_R)):
            (self.folder / name).write_text(text, encoding="utf-8", newline="\n")
        files = [written_file(self.folder / f"{name}.csv") for name in self.tables]
        # a mark at the beginning of UTF-8 has a name of its own
        encoding = "utf-8-sig" if self.about.bom else "utf-8"
        text = package_text(self.about.facts, self._counted, files, encoding=encoding)
        (self.folder / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def open_release_files(folder: Path, tables: Sequence[ReleaseTable], about: About) -> Iterator[ReleaseFiles]:
    """Open the files of a release in a folder; whoever asked for the folder removes it when something goes wrong."""
    files = ReleaseFiles(folder, {table.name: table for table in tables}, about, {table.name: 0 for table in tables})
    metadata = {name: str(value) for name, value in about.facts.items()}
    try:
        with as_sentence(folder):
            for table in tables:
                files.writers[table.name] = list(_writers(folder, table, about, metadata))
            if "xlsx" in about.formats:
                files.workbook = _workbook(folder, tables, about, metadata)
        yield files
    finally:
        give_up(one for writers in files.writers.values() for one in writers)


def _writers(folder: Path, table: ReleaseTable, about: About, metadata: Mapping[str, str]) -> Iterator[TableWriter]:
    if "csv" in about.formats:
        yield CsvWriter(folder / f"{table.name}.csv", table, bom=about.bom)
    if "parquet" in about.formats:
        yield ParquetWriter(folder / f"{table.name}.parquet", table, metadata)
    if "json" in about.formats:
        yield JsonWriter(folder / f"{table.name}.json", table)


def _workbook(
    folder: Path, tables: Sequence[ReleaseTable], about: About, metadata: Mapping[str, str]
) -> ReleaseWorkbook:
    from tracker.exchange.release.workbook import ReleaseWorkbook, readme_rows  # noqa: PLC0415 - it loads openpyxl

    dictionary = [DICTIONARY.names, *dictionary_rows(tables)]
    readme = readme_rows(about.lines, metadata)
    workbook = ReleaseWorkbook(folder / _WORKBOOK, readme=readme, dictionary=dictionary, made=about.made)
    for table in tables:
        workbook.add(table)
    return workbook
