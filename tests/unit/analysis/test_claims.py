"""Which episode gets which score; the recall error is 10 days, so a claim begins 30 days before the onset."""

import pytest

from tracker.analysis.claims import claimed_scores


@pytest.fixture
def claimed(record, edition):
    """Days (and, where several sites matter, sites) of the scores each episode gets, by episode id."""

    def share_out(episodes, scores, *, with_site=False):
        shared = claimed_scores(record(episodes, scores), edition)
        return {
            episode_id: [f"{s.visit_date} {s.site}" if with_site else str(s.visit_date) for s in got]
            for episode_id, got in shared.items()
        }

    return share_out


def test_an_episode_gets_the_scores_of_its_site_and_of_its_parts(claimed, episode, scores):
    rows = [
        ("2026-02-01", 5),
        ("2026-02-01", 7, "talus-left"),
        ("2026-02-01", 6, "talus-right"),
        ("2026-02-01", 3, "knee-left"),
    ]
    assert claimed([episode("ankle-left")], scores(*rows), with_site=True) == {
        1: ["2026-02-01 ankle-left", "2026-02-01 talus-left"]
    }


def test_an_episode_of_a_bone_gets_no_score_of_its_joint(claimed, episode, scores):
    assert claimed([episode("talus-left")], scores(("2026-02-01", 5, "ankle-left"))) == {1: []}


def test_scores_count_from_three_recall_errors_before_the_onset(claimed, episode, scores):
    # by hand: 30 days before 2026-01-10 is 2025-12-11
    found = claimed([episode(onset="2026-01-10")], scores(("2025-12-10", 1), ("2025-12-11", 2), ("2026-01-10", 4)))
    assert found == {1: ["2025-12-11", "2026-01-10"]}


def test_a_vague_onset_counts_from_its_first_possible_day(claimed, episode, scores):
    # by hand: 30 days before 2026-02-01 is 2026-01-02
    assert claimed([episode(onset="2026-02")], scores(("2026-01-01", 1), ("2026-01-02", 2))) == {1: ["2026-01-02"]}


def test_scores_count_up_to_the_day_the_episode_was_closed(claimed, episode, scores):
    closed = episode(closed_on="2026-06-01")
    assert claimed([closed], scores(("2026-06-01", 1), ("2026-06-02", 0))) == {1: ["2026-06-01"]}


def test_the_next_episode_at_the_site_ends_the_one_before(claimed, episode, scores):
    episodes = [episode(onset="2026-01-10"), episode(onset="2026-08-01", episode_id=2)]
    found = claimed(episodes, scores(("2026-07-20", 2), ("2026-07-31", 3), ("2026-08-01", 5)))
    assert found == {1: ["2026-07-20", "2026-07-31"], 2: ["2026-08-01"]}


def test_after_a_closed_episode_the_next_one_reaches_back_before_its_onset(claimed, episode, scores):
    episodes = [episode(onset="2026-01-10", closed_on="2026-07-15"), episode(onset="2026-08-01", episode_id=2)]
    found = claimed(episodes, scores(("2026-07-15", 0), ("2026-07-16", 2), ("2026-08-01", 5)))
    assert found == {1: ["2026-07-15"], 2: ["2026-07-16", "2026-08-01"]}


def test_an_episode_without_an_onset_gets_what_no_later_one_asks_for(claimed, episode, scores):
    episodes = [episode(onset=None), episode(onset="2026-08-01", episode_id=2)]
    found = claimed(episodes, scores(("2001-01-01", 2), ("2026-08-01", 5)))
    assert found == {1: ["2001-01-01"], 2: ["2026-08-01"]}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["joint first", "bone first"])
def test_a_score_belongs_to_one_episode_only_the_one_nearest_to_its_site(claimed, episode, scores, order):
    both = [episode("ankle-left"), episode("talus-left", episode_id=2)]
    rows = [("2026-02-01", 5), ("2026-02-01", 7, "talus-left"), ("2026-02-01", 4, "distal-tibia-left")]
    assert claimed([both[place] for place in order], scores(*rows), with_site=True) == {
        1: ["2026-02-01 ankle-left", "2026-02-01 distal-tibia-left"],
        2: ["2026-02-01 talus-left"],
    }


def test_a_score_of_a_month_counts_on_its_middle_day(claimed, episode, scores):
    # by hand: the middle of June is the 15th
    assert claimed([episode(closed_on="2026-06-15")], scores(("2026-06", 1))) == {1: ["2026-06"]}
    assert claimed([episode(closed_on="2026-06-14")], scores(("2026-06", 1))) == {1: []}


def test_without_episodes_nothing_is_claimed(claimed, scores):
    assert claimed([], scores(("2026-06-01", 1))) == {}
