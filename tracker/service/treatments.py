"""Record, correct, end and take back treatments, with their doses over time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from tracker.clinical.case_record import Treatment
from tracker.clinical.dictionary import check_value
from tracker.clinical.record import PatientRecord
from tracker.clinical.vocabulary import DoseUnit
from tracker.clinical.word_lists import WordList, word_label
from tracker.database import lookups, queries
from tracker.database.ledger import Draft, Origin
from tracker.database.session import Database
from tracker.dates import PartialDate
from tracker.errors import ConflictError, InputError, NotFoundError
from tracker.service.statements import check_not_future
from tracker.service.writing import Confirm, Written, write


@dataclass(frozen=True, slots=True)
class NewDose:
    """A dose from a day on; `since` is None where it is the day the treatment began."""

    dose: float
    dose_unit: DoseUnit
    schedule: str | None = None
    since: PartialDate | None = None

    def check(self) -> None:
        """Refuse an amount, unit, text or date that is not allowed (`InputError`)."""
        check_value("dose", self.dose)
        check_value("dose_unit", self.dose_unit)
        if self.schedule is not None:
            check_value("schedule", self.schedule)
        if self.since is not None:
            check_value("dose_since", self.since)


@dataclass(frozen=True, slots=True)
class NewTreatment:
    """A treatment as first recorded; `started` is None where nobody knows it."""

    treatment: str
    words: str | None = None
    site: str | None = None
    started: PartialDate | None = None
    ended: PartialDate | None = None
    ending_reason: str | None = None
    dose: NewDose | None = None


@dataclass(frozen=True, slots=True)
class TreatmentEnd:
    """The day on which a treatment that goes on ended."""

    treatment_id: int
    ended: PartialDate


@dataclass(frozen=True, slots=True)
class TreatmentChange:
    """What to correct; None leaves as it is. A `dose` replaces one from the same day, or is added.

    `void_dose` takes back the dose from that day.
    """

    treatment: str | None = None
    words: str | None = None
    site: str | None = None
    started: PartialDate | None = None
    ended: PartialDate | None = None
    ending_reason: str | None = None
    dose: NewDose | None = None
    void_dose: PartialDate | None = None


def add_treatment(
    database: Database,
    patient_code: str,
    new: NewTreatment,
    origin: Origin,
    *,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Record a treatment, and its first dose.

    Parameters
    ----------
    confirm : callable, optional
        Asked once with the soft warnings, where somebody can answer.

    Raises
    ------
    InputError, NotFoundError
        If a code, word or date is not allowed, a day lies in the future, or a dose has no day.
    DeclinedError
        If `confirm` said no.
    """
    today = origin.recorded_at.date()
    with database.reading() as connection:
        patient_id = queries.patient_record(connection, patient_code).patient_id

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        lookups.require_current_patient(connection, patient_id, patient_code)
        return draft_treatment(draft, queries.patient_record(connection, patient_code), new, today=today)

    return write(database, origin, build, confirm=confirm, dry_run=dry_run)


def draft_treatment(draft: Draft, record: PatientRecord, new: NewTreatment, *, today: date) -> tuple[str, ...]:
    """Draft a new treatment of a patient; give what is unusual about it."""
    treatment = check_new_treatment(new, today=today)
    treatment_id = draft.identity("treatment", patient_id=record.patient_id)
    draft.record("treatment_details", _details(replace(treatment, treatment_id=treatment_id)))
    if new.dose is not None:
        _draft_dose(draft, treatment_id, _dated(new.dose, treatment, today=today))
    return tuple(_unusual(record, treatment))


def check_new_treatment(new: NewTreatment, *, today: date) -> Treatment:
    """Refuse a code, word or date that is not allowed; give the treatment without a number and its doses."""
    treatment = Treatment(0, 0, new.treatment, new.words, new.site, new.started, new.ended, new.ending_reason, doses=())
    check_treatment(treatment, today=today)
    return treatment


def draft_end(connection: Connection, draft: Draft, record: PatientRecord, end: TreatmentEnd, *, today: date) -> None:
    """Draft that a treatment ended, beside other changes of the same entry."""
    new = check_end(record, end, today=today)
    row = lookups.current_details(connection, "treatment_details", treatment_id=end.treatment_id)
    draft.retract("treatment_details", row["row_id"])
    draft.record("treatment_details", _details(new))


