"""What an import would do: one step for each fact, and what is wrong with rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from tracker.dates import PartialDate
from tracker.exchange.problems import Problem


class RowState(IntEnum):
    """What a row comes to; of several facts the one that matters most says it."""

    IDENTICAL = 0
    NEW = 1
    CHANGED = 2
    REJECTED = 3


class Step(NamedTuple):
    """One fact recorded, replaced or taken back.

    `old` and `new` are its columns, None where there is no such row; `on` is the day of its visit. An id below 0 stands
    for an identity that is made with it.
    """

    row: int
    patient_code: str
    on: PartialDate | None
    table: str
    old_row_id: int | None
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


class NewIdentity(NamedTuple):
    """A patient, visit, episode or treatment that is made; `number` is below 0 and stands for its id."""

    table: str
    number: int
    keys: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do.

    Parameters
    ----------
    identities : tuple of NewIdentity
        Made first.
    steps : tuple of Step
        In the order of the rows.
    states : mapping of int to RowState
        What each row comes to, by its number.
    problems : tuple of Problem
        What is wrong with the rejected rows, by row.
    """

    identities: tuple[NewIdentity, ...]
    steps: tuple[Step, ...]
    states: Mapping[int, RowState]
    problems: tuple[Problem, ...]

    @property
    def n_rows(self) -> Mapping[RowState, int]:
        """Number of rows by what they come to."""
        return Counter(self.states.values())

    @property
    def n_written(self) -> int:
        """Number of rows that the record does not hold yet."""
        return self.n_rows[RowState.NEW] + self.n_rows[RowState.CHANGED]

    @property
    def changed(self) -> tuple[Step, ...]:
        """Steps that replace or take back what the record holds."""
        return tuple(step for step in self.steps if step.old is not None)
