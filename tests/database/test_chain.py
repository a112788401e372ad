"""The hash as its description says it, computed once by hand in another way."""

import hashlib
from datetime import UTC, date, datetime

from tracker.database.chain import Content, hash_entry

HEADER = {
    "entry_id": 2,
    "recorded_at": datetime(2026, 3, 10, 8, 15, tzinfo=UTC),
    "recorded_by": "Zoë",
    "command": "visit add",
    "reason": None,
    "warnings": ("early",),
    "previous_hash": "0" * 64,
    "entry_hash": "ignored",
}
CONTENT = Content(
    identities=[("visit", {"visit_id": 4, "patient_id": 1, "entry_id": 2})],
    recorded=[
        ("vitamin_d", {"row_id": 9, "recorded_by": 2, "retracted_by": None, "visit_id": 4, "value": 30.0}),
        ("pain_score", {"row_id": 10, "visit_id": 4, "score": 7, "missing_reason": None}),
        ("visit_details", {"row_id": 4, "visit_date_first": date(2026, 3, 1)}),
        ("pain_score", {"row_id": 9, "visit_id": 4, "score": 5}),
    ],
    retracted=[("pain_score", 10), ("pain_score", 9), ("note", 3)],
)
# written by hand from the description in tracker/database/chain.py
DOCUMENT = (
    '{"entry":{"command":"visit add","entry_id":2,"previous_hash":"' + "0" * 64 + '",'
    '"recorded_at":"2026-03-10T08:15:00.000000Z","recorded_by":"Zoë","warnings":["early"]},'
    '"format":1,'
    '"identities":[["visit",{"patient_id":1,"visit_id":4}]],'
    '"recorded":[["pain_score",{"row_id":9,"score":5,"visit_id":4}],["pain_score",{"row_id":10,"score":7,"visit_id":4}],'
    '["visit_details",{"row_id":4,"visit_date_first":"2026-03-01"}],'
    '["vitamin_d",{"row_id":9,"value":30.0,"visit_id":4}]],'
    '"retracted":[["note",3],["pain_score",9],["pain_score",10]]}'
)


def test_the_hash_covers_the_document_that_is_described():
    assert hash_entry(HEADER, CONTENT) == hashlib.sha256(DOCUMENT.encode()).hexdigest()


def test_the_order_of_drafting_does_not_matter():
    shuffled = Content(CONTENT.identities, CONTENT.recorded[::-1], CONTENT.retracted[::-1])
    assert hash_entry(HEADER, shuffled) == hash_entry(HEADER, CONTENT)
