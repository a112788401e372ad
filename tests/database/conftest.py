"""A record to write into, and short ways to do so through the ledger."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, select, text

from tracker.database import ledger
from tracker.database.session import open_database
from tracker.database.tables import FACTS_OF_PATIENTS, OF_PATIENTS
from tracker.dates import PartialDate

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url):
    """Open a new record."""
    with open_database(database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def recorder():
    """Give the class of the short ways, for a database that several tests share."""
    return Recorder


@pytest.fixture
def record(database):
    """Give the short ways, bound to `database`."""
    return Recorder(database)


@pytest.fixture
def behind_its_back(database, database_url):
    """Give a function that runs SQL on a raw connection, the triggers and foreign keys out of the way."""
    return lambda *statements: tamper(database_url, statements)


def tamper(url, statements):
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            kept = connection.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")).all()
            before, after = [f"DROP TRIGGER {name}" for name in names], kept
        else:
            before = ["SET session_replication_role = replica"]
            after = ["SET session_replication_role = DEFAULT"]
        for statement in [*before, *statements, *after]:
            connection.exec_driver_sql(statement)
    engine.dispose()


class Recorder:
    """One method per kind of entry; each opens its own transaction and gives the entry."""

    def __init__(self, database):
        self.database = database
        self.n_entries = 0

    def origin(self, command="visit add", **fields):
        self.n_entries += 1
        moment = NOON + timedelta(minutes=self.n_entries)
        return ledger.Origin(
            **{"recorded_at": moment, "recorded_by": "ana", "command": command, "program_version": "0.1.0"} | fields
        )

    def entry(self, draw, command="visit add", **fields):
        """Append one entry of what `draw(draft)` drafts; give it with what `draw` returned."""
        with self.database.writing() as connection:
            draft = ledger.Draft(connection)
            made = draw(draft)
            entry = ledger.append(connection, draft, self.origin(command, **fields))
        return SimpleNamespace(entry_id=entry.entry_id, entry=entry, made=made)

    def patient(self, code="P-001", **details):
        def draw(draft):
            patient_id = draft.identity("patient", clinic_id=1)
            values = {"patient_id": patient_id, "clinic_id": 1, "patient_code": code, "sex": "F"} | details
            draft.record("patient_details", values)
            return patient_id

        return self.entry(draw, "patient add")

    def episode(self, patient_id, site="talus-left", onset="2026-01", **details):
        def draw(draft):
            episode_id = draft.identity("episode", patient_id=patient_id)
            started = None if onset is None else PartialDate.parse(onset)
            draft.record("episode_details", {"episode_id": episode_id, "site": site, "onset": started} | details)
            return episode_id

        return self.entry(draw, "episode open")

    def visit(self, patient_id, day="2026-03-01", scores=None):
        """Record a visit with scores by site."""

        def draw(draft):
            visit_id = draft.identity("visit", patient_id=patient_id)
            draft.record("visit_details", {"visit_id": visit_id, "visit_date": PartialDate.parse(day)})
            row_ids = [draft.record("pain_score", nrs(visit_id, site, score)) for site, score in (scores or {}).items()]
            return SimpleNamespace(visit_id=visit_id, row_ids=row_ids)

        return self.entry(draw)

    def score(self, visit_id, site="talus-left", score=5):
        return self.entry(lambda draft: draft.record("pain_score", nrs(visit_id, site, score)))

    def amend(self, row_id, visit_id, site="talus-left", score=6):
        def draw(draft):
            draft.retract("pain_score", row_id)
            return draft.record("pain_score", nrs(visit_id, site, score))

        return self.entry(draw, "visit amend")

    def void(self, table, row_id):
        return self.entry(lambda draft: draft.retract(table, row_id), "visit void")

    def undo(self, entry_id):
        with self.database.writing() as connection:
            draft = ledger.draft_undo(connection, entry_id)
            return ledger.append(connection, draft, self.origin("undo"))

    def verify(self):
        with self.database.reading() as connection:
            return ledger.verify(connection)

    def current(self, patient_id=1):
        """Give what is current of a patient, without row ids and entries, so that two moments can be compared."""
        with self.database.reading() as connection:
            return {
                table.name: sorted(map(values, connection.execute(current_rows(table, patient_id))), key=repr)
                for table in FACTS_OF_PATIENTS
            }

    def row_ids(self, table, visit_id):
        """Give the current rows of a visit."""
        with self.database.reading() as connection:
            query = f"SELECT row_id FROM {table} WHERE visit_id = {visit_id} AND retracted_by IS NULL"
            return connection.scalars(text(query)).all()

    def score_rows(self, visit_id):
        """Give row id and site of the current scores of a visit."""
        with self.database.reading() as connection:
            query = f"SELECT row_id, site FROM pain_score WHERE visit_id = {visit_id} AND retracted_by IS NULL"
            return connection.execute(text(f"{query} ORDER BY row_id")).all()

    def dangling(self):
        """Give the current facts of visits that are not seen any more."""
        with self.database.reading() as connection:
            seen = "SELECT visit_id FROM visit_details WHERE retracted_by IS NULL"
            query = f"SELECT row_id FROM pain_score WHERE retracted_by IS NULL AND visit_id NOT IN ({seen})"
            return connection.scalars(text(query)).all()

    def count(self, table="ledger_entry"):
        with self.database.reading() as connection:
            return connection.scalar(text(f"SELECT count(*) FROM {table}"))


def current_rows(table, patient_id):
    query = select(table).where(table.c.retracted_by.is_(None))
    if "patient_id" in table.c:
        return query.where(table.c.patient_id == patient_id)
    (owner,) = (identity for identity in OF_PATIENTS if f"{identity.name}_id" in table.c)
    key = f"{owner.name}_id"
    return query.join(owner, owner.c[key] == table.c[key]).where(owner.c.patient_id == patient_id)


def nrs(visit_id, site, score):
    return {"visit_id": visit_id, "site": site, "instrument": "nrs", "aspect": "load", "score": score}


def values(row):
    bookkeeping = ("row_id", "recorded_by", "retracted_by")
    return tuple(value for name, value in row._mapping.items() if name not in bookkeeping)
