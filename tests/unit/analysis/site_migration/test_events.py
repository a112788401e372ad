"""Probabilities and intervals against numbers worked out by hand from the normal distribution."""

from math import sqrt
from statistics import NormalDist

import pytest

from tracker.analysis.episodes import patient_view

RECALL_SD = 10.0
BOTH = NormalDist(0, RECALL_SD * sqrt(2))
TOGETHER = 14.0
# Starts are the first 8192 points of a Sobol sequence put through the normal distribution.
DRAWN = 0.004
# Intervals come from 256 equally probable starts of each episode.
OF_A_DAY = 0.5


@pytest.fixture
def events(record, provenance, edition, library):
    def make(episodes, scores=(), as_of="2026-12-31"):
        view = patient_view(record(episodes, scores), provenance=provenance(as_of), edition=edition, library=library)
        return view.site_migration.events

    return make


@pytest.mark.parametrize("days_apart", [0, 5, 12, 20, 40])
def test_the_order_of_two_recalled_days_is_that_of_two_normal_errors(events, episode, days_apart):
    second = f"2026-02-{1 + days_apart:02}" if days_apart < 28 else "2026-03-13"
    [event] = events([episode(onset="2026-02-01"), episode("knee-left", second, episode_id=2)])
    assert event.p_order == pytest.approx(1 - BOTH.cdf(-days_apart), abs=DRAWN)
    together = BOTH.cdf(TOGETHER - days_apart) - BOTH.cdf(-TOGETHER - days_apart)
    assert event.kinds["multifocal_onset"] == pytest.approx(together, abs=DRAWN)
    assert sum(event.kinds.values()) == pytest.approx(1)
    assert event.between_starts_days.median == pytest.approx(days_apart, abs=OF_A_DAY)
    assert event.between_starts_days.high95 == pytest.approx(days_apart + BOTH.inv_cdf(0.975), abs=OF_A_DAY)


def test_a_gap_runs_from_the_closing_day_and_an_overlap_to_it(events, episode):
    old = episode(onset="2026-01-01", closed_on="2026-08-01")
    [gap] = events([old, episode("knee-left", "2026-09-20", episode_id=2)])
    # by hand: 50 days from 1 August to 20 September, recalled with an error of 10
    assert gap.gap_days.median == pytest.approx(50, abs=OF_A_DAY)
    assert gap.gap_days.low95 == pytest.approx(50 - NormalDist(0, RECALL_SD).inv_cdf(0.975), abs=OF_A_DAY)
    assert gap.overlap_days.high95 == 0
    [over] = events([old, episode("knee-left", "2026-06-12", episode_id=2)])
    assert over.overlap_days.median == pytest.approx(50, abs=OF_A_DAY)
    assert over.gap_days.high95 == 0
    assert over.old_states["unknown"] == pytest.approx(1)


def test_a_closing_day_in_the_middle_of_the_new_start_is_even_odds(events, episode):
    old = episode(onset="2026-01-01", closed_on="2026-08-01")
    [event] = events([old, episode("knee-left", "2026-08-01", episode_id=2)])
    # Days are ordinals from midnight to midnight: a start is over or not by the whole closing day alone.
    assert event.old_states["resolved"] == pytest.approx(0.5, abs=1 / 256)
    assert event.kinds["site_migration"] == pytest.approx(0.5, abs=1 / 256)


def test_a_closing_day_known_to_the_month_spreads_over_it(events, episode):
    old = episode(onset="2026-01-01", closed_on="2026-08")
    [event] = events([old, episode("knee-left", "2026-08-16", episode_id=2)])
    assert 0.4 < event.old_states["resolved"] < 0.6


def test_an_overlap_ends_on_the_day_that_is_asked_about(events, episode, scores):
    rows = scores(("2026-02-10", 6), ("2026-03-20", 8))
    both = [episode(onset="2026-01-10"), episode("knee-left", "2026-03-01", episode_id=2)]
    [event] = events(both, rows, as_of="2026-04-10")
    assert event.old_end_from.value == "course"
    assert event.overlap_days.high95 <= 40 + 25


def test_the_states_are_those_the_course_itself_gives_on_that_day(events, episode, scores, record, provenance, library):
    rows = scores(("2026-02-10", 6), ("2026-03-20", 8), ("2026-05-01", 6), ("2026-07-01", 3))
    both = [episode(onset="2026-01-10"), episode("knee-left", "2026-05-15", episode_id=2)]
    [event] = events(both, rows)
    fitted = patient_view(
        record(both[:1], rows), provenance=provenance("2026-12-31"), edition=library.edition, library=library
    )
    # an independent reading: quantiles of the fit itself say that the plateau ended long before 15 May
    numbers = fitted.episodes[0].course.parameters
    assert numbers["rise_days"].median + numbers["plateau_days"].median < 125
    assert event.old_states["regressing"] > 0.9


def test_a_time_within_the_same_place_is_a_relapse_only_once_it_had_begun_to_clear(events, episode):
    first = episode(onset="2025-01-01", closed_on="2025-08-01")
    [event] = events([first, episode(onset="2026-02-01", episode_id=2)])
    assert set(event.kinds) == {"relapse", "still_active", "undetermined", "reverse_order"}
    assert event.kinds["relapse"] == pytest.approx(1)
