"""Laboratory results, function scores, doses and items as typed, read into typed values or a sentence."""

from datetime import date

import pytest

from tracker.cli.dose_words import read_dose
from tracker.cli.item_words import about_of, read_items
from tracker.cli.result_words import read_function, read_lab, void_function, void_lab
from tracker.clinical.vocabulary import Checklist, Comparator, DoseUnit, LabJudgement, MissingReason, Presence
from tracker.dates import PartialDate
from tracker.errors import InputError, NotFoundError
from tracker.service.new_results import NewFunctionScore, NewLab
from tracker.service.new_statements import NewItem
from tracker.service.treatments import NewDose

DAY = PartialDate.parse("2026-03-10")
TODAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "lab"),
    [
        ("crp=3mg/L", NewLab("crp", 3.0, "mg/L")),
        ("CRP = 3 MG/L", NewLab("crp", 3.0, "mg/L")),
        ("crp=31mg/L<5", NewLab("crp", 31.0, "mg/L", limit_high=5.0)),
        ("crp=31mg/L@<5", NewLab("crp", 31.0, "mg/L", limit_high=5.0)),
        ("egfr=88 mL/min/1.73m2@>60", NewLab("egfr", 88.0, "mL/min/1.73m2", limit_low=60.0)),
        ("calcium=2.31mmol/L@2.15-2.55", NewLab("calcium", 2.31, "mmol/L", limit_low=2.15, limit_high=2.55)),
        ("tsh=<0.01mIU/L@0.4-4", NewLab("tsh", 0.01, "mIU/L", Comparator.BELOW, 0.4, 4.0)),
        ("creatinine=70\u00b5mol/L", NewLab("creatinine", 70.0, "umol/L")),
        ("leukocytes=7.2 10^9/L", NewLab("leukocytes", 7.2, "10^9/L")),
        ("esr=normal", NewLab("esr", judgement=LabJudgement.NORMAL)),
        ("esr=not-done", NewLab("esr", missing_reason=MissingReason.NOT_DONE)),
        ("bone alp=12ug/L", NewLab("bone-alp", 12.0, "ug/L")),
    ],
)
def test_a_laboratory_result_is_read(text, lab):
    assert read_lab(text) == lab


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("crp", "--lab takes CODE=VALUE, but was 'crp'."),
        ("crp=", "--lab takes CODE=VALUE, but was 'crp='."),
        ("crp=3", "--lab crp=3 has no unit; crp is given in mg/L or mg/dL."),
        ("crp=3mmol/L", "--lab crp=3mmol/L has the unit 'mmol/L'; crp is given in mg/L or mg/dL."),
        ("crp=high-ish", "--lab crp=high-ish: 'high-ish' is no number with its unit; allowed too are normal,"),
        ("crp=3,1mg/L", "--lab crp=3,1mg/L: '3,1mg/L' is no number with its unit;"),
        ("crp=3mg/L@five", "--lab crp=3mg/L@five: 'five' is no limit of a laboratory."),
        ("crp=3mg/L@5-2", "The limits of crp, 5 to 2, are no range (--lab crp=3mg/L@5-2)."),
        ("crp=3000000mg/L", "lab_value must be a number from 0 to 100000, but was '3000000' (--lab crp=3000000mg/L)."),
        ("hla-b27=1copies", "--lab hla-b27=1copies has the unit 'copies'; hla-b27 is given in words only."),
    ],
)
def test_a_laboratory_result_that_cannot_be_read_is_quoted_with_what_is_allowed(text, said):
    with pytest.raises(InputError) as caught:
        read_lab(text)
    assert caught.value.message.startswith(said)
    assert caught.value.hint is not None


