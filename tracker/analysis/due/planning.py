"""What is due of one patient: visits and images by the plan, and sooner where a flag is open.

Only open episodes ask for visits; a closed one asks for nothing, and none asks for anything before it began. Every
day is that of the plan, never an appointment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from tracker.analysis.alerts.alert import Alert, AlertKind
from tracker.analysis.claims import claimed_findings, claimed_scores
from tracker.analysis.due.mri import read_mri
from tracker.analysis.flags.rules import REMEASURE
from tracker.clinical.record import Episode, PainScore, PatientRecord, VitaminDResult
from tracker.clinical.reference import Edition
from tracker.clinical.vitamin_d import VitaminDStatus, classify_vitamin_d
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, PartialDate


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
    on, name, why = _by_the_plan(asked, opened, last)
    if opened and (asked.as_of - _silent_since(opened, last)).days > silent_days:
        why = f"lost to follow-up: not seen since {last.isoformat()}, {_sites(opened)} still open"
        yield Due(DueWhat.VISIT, None, on, Urgency.LOST, why, "whether it has resolved", ("lost_months", name))
    elif flagged is not None:
        alert, why, settles = flagged
        soon = last + timedelta(days=asked.schedule.value("remeasure_weeks") * DAYS_PER_WEEK)
        names = ("remeasure_weeks", name)
        yield Due(DueWhat.VISIT, alert.site, min(on, soon), Urgency.FLAGGED, why, settles, names)
    else:
        settles = "the phase: one more score on the course, and whether it is over"
        yield Due(DueWhat.VISIT, None, on, _urgency(asked, on), f"{_sites(opened)} open: {why}", settles, (name,))


def _silent_since(opened: Sequence[Episode], last: date) -> date:
    """Give the day since which nobody came who should have: not before the first episode that is open began."""
    return max(last, min(last if episode.onset is None else episode.onset.middle for episode in opened))


def _by_the_plan(asked: Asked, opened: Sequence[Episode], last: date) -> tuple[date, str, str]:
    """Give the next visit by the plan, its number and why: the earliest day that an open episode asks for."""
    planned = (_by_the_plan_of(asked, episode.onset, last) for episode in opened)
    return min(planned, default=_by_the_plan_of(asked, None, last))


def _by_the_plan_of(asked: Asked, onset: PartialDate | None, last: date) -> tuple[date, str, str]:
    """Give the same for one onset: the shorter number in the first months, and never a day before the onset."""
    early_days = asked.schedule.value("early_months") * DAYS_PER_MONTH
    is_early = onset is not None and (last - onset.middle).days <= early_days
    name = "visit_early_weeks" if is_early else "visit_late_weeks"
    weeks = asked.schedule.value(name)
    on = last + timedelta(days=weeks * DAYS_PER_WEEK)
    if onset is not None and onset.middle > on:
        return onset.middle, name, f"not seen since the onset ({onset})"
    return on, name, f"{weeks:g} weeks after the visit of {last.isoformat()}"


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
    if not asked.record.visits:
        return
    found, scores = claimed_findings(asked.record, asked.course), claimed_scores(asked.record, asked.course)
    days = asked.schedule.value("first_mri_months") * DAYS_PER_MONTH
    for episode in opened:
        said = read_mri(asked.record, episode, found[episode.episode_id])
        if not said.speaks_of_edema:
            first = _asks_from(asked.record, episode, scores[episode.episode_id])
            why = "no MRI of it yet"
            if said.silent_on is not None:
                why = f"the MRI of {said.silent_on.isoformat()} says nothing of edema, neither there nor absent"
            settles = "whether there is marrow edema, and where"
            yield Due(DueWhat.MRI, episode.site, first, _urgency(asked, first), why, settles, ())
        elif said.edema_on is not None:
            why = f"edema on the MRI of {said.edema_on.isoformat()}"
            settles = "whether the edema goes, and shows no line"
            on = said.edema_on + timedelta(days=round(days))
            yield Due(DueWhat.MRI, episode.site, on, _urgency(asked, on), why, settles, ("first_mri_months",))


def _asks_from(record: PatientRecord, episode: Episode, claimed: Sequence[PainScore]) -> date:
    """Give the first visit at which an episode could have been looked at; its onset where there was none since.

    Pain that was scored shortly before the recalled onset is of the episode, so it asks from its onset on. Where the
    onset is unknown, it asks from its first pain on. A score of 0 is no sign of it.
    """
    visits = [visit.visit_date.middle for visit in record.visits]
    pain = [score.visit_date.middle for score in claimed if score.score]
    if episode.onset is None:
        return min(pain, default=min(visits))
    if any(day < episode.onset.first for day in pain):
        return episode.onset.first
    return min((day for day in visits if day >= episode.onset.first), default=episode.onset.middle)


def _vitamin_d(asked: Asked, opened: Sequence[Episode]) -> Iterator[Due]:
    """Give the next vitamin D: none yet, or the last one was low; asked for by what is open, not by what is over."""
    results = [result for result in asked.record.vitamin_d if result.value is not None]
    if not opened or not asked.record.visits:
        return
    scores = claimed_scores(asked.record, asked.course)
    first = min(_asks_from(asked.record, episode, scores[episode.episode_id]) for episode in opened)
    if not results:
        yield Due(DueWhat.VITAMIN_D, None, first, _urgency(asked, first), "no result yet", "whether it is low", ())
        return
    newest = results[-1]
    if _is_low(newest, asked.course):
        weeks = asked.schedule.value("vitamin_d_retest_weeks")
        on = max(first, newest.visit_date.middle + timedelta(days=weeks * DAYS_PER_WEEK))
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
