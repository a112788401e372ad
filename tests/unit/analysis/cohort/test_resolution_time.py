"""Between which days the pain was over: drawn visit by visit."""

from math import inf

import pytest

from tracker.analysis.claims import claimed_scores
from tracker.analysis.cohort.resolution import (
    BETWEEN,
    NOT_OVER,
    NOT_SEEN,
    OVER,
    ResolutionTime,
    in_points,
    resolution_time,
)
from tracker.analysis.score_choice import choose_scores
from tracker.clinical.vocabulary import Instrument


@pytest.fixture
def time_of(edition):
    """Give the resolution time of a patient's only episode."""

    def find(patient):
        record = patient.record()
        (episode,) = record.episodes
        scores = choose_scores(episode, claimed_scores(record, edition)[episode.episode_id], edition).scores
        return resolution_time(scores, episode.onset, edition)

    return find


def test_it_lies_after_the_last_visit_in_pain_and_not_after_the_next(made, time_of):
    """
    day   0   31   120   181   212
    pain      7    4     1     0      over in (120, 181]
    """
    patient = made("A").episode(onset="2026-01-01")
    for on, score in (("2026-02-01", 7), ("2026-05-01", 4), ("2026-07-01", 1), ("2026-08-01", 0)):
        patient.pain(on, score)
    assert time_of(patient) == ResolutionTime(120, 181, 2)


def test_pain_that_comes_back_was_not_over(made, time_of):
    patient = made("A").episode().pain("2026-02-01", 7).pain("2026-05-01", 0).pain("2026-08-01", 3)
    assert time_of(patient) == ResolutionTime(212, inf, 0)


def test_an_onset_known_to_a_month_widens_it_on_both_sides(made, time_of):
    """The onset is one of 31 days: the pain lasted at least 120 - 30 days and at most 181."""
    patient = made("A").episode(onset="2026-01").pain("2026-05-01", 4).pain("2026-07-01", 0)
    assert time_of(patient) == ResolutionTime(90, 181, 1)


def test_a_visit_known_to_a_month_counts_with_its_own_first_or_last_day(made, time_of):
    """In pain some day of April (first day: 90), without pain some day of June (last day: 180)."""
    patient = made("A").episode().pain("2026-04", 4).pain("2026-06", 0)
    assert time_of(patient) == ResolutionTime(90, 180, 1)


def test_about_a_day_is_a_week_either_way(made, time_of):
    """About 1 January: from 25 December (day 0) to 8 January (day 14)."""
    patient = made("A").episode(onset="~2026-01-01").pain("2026-05-01", 4).pain("2026-07-01", 0)
    assert time_of(patient) == ResolutionTime(120 - 7, 181 + 7, 1)


def test_never_in_pain_was_over_before_the_first_visit(made, time_of):
    assert time_of(made("A").episode().pain("2026-02-01", 1)) == ResolutionTime(0, 31, 1)


def test_the_highest_of_a_days_scores_counts(made, time_of):
    patient = made("A").episode().pain("2026-02-01", 5).pain("2026-04-01", 0).pain("2026-04-01", 4)
    assert time_of(patient).upper == inf


def test_a_vas_of_ten_millimetres_is_a_point(made, time_of):
    vas = {"instrument": Instrument.VAS}
    patient = made("A").episode().pain("2026-02-01", 55, **vas).pain("2026-04-01", 11, **vas)
    assert time_of(patient).upper == inf
    patient.pain("2026-05-01", 10, **vas)
    assert time_of(patient) == ResolutionTime(90, 120, 1)
    assert in_points(patient.scores[0]) == 5.5


def test_without_a_score_nothing_is_said(made, time_of):
    assert time_of(made("A").episode()) is None
    assert time_of(made("A").episode().pain("2026-02-01", None)) is None


def test_what_is_known_of_a_day():
    seen, censored = ResolutionTime(90, 180, 1), ResolutionTime(90, inf, 0)
    assert [seen.state(day) for day in (60, 90, 91, 180, 300)] == [NOT_OVER, NOT_OVER, BETWEEN, OVER, OVER]
    assert [censored.state(day) for day in (60, 91)] == [NOT_OVER, NOT_SEEN]
