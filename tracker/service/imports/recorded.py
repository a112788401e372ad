"""What the record holds of the patients of a table, found by what a row says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.engine import RowMapping

from tracker.database.bulk import current_facts, current_patients
from tracker.database.tables import DETAILS, PARTIAL_DATES
from tracker.dates import PartialDate
from tracker.exchange.tidy.columns import Part
from tracker.exchange.tidy.reading import TidyTable
from tracker.service.patients import DEFAULT_CLINIC

Key = tuple[Any, ...]


class Held(NamedTuple):
    """One current fact: its row, whose it is, and its key and values in the order of the part."""

    row_id: int
    patient_id: int
    owner_id: int
    key: Key
    values: Key


@dataclass(frozen=True, slots=True)
class Recorded:
    """The part of the record that a table is about.

    Parameters
    ----------
    patients : mapping
        Row of details of every patient of the clinic, by code.
    visits : mapping
        Visits of a patient on a date, as it was written, in the order in which they were recorded.
    facts : mapping
        By fact table: the current facts, by owner and key.
    """

    patients: Mapping[str, RowMapping]
    visits: Mapping[tuple[int, str], list[int]]
    facts: Mapping[str, Mapping[Key, Held]]


def read_recorded(connection: Connection, table: TidyTable, parts: Iterable[Part]) -> Recorded:
    """Read what the record holds of the patients that a table names."""
    patients = current_patients(connection, DEFAULT_CLINIC)
    named = {patients[row.patient_code]["patient_id"] for row in table.rows if row.patient_code in patients}
    visits: dict[tuple[int, str], list[int]] = {}
    if table.kind.name == "visits":
        columns = ("visit_id", "visit_date")
        for patient_id, _, visit_id, visit_date in current_facts(connection, "visit_details", named, columns):
            visits.setdefault((patient_id, str(visit_date)), []).append(visit_id)
    facts = {part.table: _facts(connection, part, named) for part in parts}
    return Recorded(patients, visits, facts)


def owner_column(table: str) -> str:
    """Give the column that says whom or what a fact is about."""
    of_identity = {details.name: f"{name}_id" for name, details in DETAILS.items()} | {"treatment_dose": "treatment_id"}
    of_patient = dict.fromkeys(("differential", "checklist_item", "pregnancy_status"), "patient_id")
    return (of_identity | of_patient).get(table, "visit_id")


def _facts(connection: Connection, part: Part, patient_ids: Iterable[int]) -> dict[Key, Held]:
    names = (*part.key_columns, *part.value_columns)
    dates = [at for at, name in enumerate(names) if name in PARTIAL_DATES[part.table]]
    n_key = len(part.key_columns)
    held: dict[Key, Held] = {}
    known: dict[str, PartialDate] = {}
    columns = (owner_column(part.table), *names)
    for patient_id, row_id, owner_id, *cells in current_facts(connection, part.table, patient_ids, columns):
        values: list[Any] = cells
        for at in dates:
            text = values[at]
            if text is not None and text not in known:
                known[text] = PartialDate.parse(text)
            values[at] = None if text is None else known[text]
        key = tuple(values[:n_key])
        held.setdefault((owner_id, *key), Held(row_id, patient_id, owner_id, key, tuple(values[n_key:])))
    return held
