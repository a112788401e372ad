"""Keeping a plan while rows are matched: steps, states of rows, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import Any

from tracker.dates import PartialDate
from tracker.errors import TrackerError
from tracker.exchange.problems import Problem
from tracker.exchange.tidy.columns import Part
from tracker.exchange.tidy.reading import Given, TidyRow, TidyTable
from tracker.service.imports.merging import Values, check_fact, overlay
from tracker.service.imports.plan import NewIdentity, Plan, RowState, Step
from tracker.service.imports.recorded import Held, Recorded, owner_column

Watch = Callable[[int, int], None]
_ROWS_AT_ONCE = 5000


class Planner:
    """A plan in the making.

    Parameters
    ----------
    table : TidyTable
        What is imported.
    recorded : Recorded
        What the record holds of its patients.
    today : datetime.date
        No visit lies after it.
    blank_clears : bool
        Whether a blank takes back what is recorded.
    watch : callable, optional
        Told how many rows of how many are done.
    """

    def __init__(
        self,
        table: TidyTable,
        recorded: Recorded,
        *,
        today: date,
        blank_clears: bool = False,
        watch: Watch | None = None,
    ) -> None:
        self.table = table
        self.recorded = recorded
        self.today = today
        self.blank_clears = blank_clears
        self._watch = watch
        self._states = {row.row: RowState.IDENTICAL for row in table.rows}
        self._states |= {problem.row: RowState.REJECTED for problem in table.problems}
        self._problems = list(table.problems)
        self._steps: list[Step] = []
        self._identities: dict[int, NewIdentity] = {}
        self._checked: dict[tuple[str, Values, Values], str | None] = {}
        self._owner_columns = {part.table: owner_column(part.table) for part in table.kind.parts}
        self._cleared: dict[str, frozenset[int]] = {}

    def rows(self) -> Iterator[TidyRow]:
        """Give the rows, telling who watches how far it is."""
        total = len(self.table.rows)
        for done, row in enumerate(self.table.rows):
            if self._watch is not None and done % _ROWS_AT_ONCE == 0:
                self._watch(done, total)
            yield row

    def reject(self, row: int, said: str | TrackerError) -> None:
        """Leave a row out, and say why: a sentence without its full stop, or what a check raised."""
        self._states[row] = RowState.REJECTED
        self._problems.append(Problem(self.table.file, row, str(said).rstrip(".")))

    def is_rejected(self, row: int) -> bool:
        """Whether something is wrong with a row."""
        return self._states[row] is RowState.REJECTED

    def patient_id(self, row: TidyRow) -> int | None:
        """Give the id of the patient a row names; None, and the row is rejected, if there is none."""
        found = self.recorded.patients.get(row.patient_code)
        if found is not None:
            return int(found["patient_id"])
        near = get_close_matches(row.patient_code, self.recorded.patients, n=1)
        meant = f" Did you mean '{near[0]}'?" if near else ""
        self.reject(
            row.row, f"there is no patient '{row.patient_code}'.{meant} Add the patient, or import patients first"
        )
        return None

    def new_identity(self, table: str, **keys: int) -> int:
        """Plan a new identity, and give the number that stands for its id."""
        number = -1 - len(self._identities)
        self._identities[number] = NewIdentity(table, number, keys)
        return number

    def check(self, row: int, part: Part, key: Values, values: Values) -> bool:
        """Whether the record may hold a fact; the row is rejected if not."""
        said = (part.table, key, values)
        if said not in self._checked:
            self._checked[said] = _complaint(part, key, values)
        complaint = self._checked[said]
        if complaint is not None:
            self.reject(row, complaint)
        return complaint is None

    def merged(self, part: Part, old: Values, given: Values) -> Values:
        """Lay given values on those of the record, as blanks are to be taken."""
        if part.name not in self._cleared:
            present = [at for at, name in enumerate(part.values) if self.blank_clears and name in self.table.columns]
            self._cleared[part.name] = frozenset(present)
        return overlay(part, old, given, cleared=self._cleared[part.name])

    def lay(self, row: TidyRow, given: Given, owner_id: int, held: Held | None) -> None:
        """Plan one fact: nothing where the record holds it, else a new row, in place of the old one if there is one."""
        part, key = given.part, given.key
        values = given.values if held is None else self.merged(part, held.values, given.values)
        if held is not None and held.values == values:
            return
        if self.check(row.row, part, key, values):
            self.step(row, part, owner_id, held, (key, values))

    def step(
        self, row: TidyRow, part: Part, owner_id: int, held: Held | None, new: tuple[Values, Values] | None
    ) -> None:
        """Plan that a fact is recorded, replaced or taken back; `new` are its key and values."""
        after = None if new is None else self._columns(row, part, owner_id, *new)
        before = None if held is None else self._columns(row, part, owner_id, held.key, held.values)
        row_id = None if held is None else held.row_id
        self.add(row.row, Step(row.row, row.patient_code, row.on, part.table, row_id, before, after))

    def add(self, row: int, step: Step) -> None:
        """Plan a step, and count its row."""
        self._steps.append(step)
        state = RowState.NEW if step.old is None else RowState.CHANGED
        self._states[row] = max(self._states[row], state)

    def finish(self) -> Plan:
        """Give the plan without the steps of rejected rows, and with a visit for the facts of new ones."""
        steps = [step for step in self._steps if not self.is_rejected(step.row)]
        made: dict[int, Step] = {}
        if self._identities:
            for step in steps:
                number = step.new and step.new[self._owner_columns[step.table]]
                if isinstance(number, int) and number < 0:
                    made.setdefault(number, step)
        details = [
            Step(
                step.row,
                step.patient_code,
                step.on,
                "visit_details",
                None,
                None,
                {"visit_id": number, "visit_date": step.on},
            )
            for number, step in made.items()
            if self._identities[number].table == "visit"
        ]
        identities = tuple(self._identities[number] for number in made)
        return Plan(identities, (*details, *steps), self._states, tuple(sorted(self._problems)))

    def _columns(self, row: TidyRow, part: Part, owner_id: int, *said: Values) -> dict[str, Any]:
        columns: dict[str, Any] = {self._owner_columns[part.table]: owner_id}
        columns.update(zip((*part.key_columns, *part.value_columns), (*said[0], *said[1]), strict=True))
        if part.table == "note":
            columns["patient_id"] = self.recorded.patients[row.patient_code]["patient_id"]
        return columns


def _complaint(part: Part, key: Values, values: Values) -> str | None:
    try:
        check_fact(part, key, values)
    except TrackerError as error:
        return str(error)
    return None


def future(day: PartialDate, today: date) -> str | None:
    """Say that a day lies in the future, if it does."""
    if day.first <= today:
        return None
    return f"the day '{day}' lies in the future; today is {PartialDate.on(today).in_words()}"


def same_or_none(one: Values, other: Values) -> Values | None:
    """Give what two rows say together of one fact; None where they differ in a value both have."""
    if one == other:
        return one
    if any(a is not None and b is not None and a != b for a, b in zip(one, other, strict=True)):
        return None
    return tuple(b if a is None else a for a, b in zip(one, other, strict=True))


def named(part: Part, key: Values) -> str:
    """Name a fact by its kind and key, for a sentence."""
    words = " ".join(str(value) for value in key if value is not None)
    return f"{part.table.replace('_', ' ')} ({words})" if words else part.table.replace("_", " ")
