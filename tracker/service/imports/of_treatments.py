"""Rows of treatments with their doses: the treatment is known by what it is, where, and since when."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tracker.clinical.case_record import Treatment
from tracker.errors import InputError, TrackerError
from tracker.exchange.tidy.columns import Part
from tracker.exchange.tidy.reading import Given, TidyRow
from tracker.service.imports.merging import Values
from tracker.service.imports.planning import Planner, same_or_none
from tracker.service.imports.recorded import Held
from tracker.service.statements import check_not_future
from tracker.service.treatments import NewDose, check_dose_day, check_treatment


def plan_treatments(planner: Planner) -> None:
    """Match every row of treatments."""
    details, doses = planner.table.kind.parts
    held: dict[tuple[Any, ...], list[Held]] = defaultdict(list)
    for fact in planner.recorded.facts[details.table].values():
        held[fact.patient_id, *fact.key].append(fact)
    groups: dict[tuple[Any, ...], list[TidyRow]] = defaultdict(list)
    for row in planner.rows():
        patient_id = planner.patient_id(row)
        given = _part(row, details)
        if patient_id is not None and given is not None:
            groups[patient_id, *given.key].append(row)
    for (patient_id, *key), rows in groups.items():
        there = held.get((patient_id, *key), [])
        if len(there) > 1:
            for row in rows:
                planner.reject(
                    row.row, f"{row.patient_code} has {len(there)} such treatments; correct the one that is meant"
                )
            continue
        _plan_one(planner, patient_id, rows, (details, doses), there[0] if there else None)


def _plan_one(
    planner: Planner, patient_id: int, rows: list[TidyRow], parts: tuple[Part, Part], held: Held | None
) -> None:
    details, dose = parts
    values, kept, given = _together(planner, details, rows)
    after = values if held is None else planner.merged(details, held.values, values)
    (name, words, site, started), (ended, ending_reason) = given.key, after
    treatment = Treatment(0, 0, name, words, site, started, ended, ending_reason, doses=())
    doses: dict[Values, tuple[TidyRow, Given]] = {}
    good = [row for row in kept if _is_good(planner, row, treatment, (dose, doses, held))]
    if not good:
        return
    owner_id = planner.new_identity("treatment", patient_id=patient_id) if held is None else held.owner_id
    if held is None or held.values != after:
        planner.step(good[0], details, owner_id, held, (given.key, after))
    for key, (row, one) in doses.items():
        old = planner.recorded.facts[dose.table].get((owner_id, *key))
        new = one.values if old is None else planner.merged(dose, old.values, one.values)
        if old is None or old.values != new:
            planner.step(row, dose, owner_id, old, (key, new))


def _together(planner: Planner, details: Part, rows: list[TidyRow]) -> tuple[Values, list[TidyRow], Given]:
    """Give what rows say together of one treatment, and the rows that do not contradict the ones before."""
    given = _given(rows[0], details)
    values, kept = given.values, []
    for row in rows:
        together = same_or_none(values, _given(row, details).values)
        if together is None:
            planner.reject(row.row, f"row {rows[0].row} gives another end for this treatment")
        else:
            values = together
            kept.append(row)
    return values, kept, given


def _is_good(
    planner: Planner,
    row: TidyRow,
    treatment: Treatment,
    of_doses: tuple[Part, dict[Values, tuple[TidyRow, Given]], Held | None],
) -> bool:
    """Whether a row can stand; its dose is then among the doses, by its day."""
    part, doses, held = of_doses
    try:
        check_treatment(treatment, today=planner.today)
        given = _part(row, part)
        if given is not None:
            since = given.key[0] or treatment.started
            if since is None:
                raise InputError("dose_since is blank, and so is the start of the treatment.")
            owner_id = 0 if held is None else held.owner_id
            old = planner.recorded.facts[part.table].get((owner_id, since))
            values = given.values if old is None else planner.merged(part, old.values, given.values)
            amount, unit, schedule = values
            NewDose(amount, unit, schedule, since).check()
            check_not_future(since, today=planner.today)
            check_dose_day(since, treatment)
            first, before = doses.setdefault((since,), (row, given))
            if same_or_none(before.values, given.values) is None:
                raise InputError(f"row {first.row} gives another dose from {since}.")
    except TrackerError as error:
        planner.reject(row.row, error)
        return False
    return True


def _part(row: TidyRow, part: Part) -> Given | None:
    return next((given for given in row.given if given.part is part), None)


def _given(row: TidyRow, part: Part) -> Given:
    return next(given for given in row.given if given.part is part)
