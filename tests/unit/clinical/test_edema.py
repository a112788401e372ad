import pytest

from tracker.clinical.edema import EDEMA_WORDS, edema_word, grade_of_percent
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import EdemaGrade


# Aigner 2005: small <25 %, medium 25-50 %, large 50-100 % of the bone; a shared edge belongs to the larger class.
@pytest.mark.parametrize(
    ("percent", "word"),
    [(0, "none"), (0.5, "small"), (24.9, "small"), (25, "medium"), (49.9, "medium"), (50, "large"), (100, "large")],
)
def test_an_extent_in_percent_has_its_word(percent, word):
    assert edema_word(grade_of_percent(percent, load_edition())) == word


def test_words_and_grades_are_the_same_list():
    assert list(EDEMA_WORDS) == ["none", "small", "medium", "large"]
    assert [EDEMA_WORDS[edema_word(grade)] for grade in range(4)] == list(EdemaGrade)
