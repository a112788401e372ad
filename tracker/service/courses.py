"""A patient's courses against the expected one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from tracker import __version__
from tracker.analysis.episodes import patient_view
from tracker.analysis.library import CourseLibrary, course_library
from tracker.analysis.views import PatientView, Provenance
from tracker.clinical.corrections import Correction
from tracker.clinical.edition_file import load_own_edition
from tracker.clinical.reference import Edition, load_edition
from tracker.database import ledger, queries
from tracker.database.corrections import corrections_of
from tracker.database.origins import entry_that_made
from tracker.database.session import Database
from tracker.database.whole_records import DatedRecord
from tracker.service.demonstration import demonstration_of
from tracker.service.episodes import newest_at


@cache
def library() -> CourseLibrary:
    """Draw the course library of the built-in edition, once per process."""
    return course_library(load_edition())


_own_library: list[CourseLibrary] = []
"""That of the own edition that was asked for last: a whole clinic is read against one."""


def _library_of(edition: Edition) -> CourseLibrary:
    if edition == load_edition():
        return library()
    if not _own_library or _own_library[0].edition != edition:
        _own_library[:] = [course_library(edition)]
    return _own_library[0]


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
    asked = Asking(as_of, today, edition or load_edition(), database.schema_revision)
    return record_view(DatedRecord(record, newest[-1].entry_id if newest else record.last_entry_id, made_by), asked)


@dataclass(frozen=True, slots=True)
class Asking:
    """What courses are asked for: the day to answer for, the day of asking, and what they are read against."""

    as_of: date
    today: date | None
    edition: Edition
    schema_revision: str


def record_view(dated: DatedRecord, asked: Asking) -> PatientView:
    """Fit each episode of a record that was read already, and add the corrections that came with it."""
    courses = _library_of(asked.edition)
    provenance = Provenance(
        program_version=__version__,
        schema_revision=asked.schema_revision,
        edition=courses.edition.name,
        edition_sha256=courses.edition.sha256,
        as_of=asked.as_of,
        last_entry_id=dated.newest_entry,
        demonstration=demonstration_of(dated.made_by),
    )
    view = patient_view(
        dated.record, provenance=provenance, edition=courses.edition, library=courses, today=asked.today
    )
    return view if dated.corrections is None else _corrected(view, dated.corrections, today=asked.today)


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
    return _corrected(view, found, today=today)


def _corrected(view: PatientView, found: Sequence[Correction], *, today: date | None) -> PatientView:
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
