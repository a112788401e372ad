"""From which count on a number may leave the clinic: defaults, each with its source."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tracker.clinical.reference import Edition, load_edition

DISCLOSURE_FILE = Path(__file__).with_name("disclosure_v1.toml")


@cache
def disclosure_numbers() -> Edition:
    """Read the numbers of disclosure control."""
    return load_edition(DISCLOSURE_FILE)
