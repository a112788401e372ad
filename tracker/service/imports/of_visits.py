"""Rows of visits: which visit of the day is meant, and what of it is new.

A visit is the patient and the date as it was written. Where a day has several visits, the one that holds a fact is
corrected, and what none of them holds goes to the first.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from tracker.exchange.tidy.reading import Given, TidyRow
from tracker.service.imports.planning import Planner, future, named, same_or_none
from tracker.service.imports.recorded import Held

_Fact = tuple[TidyRow, Given]


def plan_visits(planner: Planner) -> None:
    """Match every row of visits."""
    wanted, blank = _gather(planner)
    new_visits: dict[tuple[int, str], int] = {}
    for (patient_id, day, *_), (row, given) in wanted.items():
        if planner.is_rejected(row.row):
            continue
        there = planner.recorded.visits.get((patient_id, day), [])
        held = _holding(planner, there, given)
        chosen = held[0] if len(held) == 1 else _identical(planner, held, given)
        if chosen is not None:
            planner.lay(row, given, chosen.owner_id, chosen)
        elif held:
            visits = ", ".join(str(one.owner_id) for one in held)
            planner.reject(
                row.row,
                f"visits {visits} of that day hold another {named(given.part, given.key)}; "
                "correct the one that is meant: tracker visit edit",
            )
        else:
            owner_id = there[0] if there else new_visits.get((patient_id, day))
            if owner_id is None:
                owner_id = new_visits[patient_id, day] = planner.new_identity("visit", patient_id=patient_id)
            planner.lay(row, given, owner_id, None)
    if planner.blank_clears:
        _clear(planner, wanted, blank)


def _gather(planner: Planner) -> tuple[dict[tuple[Any, ...], _Fact], dict[tuple[Any, ...], _Fact]]:
    """Give each fact once, by patient, day, table and key; rows that contradict another one are rejected."""
    wanted: dict[tuple[Any, ...], _Fact] = {}
    blank: dict[tuple[Any, ...], _Fact] = {}
    days: dict[object, tuple[str, str | None]] = {}
    for row in planner.rows():
        patient_id = planner.patient_id(row)
        if patient_id is None or row.on is None:
            continue
        if row.on not in days:
            days[row.on] = (str(row.on), future(row.on, planner.today))
        day, complaint = days[row.on]
        if complaint is not None:
            planner.reject(row.row, complaint)
            continue
        for given in row.given:
            place = (patient_id, day, given.part.table, *given.key)
            if place in wanted:
                _join(planner, wanted, place, (row, given))
            else:
                wanted[place] = (row, given)
        for given in row.blank if planner.blank_clears else ():
            blank.setdefault((patient_id, day, given.part.table, *given.key), (row, given))
    return wanted, blank


def _join(planner: Planner, wanted: dict[tuple[Any, ...], _Fact], place: tuple[Any, ...], fact: _Fact) -> None:
    first, before = wanted[place]
    row, given = fact
    together = same_or_none(before.values, given.values)
    if together is None:
        planner.reject(row.row, f"row {first.row} gives another value for {named(given.part, given.key)} of that day")
    elif together != before.values:
        wanted[place] = (first, before._replace(values=together))


def _holding(planner: Planner, visit_ids: list[int], given: Given) -> list[Held]:
    facts = planner.recorded.facts[given.part.table]
    found = (facts.get((visit_id, *given.key)) for visit_id in visit_ids)
    return [held for held in found if held is not None]


def _identical(planner: Planner, held: list[Held], given: Given) -> Held | None:
    same = (one for one in held if planner.merged(given.part, one.values, given.values) == one.values)
    return next(same, None)


def _clear(planner: Planner, wanted: dict[tuple[Any, ...], _Fact], blank: dict[tuple[Any, ...], _Fact]) -> None:
    """Take back what rows leave blank, unless a visit would be left with nothing."""
    left = Counter(held.owner_id for facts in planner.recorded.facts.values() for held in facts.values())
    for place, (row, given) in blank.items():
        patient_id, day, *_ = place
        held = [] if place in wanted else _holding(planner, planner.recorded.visits.get((patient_id, day), []), given)
        for one in held:
            left[one.owner_id] -= 1
            if left[one.owner_id] == 0 and not any(w[:2] == place[:2] for w in wanted):
                planner.reject(
                    row.row,
                    f"visit {one.owner_id} would hold nothing any more; take it back: "
                    f"tracker visit void {one.owner_id}",
                )
            else:
                planner.step(row, given.part, one.owner_id, one, None)
