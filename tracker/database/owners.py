"""Whose a fact is: the patient a row belongs to, by itself or through its episode, visit or treatment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from tracker.database.tables import OF_PATIENTS


def of_patients(table: Table, patient_ids: Select[int]) -> ColumnElement[bool]:
    """Give the condition that a row of a fact table belongs to one of the patients selected."""
    if "patient_id" in table.c:
        return table.c.patient_id.in_(patient_ids)
    owner, key = _owner(table)
    return table.c[key].in_(select(owner.c[key]).where(owner.c.patient_id.in_(patient_ids)))


def with_patient(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select the patient of every row of a fact table, as `patient_id`, and some of its columns."""
    if "patient_id" in table.c:
        return select(table.c.patient_id.label("patient_id"), *columns)
    owner, key = _owner(table)
    return select(owner.c.patient_id.label("patient_id"), *columns).join_from(
        table, owner, owner.c[key] == table.c[key]
    )


def _owner(table: Table) -> tuple[Table, str]:
    (owner,) = (identity for identity in OF_PATIENTS if f"{identity.name}_id" in table.c)
    return owner, f"{owner.name}_id"
