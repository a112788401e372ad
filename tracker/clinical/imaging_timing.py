"""When which imaging shows something after the onset: cited numbers, all of them weak."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tracker.clinical.reference import Edition, load_edition

IMAGING_TIMING_FILE = Path(__file__).with_name("imaging_timing_v1.toml")


@cache
def imaging_timing() -> Edition:
    """Read the numbers."""
    return load_edition(IMAGING_TIMING_FILE)
