"""The published operating characteristics hold: they are the program's own, and a fresh simulation is no worse.

A small part of the study is run again with random numbers of its own. A share, sensitivity or area may be
worse than published by as much as chance makes of it, 3.3 standard errors of the difference: less than once in
2000 seeds each. Better is no failure.
"""

from dataclasses import replace
from math import inf, sqrt
from pathlib import Path

import numpy as np
import pytest

from tracker import clinical
from tracker.analysis.flags.rules import CLASS_FLAGS, FLAG_RULES
from tracker.analysis.flags.states import flag_thresholds
from tracker.analysis.library import course_library
from tracker.analysis.operating.measures import EVERY_CLASS, MODEL, THUMB, flag_rows, outcome
from tracker.analysis.operating.quick_looks import library_table
from tracker.analysis.operating.study import operating_characteristics, read_episodes
from tracker.analysis.operating.true_courses import KINDS
from tracker.clinical.operating_characteristics import load_operating_characteristics, recorded
from tracker.clinical.reference import load_edition

SEED = 20260310
N_EXPECTED, N_OF_EACH_KIND = 320, 40
STANDARD_ERRORS = 3.3
FEWEST_INSIDE, MOST_INSIDE = 0.90, 0.98
FULL = "full follow-up"


@pytest.fixture(scope="module")
def published():
    return load_operating_characteristics()


@pytest.fixture(scope="module")
def habits():
    return load_edition(Path(clinical.__file__).with_name("simulated_follow_up_v1.toml"))


@pytest.fixture(scope="module")
def study(habits):
    """The readings, and the names of the numbers they needed."""
    edition, names = recorded(load_edition())
    table = library_table(course_library(edition))
    rng = np.random.default_rng(SEED)
    sizes = {kind: N_OF_EACH_KIND for kind in KINDS} | {"expected": N_EXPECTED}
    readings = [
        reading
        for kind, size in sizes.items()
        for reading in read_episodes(kind, size, table=table, habits=habits, rng=rng)
    ]
    flag_thresholds(edition)
    return readings, frozenset(names)


@pytest.fixture(scope="module")
def again(study, habits):
    readings, names = study
    return operating_characteristics(readings, edition=load_edition(), habits=habits, numbers_read=names, seed=SEED)


def most_by_chance(share, n, n_published):
    """Give how far a share may be off; one of 0 or 1 is given the spread of one episode of the smaller sample."""
    inside = min(max(share, 1 / n), 1 - 1 / n)
    return STANDARD_ERRORS * sqrt(inside * (1 - inside) * (1 / n + 1 / n_published))


def is_as_sensitive(row, old):
    return all(
        getattr(row, name) >= getattr(old, name) - most_by_chance(getattr(old, name), row.n, old.n)
        for name in ("suspected", "confirmed", "named")
        if getattr(old, name) is not None
    )


def test_the_table_belongs_to_the_edition_the_rules_and_the_simulation(published, habits):
    assert published.belongs_to(load_edition(), {rule.code: rule.version for rule in FLAG_RULES}), (
        "make it again: python3 scripts/operating_characteristics"
    )
    assert published.simulation_sha256 == habits.sha256


def test_the_table_names_every_number_it_depends_on(study, published):
    _, names = study
    assert names <= set(published.numbers_read)


def test_published_false_alarms_keep_to_five_percent_and_were_not_counted_where_they_were_chosen(published, habits):
    row = published.flag_row("expected")
    assert row.suspected <= habits.value("false_alarm_share")
    assert row.confirmed <= row.suspected
    chosen_on = load_edition()["flag_unspecified_probability"].note
    assert "seed " in chosen_on
    assert f"seed {published.seed}" not in chosen_on


def test_false_alarms_are_no_more_than_published(again, published):
    row, old = again.flag_row("expected"), published.flag_row("expected")
    for name in ("suspected", "confirmed", "remeasure"):
        allowed = getattr(old, name) + most_by_chance(getattr(old, name), row.n, old.n)
        assert getattr(row, name) <= allowed, name


@pytest.mark.parametrize("kind", KINDS[1:])
def test_courses_of_each_kind_are_found_as_often_as_published(kind, again, published):
    assert is_as_sensitive(again.flag_row(kind), published.flag_row(kind))


@pytest.mark.parametrize("kind", [kind for kind in KINDS[1:] if kind != "fluctuating"])
def test_flags_come_as_soon_as_published(kind, again, published):
    """The median of 30 or so delays has a standard error of about a quarter of their middle half."""
    own, old = again.flag_row(kind).delay_days, published.flag_row(kind).delay_days
    assert own[1] <= old[1] + STANDARD_ERRORS * 0.25 * (old[2] - old[0])


def test_flags_that_asked_for_more_would_be_noticed(study, published):
    """The tests above can fail: with thresholds near certainty several kinds are found too rarely."""
    readings, _ = study
    strict = flag_thresholds(load_edition()) | {
        code: replace(flag_thresholds(load_edition())[code], suspected=0.99, confirmed=0.999)
        for code in (*(rule.code for rule in CLASS_FLAGS), "atypical_unspecified")
    }
    rows = flag_rows([outcome(reading, strict) for reading in readings])
    noticed = {
        row.kind
        for row in rows
        if row.visits == "all" and row.kind != "expected" and not is_as_sensitive(row, published.flag_row(row.kind))
    }
    assert {"prolonged_plateau", "slow_regression", "persistent_pain"} <= noticed


def test_95_percent_intervals_of_the_resolution_day_hold_it_in_90_to_98_percent(again, published):
    own = {row.cut: row for row in again.forecasts if row.method == MODEL}
    assert FEWEST_INSIDE <= own[FULL].coverage <= MOST_INSIDE
    for row in published.forecasts:
        if row.method == MODEL:
            assert FEWEST_INSIDE <= row.coverage <= MOST_INSIDE, row.cut


def test_the_forecast_beats_the_constant_course_at_full_follow_up(again, published):
    for table in (again, published):
        scores = {row.method: row.crps_days for row in table.forecasts if row.cut == FULL}
        assert scores[MODEL] < 0.8 * scores["constant course"]


def test_the_last_look_tells_atypical_courses_as_well_as_published(again, published):
    old = {(row.kind, row.method): row for row in published.atypicality}
    for row in again.atypicality:
        if row.method == MODEL:
            before = old[row.kind, MODEL]
            # the variance of an area is at most that of a share over the smaller of its two samples
            n = N_OF_EACH_KIND
            assert row.auc >= before.auc - most_by_chance(before.auc, n, before.n), row.kind


def test_the_last_look_tells_them_better_than_rules_of_thumb(again, published):
    for table in (again, published):
        areas = {row.method: row.auc for row in table.atypicality if row.kind == EVERY_CLASS}
        assert areas[MODEL] > areas[THUMB]


def test_chance_is_not_endless():
    assert most_by_chance(0.05, N_EXPECTED, 3000) < 0.05
    assert most_by_chance(0.9, N_OF_EACH_KIND, 200) < 0.2
    assert most_by_chance(0.0, N_OF_EACH_KIND, inf) > 0
