"""Reading: what is current, what was known then, who is nearest."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import event

from tracker.clinical.record import Episode, ImagingFinding, Note, PainScore, PatientRecord, Visit, VitaminDResult
from tracker.clinical.vocabulary import (
    Aspect,
    Comparator,
    EdemaPattern,
    Finding,
    Instrument,
    MissingReason,
    Modality,
    OnsetMode,
    Presence,
    Sex,
    VitaminDUnit,
)
from tracker.database import cohort, queries
from tracker.database.queries import PatientSummary
from tracker.dates import PartialDate
from tracker.errors import NotFoundError

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def read(database, question, *arguments, **options):
    with database.reading() as connection:
        return question(connection, *arguments, **options)


def test_a_patient_is_read_whole(record, database):
    patient = record.patient("P-001", birth=PartialDate.parse("1970"))
    record.episode(patient.made, "talus-left", "~2026-01-10", onset_mode="insidious")
    visit = record.visit(patient.made, "2026-03", {"talus-left": 7})

    def draw(draft):
        value = {"value": 10, "unit": "nmol/L", "comparator": "<", "assay": "LC-MS"}
        draft.record("vitamin_d", {"visit_id": 1} | value)
        finding = {"modality": "mri", "site": "talus-left", "finding": "edema", "presence": "present"}
        extent = {"edema_percent": 40, "edema_grade": 2, "edema_pattern": "diffuse"}
        draft.record("imaging_finding", {"visit_id": 1} | finding | extent)
        refused = {"instrument": "vas", "aspect": "night", "missing_reason": "refused"}
        draft.record("pain_score", {"visit_id": 1, "site": "talus-left"} | refused)
        draft.record("note", {"patient_id": 1, "visit_id": 1, "site": "talus-left", "text": "limps"})
        draft.record("note", {"patient_id": 1, "text": "prefers mornings"})

    record.entry(draw)
    month = PartialDate.parse("2026-03")
    assert visit.made.visit_id == 1
    assert read(database, queries.patient_record, "P-001") == PatientRecord(
        patient_id=1,
        patient_code="P-001",
        clinic_code="default",
        sex=Sex.FEMALE,
        birth=PartialDate.parse("1970"),
        last_entry_id=4,
        episodes=(Episode(1, 2, "talus-left", PartialDate.parse("~2026-01-10"), OnsetMode.INSIDIOUS, None, None),),
        visits=(Visit(1, 3, month),),
        pain_scores=(
            PainScore(1, 3, 1, month, "talus-left", Instrument.NRS, Aspect.LOAD, 7, None),
            PainScore(2, 4, 1, month, "talus-left", Instrument.VAS, Aspect.NIGHT, None, MissingReason.REFUSED),
        ),
        vitamin_d=(VitaminDResult(1, 4, 1, month, 10.0, VitaminDUnit.NMOL_L, Comparator.BELOW, "LC-MS", None),),
        imaging=(
            ImagingFinding(
                row_id=1,
                entry_id=4,
                visit_id=1,
                visit_date=month,
                modality=Modality.MRI,
                site="talus-left",
                finding=Finding.EDEMA,
                presence=Presence.PRESENT,
                edema_percent=40.0,
                edema_grade=2,
                edema_pattern=EdemaPattern.DIFFUSE,
            ),
        ),
        notes=(
            Note(2, 4, None, None, None, "prefers mornings"),
            Note(1, 4, 1, month, "talus-left", "limps"),
        ),
    )


def test_visits_entered_in_any_order_are_read_in_order_of_date(record, database):
    patient = record.patient()
    for day in ("2026-03-20", "2025-12", "2026-03-01/2026-03-30", "2026-03-01"):
        record.visit(patient.made, day, {"talus-left": 5})
    found = read(database, queries.patient_record, "P-001")
    in_order = ["2025-12", "2026-03-01", "2026-03-01/2026-03-30", "2026-03-20"]
    assert [str(visit.visit_date) for visit in found.visits] == in_order
    assert [str(score.visit_date) for score in found.pain_scores] == in_order


def test_what_an_undo_brings_back_stands_where_it_stood(record, database):
    patient = record.patient("P-001")
    visit = record.visit(patient.made, "2026-03-01", {"talus-left": 7, "cuboid-left": 5, "hip-left": 3})
    before = read(database, queries.patient_record, "P-001")
    taken_back = record.void("pain_score", visit.made.row_ids[0])
    assert sites(read(database, queries.patient_record, "P-001")) == ["cuboid-left", "hip-left"]
    back = record.undo(taken_back.entry_id)
    record.undo(back.entry_id)
    record.undo(back.entry_id + 1)
    after = read(database, queries.patient_record, "P-001")
    assert sites(after) == sites(before) == ["talus-left", "cuboid-left", "hip-left"]
    (of_cohort,), _ = read(database, cohort.course_records)
    assert of_cohort.pain_scores == after.pain_scores


def sites(record):
    return [score.site for score in record.pain_scores]


def test_episodes_of_unknown_onset_come_last(record, database):
    patient = record.patient()
    for onset in (None, "2026-02", "2025"):
        record.episode(patient.made, onset=onset)
    found = read(database, queries.patient_record, "P-001")
    assert [episode.onset and str(episode.onset) for episode in found.episodes] == ["2025", "2026-02", None]


def test_one_patient_shows_nothing_of_another(record, database):
    first, second = record.patient("P-001"), record.patient("P-002")
    record.visit(first.made, scores={"talus-left": 1})
    record.visit(second.made, scores={"talus-left": 2})
    assert [score.score for score in read(database, queries.patient_record, "P-002").pain_scores] == [2]


def test_what_was_known_then_is_read_exactly(record, database):
    patient = record.patient("P-001")
    visit = record.visit(patient.made, scores={"talus-left": 3})
    seen = [read(database, queries.patient_record, "P-001")]
    amended = record.amend(visit.made.row_ids[0], visit.made.visit_id, score=8)
    seen.append(read(database, queries.patient_record, "P-001"))
    record.undo(amended.entry_id)
    seen.append(read(database, queries.patient_record, "P-001"))
    assert [record.pain_scores[0].score for record in seen] == [3, 8, 3]
    assert [read(database, queries.patient_record, "P-001", known_until=entry) for entry in (2, 3, 4)] == seen


def test_known_until_beyond_the_ledger_is_all_of_it(record, database):
    record.patient("P-001")
    assert read(database, queries.patient_record, "P-001", known_until=10**20).last_entry_id == 1


def test_a_patient_not_yet_recorded_then_is_not_found(record, database):
    record.patient("P-001")
    record.patient("P-002")
    with pytest.raises(NotFoundError) as caught:
        read(database, queries.patient_record, "P-002", known_until=1)
    assert str(caught.value) == (
        "Patient 'P-002' was not recorded yet at that moment; entry 2 did so later. Ask for a later moment. "
        "When it was recorded: tracker log 2"
    )


def test_facts_of_a_visit_taken_back_are_not_shown(record, database):
    patient = record.patient()
    visit = record.visit(patient.made, scores={"talus-left": 3})
    at_visit = {"patient_id": patient.made, "visit_id": visit.made.visit_id, "text": "limps"}
    record.entry(lambda draft: draft.record("note", at_visit))
    record.void("visit_details", 1)
    found = read(database, queries.patient_record, "P-001")
    assert (found.visits, found.pain_scores, found.notes) == ((), (), ())


@pytest.mark.parametrize(
    ("asked", "clinic", "said"),
    [
        ("ba-002", "default", "No patient 'ba-002'. Did you mean 'BA-002' or 'BA-001'?"),
        ("zz", "default", "No patient 'zz'."),
        ("BA-001", "north", "No patient 'BA-001' in clinic 'north'."),
    ],
)
def test_an_unknown_code_names_the_nearest(record, database, asked, clinic, said):
    for code in ("BA-001", "BA-002", "C-77"):
        record.patient(code)
    with pytest.raises(NotFoundError) as caught:
        read(database, queries.patient_record, asked, clinic_code=clinic)
    assert str(caught.value) == f"{said} List patients: tracker patient list"


def test_codes_are_listed_sorted(record, database):
    for code in ("b", "A", "a-1"):
        record.patient(code)
    assert read(database, queries.patient_codes) == ("A", "a-1", "b")


def test_patients_are_summarized(record, database):
    first, second = record.patient("P-002", birth=PartialDate.parse("1970-05")), record.patient("P-001", sex="M")
    for site in ("talus-left", "calcaneus-right"):
        record.episode(first.made, site)
    record.episode(first.made, "cuboid-left", closed_on=PartialDate.parse("2026-02"))
    for day in ("2026-03-01", "2026-03", "2025-12-24"):
        record.visit(first.made, day)
    taken_back = record.visit(first.made, "2026-05-01")
    record.void("visit_details", taken_back.made.visit_id)
    assert second.made == 2
    assert read(database, queries.list_patients) == (
        PatientSummary("P-001", "default", Sex.MALE, None, 0, None, ()),
        PatientSummary(
            patient_code="P-002",
            clinic_code="default",
            sex=Sex.FEMALE,
            birth=PartialDate.parse("1970-05"),
            n_visits=3,
            last_visit=PartialDate.parse("2026-03"),
            open_sites=("calcaneus-right", "talus-left"),
        ),
    )
    assert read(database, queries.list_patients, known_until=0) == ()


@pytest.mark.parametrize("n_patients", [1, 6])
def test_patients_are_summarized_in_three_queries(record, database, n_patients):
    for number in range(n_patients):
        record.visit(record.patient(f"P-{number}").made)
    with database.reading() as connection:
        statements = []
        event.listen(connection, "before_cursor_execute", lambda *call: statements.append(call[2]))
        assert len(queries.list_patients(connection)) == n_patients
    assert len(statements) == 3


def test_the_entry_at_a_moment_is_the_last_one_before_it(record, database):
    entries = [record.patient(f"P-{number}").entry for number in range(3)]
    moments = [entries[0].recorded_at - timedelta(microseconds=1), *(entry.recorded_at for entry in entries)]
    assert [read(database, queries.entry_at, moment) for moment in moments] == [0, 1, 2, 3]


def test_the_first_and_last_moments_that_can_be_written_have_an_answer(record, database):
    record.patient()
    east, west = timezone(timedelta(hours=2)), timezone(timedelta(hours=-2))
    moments = [datetime.min.replace(tzinfo=east), datetime.max.replace(tzinfo=west)]
    assert [read(database, queries.entry_at, moment) for moment in moments] == [0, 1]


@pytest.mark.parametrize(
    ("days", "last"),
    [
        (("2026-12-03", "2026"), "2026-12-03"),
        (("2026-11", "2026-11-15"), "2026-11-15"),
        (("2026-11-01", "2026-11"), "2026-11"),
    ],
)
def test_the_last_visit_is_the_one_that_started_last(record, database, days, last):
    patient = record.patient()
    for day in days:
        record.visit(patient.made, day)
    (summary,) = read(database, queries.list_patients)
    assert str(summary.last_visit) == last
    assert str(read(database, queries.patient_record, "P-001").visits[-1].visit_date) == last
