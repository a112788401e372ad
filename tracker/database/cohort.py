"""Reading all patients of a clinic at once, in a number of queries that does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.engine import RowMapping

from tracker.clinical.record import Episode, PatientRecord, Visit
from tracker.clinical.vocabulary import Sex
from tracker.database import case_queries
from tracker.database.case_tables import (
    CHECKLIST_ITEM,
    DIFFERENTIAL,
    FLAG_DECISION,
    FUNCTION_SCORE,
    LAB_RESULT,
    PREGNANCY_STATUS,
    TREATMENT,
    TREATMENT_DETAILS,
    TREATMENT_DOSE,
)
from tracker.database.known import known
from tracker.database.queries import (
    episode_of,
    imaging_finding_of,
    in_order_of_onset,
    pain_score_of,
    vitamin_d_of,
)
from tracker.database.recording_order import RecordingOrder
from tracker.database.tables import (
    CLINIC,
    DEFAULT_CLINIC_CODE,
    EPISODE,
    EPISODE_DETAILS,
    IMAGING_FINDING,
    LEDGER_ENTRY,
    PAIN_SCORE,
    PATIENT_DETAILS,
    VISIT,
    VISIT_DETAILS,
    VITAMIN_D,
)
from tracker.dates import PartialDate

Fact = TypeVar("Fact")
_Placed = tuple[int, RowMapping]


def course_records(
    connection: Connection, *, clinic_code: str = DEFAULT_CLINIC_CODE, known_until: int | None = None
) -> tuple[tuple[PatientRecord, ...], int]:
    """Read episodes, visits and pain scores of every patient of a clinic: the current ones, or as known at an entry.

    Returns
    -------
    tuple of PatientRecord
        In the order in which they were recorded, each as `queries.patient_record` gives it, but without
        imaging and notes.
    int
        The newest ledger entry that was taken into account.
    """
    newest = connection.scalar(select(func.max(LEDGER_ENTRY.c.entry_id))) or 0
    newest = newest if known_until is None else min(newest, known_until)
    patients = _patients(connection, clinic_code, known_until)
    episodes, visits = _episodes(connection, known_until), _visits(connection, known_until)
    order = RecordingOrder(connection)
    scores, results = (_of_visit(connection, table, known_until, order) for table in (PAIN_SCORE, VITAMIN_D))
    records = tuple(
        PatientRecord(
            patient_id=row["patient_id"],
            patient_code=row["patient_code"],
            clinic_code=clinic_code,
            sex=Sex(row["sex"]),
            birth=None if row["birth"] is None else PartialDate.parse(row["birth"]),
            last_entry_id=newest,
            episodes=tuple(episodes[row["patient_id"]]),
            visits=tuple(visits[row["patient_id"]]),
            pain_scores=_read(visits[row["patient_id"]], scores, pain_score_of),
            vitamin_d=_read(visits[row["patient_id"]], results, vitamin_d_of),
            imaging=(),
            notes=(),
        )
        for row in patients
    )
    return records, newest


def clinic_records(
    connection: Connection, *, clinic_code: str = DEFAULT_CLINIC_CODE, known_until: int | None = None
) -> tuple[tuple[PatientRecord, ...], int]:
    """Read everything but notes of every patient of a clinic, as `course_records` does the courses."""
    records, newest = course_records(connection, clinic_code=clinic_code, known_until=known_until)
    order = RecordingOrder(connection)
    findings, labs, functions = (
        _of_visit(connection, table, known_until, order) for table in (IMAGING_FINDING, LAB_RESULT, FUNCTION_SCORE)
    )
    details, doses = (_of_treatments(connection, table, known_until) for table in (TREATMENT_DETAILS, TREATMENT_DOSE))
    causes, items, statuses, decisions = (
        _of_patient(connection, table, known_until)
        for table in (DIFFERENTIAL, CHECKLIST_ITEM, PREGNANCY_STATUS, FLAG_DECISION)
    )
    whole = tuple(
        replace(
            record,
            imaging=_read(record.visits, findings, imaging_finding_of),
            labs=_read(record.visits, labs, case_queries.lab_result),
            function_scores=_read(record.visits, functions, case_queries.function_score),
            treatments=case_queries.treatments_of(details[record.patient_id], doses[record.patient_id]),
            differential=case_queries.differential_of(causes[record.patient_id]),
            checklist_items=case_queries.checklist_items_of(items[record.patient_id]),
            pregnancy=case_queries.pregnancy_of(statuses[record.patient_id]),
            flag_decisions=case_queries.flag_decisions_of(decisions[record.patient_id]),
        )
        for record in records
    )
    return whole, newest


def _patients(connection: Connection, clinic_code: str, known_until: int | None) -> Sequence[RowMapping]:
    query = (
        select(PATIENT_DETAILS)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(CLINIC.c.clinic_code == clinic_code, known(PATIENT_DETAILS, known_until))
        .order_by(PATIENT_DETAILS.c.patient_id)
    )
    return connection.execute(query).mappings().all()


def _of_patient(connection: Connection, table: Table, known_until: int | None) -> dict[int, list[RowMapping]]:
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(select(table).where(known(table, known_until))).mappings():
        found[row["patient_id"]].append(row)
    return found


def _of_treatments(connection: Connection, table: Table, known_until: int | None) -> dict[int, list[RowMapping]]:
    query = (
        select(table, TREATMENT.c.patient_id)
        .join(TREATMENT, TREATMENT.c.treatment_id == table.c.treatment_id)
        .where(known(table, known_until))
    )
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["patient_id"]].append(row)
    return found


def _episodes(connection: Connection, known_until: int | None) -> dict[int, list[Episode]]:
    query = (
        select(EPISODE_DETAILS, EPISODE.c.patient_id)
        .join(EPISODE, EPISODE.c.episode_id == EPISODE_DETAILS.c.episode_id)
        .where(known(EPISODE_DETAILS, known_until))
        .order_by(*in_order_of_onset())
    )
    found: dict[int, list[Episode]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["patient_id"]].append(episode_of(row))
    return found


def _visits(connection: Connection, known_until: int | None) -> dict[int, list[Visit]]:
    query = (
        select(VISIT_DETAILS, VISIT.c.patient_id)
        .join(VISIT, VISIT.c.visit_id == VISIT_DETAILS.c.visit_id)
        .where(known(VISIT_DETAILS, known_until))
        .order_by(VISIT_DETAILS.c.visit_date_first, VISIT_DETAILS.c.visit_date_last, VISIT_DETAILS.c.visit_id)
    )
    found: dict[int, list[Visit]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        date = PartialDate.parse(row["visit_date"])
        found[row["patient_id"]].append(Visit(row["visit_id"], row["recorded_by"], date))
    return found


def _of_visit(
    connection: Connection, table: Table, known_until: int | None, order: RecordingOrder
) -> dict[int, list[_Placed]]:
    """Give the rows of each visit with their places in the order of recording."""
    found: dict[int, list[_Placed]] = defaultdict(list)
    rows = connection.execute(select(table).where(known(table, known_until))).mappings()
    for place, row in enumerate(order.sort(table, rows)):
        found[row["visit_id"]].append((place, row))
    return found


def _read(
    visits: Sequence[Visit],
    rows_of: dict[int, list[_Placed]],
    read: Callable[[RowMapping, Mapping[int, PartialDate]], Fact],
) -> tuple[Fact, ...]:
    """Give the facts of a patient's visits by date, then in the order of recording, as `patient_record` does."""
    dates = {visit.visit_id: visit.visit_date for visit in visits}
    rows = [placed for visit in visits for placed in rows_of[visit.visit_id]]
    in_order = sorted(rows, key=lambda placed: (dates[placed[1]["visit_id"]], placed[0]))
    return tuple(read(row, dates) for _, row in in_order)
