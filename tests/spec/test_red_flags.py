"""Red flags: what raises each, what does not, and where the record cannot tell.

A patient is drawn in the docstring, one fact a line: day | what | what was found. `?` is not examined.
"""

import re
from datetime import date

import pytest

from tracker.analysis.red_flags.finding import find_red_flags
from tracker.analysis.red_flags.rules import RED_FLAG_CODES, RED_FLAG_RULES
from tracker.clinical.red_flags import red_flag_words
from tracker.clinical.reference import load_edition

AS_OF = date(2026, 11, 28)


@pytest.fixture
def flags_of(draw):
    """Give every rule's answer about a drawn patient."""

    def ask(rows, as_of=AS_OF):
        return find_red_flags(draw(rows), as_of=as_of, course=load_edition())

    return ask


@pytest.fixture
def answers(drawn, flags_of):
    """Give `answers(code)`: answer, site and since-when of a rule for the drawn patient."""

    def ask(code, as_of=AS_OF):
        found = [flag for flag in flags_of(drawn, as_of) if flag.code == code]
        return [(str(flag.answer), flag.site, flag.since and str(flag.since)) for flag in found]

    return ask


UP, NOT, OPEN = "raised", "not_raised", "cannot_be_told"


@pytest.mark.parametrize(
    ("rule", "facts", "said"),
    [
        ("raised_crp", [("2026-03-01", "lab crp", "31 mg/L @-5")], UP),
        ("raised_crp", [("2026-03-01", "lab crp", "5 mg/L @-5")], NOT),  # at the limit is within it
        ("raised_crp", [("2026-03-01", "lab crp", "high")], UP),
        ("raised_crp", [("2026-03-01", "lab crp", "normal")], NOT),
        ("raised_crp", [("2026-03-01", "lab crp", "31 mg/L")], UP),  # no limit given: above 10
        ("raised_crp", [("2026-03-01", "lab crp", "2 mg/L")], NOT),  # at most 3
        ("raised_crp", [("2026-03-01", "lab crp", "7 mg/L")], OPEN),  # between the two
        ("raised_crp", [("2026-03-01", "lab crp", "3.1 mg/dL")], UP),
        ("raised_crp", [("2026-03-01", "lab crp", "<5 mg/L")], OPEN),
        ("raised_crp", [], OPEN),
        ("raised_crp", [("2026-03-01", "lab crp", "31 mg/L @-5"), ("2026-04-01", "lab crp", "3 mg/L @-5")], NOT),
        ("raised_esr", [("-", "born", "1976"), ("2026-03-01", "lab esr", "29 mm/h")], NOT),  # woman of 49-50: 29.5
        ("raised_esr", [("-", "born", "1976"), ("2026-03-01", "lab esr", "31 mm/h")], UP),
        ("raised_esr", [("-", "sex", "M"), ("-", "born", "1976"), ("2026-03-01", "lab esr", "26 mm/h")], UP),
        ("raised_esr", [("-", "sex", "unknown"), ("-", "born", "1976"), ("2026-03-01", "lab esr", "28 mm/h")], OPEN),
        ("raised_esr", [("2026-03-01", "lab esr", "88 mm/h")], OPEN),  # no limit, and no age to give one
        ("fracture_line", [("2026-03-01", "image mri talus-left fracture_line", "+")], UP),
        ("fracture_line", [("2026-03-01", "image mri talus-left fracture_line", "-")], NOT),
        ("fracture_line", [("2026-03-01", "image mri talus-left fracture_line", "?")], OPEN),
        ("fracture_line", [("2026-03-01", "image mri talus-left edema", "+")], OPEN),
        ("avn_sign", [("2026-03-01", "image mri talus-left avn_sign", "+")], UP),
        ("young_onset", [("-", "born", "2012"), ("2026-03-01", "onset ankle-left", "")], UP),
        ("young_onset", [("-", "born", "2010"), ("2026-03-01", "onset ankle-left", "")], OPEN),  # 15 or 16
        ("young_onset", [("-", "born", "2000"), ("2026-03-01", "onset ankle-left", "")], NOT),
        ("young_onset", [("2026-03-01", "onset ankle-left", "")], OPEN),
        ("fever", [("2026-03-01", "item patient fever", "+")], UP),
        ("fever", [("2026-03-01", "item patient fever", "?")], OPEN),
        ("fever", [("2026-03-01", "item patient fever", "+"), ("2026-04-01", "item patient fever", "?")], UP),
        ("fever", [("2026-03-01", "item patient fever", "+"), ("2026-04-01", "item patient fever", "-")], NOT),
        ("weight_loss", [("2026-03-01", "item patient weight-loss", "+")], UP),
        ("known_cancer", [("2026-03-01", "item patient prior-cancer", "+")], UP),
        ("known_cancer", [("2026-03-01", "cause neoplasia", "present")], UP),
        ("known_cancer", [("2026-03-01", "cause neoplasia", "excluded")], OPEN),  # says nothing of cancer before
        ("trauma", [("2026-03-01", "item ankle-left trauma-or-cast-before", "+")], UP),
        ("trauma", [("2026-03-01", "item patient prior-trauma", "-")], NOT),
    ],
)
def test_a_rule_answers_raised_not_raised_or_that_it_cannot_be_told(flags_of, rule, facts, said):
    assert {str(flag.answer) for flag in flags_of(facts) if flag.code == rule} == {said}


