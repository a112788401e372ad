"""Each kind of fact in words, as it stands in a row of the ledger."""

import pytest

from reports.fact_words import fact_words
from tracker.dates import PartialDate

on = PartialDate.parse
NO_LAB = {"comparator": None, "unit": None, "limit_low": None, "limit_high": None, "judgement": None}
CRP = {**NO_LAB, "analyte": "crp", "value": 31.0, "unit": "mg/L", "missing_reason": None}
EDEMA = {"modality": "mri", "site": "talus-left", "finding": "edema", "presence": "present"}
NO_EXTENT = {"edema_percent": None, "edema_grade": None, "edema_pattern": None}
STOCKING = {"treatment": "other", "words": "compression stocking", "site": "ankle-left", "started": None}
CAUSE = {
    "about": "patient",
    "cause": "infection",
    "decided_on": on("2026-03-01"),
    "state": "excluded",
    "decided_by": None,
}
FEVER = {
    "checklist": "risk",
    "about": "patient",
    "item": "fever",
    "examined_on": on("2026-03-01"),
    "presence": "present",
}
FLAG = {"flag": "prolonged_plateau", "about": "ankle-left", "decision": "dismissed", "reason": "cast off late"}


@pytest.mark.parametrize(
    ("table", "values", "words"),
    [
        (
            "pain_score",
            {"site": "ankle-left", "instrument": "vas", "aspect": "load", "score": 62, "missing_reason": None},
            "left ankle 62 mm of 100 mm (VAS, on load)",
        ),
        (
            "pain_score",
            {
                "site": "ankle-left",
                "instrument": "nrs",
                "aspect": "overall",
                "score": None,
                "missing_reason": "refused",
            },
            "left ankle not recorded (refused)",
        ),
        (
            "vitamin_d",
            {"value": 10.0, "unit": "ng/mL", "comparator": "<", "assay": "LC-MS", "missing_reason": None},
            "<10 ng/mL; assay LC-MS",
        ),
        (
            "vitamin_d",
            {"value": None, "unit": None, "comparator": None, "assay": None, "missing_reason": "not_done"},
            "not recorded (not done)",
        ),
        (
            "imaging_finding",
            EDEMA | {"edema_percent": 60.0, "edema_grade": 3, "edema_pattern": "patchy"},
            "MRI left talus: edema present, 60 %, grade 3 (large), patchy",
        ),
        ("imaging_finding", EDEMA | NO_EXTENT | {"presence": "not_examined"}, "MRI left talus: edema not examined"),
        ("lab_result", CRP, "C-reactive protein 31 mg/L"),
        (
            "lab_result",
            CRP | {"limit_high": 5.0, "judgement": "high"},
            "C-reactive protein 31 mg/L, said to be high (limit up to 5: above the laboratory's limit)",
        ),
        (
            "lab_result",
            CRP | {"value": 3.0, "comparator": "<", "limit_low": 2.0},
            "C-reactive protein <3 mg/L (limit from 2: not certain against the laboratory's limits)",
        ),
        ("lab_result", CRP | {"value": None, "judgement": "normal"}, "C-reactive protein said to be normal"),
        (
            "lab_result",
            CRP | {"value": None, "missing_reason": "not_done"},
            "C-reactive protein not recorded (not done)",
        ),
        (
            "function_score",
            {"about": "patient", "scale": "promis-pf", "score": 41.5, "missing_reason": None},
            "PROMIS physical function, T-score 41.5",
        ),
        (
            "function_score",
            {"about": "ankle-left", "scale": "ffi", "score": None, "missing_reason": "unable"},
            "Foot Function Index left ankle not recorded (unable)",
        ),
        ("note", {"site": "ankle-left", "text": "off crutches"}, "left ankle: off crutches"),
        (
            "treatment_details",
            STOCKING | {"ended": on("2026-06"), "ending_reason": "level restored"},
            "compression stocking, left ankle, start not known, until 2026-06, level restored",
        ),
        (
            "treatment_details",
            STOCKING
            | {"treatment": "boot", "site": None, "started": on("2026-03"), "ended": None, "ending_reason": None},
            "walking boot (compression stocking), from 2026-03",
        ),
        (
            "treatment_dose",
            {"dose": 2000.0, "dose_unit": "IU", "schedule": "daily", "dose_since": on("2026-03")},
            "2000 IU daily from 2026-03",
        ),
        ("differential", CAUSE | {"how": "MRI"}, "infection, patient as a whole: excluded (MRI)"),
        (
            "checklist_item",
            FEVER | {"since": on("2026-02"), "words": "at night"},
            "fever or wound, patient as a whole: present since 2026-02 (at night)",
        ),
        (
            "pregnancy_status",
            {"state": "delivered", "gestational_week": 39, "missing_reason": None},
            "delivered, week 39",
        ),
        (
            "pregnancy_status",
            {"state": None, "gestational_week": None, "missing_reason": "refused"},
            "not recorded (refused)",
        ),
        ("flag_decision", FLAG, "prolonged plateau, left ankle: dismissed: cast off late"),
        ("visit_details", {"visit_date": on("~2026-03-10")}, "date ~2026-03-10"),
        (
            "patient_details",
            {"patient_code": "P-07", "sex": "F", "birth": on("1979")},
            "code P-07, sex female, born 1979",
        ),
        (
            "episode_details",
            {"site": "ankle-left", "onset": on("2026-01"), "onset_mode": None, "closed_on": on("2026-09-01")},
            "site left ankle, onset 2026-01, closed 2026-09-01",
        ),
    ],
    ids=str,
)
def test_a_fact_is_said_in_words(sentences, table, values, words):
    assert fact_words(table, values, sentences) == words
