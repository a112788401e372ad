"""What an export will be: the order, who is in it, under which names, and what its files say of themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from tracker import __version__
from tracker.analysis.disclosure.days import age_on
from tracker.analysis.disclosure.policy import Policy, default_policy
from tracker.analysis.views import Provenance
from tracker.clinical.disclosure import disclosure_numbers
from tracker.clinical.reference import Edition, load_edition
from tracker.clinical.word_lists import WordList, word_list
from tracker.database import queries, releases
from tracker.database.releases import Person
from tracker.errors import InputError
from tracker.exchange.release.columns import ReleaseTable
from tracker.exchange.release.files import About
from tracker.exchange.release.tables import release_tables
from tracker.service.releases.bands import age_bands, sex_words
from tracker.service.releases.derived_columns import EVENT_KINDS, fit_columns
from tracker.service.releases.naming import DeIdentified, Identified
from tracker.service.releases.saying import facts, readme_lines
from tracker.service.releases.selection import Selection, first_day


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is to be exported.

    Parameters
    ----------
    out : Path
        The folder; new or empty.
    formats : tuple of str
        Of `tracker.exchange.release.files.FORMATS`.
    as_of, today : datetime.date
        The day to answer for, and the day of asking; see `PatientRecord.until`.
    made : datetime.datetime
        What a workbook says of when it was made; nothing else in the files depends on it.
    release_name : str, optional
        Of a de-identified export; None for an identified one.
    new_secret : str
        64 hexadecimal digits, for a release that is not there yet.
    known_at : datetime.datetime, optional
        Only what the ledger held then.
    selection : Selection
        Who is in it.
    with_courses : bool
        Whether courses, flags and what a second site is are worked out too; their tables are empty otherwise.
    bom : bool
        Whether csv files begin with the mark by which Excel knows UTF-8.
    policy : Policy
        From how many patients on a de-identified export is made.
    """

    out: Path
    formats: tuple[str, ...]
    as_of: date
    today: date
    made: datetime
    release_name: str | None
    new_secret: str
    known_at: datetime | None = None
    selection: Selection = field(default_factory=Selection)
    with_courses: bool = True
    bom: bool = False
    policy: Policy = field(default_factory=default_policy)

    @property
    def identified(self) -> bool:
        """Whether codes, dates and words are in it."""
        return self.release_name is None


@dataclass(frozen=True, slots=True)
class Plan:
    """An export before its rows are read; `chosen` are in the order of the files."""

    order: ExportOrder
    known_until: int
    chosen: tuple[Person, ...]
    naming: Identified | DeIdentified
    tables: tuple[ReleaseTable, ...]
    about: About
    edition: Edition
    provenance: Provenance
    new_secret: str | None

    @property
    def new_release(self) -> bool:
        """Whether the release begins with this export."""
        return self.new_secret is not None


def plan_export(connection: Connection, order: ExportOrder, schema_revision: str) -> Plan:
    """Find out who is in an export and under which names.

    Raises
    ------
    InputError
        If a de-identified export would be of too few patients.
    """
    moment = None if order.known_at is None else queries.entry_at(connection, order.known_at)
    known_until = releases.last_clinical_entry(connection, known_until=moment)
    everyone = releases.people(connection, known_until=known_until, as_of=order.as_of, today=order.today)
    chosen = tuple(person for person in everyone if order.selection.takes(person))
    secret = None if order.release_name is None else releases.release_secret(connection, order.release_name)
    naming: Identified | DeIdentified = Identified()
    if not order.identified:
        _refuse_few(len(chosen), order.policy)
        naming = _de_identified(chosen, secret or order.new_secret, order.policy)
        # in the order of the new ids: that of the record would link two releases
        chosen = tuple(sorted(chosen, key=lambda person: naming.patient_id(person.patient_id)))
    edition = load_edition()
    tables = release_tables(identified=order.identified, fit_columns=fit_columns(), event_kinds=EVENT_KINDS)
    about = About(
        facts=facts(order, edition, n_patients=len(chosen), known_until=known_until, schema_revision=schema_revision),
        lines=readme_lines(order, n_patients=len(chosen)),
        formats=order.formats,
        made=order.made,
        bom=order.bom,
    )
    provenance = Provenance(
        program_version=__version__,
        schema_revision=schema_revision,
        edition=edition.name,
        edition_sha256=edition.sha256,
        as_of=order.as_of,
        last_entry_id=known_until,
    )
    is_new = not order.identified and secret is None
    return Plan(
        order,
        known_until,
        chosen,
        naming,
        tables,
        about,
        edition,
        provenance,
        order.new_secret if is_new else None,
    )


def _refuse_few(n_patients: int, policy: Policy) -> None:
    if 0 < n_patients < policy.least_cohort:
        raise InputError(
            f"Fewer than {policy.least_cohort} patients would be in this export: even without codes and dates "
            "their rows would point to them.",
            hint="Choose more patients, or keep it inside the clinic: --identified --reason TEXT",
        )


def _de_identified(chosen: tuple[Person, ...], secret: str, policy: Policy) -> DeIdentified:
    years = int(disclosure_numbers().value("age_band_years"))
    ages = (age_on(person.birth, first_day(person)) for person in chosen)
    return DeIdentified(
        secret,
        sexes=sex_words((person.sex for person in chosen), smallest=policy.smallest_shown),
        age_band=age_bands(ages, years=years, smallest=policy.smallest_shown),
        units=frozenset(unit for word in word_list(WordList.LAB) for unit in word.units),
    )
