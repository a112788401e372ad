"""Reading the record in parts of many patients at a time, and the releases that left it.

Memory does not grow with the record: who there is comes first, a line for each patient, then the record of so many
of them at a time as a file takes. Both as they were known at an entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Select, Table, and_, bindparam, func, or_, select
from sqlalchemy.engine import RowMapping

from tracker.clinical.record import Episode, Note, PatientRecord, Visit
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
from tracker.database.known import known, parse_known_date, read_date
from tracker.database.queries import (
    episode_of,
    imaging_finding_of,
    in_order_of_onset,
    pain_score_of,
    vitamin_d_of,
)
from tracker.database.release_tables import EXPORT_MADE, RELEASE_KEY
from tracker.database.tables import (
    CLINIC,
    EPISODE,
    EPISODE_DETAILS,
    IMAGING_FINDING,
    LEDGER_ENTRY,
    NOTE,
    PAIN_SCORE,
    PATIENT_DETAILS,
    VISIT,
    VISIT_DETAILS,
    VITAMIN_D,
)
from tracker.dates import PartialDate

Fact = TypeVar("Fact")
_Rows = Mapping[int, Sequence[RowMapping]]

# one parameter for all: a parameter for each patient is made anew for every query
_CHOSEN: BindParameter[Sequence[int]] = bindparam("chosen", expanding=True)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient in one line: what a cohort is chosen by. Visits are the earliest and the latest possible day of any."""

    patient_id: int
    patient_code: str
    clinic_code: str
    sex: Sex
    birth: PartialDate | None
    episodes: tuple[Episode, ...]
    first_visit: date | None
    last_visit: date | None


def last_clinical_entry(connection: Connection, *, known_until: int | None = None) -> int:
    """Give the newest entry, up to `known_until`, that is not itself about an export; 0 where there is none."""
    exports = select(EXPORT_MADE.c.recorded_by)
    query = select(func.max(LEDGER_ENTRY.c.entry_id)).where(LEDGER_ENTRY.c.entry_id.not_in(exports))
    if known_until is not None:
        query = query.where(LEDGER_ENTRY.c.entry_id <= known_until)
    return connection.scalar(query) or 0


def release_secret(connection: Connection, release_name: str) -> str | None:
    """Give the secret of a release; None where there is no such release yet."""
    query = select(RELEASE_KEY.c.secret).where(
        RELEASE_KEY.c.release_name == release_name, RELEASE_KEY.c.retracted_by.is_(None)
    )
    return connection.scalar(query)


@dataclass(frozen=True, slots=True)
class FormerExport:
    """What the ledger says of an export that was made."""

    entry_id: int
    recorded_at: datetime
    n_patients: int


def last_export(connection: Connection, release_name: str, selection: str) -> FormerExport | None:
    """Give the last export of a release with the same filters; None where there is none yet."""
    query = (
        select(EXPORT_MADE.c.recorded_by, LEDGER_ENTRY.c.recorded_at, EXPORT_MADE.c.n_patients)
        .join(LEDGER_ENTRY, LEDGER_ENTRY.c.entry_id == EXPORT_MADE.c.recorded_by)
        .where(EXPORT_MADE.c.release_name == release_name, EXPORT_MADE.c.selection == selection)
        .order_by(EXPORT_MADE.c.recorded_by.desc())
    )
    row = connection.execute(query).first()
    return None if row is None else FormerExport(*row)


def people(connection: Connection, *, known_until: int, as_of: date, today: date) -> tuple[Person, ...]:
    """Read every patient in one line, in three queries.

    Parameters
    ----------
    connection : Connection
        Open for reading.
    known_until : int
        The last entry to take into account.
    as_of, today : datetime.date
        As `PatientRecord.until` takes them: episodes and visits after that day are left out.
    """
    episodes: dict[int, list[Episode]] = defaultdict(list)
    for row in connection.execute(_of_identity(EPISODE, EPISODE_DETAILS, known_until)).mappings():
        episode = episode_of(row)
        if episode.onset is None or episode.onset.first <= as_of:
            episodes[row["patient_id"]].append(episode.until(as_of, today=today))
    visits = {row.patient_id: (row.first, row.last) for row in connection.execute(_spans(known_until, as_of, today))}
    query = (
        select(PATIENT_DETAILS, CLINIC.c.clinic_code)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(known(PATIENT_DETAILS, known_until))
    )
    found = (
        Person(
            patient_id=row["patient_id"],
            patient_code=row["patient_code"],
            clinic_code=row["clinic_code"],
            sex=Sex(row["sex"]),
            birth=read_date(row["birth"]),
            episodes=tuple(episodes[row["patient_id"]]),
            first_visit=visits.get(row["patient_id"], (None, None))[0],
            last_visit=visits.get(row["patient_id"], (None, None))[1],
        )
        for row in connection.execute(query).mappings()
    )
    # sorted here: databases disagree on the order of words
    return tuple(sorted(found, key=lambda person: (person.clinic_code, person.patient_code)))


