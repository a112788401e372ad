"""Add, correct, list and read patients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from unicodedata import normalize

from sqlalchemy import Connection

from tracker.clinical.dictionary import check_value
from tracker.clinical.record import PatientRecord
from tracker.clinical.vocabulary import Sex
from tracker.database import lookups, queries
from tracker.database.ledger import Draft, Origin
from tracker.database.people import Person, list_people
from tracker.database.queries import PatientSummary
from tracker.database.session import Database
from tracker.dates import PartialDate
from tracker.errors import ConflictError, InputError
from tracker.service.duplicates import codes_are_close, duplicate_checks
from tracker.service.episodes import NewEpisode, draft_episode
from tracker.service.soft_checks import birth_checks
from tracker.service.writing import Confirm, Written, write

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
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Record a patient, and with `episode` the first episode in the same entry.

    Parameters
    ----------
    confirm : callable, optional
        Asked once where another patient may be the same person.

    Raises
    ------
    InputError
        If the code or the birth is not allowed.
    ConflictError
        If the clinic has a patient of that code.
    DeclinedError
        If `confirm` said no.
    """
    today = origin.recorded_at.date()
    check_value("patient_code", patient.patient_code)
    check_value("sex", patient.sex)
    check_birth(patient.birth, today=today)
    if patient.note is not None:
        check_value("note", patient.note)

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        clinic_id = _free_code(connection, patient.patient_code)
        patient_id = draft.identity("patient", clinic_id=clinic_id)
        draft.record(
            "patient_details", patient_details(patient_id, clinic_id, patient.patient_code, patient.sex, patient.birth)
        )
        if patient.note is not None:
            draft.record("note", {"patient_id": patient_id, "visit_id": None, "site": None, "text": patient.note})
        if episode is not None:
            draft_episode(draft, patient_id, episode, birth=patient.birth, today=today)
        first = (None, None) if episode is None else (episode.site, episode.onset)
        person = Person(patient.patient_code, patient.sex, patient.birth, *first)
        return tuple(duplicate_checks(person, list_people(connection)))

    return write(database, origin, build, confirm=confirm, dry_run=dry_run)


def edit_patient(
    database: Database,
    patient_code: str,
    change: PatientChange,
    origin: Origin,
    *,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Correct a patient's code, sex or birth; the old values stay in the ledger.

    Parameters
    ----------
    confirm : callable, optional
        Asked once where visits or onsets lie before the new birth, or another patient may be the same person.

    Raises
    ------
    InputError
        If nothing would change or a value is not allowed.
    ConflictError
        If the new code is taken.
    DeclinedError
        If `confirm` said no.
    """
    if change == PatientChange():
        raise InputError("Nothing to change was named.", hint="Give at least one of --code, --sex, --born.")
    check_birth(change.birth, today=origin.recorded_at.date())
    if change.sex is not None:
        check_value("sex", change.sex)
    with database.reading() as connection:
        patient_id = queries.patient_record(connection, patient_code).patient_id

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        # The code may have passed to another person while a question waited.
        lookups.require_current_patient(connection, patient_id, patient_code)
        record = queries.patient_record(connection, patient_code)
        row = lookups.current_details(connection, "patient_details", patient_id=patient_id)
        new_code = record.patient_code if change.patient_code is None else change.patient_code
        if new_code != record.patient_code:
            check_value("patient_code", new_code)
            _free_code(connection, new_code, beside=record.patient_code)
        sex, birth = change.sex or record.sex, change.birth or record.birth
        if (new_code, sex, birth) == (record.patient_code, record.sex, record.birth):
            raise InputError(f"Patient {patient_code} already is so.", hint="Nothing to correct.")
        draft.retract("patient_details", row["row_id"])
        draft.record("patient_details", patient_details(patient_id, row["clinic_id"], new_code, sex, birth))
        births = () if birth is None or birth == record.birth else birth_checks(record, birth)
        return (*births, *_duplicates(connection, record.patient_code, (new_code, sex, birth)))

    return write(database, origin, build, confirm=confirm, dry_run=dry_run)


def list_patients(database: Database) -> tuple[PatientSummary, ...]:
    """Give every current patient of the database with their last visit and open sites."""
    with database.reading() as connection:
        return queries.list_patients(connection)


def list_codes(database: Database) -> tuple[str, ...]:
    """Give the codes of the clinic's patients, sorted: what a shell completes, so no more than that is read."""
    with database.reading() as connection:
        return queries.patient_codes(connection, clinic_code=DEFAULT_CLINIC)


def read_patient(
    database: Database,
    patient_code: str,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    today: date | None = None,
) -> PatientRecord:
    """Read one patient's record.

    Parameters
    ----------
    as_of : datetime.date, optional
        Leave out visits after this day: what was true.
    known_at : datetime.datetime, optional
        Leave out ledger entries after this moment: what was known.
    today : datetime.date, optional
        The day of asking: a visit of "this month" counts from then on, see `PatientRecord.until`.
    """
    with database.reading() as connection:
        until = None if known_at is None else queries.entry_at(connection, known_at)
        record = queries.patient_record(connection, patient_code, known_until=until)
    return record if as_of is None else record.until(as_of, today=today)


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


def refuse_confusable(patient_code: str, others: Iterable[str]) -> None:
    """Refuse a code that another patient of the clinic has, or that reads like it.

    Codes are one where they differ in case or in Unicode form only: `p-07` is `P-07`.

    Raises
    ------
    ConflictError
        Naming the code that is there.
    """
    for other in others:
        if fold_code(other) == fold_code(patient_code):
            alike = "" if other == patient_code else f", and '{patient_code}' would be taken for it"
            raise ConflictError(
                f"There already is a patient '{other}'{alike}.",
                hint=f"Look: tracker patient show {other}. Choose another code for another person.",
            )


def fold_code(patient_code: str) -> str:
    """Give what codes that read alike have in common."""
    return normalize("NFKC", patient_code).casefold()


def _duplicates(
    connection: Connection, patient_code: str, corrected: tuple[str, Sex, PartialDate | None]
) -> Iterator[str]:
    """Say which other patients may be the same person as a corrected one, where the correction makes it so."""
    people = list_people(connection)
    (old,) = (person for person in people if person.patient_code == patient_code)
    new = replace(old, patient_code=corrected[0], sex=corrected[1], birth=corrected[2])
    same_person = (new.sex, new.birth) == (old.sex, old.birth)
    for other in people:
        if other is old or (same_person and not codes_are_close(new.patient_code, other.patient_code)):
            continue
        if new.patient_code != old.patient_code or not list(duplicate_checks(old, [other])):
            yield from duplicate_checks(new, [other])


def _free_code(connection: Connection, patient_code: str, *, beside: str | None = None) -> int:
    """Give the default clinic's id after making sure that the code is free there, `beside` aside."""
    codes = queries.patient_codes(connection, clinic_code=DEFAULT_CLINIC)
    refuse_confusable(patient_code, (code for code in codes if code != beside))
    return lookups.clinic_id(connection, DEFAULT_CLINIC)


def patient_details(
    patient_id: int, clinic_id: int, patient_code: str, sex: Sex, birth: PartialDate | None
) -> dict[str, object]:
    """Give the columns of a patient's details."""
    return {
        "patient_id": patient_id,
        "clinic_id": clinic_id,
        "patient_code": patient_code,
        "sex": sex,
        "birth": birth,
    }
