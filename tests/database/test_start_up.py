"""What opening a record and writing to it loads: a command of one line must start at once."""

import subprocess
import sys

import pytest

WRITE_ONE = """
import sys
from datetime import UTC, datetime
from tracker.database import ledger, queries
from tracker.database.session import open_database

with open_database(sys.argv[1]) as database:
    with database.writing() as connection:
        draft = ledger.Draft(connection)
        patient_id = draft.identity("patient", clinic_id=1)
        values = {"patient_id": patient_id, "clinic_id": 1, "patient_code": "P-001", "sex": "F"}
        draft.record("patient_details", values)
        ledger.append(connection, draft, ledger.Origin(datetime.now(UTC), "ana", "patient add", "0.1.0"))
    with database.reading() as connection:
        queries.patient_record(connection, "P-001")
print(*sorted(sys.modules))
"""


@pytest.mark.parametrize("engine", ["sqlite"])
def test_writing_one_entry_loads_nothing_heavy(database_url):
    command = [sys.executable, "-c", WRITE_ONE, database_url]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    heavy = {"alembic", "mako", "numpy", "pandas", "plotly", "scipy", "psycopg", "greenlet"}
    assert heavy & loaded == set()
    assert {name for name in loaded if name.startswith(("sqlalchemy.orm", "sqlalchemy.dialects.postgresql"))} == set()
