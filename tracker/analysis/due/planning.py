"""What is due of one patient: visits and images by the plan, and sooner where a flag is open.

Only open episodes ask for visits; a closed one asks for nothing. Every day is that of the plan, never an appointment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from tracker.analysis.alerts.alert import Alert, AlertKind
from tracker.analysis.claims import claimed_findings
from tracker.analysis.flags.rules import REMEASURE
from tracker.clinical.record import Episode, PatientRecord, VitaminDResult
from tracker.clinical.reference import Edition
from tracker.clinical.vitamin_d import VitaminDStatus, classify_vitamin_d
from tracker.clinical.vocabulary import Finding, Modality, Presence
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK


class DueWhat(StrEnum):
    """What is due."""

    VISIT = "visit"
    MRI = "mri"
    VITAMIN_D = "vitamin_d"


class Urgency(IntEnum):
    """How pressing it is on the day that is asked about, the most pressing first."""

    LOST = 0
    FLAGGED = 1
    OVERDUE = 2
    DUE = 3
    COMING = 4


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: for which site (None: the patient), on which day, why, and what it would settle.

    `numbers` name the numbers of the schedule behind it.
    """

    what: DueWhat
    site: str | None
    on: date
    urgency: Urgency
    why: str
    settles: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is made from: the record up to a day, the flags that are open then, and the cited numbers."""

    record: PatientRecord
    alerts: Sequence[Alert]
    as_of: date
    schedule: Edition
    course: Edition


def plan(asked: Asked, *, weeks_ahead: int) -> tuple[Due, ...]:
    """Say what is due of a patient up to so many weeks after the day, the most pressing first.

    Parameters
    ----------
    asked : Asked
        The record must hold nothing later than the day.
    weeks_ahead : int
        How far to look ahead.
    """
    last = asked.as_of + timedelta(days=weeks_ahead * DAYS_PER_WEEK)
    opened = [episode for episode in asked.record.episodes if episode.closed_on is None]
    found = [due for due in (*_visits(asked, opened), *_images(asked, opened), *_vitamin_d(asked, opened))]
    return tuple(sorted((due for due in found if due.on <= last), key=urgency_key))


def urgency_key(due: Due) -> tuple[int, date, str, str]:
    """Order by urgency, then by day."""
    return due.urgency, due.on, due.what, due.site or ""


def _visits(asked: Asked, opened: Sequence[Episode]) -> Iterator[Due]:
    """Give the next visit: the earliest that an open episode or an open flag asks for."""
    flagged = _flagged(asked)
    if not opened and flagged is None:
        return
    last = asked.record.visits[-1].visit_date.middle if asked.record.visits else None
    if last is None:
        first = min((e.onset.middle for e in opened if e.onset is not None), default=asked.as_of)
        yield Due(DueWhat.VISIT, None, first, _urgency(asked, first), "never seen", "a first score and image", ())
        return
    silent_days = asked.schedule.value("lost_months") * DAYS_PER_MONTH
    on, name = _by_the_plan(asked, opened, last)
    weeks = f"{asked.schedule.value(name):g} weeks after the visit of {last.isoformat()}"
    if opened and (asked.as_of - last).days > silent_days:
        why = f"lost to follow-up: not seen since {last.isoformat()}, {_sites(opened)} still open"
        yield Due(DueWhat.VISIT, None, on, Urgency.LOST, why, "whether it has resolved", ("lost_months", name))
    elif flagged is not None:
        alert, why, settles = flagged
        soon = last + timedelta(days=asked.schedule.value("remeasure_weeks") * DAYS_PER_WEEK)
        names = ("remeasure_weeks", name)
        yield Due(DueWhat.VISIT, alert.site, min(on, soon), Urgency.FLAGGED, why, settles, names)
    else:
        settles = "the phase: one more score on the course, and whether it is over"
        yield Due(DueWhat.VISIT, None, on, _urgency(asked, on), f"{_sites(opened)} open: {weeks}", settles, (name,))


def _by_the_plan(asked: Asked, opened: Sequence[Episode], last: date) -> tuple[date, str]:
    """Give the day of the next visit by the plan, and the number it is by: the shorter one in the first months."""
    early_days = asked.schedule.value("early_months") * DAYS_PER_MONTH
    onsets = [episode.onset.middle for episode in opened if episode.onset is not None]
    is_early = any((last - onset).days <= early_days for onset in onsets)
    name = "visit_early_weeks" if is_early else "visit_late_weeks"
    return last + timedelta(days=asked.schedule.value(name) * DAYS_PER_WEEK), name


def _flagged(asked: Asked) -> tuple[Alert, str, str] | None:
    """Give the flag that most asks for a look, why, and what the visit would settle."""
    if not asked.alerts:
        return None
    first = min(asked.alerts, key=lambda alert: (alert.kind is not AlertKind.RED_FLAG, alert.code != REMEASURE))
    name = first.code.replace("_", " ")
    place = "" if first.site is None else f" at {first.site}"
    more = "" if len(asked.alerts) == 1 else f" and {len(asked.alerts) - 1} more"
    settles = {
        AlertKind.RED_FLAG: "what the flag asks to exclude",
        AlertKind.SITE: "which site is active",
        AlertKind.COURSE: "whether the odd score was one" if first.code == REMEASURE else "whether the flag stands",
    }[first.kind]
    return first, f"flag open: {name}{place}{more}", settles


def _images(asked: Asked, opened: Sequence[Episode]) -> Iterator[Due]:
    """Give the next MRI of every open episode: none yet, or the last one still shows edema."""
    found = claimed_findings(asked.record, asked.course)
    days = asked.schedule.value("first_mri_months") * DAYS_PER_MONTH
    for episode in opened:
        own = [
            one
            for one in found[episode.episode_id]
            if one.modality is Modality.MRI
            and one.finding is Finding.EDEMA
            and one.presence is not Presence.NOT_EXAMINED
        ]
        if not own:
            first = min((v.visit_date.middle for v in asked.record.visits), default=None)
            if first is not None:
                settles = "whether there is marrow edema, and where"
                yield Due(DueWhat.MRI, episode.site, first, _urgency(asked, first), "no MRI of it yet", settles, ())
            continue
        newest = {one.site: one for one in own}
        present = [one for one in newest.values() if one.presence is Presence.PRESENT]
        if present:
            last = max(one.visit_date.middle for one in present)
            why = f"edema on the MRI of {last.isoformat()}"
            settles = "whether the edema goes, and shows no line"
            on = last + timedelta(days=round(days))
            yield Due(DueWhat.MRI, episode.site, on, _urgency(asked, on), why, settles, ("first_mri_months",))


def _vitamin_d(asked: Asked, opened: Sequence[Episode]) -> Iterator[Due]:
    """Give the next vitamin D: none yet, or the last one was low."""
    results = [result for result in asked.record.vitamin_d if result.value is not None]
    if not opened or not asked.record.visits:
        return
    if not results:
        first = asked.record.visits[0].visit_date.middle
        yield Due(DueWhat.VITAMIN_D, None, first, _urgency(asked, first), "no result yet", "whether it is low", ())
        return
    newest = results[-1]
    if _is_low(newest, asked.course):
        weeks = asked.schedule.value("vitamin_d_retest_weeks")
        on = newest.visit_date.middle + timedelta(days=weeks * DAYS_PER_WEEK)
        why = f"{newest.value:g} {newest.unit} on {newest.visit_date}, low"
        yield Due(
            DueWhat.VITAMIN_D, None, on, _urgency(asked, on), why, "whether it has risen", ("vitamin_d_retest_weeks",)
        )


def _is_low(result: VitaminDResult, course: Edition) -> bool:
    found = classify_vitamin_d(result, course)
    return found is not None and VitaminDStatus.SUFFICIENT not in found.possible


def _urgency(asked: Asked, on: date) -> Urgency:
    late = (asked.as_of - on).days
    if late > asked.schedule.value("overdue_weeks") * DAYS_PER_WEEK:
        return Urgency.OVERDUE
    return Urgency.DUE if late >= 0 else Urgency.COMING


def _sites(opened: Sequence[Episode]) -> str:
    return ", ".join(dict.fromkeys(episode.site for episode in opened))
