"""Reading the record: one patient whole, or a line per patient; current, or as it was known.

"As it was known at entry k" means: rows recorded by an entry up to k, and not taken back
by an entry up to k.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MINYEAR, UTC, datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select
from sqlalchemy.engine import RowMapping

from tracker.clinical.record import Episode, ImagingFinding, Note, PainScore, PatientRecord, Visit, VitaminDResult
from tracker.clinical.vocabulary import (
    Aspect,
    Comparator,
    EdemaPattern,
    Finding,
    Instrument,
    MissingReason,
    Modality,
    OnsetMode,
    Presence,
    Sex,
    VitaminDUnit,
)
from tracker.database import case_queries
from tracker.database.case_tables import FUNCTION_SCORE, LAB_RESULT
from tracker.database.known import known, read_date, read_word, word_of
from tracker.database.recording_order import RecordingOrder
from tracker.database.tables import (
    CLINIC,
    DEFAULT_CLINIC_CODE,
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
from tracker.errors import NotFoundError

_N_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """One line of a patient list; `last_visit` is the visit with the latest first possible day, then last."""

    patient_code: str
    clinic_code: str
    sex: Sex
    birth: PartialDate | None
    n_visits: int
    last_visit: PartialDate | None
    open_sites: tuple[str, ...]


def patient_record(
    connection: Connection,
    patient_code: str,
    *,
    clinic_code: str = DEFAULT_CLINIC_CODE,
    known_until: int | None = None,
) -> PatientRecord:
    """Read everything that is recorded of one patient.

    Parameters
    ----------
    connection : Connection
        Open for reading.
    patient_code, clinic_code : str
        As they were known at `known_until`.
    known_until : int, optional
        The last ledger entry to take into account; all of them if not given.

    Returns
    -------
    PatientRecord
        Facts sorted by first possible day, last possible day, and order of recording.
        A fact whose visit was taken back is not shown.

    Raises
    ------
    NotFoundError
        If nobody has that code; the nearest ones are named.
    """
    details = _find_patient(connection, patient_code, clinic_code, known_until)
    newest = connection.scalar(select(func.max(LEDGER_ENTRY.c.entry_id))) or 0
    patient_id = details["patient_id"]
    visits = _visits(connection, patient_id, known_until)
    dates = {visit.visit_id: visit.visit_date for visit in visits}
    order = RecordingOrder(connection)

    def visit_facts(table: Table) -> list[RowMapping]:
        at_visits = table.c.visit_id.in_(select(VISIT.c.visit_id).where(VISIT.c.patient_id == patient_id))
        rows = connection.execute(select(table).where(at_visits, known(table, known_until))).mappings()
        found = order.sort(table, (row for row in rows if row["visit_id"] in dates))
        return sorted(found, key=lambda row: dates[row["visit_id"]])

    return PatientRecord(
        patient_id=patient_id,
        patient_code=details["patient_code"],
        clinic_code=clinic_code,
        sex=Sex(details["sex"]),
        birth=read_date(details["birth"]),
        last_entry_id=newest if known_until is None else min(known_until, newest),
        episodes=_episodes(connection, patient_id, known_until),
        visits=visits,
        pain_scores=tuple(pain_score_of(row, dates) for row in visit_facts(PAIN_SCORE)),
        vitamin_d=tuple(vitamin_d_of(row, dates) for row in visit_facts(VITAMIN_D)),
        imaging=tuple(imaging_finding_of(row, dates) for row in visit_facts(IMAGING_FINDING)),
        notes=_notes(connection, patient_id, known_until, dates, order),
        labs=tuple(case_queries.lab_result(row, dates) for row in visit_facts(LAB_RESULT)),
        function_scores=tuple(case_queries.function_score(row, dates) for row in visit_facts(FUNCTION_SCORE)),
        treatments=case_queries.treatments(connection, patient_id, known_until),
        differential=case_queries.differential(connection, patient_id, known_until),
        checklist_items=case_queries.checklist_items(connection, patient_id, known_until),
        pregnancy=case_queries.pregnancy(connection, patient_id, known_until),
        flag_decisions=case_queries.flag_decisions(connection, patient_id, known_until),
    )


def patient_codes(
    connection: Connection, *, clinic_code: str = DEFAULT_CLINIC_CODE, known_until: int | None = None
) -> tuple[str, ...]:
    """List the codes of a clinic's patients, sorted."""
    query = (
        select(PATIENT_DETAILS.c.patient_code)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(CLINIC.c.clinic_code == clinic_code, known(PATIENT_DETAILS, known_until))
    )
    # sorted here: databases disagree on the order of words
    return tuple(sorted(connection.scalars(query)))


