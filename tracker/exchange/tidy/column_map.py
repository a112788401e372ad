"""A clinic's own names for columns and words, and how it writes dates: one small TOML file.

dates = "DMY"               # 10.03.2026; without it only 2026-03-10 is read
ignore = ["Arzt"]           # columns that are left out

[columns]                   # theirs = ours
"Pat-Nr" = "patient_code"

[fixed]                     # the same in every row
vitamin_d_unit = "ng/mL"

[values.sex]                # theirs = ours, for one column
"w" = "F"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.errors import InputError, NotFoundError

DATE_ORDERS = ("DMY", "MDY", "YMD")
_KEYS = ("dates", "ignore", "columns", "fixed", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """What a file's own columns and words stand for; `dates` is the order of day, month and year, or None for ISO."""

    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    dates: str | None = None


def read_column_map(path: Path) -> ColumnMap:
    """Read a mapping file.

    Raises
    ------
    NotFoundError
        If there is no such file.
    InputError
        If it is no TOML, or says something that a mapping cannot say.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {path}.", hint="Check its name.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", hint="Give a file you may read.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is no TOML file: {error}.", hint="See the example in README.") from None
    if unknown := sorted(said.keys() - set(_KEYS)):
        raise InputError(f"{path}: '{unknown[0]}' is no part of a mapping.", hint=f"Its parts: {', '.join(_KEYS)}.")
    dates = said.get("dates")
    if dates is not None and dates not in DATE_ORDERS:
        raise InputError(f"{path}: dates must be one of {', '.join(DATE_ORDERS)}, but was '{dates}'.")
    ignore = said.get("ignore", [])
    if not isinstance(ignore, list):
        raise InputError(f"{path}: ignore must be a list of names, but was '{ignore}'.")
    values = said.get("values", {})
    if not isinstance(values, dict):
        raise InputError(f"{path}: values must be tables of words, such as [values.sex], but was '{values}'.")
    return ColumnMap(
        columns=_texts(path, "columns", said.get("columns", {})),
        fixed=_texts(path, "fixed", said.get("fixed", {})),
        values={name: _texts(path, f"values.{name}", words) for name, words in values.items()},
        ignore=tuple(str(name) for name in ignore),
        dates=dates,
    )


def _texts(path: Path, name: str, said: object) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(value, str | int | float) for value in said.values()):
        raise InputError(
            f"{path}: [{name}] must be lines of a name and a text.", hint='Write: "Pat-Nr" = "patient_code"'
        )
    return {theirs: str(ours) for theirs, ours in said.items()}
