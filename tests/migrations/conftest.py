"""Databases at any revision, and a filled one."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.database import ledger, revisions
from tracker.database.session import connect, open_database
from tracker.dates import PartialDate

DATA = Path(__file__).parent / "data"
ORIGIN = ledger.Origin(datetime(2026, 3, 11, 12, 0, tzinfo=UTC), "ana", "visit add", "0.1.0")


@pytest.fixture(scope="session")
def fill():
    """Give a function that writes a patient with a visit and a score into an open record."""

    def write(database, code="P-001"):
        with database.writing() as connection:
            draft = ledger.Draft(connection)
            patient_id = draft.identity("patient", clinic_id=1)
            values = {"patient_id": patient_id, "clinic_id": 1, "patient_code": code, "sex": "F"}
            draft.record("patient_details", values)
            visit_id = draft.identity("visit", patient_id=patient_id)
            draft.record("visit_details", {"visit_id": visit_id, "visit_date": PartialDate.parse("2026-03")})
            score = {"site": "talus-left", "instrument": "nrs", "aspect": "load", "score": 7}
            draft.record("pain_score", {"visit_id": visit_id} | score)
            draft.record("note", {"patient_id": patient_id, "visit_id": visit_id, "text": "limps"})
            return ledger.append(connection, draft, ORIGIN)

    return write


@pytest.fixture
def filled_url(database_url, fill):
    """Give the address of a record with a patient in it."""
    with open_database(database_url) as database:
        fill(database)
    return database_url


@pytest.fixture(params=sorted(path.stem for path in DATA.glob("*.sql")))
def old_database(request, tmp_path):
    """Load the dump of each released revision into a file; give its path."""
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript((DATA / f"{request.param}.sql").read_text(encoding="utf-8"))
    connection.close()
    return path


@pytest.fixture
def running():
    """Give a function that runs revisions up or down in one transaction, as the program does."""

    def run(url, function, *arguments):
        with connect(url, create=True, foreign_keys=False) as database, database.writing() as connection:
            return function(connection, *arguments)

    return run


@pytest.fixture
def next_revision(tmp_path, monkeypatch):
    """Give a function that adds a revision 0005 with the given body, as a later version of the program would have."""

    def add(body):
        directory = tmp_path / "migrations"
        shutil.copytree(revisions.migrations_dir(), directory, ignore=shutil.ignore_patterns("__pycache__"))
        head = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "0005"\ndown_revision = "0004"\n\n'
        (directory / "versions" / "0005_later.py").write_text(head + body)
        monkeypatch.setattr(revisions, "migrations_dir", lambda: directory)

    return add