def test_a_fracture_line_on_mri_is_not_cleared_by_a_radiograph(answers):
    """
    day        | what                                   | found
    2026-03-01 | image mri talus-left fracture_line     | +
    2026-04-01 | image xray talus-left fracture_line    | -
    2026-04-01 | image mri navicular-left fracture_line | -
    """
    assert answers("fracture_line") == [(UP, "talus-left", "2026-03-01")]


def test_a_later_mri_of_the_same_bone_clears_it(answers):
    """
    day        | what                               | found
    2026-03-01 | image mri talus-left fracture_line | +
    2026-06-01 | image mri talus-left fracture_line | -
    """
    assert answers("fracture_line") == [(NOT, None, None)]
    assert answers("fracture_line", date(2026, 5, 1)) == [(UP, "talus-left", "2026-03-01")]


def test_edema_later_than_a_year_after_onset_is_a_flag(answers):
    """
    day        | what                       | found
    2025-01-10 | onset ankle-left           |
    2025-06-01 | image mri talus-left edema | +
    2026-02-01 | image mri talus-left edema | +
    """
    assert answers("late_edema", date(2025, 12, 1)) == [(NOT, None, None)]
    assert answers("late_edema", date(2026, 1, 20)) == [(OPEN, None, None)]  # nobody has looked since
    assert answers("late_edema") == [(UP, "ankle-left", "2026-02-01")]


def test_edema_that_was_seen_to_go_is_none(answers):
    """
    day        | what                       | found
    2025-01-10 | onset ankle-left           |
    2025-06-01 | image mri talus-left edema | +
    2025-09-01 | image mri talus-left edema | -
    """
    assert answers("late_edema") == [(NOT, None, None)]


def test_an_onset_known_to_the_year_leaves_a_late_edema_open(answers):
    """
    day        | what                       | found
    2025       | onset ankle-left           |
    2026-02-01 | image mri talus-left edema | +
    """
    assert answers("late_edema") == [(OPEN, None, None)]


def test_a_radiographic_change_that_is_expected_but_absent_is_no_flag(answers):
    """
    day        | what                               | found
    2026-01-10 | onset ankle-left                   |
    2026-05-01 | image xray talus-left radiolucency | -
    """
    assert not any(answer == UP for code in RED_FLAG_CODES for answer, _, _ in answers(code))


def test_the_budapest_criteria_are_read_by_place(answers):
    """
    day        | what                                 | found
    2026-03-01 | item ankle-left disproportionate-pain | +
    2026-03-01 | item ankle-left no-better-diagnosis  | +
    2026-03-01 | item ankle-left symptom-sensory      | +
    2026-03-01 | item ankle-left symptom-vasomotor    | +
    2026-03-01 | item ankle-left symptom-motor        | +
    2026-03-01 | item ankle-left sign-sensory         | +
    2026-03-01 | item ankle-left sign-motor           | +
    2026-04-01 | item ankle-left sign-motor           | +
    """
    assert answers("budapest_positive") == [(UP, "ankle-left", "2026-03-01")]


