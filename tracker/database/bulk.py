"""What many patients hold, read at once, and a draft of very many changes.

However many rows an import has, reading costs one query per table and thousand patients, and writing one statement
per table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Connection, Row, Table, select
from sqlalchemy.engine import RowMapping

from tracker.database.entries import Draft, to_row
from tracker.database.tables import CLINIC, METADATA, OF_PATIENTS, PATIENT_DETAILS

_PATIENTS_AT_ONCE = 1000


class BulkDraft(Draft):
    """A draft of very many changes: they are in its content, hashed and written alike, but not in its `changes`."""

    def identities(self, table: str, keys: Sequence[Mapping[str, int]]) -> list[int]:
        """Draft new identities of one table, and give their ids in order."""
        made = METADATA.tables[table]
        row_ids = [self._next_id(made) for _ in keys]
        self.content.identities += [
            (table, {f"{table}_id": row_id, **own}) for row_id, own in zip(row_ids, keys, strict=True)
        ]
        return row_ids

    def record_many(self, table: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Draft facts of one table; the values as for `record`."""
        facts = METADATA.tables[table]
        self.content.recorded += [(table, to_row(facts, self._next_id(facts), values)) for values in rows]

    def retract_many(self, table: str, row_ids: Iterable[int]) -> None:
        """Draft that current rows, just read in this transaction, are taken back; each is named once."""
        self.content.retracted += [(table, row_id) for row_id in row_ids]


def current_patients(connection: Connection, clinic_code: str) -> Mapping[str, RowMapping]:
    """Give the current row of details of every patient of a clinic, by code."""
    query = (
        select(PATIENT_DETAILS)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(CLINIC.c.clinic_code == clinic_code, PATIENT_DETAILS.c.retracted_by.is_(None))
    )
    return {row["patient_code"]: row for row in connection.execute(query).mappings()}


def current_facts(
    connection: Connection, table: str, patient_ids: Iterable[int], columns: Sequence[str]
) -> Iterator[Row[*tuple[int, ...]]]:
    """Give columns of the current rows of a fact table that are about these patients, by row id.

    Parameters
    ----------
    connection : Connection
        Open for reading.
    table : str
        Name of a fact table.
    patient_ids : iterable of int
        Patients.
    columns : sequence of str
        Which columns; the patient's id and the row id stand before them.
    """
    facts = METADATA.tables[table]
    patient_id, owner = facts.c.get("patient_id"), _owner(facts)
    for some in _in_groups(patient_ids):
        about = patient_id if patient_id is not None else owner.c.patient_id
        query = select(about, facts.c.row_id, *(facts.c[name] for name in columns))
        if patient_id is None:
            query = query.join_from(facts, owner, owner.c[f"{owner.name}_id"] == facts.c[f"{owner.name}_id"])
        yield from connection.execute(
            query.where(about.in_(some), facts.c.retracted_by.is_(None)).order_by(facts.c.row_id)
        )


def _owner(facts: Table) -> Table:
    """Give the identity that rows of a fact table hang on, where that is not the patient."""
    return next((one for one in OF_PATIENTS if f"{one.name}_id" in facts.c), OF_PATIENTS[0])


def _in_groups(ids: Iterable[int]) -> Iterator[tuple[int, ...]]:
    remaining = iter(sorted(ids))
    while some := tuple(islice(remaining, _PATIENTS_AT_ONCE)):
        yield some
