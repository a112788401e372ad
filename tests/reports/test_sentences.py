"""Sentences come from one file, and every word of the vocabulary has its own."""

import pytest

from reports.sentences import load_sentences, number, percent, plainly
from tracker.clinical import vocabulary
from tracker.errors import InputError


@pytest.mark.parametrize(
    ("group", "words"),
    [
        ("phase", vocabulary.Phase),
        ("phase_plain", vocabulary.Phase),
        ("instrument", vocabulary.Instrument),
        ("aspect", vocabulary.Aspect),
        ("missing", vocabulary.MissingReason),
        ("modality", vocabulary.Modality),
        ("finding", vocabulary.Finding),
        ("presence", vocabulary.Presence),
        ("edema_pattern", vocabulary.EdemaPattern),
        ("sex", vocabulary.Sex),
    ],
)
def test_every_word_of_the_vocabulary_is_in_the_file(sentences, group, words):
    assert sorted(sentences.words[group]) == sorted(word.value for word in words)


def test_every_edema_grade_is_in_the_file(sentences):
    assert sorted(sentences.words["edema_grade"]) == [str(grade.value) for grade in vocabulary.EdemaGrade]


def test_a_name_without_a_word_is_given_spaced(sentences):
    assert sentences.word("parameter", "second_rise_days") == "second rise days"


def test_an_unknown_language_is_refused_with_those_there_are():
    with pytest.raises(InputError) as refused:
        load_sentences("xx")
    assert str(refused.value) == "There are no sentences in the language 'xx'. There are: en."


@pytest.mark.parametrize(
    ("value", "decimals", "written"), [(-0.04, 1, "0.0"), (7.25, 0, "7"), (12.0, 0, "12"), (-1.5, 1, "-1.5")]
)
def test_numbers_have_fixed_decimals_and_no_minus_zero(value, decimals, written):
    assert number(value, decimals) == written


@pytest.mark.parametrize(("value", "written"), [(18.0, "18"), (18.5, "18.5"), (1234567.0, "1234567")])
def test_reported_numbers_are_written_as_they_were_given(value, written):
    assert plainly(value) == written


def test_shares_are_whole_percentages():
    assert percent(0.704) == "70 %"