def records_of(
    connection: Connection, chosen: Sequence[Person], *, known_until: int, with_notes: bool
) -> tuple[PatientRecord, ...]:
    """Read the records of some patients, in their order, in a number of queries that does not grow with them.

    Each is as `queries.patient_record` gives it, but for the order of notes, and without any unless `with_notes`.
    """
    reading = _Reading(connection, [person.patient_id for person in chosen], known_until)
    episodes = reading.of_identity(EPISODE, EPISODE_DETAILS)
    details, doses = reading.of_identity(TREATMENT, TREATMENT_DETAILS), reading.of_identity(TREATMENT, TREATMENT_DOSE)
    visits = reading.visits()
    at_visits = {
        table: reading.of_identity(VISIT, table)
        for table in (PAIN_SCORE, VITAMIN_D, IMAGING_FINDING, LAB_RESULT, FUNCTION_SCORE)
    }
    of_patients = (DIFFERENTIAL, CHECKLIST_ITEM, PREGNANCY_STATUS, FLAG_DECISION, *((NOTE,) if with_notes else ()))
    own = {table: reading.of_patient(table) for table in of_patients}

    def record(person: Person) -> PatientRecord:
        key = person.patient_id
        seen = sorted(_visits(visits.get(key, ())), key=lambda visit: (visit.visit_date.sort_key, visit.visit_id))
        dates = {visit.visit_id: visit.visit_date for visit in seen}
        places = {visit.visit_id: visit.visit_date.sort_key for visit in seen}

        def read(table: Table, make: Callable[[RowMapping, Mapping[int, PartialDate]], Fact]) -> tuple[Fact, ...]:
            there = at_visits[table].get(key)
            if there is None:  # of most kinds most patients have nothing
                return ()
            rows = [row for row in there if row["visit_id"] in dates]
            rows.sort(key=lambda row: (places[row["visit_id"]], row["row_id"]))
            return tuple(make(row, dates) for row in rows)

        return PatientRecord(
            patient_id=key,
            patient_code=person.patient_code,
            clinic_code=person.clinic_code,
            sex=person.sex,
            birth=person.birth,
            last_entry_id=known_until,
            episodes=tuple(episode_of(row) for row in episodes.get(key, ())),
            visits=tuple(seen),
            pain_scores=read(PAIN_SCORE, pain_score_of),
            vitamin_d=read(VITAMIN_D, vitamin_d_of),
            imaging=read(IMAGING_FINDING, imaging_finding_of),
            notes=_notes(own[NOTE].get(key, ()), dates) if with_notes else (),
            labs=read(LAB_RESULT, case_queries.lab_result),
            function_scores=read(FUNCTION_SCORE, case_queries.function_score),
            treatments=case_queries.treatments_of(details.get(key, ()), doses.get(key, ())),
            differential=case_queries.differential_of(own[DIFFERENTIAL].get(key, ())),
            checklist_items=case_queries.checklist_items_of(own[CHECKLIST_ITEM].get(key, ())),
            pregnancy=case_queries.pregnancy_of(own[PREGNANCY_STATUS].get(key, ())),
            flag_decisions=case_queries.flag_decisions_of(own[FLAG_DECISION].get(key, ())),
        )

    return tuple(record(person) for person in chosen)


class _Reading:
    """Rows of some patients, by patient."""

    def __init__(self, connection: Connection, patient_ids: Collection[int], known_until: int) -> None:
        self._connection, self._ids, self._known_until = connection, list(patient_ids), known_until

    def of_identity(self, identity: Table, facts: Table) -> _Rows:
        """Give the rows of facts that hang on an identity of a patient."""
        query = _of_identity(identity, facts, self._known_until).where(identity.c.patient_id.in_(_CHOSEN))
        return self._by_patient(query)

    def visits(self) -> _Rows:
        """Give the rows of visits: their dates as written, not the ends, which a date has in it."""
        query = _of_identity(VISIT, VISIT_DETAILS, self._known_until).where(VISIT.c.patient_id.in_(_CHOSEN))
        details = VISIT_DETAILS.c
        wanted = (details.visit_id, details.recorded_by, details.visit_date, VISIT.c.patient_id)
        return self._by_patient(query.with_only_columns(*wanted))

    def of_patient(self, facts: Table) -> _Rows:
        """Give the rows of facts that hang on the patient."""
        return self._by_patient(select(facts).where(facts.c.patient_id.in_(_CHOSEN), known(facts, self._known_until)))

    def _by_patient(self, query: Select[Any]) -> _Rows:
        found: dict[int, list[RowMapping]] = defaultdict(list)
        for row in self._connection.execute(query, {_CHOSEN.key: self._ids}).mappings().all():
            found[row["patient_id"]].append(row)
        return found


def _of_identity(identity: Table, facts: Table, known_until: int) -> Select[Any]:
    key = f"{identity.name}_id"
    query = (
        select(facts, identity.c.patient_id)
        .join(identity, identity.c[key] == facts.c[key])
        .where(known(facts, known_until))
    )
    return query.order_by(*in_order_of_onset()) if facts is EPISODE_DETAILS else query


def _spans(known_until: int, as_of: date, today: date) -> Select[Any]:
    """Select the earliest and the latest possible day of each patient's visits up to a day."""
    details = VISIT_DETAILS.c
    had_come = details.visit_date_last <= as_of
    if as_of >= today:
        had_come = or_(had_come, details.visit_date_first <= as_of)
    return (
        select(
            VISIT.c.patient_id,
            func.min(details.visit_date_first).label("first"),
            func.max(details.visit_date_last).label("last"),
        )
        .join(VISIT_DETAILS, details.visit_id == VISIT.c.visit_id)
        .where(and_(known(VISIT_DETAILS, known_until), had_come))
        .group_by(VISIT.c.patient_id)
    )


def _visits(rows: Sequence[RowMapping]) -> list[Visit]:
    return [Visit(row["visit_id"], row["recorded_by"], parse_known_date(row["visit_date"])) for row in rows]


def _notes(rows: Sequence[RowMapping], dates: Mapping[int, PartialDate]) -> tuple[Note, ...]:
    return tuple(
        Note(
            row_id=row["row_id"],
            entry_id=row["recorded_by"],
            visit_id=row["visit_id"],
            visit_date=None if row["visit_id"] is None else dates[row["visit_id"]],
            site=row["site"],
            text=row["text"],
        )
        for row in rows
        if row["visit_id"] is None or row["visit_id"] in dates
    )
