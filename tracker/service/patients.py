"""Add, correct, list and read patients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from tracker.clinical.dictionary import check_value
from tracker.clinical.record import PatientRecord
from tracker.clinical.vocabulary import Sex
from tracker.database import lookups, queries
from tracker.database.ledger import Draft, Origin
from tracker.database.queries import PatientSummary
from tracker.database.session import Database
from tracker.dates import PartialDate
from tracker.errors import ConflictError, InputError
from tracker.service.episodes import NewEpisode, draft_episode
from tracker.service.writing import Written, write

DEFAULT_CLINIC = "default"


@dataclass(frozen=True, slots=True)
class NewPatient:
    """A patient as first recorded: study code, sex, year or month of birth."""

    patient_code: str
    sex: Sex = Sex.UNKNOWN
    birth: PartialDate | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PatientChange:
    """What to correct; None leaves as it is."""

    patient_code: str | None = None
    sex: Sex | None = None
    birth: PartialDate | None = None


def add_patient(
    database: Database,
    patient: NewPatient,
    origin: Origin,
    *,
    episode: NewEpisode | None = None,
    dry_run: bool = False,
) -> Written:
    """Record a patient, and with `episode` the first episode in the same entry.

    Raises
    ------
    InputError
        If the code or the birth is not allowed.
    ConflictError
        If the clinic has a patient of that code.
    """
    today = origin.recorded_at.date()
    check_value("patient_code", patient.patient_code)
    check_birth(patient.birth, today=today)

    def build(connection: Connection, draft: Draft) -> None:
        clinic_id = _free_code(connection, patient.patient_code)
        patient_id = draft.identity("patient", clinic_id=clinic_id)
        draft.record(
            "patient_details", _details(patient_id, clinic_id, patient.patient_code, patient.sex, patient.birth)
        )
        if patient.note is not None:
            check_value("note", patient.note)
            draft.record("note", {"patient_id": patient_id, "visit_id": None, "site": None, "text": patient.note})
        if episode is not None:
            draft_episode(draft, patient_id, episode, birth=patient.birth, today=today)

    return write(database, origin, build, dry_run=dry_run)


def edit_patient(
    database: Database, patient_code: str, change: PatientChange, origin: Origin, *, dry_run: bool = False
) -> Written:
    """Correct a patient's code, sex or birth; the old values stay in the ledger."""
    check_birth(change.birth, today=origin.recorded_at.date())

    def build(connection: Connection, draft: Draft) -> None:
        record = queries.patient_record(connection, patient_code)
        row = lookups.current_details(connection, "patient_details", patient_id=record.patient_id)
        new_code = change.patient_code or record.patient_code
        if new_code != record.patient_code:
            check_value("patient_code", new_code)
            _free_code(connection, new_code)
        sex, birth = change.sex or record.sex, change.birth or record.birth
        if (new_code, sex, birth) == (record.patient_code, record.sex, record.birth):
            raise InputError(f"Patient {patient_code} already is so.", hint="Nothing to correct.")
        draft.retract("patient_details", row["row_id"])
        draft.record("patient_details", _details(record.patient_id, row["clinic_id"], new_code, sex, birth))

    return write(database, origin, build, dry_run=dry_run)


def list_patients(database: Database) -> tuple[PatientSummary, ...]:
    """Give every current patient of the database with their last visit and open sites."""
    with database.reading() as connection:
        return queries.list_patients(connection)


def read_patient(
    database: Database, patient_code: str, *, as_of: date | None = None, known_at: datetime | None = None
) -> PatientRecord:
    """Read one patient's record.

    Parameters
    ----------
    as_of : datetime.date, optional
        Leave out visits after this day: what was true.
    known_at : datetime.datetime, optional
        Leave out ledger entries after this moment: what was known.
    """
    with database.reading() as connection:
        until = None if known_at is None else queries.entry_at(connection, known_at)
        record = queries.patient_record(connection, patient_code, known_until=until)
    return record if as_of is None else record.until(as_of)


def check_birth(birth: PartialDate | None, *, today: date) -> None:
    """Refuse a birth in the future, outside the dictionary's years, or exact to the day.

    Only year or month is stored: an exact birthday identifies a person.
    """
    if birth is None:
        return
    if birth.precision not in ("year", "month"):
        raise InputError(
            f"'{birth}' is too exact for a birth; a year or a month is stored, so that nobody can be identified by it.",
            hint=f"Write {birth.first.year} or {birth.first.isoformat()[:7]}.",
        )
    check_value("birth", birth.first.year)
    if birth.first > today:
        raise InputError(
            f"The birth '{birth}' lies in the future.", hint="Give the year or month of birth, such as 1979."
        )


def _free_code(connection: Connection, patient_code: str) -> int:
    """Give the default clinic's id after making sure that the code is free there."""
    if patient_code in queries.patient_codes(connection, clinic_code=DEFAULT_CLINIC):
        raise ConflictError(
            f"There already is a patient '{patient_code}'.",
            hint=f"Look: tracker patient show {patient_code}. Choose another code for another person.",
        )
    return lookups.clinic_id(connection, DEFAULT_CLINIC)


def _details(
    patient_id: int, clinic_id: int, patient_code: str, sex: Sex, birth: PartialDate | None
) -> dict[str, object]:
    return {
        "patient_id": patient_id,
        "clinic_id": clinic_id,
        "patient_code": patient_code,
        "sex": sex,
        "birth": birth,
    }
