"""What a list of patients says of each of them: what is raised, what has moved, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.analysis.alerts.alert import Alert
from tracker.analysis.alerts.finding import alerts_of_view
from tracker.analysis.alerts.life import Life, Standing, standing
from tracker.analysis.due.planning import Asked, Due, plan
from tracker.analysis.site_migration.results import EventKind, SiteEvent
from tracker.analysis.views import PatientView
from tracker.clinical.reference import Edition


@dataclass(frozen=True, slots=True)
class StandingAlert:
    """A raised flag, and where it stands with the staff."""

    alert: Alert
    standing: Standing

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided on it, or what was decided no longer holds."""
        return self.standing.life in (Life.OPEN, Life.REOPENED)


@dataclass(frozen=True, slots=True)
class Overview:
    """One patient at a glance.

    `alerts` are those of the full reading, `moved` the pairs of sites whose most probable relation is site migration,
    `due` what the default follow-up asks for, the most pressing first; nothing of a case whose days are placeholders.
    """

    alerts: tuple[StandingAlert, ...]
    moved: tuple[SiteEvent, ...]
    due: tuple[Due, ...]


def patient_overview(
    view: PatientView, *, edition: Edition, schedule: Edition, weeks_ahead: int, today: date | None = None
) -> Overview:
    """Sum a patient's view up.

    Parameters
    ----------
    view : PatientView
        The patient, read in full.
    edition : Edition
        The edition the view was made with.
    schedule : Edition
        The numbers of the default follow-up.
    weeks_ahead : int
        How far ahead of the view's day to look for what is due.
    today : datetime.date, optional
        The day of asking, see `PatientRecord.until`.
    """
    as_of = view.provenance.as_of
    decisions = [one for one in view.record.flag_decisions if one.decided_on.last <= as_of]
    alerts = tuple(StandingAlert(alert, standing(alert, decisions)) for alert in alerts_of_view(view, edition=edition))
    asked = Asked(
        record=view.record.until(as_of, today=today),
        alerts=[one.alert for one in alerts if one.is_open],
        as_of=as_of,
        schedule=schedule,
        course=edition,
    )
    return Overview(
        alerts=alerts,
        moved=tuple(event for event in view.site_migration.events if event.kind is EventKind.SITE_MIGRATION),
        due=() if view.provenance.has_placeholder_days else plan(asked, weeks_ahead=weeks_ahead),
    )