def check_end(record: PatientRecord, end: TreatmentEnd, *, today: date) -> Treatment:
    """Refuse an end that cannot be; give the treatment as it then is.

    Raises
    ------
    NotFoundError
        If the record holds no such treatment.
    ConflictError
        If it has ended already.
    InputError
        If the day lies in the future, before the start or before a dose.
    """
    old = find_treatment(record, end.treatment_id)
    _refuse_ended(old)
    new = replace(old, ended=end.ended)
    check_treatment(new, today=today)
    for held in old.doses:
        check_dose_day(held.dose_since, new)
    return new


def edit_treatment(
    database: Database,
    treatment_id: int,
    change: TreatmentChange,
    origin: Origin,
    *,
    dry_run: bool = False,
) -> Written:
    """Correct a treatment, end it, or change its dose.

    Raises
    ------
    NotFoundError
        If there is no such treatment, or no dose from the day whose dose is to be taken back.
    InputError
        If nothing would change, or a value is not allowed.
    """
    if change == TreatmentChange():
        raise InputError(
            "Nothing to change was named.", hint="Give at least one of --treatment, --from, --until, --site, --words."
        )
    return _amend(database, treatment_id, lambda _: change, origin, dry_run=dry_run)


def end_treatment(
    database: Database,
    treatment_id: int,
    origin: Origin,
    *,
    ended: PartialDate,
    dry_run: bool = False,
) -> Written:
    """End a treatment that goes on; the origin's reason, if there is one, is kept as the ending reason.

    Raises
    ------
    ConflictError
        If it has ended already.
    NotFoundError, InputError
        As `edit_treatment`.
    """

    def end(old: Treatment) -> TreatmentChange:
        _refuse_ended(old)
        return TreatmentChange(ended=ended, ending_reason=origin.reason)

    return _amend(database, treatment_id, end, origin, dry_run=dry_run)


def void_treatment(database: Database, treatment_id: int, origin: Origin, *, dry_run: bool = False) -> Written:
    """Take a treatment back with its doses; `tracker undo` restores it (`NotFoundError` if there is none)."""

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        record = queries.patient_record(connection, lookups.code_of_treatment(connection, treatment_id))
        row = lookups.current_details(connection, "treatment_details", treatment_id=treatment_id)
        draft.retract("treatment_details", row["row_id"])
        for dose in find_treatment(record, treatment_id).doses:
            draft.retract("treatment_dose", dose.row_id)
        return ()

    return write(database, origin, build, dry_run=dry_run)


def treatment_owner(database: Database, treatment_id: int) -> PatientRecord:
    """Give the record of the patient a treatment belongs to (`NotFoundError` if none)."""
    with database.reading() as connection:
        return queries.patient_record(connection, lookups.code_of_treatment(connection, treatment_id))


def find_treatment(record: PatientRecord, treatment_id: int) -> Treatment:
    """Find a treatment of a record by its number (`NotFoundError` if it is not there)."""
    for treatment in record.treatments:
        if treatment.treatment_id == treatment_id:
            return treatment
    raise NotFoundError(
        f"There is no treatment {treatment_id}.", hint=f"See: tracker treatment list {record.patient_code}"
    )


def _amend(
    database: Database,
    treatment_id: int,
    change_of: Callable[[Treatment], TreatmentChange],
    origin: Origin,
    *,
    dry_run: bool,
) -> Written:
    today = origin.recorded_at.date()

    def build(connection: Connection, draft: Draft) -> tuple[str, ...]:
        record = queries.patient_record(connection, lookups.code_of_treatment(connection, treatment_id))
        old = find_treatment(record, treatment_id)
        change = change_of(old)
        new = _changed(old, change)
        check_treatment(new, today=today)
        if _details(new) != _details(old):
            row = lookups.current_details(connection, "treatment_details", treatment_id=treatment_id)
            draft.retract("treatment_details", row["row_id"])
            draft.record("treatment_details", _details(new))
        if change.void_dose is not None:
            _void_dose(draft, old, change.void_dose)
        if change.dose is not None:
            _replace_dose(draft, old, _dated(change.dose, new, today=today))
        for held in old.doses:
            if held.dose_since != change.void_dose:
                check_dose_day(held.dose_since, new)
        if draft.content.is_empty:
            raise InputError(f"Treatment {treatment_id} already is so.", hint="Nothing to correct.")
        return ()

    return write(database, origin, build, dry_run=dry_run)


def _refuse_ended(old: Treatment) -> None:
    if old.ended is not None:
        raise ConflictError(
            f"Treatment {old.treatment_id} ended already, {old.ended.in_words()}.",
            hint=f"To correct that: tracker treatment edit {old.treatment_id} --until DATE",
        )


