"""Files staged in a DuckDB database of their own, on disk, so that memory does not grow with them.

Each file becomes a table with the columns `row` (1, 2, ... in the order of the file), `episode_id`
(text) and for each number `<name>` (a whole number, or NULL where there is none) and `<name>_found` (what
stands there instead, NULL where it is a whole number).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tracker.exchange.csv_rows import UnreadableFileError, csv_header, row_numbers
from tracker.exchange.parquet_columns import parquet_columns
from tracker.exchange.problems import MOST_SHOWN, Problem, Problems

EPISODE_ID = "episode_id"
LARGEST_DAY = 9_999_999  # so that a calendar date typed as 20260310 is no day
_CSV_ENDINGS = (".csv", ".csv.gz")
_PARQUET_ENDINGS = (".parquet",)
_WRONG_SHAPE = {
    "MISSING COLUMNS": "has fewer values than the header has columns",
    "TOO MANY COLUMNS": "has more values than the header has columns",
    "UNQUOTED VALUE": "has a quote that is not closed, or text after a closing quote",
    "INVALID ENCODING": "is not written in UTF-8; save the file as UTF-8",
    "LINE SIZE OVER MAXIMUM": "is too long to be a row",
}


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file staged as the table `table`; `dropped` are the records of a csv file that have not the shape of a row."""

    path: Path
    table: str
    is_csv: bool
    dropped: tuple[int, ...] = ()

    def problems(self, found: Sequence[tuple[int, str]]) -> list[Problem]:
        """Place sentences about rows (1, 2, ... as in the table) in the lines of the file."""
        if not self.is_csv:
            return [Problem(str(self.path), row, sentence) for row, sentence in found]
        lines = row_numbers(self.path, records=(), kept={row for row, _ in found}, dropped=self.dropped)
        return [Problem(str(self.path), lines.get(-row, row + 1), sentence) for row, sentence in found]

    def row_words(self, row: int) -> str:
        """Name a row in a sentence."""
        if not self.is_csv:
            return f"row {row}"
        return f"row {row_numbers(self.path, records=(), kept={row}, dropped=self.dropped).get(-row, row + 1)}"


def stage_file(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    table: str,
    *,
    numbers: Sequence[str],
    optional: Sequence[str] = (),
) -> tuple[StagedFile | None, Problems]:
    """Stage one file.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The staging database.
    path : Path
        The csv or parquet file.
    table : str
        Name of the table to make.
    numbers : sequence of str
        Columns of whole numbers, besides `episode_id`.
    optional : sequence of str
        Those of `numbers` that may be left out; they are 0 then.

    Returns
    -------
    StagedFile or None
        None where the file holds no such table.
    Problems
        With the file as a whole, and with rows that have not its shape.
    """
    problems = Problems()
    wanted = (EPISODE_ID, *numbers)
    try:
        staged = _stage(connection, path, table, wanted, optional)
    except UnreadableFileError as error:
        problems.add([Problem(str(path), 0, str(error))])
        return None, problems
    if staged.is_csv:
        staged = _without_odd_rows(connection, staged, problems)
    if not len(problems) and not connection.execute(f"SELECT row FROM {table} LIMIT 1").fetchall():
        problems.add([Problem(str(path), 0, "has a header but no row")])
        return None, problems
    return staged, problems


def _stage(
    connection: duckdb.DuckDBPyConnection, path: Path, table: str, wanted: Sequence[str], optional: Sequence[str]
) -> StagedFile:
    is_csv = _is_csv(path)
    try:
        source = _csv_source(path, table, wanted, optional) if is_csv else _parquet_source(path, wanted, optional)
        connection.execute(f"CREATE TABLE {table} AS {_with_numbers(source, wanted[1:])}", [_literally(path)])
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        if _is_about_space(error):
            raise
        raise UnreadableFileError(
            "cannot be read to its end: its lines do not all end in the same way, or it is damaged; save it again"
        ) from error
    except OSError as error:
        raise UnreadableFileError(f"cannot be read: {error.strerror or error}") from error
    return StagedFile(path, table, is_csv)


def _is_about_space(error: Exception) -> bool:
    return "No space left" in str(error) or "max_temp_directory_size" in str(error)


def _is_csv(path: Path) -> bool:
    if path.is_dir():
        raise UnreadableFileError("is a folder and no file")
    if not path.exists():
        raise UnreadableFileError("is not there")
    name = path.name.lower()
    if name.endswith(_CSV_ENDINGS):
        return True
    if name.endswith(_PARQUET_ENDINGS):
        return False
    raise UnreadableFileError("must end in .csv, .csv.gz or .parquet, so that its format is known")


