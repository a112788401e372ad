"""Reading the rest of a case: rows of `tracker.database.case_tables` as values of `tracker.clinical.case_record`.

What hangs on the patient is sorted by date, then by what it is about, never by row id: a fact
that was undone and brought back stays where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from sqlalchemy import Connection, Table, select
from sqlalchemy.engine import RowMapping

from tracker.clinical.case_record import (
    CauseVerdict,
    ChecklistItem,
    Dose,
    FlagDecision,
    FunctionScore,
    LabResult,
    PregnancyStatus,
    Treatment,
)
from tracker.clinical.vocabulary import (
    CauseState,
    Checklist,
    Comparator,
    DoseUnit,
    FlagDecisionWord,
    LabJudgement,
    MissingReason,
    PregnancyState,
    Presence,
)
from tracker.clinical.word_lists import WordList, word_list
from tracker.database.case_tables import (
    CHECKLIST_ITEM,
    DIFFERENTIAL,
    FLAG_DECISION,
    PREGNANCY_STATUS,
    TREATMENT,
    TREATMENT_DETAILS,
    TREATMENT_DOSE,
)
from tracker.database.known import known, read_date, read_word
from tracker.dates import PartialDate

_EXAMINATION = ("examined_on", "checklist", "about")


def lab_result(row: RowMapping, dates: Mapping[int, PartialDate]) -> LabResult:
    """Make a laboratory result of its row; `dates` are those of the visits."""
    return LabResult(
        row_id=row["row_id"],
        entry_id=row["recorded_by"],
        visit_id=row["visit_id"],
        visit_date=dates[row["visit_id"]],
        analyte=row["analyte"],
        value=row["value"],
        comparator=read_word(Comparator, row["comparator"]),
        unit=row["unit"],
        limit_low=row["limit_low"],
        limit_high=row["limit_high"],
        judgement=read_word(LabJudgement, row["judgement"]),
        missing_reason=read_word(MissingReason, row["missing_reason"]),
    )


def function_score(row: RowMapping, dates: Mapping[int, PartialDate]) -> FunctionScore:
    """Make a function score of its row; `dates` are those of the visits."""
    return FunctionScore(
        row_id=row["row_id"],
        entry_id=row["recorded_by"],
        visit_id=row["visit_id"],
        visit_date=dates[row["visit_id"]],
        about=row["about"],
        scale=row["scale"],
        score=row["score"],
        missing_reason=read_word(MissingReason, row["missing_reason"]),
    )


def treatments(connection: Connection, patient_id: int, known_until: int | None) -> tuple[Treatment, ...]:
    """Read a patient's treatments by start, those of unknown start last."""
    return treatments_of(
        _of_treatments(connection, TREATMENT_DETAILS, patient_id, known_until),
        _of_treatments(connection, TREATMENT_DOSE, patient_id, known_until),
    )


def differential(connection: Connection, patient_id: int, known_until: int | None) -> tuple[CauseVerdict, ...]:
    """Read what was said of each cause, by day."""
    return differential_of(_of_patient(connection, DIFFERENTIAL, patient_id, known_until))


def checklist_items(connection: Connection, patient_id: int, known_until: int | None) -> tuple[ChecklistItem, ...]:
    """Read the items of every checklist, by day."""
    return checklist_items_of(_of_patient(connection, CHECKLIST_ITEM, patient_id, known_until))


def pregnancy(connection: Connection, patient_id: int, known_until: int | None) -> tuple[PregnancyStatus, ...]:
    """Read what was said about pregnancy, by day."""
    return pregnancy_of(_of_patient(connection, PREGNANCY_STATUS, patient_id, known_until))


def flag_decisions(connection: Connection, patient_id: int, known_until: int | None) -> tuple[FlagDecision, ...]:
    """Read what staff said of flags, by day."""
    return flag_decisions_of(_of_patient(connection, FLAG_DECISION, patient_id, known_until))


def treatments_of(details: Iterable[RowMapping], dose_rows: Iterable[RowMapping]) -> tuple[Treatment, ...]:
    """Make one patient's treatments of the rows of their details and doses."""
    doses: dict[int, list[Dose]] = {}
    for row in _in_order(dose_rows, ("dose_since",), "treatment_id"):
        doses.setdefault(row["treatment_id"], []).append(
            Dose(
                row_id=row["row_id"],
                entry_id=row["recorded_by"],
                dose_since=PartialDate.parse(row["dose_since"]),
                dose=row["dose"],
                dose_unit=DoseUnit(row["dose_unit"]),
                schedule=row["schedule"],
            )
        )
    found = [
        Treatment(
            treatment_id=row["treatment_id"],
            entry_id=row["recorded_by"],
            treatment=row["treatment"],
            words=row["words"],
            site=row["site"],
            started=read_date(row["started"]),
            ended=read_date(row["ended"]),
            ending_reason=row["ending_reason"],
            doses=tuple(doses.get(row["treatment_id"], ())),
        )
        for row in _in_order(details, ("started",), "treatment_id")
    ]
    return tuple(sorted(found, key=lambda one: one.started is None))


