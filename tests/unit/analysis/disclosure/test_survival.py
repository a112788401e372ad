"""Curves fall in steps of several persons, and numbers at risk are cells like any other."""

from tracker.analysis.disclosure.attack import attack
from tracker.analysis.disclosure.release import HIDDEN
from tracker.analysis.disclosure.suppression import protect
from tracker.analysis.disclosure.survival import (
    CENSORED,
    EVENT,
    Interval,
    at_risk,
    intervals,
    shown_steps,
    survival_table,
)
from tracker.analysis.disclosure.tables import CountTable, Variable

# days, events and ends of follow-up: 20 events and 13 ends, by hand in the tests
TIMES = [10, 20, 30, 40, 50, 60, 70, 80]
EVENTS = [2, 4, 1, 5, 0, 6, 1, 1]
ENDS = [0, 0, 3, 4, 0, 0, 3, 3]


def test_times_are_taken_together_until_no_count_is_small(policy):
    assert intervals(TIMES, EVENTS, ENDS, policy) == (
        Interval(0, 20, 6, 0),
        Interval(20, 40, 6, 7),
        Interval(40, 80, 8, 6),
    )
    assert Interval(20, 40, 6, 7).label == "(20, 40]"


def test_what_is_left_at_the_end_goes_into_the_last_interval(policy):
    assert intervals([10, 20], [7, 1], [0, 1], policy) == (Interval(0, 20, 8, 1),)
    assert intervals([10, 20], [1, 1], [0, 1], policy) == (Interval(0, 20, 2, 1),)
    assert intervals([], [], [], policy) == ()


def curve_of(policy, resolved=None):
    steps = intervals(TIMES, EVENTS, ENDS, policy)
    table = survival_table("curve", "episodes", steps, outcome="outcome")
    others = [] if resolved is None else [resolved]
    return steps, protect([table, *others], policy, relations=at_risk(table))


def test_numbers_at_risk_fall_by_events_and_ends(policy):
    steps, release = curve_of(policy)
    shown = shown_steps(release, "curve", steps, [0.8, 0.6, 0.2])
    assert [(step.n_at_risk, step.n_events, step.n_censored, step.value) for step in shown] == [
        (33, 6, 0, 0.8),
        (27, 6, 7, 0.6),
        (14, 8, 6, 0.2),
    ]


def test_a_table_that_counts_the_same_events_is_protected_with_the_curve(policy):
    """20 events of 8 women and 12 men, but 2 women of 5 without: the curve's totals must not give that away."""
    sex = CountTable(
        "sex by outcome",
        "episodes",
        Variable("sex", ("F", "M")),
        [[18, 2], [2, 11]],
        Variable("outcome", (EVENT, CENSORED)),
    )
    _, release = curve_of(policy, sex)
    assert attack(release).found == ()
    assert release.table("sex by outcome").cells == ((HIDDEN, HIDDEN), (HIDDEN, HIDDEN))


def test_a_curve_ends_where_a_count_is_hidden(policy):
    steps = (Interval(0, 10, 8, 0), Interval(10, 20, 3, 9), Interval(20, 30, 7, 9))
    table = survival_table("curve", "episodes", steps, outcome="outcome")
    release = protect([table], policy, relations=at_risk(table))
    shown = shown_steps(release, "curve", steps, [0.9, 0.8, 0.7])
    assert [step.value for step in shown] == [0.9, HIDDEN, HIDDEN]
    assert attack(release).found == ()


def test_a_time_at_which_nothing_happens_is_no_curve(policy):
    assert intervals([5.0], [0], [0], policy) == ()
