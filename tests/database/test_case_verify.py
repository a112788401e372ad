"""Rows of a whole case are under the chain of hashes as every other: an edit behind the program's back is found."""

import pytest

from tracker.dates import PartialDate

EDITS = {
    "lab_result": "UPDATE lab_result SET limit_high = 50",
    "function_score": "UPDATE function_score SET score = 31",
    "treatment_details": "UPDATE treatment_details SET treatment = 'boot'",
    "treatment_dose": "UPDATE treatment_dose SET dose = 30",
    "differential": "UPDATE differential SET state = 'excluded'",
    "checklist_item": "UPDATE checklist_item SET presence = 'absent'",
    "pregnancy_status": "UPDATE pregnancy_status SET gestational_week = 31",
    "flag_decision": "UPDATE flag_decision SET reason = 'a flu'",
    "treatment": "UPDATE treatment SET patient_id = 2",
    "a row removed": "DELETE FROM differential",
}


@pytest.fixture
def filled(record):
    """Two patients and, in entry 3, one row of every table."""
    record.patient("P-001")
    record.patient("P-002")

    def draw(draft):
        visit, day = {"visit_id": draft.identity("visit", patient_id=1)}, PartialDate.parse("2026-03-01")
        draft.record("visit_details", visit | {"visit_date": day})
        draft.record("lab_result", visit | {"analyte": "crp", "value": 31, "unit": "mg/L", "limit_high": 5})
        draft.record("function_score", visit | {"about": "patient", "scale": "efas", "score": 30})
        treatment = {"treatment_id": draft.identity("treatment", patient_id=1)}
        draft.record("treatment_details", treatment | {"treatment": "cast", "started": day})
        draft.record("treatment_dose", treatment | {"dose_since": day, "dose": 20, "dose_unit": "kg"})
        verdict = {"about": "patient", "cause": "infection", "decided_on": day, "state": "pending"}
        draft.record("differential", {"patient_id": 1} | verdict)
        item = {
            "checklist": "risk",
            "about": "patient",
            "item": "fever",
            "examined_on": day,
            "presence": "not_examined",
        }
        draft.record("checklist_item", {"patient_id": 1} | item)
        status = {"stated_on": day, "state": "pregnant", "gestational_week": 30}
        draft.record("pregnancy_status", {"patient_id": 1} | status)
        flag = {"flag": "raised_crp", "rule_version": "1", "about": "patient", "flag_state": "raised"}
        said = {"decision": "dismissed", "reason": "a cold", "evidence_hash": "0" * 64, "decided_on": day}
        draft.record("flag_decision", {"patient_id": 1} | flag | said)

    record.entry(draw)
    return record


def test_an_untouched_case_holds(filled):
    assert filled.verify().problems == ()


@pytest.mark.parametrize("table", EDITS)
def test_an_edit_of_a_case_is_found(filled, behind_its_back, table):
    behind_its_back(EDITS[table])
    (problem,) = filled.verify().problems
    assert problem == (
        "Entry 3 (visit add, 2026-03-10 12:03 UTC) does not hold: "
        "it, or a row it recorded or took back, was changed, added or removed."
    )
