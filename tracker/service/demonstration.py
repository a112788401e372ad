"""Telling demonstration data from patients: `tracker demo` leaves its name in the entry that made each of them."""

from __future__ import annotations

from tracker.analysis.views import PUBLISHED_CASE
from tracker.clinical.published import CASES_FILE
from tracker.database.ledger import Entry

DEMO_COMMAND = "demo"
SIMULATED_PATIENT = "simulated patient"


def demonstration_of(made_by: Entry) -> str:
    """Say what kind of demonstration data a patient is, by the entry that made it; empty for a patient.

    The ledger's hash covers the command, so the mark cannot be taken off without `tracker db verify` finding it.
    """
    if made_by.command != DEMO_COMMAND:
        return ""
    return PUBLISHED_CASE if made_by.source_name == CASES_FILE.name else SIMULATED_PATIENT
