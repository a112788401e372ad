"""Who of the clinic should be seen or imaged, when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.analysis.alerts.life import Life
from tracker.analysis.due.planning import Asked, Due, plan, urgency_key
from tracker.analysis.views import PUBLISHED_CASE
from tracker.clinical.reference import load_edition
from tracker.clinical.schedule import schedule_numbers
from tracker.database.origins import entries_that_made
from tracker.database.session import Database
from tracker.service.demonstration import demonstration_of
from tracker.service.flags import clinic_flags


@dataclass(frozen=True, slots=True)
class DuePatient:
    """One thing that is due, and of whom."""

    patient_code: str
    due: Due


def clinic_due(database: Database, *, on: date, weeks_ahead: int, today: date) -> tuple[DuePatient, ...]:
    """Say what is due of every patient, the most pressing first; courses are looked at quickly, as for the flags.

    Of a published case that `tracker demo` recorded nothing is due: its days are placeholders.

    Parameters
    ----------
    on : datetime.date
        The day to answer for; what lies after it is never looked at.
    weeks_ahead : int
        How far to look ahead of that day.
    today : datetime.date
        The day of asking, see `PatientRecord.until`.
    """
    schedule, course = schedule_numbers(), load_edition()
    found: list[DuePatient] = []
    with database.reading() as connection:
        made_by = entries_that_made(connection)
    for one in clinic_flags(database, as_of=on, today=today):
        if demonstration_of(made_by[one.record.patient_id]) == PUBLISHED_CASE:
            continue  # its days are placeholders
        waiting = [alert for alert in one.alerts if one.standing(alert).life in (Life.OPEN, Life.REOPENED)]
        asked = Asked(one.record.until(on, today=today), waiting, on, schedule, course)
        found += [DuePatient(one.record.patient_code, due) for due in plan(asked, weeks_ahead=weeks_ahead)]
    return tuple(sorted(found, key=lambda one: (*urgency_key(one.due)[:2], one.patient_code, one.due.what)))
