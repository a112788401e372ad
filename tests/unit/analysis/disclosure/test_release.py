"""Percentages, means and medians follow the counts they are made of."""

import pytest

from tracker.analysis.disclosure.release import HIDDEN
from tracker.analysis.disclosure.suppression import protect
from tracker.analysis.disclosure.tables import Cell, CountTable, Variable

ARMS = Variable("arm", ("a", "b", "c", "d", "e"))


@pytest.fixture
def release(policy):
    return protect([CountTable("arms", "patients", ARMS, [[40], [8], [3], [9], [0]])], policy)


def arm(level):
    return Cell("patients", frozenset({("arm", level)}))


def test_a_percentage_is_shown_where_both_counts_are(release):
    everyone = Cell("patients")
    assert release.percent(arm("a"), of=everyone) == pytest.approx(100 * 40 / 60, rel=1e-12)
    assert release.percent(arm("c"), of=everyone) is HIDDEN
    assert release.percent(everyone, of=arm("c")) is HIDDEN
    assert release.percent(arm("a"), of=arm("e")) is HIDDEN


def test_statistics_follow_the_size_of_their_group(release):
    hidden = {level for level in ARMS.levels if release.count(arm(level)) is HIDDEN}
    assert hidden == {"b", "c"}
    assert release.statistic(4.5, kind="mean", of=arm("a")) == 4.5
    assert release.statistic(4.5, kind="mean", of=arm("b")) is HIDDEN
    assert release.statistic(4.5, kind="mean", of=arm("c")) is HIDDEN
    assert release.statistic(4.5, kind="mean", of=arm("d")) == 4.5
    assert release.statistic(4.5, kind="quantile", of=arm("a")) == 4.5
    assert release.statistic(4.5, kind="quantile", of=arm("d")) is HIDDEN
    assert release.statistic(4.5, kind="extreme", of=arm("a")) is HIDDEN
    assert release.statistic(None, kind="mean", of=arm("e")) is None
    assert release.statistic(None, kind="mean", of=arm("a")) is None


def test_a_group_that_no_table_counts_is_no_group(release):
    with pytest.raises(KeyError):
        release.statistic(4.5, kind="mean", of=arm("f"))


def test_the_mark_is_a_word():
    assert str(HIDDEN) == "hidden"
