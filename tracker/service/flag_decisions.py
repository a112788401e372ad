"""Acknowledge, dismiss or re-open a raised flag; the decision is a fact like any other, and undo takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tracker.analysis.alerts.alert import Alert
from tracker.analysis.alerts.life import about, evidence_hash, evidence_until
from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE, check_value
from tracker.clinical.record import PatientRecord
from tracker.clinical.vocabulary import FlagDecisionWord
from tracker.database.ledger import Origin
from tracker.database.session import Database
from tracker.dates import PartialDate
from tracker.errors import ConflictError, NotFoundError
from tracker.service.flags import PatientFlags, patient_flags
from tracker.service.statements import record_statements
from tracker.service.writing import Written, check_named


@dataclass(frozen=True, slots=True)
class NewFlagDecision:
    """What is said of one raised flag."""

    alert: Alert
    decision: FlagDecisionWord
    reason: str | None
    decided_on: PartialDate
    table: ClassVar[str] = "flag_decision"

    @property
    def said_on(self) -> PartialDate:
        """Day it is said."""
        return self.decided_on

    def check(self) -> None:
        """Refuse a word or reason that is not allowed (`InputError`)."""
        check_value("decision", self.decision)
        if self.reason is not None:
            check_named("decision_reason", self.reason, said="The reason behind --why")

    def values(self) -> dict[str, object]:
        """Give the columns of its row."""
        until = evidence_until(self.alert)
        return {
            "flag": self.alert.code,
            "rule_version": self.alert.rule_version,
            "about": about(self.alert),
            "episode_id": self.alert.episode_id,
            "decision": self.decision,
            "reason": self.reason,
            "flag_state": self.alert.state,
            "evidence_until": until,
            "evidence_hash": evidence_hash(self.alert, until),
            "decided_on": self.decided_on,
        }

    def unusual(self, record: PatientRecord) -> Iterator[str]:
        """Say nothing: a decision on a raised flag is never unusual."""
        yield from ()


@dataclass(frozen=True, slots=True)
class FlagChoice:
    """Which flag of which patient; without `site` the only one of that code."""

    patient_code: str
    code: str
    site: str | None = None


def decide_on_flag(
    database: Database,
    choice: FlagChoice,
    decision: FlagDecisionWord,
    origin: Origin,
    *,
    today: date,
    dry_run: bool = False,
) -> Written:
    """Record what is said of a raised flag; the reason is that of `origin`.

    Raises
    ------
    NotFoundError
        If no such flag is raised; those that are, are named.
    ConflictError
        If it is raised at several sites and none was given.
    """
    found = patient_flags(database, choice.patient_code, as_of=today, today=today)
    alert = _chosen(found, choice)
    said = NewFlagDecision(alert, decision, origin.reason, PartialDate.on(today))
    return record_statements(database, choice.patient_code, [said], origin, dry_run=dry_run)


def _chosen(found: PatientFlags, choice: FlagChoice) -> Alert:
    same = [alert for alert in found.alerts if alert.code == choice.code]
    own = [alert for alert in same if choice.site in (None, alert.site)]
    if not own:
        raised = ", ".join(dict.fromkeys(_named(alert) for alert in found.alerts)) or "none"
        place = "" if choice.site is None else f" at {choice.site}"
        raise NotFoundError(
            f"No flag '{choice.code}'{place} is raised of {choice.patient_code}; raised: {raised}.",
            hint=f"See: tracker flags {choice.patient_code}",
        )
    if len(own) > 1:
        sites = ", ".join(alert.site or PATIENT_AS_A_WHOLE for alert in own)
        raise ConflictError(
            f"'{choice.code}' is raised at several sites of {choice.patient_code}: {sites}.",
            hint="Say which: --site SITE",
        )
    return own[0]


def _named(alert: Alert) -> str:
    return alert.code if alert.site is None else f"{alert.code} at {alert.site}"
