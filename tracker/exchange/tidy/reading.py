"""A tidy table read whole: which kind it is, and its rows as typed values with their problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from tracker.dates import PartialDate
from tracker.errors import InputError
from tracker.exchange.problems import Problem
from tracker.exchange.tidy.cells import CellReader, Wrong
from tracker.exchange.tidy.column_map import ColumnMap
from tracker.exchange.tidy.columns import COMPARED, KINDS, Kind, Part
from tracker.exchange.tidy.table_file import RawTable, read_csv
from tracker.exchange.tidy.workbook import read_workbook


class Given(NamedTuple):
    """One fact as a row gives it: `key` and `values` in the order of the part; None is blank."""

    part: Part
    key: tuple[Any, ...]
    values: tuple[Any, ...]


class TidyRow(NamedTuple):
    """One row: its number, the patient, the day of a visit, what it gives, and what it leaves blank."""

    row: int
    patient_code: str
    on: PartialDate | None
    given: tuple[Given, ...]
    blank: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class TidyTable:
    """A table as it was read.

    Parameters
    ----------
    file, name, sha256 : str
        As of `RawTable`.
    kind : Kind
        What its rows are about.
    columns : frozenset of str
        Our names of the columns it has, those with a fixed value included.
    rows : tuple of TidyRow
        Rows without a problem.
    problems : tuple of Problem
        What is wrong with the others.
    n_rows : int
        How many rows the file has.
    """

    file: str
    name: str
    sha256: str
    kind: Kind
    columns: frozenset[str]
    rows: tuple[TidyRow, ...]
    problems: tuple[Problem, ...]
    n_rows: int


Watch = Callable[[int, int], None]
_ROWS_AT_ONCE = 5000


def read_tidy(
    path: Path, *, column_map: ColumnMap | None = None, sheet: str | None = None, watch: Watch | None = None
) -> TidyTable:
    """Read a csv or xlsx file of one kind of rows.

    Parameters
    ----------
    path : Path
        Ends in .csv or .xlsx.
    column_map : ColumnMap, optional
        What the file's own columns stand for.
    sheet : str, optional
        The sheet of a workbook; the only one that holds anything otherwise.
    watch : callable, optional
        Told how many rows of how many are done.

    Raises
    ------
    NotFoundError
        If there is no such file or sheet.
    InputError
        If the file holds no such table.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return typed(read_workbook(path, sheet=sheet), column_map or ColumnMap(), watch=watch)
    if suffix != ".csv":
        raise InputError(f"'{path}' must end in .csv or .xlsx.", hint="Save the table as one of them.")
    if sheet is not None:
        raise InputError(f"{path} has no sheets.", hint="Leave --sheet out.")
    return typed(read_csv(path), column_map or ColumnMap(), watch=watch)


def typed(raw: RawTable, column_map: ColumnMap, *, watch: Watch | None = None) -> TidyTable:
    """Read the cells of a table in the order of its rows (`InputError` if the header does not do)."""
    ours = _our_names(raw, column_map)
    kind = _kind(raw.file, {*ours.values(), *column_map.fixed})
    ours = {at: _full_name(name, kind, set(ours.values())) for at, name in ours.items()}
    _check_names(raw, kind, ours, column_map)
    readers = {
        at: CellReader(name, called=raw.header[at], words=column_map.values.get(name, {}), dates=column_map.dates)
        for at, name in ours.items()
    }
    columns = frozenset([*ours.values(), *column_map.fixed])
    fixed = _fixed(kind, column_map)
    parts = tuple(part for part in kind.parts if not columns.isdisjoint(part.leads))
    rows: list[TidyRow] = []
    problems = list(raw.problems)
    for done, (number, cells) in enumerate(raw.rows):
        if watch is not None and done % _ROWS_AT_ONCE == 0:
            watch(done, len(raw.rows))
        values, wrong = _values(readers, cells, fixed)
        row = _row(number, values, parts, columns, wrong) if not wrong else None
        problems += [Problem(raw.file, number, sentence) for sentence in wrong]
        if row is not None and not wrong:
            rows.append(row)
    n_rows = len(raw.rows) + len({problem.row for problem in raw.problems})
    return TidyTable(raw.file, raw.name, raw.sha256, kind, columns, tuple(rows), tuple(problems), n_rows)


