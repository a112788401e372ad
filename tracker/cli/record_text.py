"""A patient's record as text: episodes, then visit by visit."""

from __future__ import annotations

from datetime import date

import click

from tracker.cli.case_text import dose_text, treatment_text
from tracker.cli.fact_text import fact_text
from tracker.cli.render import json_fields, print_table
from tracker.cli.written import patient_line
from tracker.clinical.case_record import (
    CauseVerdict,
    ChecklistItem,
    FlagDecision,
    FunctionScore,
    LabResult,
    PregnancyStatus,
)
from tracker.clinical.record import ImagingFinding, Note, PainScore, PatientRecord, VitaminDResult
from tracker.clinical.sites import find_site, site_label
from tracker.dates import day_in_words

_NO_VISIT = "No visits. Log one: tracker visit add {code} --on today --pain ankle-left=7"


Fact = (
    PainScore
    | VitaminDResult
    | ImagingFinding
    | Note
    | LabResult
    | FunctionScore
    | CauseVerdict
    | ChecklistItem
    | PregnancyStatus
    | FlagDecision
)
VisitFact = PainScore | VitaminDResult | ImagingFinding | Note | LabResult | FunctionScore


def print_record(record: PatientRecord, *, as_of: date | None = None) -> None:
    """Print everything the record holds of one patient, up to a day that was asked for."""
    click.echo(f"Patient {patient_line(record)}")
    click.echo()
    print_episodes(record, as_of=as_of)
    click.echo()
    print_visits(record, as_of=as_of)
    print_rest_of_case(record)
    general = [note for note in record.notes if note.visit_id is None]
    if general:
        click.echo()
    for note in general:
        click.echo(record_text("note", note))


def open_episode_example(record: PatientRecord) -> str:
    """Write the command that opens an episode: at a site that has scores, and not later than the first of them."""
    first = record.pain_scores[0] if record.pain_scores else None
    site = "ankle-left" if first is None else find_site(first.site).joint_key
    onset = "2026-03" if first is None else first.visit_date.first.isoformat()[:7]
    return f"tracker episode open {record.patient_code} {site} --onset {onset}"


def print_episodes(record: PatientRecord, *, as_of: date | None = None) -> None:
    """Print the episodes as a table."""
    none = "No episode." if as_of is None else f"No episode had begun by {day_in_words(as_of)}."
    print_table(
        ["episode at", "onset", "began", "closed", "reason"],
        [
            (site_label(e.site), e.onset or "not known", e.mode, e.closed_on or "open", e.closing_reason)
            for e in record.episodes
        ],
        empty=f"{none} Open one: {open_episode_example(record)}" if as_of is None else none,
    )


def print_rest_of_case(record: PatientRecord) -> None:
    """Print what hangs on the patient: treatments, causes, checklists, pregnancy; nothing where there is none."""
    if record.treatments:
        click.echo()
        print_table(["number", "treatment"], treatment_rows(record), empty="")
    facts = [
        *(record_text("differential", verdict) for verdict in record.differential),
        *(record_text("checklist_item", item) for item in record.checklist_items),
        *(record_text("pregnancy_status", status) for status in record.pregnancy),
        *(record_text("flag_decision", decision) for decision in record.flag_decisions),
    ]
    if facts:
        click.echo()
    for fact in facts:
        click.echo(fact)


def treatment_rows(record: PatientRecord) -> list[tuple[object, ...]]:
    """Give each treatment with its number, and below it each dose on a line of its own."""
    rows: list[tuple[object, ...]] = []
    for treatment in record.treatments:
        rows.append((treatment.treatment_id, treatment_text(json_fields(treatment))))
        rows += [("", f"  {dose_text(json_fields(dose))}") for dose in treatment.doses]
    return rows


def print_visits(record: PatientRecord, *, as_of: date | None = None) -> None:
    """Print each fact of each visit on its own line, so that nothing is folded away."""
    none = _NO_VISIT.format(code=record.patient_code)
    if as_of is not None:
        none = f"No visit up to {day_in_words(as_of)}."
    rows: list[tuple[object, ...]] = []
    for visit in record.visits:
        facts = visit_facts(record, visit.visit_id) or ["nothing recorded at this visit"]
        rows += [(visit.visit_id, visit.visit_date, facts[0]), *[("", "", fact) for fact in facts[1:]]]
    print_table(["visit", "date", "recorded"], rows, empty=none)


def visit_facts(record: PatientRecord, visit_id: int) -> list[str]:
    """Put each fact of a visit into words."""
    tables: dict[str, tuple[VisitFact, ...]] = {
        "pain_score": record.pain_scores,
        "vitamin_d": record.vitamin_d,
        "lab_result": record.labs,
        "imaging_finding": record.imaging,
        "function_score": record.function_scores,
        "note": record.notes,
    }
    return [record_text(table, fact) for table, facts in tables.items() for fact in facts if fact.visit_id == visit_id]


def record_text(table: str, fact: Fact) -> str:
    """Put one fact of a record into words."""
    return fact_text(table, json_fields(fact))
