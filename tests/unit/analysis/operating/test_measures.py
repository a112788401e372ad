"""The published tables, from readings made by hand."""

from math import inf

import numpy as np
import pytest
from scipy import stats

from tracker.analysis.flags.rules import FLAG_CODES
from tracker.analysis.flags.states import Threshold
from tracker.analysis.operating.measures import (
    EVERY_CLASS,
    atypicality_rows,
    auc,
    flag_rows,
    forecast_rows,
    found,
    outcome,
    raised_rows,
)
from tracker.analysis.operating.readings import Forecast
from tracker.analysis.operating.true_courses import KINDS

THRESHOLDS = dict.fromkeys(FLAG_CODES, Threshold(0.6, 0.9)) | {"remeasure": Threshold(0.5, inf)}


def test_a_false_alarm_is_any_course_flag_at_any_look_and_remeasure_is_none(reading, look):
    quiet = reading("expected", look(60), look(90))
    odd = reading("expected", look(60), look(90, odd=(0.0, 0.0, 0.9)))
    passing = reading("expected", look(60, late_peak=0.7), look(90))
    named = reading("expected", look(60, late_peak=0.7), look(90, late_peak=0.95))
    (row,) = [
        row
        for row in flag_rows([outcome(one, THRESHOLDS) for one in (quiet, odd, passing, named)])
        if row.visits == "all"
    ]
    assert (row.n, row.suspected, row.confirmed, row.remeasure) == (4, 0.5, 0.25, 0.25)
    assert (row.seen, row.named, row.delay_days) == (None, None, None)


def test_sensitivity_delay_and_own_flag(reading, look):
    by_name = reading("late_peak", look(90), look(130, late_peak=0.7), departure=40, first_visit=60)
    by_another = reading("late_peak", look(100, prolonged_plateau=0.8), departure=40, first_visit=60)
    missed = reading("late_peak", look(100), departure=40, first_visit=inf)
    rows = flag_rows([outcome(one, THRESHOLDS) for one in (by_name, by_another, missed)])
    row = rows[0]
    assert (row.suspected, row.named, row.seen) == pytest.approx((2 / 3, 1 / 3, 2 / 3))
    # by hand: first flags 90 and 60 days after the departure, 70 and 40 after the first visit from then on
    assert row.delay_days == pytest.approx((67.5, 75, 82.5))
    assert row.delay_from_visit_days == pytest.approx((47.5, 55, 62.5))


def test_episodes_are_counted_by_their_visits_and_empty_ranges_left_out(reading, look):
    outcomes = [outcome(reading("expected", look(60), n_visits=n), THRESHOLDS) for n in (3, 4, 5, 12)]
    assert [(row.visits, row.n) for row in flag_rows(outcomes)] == [("all", 4), ("3-4", 2), ("5-6", 1), ("10+", 1)]


def test_every_flag_that_was_ever_suspected_is_counted(reading, look):
    both = reading("relapse", look(60, late_peak=0.7), look(90), look(200, relapse=0.9, begun=0.9))
    (row,) = raised_rows([outcome(both, THRESHOLDS)])
    assert {code for code, share in row.shares.items() if share} == {"late_peak", "relapse"}


def test_forecasts_are_judged_beside_the_constant_course_on_the_same_episodes(reading):
    truth = 250.0
    sharp, flat = Forecast(240, 200, 300, 12.0, truth), Forecast(270, 150, 240, 30.0, truth)
    readings = [
        reading("expected", forecasts={"full": sharp, "early": flat}, constant=flat),
        reading("expected", forecasts={"full": flat}, constant=flat),
    ]
    rows = {(row.cut, row.method): row for row in forecast_rows(readings, {"full": "all", "early": "cut"})}
    row = rows["all", "course model"]
    assert (row.n, row.crps_days, row.mae_days, row.bias_days, row.coverage) == (2, 21, 15, 5, 0.5)
    assert rows["cut", "constant course"].n == 1


def test_area_under_the_curve_is_that_of_mann_and_whitney():
    rng = np.random.default_rng(1)
    typical, atypical = rng.integers(0, 5, 60).astype(float), rng.integers(1, 7, 40).astype(float)
    statistic = stats.mannwhitneyu(atypical, typical).statistic
    assert auc(typical, atypical) == pytest.approx(statistic / (60 * 40))


def test_found_where_five_percent_of_typical_ones_are():
    typical, atypical = np.arange(100.0), np.array([94.5, 96.5, 200, 50])
    # by hand: five of a hundred are 95 to 99, above which lie two of four
    assert found(typical, atypical) == pytest.approx(0.5)


def test_between_ties_the_curve_is_straight():
    # by hand: a tenth of typical and half of atypical ones score 1; half of the tie is 5 % and a quarter
    typical, atypical = np.array([0.0] * 9 + [1.0]), np.array([0.0, 1.0])
    assert found(typical, atypical) == pytest.approx(0.25)


def test_all_classes_count_by_their_share_and_a_mixed_course_has_none(reading, look, edition):
    readings = [reading("expected", look(60, late_peak=0.1)), reading("expected", look(60, late_peak=0.3))]
    readings += [reading(kind, look(60, late_peak=0.2 if kind == "relapse" else 0.9)) for kind in KINDS[1:]]
    rows = {row.kind: row for row in atypicality_rows(readings, edition) if row.method == "course model"}
    assert (rows["relapse"].auc, rows["mixed"].auc) == (0.5, 1)
    # by hand: a relapse has 0.02 of the 0.20 of the atypical classes
    assert rows[EVERY_CLASS].auc == pytest.approx(0.95)
