"""A cohort of the record, summed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from tracker import __version__
from tracker.analysis.cohort.choice import CohortChoice, choose_patients
from tracker.analysis.cohort.fits import fit_members, parameter_summaries
from tracker.analysis.cohort.members import Grouping, describe_patient
from tracker.analysis.cohort.summary import CohortSummary, sum_up
from tracker.analysis.views import Provenance
from tracker.clinical.reference import load_edition
from tracker.database import queries
from tracker.database.cohort import clinic_records
from tracker.database.session import Database
from tracker.database.tables import CLINIC, DEFAULT_CLINIC_CODE, LEDGER_ENTRY
from tracker.errors import NotFoundError
from tracker.service.level_cache import library_of

_BY_THE_DEMO = LEDGER_ENTRY.c.command == "demo"


@dataclass(frozen=True, slots=True)
class CohortQuestion:
    """What is asked of the record: who, of which clinic, divided by what, as known at which moment."""

    choice: CohortChoice
    grouping: Grouping | None = None
    clinic_code: str = DEFAULT_CLINIC_CODE
    known_at: datetime | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CohortAnswer:
    """The summary with what it was made from; `is_demonstration` says that the database holds demonstration data."""

    summary: CohortSummary
    provenance: Provenance
    clinic_code: str
    is_demonstration: bool


def summarise_cohort(database: Database, question: CohortQuestion) -> CohortAnswer:
    """Read a clinic's record and sum it up.

    Parameters
    ----------
    database : Database
        Only read.
    question : CohortQuestion
        What is asked.
    """
    edition = load_edition()
    choice = question.choice
    with database.reading() as connection:
        until = None if question.known_at is None else queries.entry_at(connection, question.known_at)
        _check_clinic(connection, question.clinic_code)
        records, newest = clinic_records(connection, clinic_code=question.clinic_code, known_until=until)
        is_demonstration = connection.scalar(select(LEDGER_ENTRY.c.entry_id).where(_BY_THE_DEMO).limit(1)) is not None
    choosing = choose_patients(records, choice, today=question.today)
    members = tuple(describe_patient(one, edition, as_of=choice.as_of) for one in choosing.chosen)
    library = library_of(edition)
    fits = fit_members([member for member in members if member.is_read], library)
    summary = sum_up(choosing, members, parameter_summaries(fits, library), choice=choice, grouping=question.grouping)
    provenance = Provenance(
        program_version=__version__,
        schema_revision=database.schema_revision,
        edition=edition.name,
        edition_sha256=edition.sha256,
        as_of=choice.as_of,
        last_entry_id=newest,
    )
    return CohortAnswer(summary, provenance, question.clinic_code, is_demonstration)


def _check_clinic(connection: Connection, clinic_code: str) -> None:
    codes = sorted(connection.scalars(select(CLINIC.c.clinic_code)))
    if clinic_code not in codes:
        raise NotFoundError(f"No clinic '{clinic_code}'.", hint=f"This database has: {', '.join(codes) or 'none'}.")
