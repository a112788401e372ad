"""Whom changes are about, and when visits were, also after they were taken back."""

import pytest
from sqlalchemy import event

from tracker.database import ledger, lookups
from tracker.dates import PartialDate


@pytest.fixture
def of(database):
    """Give a function that names the owners of what some entries changed."""

    def ask(*entry_ids):
        with database.reading() as connection:
            changes = [change for entry_id in entry_ids for change in ledger.describe(connection, entry_id)]
            return lookups.owners(connection, changes)

    return ask


def test_every_kind_of_change_leads_to_its_patient(record, of):
    first, second = record.patient("P-001"), record.patient("P-002")
    episode = record.episode(second.made)
    visit = record.visit(second.made, scores={"talus-left": 3})
    score = record.score(visit.made.visit_id, "talus-right")
    voided = record.void("pain_score", score.made)
    note = record.entry(lambda draft: draft.record("note", {"patient_id": first.made, "text": "called"}))
    identity = record.entry(lambda draft: draft.identity("visit", patient_id=first.made))
    made = (first, second, episode, visit, score, voided, note, identity)
    owners = [of(one.entry_id) for one in made]
    assert owners == [(f"P-00{number}",) for number in (1, 2, 2, 2, 2, 2, 1, 1)]
    assert of(*(one.entry_id for one in made)) == ("P-001", "P-002")
    assert of() == ()


def test_a_patient_who_was_taken_back_keeps_the_last_code(record, of):
    patient = record.patient("P-001")
    visit = record.visit(patient.made)

    def rename(draft):
        draft.retract("patient_details", 1)
        draft.record(
            "patient_details", {"patient_id": patient.made, "clinic_id": 1, "patient_code": "P-100", "sex": "F"}
        )

    record.entry(rename, "patient amend")
    assert of(visit.entry_id) == ("P-100",)
    record.void("patient_details", 2)
    assert of(visit.entry_id) == ("P-100",)


def test_a_patient_that_is_only_drafted_has_a_code_too(record, database):
    with database.reading() as connection:
        draft = ledger.Draft(connection)
        patient_id = draft.identity("patient", clinic_id=1)
        values = {"patient_id": patient_id, "clinic_id": 1, "patient_code": "P-001", "sex": "F"}
        draft.record("patient_details", values)
        visit_id = draft.identity("visit", patient_id=patient_id)
        draft.record("visit_details", {"visit_id": visit_id, "visit_date": PartialDate.parse("2026-03")})
        assert lookups.owners(connection, draft.changes) == ("P-001",)


def test_owners_are_found_in_few_queries(record, database, monkeypatch):
    for number in range(6):
        record.visit(record.patient(f"P-{number}").made)
    with database.reading() as connection:
        changes = [change for entry_id in range(1, 13) for change in ledger.describe(connection, entry_id)]
        statements = []
        event.listen(connection, "before_cursor_execute", lambda *call: statements.append(call[2]))
        found = lookups.owners(connection, changes)
        # visits, and the codes of their patients; there are no episodes
        assert len(statements) == 2
        monkeypatch.setattr(lookups, "_IDS_AT_ONCE", 4)
        assert lookups.owners(connection, changes) == found == tuple(f"P-{number}" for number in range(6))
