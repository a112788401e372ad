"""An edit made behind the program's back is found, on both engines."""

import pytest
from sqlalchemy import create_engine

from tracker.database import verification

FAKE = "f" * 64
DOES_NOT_HOLD = "does not hold: it, or a row it recorded or took back, was changed, added or removed."


@pytest.fixture
def filled(record):
    """Six entries: patient, episode, visit with two scores, amendment, vitamin D, void."""
    patient = record.patient()
    record.episode(patient.made)
    visit = record.visit(patient.made, scores={"talus-left": 3, "talus-right": 4})
    record.amend(visit.made.row_ids[0], visit.made.visit_id, score=6)
    values = {"visit_id": visit.made.visit_id, "value": 18, "unit": "ng/mL", "assay": "LC-MS"}
    record.entry(lambda draft: draft.record("vitamin_d", values), "log")
    record.void("pain_score", visit.made.row_ids[1])
    return record


def entry(number, command):
    return f"Entry {number} ({command}, 2026-03-10 12:0{number} UTC)"


def test_an_untouched_ledger_holds(filled):
    report = filled.verify()
    assert (report.n_entries, report.problems, report.holds) == (6, (), True)


def test_the_head_hash_is_that_of_the_last_entry(filled, database):
    with database.reading() as connection:
        head = connection.exec_driver_sql("SELECT entry_hash FROM ledger_entry WHERE entry_id = 6").scalar()
    assert filled.verify().head_hash == head


def test_an_empty_ledger_holds(record):
    report = record.verify()
    assert (report.n_entries, report.problems, report.head_hash) == (0, (), "0" * 64)