def list_patients(connection: Connection, *, known_until: int | None = None) -> tuple[PatientSummary, ...]:
    """Summarize every patient, sorted by clinic and code, in three queries."""
    patients = connection.execute(
        select(PATIENT_DETAILS, CLINIC.c.clinic_code)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(known(PATIENT_DETAILS, known_until))
    ).mappings()
    last_visits = {row.patient_id: row for row in connection.execute(_last_visits(known_until))}
    open_sites: dict[int, list[str]] = {}
    for patient_id, site in connection.execute(
        select(EPISODE.c.patient_id, EPISODE_DETAILS.c.site)
        .join(EPISODE_DETAILS, EPISODE_DETAILS.c.episode_id == EPISODE.c.episode_id)
        .where(known(EPISODE_DETAILS, known_until), EPISODE_DETAILS.c.closed_on.is_(None))
    ):
        open_sites.setdefault(patient_id, []).append(site)
    summaries = (
        PatientSummary(
            patient_code=row["patient_code"],
            clinic_code=row["clinic_code"],
            sex=Sex(row["sex"]),
            birth=read_date(row["birth"]),
            n_visits=last_visits[row["patient_id"]].n_visits if row["patient_id"] in last_visits else 0,
            last_visit=read_date(last_visits[row["patient_id"]].visit_date)
            if row["patient_id"] in last_visits
            else None,
            open_sites=tuple(sorted(open_sites.get(row["patient_id"], ()))),
        )
        for row in patients
    )
    return tuple(sorted(summaries, key=lambda summary: (summary.clinic_code, summary.patient_code)))


def entry_at(connection: Connection, moment: datetime) -> int:
    """Give the last entry recorded at or before an aware moment; 0 where there was none yet."""
    query = select(func.max(LEDGER_ENTRY.c.entry_id))
    try:
        query = query.where(LEDGER_ENTRY.c.recorded_at <= moment.astimezone(UTC))
    except (OverflowError, ValueError):
        # in UTC it is before the first or after the last year that can be written
        if moment.year == MINYEAR:
            return 0
    return connection.scalar(query) or 0


def _find_patient(connection: Connection, patient_code: str, clinic_code: str, known_until: int | None) -> RowMapping:
    query = (
        select(PATIENT_DETAILS)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(
            PATIENT_DETAILS.c.patient_code == patient_code,
            CLINIC.c.clinic_code == clinic_code,
            known(PATIENT_DETAILS, known_until),
        )
    )
    found = connection.execute(query).mappings().first()
    if found is not None:
        return found
    if known_until is not None:
        _refuse_what_came_later(connection, patient_code, clinic_code, known_until)
    raise _no_patient(connection, patient_code, clinic_code, known_until)


def require_code_ever(connection: Connection, patient_code: str, *, clinic_code: str = DEFAULT_CLINIC_CODE) -> None:
    """Refuse a code that no patient has or once had (`NotFoundError`)."""
    if not _entries_of_code(connection, patient_code, clinic_code):
        raise _no_patient(connection, patient_code, clinic_code, None)


def _refuse_what_came_later(connection: Connection, patient_code: str, clinic_code: str, known_until: int) -> None:
    """Say of a code that was recorded only after the entry that it was not there yet."""
    entries = _entries_of_code(connection, patient_code, clinic_code)
    if entries and min(entries) > known_until:
        raise NotFoundError(
            f"Patient '{patient_code}' was not recorded yet at that moment; entry {min(entries)} did so later.",
            hint=f"Ask for a later moment. When it was recorded: tracker log {min(entries)}",
        )


def _entries_of_code(connection: Connection, patient_code: str, clinic_code: str) -> tuple[int, ...]:
    query = (
        select(PATIENT_DETAILS.c.recorded_by)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(PATIENT_DETAILS.c.patient_code == patient_code, CLINIC.c.clinic_code == clinic_code)
    )
    return tuple(connection.scalars(query))


def _no_patient(connection: Connection, patient_code: str, clinic_code: str, known_until: int | None) -> NotFoundError:
    codes = patient_codes(connection, clinic_code=clinic_code, known_until=known_until)
    near = _nearest(patient_code, codes)
    where = "" if clinic_code == DEFAULT_CLINIC_CODE else f" in clinic '{clinic_code}'"
    when = "" if known_until is None else " at that moment"
    return NotFoundError(
        f"No patient '{patient_code}'{where}{when}." + (f" Did you mean {near}?" if near else ""),
        hint="List patients: tracker patient list",
    )


def _nearest(patient_code: str, codes: tuple[str, ...]) -> str:
    by_lower = {code.lower(): code for code in codes}
    found = [by_lower[lower] for lower in get_close_matches(patient_code.lower(), by_lower, n=_N_SUGGESTIONS)]
    return " or ".join(f"'{code}'" for code in found)


def _visits(connection: Connection, patient_id: int, known_until: int | None) -> tuple[Visit, ...]:
    query = (
        select(VISIT_DETAILS)
        .join(VISIT, VISIT.c.visit_id == VISIT_DETAILS.c.visit_id)
        .where(VISIT.c.patient_id == patient_id, known(VISIT_DETAILS, known_until))
        .order_by(VISIT_DETAILS.c.visit_date_first, VISIT_DETAILS.c.visit_date_last, VISIT_DETAILS.c.visit_id)
    )
    return tuple(
        Visit(row["visit_id"], row["recorded_by"], PartialDate.parse(row["visit_date"]))
        for row in connection.execute(query).mappings()
    )


