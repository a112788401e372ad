"""What was corrected: amended, taken back, undone and brought back, up to a ledger entry and a day."""

from datetime import date

import pytest

from tracker.clinical.corrections import CorrectionKind
from tracker.database import ledger
from tracker.database.corrections import corrections_of
from tracker.dates import PartialDate


@pytest.fixture
def found(database):
    """Give the corrections in short: kind, kind of fact, entry, and the scores before and after."""

    def read(patient_id, **options):
        with database.reading() as connection:
            corrections = corrections_of(connection, patient_id, **options)
        return [
            (
                one.kind.value,
                one.table,
                one.entry_id,
                *(None if said is None else said.get("score") for said in (one.old, one.new)),
            )
            for one in corrections
        ]

    return read


def undo(record, entry_id):
    with record.database.writing() as connection:
        draft = ledger.draft_undo(connection, entry_id)
        return ledger.append(connection, draft, record.origin("undo"), undoes=entry_id).entry_id


def test_what_was_only_recorded_is_no_correction(record, found):
    patient = record.patient().made
    record.visit(patient, scores={"talus-left": 7, "knee-left": 3})
    assert found(patient) == []


def test_an_amended_score_stands_beside_what_it_was(record, found):
    patient = record.patient().made
    visit = record.visit(patient, scores={"talus-left": 7}).made
    entry = record.amend(visit.row_ids[0], visit.visit_id, score=4)
    assert found(patient) == [("amended", "pain_score", entry.entry_id, 7, 4)]


def test_a_score_moved_to_another_site_is_one_amendment(record, found):
    patient = record.patient().made
    visit = record.visit(patient, scores={"talus-left": 7}).made
    entry = record.amend(visit.row_ids[0], visit.visit_id, site="talus-right", score=7)
    assert found(patient) == [("amended", "pain_score", entry.entry_id, 7, 7)]


def test_a_score_taken_back_leaves_nothing_in_its_place(record, found):
    patient = record.patient().made
    visit = record.visit(patient, scores={"talus-left": 7}).made
    entry = record.void("pain_score", visit.row_ids[0])
    assert found(patient) == [("taken_back", "pain_score", entry.entry_id, 7, None)]


def test_an_undo_and_the_undo_of_it_are_both_told(record, found):
    patient = record.patient().made
    visit = record.visit(patient, scores={"talus-left": 7}).made
    amended = record.amend(visit.row_ids[0], visit.visit_id, score=4).entry_id
    back = undo(record, amended)
    voided = record.void("pain_score", 3).entry_id
    again = undo(record, voided)
    assert found(patient) == [
        ("amended", "pain_score", amended, 7, 4),
        ("undone", "pain_score", back, 4, 7),
        ("taken_back", "pain_score", voided, 7, None),
        ("brought_back", "pain_score", again, None, 7),
    ]


def test_nothing_later_than_the_ledger_entry_is_told(record, found):
    patient = record.patient().made
    visit = record.visit(patient, scores={"talus-left": 7}).made
    amended = record.amend(visit.row_ids[0], visit.visit_id, score=4).entry_id
    voided = record.void("pain_score", 2).entry_id
    assert found(patient, known_until=amended - 1) == []
    assert found(patient, known_until=amended) == [("amended", "pain_score", amended, 7, 4)]
    assert [one[2] for one in found(patient, known_until=voided)] == [amended, voided]


def test_the_corrections_of_others_are_not_told(record, found):
    one, other = record.patient("P-001").made, record.patient("P-002").made
    visit = record.visit(other, scores={"talus-left": 7}).made
    record.amend(visit.row_ids[0], visit.visit_id, score=4)
    assert found(one) == []


def test_who_when_why_and_the_visit_are_told(record, database):
    patient = record.patient().made
    visit = record.visit(patient, day="2026-03", scores={"talus-left": 7}).made

    def draw(draft):
        draft.retract("pain_score", visit.row_ids[0])

    entry = record.entry(draw, "visit edit", reason="wrong line").entry
    with database.reading() as connection:
        (told,) = corrections_of(connection, patient)
    assert told.kind is CorrectionKind.TAKEN_BACK
    assert (told.recorded_at, told.recorded_by, told.command, told.reason) == (
        entry.recorded_at,
        "ana",
        "visit edit",
        "wrong line",
    )
    assert told.visit_date == PartialDate.parse("2026-03")


def test_a_correction_had_come_when_every_day_it_names_had(record, database):
    patient = record.patient().made
    episode = record.episode(patient, onset="2026-01").made

    def draw(draft):
        draft.retract("episode_details", 1)
        moved = {"episode_id": episode, "site": "talus-left", "onset": PartialDate.parse("2026-02")}
        draft.record("episode_details", moved | {"closed_on": PartialDate.parse("2026-09-01")})

    record.entry(draw, "episode edit")
    with database.reading() as connection:
        (told,) = corrections_of(connection, patient)
    assert not told.had_come(date(2026, 8, 31))
    assert told.had_come(date(2026, 9, 1))


def test_closing_an_episode_fills_in_and_corrects_nothing(record, found):
    patient = record.patient().made
    episode = record.episode(patient, onset="2026-01").made

    def draw(draft):
        draft.retract("episode_details", 1)
        same = {"episode_id": episode, "site": "talus-left", "onset": PartialDate.parse("2026-01")}
        draft.record("episode_details", same | {"closed_on": PartialDate.parse("2026-09-01")})

    record.entry(draw, "episode close")
    assert found(patient) == []
