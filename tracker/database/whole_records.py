"""Every patient's whole record at once, and what tells whether it has changed since.

For whoever writes a page per patient: a number of queries that does not grow with the patients.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Select, func, select, union_all

from tracker.clinical.corrections import Correction
from tracker.clinical.record import Note, PatientRecord
from tracker.database import queries
from tracker.database.cohort import clinic_records
from tracker.database.corrections import corrected_patients, corrections_of
from tracker.database.entries import Entry
from tracker.database.origins import entries_that_made, entry_that_made
from tracker.database.owners import with_patient
from tracker.database.recording_order import RecordingOrder
from tracker.database.tables import (
    CLINIC,
    DEFAULT_CLINIC_CODE,
    FACTS_OF_PATIENTS,
    IDENTITIES,
    LEDGER_ENTRY,
    NOTE,
    PATIENT_DETAILS,
)


@dataclass(frozen=True, slots=True)
class DatedRecord:
    """One patient's record, and what the ledger says around it.

    `newest_entry` is the newest entry about the patient that the record rests on, `made_by` the one that made the
    patient. `corrections` are None where they were not asked for.
    """

    record: PatientRecord
    newest_entry: int
    made_by: Entry
    corrections: tuple[Correction, ...] | None = None


def whole_records(
    connection: Connection, *, clinic_code: str = DEFAULT_CLINIC_CODE, known_until: int | None = None
) -> tuple[DatedRecord, ...]:
    """Read every patient of a clinic, sorted by code, each as `queries.patient_record` gives it.

    Parameters
    ----------
    connection : Connection
        Open for reading.
    clinic_code : str
        Whose patients.
    known_until : int, optional
        The last ledger entry to take into account; all of them if not given. The past is read patient by patient.
    """
    if known_until is not None:
        codes = queries.patient_codes(connection, clinic_code=clinic_code, known_until=known_until)
        read = (queries.patient_record(connection, code, known_until=known_until) for code in codes)
        return tuple(_past(connection, record) for record in read)
    newest = newest_entries(connection, clinic_code=clinic_code)
    records, last = clinic_records(connection, clinic_code=clinic_code)
    notes = _notes(connection)
    whole = (replace(record, notes=_notes_of(record, notes[record.patient_id])) for record in records)
    made_by, corrected = entries_that_made(connection), corrected_patients(connection)
    found = (
        DatedRecord(
            record,
            newest.get(record.patient_code, last),
            made_by[record.patient_id],
            corrections_of(connection, record.patient_id) if record.patient_id in corrected else (),
        )
        for record in whole
    )
    return tuple(sorted(found, key=lambda one: one.record.patient_code))


def _past(connection: Connection, record: PatientRecord) -> DatedRecord:
    patient_id, until = record.patient_id, record.last_entry_id
    return DatedRecord(
        record,
        until,
        entry_that_made(connection, patient_id),
        corrections_of(connection, patient_id, known_until=until),
    )


def newest_entries(connection: Connection, *, clinic_code: str = DEFAULT_CLINIC_CODE) -> dict[str, int]:
    """Give for every code the newest entry that touched a patient who has, or once had, it."""
    touched = union_all(*_touching()).subquery()
    of_each = select(touched.c.patient_id, func.max(touched.c.entry_id)).group_by(touched.c.patient_id)
    newest = {patient_id: entry_id for patient_id, entry_id in connection.execute(of_each)}
    of_clinic = (
        select(PATIENT_DETAILS.c.patient_code, PATIENT_DETAILS.c.patient_id)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(CLINIC.c.clinic_code == clinic_code)
    )
    found: dict[str, int] = {}
    for code, patient_id in connection.execute(of_clinic):
        found[code] = max(found.get(code, 0), newest.get(patient_id, 0))
    return found


def newest_entry(connection: Connection) -> int:
    """Give the newest entry of the ledger; 0 where there is none."""
    return connection.scalar(select(func.max(LEDGER_ENTRY.c.entry_id))) or 0


def record_identity(connection: Connection) -> str:
    """Give what tells this record from every other one, wherever a copy of it lies: the hash of its first entry.

    Empty where nothing was recorded yet.
    """
    first = select(LEDGER_ENTRY.c.entry_hash).order_by(LEDGER_ENTRY.c.entry_id).limit(1)
    return connection.scalar(first) or ""


def _touching() -> Iterator[Select[int, int]]:
    """Select patient and entry of everything that was made, recorded or taken back."""
    for table in IDENTITIES:
        yield select(table.c.patient_id.label("patient_id"), table.c.entry_id.label("entry_id"))
    for table in FACTS_OF_PATIENTS:
        for column in ("recorded_by", "retracted_by"):
            entry = table.c[column].label("entry_id")
            yield with_patient(table, entry).where(entry.is_not(None))


def _notes(connection: Connection) -> dict[int, list[Note]]:
    """Give the current notes of every patient in the order of recording, a copy where its original stood."""
    rows = connection.execute(select(NOTE).where(NOTE.c.retracted_by.is_(None))).mappings()
    found: dict[int, list[Note]] = defaultdict(list)
    for row in RecordingOrder(connection).sort(NOTE, rows):
        note = Note(row["row_id"], row["recorded_by"], row["visit_id"], None, row["site"], row["text"])
        found[row["patient_id"]].append(note)
    return found


def _notes_of(record: PatientRecord, notes: Sequence[Note]) -> tuple[Note, ...]:
    """Put a patient's notes in order: about the patient first, then by visit; those of a void visit are not shown."""
    dates = {visit.visit_id: visit.visit_date for visit in record.visits}
    at_visits = [(dates[note.visit_id], note) for note in notes if note.visit_id is not None and note.visit_id in dates]
    about_patient = (note for note in notes if note.visit_id is None)
    in_time = sorted(at_visits, key=lambda dated: dated[0])
    return (*about_patient, *(replace(note, visit_date=date) for date, note in in_time))