def _episodes(connection: Connection, patient_id: int, known_until: int | None) -> tuple[Episode, ...]:
    query = (
        select(EPISODE_DETAILS)
        .join(EPISODE, EPISODE.c.episode_id == EPISODE_DETAILS.c.episode_id)
        .where(EPISODE.c.patient_id == patient_id, known(EPISODE_DETAILS, known_until))
        .order_by(*in_order_of_onset())
    )
    return tuple(episode_of(row) for row in connection.execute(query).mappings())


def in_order_of_onset() -> tuple[ColumnElement[Any], ...]:
    """Order episodes by onset; those of unknown onset come last."""
    details = EPISODE_DETAILS.c
    return details.onset_first.is_(None), details.onset_first, details.onset_last, details.episode_id


def episode_of(row: RowMapping) -> Episode:
    """Read an episode from a row of its details."""
    return Episode(
        episode_id=row["episode_id"],
        entry_id=row["recorded_by"],
        site=row["site"],
        onset=read_date(row["onset"]),
        mode=read_word(OnsetMode, row["onset_mode"]),
        closed_on=read_date(row["closed_on"]),
        closing_reason=row["closing_reason"],
    )


def _notes(
    connection: Connection,
    patient_id: int,
    known_until: int | None,
    dates: Mapping[int, PartialDate],
    order: RecordingOrder,
) -> tuple[Note, ...]:
    query = select(NOTE).where(NOTE.c.patient_id == patient_id, known(NOTE, known_until))
    rows = order.sort(NOTE, connection.execute(query).mappings())
    about_patient = [row for row in rows if row["visit_id"] is None]
    at_visits = sorted((row for row in rows if row["visit_id"] in dates), key=lambda row: dates[row["visit_id"]])
    return tuple(
        Note(
            row_id=row["row_id"],
            entry_id=row["recorded_by"],
            visit_id=row["visit_id"],
            visit_date=None if row["visit_id"] is None else dates[row["visit_id"]],
            site=row["site"],
            text=row["text"],
        )
        for row in [*about_patient, *at_visits]
    )


def _last_visits(known_until: int | None) -> Select[int, str, int]:
    """Select the latest visit and the number of visits of each patient."""
    # as `patient_record` sorts: '2026' does not hide a later visit of that year whose day is known
    latest_first = (VISIT_DETAILS.c.visit_date_first.desc(), VISIT_DETAILS.c.visit_date_last.desc())
    visits = (
        select(
            VISIT.c.patient_id,
            VISIT_DETAILS.c.visit_date,
            func.count().over(partition_by=VISIT.c.patient_id).label("n_visits"),
            func.row_number()
            .over(partition_by=VISIT.c.patient_id, order_by=(*latest_first, VISIT.c.visit_id.desc()))
            .label("rank"),
        )
        .join(VISIT_DETAILS, VISIT_DETAILS.c.visit_id == VISIT.c.visit_id)
        .where(known(VISIT_DETAILS, known_until))
        .subquery()
    )
    return select(visits.c.patient_id, visits.c.visit_date, visits.c.n_visits).where(visits.c.rank == 1)


def pain_score_of(row: RowMapping, dates: Mapping[int, PartialDate]) -> PainScore:
    """Read a pain score from its row and the dates of the visits."""
    return PainScore(
        row_id=row["row_id"],
        entry_id=row["recorded_by"],
        visit_id=row["visit_id"],
        visit_date=dates[row["visit_id"]],
        site=row["site"],
        instrument=word_of(Instrument, row["instrument"]),
        aspect=word_of(Aspect, row["aspect"]),
        score=row["score"],
        missing_reason=read_word(MissingReason, row["missing_reason"]),
    )


def vitamin_d_of(row: RowMapping, dates: Mapping[int, PartialDate]) -> VitaminDResult:
    """Read a vitamin D result from its row and the dates of the visits."""
    return VitaminDResult(
        row_id=row["row_id"],
        entry_id=row["recorded_by"],
        visit_id=row["visit_id"],
        visit_date=dates[row["visit_id"]],
        value=row["value"],
        unit=read_word(VitaminDUnit, row["unit"]),
        comparator=read_word(Comparator, row["comparator"]),
        assay=row["assay"],
        missing_reason=read_word(MissingReason, row["missing_reason"]),
    )


def imaging_finding_of(row: RowMapping, dates: Mapping[int, PartialDate]) -> ImagingFinding:
    """Read an imaging finding from its row and the dates of the visits."""
    return ImagingFinding(
        row_id=row["row_id"],
        entry_id=row["recorded_by"],
        visit_id=row["visit_id"],
        visit_date=dates[row["visit_id"]],
        modality=word_of(Modality, row["modality"]),
        site=row["site"],
        finding=word_of(Finding, row["finding"]),
        presence=word_of(Presence, row["presence"]),
        edema_percent=row["edema_percent"],
        edema_grade=row["edema_grade"],
        edema_pattern=read_word(EdemaPattern, row["edema_pattern"]),
    )
