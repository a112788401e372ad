"""The open lists: every row can be used, and a slip names the nearest code."""

import re

import pytest

from tracker.clinical.vocabulary import Checklist
from tracker.clinical.word_lists import WordList, find_word, word_label, word_list
from tracker.errors import NotFoundError

WORDS = [(name, word) for name in WordList for word in word_list(name)]


@pytest.mark.parametrize("pair", WORDS, ids=lambda pair: f"{pair[0]}-{pair[1].code}")
def test_a_code_is_lower_case_and_has_a_label(pair):
    _, word = pair
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", word.code)
    assert word.label == word.label.strip() != ""


@pytest.mark.parametrize("name", WordList)
def test_no_code_stands_twice_in_a_list(name):
    codes = [word.code for word in word_list(name)]
    assert len(codes) == len(set(codes)) > 0


def test_the_causes_are_those_to_be_excluded():
    assert {word.code for word in word_list(WordList.CAUSE)} == {
        "trauma",
        "stress-fracture",
        "osteochondral-lesion",
        "infection",
        "impingement",
        "avascular-necrosis",
        "arthropathy",
        "radiotherapy",
        "neoplasia",
        "crps",
        "osteoid-osteoma",
        "insufficiency-fracture",
        "osteomalacia",
    }


def test_every_scale_has_ends_and_a_good_direction():
    scales = {word.code: (word.low, word.high, word.better) for word in word_list(WordList.SCALE)}
    assert all(low < high and better in ("higher", "lower") for low, high, better in scales.values())
    # as the instruments' tables give them: all 0 to 100 but EFAS, all better higher but FFI and pain interference
    assert scales["efas"] == (0, 40, "higher")
    assert {code for code, (_, _, better) in scales.items() if better == "lower"} == {"ffi", "promis-pi"}


def test_every_item_belongs_to_a_checklist():
    items = word_list(WordList.ITEM)
    assert {word.checklist for word in items} == set(Checklist)
    parts = [word.part for word in items if word.checklist == Checklist.CRPS]
    assert {part: parts.count(part) for part in parts} == {"criterion": 2, "symptom": 4, "sign": 4, "separating": 4}


@pytest.mark.parametrize("typed", ["stress-fracture", "Stress Fracture", " stress_fracture "])
def test_spellings_of_one_code_are_one_code(typed):
    assert find_word(WordList.CAUSE, typed).code == "stress-fracture"


def test_an_unknown_code_names_the_nearest():
    with pytest.raises(NotFoundError) as caught:
        find_word(WordList.LAB, "crpp")
    assert str(caught.value) == "No lab 'crpp'. Did you mean 'crp'? List them: tracker word list lab"


def test_a_code_of_a_later_version_stands_for_itself():
    assert word_label(WordList.LAB, "procalcitonin") == "procalcitonin"
