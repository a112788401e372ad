"""The rule that picks the fitted scores, and the sentence that says so, word for word."""

from dataclasses import replace

import pytest

from tracker.analysis.score_choice import choose_scores


@pytest.fixture
def chosen(edition, episode, scores):
    """Row ids (1, 2, ... in the order of the rows) and sentence of the choice for an episode at the left ankle."""

    def choose(*rows):
        choice = choose_scores(episode("ankle-left"), scores(*rows), edition)
        return [score.row_id for score in choice.scores], choice.sentence

    return choose


def test_the_scores_of_the_own_site_are_read(chosen):
    assert chosen(("2026-02-01", 5), ("2026-03-01", 6)) == ([1, 2], "Read: 2 scores, NRS of overall pain.")


def test_a_missing_score_is_never_read(chosen):
    assert chosen(("2026-02-01", 5), ("2026-03-01", None)) == ([1], "Read: 1 score, NRS of overall pain.")


def test_without_a_score_there_is_nothing_to_read(chosen):
    assert chosen() == ([], "No pain score to read.")
    assert chosen(("2026-03-01", None)) == ([], "No pain score to read.")


def test_overall_pain_goes_before_pain_on_loading_even_with_fewer_scores(chosen):
    rows = [(f"2026-0{month}-01", 6, "ankle-left", "nrs", "load") for month in (2, 3, 4)]
    rows += [("2026-05-01", 3), ("2026-06-01", 2)]
    assert chosen(*rows) == (
        [4, 5],
        "Read: 2 scores, NRS of overall pain. Not read: 3 scores of another aspect, instrument or place.",
    )


def test_pain_on_loading_goes_before_pain_at_rest_and_at_night(chosen):
    rows = [
        (day, 4, "ankle-left", "nrs", aspect)
        for day in ("2026-02-01", "2026-03-01")
        for aspect in ("night", "rest", "load")
    ]
    assert chosen(*rows)[0] == [3, 6]


def test_a_series_with_enough_days_goes_before_one_without(chosen):
    rows = [(day, 4, "ankle-left", "nrs", "load") for day in ("2026-02-01", "2026-03-01")]
    assert chosen(*rows, ("2026-03-01", 6)) == (
        [1, 2],
        "Read: 2 scores, NRS of pain on loading. Not read: 1 score of another aspect, instrument or place.",
    )


@pytest.mark.parametrize("aspect", ["rest", "night"])
def test_pain_at_rest_and_at_night_is_never_read_against_a_course_of_overall_pain(chosen, aspect):
    assert chosen(*((day, 4, "ankle-left", "nrs", aspect) for day in ("2026-02-01", "2026-03-01"))) == (
        [],
        "No score of overall pain or of pain on loading to read; pain at rest and at night is not read.",
    )


def test_the_instrument_with_more_scores_is_read(chosen):
    rows = [(f"2026-0{month}-01", 60, "ankle-left", "vas") for month in (2, 3, 4)]
    assert chosen(*rows, ("2026-05-01", 3), ("2026-06-01", 2))[0] == [1, 2, 3]


def test_with_as_many_scores_the_numeric_rating_scale_is_read(chosen):
    rows = [(day, 60, "ankle-left", "vas") for day in ("2026-02-01", "2026-03-01")]
    assert chosen(*rows, ("2026-05-01", 3), ("2026-06-01", 2))[0] == [3, 4]


def test_the_own_site_goes_before_a_higher_score_of_a_part(chosen):
    assert chosen(("2026-02-01", 9, "talus-left"), ("2026-02-01", 5), ("2026-02-01", 8, "talus-left"))[0] == [2]


def test_a_visit_without_a_score_of_the_own_site_counts_with_the_highest_of_its_parts(chosen):
    rows = [("2026-02-01", 5), ("2026-03-01", 4, "talus-left"), ("2026-03-01", 7, "distal-tibia-left")]
    assert chosen(*rows) == (
        [1, 3],
        "Read: 2 scores, NRS of overall pain. Where a visit has none of the left ankle itself, the highest of its "
        "parts counts. Not read: 1 score of another aspect, instrument or place.",
    )


def test_a_month_counts_on_its_middle_day_and_a_year_is_too_vague(chosen):
    # by hand: 30 days / sqrt(12) = 8.7 days, below the recall error of 10; 364 / sqrt(12) = 105 days
    assert chosen(("2026-02-01", 5), ("2026-03", 6), ("2026", 4)) == (
        [1, 2],
        "Read: 2 scores, NRS of overall pain. 1 visit without an exact day counted on the middle possible day. "
        "Not read: 1 score of a visit whose day is too vague.",
    )


def test_nothing_but_vague_days_is_nothing_to_read(chosen):
    assert chosen(("2026", 5), ("2025", 6)) == (
        [],
        "No pain score to read: 2 scores of a visit whose day is too vague.",
    )


def test_several_visits_on_one_day_are_all_read_and_said_to_be_one_reading(edition, episode, scores):
    rows = scores(("2026-02-01", 5), ("2026-03-01", 6), ("2026-04-01", 4), ("2026-05-01", 3))
    on_one_day = [replace(rows[1], visit_date=rows[0].visit_date), replace(rows[3], visit_date=rows[2].visit_date)]
    choice = choose_scores(episode("ankle-left"), (rows[0], on_one_day[0], rows[2], on_one_day[1]), edition)
    assert [score.row_id for score in choice.scores] == [1, 2, 3, 4]
    assert choice.sentence == (
        "Read: 4 scores, NRS of overall pain. 2 days with several scores: those of one day count as one reading "
        "together."
    )


@pytest.mark.parametrize(("span", "is_read"), [("2026-03-01/2026-04-04", True), ("2026-03-01/2026-04-05", False)])
def test_the_vaguest_day_that_counts_spans_34_days(chosen, span, is_read):
    # by hand: 10 * sqrt(12) = 34.6 days
    assert (2 in chosen(("2026-02-01", 5), (span, 6))[0]) is is_read
