"""The columns of what the program says in a release; apart from `derived`, which loads what reads a course."""

from __future__ import annotations

from tracker.analysis.batch.fit_columns import FIT_COLUMNS
from tracker.analysis.site_migration.results import EventKind
from tracker.exchange.release.columns import ReleaseColumn

OWN_COLUMNS = FIT_COLUMNS[1:]
"""What a fit says; the episode it is about is named by the release."""

EVENT_KINDS = tuple(kind.value for kind in EventKind)


def fit_columns() -> tuple[ReleaseColumn, ...]:
    """Give the columns of a course fit; days count from the first possible day of the episode's onset."""
    return tuple(
        ReleaseColumn(
            one.name, one.kind, one.description.replace("the clock of the input", "days since the onset"), one.unit
        )
        for one in OWN_COLUMNS
    )
