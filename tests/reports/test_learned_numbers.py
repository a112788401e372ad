"""An own edition in words: beside the cited one, and what it cannot say."""

from dataclasses import replace

import pytest

from reports.learned_numbers import learned_rows, learned_sentences, left_out_sentence
from tracker.analysis.learning.cohort import LeftOut
from tracker.clinical.learned import LearnedNumber, Learning

MONTHS = LearnedNumber("rise_months", "months", 1.41421, 1.5, 1.2, 1.9, 0.31, False)
SHARE = LearnedNumber("relapse_share", "share of episodes", 0.02, 0.004, 0.0, 0.05, -0.2, True)
NOISE = LearnedNumber("vas_noise_sd_mm", "mm", 8.0, 8.1, 6.3, 10.4, 0.18, True)
LEARNING = Learning(
    "course_v1", "ab" * 32, "2026-11-28", 57, 311, 5.0, 20.0, 1200.0, "0.1.0", "0001", 412, (MONTHS, SHARE, NOISE)
)


def test_a_number_stands_beside_the_cited_one_in_its_unit(sentences):
    rows = [(r.label, r.cited, r.learned, r.interval, r.narrowing, r.remark) for r in learned_rows(LEARNING, sentences)]
    silent = "from the reference, not from your patients"
    assert rows == [
        ("Onset to plateau, median, months", "1.41", "1.50", "1.20 to 1.90", "31 %", ""),
        ("Share of relapse", "2.0 %", "0.4 %", "0.0 % to 5.0 %", "wider", silent),
        ("Noise of a VAS score, SD, mm", "8.0", "8.1", "6.3 to 10.4", "18 %", silent),
    ]


@pytest.mark.parametrize(("courses", "is_said"), [(499.0, True), (500.0, False)])
def test_few_courses_are_said(sentences, courses, is_said):
    said = learned_sentences(replace(LEARNING, effective_courses=courses), sentences, least_courses=500)
    assert any(words.startswith("Only 499 courses") for words in said) == is_said
    assert said[0] == "Read: 57 episodes of this clinic with 311 scores up to 2026-11-28."
    assert said[1].startswith(
        "course_v1 counts for 5 more episodes with known courses, for 20 where shares are learned:"
    )


def test_every_reason_to_leave_an_episode_out_has_words(sentences):
    said = left_out_sentence(dict.fromkeys(LeftOut, 3), sentences, least_days=2)
    assert said == ("Left out: 3 without a known onset, 3 with scores on fewer than 2 days, 3 without any pain.")
    assert left_out_sentence({}, sentences, least_days=2) == "No episode was left out."