def test_an_unknown_analyte_names_the_nearest():
    with pytest.raises(NotFoundError, match="No lab 'crpp'. Did you mean 'crp'?"):
        read_lab("crpp=3mg/L")


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("faam-adl=62@ankle-left", NewFunctionScore("faam-adl", "ankle-left", 62.0)),
        ("FAAM ADL=62.5@left ankle", NewFunctionScore("faam-adl", "ankle-left", 62.5)),
        ("promis-pf=41", NewFunctionScore("promis-pf", "patient", 41.0)),
        ("efas=refused@foot-left", NewFunctionScore("efas", "foot-left", None, MissingReason.REFUSED)),
    ],
)
def test_a_function_score_is_read(text, score):
    assert read_function(text) == score


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("efas=41", "efas runs from 0 to 40 (higher is better), but was '41' (--function efas=41)."),
        ("ffi=101", "function_score must be a number from 0 to 100, but was '101' (--function ffi=101)."),
        ("ffi=good", "--function ffi=good: 'good' is no score; allowed too are not_asked,"),
        ("ffi", "--function takes CODE=VALUE, but was 'ffi'."),
    ],
)
def test_a_function_score_out_of_its_scale_is_quoted(text, said):
    with pytest.raises(InputError) as caught:
        read_function(text)
    assert caught.value.message.startswith(said)


def test_what_is_to_be_taken_back_is_named_by_its_key():
    assert void_lab("CRP=void") == "crp"
    assert void_function("faam-adl=void@ankle-left") == ("faam-adl", "ankle-left")
    assert void_function("promis-pf=void") == ("promis-pf", "patient")


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("150mg monthly", NewDose(150.0, DoseUnit.MG, "monthly")),
        ("2000 iu daily", NewDose(2000.0, DoseUnit.IU, "daily")),
        ("2.5mg/day", NewDose(2.5, DoseUnit.MG, "per day")),
        ("20kg", NewDose(20.0, DoseUnit.KG)),
        ("25mcg daily", NewDose(25.0, DoseUnit.UG, "daily")),
        ("1 session", NewDose(1.0, DoseUnit.SESSIONS)),
    ],
)
def test_a_dose_is_read(text, dose):
    assert read_dose(text, since=None) == dose


@pytest.mark.parametrize("text", ["150", "mg", "150 drops", "a lot", "150mgmonthly"])
def test_a_dose_without_an_amount_and_a_unit_is_refused(text):
    with pytest.raises(InputError) as caught:
        read_dose(text, since=None)
    assert caught.value.message == f"'{text}' is no dose; its unit must be one of ug, mg, g, IU, mL, kg, sessions."


def typed(present=(), absent=(), not_examined=()):
    return {Presence.PRESENT: present, Presence.ABSENT: absent, Presence.NOT_EXAMINED: not_examined}


def test_items_are_read_with_their_beginning():
    items = read_items(
        Checklist.RISK,
        None,
        DAY,
        typed(("prior-trauma=2025-11, smoking",), ("steroids",), ("lupus",)),
        words=None,
        today=TODAY,
    )
    since = PartialDate.parse("2025-11")
    assert items == [
        NewItem(Checklist.RISK, "patient", "prior-trauma", DAY, Presence.PRESENT, since),
        NewItem(Checklist.RISK, "patient", "smoking", DAY, Presence.PRESENT),
        NewItem(Checklist.RISK, "patient", "steroids", DAY, Presence.ABSENT),
        NewItem(Checklist.RISK, "patient", "lupus", DAY, Presence.NOT_EXAMINED),
    ]


def test_the_beginning_of_an_item_may_be_a_word_for_a_day():
    (item,) = read_items(Checklist.RISK, None, DAY, typed(("smoking=-3w",)), words=None, today=TODAY)
    assert str(item.since) == "2026-02-17"


def test_words_are_about_one_item():
    with pytest.raises(InputError, match="^--words would be about 2 items."):
        read_items(Checklist.RISK, None, DAY, typed(("smoking,alcohol",)), words="a lot", today=TODAY)


def test_a_line_without_items_is_refused():
    with pytest.raises(InputError, match="^There is no item to record. Give --present, --absent or --not-examined."):
        read_items(Checklist.RISK, None, DAY, typed(), words=None, today=TODAY)


@pytest.mark.parametrize("checklist", ["crps", "biopsy"])
def test_an_examination_is_of_a_site(checklist):
    with pytest.raises(InputError, match=f"^The checklist {checklist} is about a site. Give it: --site ankle-left."):
        about_of(Checklist(checklist), None)
    assert about_of(Checklist(checklist), "ankle-left") == "ankle-left"
