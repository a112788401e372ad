"""Two at once: first use, writing, and who must wait."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tracker.database import ledger
from tracker.database.session import open_database

FIRST_USE = """
import sys
from datetime import UTC, datetime
from tracker.database import ledger
from tracker.database.session import open_database

print("ready", flush=True)
sys.stdin.readline()
with open_database(sys.argv[1], create=True) as database, database.writing() as connection:
    draft = ledger.Draft(connection)
    draft.identity("patient", clinic_id=1)
    print(ledger.append(connection, draft, ledger.Origin(datetime.now(UTC), "ana", "patient add", "0.1.0")).entry_id)
"""


def test_two_processes_that_both_make_the_record_share_one(empty_database_url):
    command = [sys.executable, "-W", "error", "-c", FIRST_USE, empty_database_url]
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **options) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60) for process in processes]
    assert sorted(outputs) == [("1\n", ""), ("2\n", "")]
    with open_database(empty_database_url) as database, database.reading() as connection:
        report = ledger.verify(connection)
        assert (report.n_entries, report.problems) == (2, ())


def test_twenty_writers_at_once_all_get_through(database_url, recorder):
    start = Barrier(20)

    def write(number):
        with open_database(database_url) as database:
            start.wait()
            return recorder(database).patient(f"P-{number}").entry_id

    with ThreadPoolExecutor(20) as pool:
        entry_ids = list(pool.map(write, range(20)))
    assert sorted(entry_ids) == list(range(1, 21))
    with open_database(database_url) as database:
        record = recorder(database)
        report = record.verify()
        assert (report.n_entries, report.problems) == (20, ())
        assert record.count("patient_details") == 20


def test_a_reader_does_not_wait_for_a_writer(record, database):
    record.patient("P-001")
    with database.writing():
        assert record.count() == 1


def test_a_writer_sees_what_the_one_before_it_wrote(database_url, recorder):
    """The draft takes its ids under the lock, so that no two writers take the same."""
    start = Barrier(2)

    def write(code):
        with open_database(database_url) as database:
            start.wait()
            return recorder(database).patient(code).made

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(write, ("P-001", "P-002"))) == [1, 2]