def test_pain_under_load_that_jumps_in_pregnancy_is_a_flag_until_it_is_down_again(answers):
    """
    day        | what               | found
    2026-02-01 | pregnancy          | pregnant
    2026-03-01 | pain hip-left load | 4
    2026-03-15 | pain hip-left load | 8
    2026-06-01 | pain hip-left load | 5
    """
    assert answers("pregnancy_worsening", date(2026, 4, 1)) == [(UP, "hip-left", "2026-03-15")]
    assert answers("pregnancy_worsening") == [(NOT, None, None)]


def test_the_same_jump_without_a_word_on_pregnancy_cannot_be_told(answers):
    """
    day        | what               | found
    2026-03-01 | pain hip-left load | 4
    2026-03-15 | pain hip-left load | 8
    """
    assert answers("pregnancy_worsening") == [(OPEN, None, None)]


def test_a_slow_rise_in_pregnancy_is_none(answers):
    """
    day        | what               | found
    2026-02-01 | pregnancy          | pregnant
    2026-03-01 | pain hip-left load | 4
    2026-04-15 | pain hip-left load | 8
    """
    assert answers("pregnancy_worsening") == [(NOT, None, None)]


def test_the_osteomalacia_pattern_needs_all_three_parts(answers):
    """
    day        | what          | found
    2026-03-01 | lab alp       | 210 U/L @40-130
    2026-03-01 | lab phosphate | 0.6 mmol/L @0.8-1.5
    2026-03-01 | vitamin d     | 9 nmol/L
    """
    assert answers("osteomalacia_pattern") == [(UP, None, "2026-03-01")]


def test_phosphate_alone_does_not_settle_calcium(answers):
    """
    day        | what          | found
    2026-03-01 | lab alp       | 210 U/L @40-130
    2026-03-01 | lab phosphate | 1.0 mmol/L @0.8-1.5
    2026-03-01 | vitamin d     | 9 nmol/L
    """
    assert answers("osteomalacia_pattern") == [(OPEN, None, None)]


def test_a_normal_phosphatase_settles_it(answers):
    """
    day        | what    | found
    2026-03-01 | lab alp | 90 U/L @40-130
    """
    assert answers("osteomalacia_pattern") == [(NOT, None, None)]


def test_what_comes_later_is_never_looked_at(answers):
    """
    day        | what               | found
    2026-03-01 | item patient fever | -
    2026-06-01 | item patient fever | +
    """
    assert answers("fever", date(2026, 5, 31)) == [(NOT, None, None)]
    assert answers("fever") == [(UP, None, "2026-06-01")]


def test_a_raised_flag_shows_the_facts_it_rests_on(flags_of):
    (flag,) = [f for f in flags_of([("2026-03-01", "lab crp", "31 mg/L @-5")]) if f.is_raised]
    assert [(fact.table, fact.row_id, fact.said) for fact in flag.evidence] == [
        ("lab_result", 1, "crp 31 mg/L (laboratory's limits up to 5)")
    ]


def test_an_empty_record_raises_nothing_and_rules_nothing_out(flags_of):
    found = {flag.code: str(flag.answer) for flag in flags_of([])}
    assert found == dict.fromkeys(RED_FLAG_CODES, OPEN)


def test_every_rule_has_its_words_and_every_words_its_rule():
    assert sorted(red_flag_words()) == sorted(rule.code for rule in RED_FLAG_RULES)


@pytest.mark.parametrize("code", RED_FLAG_CODES)
def test_a_rule_asks_to_exclude_or_reconsider_and_never_to_treat(code):
    words = red_flag_words()[code]
    assert words.consider.startswith(("Exclude", "Reconsider"))
    treatment = re.compile(r"\b(give|start|prescribe|treat|iloprost|bisphosphonate|crutch|rest|operate)", re.IGNORECASE)
    assert not treatment.search(words.consider)


def test_two_episodes_of_one_site_raise_one_flag(answers):
    """
    day        | what             | found
    2026-01-01 | onset ankle-left | 2026-02-01
    2026-04-01 | onset ankle-left |
    -          | born             | 2012
    """
    assert answers("young_onset") == [(UP, "ankle-left", "2026-01-01")]
