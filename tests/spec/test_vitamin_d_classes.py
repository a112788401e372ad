"""Vitamin D classes, Endocrine Society 2011 cut-offs, in the unit the laboratory reported.

The printed bands (below 20, 21-29, 30 and above ng/mL) leave 20-21 and 29-30 open; here
each class reaches up to the next cut-off. In nmol/L the cut-offs are 50 and 75.
"""

import re

import pytest

from tracker.clinical.record import VitaminDResult
from tracker.clinical.reference import load_edition
from tracker.clinical.vitamin_d import classify_vitamin_d
from tracker.clinical.vocabulary import Comparator, MissingReason, VitaminDUnit
from tracker.dates import PartialDate


@pytest.fixture
def said():
    """Class of a result written as the laboratory prints it, in words."""

    def classify(text: str) -> str:
        comparator, value, unit = re.fullmatch(r"([<>]?) *([\d.]+) (\S+)", text).groups()
        found = classify_vitamin_d(
            VitaminDResult(
                row_id=1,
                entry_id=1,
                visit_id=1,
                visit_date=PartialDate.parse("2026-03-10"),
                value=float(value),
                unit=VitaminDUnit(unit),
                comparator=Comparator(comparator) if comparator else None,
                assay=None,
                missing_reason=None,
            ),
            load_edition(),
        )
        return found.in_words().removesuffix(" (Endocrine Society 2011)")

    return classify


def test_classes_in_ng_ml_leave_no_hole(drawn, said):
    """
    result       | class
    3 ng/mL      | deficient
    19.9 ng/mL   | deficient
    20 ng/mL     | insufficient
    20.5 ng/mL   | insufficient
    29.9 ng/mL   | insufficient
    30 ng/mL     | sufficient
    120 ng/mL    | sufficient
    """
    assert [said(result) for result, _ in drawn] == [expected for _, expected in drawn]


def test_classes_in_nmol_l_use_that_units_own_cut_offs(drawn, said):
    """
    result       | class
    49.9 nmol/L  | deficient
    50 nmol/L    | insufficient
    74.9 nmol/L  | insufficient
    75 nmol/L    | sufficient
    """
    assert [said(result) for result, _ in drawn] == [expected for _, expected in drawn]


def test_a_microgram_per_litre_is_a_nanogram_per_millilitre(drawn, said):
    """
    result       | class
    19.9 ug/L    | deficient
    20 ug/L      | insufficient
    30 ug/L      | sufficient
    """
    assert [said(result) for result, _ in drawn] == [expected for _, expected in drawn]


def test_a_result_below_or_above_a_limit_is_classed_only_where_all_it_can_be_is_one_class(drawn, said):
    """
    result       | class
    <10 ng/mL    | deficient
    <20 ng/mL    | deficient
    <25 ng/mL    | deficient or insufficient, cannot be decided
    <40 ng/mL    | deficient or insufficient or sufficient, cannot be decided
    <40 nmol/L   | deficient
    <60 nmol/L   | deficient or insufficient, cannot be decided
    >30 ng/mL    | sufficient
    >150 nmol/L  | sufficient
    >25 ng/mL    | insufficient or sufficient, cannot be decided
    >20 ng/mL    | insufficient or sufficient, cannot be decided
    >10 ng/mL    | deficient or insufficient or sufficient, cannot be decided
    """
    assert [said(result) for result, _ in drawn] == [expected for _, expected in drawn]


def test_the_scheme_is_named_with_every_class():
    result = VitaminDResult(
        row_id=1,
        entry_id=1,
        visit_id=1,
        visit_date=PartialDate.parse("2026-03"),
        value=18.0,
        unit=VitaminDUnit.NG_ML,
        comparator=None,
        assay="LC-MS/MS",
        missing_reason=None,
    )
    assert classify_vitamin_d(result, load_edition()).in_words() == "deficient (Endocrine Society 2011)"


def test_a_missing_result_has_no_class():
    missing = VitaminDResult(
        row_id=1,
        entry_id=1,
        visit_id=1,
        visit_date=PartialDate.parse("2026-03-10"),
        value=None,
        unit=None,
        comparator=None,
        assay=None,
        missing_reason=MissingReason.NOT_DONE,
    )
    assert classify_vitamin_d(missing, load_edition()) is None