def differential_of(rows: Iterable[RowMapping]) -> tuple[CauseVerdict, ...]:
    """Make one patient's differential of its rows."""
    return tuple(
        CauseVerdict(
            row_id=row["row_id"],
            entry_id=row["recorded_by"],
            about=row["about"],
            cause=row["cause"],
            decided_on=PartialDate.parse(row["decided_on"]),
            state=CauseState(row["state"]),
            how=row["how"],
            decided_by=row["decided_by"],
        )
        for row in _in_order(rows, ("decided_on", "about", "cause"))
    )


def checklist_items_of(rows: Iterable[RowMapping]) -> tuple[ChecklistItem, ...]:
    """Make one patient's items of their rows."""
    in_list = _places_of_items()
    in_words = _in_order(rows, ("item",))
    return tuple(
        ChecklistItem(
            row_id=row["row_id"],
            entry_id=row["recorded_by"],
            checklist=Checklist(row["checklist"]),
            about=row["about"],
            item=row["item"],
            examined_on=PartialDate.parse(row["examined_on"]),
            presence=Presence(row["presence"]),
            since=read_date(row["since"]),
            words=row["words"],
        )
        for row in sorted(in_words, key=lambda row: (*_by(row, _EXAMINATION), in_list.get(row["item"], len(in_list))))
    )


def pregnancy_of(rows: Iterable[RowMapping]) -> tuple[PregnancyStatus, ...]:
    """Make what was said of one patient's pregnancy of its rows."""
    return tuple(
        PregnancyStatus(
            row_id=row["row_id"],
            entry_id=row["recorded_by"],
            stated_on=PartialDate.parse(row["stated_on"]),
            state=read_word(PregnancyState, row["state"]),
            gestational_week=row["gestational_week"],
            missing_reason=read_word(MissingReason, row["missing_reason"]),
        )
        for row in _in_order(rows, ("stated_on",))
    )


def flag_decisions_of(rows: Iterable[RowMapping]) -> tuple[FlagDecision, ...]:
    """Make what staff said of one patient's flags of its rows."""
    return tuple(
        FlagDecision(
            row_id=row["row_id"],
            entry_id=row["recorded_by"],
            flag=row["flag"],
            rule_version=row["rule_version"],
            about=row["about"],
            episode_id=row["episode_id"],
            decision=FlagDecisionWord(row["decision"]),
            reason=row["reason"],
            flag_state=row["flag_state"],
            evidence_until=read_date(row["evidence_until"]),
            evidence_hash=row["evidence_hash"],
            decided_on=PartialDate.parse(row["decided_on"]),
        )
        for row in _in_order(rows, ("decided_on", "flag", "about"))
    )


def _of_patient(connection: Connection, table: Table, patient_id: int, known_until: int | None) -> Sequence[RowMapping]:
    query = select(table).where(table.c.patient_id == patient_id, known(table, known_until))
    return connection.execute(query).mappings().all()


def _of_treatments(
    connection: Connection, table: Table, patient_id: int, known_until: int | None
) -> Sequence[RowMapping]:
    of_patient = select(TREATMENT.c.treatment_id).where(TREATMENT.c.patient_id == patient_id)
    query = select(table).where(table.c.treatment_id.in_(of_patient), known(table, known_until))
    return connection.execute(query).mappings().all()


@cache
def _places_of_items() -> Mapping[str, int]:
    return MappingProxyType({word.code: number for number, word in enumerate(word_list(WordList.ITEM))})


def _in_order(rows: Iterable[RowMapping], order: tuple[str, ...], last: str | None = None) -> list[RowMapping]:
    """Sort rows by columns, then by a key that makes the order of equal ones certain."""
    return sorted(rows, key=lambda row: (_by(row, order), 0 if last is None else row[last]))


def _by(row: RowMapping, order: tuple[str, ...]) -> tuple[str, ...]:
    """Give what to sort a row by: a partial date by its days, sorted here as databases disagree on words."""
    parts: list[str] = []
    for name in order:
        days = (f"{name}_first", f"{name}_last") if f"{name}_first" in row else (name,)
        parts += [str(row[day] or "") for day in days]
    return tuple(parts)
