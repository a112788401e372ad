"""What tells patients apart, for all of a clinic at once: code, sex, birth, first episode."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from tracker.clinical.vocabulary import Sex
from tracker.database.known import read_date
from tracker.database.queries import in_order_of_onset
from tracker.database.tables import CLINIC, DEFAULT_CLINIC_CODE, EPISODE, EPISODE_DETAILS, PATIENT_DETAILS
from tracker.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Person:
    """A patient by what tells one from another; `site` and `onset` are those of the first episode."""

    patient_code: str
    sex: Sex
    birth: PartialDate | None
    site: str | None = None
    onset: PartialDate | None = None


def list_people(connection: Connection, *, clinic_code: str = DEFAULT_CLINIC_CODE) -> tuple[Person, ...]:
    """Give every current patient of a clinic, sorted by code, in two queries."""
    patients = connection.execute(
        select(PATIENT_DETAILS)
        .join(CLINIC, CLINIC.c.clinic_id == PATIENT_DETAILS.c.clinic_id)
        .where(CLINIC.c.clinic_code == clinic_code, PATIENT_DETAILS.c.retracted_by.is_(None))
    ).mappings()
    episodes = connection.execute(
        select(EPISODE.c.patient_id, EPISODE_DETAILS.c.site, EPISODE_DETAILS.c.onset)
        .join(EPISODE_DETAILS, EPISODE_DETAILS.c.episode_id == EPISODE.c.episode_id)
        .where(EPISODE_DETAILS.c.retracted_by.is_(None))
        .order_by(*in_order_of_onset())
    )
    first: dict[int, tuple[str, str | None]] = {}
    for patient_id, site, onset in episodes:
        first.setdefault(patient_id, (site, onset))
    people = []
    for row in patients:
        site, onset = first.get(row["patient_id"], (None, None))
        people.append(Person(row["patient_code"], Sex(row["sex"]), read_date(row["birth"]), site, read_date(onset)))
    return tuple(sorted(people, key=lambda person: person.patient_code))
