"""What the database allows is what `tracker.clinical.dictionary` allows, field by field, at the edges."""

import re

import pytest
from sqlalchemy import CheckConstraint

from tracker.clinical import vocabulary
from tracker.clinical.dictionary import FIELDS
from tracker.database.session import open_database
from tracker.database.tables import METADATA
from tracker.dates import PartialDate
from tracker.errors import ConflictError

# where a field is stored, if not in a column of its own name
COLUMNS = {
    "pain_nrs": "score",
    "pain_vas": "score",
    "vitamin_d": "value",
    "vitamin_d_unit": "unit",
    "vitamin_d_assay": "assay",
    "note": "text",
    "lab_value": "value",
    "lab_unit": "unit",
    "function_score": "score",
    "function_about": "about",
    "treatment_words": "words",
    "cause_state": "state",
    "cause_about": "about",
    "item_about": "about",
    "item_words": "words",
    "pregnancy_state": "state",
    "decision_reason": "reason",
    "flag_decided_on": "decided_on",
}
# the rest of a row that a value is tried in
ROWS = {
    "patient_details": {"clinic_id": 1, "sex": "F"},
    "episode_details": {"site": "talus-left", "closed_on": PartialDate.parse("2099")},
    "visit_details": {"visit_date": PartialDate.parse("2026-03-01")},
    "pain_score": {"site": "talus-left", "instrument": "nrs", "aspect": "load", "score": 5},
    "vitamin_d": {"value": 18.0, "unit": "ng/mL"},
    "imaging_finding": {"modality": "mri", "site": "talus-left", "finding": "edema", "presence": "present"},
    "note": {"text": "called"},
    "lab_result": {"analyte": "crp", "value": 3.0, "unit": "mg/L"},
    "function_score": {"about": "talus-left", "scale": "faam-adl", "score": 62.0},
    "treatment_details": {"treatment": "cast", "ended": PartialDate.parse("2099")},
    "treatment_dose": {"dose_since": PartialDate.parse("2026-03-01"), "dose": 150.0, "dose_unit": "mg"},
    "differential": {
        "about": "patient",
        "cause": "infection",
        "decided_on": PartialDate.parse("2026-03-01"),
        "state": "pending",
    },
    "checklist_item": {
        "checklist": "risk",
        "about": "patient",
        "item": "smoking",
        "examined_on": PartialDate.parse("2026-03-01"),
        "presence": "present",
    },
    "pregnancy_status": {"stated_on": PartialDate.parse("2026-03-01"), "state": "pregnant"},
    "flag_decision": {
        "flag": "raised_crp",
        "rule_version": "1",
        "about": "patient",
        "decision": "dismissed",
        "reason": "a cold",
        "flag_state": "raised",
        "evidence_hash": "0" * 64,
        "decided_on": PartialDate.parse("2026-03-01"),
    },
}
OWNERS = {
    "patient_details": "patient",
    "episode_details": "episode",
    "note": "patient",
    "treatment_details": "treatment",
    "treatment_dose": "treatment",
    "differential": "patient",
    "checklist_item": "patient",
    "pregnancy_status": "patient",
    "flag_decision": "patient",
}
# fields whose neighbours must fit
BESIDE = {
    "pain_vas": {"instrument": "vas"},
    "missing_reason": {"score": None},
    "presence": {"finding": "effusion"},
    "onset": {"closed_on": None},
    "started": {"ended": None},
    "ending_reason": {"ended": PartialDate.parse("2026-03")},
}
IN_TABLES = [field for field in FIELDS.values() if field.table != "ledger_entry"]
RANGED = [field for field in IN_TABLES if field.low is not None]
CODED = [field for field in IN_TABLES if field.type in ("code", "about")]
WORDS = [field for field in IN_TABLES if field.allowed is not None]
STORED_WORDS = {
    ("patient_details", "sex"): vocabulary.Sex,
    ("episode_details", "onset_mode"): vocabulary.OnsetMode,
    ("pain_score", "instrument"): vocabulary.Instrument,
    ("pain_score", "aspect"): vocabulary.Aspect,
    ("pain_score", "missing_reason"): vocabulary.MissingReason,
    ("vitamin_d", "unit"): vocabulary.VitaminDUnit,
    ("vitamin_d", "comparator"): vocabulary.Comparator,
    ("vitamin_d", "missing_reason"): vocabulary.MissingReason,
    ("imaging_finding", "modality"): vocabulary.Modality,
    ("imaging_finding", "finding"): vocabulary.Finding,
    ("imaging_finding", "presence"): vocabulary.Presence,
    ("imaging_finding", "edema_grade"): vocabulary.EdemaGrade,
    ("imaging_finding", "edema_pattern"): vocabulary.EdemaPattern,
    ("lab_result", "comparator"): vocabulary.Comparator,
    ("lab_result", "judgement"): vocabulary.LabJudgement,
    ("lab_result", "missing_reason"): vocabulary.MissingReason,
    ("function_score", "missing_reason"): vocabulary.MissingReason,
    ("treatment_dose", "dose_unit"): vocabulary.DoseUnit,
    ("differential", "state"): vocabulary.CauseState,
    ("checklist_item", "checklist"): vocabulary.Checklist,
    ("checklist_item", "presence"): vocabulary.Presence,
    ("pregnancy_status", "state"): vocabulary.PregnancyState,
    ("pregnancy_status", "missing_reason"): vocabulary.MissingReason,
    ("flag_decision", "decision"): vocabulary.FlagDecisionWord,
    ("export_made", "kind"): vocabulary.ExportKind,
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def record(request, new_database, recorder):
    with open_database(new_database(request.param)) as database:
        yield recorder(database)


@pytest.fixture(scope="module")
def accepts(record):
    """Give a function that says whether the database takes a value for a field; only a CHECK may refuse it."""

    def try_it(field, value):
        try:
            record.entry(lambda draft: draw(draft, field, value))
        except ConflictError as error:
            refusal = error.message
        else:
            return True
        assert f"by its rule 'ck_{field.table}_" in refusal
        return False

    def draw(draft, field, value):
        own_code = {"patient_code": f"P-{record.n_entries}"} if field.table == "patient_details" else {}
        row = ROWS[field.table] | own_code | BESIDE.get(field.name, {}) | {COLUMNS.get(field.name, field.name): value}
        patient_id = draft.identity("patient", clinic_id=1)
        owner = OWNERS.get(field.table, "visit")
        owner_id = patient_id if owner == "patient" else draft.identity(owner, patient_id=patient_id)
        draft.record(field.table, {f"{owner}_id": owner_id} | row)

    return try_it


def at(field, edge, *, beyond=0):
    """A value at an edge of the field's range, or one step beyond it."""
    if field.type == "text":
        return "x" * int(edge + beyond)
    if field.type == "date":
        return PartialDate.parse(str(int(edge + beyond)))
    if field.type == "integer":
        return int(edge + beyond)
    return float(edge) + beyond * 0.01


@pytest.mark.parametrize("field", RANGED, ids=lambda field: field.name)
def test_a_range_is_the_same_in_the_database(accepts, field):
    # a grade of 0 is the grade of what is absent, and so is 0 percent
    low = field.low if field.name not in ("edema_percent", "edema_grade") else 1
    tried = [
        accepts(field, at(field, low)),
        accepts(field, at(field, field.high)),
        accepts(field, at(field, field.low, beyond=-1)),
        accepts(field, at(field, field.high, beyond=1)),
    ]
    assert tried == [True, True, False, False]


@pytest.mark.parametrize("field", CODED, ids=lambda field: field.name)
def test_a_code_is_checked_for_its_form_only(accepts, field):
    """Which codes there are is data; a capital or an empty text is no code."""
    assert [accepts(field, value) for value in ("of-a-later-version", "Cast", " ")] == [True, False, False]


@pytest.mark.parametrize("field", WORDS, ids=lambda field: field.name)
def test_the_words_are_the_same_in_the_database(accepts, field):
    assert [word for word in field.allowed if not accepts(field, word)] == []
    assert not accepts(field, "something_else")


@pytest.mark.parametrize(("table", "column"), STORED_WORDS, ids=".".join)
def test_each_list_of_words_is_the_vocabulary_whole(table, column):
    name = f"ck_{table}_{column}"
    rule = next(rule for rule in METADATA.tables[table].constraints if _name(rule) == name)
    listed = re.search(r"IN \((.*)\)", str(rule.sqltext))[1].replace("'", "").split(", ")
    assert listed == [str(word.value) for word in STORED_WORDS[table, column]]


def test_every_list_of_words_is_compared():
    """`length(...) IN` of dates aside, no CHECK lists words that the test above leaves out."""
    with_list = {
        (table.name, _name(rule).removeprefix(f"ck_{table.name}_"))
        for table in METADATA.tables.values()
        for rule in table.constraints
        if isinstance(rule, CheckConstraint) and re.match(r"\w+ IN \(", str(rule.sqltext))
    }
    assert with_list == set(STORED_WORDS)


def test_lengths_in_the_ledger_are_those_of_the_dictionary():
    checks = [rule for rule in METADATA.tables["ledger_entry"].constraints if isinstance(rule, CheckConstraint)]
    rules = {_name(rule): str(rule.sqltext) for rule in checks}
    assert rules["ck_ledger_entry_reason_filled"].endswith(f"<= {FIELDS['reason'].high}")
    assert rules["ck_ledger_entry_recorded_by_filled"].endswith(f"<= {FIELDS['recorded_by'].high}")


def _name(rule):
    return str(rule.name) if rule.name else ""
