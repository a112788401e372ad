from datetime import date

import pytest

from tracker.clinical.dictionary import FIELDS, check_value
from tracker.clinical.vocabulary import Aspect, Sex
from tracker.dates import PartialDate
from tracker.errors import InputError, NotFoundError

NAMES = [
    "patient_code",
    "sex",
    "birth",
    "site",
    "onset",
    "onset_mode",
    "closed_on",
    "closing_reason",
    "visit_date",
    "pain_nrs",
    "pain_vas",
    "aspect",
    "vitamin_d",
    "vitamin_d_unit",
    "vitamin_d_assay",
    "modality",
    "finding",
    "presence",
    "edema_percent",
    "edema_grade",
    "edema_pattern",
    "note",
    "missing_reason",
    "analyte",
    "lab_value",
    "lab_unit",
    "limit_low",
    "limit_high",
    "judgement",
    "scale",
    "function_score",
    "function_about",
    "treatment",
    "treatment_words",
    "started",
    "ended",
    "ending_reason",
    "dose_since",
    "dose",
    "dose_unit",
    "schedule",
    "cause",
    "cause_state",
    "how",
    "decided_on",
    "decided_by",
    "cause_about",
    "checklist",
    "item",
    "item_about",
    "examined_on",
    "since",
    "item_words",
    "pregnancy_state",
    "gestational_week",
    "stated_on",
    "decision",
    "decision_reason",
    "flag_decided_on",
    "recorded_by",
    "reason",
]
CODE = "patient_code must be 1 to 40 letters a-z and digits, between them single spaces or . _ / -, but was "
LINE = "characters on one line, all of them visible, without spaces around them"


def test_the_dictionary_has_every_field_of_the_record():
    assert list(FIELDS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_field_is_described_in_full(name):
    field = FIELDS[name]
    assert field.name == name
    assert field.label
    assert field.why.endswith(".")
    assert (field.type == "word") == (field.allowed is not None)
    assert (field.low is None) == (field.high is None) == (field.type in ("word", "site", "about", "code"))
    assert (field.type == "code") == (field.listed_in is not None)
    assert (field.unit is not None) == (field.type in ("integer", "number"))


def test_identifiers_are_codes_dates_people_and_free_words():
    marked = {name for name, field in FIELDS.items() if field.is_identifier}
    days = {"visit_date", "started", "ended", "dose_since", "decided_on", "examined_on", "since", "stated_on"}
    days |= {"flag_decided_on"}
    people_and_words = {"note", "recorded_by", "decided_by", "treatment_words", "item_words", "decision_reason"}
    assert marked == {"patient_code", "birth", "onset", "closed_on"} | days | people_and_words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pain_nrs", 0),
        ("pain_nrs", 10),
        ("pain_vas", 62),
        ("vitamin_d", 18),
        ("vitamin_d", 18.5),
        ("edema_percent", 0.0),
        ("edema_grade", 3),
        ("sex", "F"),
        ("sex", Sex.FEMALE),
        ("aspect", Aspect.NIGHT),
        ("site", "talus-left"),
        ("birth", 1979),
        ("birth", PartialDate.parse("1979-05")),
        ("visit_date", date(2026, 3, 10)),
        ("onset", PartialDate.parse("~2026-03-10")),
        ("note", "walks without crutches"),
        ("note", "two lines,\n\tthe second set in"),
        ("recorded_by", "Zo\u00eb O'Neil"),
        ("patient_code", "Study 2/P_07.b-1"),
        ("patient_code", "P01"),
        ("analyte", "crp"),
        ("item_about", "patient"),
        ("cause_about", "talus-left"),
        ("dose_unit", "IU"),
    ],
)
def test_an_allowed_value_passes_without_a_word(name, value):
    assert check_value(name, value) is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("pain_nrs", 12, "pain_nrs must be a whole number from 0 to 10, but was '12'."),
        ("pain_nrs", -1, "pain_nrs must be a whole number from 0 to 10, but was '-1'."),
        ("pain_nrs", 7.5, "pain_nrs must be a whole number from 0 to 10, but was '7.5'."),
        ("pain_nrs", 7.0, "pain_nrs must be a whole number from 0 to 10, but was '7'."),
        ("pain_nrs", "7", "pain_nrs must be a whole number from 0 to 10, but was '7'."),
        ("pain_nrs", True, "pain_nrs must be a whole number from 0 to 10, but was 'True'."),
        ("pain_nrs", None, "pain_nrs must be a whole number from 0 to 10, but was 'None'."),
        ("pain_vas", 101, "pain_vas must be a whole number from 0 to 100, but was '101'."),
        ("vitamin_d", 0, "vitamin_d must be a number from 0.1 to 1000, but was '0'."),
        ("vitamin_d", 45000.0, "vitamin_d must be a number from 0.1 to 1000, but was '45000'."),
        ("vitamin_d", float("nan"), "vitamin_d must be a number from 0.1 to 1000, but was 'nan'."),
        ("edema_percent", 100.5, "edema_percent must be a number from 0 to 100, but was '100.5'."),
        ("edema_grade", 4, "edema_grade must be a whole number from 0 to 3, but was '4'."),
        ("sex", "female", "sex must be one of F, M, X, unknown, but was 'female'."),
        ("aspect", "", "aspect must be one of overall, load, rest, night, but was ''."),
        ("birth", 1879, "birth must be a date in the years 1900 to 2100, but was '1879'."),
        (
            "visit_date",
            PartialDate.parse("0206-03-10"),
            "visit_date must be a date in the years 1900 to 2100, but was '0206-03-10'.",
        ),
        ("visit_date", "2026-03-10", "visit_date must be a date in the years 1900 to 2100, but was '2026-03-10'."),
        ("patient_code", "", f"{CODE}''."),
        ("patient_code", " P1", f"{CODE}' P1'."),
        ("patient_code", "P  1", f"{CODE}'P  1'."),
        ("patient_code", "P-07\u200b", f"{CODE}'P-07<U+200B>'."),
        ("patient_code", "\u0420-07", f"{CODE}'\u0420-07'."),  # a Cyrillic letter that looks like P
        ("vitamin_d_assay", "LC\nMS", f"vitamin_d_assay must be 1 to 100 {LINE}, but was 'LC<U+000A>MS'."),
        ("recorded_by", "ana\u202e", f"recorded_by must be 1 to 100 {LINE}, but was 'ana<U+202E>'."),
        (
            "note",
            "seen\x1b[2J",
            "note must be 1 to 4000 characters, all of them visible, without spaces around them, "
            "but was 'seen<U+001B>[2J'.",
        ),
        (
            "reason",
            "x" * 501,
            f"reason must be 1 to 500 characters on one line, all of them visible, without spaces around them, "
            f"but was '{'x' * 60}... (501 characters)'.",
        ),
        ("analyte", "CRP", "analyte must be a code, but was 'CRP'. Write crp."),
        ("item_about", "Talus left", "item_about must be a site key, but was 'Talus left'. Write talus-left."),
        ("gestational_week", 46, "gestational_week must be a whole number from 0 to 45, but was '46'."),
        ("site", "Talus left", "site must be a site key, but was 'Talus left'. Write talus-left."),
    ],
)
def test_a_refused_value_is_quoted_with_what_is_allowed(name, value, message):
    with pytest.raises(InputError) as refused:
        check_value(name, value)
    assert str(refused.value) == message


def test_an_unknown_site_is_not_found():
    with pytest.raises(
        NotFoundError,
        match=r"^No site 'navicula-left'\. Did you mean 'navicular-left'\? List sites: tracker site list$",
    ):
        check_value("site", "navicula-left")
