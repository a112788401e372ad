"""Undo reverses one entry by another; what stands in the way is named."""

import pytest

from tracker.database import ledger, queries
from tracker.dates import PartialDate
from tracker.errors import ConflictError, NotFoundError


def refusal(record, entry_id):
    before = record.count()
    with pytest.raises(ConflictError) as caught:
        record.undo(entry_id)
    assert record.count() == before
    return str(caught.value)


def newest_undoable(record):
    with record.database.reading() as connection:
        return ledger.newest_undoable(connection)


def test_undo_of_a_visit_takes_all_of_it_back(record):
    patient = record.patient()
    before = record.current()
    visit = record.visit(patient.made, scores={"talus-left": 3, "talus-right": 4})
    undone = record.undo(visit.entry_id)
    assert record.current() == before
    assert undone.undoes == visit.entry_id


def test_undo_of_an_amendment_brings_the_old_value_back(record):
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    before = record.current()
    amended = record.amend(visit.made.row_ids[0], visit.made.visit_id, score=8)
    assert record.current() != before
    record.undo(amended.entry_id)
    assert record.current() == before


def test_undo_of_a_void_brings_it_back(record):
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    before = record.current()
    record.undo(record.void("pain_score", visit.made.row_ids[0]).entry_id)
    assert record.current() == before


def test_undo_of_the_undo_is_as_if_nothing_had_been_undone(record):
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    amended = record.amend(visit.made.row_ids[0], visit.made.visit_id, score=8)
    with_amendment = record.current()
    undone = record.undo(amended.entry_id)
    redone = record.undo(undone.entry_id)
    assert record.current() == with_amendment
    record.undo(redone.entry_id)
    assert record.current() != with_amendment


def test_undo_deletes_nothing(record):
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    record.undo(visit.entry_id)
    assert [record.count(table) for table in ("visit", "visit_details", "pain_score", "ledger_entry")] == [1, 1, 1, 3]
    assert record.verify().problems == ()


def test_an_older_entry_can_be_undone_while_later_ones_stand(record):
    patient = record.patient()
    first = record.visit(patient.made, "2026-03-01", {"talus-left": 3})
    record.visit(patient.made, "2026-03-08", {"talus-left": 4})
    record.undo(first.entry_id)
    assert len(record.current()["visit_details"]) == 1


def test_an_entry_whose_row_was_since_amended_is_not_undone(record):
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    record.amend(visit.made.row_ids[0], visit.made.visit_id)
    assert refusal(record, visit.entry_id) == (
        "Entry 2 cannot be undone: entry 3 changed or uses what it did. Undo that one first: tracker undo 3"
    )


def test_all_later_entries_that_depend_on_it_are_named(record):
    patient = record.patient()
    record.episode(patient.made)
    visit = record.visit(patient.made)
    record.score(visit.made.visit_id)
    record.entry(lambda draft: draft.record("note", {"patient_id": patient.made, "text": "called"}))
    assert refusal(record, patient.entry_id) == (
        "Entry 1 cannot be undone: entries 2, 3, 4 and 5 changed or use what it did."
        " Undo those first, the newest first: tracker undo 5"
    )
    assert refusal(record, visit.entry_id) == (
        "Entry 3 cannot be undone: entry 4 changed or uses what it did. Undo that one first: tracker undo 4"
    )


def test_once_the_dependants_are_undone_it_can_be_undone(record):
    before = record.current()
    patient = record.patient()
    visit = record.visit(patient.made, scores={"talus-left": 3})
    amended = record.amend(visit.made.row_ids[0], visit.made.visit_id)
    for entry in (amended, visit, patient):
        record.undo(entry.entry_id)
    assert record.current() == before
    assert record.verify().problems == ()


def test_a_copy_stands_for_the_row_it_was_copied_from(record):
    """record 3 -> amend to 6 -> amend to 8 -> undo the last (6 is now a copy) -> undo the first amendment."""
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    with_three = record.current()
    first = record.amend(visit.made.row_ids[0], visit.made.visit_id, score=6)
    second = record.amend(first.made, visit.made.visit_id, score=8)
    record.undo(second.entry_id)
    record.undo(first.entry_id)
    assert record.current() == with_three


def test_of_several_copies_the_right_one_stands_for_its_row(record):
    """Two scores by two entries, both taken back at once, that undone: undoing the second leaves the first."""
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    with_the_first = record.current()
    second = record.score(visit.made.visit_id, "talus-right", 4)

    def take_both_back(draft):
        for row_id in (visit.made.row_ids[0], second.made):
            draft.retract("pain_score", row_id)

    record.undo(record.entry(take_both_back, "visit void").entry_id)
    record.undo(second.entry_id)
    assert record.current() == with_the_first


def test_a_redo_blocks_like_the_entry_it_brought_back(record):
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    amended = record.amend(visit.made.row_ids[0], visit.made.visit_id)
    redone = record.undo(record.undo(amended.entry_id).entry_id)
    assert refusal(record, visit.entry_id) == (
        f"Entry 2 cannot be undone: entry {redone.entry_id} changed or uses what it did."
        f" Undo that one first: tracker undo {redone.entry_id}"
    )


