"""A quick look is a look: the table changes nothing but the time it takes."""

import numpy as np
import pytest

from tracker.analysis.flags.looks import looks_at
from tracker.analysis.operating.follow_ups import draw_follow_ups
from tracker.analysis.operating.quick_looks import library_table, quick_looks, weighted_courses
from tracker.analysis.vote import weigh_courses

# What the looks leave out is less than a millionth of the mean weight per course.
SAME_PROBABILITY = 1e-5


@pytest.fixture(scope="module")
def table(library):
    return library_table(library)


@pytest.fixture(scope="module")
def follow_ups(edition, habits):
    rng = np.random.default_rng(4)
    return [
        one
        for kind in ("expected", "relapse", "fluctuating")
        for one in draw_follow_ups(kind, edition, habits, n_episodes=4, rng=rng)
    ]


def test_quick_looks_say_what_looks_say(follow_ups, table, library):
    spans = set()
    for one in follow_ups:
        spans.add((one.onset.span_days, one.onset.about))
        quick = [look for look, _ in quick_looks(one.observations, one.onset, table=table)]
        looks = [look for look, _ in looks_at(one.observations, one.onset, library=library, refine=False)]
        assert [look.day for look in quick] == [look.day for look in looks]
        for own, other in zip(quick, looks, strict=True):
            assert own.class_probabilities == pytest.approx(other.class_probabilities, abs=SAME_PROBABILITY)
            assert own.p_relapse_begun == pytest.approx(other.p_relapse_begun, abs=SAME_PROBABILITY)
            assert own.odd_scores == pytest.approx(other.odd_scores, abs=SAME_PROBABILITY)
    assert len(spans) > 2, "days, days about, and months"


def test_the_vote_behind_a_quick_look_is_the_vote(follow_ups, table, library):
    one = follow_ups[0]
    *_, (_, weights) = quick_looks(one.observations, one.onset, table=table)
    quick = weighted_courses(weights, one.onset, library)
    vote = weigh_courses(one.observations, one.onset, library=library, refine=False)
    assert quick.class_probabilities() == pytest.approx(vote.class_probabilities(), abs=SAME_PROBABILITY)
    assert float(quick.weights @ quick.onset_days) == pytest.approx(float(vote.weights @ vote.onset_days), abs=1e-3)
