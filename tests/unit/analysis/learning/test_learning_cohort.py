"""Which episodes are learned from: those that `course show` would read on that day."""

from datetime import date

import pytest

from tracker.analysis.learning.cohort import LeftOut, learning_cohort
from tracker.clinical.vocabulary import Instrument

DAY = date(2026, 8, 1)
ROWS = (("2026-02-01", 5), ("2026-03-01", 7), ("2026-06-01", 2))


@pytest.fixture
def cohort(edition):
    def take(*records, as_of=DAY):
        return learning_cohort(records, edition, as_of=as_of)

    return take


def rows(learning_episode):
    seen = learning_episode.observations
    return list(zip(seen.day.tolist(), seen.score.tolist(), strict=True))


def test_an_episode_with_an_onset_and_two_days_is_read_from_the_first_possible_day(cohort, record, episode, scores):
    found = cohort(record([episode(onset="2026-01")], scores(*ROWS)))
    (only,) = found.episodes
    assert rows(only) == [(31, 5), (59, 7), (151, 2)]
    assert only.onset.span_days == 30
    assert only.instrument is Instrument.NRS
    assert (found.n_scores, found.left_out) == (3, {})


@pytest.mark.parametrize(
    ("onset", "given", "reason"),
    [
        (None, ROWS, LeftOut.NO_ONSET),
        ("2026-01-10", (), LeftOut.TOO_FEW_DAYS),
        ("2026-01-10", ROWS[:1], LeftOut.TOO_FEW_DAYS),
        ("2026-01-10", (("2026-02-01", 0), ("2026-03-01", 0)), LeftOut.NO_PAIN),
    ],
)
def test_what_cannot_be_read_is_counted_with_its_reason(cohort, record, episode, scores, onset, given, reason):
    found = cohort(record([episode(onset=onset)], scores(*given)))
    assert found.episodes == ()
    assert found.left_out == {reason: 1}


def test_nothing_after_the_day_is_read(cohort, record, episode, scores):
    found = cohort(record([episode(onset="2026-01-10")], scores(*ROWS)), as_of=date(2026, 3, 15))
    assert rows(found.episodes[0]) == [(22, 5), (50, 7)]


def test_an_episode_that_began_later_does_not_exist_yet(cohort, record, episode, scores):
    found = cohort(record([episode(onset="2026-01-10")], scores(*ROWS)), as_of=date(2026, 1, 1))
    assert (found.episodes, found.left_out) == ((), {})


def test_a_closed_episode_is_read_up_to_its_closing(cohort, record, episode, scores):
    found = cohort(record([episode(onset="2026-01-10", closed_on="2026-03-15")], scores(*ROWS)))
    assert rows(found.episodes[0]) == [(22, 5), (50, 7)]


def test_every_episode_of_a_patient_counts(cohort, record, episode, scores):
    episodes = [episode("ankle-left", episode_id=1), episode("knee-right", episode_id=2)]
    given = (*scores(*ROWS), *scores(*ROWS, site="knee-right"))
    assert len(cohort(record(episodes, given)).episodes) == 2


def test_the_order_of_patients_does_not_matter(cohort, record, episode, scores):
    records = [
        record([episode(onset=onset)], scores(*((day, score + more) for day, score in ROWS)))
        for onset, more in (("2026-01-10", 0), ("2026-01", 1), ("~2026-01-10", 0), ("2026-01-11", 3))
    ]
    one, other = cohort(*records), cohort(*reversed(records))
    assert [rows(episode) for episode in one.episodes] == [rows(episode) for episode in other.episodes]
    assert [episode.onset for episode in one.episodes] == [episode.onset for episode in other.episodes]