EDITS = {
    "a score changed": (
        "UPDATE pain_score SET score = 9 WHERE row_id = 3",
        [f"{entry(4, 'visit amend')} {DOES_NOT_HOLD}"],
    ),
    "a word changed": (
        "UPDATE pain_score SET aspect = 'rest' WHERE row_id = 1",
        [f"{entry(3, 'visit add')} {DOES_NOT_HOLD}"],
    ),
    "a date changed": (
        "UPDATE visit_details SET visit_date_last = '2026-03-02'",
        [f"{entry(3, 'visit add')} {DOES_NOT_HOLD}"],
    ),
    "a number changed in its last digit": (
        "UPDATE vitamin_d SET value = 18.000000000000004",
        [f"{entry(5, 'log')} {DOES_NOT_HOLD}"],
    ),
    "a value made NULL": (
        "UPDATE vitamin_d SET assay = NULL",
        [f"{entry(5, 'log')} {DOES_NOT_HOLD}"],
    ),
    "a NULL filled": (
        "UPDATE episode_details SET onset_mode = 'acute'",
        [f"{entry(2, 'episode open')} {DOES_NOT_HOLD}"],
    ),
    "a row deleted": (
        "DELETE FROM vitamin_d",
        [f"{entry(5, 'log')} {DOES_NOT_HOLD}"],
    ),
    "a row added to an entry": (
        "INSERT INTO note (row_id, recorded_by, patient_id, text) VALUES (1, 5, 1, 'never said')",
        [f"{entry(5, 'log')} {DOES_NOT_HOLD}"],
    ),
    "a row added to no entry": (
        "INSERT INTO note (row_id, recorded_by, patient_id, text) VALUES (1, 77, 1, 'never said')",
        ["Row 1 of note belongs to no entry of the ledger."],
    ),
    "a patient added to no entry": (
        "INSERT INTO patient (patient_id, clinic_id, entry_id) VALUES (2, 1, 77)",
        ["Row 2 of patient belongs to no entry of the ledger."],
    ),
    "a visit given to another entry": (
        "UPDATE visit SET entry_id = 2",
        [f"{entry(2, 'episode open')} {DOES_NOT_HOLD}", f"{entry(3, 'visit add')} {DOES_NOT_HOLD}"],
    ),
    "a retraction moved": (
        "UPDATE pain_score SET retracted_by = 5 WHERE row_id = 1",
        [f"{entry(4, 'visit amend')} {DOES_NOT_HOLD}", f"{entry(5, 'log')} {DOES_NOT_HOLD}"],
    ),
    "a retraction removed": (
        "UPDATE pain_score SET retracted_by = NULL WHERE row_id = 2",
        [f"{entry(6, 'visit void')} {DOES_NOT_HOLD}"],
    ),
    "a retraction by no entry": (
        "UPDATE visit_details SET retracted_by = 77",
        ["Row 1 of visit_details belongs to no entry of the ledger."],
    ),
    "who recorded it changed": (
        "UPDATE ledger_entry SET recorded_by = 'eve' WHERE entry_id = 2",
        [f"{entry(2, 'episode open')} {DOES_NOT_HOLD}"],
    ),
    "the time changed": (
        "UPDATE ledger_entry SET recorded_at = '2026-03-10 12:02:00.000001' WHERE entry_id = 2",
        [f"{entry(2, 'episode open')} {DOES_NOT_HOLD}"],
    ),
    "the warnings spoilt": (
        "UPDATE ledger_entry SET warnings = 'none' WHERE entry_id = 2",
        [f"{entry(2, 'episode open')} was changed: its warnings cannot be read."],
    ),
    "a hash replaced": (
        f"UPDATE ledger_entry SET entry_hash = '{FAKE}' WHERE entry_id = 2",
        [
            f"{entry(2, 'episode open')} {DOES_NOT_HOLD}",
            f"{entry(3, 'visit add')} does not follow from the entry before it.",
        ],
    ),
    "a link of the chain replaced": (
        f"UPDATE ledger_entry SET previous_hash = '{FAKE}' WHERE entry_id = 3",
        [
            f"{entry(3, 'visit add')} does not follow from the entry before it.",
            f"{entry(3, 'visit add')} {DOES_NOT_HOLD}",
        ],
    ),
    "the first entry removed": (
        "DELETE FROM ledger_entry WHERE entry_id = 1",
        [
            "Before entry 2, entry 1 is missing.",
            "Row 1 of patient belongs to no entry of the ledger.",
            "Row 1 of patient_details belongs to no entry of the ledger.",
        ],
    ),
    "two entries in the middle removed": (
        "DELETE FROM ledger_entry WHERE entry_id IN (4, 5)",
        [
            "Before entry 6, entries 4 to 5 are missing.",
            "Row 1 of pain_score belongs to no entry of the ledger.",
            "Row 3 of pain_score belongs to no entry of the ledger.",
            "Row 1 of vitamin_d belongs to no entry of the ledger.",
        ],
    ),
    "a clinic added": (
        "INSERT INTO clinic (clinic_id, clinic_code) VALUES (2, 'north')",
        ["The clinic 'north' (number 2) was added by another program."],
    ),
    "the clinic renamed": (
        "UPDATE clinic SET clinic_code = 'other'",
        ["The clinic 'default' was changed or removed."],
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_found(filled, behind_its_back, edit):
    statement, problems = EDITS[edit]
    behind_its_back(statement)
    assert list(filled.verify().problems) == problems


def test_an_entry_removed_with_all_its_rows_is_found(filled, behind_its_back):
    behind_its_back("DELETE FROM vitamin_d", "DELETE FROM ledger_entry WHERE entry_id = 5")
    assert filled.verify().problems == ("Before entry 6, entry 5 is missing.",)


def test_a_tail_cut_off_whole_is_told_only_by_its_head_hash(filled, behind_its_back):
    """What `verify` says it cannot see: the head hash written down before is what tells."""
    before = filled.verify()
    behind_its_back(
        "UPDATE pain_score SET retracted_by = NULL WHERE row_id = 2",
        "DELETE FROM ledger_entry WHERE entry_id = 6",
    )
    after = filled.verify()
    assert after.problems == ()
    assert (after.n_entries, after.head_hash != before.head_hash) == (5, True)


def test_a_dropped_trigger_is_found(filled, database_url, engine):
    on_table = "" if engine == "sqlite" else " ON note"
    raw = create_engine(database_url)
    with raw.begin() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER note_no_delete{on_table}")
    raw.dispose()
    assert filled.verify().problems == ("The trigger note_no_delete is missing or switched off.",)


@pytest.mark.parametrize("engine", ["postgresql"])  # SQLite has no such switch
def test_a_trigger_switched_off_is_found(filled, database_url):
    raw = create_engine(database_url)
    with raw.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE note DISABLE TRIGGER note_only_retract")
    raw.dispose()
    assert filled.verify().problems == ("The trigger note_only_retract is missing or switched off.",)


def run_raw(url, *statements):
    raw = create_engine(url)
    with raw.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    raw.dispose()


def test_a_trigger_that_does_something_else_is_found(filled, database_url, engine):
    weak = {
        "sqlite": (
            "DROP TRIGGER note_no_delete",
            "CREATE TRIGGER note_no_delete BEFORE DELETE ON note BEGIN SELECT 1; END",
        ),
        "postgresql": (
            "DROP TRIGGER note_no_delete ON note",
            "CREATE TRIGGER note_no_delete BEFORE DELETE ON note FOR EACH STATEMENT EXECUTE FUNCTION tracker_refuse()",
        ),
    }
    run_raw(database_url, *weak[engine])
    assert filled.verify().problems == ("The trigger note_no_delete was changed.",)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_a_function_that_does_something_else_is_found(filled, database_url):
    run_raw(
        database_url,
        "CREATE OR REPLACE FUNCTION tracker_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
    )
    assert filled.verify().problems == ("The function tracker_refuse, which triggers run, was changed or removed.",)


def test_entries_are_read_in_groups(filled, monkeypatch):
    monkeypatch.setattr(verification, "_ENTRIES_AT_ONCE", 2)
    report = filled.verify()
    assert (report.n_entries, report.problems) == (6, ())


def test_no_more_problems_are_listed_than_anybody_reads(filled, behind_its_back, monkeypatch):
    monkeypatch.setattr(verification, "_MOST_PROBLEMS", 2)
    behind_its_back("UPDATE ledger_entry SET recorded_by = 'eve'")
    assert filled.verify().problems == (
        f"{entry(1, 'patient add')} {DOES_NOT_HOLD}",
        f"{entry(2, 'episode open')} {DOES_NOT_HOLD}",
        "There are 4 more problems.",
    )


def test_a_column_that_an_older_schema_lacks_leaves_the_hashes_as_they_are(filled, behind_its_back):
    """`source_name` is NULL everywhere, as any column is that came with a later revision."""
    behind_its_back("ALTER TABLE ledger_entry DROP COLUMN source_name")
    assert filled.verify().problems == ()