def test_an_entry_is_undone_once(record):
    patient = record.patient()
    record.undo(patient.entry_id)
    assert refusal(record, patient.entry_id) == (
        "Entry 1 was already undone by entry 2. To bring it back, undo that one: tracker undo 2"
    )


def test_an_entry_that_was_brought_back_is_undone_where_it_now_stands(record):
    patient = record.patient()
    record.undo(record.undo(patient.entry_id).entry_id)
    assert refusal(record, patient.entry_id) == (
        "Entry 1 was undone and brought back; it now stands as entry 3. To take it back again: tracker undo 3"
    )


def test_undo_of_a_void_is_refused_where_a_new_value_stands(record):
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    voided = record.void("pain_score", visit.made.row_ids[0])
    record.score(visit.made.visit_id, score=9)
    assert refusal(record, voided.entry_id) == (
        "Entry 3 cannot be undone: entry 4 changed or uses what it did. Undo that one first: tracker undo 4"
    )


def test_undo_of_a_void_is_refused_where_a_patient_took_the_code(record):
    voided = record.void("patient_details", record.patient("P-001").made)
    record.patient("P-001")
    assert refusal(record, voided.entry_id) == (
        "Entry 2 cannot be undone: entry 3 changed or uses what it did. Undo that one first: tracker undo 3"
    )


def test_a_score_is_not_brought_back_onto_a_visit_that_is_gone(record):
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    voided = record.void("pain_score", visit.made.row_ids[0])
    record.void("visit_details", 1)
    assert refusal(record, voided.entry_id) == (
        "Entry 3 cannot be undone: entry 4 changed or uses what it did. Undo that one first: tracker undo 4"
    )


def test_a_visit_is_not_brought_back_to_a_patient_that_is_gone(record):
    patient = record.patient()
    visit = record.visit(patient.made)
    voided = record.void("visit_details", visit.made.visit_id)
    record.void("patient_details", 1)
    assert refusal(record, voided.entry_id) == (
        "Entry 3 cannot be undone: entry 4 changed or uses what it did. Undo that one first: tracker undo 4"
    )


def test_undo_of_an_amended_date_keeps_the_scores_of_the_visit(record):
    visit = record.visit(record.patient().made, "2026-03-01", {"talus-left": 3})
    before = record.current()

    def move(draft):
        draft.retract("visit_details", 1)
        values = {"visit_id": visit.made.visit_id, "visit_date": PartialDate.parse("2026-03-02")}
        draft.record("visit_details", values)

    record.undo(record.entry(move, "visit amend").entry_id)
    assert record.current() == before


def test_what_is_not_there_cannot_be_undone(record):
    with pytest.raises(NotFoundError) as caught:
        record.undo(3)
    assert str(caught.value) == "There is no entry 3 in the ledger. See the ledger: tracker log"


def test_the_newest_undoable_entry_is_neither_an_undo_nor_undone(record):
    assert newest_undoable(record) is None
    first, second = record.patient("P-001"), record.patient("P-002")
    assert newest_undoable(record) == second.entry_id
    undone = record.undo(second.entry_id)
    assert newest_undoable(record) == first.entry_id
    redone = record.undo(undone.entry_id)
    assert newest_undoable(record) == redone.entry_id
    record.undo(redone.entry_id)
    assert newest_undoable(record) == first.entry_id


def test_undo_can_be_previewed_without_writing(record, database):
    visit = record.visit(record.patient().made, scores={"talus-left": 3})
    with database.reading() as connection:
        changes = ledger.draft_undo(connection, visit.entry_id).changes
    assert [(change.kind, change.table) for change in changes] == [
        ("retracted", "visit_details"),
        ("retracted", "pain_score"),
    ]
    assert record.count() == 2


def test_of_several_rows_of_one_entry_each_is_followed_to_its_own_copy(record):
    """Add two scores, void both, undo the void (two copies), undo the add: both copies go."""
    patient = record.patient()
    before = record.current()
    visit = record.visit(patient.made, scores={"talus-left": 3, "talus-right": 4})

    def take_both_back(draft):
        for row_id in visit.made.row_ids:
            draft.retract("pain_score", row_id)

    record.undo(record.entry(take_both_back, "visit void").entry_id)
    with_both = record.current()
    undone = record.undo(visit.entry_id)
    assert record.current() == before
    record.undo(undone.entry_id)
    assert record.current() == with_both
    assert record.verify().problems == ()


def notes(record, code="P-001"):
    with record.database.reading() as connection:
        return [note.text for note in queries.patient_record(connection, code).notes]


@pytest.mark.parametrize("n_times", [1, 2])
def test_notes_brought_back_stand_where_they_stood(record, n_times):
    patient = record.patient().made
    other = record.patient("P-002").made

    def write(*said):
        def draw(draft):
            # an entry about two patients: ranks are counted over all it took back
            draft.record("note", {"patient_id": other, "text": "not hers"})
            for text in said:
                draft.record("note", {"patient_id": patient, "text": text})

        return record.entry(draw)

    entry_id = write("first", "second").entry_id
    write("third")
    for _ in range(n_times):
        undone = record.undo(entry_id)
        assert notes(record) == ["third"]
        entry_id = record.undo(undone.entry_id).entry_id
    assert notes(record) == ["first", "second", "third"]
    assert notes(record, "P-002") == ["not hers", "not hers"]
