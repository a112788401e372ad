"""All patients at once read as each of them alone, in a number of queries that does not grow."""

from dataclasses import replace

from sqlalchemy import event

from tracker.database import queries
from tracker.database.cohort import clinic_records, course_records
from tracker.dates import PartialDate


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


def whole_case(record, patient_id, visit_id):
    """Record one fact of every kind, the doses and checklists in no order."""

    def draw(draft):
        finding = {"modality": "mri", "site": "talus-left", "finding": "fracture_line", "presence": "absent"}
        draft.record("imaging_finding", {"visit_id": visit_id} | finding)
        draft.record("lab_result", {"visit_id": visit_id, "analyte": "crp", "value": 3.0, "unit": "mg/L"})
        draft.record("function_score", {"visit_id": visit_id, "about": "patient", "scale": "efas", "score": 12.0})
        draft.record("vitamin_d", {"visit_id": visit_id, "value": 10.0, "unit": "nmol/L"})
        treatment = draft.identity("treatment", patient_id=patient_id)
        draft.record("treatment_details", {"treatment_id": treatment, "treatment": "crutches"})
        for day in ("2026-04-01", "2026-03-01"):
            dose = {"treatment_id": treatment, "dose_since": PartialDate.parse(day), "dose": 20.0, "dose_unit": "kg"}
            draft.record("treatment_dose", dose)
        on, patient = PartialDate.parse("2026-03-01"), {"patient_id": patient_id}
        cause = {"about": "patient", "cause": "infection", "decided_on": on, "state": "excluded"}
        draft.record("differential", patient | cause)
        for item in ("smoking", "fever"):
            said = {"checklist": "risk", "about": "patient", "item": item, "examined_on": on, "presence": "present"}
            draft.record("checklist_item", patient | said)
        flag = {"flag": "raised_crp", "rule_version": "1", "about": "patient", "flag_state": "raised"}
        said = {"decision": "acknowledged", "evidence_hash": "0" * 64, "decided_on": on}
        draft.record("flag_decision", patient | flag | said)
        draft.record("pregnancy_status", patient | {"stated_on": on, "state": "not_pregnant"})

    record.entry(draw)


def test_whole_cases_read_as_each_alone(record, database):
    several(record, 2)
    whole_case(record, 2, 4)
    with database.reading() as connection:
        found, _ = clinic_records(connection)
        alone = [queries.patient_record(connection, f"P-{number:03d}") for number in range(2)]
    assert list(found) == alone
    assert len(found[1].checklist_items) == 2
    assert [str(dose.dose_since) for dose in found[1].treatments[0].doses] == ["2026-03-01", "2026-04-01"]


def n_queries(database, read=course_records):
    statements = []
    with database.reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: statements.append(given[2]))
        read(connection)
    return len(statements)


def test_the_number_of_queries_does_not_grow(record, database):
    before = n_queries(database)
    several(record, 3)
    assert n_queries(database) == before == 7


def test_nor_does_it_for_whole_cases(record, database):
    before = n_queries(database, clinic_records)
    several(record, 3)
    assert n_queries(database, clinic_records) == before
