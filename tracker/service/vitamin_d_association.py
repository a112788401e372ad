"""How vitamin D goes with the length of the course, over every patient of the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.analysis.results import InsufficientData
from tracker.analysis.vitamin_d.association import EpisodeWithResult, VitaminDAssociation, find_association
from tracker.analysis.vitamin_d.cohort import LeftOut, first_usable_episode
from tracker.clinical.reference import load_edition
from tracker.database.cohort import course_records
from tracker.database.session import Database
from tracker.service.courses import library


@dataclass(frozen=True, slots=True)
class AssociationReport:
    """The answer with what it rests on: `left_out` counts patients by the reason why no episode of theirs is in it."""

    as_of: date
    window_months: float
    n_patients: int
    left_out: Mapping[LeftOut, int]
    answer: VitaminDAssociation | InsufficientData
    edition: str
    edition_sha256: str


def vitamin_d_association(database: Database, *, as_of: date, today: date | None = None) -> AssociationReport:
    """Estimate the association of the first vitamin D result with the length of the course.

    Parameters
    ----------
    as_of : datetime.date
        Only visits up to this day count.
    today : datetime.date, optional
        The day of asking: a visit of "this month" counts from then on, see `PatientRecord.until`.
    """
    edition = load_edition()
    with database.reading() as connection:
        records, _ = course_records(connection)
    found = [first_usable_episode(record.until(as_of, today=today), as_of=as_of, edition=edition) for record in records]
    return AssociationReport(
        as_of=as_of,
        window_months=edition.value("vitamin_d_window_months"),
        n_patients=len(records),
        left_out=dict(Counter(reason for reason in found if isinstance(reason, LeftOut))),
        answer=find_association(
            [episode for episode in found if isinstance(episode, EpisodeWithResult)], library=library()
        ),
        edition=edition.name,
        edition_sha256=edition.sha256,
    )
