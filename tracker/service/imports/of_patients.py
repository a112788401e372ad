"""Rows of patients, and of what was said of them on a day."""

from __future__ import annotations

from typing import Any

from tracker.clinical.vocabulary import Sex
from tracker.dates import PartialDate
from tracker.errors import TrackerError
from tracker.exchange.tidy.reading import Given, TidyRow
from tracker.service.imports.merging import Values
from tracker.service.imports.plan import Step
from tracker.service.imports.planning import Planner, future, named, same_or_none
from tracker.service.patients import check_birth, fold_code, refuse_confusable


def plan_patients(planner: Planner, clinic_id: int) -> None:
    """Match every row of patients by the study code."""
    seen: dict[str, tuple[int, str, Values]] = {}
    by_fold = {fold_code(code): code for code in planner.recorded.patients}
    for row in planner.rows():
        given = (*row.given, *row.blank)[0] if row.given or row.blank else None
        values = (None, None) if given is None else given.values
        code, fold = row.patient_code, fold_code(row.patient_code)
        earlier = seen.setdefault(fold, (row.row, code, values))
        if earlier != (row.row, code, values):
            if earlier[1:] != (code, values):
                planner.reject(row.row, f"row {earlier[0]} says something else of patient '{earlier[1]}'")
            continue
        try:
            if code not in planner.recorded.patients:
                refuse_confusable(code, [by_fold[fold]] if fold in by_fold else [])
            check_birth(values[1], today=planner.today)
        except TrackerError as error:
            planner.reject(row.row, error)
            continue
        _lay_patient(planner, row, clinic_id, values)


def _lay_patient(planner: Planner, row: TidyRow, clinic_id: int, values: Values) -> None:
    code = row.patient_code
    held = planner.recorded.patients.get(code)
    (part,) = planner.table.kind.parts
    before: dict[str, Any] | None = None
    if held is not None:
        birth = None if held["birth"] is None else PartialDate.parse(held["birth"])
        sex, new_birth = planner.merged(part, (held["sex"], birth), values)
        patient_id = held["patient_id"]
        before = _details(patient_id, held["clinic_id"], code, (held["sex"], birth))
        after = _details(patient_id, held["clinic_id"], code, (sex or Sex.UNKNOWN.value, new_birth))
        if before == after:
            return
    else:
        patient_id = planner.new_identity("patient", clinic_id=clinic_id)
        after = _details(patient_id, clinic_id, code, (values[0] or Sex.UNKNOWN.value, values[1]))
    row_id = None if held is None else held["row_id"]
    planner.add(row.row, Step(row.row, code, None, part.table, row_id, before, after))


def _details(patient_id: int, clinic_id: int, code: str, values: Values) -> dict[str, Any]:
    sex, birth = values
    return {"patient_id": patient_id, "clinic_id": clinic_id, "patient_code": code, "sex": sex, "birth": birth}


def plan_statements(planner: Planner) -> None:
    """Match every row of what was said of a patient on a day: causes, items of checklists, pregnancy."""
    (part,) = planner.table.kind.parts
    facts = planner.recorded.facts[part.table]
    wanted: dict[tuple[Any, ...], tuple[TidyRow, Given]] = {}
    for row in planner.rows():
        patient_id = planner.patient_id(row)
        for given in row.given if patient_id is not None else ():
            days = [value for value in given.key if isinstance(value, PartialDate)]
            if complaint := next(filter(None, (future(day, planner.today) for day in days)), None):
                planner.reject(row.row, complaint)
                continue
            first, before = wanted.setdefault((patient_id, *given.key), (row, given))
            together = same_or_none(before.values, given.values)
            if together is None:
                planner.reject(row.row, f"row {first.row} says something else of {named(part, given.key)}")
            elif together != before.values:
                wanted[patient_id, *given.key] = (first, before._replace(values=together))
    for (patient_id, *key), (row, given) in wanted.items():
        planner.lay(row, given, patient_id, facts.get((patient_id, *key)))
    if planner.blank_clears:
        _clear(planner, wanted)


def _clear(planner: Planner, wanted: dict[tuple[Any, ...], tuple[TidyRow, Given]]) -> None:
    for row in planner.table.rows:
        if row.patient_code not in planner.recorded.patients:
            continue
        for given in row.blank:
            place = (planner.recorded.patients[row.patient_code]["patient_id"], *given.key)
            held = planner.recorded.facts[given.part.table].get(place)
            if held is not None and place not in wanted:
                wanted[place] = (row, given)
                planner.step(row, given.part, held.owner_id, held, None)
