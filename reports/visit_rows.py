"""One row per visit with everything recorded for that day, and one row per correction of the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from reports.fact_words import dose_words, fact_words, treatment_name, values_of
from reports.sentences import Sentences
from tracker.analysis.views import PatientView
from tracker.clinical.corrections import Correction
from tracker.clinical.record import PatientRecord, Visit

OF_VISITS = (
    ("pain_score", "pain_scores"),
    ("vitamin_d", "vitamin_d"),
    ("lab_result", "labs"),
    ("imaging_finding", "imaging"),
    ("function_score", "function_scores"),
    ("note", "notes"),
)
OF_DAYS = (
    ("differential", "differential", "decided_on"),
    ("checklist_item", "checklist_items", "examined_on"),
    ("pregnancy_status", "pregnancy", "stated_on"),
    ("flag_decision", "flag_decisions", "decided_on"),
)


@dataclass(frozen=True, slots=True)
class VisitPart:
    """Everything of one kind that was recorded at a visit, in words."""

    kind: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit: its date as recorded, and what was recorded, kind by kind."""

    number: int
    on: str
    parts: tuple[VisitPart, ...]


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One correction in words: what it was about, before and after, when (UTC), by whom, and why."""

    what: str
    kind: str
    old: str
    new: str
    when: str
    who: str
    why: str
    entry: int


def visit_rows(view: PatientView, sentences: Sentences) -> tuple[VisitRow, ...]:
    """Make one row per visit, the oldest first; statements dated on the very day of a visit stand with it."""
    return tuple(
        VisitRow(visit.visit_id, str(visit.visit_date), tuple(_parts(view.record, visit, sentences)))
        for visit in view.record.visits
    )


def correction_rows(view: PatientView, sentences: Sentences) -> tuple[CorrectionRow, ...]:
    """Put each correction in words, the oldest first."""
    return tuple(_correction(one, sentences) for one in view.corrections or ())


def _parts(record: PatientRecord, visit: Visit, sentences: Sentences) -> Iterator[VisitPart]:
    for table, name in OF_VISITS:
        facts = [fact for fact in getattr(record, name) if fact.visit_id == visit.visit_id]
        if facts:
            yield _part(table, [fact_words(table, values_of(fact), sentences) for fact in facts], sentences)
    treated = list(_treated(record, visit, sentences))
    if treated:
        yield _part("treatment_details", treated, sentences)
    for table, name, day in OF_DAYS:
        facts = [fact for fact in getattr(record, name) if getattr(fact, day) == visit.visit_date]
        if facts:
            yield _part(table, [fact_words(table, values_of(fact), sentences) for fact in facts], sentences)


def _part(table: str, facts: list[str], sentences: Sentences) -> VisitPart:
    return VisitPart(sentences.word("fact_table", table), tuple(facts))


def _treated(record: PatientRecord, visit: Visit, sentences: Sentences) -> Iterator[str]:
    """Name treatments that began, ended or were given otherwise on the day of a visit."""
    on = visit.visit_date
    for treatment in record.treatments:
        name = treatment_name(values_of(treatment))
        if treatment.started == on:
            yield sentences.say("fact", "began", what=name)
        if treatment.ended == on:
            yield sentences.say("fact", "ended", what=name)
        for dose in treatment.doses:
            if dose.dose_since == on:
                yield f"{name}: {dose_words(values_of(dose), sentences)}"


def _correction(one: Correction, sentences: Sentences) -> CorrectionRow:
    table = sentences.word("fact_table", one.table)
    what = table if one.visit_date is None else sentences.say("fact", "of_visit", what=table, on=one.visit_date)
    old, new = ("" if said is None else fact_words(one.table, said, sentences) for said in (one.old, one.new))
    return CorrectionRow(
        what=what,
        kind=sentences.word("correction", one.kind),
        old=old or sentences.say("fact", "nothing"),
        new=new or sentences.say("fact", "nothing"),
        when=f"{one.recorded_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        who=one.recorded_by,
        why=one.reason or "",
        entry=one.entry_id,
    )
