"""The default follow-up: cited numbers, all of them weak."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tracker.clinical.reference import Edition, load_edition

SCHEDULE_FILE = Path(__file__).with_name("schedule_v1.toml")


@cache
def schedule_numbers() -> Edition:
    """Read the numbers of the default follow-up."""
    return load_edition(SCHEDULE_FILE)
