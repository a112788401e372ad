"""Record, correct and take back what is said of a patient on a day: one way for every kind of statement.

A statement replaces one about the same thing on the same day; one of another day stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.record import PatientRecord
from tracker.clinical.sites import find_site
from tracker.clinical.word_lists import WordList, word_label
from tracker.database import lookups, queries
from tracker.database.entries import from_row
from tracker.database.ledger import Draft, Origin
from tracker.database.session import Database
from tracker.database.tables import KEYS_OF_CURRENT_ROWS
from tracker.dates import PartialDate
from tracker.errors import ConflictError, InputError, NotFoundError
from tracker.service.new_statements import NewStatement
from tracker.service.writing import Confirm, Written, write

_KINDS = {
    "differential": "verdict",
    "checklist_item": "statement",
    "pregnancy_status": "statement about pregnancy",
    "flag_decision": "decision on a flag",
}


def record_statements(
    database: Database,
    patient_code: str,
    statements: Sequence[NewStatement],
    origin: Origin,
    *,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Record statements about a patient as one ledger entry.

    Parameters
    ----------
    statements : sequence of NewStatement
        Of any kinds; what the record holds already is left as it is.
    confirm : callable, optional
        Asked once with the soft warnings, where somebody can answer.

    Raises
    ------
    InputError
        If a value is not allowed, a day lies in the future, or all of it is recorded already.
    ConflictError
        If one thing is said twice, or the patient was taken back or renamed meanwhile.
    DeclinedError
        If `confirm` said no.
    """
    for statement in statements:
        statement.check()
        check_not_future(statement.said_on, today=origin.recorded_at.date())
    _refuse_twice(statements)
    with database.reading() as connection:
        patient_id = queries.patient_record(connection, patient_code).patient_id

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        lookups.require_current_patient(connection, patient_id, patient_code)
        record = queries.patient_record(connection, patient_code)
        for statement in statements:
            _draft(connection, draft, statement, patient_id)
        if draft.content.is_empty:
            raise InputError("All of it is recorded already.", hint=f"See: tracker patient show {patient_code}")
        return tuple(dict.fromkeys(warning for one in statements for warning in _unusual(record, one)))

    return write(database, origin, build, confirm=confirm, dry_run=dry_run)


def void_statements(
    database: Database,
    patient_code: str,
    table: str,
    match: Mapping[str, object],
    origin: Origin,
    *,
    dry_run: bool = False,
) -> Written:
    """Take back the statements of one kind whose columns hold these values; `tracker undo` restores them.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    with database.reading() as connection:
        patient_id = queries.patient_record(connection, patient_code).patient_id

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        lookups.require_current_patient(connection, patient_id, patient_code)
        rows = lookups.current_rows(connection, table, patient_id=patient_id, **match)
        if not rows:
            raise NotFoundError(
                f"The record of {patient_code} holds no {_looked_for(table, match)}.",
                hint=f"See what it holds: tracker patient show {patient_code}",
            )
        for row in rows:
            draft.retract_row(table, row)
        return ()

    return write(database, origin, build, dry_run=dry_run)


def _looked_for(table: str, match: Mapping[str, object]) -> str:
    """Name what was looked for as people say it: `verdict on infection for Thu 2020-01-01`."""
    about = match.get("about")
    lists = {"cause": WordList.CAUSE, "item": WordList.ITEM}
    what = [word_label(words, str(match[name])) for name, words in lists.items() if name in match]
    of = f" on {what[0]}" if what else f" of the list {match['checklist']}" if "checklist" in match else ""
    place = "" if about in (None, PATIENT_AS_A_WHOLE) else f" at {find_site(str(about)).label}"
    days = [value.in_words() for value in match.values() if isinstance(value, PartialDate)]
    return f"{_KINDS[table]}{of}{place}{''.join(f' for {day}' for day in days)}"


def check_not_future(day: PartialDate, *, today: date) -> None:
    """Refuse a day that lies in the future (`InputError`)."""
    if day.first > today:
        raise InputError(
            f"The day '{day}' lies in the future; today is {PartialDate.on(today).in_words()}.",
            hint="Give a day up to today.",
        )


def _draft(connection: Connection, draft: Draft, statement: NewStatement, patient_id: int) -> None:
    values = {"patient_id": patient_id, **statement.values()}
    (key,) = KEYS_OF_CURRENT_ROWS[statement.table]
    held = lookups.current_rows(connection, statement.table, **{name: values[name] for name in key})
    if any(from_row(statement.table, row) == values for row in held):
        return
    for row in held:
        draft.retract_row(statement.table, row)
    draft.record(statement.table, values)


def _refuse_twice(statements: Sequence[NewStatement]) -> None:
    keys = [_key(statement) for statement in statements]
    for statement, key in zip(statements, keys, strict=True):
        if keys.count(key) > 1:
            said = " ".join(str(value) for value in key[1:])
            raise ConflictError(
                f"{statement.table.replace('_', ' ')} was given twice: {said}.", hint="Give one of them."
            )


def _key(statement: NewStatement) -> tuple[object, ...]:
    (names,) = KEYS_OF_CURRENT_ROWS[statement.table]
    values = statement.values()
    return (statement.table, *(values[name] for name in names if name in values))


def _unusual(record: PatientRecord, statement: NewStatement) -> Iterator[str]:
    yield from statement.unusual(record)
    if record.birth is not None and statement.said_on.last < record.birth.first:
        yield f"{statement.said_on.in_words()} lies before the birth of {record.patient_code} ({record.birth})."