def _csv_source(path: Path, table: str, wanted: Sequence[str], optional: Sequence[str]) -> str:
    header = csv_header(path)
    places = {name: header.index(name) for name in wanted if _is_there(header, name, optional)}
    for name, place in places.items():
        if name in header[place + 1 :]:
            raise UnreadableFileError(f"has the column '{name}' more than once")
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header)))
    chosen = ", ".join(f"c{places[name]} AS {name}" if name in places else f"'0' AS {name}" for name in wanted)
    # Text throughout: "007" is no number, and a score of 7.5 must not become one.
    return (
        f"SELECT row_number() OVER () AS row, {chosen} FROM read_csv(?, auto_detect=false, header=true, delim=',', "
        f"quote='\"', escape='\"', nullstr='', strict_mode=true, store_rejects=true, rejects_limit=0, "
        f"rejects_scan='scan_of_{table}', rejects_table='rejects_of_{table}', columns={{{columns}}})"
    )


def _parquet_source(path: Path, wanted: Sequence[str], optional: Sequence[str]) -> str:
    columns = parquet_columns(path)
    header = list(columns)
    chosen = []
    for name in wanted:
        if not _is_there(header, name, optional):
            chosen.append(f"'0' AS {name}")
            continue
        kind = columns[name]
        if kind not in ("text", "whole", "decimal"):
            holds = "texts" if name == EPISODE_ID else "whole numbers"
            raise UnreadableFileError(f"holds {kind} in the column '{name}', and no {holds}")
        as_text = f'CAST("{name}" AS VARCHAR)'
        if name == EPISODE_ID and kind == "decimal":  # 7.0 is the 7 of a file that holds whole numbers
            as_text = f"regexp_replace({as_text}, '\\.0*$', '')"
        chosen.append(f"{as_text} AS {name}")
    return f"SELECT file_row_number + 1 AS row, {', '.join(chosen)} FROM read_parquet(?, file_row_number=true)"


def _is_there(header: Sequence[str], name: str, optional: Sequence[str]) -> bool:
    if name in header:
        return True
    if name in optional:
        return False
    there = ", ".join(f"'{other}'" for other in header)
    raise UnreadableFileError(f"has no column '{name}'; its columns are {there}")


def _with_numbers(source: str, numbers: Sequence[str]) -> str:
    """Read the numbers: whole, in plain digits or with nothing but zeros after the point, and no longer than a day."""
    doubles = ", ".join(
        f"CASE WHEN NOT contains({name}, '_') THEN TRY_CAST({name} AS DOUBLE) END AS {name}_read" for name in numbers
    )
    found = []
    for name in numbers:
        is_whole = f"{name}_read = trunc({name}_read) AND abs({name}_read) <= {LARGEST_DAY}"
        found.append(f"CASE WHEN {is_whole} THEN CAST({name}_read AS INTEGER) END AS {name}")
        found.append(f"CASE WHEN ({is_whole}) IS NOT TRUE THEN coalesce({name}, '') END AS {name}_found")
    return (
        f"SELECT row, coalesce({EPISODE_ID}, '') AS {EPISODE_ID}, {', '.join(found)} "
        f"FROM (SELECT *, {doubles} FROM ({source}))"
    )


def _without_odd_rows(connection: duckdb.DuckDBPyConnection, staged: StagedFile, problems: Problems) -> StagedFile:
    """Report the records that are no rows; they are not in the table."""
    rejected = connection.execute(
        f"SELECT line, min(CAST(error_type AS VARCHAR)) FROM rejects_of_{staged.table} GROUP BY line ORDER BY line"
    ).fetchall()
    if not rejected:
        return staged
    shown = rejected[:MOST_SHOWN]
    lines = row_numbers(staged.path, records={line for line, _ in shown}, kept=(), dropped=())
    found = [
        Problem(str(staged.path), lines.get(line, line), f"this row {_WRONG_SHAPE.get(error, 'cannot be read')}")
        for line, error in shown
    ]
    problems.add(found, len(rejected) - len(shown))
    return StagedFile(staged.path, staged.table, True, tuple(line for line, _ in rejected))


def _literally(path: Path) -> str:
    """Write a path so that DuckDB takes no character of it for a pattern of several files."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path.absolute()))
