"""From a red flag or a further site back to its rows, ledger entries, rule and sources.

Flags of the course are traced by `tracker.service.tracing`: they rest on an episode's whole fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.analysis.alerts.alert import LATER_SITE, Alert, AlertKind
from tracker.analysis.alerts.finding import alerts_of_view
from tracker.analysis.red_flags.readings import Evidence
from tracker.analysis.red_flags.rules import RED_FLAG_CODES
from tracker.analysis.views import PatientView
from tracker.clinical.case_record import CauseVerdict, ChecklistItem, LabResult, PregnancyStatus
from tracker.clinical.record import ImagingFinding, PainScore, VitaminDResult
from tracker.clinical.red_flags import RedFlagWords, red_flag_numbers, red_flag_words
from tracker.clinical.reference import CitedNumber, Edition, load_edition
from tracker.clinical.sites import site_label
from tracker.database import lookups
from tracker.database.ledger import Entry
from tracker.database.session import Database
from tracker.errors import NotFoundError
from tracker.service.courses import course_view

_AtVisit = PainScore | VitaminDResult | ImagingFinding | LabResult
_Beside = CauseVerdict | ChecklistItem | PregnancyStatus


@dataclass(frozen=True, slots=True)
class TracedEvidence:
    """One fact behind a flag: its place in the record, the visit that brought it, and the entry that recorded it.

    `row_id` is that of the row; of an episode or a patient, its own number.
    """

    table: str
    row_id: int
    entry_id: int
    visit_id: int | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class TracedAlert:
    """One raised flag with its facts."""

    alert: Alert
    rows: tuple[TracedEvidence, ...]


@dataclass(frozen=True, slots=True)
class AlertTrace:
    """What a red flag or a further site rests on.

    `rule` and `edition` say why it matters and where its numbers come from; both are None for a further site, which
    rests on no cited number. `numbers` are those of all red flag rules.
    """

    code: str
    view: PatientView
    alerts: tuple[TracedAlert, ...]
    rule: RedFlagWords | None
    edition: Edition | None
    numbers: tuple[CitedNumber, ...]
    entries: Mapping[int, Entry]


def is_alert(code: str) -> bool:
    """Whether a flag is a red flag or a further site, and not one of the course."""
    return code == LATER_SITE or code in RED_FLAG_CODES


def trace_alert(
    database: Database,
    patient_code: str,
    code: str,
    *,
    as_of: date,
    today: date,
    known_at: datetime | None = None,
) -> AlertTrace:
    """Raise a flag again, and say what it was read from.

    Parameters
    ----------
    as_of, today, known_at
        As for `course_view`.

    Raises
    ------
    NotFoundError
        If there is no such patient, or the flag is not raised; those that are are named.
    """
    view = course_view(database, patient_code, as_of=as_of, known_at=known_at, today=today)
    raised = alerts_of_view(view, edition=load_edition())
    found = [one for one in raised if one.code == code]
    if not found:
        there = dict.fromkeys(one.code for one in raised)
        raise NotFoundError(
            f"{patient_code} has no flag '{code}'; flags: {', '.join(there) or 'none'}.",
            hint=f"See: tracker flags {patient_code}",
        )
    with database.reading() as connection:
        made_by = lookups.entry_of_patient(connection, view.record.patient_id, known_until=view.record.last_entry_id)
        places = _places(view, made_by)
        alerts = tuple(TracedAlert(one, tuple(_placed(fact, places) for fact in one.evidence)) for one in found)
        named = sorted({row.entry_id for one in alerts for row in one.rows})
        entries = {number: lookups.find_entry(connection, number) for number in named}
    rule = red_flag_words().get(code)
    edition = None if rule is None else red_flag_numbers()
    numbers = () if edition is None else tuple(edition.numbers.values())
    return AlertTrace(code, view, alerts, rule, edition, numbers, entries)


def alert_at_site(trace: AlertTrace, site: str) -> AlertTrace:
    """Keep only where a flag is raised at a site (`NotFoundError` if it is not; the sites where it is are named)."""
    kept = tuple(one for one in trace.alerts if one.alert.site == site)
    if not kept:
        there = dict.fromkeys(site_label(one.alert.site) if one.alert.site else "no site" for one in trace.alerts)
        raise NotFoundError(
            f"{trace.view.record.patient_code} has no flag '{trace.code}' at {site_label(site)}; "
            f"it is raised at {', '.join(there)}.",
            hint="Leave --site out, or name that site.",
        )
    named = {row.entry_id for one in kept for row in one.rows}
    return replace(trace, alerts=kept, entries={n: entry for n, entry in trace.entries.items() if n in named})


def other_flags(view: PatientView) -> tuple[str, ...]:
    """Give the codes of what is raised of a patient beside the flags of the course."""
    raised = alerts_of_view(view, edition=load_edition())
    return tuple(dict.fromkeys(one.code for one in raised if one.kind is not AlertKind.COURSE))


def _placed(fact: Evidence, places: Mapping[tuple[str, int], tuple[int, int | None]]) -> TracedEvidence:
    entry_id, visit_id = places[fact.table, fact.row_id]
    return TracedEvidence(fact.table, fact.row_id, entry_id, visit_id, fact)


def _places(view: PatientView, made_by: int) -> dict[tuple[str, int], tuple[int, int | None]]:
    """Give entry and visit of every fact that a rule can name."""
    record = view.record
    at_visits: list[tuple[str, _AtVisit]] = [
        *(("pain_score", row) for row in record.pain_scores),
        *(("vitamin_d", row) for row in record.vitamin_d),
        *(("imaging_finding", row) for row in record.imaging),
        *(("lab_result", row) for row in record.labs),
    ]
    beside: list[tuple[str, _Beside]] = [
        *(("differential", row) for row in record.differential),
        *(("checklist_item", row) for row in record.checklist_items),
        *(("pregnancy_status", row) for row in record.pregnancy),
    ]
    found: dict[tuple[str, int], tuple[int, int | None]] = {("patient_details", record.patient_id): (made_by, None)}
    found |= {("episode_details", one.episode_id): (one.entry_id, None) for one in record.episodes}
    found |= {(table, row.row_id): (row.entry_id, row.visit_id) for table, row in at_visits}
    found |= {(table, row.row_id): (row.entry_id, None) for table, row in beside}
    return found
