"""What a report of a cohort says of itself, from the answer of the record and what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.cohort.report import CohortFacts
    from tracker.analysis.disclosure.policy import Policy
    from tracker.cli.cohort_options import CohortWords
    from tracker.service.cohort_summary import CohortAnswer


def facts_of(answer: CohortAnswer, asked: CohortWords, policy: Policy | None) -> CohortFacts:
    """Put them together; `policy` is None for an internal report."""
    from reports.cohort.report import CohortFacts

    return CohortFacts(
        clinic_code=answer.clinic_code,
        provenance=answer.provenance,
        choice=answer.summary.choice,
        known_at=None if asked.known_at is None else asked.known_at.isoformat(timespec="minutes"),
        is_demonstration=answer.is_demonstration,
        policy=policy,
    )
