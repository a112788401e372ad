"""The life of a flag: open, acknowledged, dismissed with a reason, and open again once its evidence changes.

A decision is about the evidence there was. It stands while that evidence, the state of the flag and
the version of its rule stay as they were; a later visit that changes none of them leaves it standing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.analysis.alerts.alert import Alert, AlertKind
from tracker.clinical.case_record import FlagDecision
from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.vocabulary import FlagDecisionWord
from tracker.dates import PartialDate


class Life(StrEnum):
    """Where a raised flag stands with the staff."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISMISSED = "dismissed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a flag stands, what was decided last, and what has changed since."""

    life: Life
    decision: FlagDecision | None = None
    changed: str = ""


def about(alert: Alert) -> str:
    """Give the site of a flag as a decision names it."""
    return PATIENT_AS_A_WHOLE if alert.site is None else alert.site


def evidence_until(alert: Alert) -> PartialDate | None:
    """Give the newest date up to which evidence counts; None where all of it always does.

    A course flag is made of every score: one that comes later and leaves the flag as it was changes nothing.
    """
    if alert.kind is not AlertKind.COURSE:
        return None
    return max((fact.on for fact in alert.evidence if fact.on is not None), default=None)


def evidence_hash(alert: Alert, until: PartialDate | None) -> str:
    """Hash the facts behind a flag: their rows, dates and values, whatever their order."""
    facts = sorted(
        (fact.table, fact.row_id, str(fact.on), fact.said)
        for fact in alert.evidence
        if until is None or fact.on is None or fact.on <= until
    )
    return hashlib.sha256(json.dumps([alert.code, about(alert), facts]).encode()).hexdigest()


def standing(alert: Alert, decisions: Iterable[FlagDecision]) -> Standing:
    """Say where a raised flag stands, by the decisions of the patient's record up to a day."""
    own = [one for one in decisions if (one.flag, one.about, one.episode_id) == _key(alert)]
    if not own:
        return Standing(Life.OPEN)
    decision = own[-1]
    changed = _changed(alert, decision)
    if decision.decision is FlagDecisionWord.REOPENED or changed:
        return Standing(Life.REOPENED, decision, changed)
    return Standing(Life(decision.decision.value), decision)


def _key(alert: Alert) -> tuple[str, str, int | None]:
    return alert.code, about(alert), alert.episode_id


def _changed(alert: Alert, decision: FlagDecision) -> str:
    """Say what is no longer as it was when it was decided on; empty where all of it is."""
    if alert.rule_version != decision.rule_version:
        return f"the rule has changed from version {decision.rule_version} to {alert.rule_version}"
    if alert.state != decision.flag_state:
        return f"it was {decision.flag_state} and is now {alert.state}"
    until = decision.evidence_until
    if until is not None and alert.since is not None and alert.since > until:
        return f"it was raised again on {alert.since}"
    return "" if evidence_hash(alert, until) == decision.evidence_hash else "its evidence has changed"
