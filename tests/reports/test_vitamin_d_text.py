"""Vitamin D in lines, and its association with the length of the course in sentences."""

import pytest

from reports.association_text import association_sentences
from reports.vitamin_d_text import vitamin_d_lines
from tracker.analysis.results import InsufficientData
from tracker.analysis.vitamin_d.association import LengthRatio, VitaminDAssociation
from tracker.analysis.vitamin_d.cohort import LeftOut
from tracker.clinical.vocabulary import Comparator, MissingReason, VitaminDUnit


@pytest.fixture
def lines(sentences):
    return lambda patient: vitamin_d_lines(patient.view(), sentences)


def test_each_result_has_class_scheme_season_and_change(lines, patient):
    made = patient().result("2026-02-10", 18.0, assay="LC-MS/MS").result("2026-08-10", 40.0, assay="LC-MS/MS")
    # by hand: 40 / 18 = 2.22; 1.32 times for two measurements and 1.35 for the season make 1.78
    assert lines(made) == (
        "Tue 2026-02-10: 18 ng/mL, deficient (Endocrine Society 2011); winter half-year; assay LC-MS/MS.",
        "Mon 2026-08-10: 40 ng/mL, sufficient (Endocrine Society 2011); summer half-year; assay LC-MS/MS; higher than "
        "2026-02-10: 2.22 times, beyond noise (0.76 to 1.78 times; season alone 1.35 times).",
    )


def test_an_assay_nobody_named_is_given_as_a_reason(lines, patient):
    made = patient().result("2026-02-10", 20.0).result("2026-02-24", 25.0)
    assert lines(made)[1].endswith(
        "no change beyond noise against 2026-02-10: 1.25 times (0.68 to 1.48 times is noise; assays not known to be "
        "the same)."
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (30.0, "higher than 2026-02-10, beyond noise, wherever the limit puts it."),
        (11.0, "against 2026-02-10 it cannot be told: one of the two is only known to lie below or above a limit."),
    ],
)
def test_a_limit_is_never_given_as_a_ratio(lines, patient, value, said):
    made = patient().result("2026-02-10", 10.0, comparator=Comparator.BELOW).result("2026-02-24", value)
    assert lines(made)[1].endswith(said)
    assert "times" not in lines(made)[1]


def test_a_missing_result_is_said_and_compared_with_nothing(lines, patient):
    made = patient().result("2026-02-10", None, None, missing=MissingReason.REFUSED)
    assert lines(made) == ("Tue 2026-02-10: 25-OH-vitamin D not recorded (refused).",)


def test_a_class_is_taken_in_the_unit_reported_whatever_the_difference_is_taken_in(lines, patient):
    made = patient().result("2026-02-10", 20.0).result("2026-02-24", 49.9, VitaminDUnit.NMOL_L)
    assert "49.9 nmol/L, deficient" in lines(made)[1]
    assert "no change beyond noise against 2026-02-10: 1.00 times" in lines(made)[1]


def test_an_association_is_said_with_its_interval_and_never_as_a_cause(sentences):
    found = VitaminDAssociation(
        n_episodes=64,
        as_measured=LengthRatio(0.97, 0.88, 1.07),
        without_season=LengthRatio(1.0, 0.9, 1.1),
        lowest_ng_ml=6.0,
        median_ng_ml=18.5,
        highest_ng_ml=41.0,
    )
    said = association_sentences(found, {LeftOut.NO_RESULT: 3}, window_months=6.0, sentences=sentences)
    assert said[0] == (
        "Over 64 episodes, one a patient: for each 10 ng/mL more vitamin D at the first result, the course is "
        "3 % shorter (95 %: 12 % shorter to 7 % longer). With the season taken out: 0 % longer (95 %: 10 % shorter to "
        "10 % longer)."
    )
    assert said[1] == "An association, not a cause; published: unknown."
    assert "within 6 months of the onset: 6.0 to 41.0 ng/mL, median 18.5" in said[2]
    assert said[3] == "Patients left out: 3: no vitamin D result near the onset (3)."
    causal = ("because", "shortens", "improves", "effect", "benefit", "reduces", "leads to")
    assert not any(word in " ".join(said).lower() for word in causal)


def test_too_few_episodes_are_said_to_be(sentences):
    answer = InsufficientData("1 episode has pain scores and a vitamin D result near the onset", "30 episodes")
    assert association_sentences(answer, {}, window_months=6.0, sentences=sentences) == (
        "Insufficient data: 1 episode has pain scores and a vitamin D result near the onset. Needed: 30 episodes. "
        "Published: unknown.",
    )