def _changed(old: Treatment, change: TreatmentChange) -> Treatment:
    return replace(
        old,
        treatment=change.treatment or old.treatment,
        words=change.words or old.words,
        site=change.site or old.site,
        started=change.started or old.started,
        ended=change.ended or old.ended,
        ending_reason=change.ending_reason or old.ending_reason,
    )


def _details(treatment: Treatment) -> dict[str, object]:
    names = ("treatment_id", "treatment", "words", "site", "started", "ended", "ending_reason")
    return {name: getattr(treatment, name) for name in names}


def check_treatment(treatment: Treatment, *, today: date) -> None:
    """Refuse a code, word or date that is not allowed, or an end before the start (`InputError`, `NotFoundError`)."""
    check_value("treatment", treatment.treatment)
    fields = {"words": "treatment_words", "site": "site", "ending_reason": "ending_reason"}
    for name, field in fields.items():
        if getattr(treatment, name) is not None:
            check_value(field, getattr(treatment, name))
    for name in ("started", "ended"):
        day = getattr(treatment, name)
        if day is not None:
            check_not_future(day, today=today)
            check_value(name, day)
    if treatment.treatment == "other" and treatment.words is None:
        raise InputError("The treatment 'other' needs words.", hint="Say what it was: --words 'compression stocking'.")
    if treatment.ending_reason is not None and treatment.ended is None:
        raise InputError("A treatment that goes on has no reason why it ended.", hint="Give its end: --until DATE.")
    if treatment.started is not None and treatment.ended is not None and treatment.ended.last < treatment.started.first:
        raise InputError(
            f"The end {treatment.ended.in_words()} lies before the start ({treatment.started.in_words()}).",
            hint="Correct one of them.",
        )


def _dated(dose: NewDose, treatment: Treatment, *, today: date) -> NewDose:
    """Give the dose with its day, which must lie within the treatment."""
    dated = dose if dose.since is not None else replace(dose, since=treatment.started)
    if dated.since is None:
        raise InputError("The dose has no day, and the start of the treatment is not known.", hint="Give --from DATE.")
    dated.check()
    check_not_future(dated.since, today=today)
    check_dose_day(dated.since, treatment)
    return dated


def check_dose_day(since: PartialDate, treatment: Treatment) -> None:
    """Refuse a dose from a day outside its treatment (`InputError`)."""
    started, ended = treatment.started, treatment.ended
    too_early = started is not None and since.last < started.first
    if too_early or (ended is not None and since.first > ended.last):
        raise InputError(
            f"The dose from {since.in_words()} lies outside the treatment.",
            hint="Correct one of the dates, or take the dose back: tracker treatment dose NUMBER void --from DATE.",
        )


def _draft_dose(draft: Draft, treatment_id: int, dose: NewDose) -> None:
    values = {"dose": dose.dose, "dose_unit": dose.dose_unit, "schedule": dose.schedule}
    draft.record("treatment_dose", {"treatment_id": treatment_id, "dose_since": dose.since, **values})


def _replace_dose(draft: Draft, treatment: Treatment, dose: NewDose) -> None:
    for held in treatment.doses:
        if held.dose_since == dose.since:
            if (held.dose, held.dose_unit, held.schedule) == (dose.dose, dose.dose_unit, dose.schedule):
                return
            draft.retract("treatment_dose", held.row_id)
    _draft_dose(draft, treatment.treatment_id, dose)


def _void_dose(draft: Draft, treatment: Treatment, since: PartialDate) -> None:
    rows = [held.row_id for held in treatment.doses if held.dose_since == since]
    if not rows:
        days = ", ".join(str(held.dose_since) for held in treatment.doses) or "none"
        raise NotFoundError(
            f"Treatment {treatment.treatment_id} has no dose from {since}; days with a dose: {days}.",
            hint="Write the day as it stands there.",
        )
    for row_id in rows:
        draft.retract("treatment_dose", row_id)


def _unusual(record: PatientRecord, new: Treatment) -> Iterator[str]:
    for held in record.treatments:
        if (held.treatment, held.words, held.site, held.ended) == (new.treatment, new.words, new.site, None):
            label = word_label(WordList.TREATMENT, new.treatment)
            since = "start not known" if held.started is None else f"since {held.started.in_words()}"
            yield (
                f"{record.patient_code} already has {label}, treatment {held.treatment_id}, {since}; "
                "this makes a second one."
            )
    if record.birth is not None and new.started is not None and new.started.last < record.birth.first:
        yield f"The treatment starts before the birth of {record.patient_code} ({record.birth})."
