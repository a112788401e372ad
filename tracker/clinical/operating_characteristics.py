"""How good the flags and forecasts of an edition are, as published with it: the stored result of a simulation.

``scripts/operating_characteristics`` makes the file. It names the edition it was made with, the versions of the flag
rules, and every number of the edition that was read on the way with a hash of those alone: a number that
neither fit nor flags use can change without the table becoming stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tracker.clinical.reference import CitedNumber, Edition
from tracker.errors import InputError

_BUILT_IN = Path(__file__).with_name("operating_characteristics_v1.json")


@dataclass(frozen=True, slots=True)
class FlagRow:
    """How often and how soon one kind of course is flagged; shares of `n` episodes.

    `visits` is a range of visits such as ``5-6``, or ``all``. For the expected kind every share is one of false alarms.
    `seen` have a visit from the day on which the course is truly different. `suspected` and `confirmed` count any
    course flag, at any look; `named` the kind's own flag, None where it has none. Delays are days from the true
    difference, and from the first visit after it, to the first flag: 25th, 50th and 75th centile of those flagged, None
    where nothing was.
    """

    kind: str
    visits: str
    n: int
    seen: float | None
    suspected: float
    confirmed: float
    named: float | None
    remeasure: float
    delay_days: tuple[float, float, float] | None
    delay_from_visit_days: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class RaisedRow:
    """In which share of `n` episodes of a kind each flag was ever suspected; one episode can have several."""

    kind: str
    n: int
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ForecastRow:
    """How good the resolution day of typical courses is, over `n` episodes; days, and `coverage` of 95 % intervals.

    `cut` says up to when visits were read, `method` what answered.
    """

    cut: str
    method: str
    n: int | None
    crps_days: float
    mae_days: float | None
    bias_days: float | None
    coverage: float | None


@dataclass(frozen=True, slots=True)
class AtypicalityRow:
    """How well the last look tells a kind from the expected course: area under the curve, share found.

    `found` is the share of `n` episodes found where 95 % of expected ones are left alone.
    """

    kind: str
    method: str
    n: int | None
    auc: float
    found: float


@dataclass(frozen=True, slots=True)
class OperatingCharacteristics:
    """The stored table and what it belongs to."""

    edition: str
    edition_sha256: str
    numbers_read: tuple[str, ...]
    numbers_sha256: str
    rule_versions: Mapping[str, str]
    simulation: str
    simulation_sha256: str
    seed: int
    flags: tuple[FlagRow, ...]
    raised: tuple[RaisedRow, ...]
    forecasts: tuple[ForecastRow, ...]
    atypicality: tuple[AtypicalityRow, ...]

    def belongs_to(self, edition: Edition, rule_versions: Mapping[str, str]) -> bool:
        """Say whether the edition's numbers that matter and the flag rules are those the table was made with."""
        is_named = set(self.numbers_read) <= set(edition.numbers)
        same_rules = dict(self.rule_versions) == dict(rule_versions)
        return is_named and same_rules and numbers_sha256(edition, self.numbers_read) == self.numbers_sha256

    def flag_row(self, kind: str, visits: str = "all") -> FlagRow:
        """Give the row of a kind and a range of visits."""
        return next(row for row in self.flags if (row.kind, row.visits) == (kind, visits))


def numbers_sha256(edition: Edition, names: Iterable[str]) -> str:
    """Hash the values and intervals of some numbers of an edition, whatever stands around them in the file."""
    found = {name: (edition[name].value, edition[name].interval, edition[name].interval_kind) for name in names}
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


class _Recorded(Mapping[str, CitedNumber]):
    """Numbers that remember by name which of them were read."""

    def __init__(self, numbers: Mapping[str, CitedNumber]) -> None:
        self.numbers, self.read = numbers, set[str]()

    def __getitem__(self, name: str) -> CitedNumber:
        self.read.add(name)
        return self.numbers[name]

    def __contains__(self, name: object) -> bool:
        return name in self.numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


def recorded(edition: Edition) -> tuple[Edition, set[str]]:
    """Give the edition, and the set of the names of its numbers that will have been read through it."""
    numbers = _Recorded(edition.numbers)
    return replace(edition, numbers=numbers), numbers.read


def write_operating_characteristics(table: OperatingCharacteristics, path: Path) -> None:
    """Write the file."""
    path.write_text(json.dumps(asdict(table), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load_operating_characteristics(path: Path | None = None) -> OperatingCharacteristics:
    """Read a file; without `path` the one shipped with the program.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    source = path or _BUILT_IN
    try:
        found = json.loads(source.read_text(encoding="utf-8"))
        return OperatingCharacteristics(
            **found
            | {
                "numbers_read": tuple(found["numbers_read"]),
                "flags": tuple(FlagRow(**_with_tuples(row)) for row in found["flags"]),
                "raised": tuple(RaisedRow(**row) for row in found["raised"]),
                "forecasts": tuple(ForecastRow(**row) for row in found["forecasts"]),
                "atypicality": tuple(AtypicalityRow(**row) for row in found["atypicality"]),
            }
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"Cannot read the operating characteristics '{source.name}': {error}.",
            hint="The program's own file comes with it; install the program again.",
        ) from error


def _with_tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
