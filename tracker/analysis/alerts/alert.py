"""One thing that asks for a look at a patient, whichever rule raised it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.analysis.red_flags.readings import Evidence
from tracker.clinical.record import PainScore
from tracker.dates import PartialDate

RAISED = "raised"
LATER_SITE = "later_site"
LATER_SITE_VERSION = "1"


class AlertKind(StrEnum):
    """Which part of the program raised it."""

    COURSE = "course"
    RED_FLAG = "red_flag"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Alert:
    """One raised flag.

    `site` and `episode_id` are None where it is about the patient as a whole, `probability` where the rule knows none.
    `state` is that of a course flag, else `RAISED`. `since` is when it was raised last. The evidence of a course flag
    is every score its course is read from.
    """

    kind: AlertKind
    code: str
    rule_version: str
    site: str | None
    episode_id: int | None
    state: str
    since: PartialDate | None
    probability: float | None
    evidence: tuple[Evidence, ...]


def score_evidence(score: PainScore) -> Evidence:
    """Give a pain score as a fact behind a flag."""
    said = f"pain {score.site} {score.score} {score.instrument} {score.aspect}"
    return Evidence("pain_score", score.row_id, score.visit_date, said)
