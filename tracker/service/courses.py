"""A patient's courses against the expected one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from tracker import __version__
from tracker.analysis.episodes import patient_view
from tracker.analysis.library import CourseLibrary, course_library
from tracker.analysis.views import PatientView, Provenance
from tracker.clinical.edition_file import load_own_edition
from tracker.clinical.reference import Edition, load_edition
from tracker.database import ledger, queries
from tracker.database.corrections import corrections_of
from tracker.database.origins import entry_that_made
from tracker.database.session import Database
from tracker.service.demonstration import demonstration_of
from tracker.service.episodes import newest_at


@cache
def library() -> CourseLibrary:
    """Draw the course library of the built-in edition, once per process."""
    return course_library(load_edition())


def current_edition(own: Path | None = None) -> Edition:
    """Give the edition that courses are read against: the cited one, or that of an own file.

    Raises
    ------
    InputError
        If the file holds no edition that courses can be read against.
    """
    return load_edition() if own is None else load_own_edition(own)


def course_view(
    database: Database,
    patient_code: str,
    *,
    as_of: date,
    known_at: datetime | None = None,
    today: date | None = None,
    edition: Edition | None = None,
) -> PatientView:
    """Read a patient's record and fit each episode.

    Parameters
    ----------
    as_of : datetime.date
        Only visits up to this day count, and the phase is the phase on this day.
    known_at : datetime.datetime, optional
        Only ledger entries up to this moment count.
    today : datetime.date, optional
        The day of asking: a visit of "this month" counts from then on, see `PatientRecord.until`.
    edition : Edition, optional
        What to read against, see `current_edition`; the cited edition if not given.

    Raises
    ------
    NotFoundError
        If there is no such patient.
    """
    with database.reading() as connection:
        until = None if known_at is None else queries.entry_at(connection, known_at)
        record = queries.patient_record(connection, patient_code, known_until=until)
        # The newest entry about this patient, so that a page stays the same, byte for byte, while others are logged.
        newest = ledger.list_entries(connection, newest=1, patient_code=patient_code) if until is None else ()
        made_by = entry_that_made(connection, record.patient_id)
    courses = library() if edition is None or edition == load_edition() else course_library(edition)
    edition = courses.edition
    provenance = Provenance(
        program_version=__version__,
        schema_revision=database.schema_revision,
        edition=edition.name,
        edition_sha256=edition.sha256,
        as_of=as_of,
        last_entry_id=newest[-1].entry_id if newest else record.last_entry_id,
        demonstration=demonstration_of(made_by),
    )
    return patient_view(record, provenance=provenance, edition=edition, library=courses, today=today)


def with_corrections(database: Database, view: PatientView, *, today: date | None = None) -> PatientView:
    """Add what was corrected, up to the same ledger entry and the same day.

    Parameters
    ----------
    view : PatientView
        A correction that names a day after its `as_of` is left out.
    today : datetime.date, optional
        As for `course_view`.
    """
    with database.reading() as connection:
        found = corrections_of(connection, view.record.patient_id, known_until=view.record.last_entry_id)
    known = tuple(one for one in found if one.had_come(view.provenance.as_of, today=today))
    return replace(view, corrections=known)


def select_site(view: PatientView, site: str) -> PatientView:
    """Keep only the episodes at a site.

    Raises
    ------
    NotFoundError
        If the patient has no episode there; the message names the sites that have one.
    """
    episodes = tuple(episode for episode in view.episodes if episode.episode.site == site)
    if not episodes:
        newest_at(view.record, site)
    return replace(view, episodes=episodes)
