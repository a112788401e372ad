"""What published cohorts found, to set a cohort of one's own beside: never a norm, and rarely the same question."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tracker.clinical.reference import Edition, load_edition

PUBLISHED_COHORTS_FILE = Path(__file__).with_name("published_cohorts_v1.toml")


@cache
def published_cohorts() -> Edition:
    """Read the cited numbers."""
    return load_edition(PUBLISHED_COHORTS_FILE)
