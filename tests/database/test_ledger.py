"""One command, one entry: what is appended, listed and described."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tracker.clinical.vocabulary import Aspect, EdemaGrade, Instrument
from tracker.database import ledger, lookups
from tracker.database.ledger import Change
from tracker.dates import PartialDate
from tracker.errors import AccessError, ConflictError, InputError, NotFoundError

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def read(database, question, *arguments, **options):
    with database.reading() as connection:
        return question(connection, *arguments, **options)


def test_an_entry_says_who_when_what_why_and_from_where(record, database):
    appended = record.entry(
        lambda draft: draft.identity("patient", clinic_id=1),
        "patient add",
        recorded_at=datetime(2026, 3, 10, 13, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1))),
        reason="first contact",
        source_name="visits.csv",
        source_sha256="ab" * 32,
        warnings=("a score before onset", "Zoë"),
    ).entry
    (listed,) = read(database, ledger.list_entries)
    assert listed == appended
    assert appended == ledger.Entry(
        entry_id=1,
        recorded_at=datetime(2026, 3, 10, 12, 30, 0, 123456, tzinfo=UTC),
        recorded_by="ana",
        command="patient add",
        reason="first contact",
        source_name="visits.csv",
        source_sha256="ab" * 32,
        program_version="0.1.0",
        warnings=("a score before onset", "Zoë"),
        undoes=None,
        previous_hash="0" * 64,
        entry_hash=appended.entry_hash,
    )


def test_each_entry_follows_from_the_one_before(record):
    first, second = record.patient("P-001").entry, record.patient("P-002").entry
    assert (second.entry_id, second.previous_hash) == (first.entry_id + 1, first.entry_hash)


def test_the_ledger_never_goes_back_in_time(record):
    """Clocks of two computers differ a little: the later time is kept."""
    later, earlier = NOON + timedelta(minutes=5), NOON
    record.entry(lambda draft: draft.identity("patient", clinic_id=1), recorded_at=later)
    second = record.entry(lambda draft: draft.identity("patient", clinic_id=1), recorded_at=earlier)
    assert second.entry.recorded_at == later
    assert record.verify().problems == ()


def test_a_clock_far_behind_the_last_entry_is_refused(record):
    later = NOON + timedelta(minutes=5, microseconds=1)
    record.entry(lambda draft: draft.identity("patient", clinic_id=1), recorded_at=later)
    local = NOON.astimezone(timezone(timedelta(hours=2)))
    with pytest.raises(AccessError) as caught:
        record.entry(lambda draft: draft.identity("patient", clinic_id=1), recorded_at=local)
    assert str(caught.value) == (
        "This computer's clock says 2026-03-10 12:00 UTC, but the last entry was recorded at 2026-03-10 12:05 UTC."
        " Check the clock. If it is right, the last entry was recorded by a wrong one."
    )
    assert record.count() == 1


BAD_HEADERS = {
    "an empty reason": ({"reason": ""}, "reason must be 1 to 500 characters"),
    "a long reason": ({"reason": "x" * 501}, "reason must be 1 to 500 characters"),
    "a blank name": ({"recorded_by": "  "}, "recorded_by must be 1 to 100 characters"),
    "NUL in a reason": ({"reason": "a\0b"}, "reason holds a character that no database can keep: 'a\\x00b'."),
    "half a character in a name": (
        {"recorded_by": "a\ud800"},
        "recorded_by holds a character that no database can keep: 'a\\ud800'.",
    ),
    "half a character in a command": (
        {"command": "log \ud800"},
        "command holds a character that no database can keep: 'log \\ud800'.",
    ),
    "half a character in a warning": (
        {"warnings": ("fine", "\ud800")},
        "warnings holds a character that no database can keep: '\\ud800'.",
    ),
}


@pytest.mark.parametrize("header", BAD_HEADERS)
def test_what_is_said_of_an_entry_is_checked_like_any_value(record, header):
    fields, said = BAD_HEADERS[header]
    with pytest.raises(InputError) as caught:
        record.entry(lambda draft: draft.identity("patient", clinic_id=1), **({"command": "log"} | fields))
    assert str(caught.value).startswith(said)
    assert record.count() == 0


@pytest.mark.parametrize("number", [2**31, 99999999999, 10**20, 0, -1, -(10**20)])
def test_a_number_that_no_entry_or_visit_can_have_is_not_found(record, database, number):
    record.visit(record.patient().made)
    for question in (ledger.describe, ledger.draft_undo, lookups.find_entry):
        with pytest.raises(NotFoundError) as caught:
            read(database, question, number)
        assert str(caught.value) == f"There is no entry {number} in the ledger. See the ledger: tracker log"
    with pytest.raises(NotFoundError, match=f"There is no visit {number}"):
        read(database, lookups.code_of_visit, number)


def test_an_empty_draft_is_refused(record):
    with pytest.raises(InputError) as caught:
        record.entry(lambda draft: None)
    assert str(caught.value) == "There is nothing to record."
    assert record.count() == 0


def test_a_draft_says_what_it_would_do_and_writes_nothing(record, database):
    patient = record.patient()
    visit = record.visit(patient.made, "2026-03", {"talus-left": 7})
    with database.reading() as connection:
        draft = ledger.Draft(connection)
        draft.retract("pain_score", visit.made.row_ids[0])
        visit_id = draft.identity("visit", patient_id=patient.made)
        draft.record("visit_details", {"visit_id": visit_id, "visit_date": PartialDate.parse("~2026-04-01")})
        changes = draft.changes
    old_score = {
        "visit_id": 1,
        "site": "talus-left",
        "instrument": "nrs",
        "aspect": "load",
        "score": 7,
        "missing_reason": None,
    }
    assert changes == (
        Change("retracted", "pain_score", 1, old_score),
        Change("identity", "visit", 2, {"patient_id": 1}),
        Change("recorded", "visit_details", 2, {"visit_id": 2, "visit_date": PartialDate.parse("~2026-04-01")}),
    )
    assert record.count() == 2


def test_describing_an_entry_tells_what_its_draft_told(record, database):
    patient = record.patient(birth=PartialDate.parse("1970"))
    visit = record.visit(patient.made, "2026-03", {"talus-left": 7})
    with database.writing() as connection:
        draft = ledger.Draft(connection)
        draft.retract("pain_score", visit.made.row_ids[0])
        draft.record("vitamin_d", {"visit_id": 1, "value": 18, "unit": "ng/mL"})
        entry = ledger.append(connection, draft, record.origin("visit amend"))
    assert read(database, ledger.describe, entry.entry_id) == draft.changes


def test_every_kind_of_value_comes_back_as_it_was(record, database):
    patient = record.patient(code="Zoë-1", birth=PartialDate.parse("1970-05"))

    def draw(draft):
        visit_id = draft.identity("visit", patient_id=patient.made)
        dates = {"visit_date": PartialDate.parse("2026-03-01/2026-03-20")}
        draft.record("visit_details", {"visit_id": visit_id} | dates)
        score = {"site": "talus-left", "instrument": Instrument.VAS, "aspect": Aspect.NIGHT, "score": 64}
        draft.record("pain_score", {"visit_id": visit_id} | score)
        draft.record("vitamin_d", {"visit_id": visit_id, "value": 0.1 + 0.2, "unit": "nmol/L"})
        finding = {"modality": "mri", "site": "talus-left", "finding": "edema", "presence": "present"}
        extent = {"edema_percent": 30, "edema_grade": EdemaGrade.MEDIUM}
        draft.record("imaging_finding", {"visit_id": visit_id} | finding | extent)
        return draft.changes

    visit = record.entry(draw)
    assert read(database, ledger.describe, visit.entry_id) == visit.made
    assert record.verify().problems == ()
    by_table = {change.table: change.values for change in visit.made}
    assert type(by_table["pain_score"]["instrument"]) is str
    assert by_table["vitamin_d"]["value"] == 0.1 + 0.2
    assert by_table["imaging_finding"]["edema_percent"] == 30.0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text": "a\0b"}, "text holds a character that no database can keep: 'a\\x00b'."),
        ({"text": "a\ud800"}, "text holds a character that no database can keep: 'a\\ud800'."),
    ],
    ids=["NUL", "half a character"],
)
def test_a_character_no_database_keeps_is_refused(record, values, said):
    patient = record.patient()
    with pytest.raises(InputError) as caught:
        record.entry(lambda draft: draft.record("note", {"patient_id": patient.made} | values))
    assert str(caught.value) == said


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(record, value):
    patient = record.patient()
    visit = record.visit(patient.made)
    values = {"visit_id": visit.made.visit_id, "value": value, "unit": "ng/mL"}
    with pytest.raises(InputError, match="value must be a number, but was"):
        record.entry(lambda draft: draft.record("vitamin_d", values))


def test_a_table_or_column_that_is_not_there_is_a_fault_of_the_program(record):
    with pytest.raises(ValueError, match="'clinic' is not a fact table"):
        record.entry(lambda draft: draft.record("clinic", {}))
    with pytest.raises(ValueError, match=r"note has no column \['words'\]"):
        record.entry(lambda draft: draft.record("note", {"words": "x"}))


def test_what_is_not_there_cannot_be_taken_back(record):
    with pytest.raises(NotFoundError) as caught:
        record.void("note", 12)
    assert str(caught.value) == "There is no row 12 in note."


def test_what_was_taken_back_cannot_be_taken_back_again(record):
    patient = record.patient()
    visit = record.visit(patient.made, scores={"talus-left": 3})
    record.void("pain_score", visit.made.row_ids[0])
    with pytest.raises(ConflictError) as caught:
        record.void("pain_score", visit.made.row_ids[0])
    assert str(caught.value) == "Row 1 of pain_score was already taken back by entry 3."


def test_one_entry_takes_a_row_back_once(record):
    patient = record.patient()
    visit = record.visit(patient.made, scores={"talus-left": 3})

    def twice(draft):
        draft.retract("pain_score", visit.made.row_ids[0])
        draft.retract("pain_score", visit.made.row_ids[0])

    with pytest.raises(ConflictError) as caught:
        record.entry(twice)
    assert str(caught.value) == "Row 1 of pain_score is taken back twice in one entry."


def test_a_stale_draft_is_refused_and_leaves_nothing(record, database):
    patient = record.patient()
    visit = record.visit(patient.made, scores={"talus-left": 3})
    with database.reading() as connection:
        stale = ledger.Draft(connection)
        stale.retract("pain_score", visit.made.row_ids[0])
    record.void("pain_score", visit.made.row_ids[0])

    def append_stale():
        with database.writing() as connection:
            ledger.append(connection, stale, record.origin())

    with pytest.raises(ConflictError) as caught:
        append_stale()
    assert str(caught.value) == (
        "Somebody else changed pain_score meanwhile: of what was to be taken back, 0 of 1 still stands."
        " Look at the record again, then repeat the command."
    )
    assert record.count() == 3


def test_the_newest_entries_are_listed_oldest_first(record, database):
    for number in range(5):
        record.patient(f"P-{number}")
    assert [entry.entry_id for entry in read(database, ledger.list_entries, newest=2)] == [4, 5]


def test_entries_of_one_patient_are_all_that_touched_it(record, database):
    first, second = record.patient("P-001"), record.patient("P-002")
    record.episode(first.made)
    visit = record.visit(first.made, scores={"talus-left": 3})
    record.visit(second.made)
    record.void("pain_score", visit.made.row_ids[0])
    record.entry(lambda draft: draft.record("note", {"patient_id": first.made, "text": "called"}))
    listed = read(database, ledger.list_entries, patient_code="P-001")
    assert [entry.entry_id for entry in listed] == [1, 3, 4, 6, 7]
    assert read(database, ledger.list_entries, patient_code="P-009") == ()
    assert read(database, ledger.list_entries, patient_code="P-001", clinic_code="other") == ()


def test_describing_an_entry_that_is_not_there_is_said(database):
    with pytest.raises(NotFoundError) as caught:
        read(database, ledger.describe, 4)
    assert str(caught.value) == "There is no entry 4 in the ledger. See the ledger: tracker log"
