"""Every whole record at once: each as it is read alone, and the newest entry about it as the ledger lists it."""

import pytest
from sqlalchemy import event

from tracker.database import ledger, queries
from tracker.database.whole_records import newest_entries, newest_entry, record_identity, whole_records


@pytest.fixture
def clinic(record):
    """Three patients with notes, one of them undone and brought back, a visit taken back, a patient taken back."""
    for number in (2, 1, 3):
        patient = record.patient(f"P-{number:03d}")
        record.episode(patient.made, "ankle-left", "2026-01")
        for day in ("2026-03-20", "2026-02-03"):
            record.visit(patient.made, day, {"ankle-left": number})

    def note(patient_id, visit_id, text):
        values = {"patient_id": patient_id, "visit_id": visit_id, "text": text}
        return record.entry(lambda draft: draft.record("note", values))

    first = note(1, 1, "first")
    note(1, 2, "of the earlier visit")
    note(1, None, "about the patient")
    note(1, 1, "last")
    undone = record.undo(first.entry_id)
    record.undo(undone.entry_id)
    record.void("visit_details", 3)
    record.void("patient_details", 3)
    return record


def test_each_is_what_is_read_of_it_alone(clinic, database):
    with database.reading() as connection:
        found = whole_records(connection)
        alone = [queries.patient_record(connection, code) for code in ("P-001", "P-002")]
        newest = [ledger.list_entries(connection, newest=1, patient_code=one.patient_code) for one in alone]
    assert [one.record for one in found] == alone
    assert [one.newest_entry for one in found] == [entries[-1].entry_id for entries in newest]
    assert [note.text for note in found[1].record.notes] == [
        "about the patient",
        "of the earlier visit",
        "first",
        "last",
    ]


def test_the_newest_entry_of_a_code_is_that_of_whoever_had_it(clinic, database):
    taken_back = clinic.n_entries
    clinic.patient("P-003")
    with database.reading() as connection:
        found = newest_entries(connection)
        listed = {code: ledger.list_entries(connection, newest=1, patient_code=code)[-1].entry_id for code in found}
    assert found == listed
    assert found["P-003"] == taken_back + 1


def test_the_past_is_read_as_it_was_known(clinic, database):
    with database.reading() as connection:
        (one,) = whole_records(connection, known_until=2)
        assert one.record == queries.patient_record(connection, "P-002", known_until=2)
    assert one.newest_entry == 2


def test_a_record_is_known_by_its_first_entry(database, record):
    with database.reading() as connection:
        assert (record_identity(connection), newest_entry(connection), whole_records(connection)) == ("", 0, ())
    first = record.patient("P-001").entry
    record.patient("P-002")
    with database.reading() as connection:
        assert record_identity(connection) == first.entry_hash
        assert newest_entry(connection) == first.entry_id + 1


def test_the_number_of_queries_does_not_grow(clinic, database):
    def n_queries():
        statements = []
        with database.reading() as connection:
            event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
            whole_records(connection)
        return len(statements)

    before = n_queries()
    for number in range(10, 15):
        patient = clinic.patient(f"P-{number:03d}")
        clinic.visit(patient.made, "2026-02-03", {"ankle-left": 4})
    assert n_queries() == before