def _our_names(raw: RawTable, column_map: ColumnMap) -> dict[int, str]:
    if twice := [name for name in raw.header if name and raw.header.count(name) > 1]:
        raise InputError(f"{raw.file} has two columns called '{twice[0]}'.", hint="Rename one of them.")
    for at, name in enumerate(raw.header):
        if not name and any(cells[at : at + 1] not in ((), ("",)) for _, cells in raw.rows):
            raise InputError(f"{raw.file}: column {at + 1} has cells, but no name.", hint="Name it in the header.")
    if missing := [name for name in (*column_map.columns, *column_map.ignore) if name not in raw.header]:
        raise InputError(
            f"{raw.file} has no column '{missing[0]}', which the mapping names.",
            hint=f"Its columns: {', '.join(name for name in raw.header if name)}.",
        )
    ours = {
        at: column_map.columns.get(name, name)
        for at, name in enumerate(raw.header)
        if name and name not in column_map.ignore
    }
    names = [*ours.values(), *column_map.fixed]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"{raw.file}: '{twice[0]}' is named twice by the mapping.", hint="Name it once.")
    return ours


def _kind(file: str, names: set[str]) -> Kind:
    for kind in KINDS:
        if not names.isdisjoint(kind.known_by) and names & {"patient_code"}:
            return kind
    known = "; ".join(f"{kind.name} by {' or '.join(kind.known_by)}" for kind in KINDS)
    found = ", ".join(sorted(names))
    raise InputError(
        f"{file}: it is not clear what its rows are. Its columns: {found}.",
        hint=f"Every table has patient_code, and is known by a column: {known}. Other names: --map FILE.",
    )


def _full_name(name: str, kind: Kind, names: Collection[str]) -> str:
    """Give a bare ``missing_reason`` of a table of visits its full name: the reason for the pain score."""
    if name != "missing_reason" or kind.name != "visits":
        return name
    return "pain_nrs_missing_reason" if "pain_nrs" in names else "pain_vas_missing_reason"


def _check_names(raw: RawTable, kind: Kind, ours: Mapping[int, str], column_map: ColumnMap) -> None:
    for name, called in [*((name, raw.header[at]) for at, name in ours.items()), *((n, n) for n in column_map.fixed)]:
        if name not in kind.columns:
            near = get_close_matches(name, kind.columns, n=1)
            meant = f" Did you mean '{near[0]}'?" if near else ""
            raise InputError(
                f"{raw.file}: '{called}' is no column of {kind.name}.{meant}",
                hint=f'Columns: {", ".join(kind.columns)}. To leave one out: ignore = ["{called}"] in --map FILE.',
            )
    for name in column_map.values:
        if name not in kind.columns:
            raise InputError(f"The mapping has words for '{name}', which is no column of {kind.name}.")


def _fixed(kind: Kind, column_map: ColumnMap) -> dict[str, object]:
    values: dict[str, object] = dict.fromkeys((*kind.columns, *COMPARED.values()))
    for name, text in column_map.fixed.items():
        reader = CellReader(name, called=name, words=column_map.values.get(name, {}), dates=column_map.dates)
        value = reader.read(text)
        if isinstance(value, Wrong):
            raise InputError(f"The mapping fixes a value that is not allowed: {value}.")
        _set(values, name, value)
    return values


def _set(values: dict[str, object], name: str, value: object) -> None:
    if name in COMPARED and isinstance(value, tuple):
        values[name], values[COMPARED[name]] = value
    else:
        values[name] = value


def _values(
    readers: Mapping[int, CellReader], cells: tuple[str, ...], fixed: Mapping[str, object]
) -> tuple[dict[str, object], list[str]]:
    values, wrong = dict(fixed), []
    for at, reader in readers.items():
        text = cells[at]
        value = reader.known[text] if text in reader.known else reader.read(text)
        if value.__class__ is tuple:
            _set(values, reader.column, value)
        elif value.__class__ is Wrong:
            wrong.append(str(value))
        else:
            values[reader.column] = value
    return values, wrong


def _row(
    number: int, values: Mapping[str, object], parts: Sequence[Part], columns: frozenset[str], wrong: list[str]
) -> TidyRow | None:
    patient_code = values["patient_code"]
    on = values.get("visit_date")
    if patient_code is None:
        wrong.append("patient_code is blank")
    if "visit_date" in values and on is None:
        wrong.append("visit_date is blank")
    given, blank = [], []
    for part in parts:
        key = tuple(part.defaults.get(name) if values[name] is None else values[name] for name in part.key)
        said = Given(part, (*part.fixed.values(), *key), tuple([values[name] for name in part.values]))
        lead = next((name for name in part.leads if values[name] is not None), None)
        missing = [
            name for name, value in zip(part.key, key, strict=True) if value is None and name not in part.optional
        ]
        if lead is None:
            blank += [] if missing else [said]
        elif missing:
            wrong.append(f"{missing[0]} is blank, but {lead} is '{values[lead]}'")
        else:
            given.append(said)
    if wrong:
        return None
    return TidyRow(number, str(patient_code), on if isinstance(on, PartialDate) else None, tuple(given), tuple(blank))
