"""Record the published cases, through the same doors as the command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.clinical.published import CASES_FILE, published_cases, published_findings, published_sha256
from tracker.database.ledger import Origin
from tracker.database.session import Database
from tracker.service.episodes import EpisodeAt, close_episode, open_episode
from tracker.service.patients import add_patient
from tracker.service.published_reading import CaseRequests, read_case
from tracker.service.published_words import PLACEHOLDER_DAY, counted
from tracker.service.statements import record_statements
from tracker.service.treatments import add_treatment
from tracker.service.visits import add_visit

_CLOSING_REASON = "pain resolved, as published"


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What became of one published case.

    `last_day` is its last dated fact, or the placeholder of month 0 where nothing is
    dated. `not_held` are phrases about what only a note keeps.
    """

    case_id: str
    group: str
    n_episodes: int
    n_visits: int
    n_scores: int
    n_vitamin_d: int
    n_findings: int
    n_labs: int
    n_treatments: int
    n_pregnancy: int
    n_notes: int
    last_day: date
    not_held: tuple[str, ...]

    def in_words(self) -> str:
        """Say in one line what was stored and what the record could not hold yet."""
        counts = (
            counted(self.n_episodes, "episode"),
            counted(self.n_visits, "visit"),
            counted(self.n_scores, "pain score"),
            counted(self.n_vitamin_d, "vitamin D result"),
            counted(self.n_findings, "imaging finding"),
            counted(self.n_labs, "laboratory result"),
            counted(self.n_treatments, "treatment"),
            counted(self.n_pregnancy, "gestational week"),
            counted(self.n_notes, "note"),
        )
        stored = ", ".join(count for count in counts if not count.startswith("0 "))
        dated = f", month 0 laid on {PLACEHOLDER_DAY.isoformat()}" if self.n_episodes or self.n_visits else ""
        rest = "; ".join(self.not_held) or "nothing"
        return f"{self.case_id} ({self.group}): stored {stored}{dated}. Not held yet, kept as notes: {rest}."


def load_published_cases(database: Database, origin: Origin) -> tuple[CaseReport, ...]:
    """Record every published case and report on each, in the order of the file.

    Parameters
    ----------
    database : Database
        A record that has none of them yet.
    origin : Origin
        Who and when; the file of cases and its SHA-256 are added as the source.

    Raises
    ------
    ConflictError
        If a patient of a case's code is there already; the cases before it stay recorded.
    """
    findings = published_findings()
    sourced = replace(origin, source_name=CASES_FILE.name, source_sha256=published_sha256())
    return tuple(_load(database, read_case(case, findings), sourced) for case in published_cases())


def _load(database: Database, case: CaseRequests, origin: Origin) -> CaseReport:
    add_patient(database, case.patient, origin)
    for episode in case.episodes:
        open_episode(database, case.case_id, episode, origin)
    for visit in case.visits:
        add_visit(database, visit, origin)
    for treatment in case.treatments:
        add_treatment(database, case.case_id, treatment, origin)
    if case.pregnancy:
        record_statements(database, case.case_id, case.pregnancy, origin)
    if case.closing is not None:
        closing = replace(origin, reason=_CLOSING_REASON)
        meant = EpisodeAt(case.case_id, case.closing.site)
        close_episode(database, meant, closing, closed_on=case.closing.closed_on)
    return _report(case)


def _report(case: CaseRequests) -> CaseReport:
    days = [visit.visit_date.last for visit in case.visits]
    days += [episode.onset.last for episode in case.episodes if episode.onset is not None]
    days += [treatment.started.last for treatment in case.treatments if treatment.started is not None]
    days += [status.stated_on.last for status in case.pregnancy]
    days += [] if case.closing is None else [case.closing.closed_on.last]
    return CaseReport(
        case_id=case.case_id,
        group=case.group,
        n_episodes=len(case.episodes),
        n_visits=len(case.visits),
        n_scores=sum(len(visit.scores) for visit in case.visits),
        n_vitamin_d=sum(visit.vitamin_d is not None for visit in case.visits),
        n_findings=sum(len(visit.findings) for visit in case.visits),
        n_labs=sum(len(visit.labs) for visit in case.visits),
        n_treatments=len(case.treatments),
        n_pregnancy=len(case.pregnancy),
        n_notes=1 + sum(len(visit.notes) for visit in case.visits),
        last_day=max(days, default=PLACEHOLDER_DAY),
        not_held=case.not_held,
    )
