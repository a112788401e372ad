"""The raised flags of one patient, or of every patient of the clinic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from tracker.analysis.alerts.alert import Alert
from tracker.analysis.alerts.finding import alerts_of_view, quick_alerts
from tracker.analysis.alerts.life import Life, Standing, standing
from tracker.analysis.flags.quick_flags import QuickFlags
from tracker.analysis.red_flags.finding import RedFlag, find_red_flags
from tracker.analysis.views import PatientView
from tracker.clinical.record import PatientRecord
from tracker.clinical.reference import load_edition
from tracker.database.cohort import clinic_records
from tracker.database.session import Database
from tracker.service.collector import collector_at_rest
from tracker.service.courses import course_view
from tracker.service.level_cache import library_of


@dataclass(frozen=True, slots=True)
class PatientFlags:
    """A patient with what is raised; `red_flags` are the answers of every rule, raised or not."""

    record: PatientRecord
    alerts: tuple[Alert, ...]
    red_flags: tuple[RedFlag, ...]
    as_of: date
    view: PatientView | None = None

    def standing(self, alert: Alert) -> Standing:
        """Say where a raised flag stands with the staff."""
        said = [one for one in self.record.flag_decisions if one.decided_on.last <= self.as_of]
        return standing(alert, said)

    @property
    def asks_for_a_look(self) -> bool:
        """Whether anything is raised that was not dismissed."""
        return any(self.standing(alert).life is not Life.DISMISSED for alert in self.alerts)


def clinic_flags(database: Database, *, as_of: date, today: date) -> tuple[PatientFlags, ...]:
    """Look at every patient quickly: courses without drawing anew, so that a flag near its threshold can differ.

    Returns
    -------
    tuple of PatientFlags
        Every patient by code, also those without a flag.
    """
    edition = load_edition()
    with collector_at_rest():
        with database.reading() as connection:
            records, _ = clinic_records(connection)
        quick = _quick_flags()
        found = [
            PatientFlags(
                record, quick_alerts(record, as_of=as_of, quick=quick, edition=edition, today=today), (), as_of
            )
            for record in records
        ]
    return tuple(sorted(found, key=lambda one: one.record.patient_code))


def patient_flags(database: Database, patient_code: str, *, as_of: date, today: date) -> PatientFlags:
    """Read one patient in full.

    Raises
    ------
    NotFoundError
        If there is no such patient.
    """
    edition = load_edition()
    view = course_view(database, patient_code, as_of=as_of, today=today, edition=edition)
    red_flags = find_red_flags(view.record, as_of=as_of, course=edition, today=today)
    return PatientFlags(view.record, alerts_of_view(view, edition=edition), red_flags, as_of, view)


@cache
def _quick_flags() -> QuickFlags:
    """Make the tables of the built-in edition, once per process."""
    return QuickFlags(library_of(load_edition()))
