"""All patients at once read as each of them alone, in a number of queries that does not grow."""

from dataclasses import replace

from sqlalchemy import event

from tracker.database import queries
from tracker.database.cohort import course_records


def several(record, n_patients):
    for number in range(n_patients):
        patient = record.patient(f"P-{number:03d}")
        record.episode(patient.made, "ankle-left", "2026-01")
        record.episode(patient.made, "knee-left", None)
        for day in ("2026-03-20", "2026-02", "2026-02-03"):
            record.visit(patient.made, day, {"ankle-left": number % 10, "talus-left": 3})


def test_all_patients_read_as_each_alone(record, database):
    several(record, 3)
    record.void("visit_details", 2)
    with database.reading() as connection:
        found, newest = course_records(connection)
        alone = [queries.patient_record(connection, f"P-{number:03d}") for number in range(3)]
    assert list(found) == [replace(patient, vitamin_d=(), imaging=(), notes=()) for patient in alone]
    assert newest == alone[0].last_entry_id
    assert [len(patient.pain_scores) for patient in found] == [4, 6, 6]


def test_a_record_without_patients_has_none(database):
    with database.reading() as connection:
        assert course_records(connection) == ((), 0)


def n_queries(database):
    statements = []
    with database.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        course_records(connection)
    return len(statements)


def test_the_number_of_queries_does_not_grow(record, database):
    before = n_queries(database)
    several(record, 3)
    assert n_queries(database) == before == 5
