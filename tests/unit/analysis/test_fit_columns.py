"""The columns of a table of fits are those of the course model's page, typed here a second time."""

import re

from tracker.analysis.batch.fit_columns import FIT_COLUMNS

CLASSES = (
    *("expected", "early_resolution", "late_peak", "prolonged_plateau"),
    *("slow_regression", "persistent_pain", "relapse", "fluctuating"),
)
ESTIMATES = ["onset_day", "rise_days", "plateau_days", "regression_days", "peak_nrs", "resolution_day"]
NAMES = [
    *("episode_id", "n_visits", "status", "status_reason"),
    *(f"p_{name}" for name in CLASSES),
    *("p_atypical", "most_likely_class"),
    *(f"{name}{ending}" for name in ESTIMATES for ending in ("", "_lo95", "_hi95")),
    "resolution_status",
    *(f"resolution_q{percent:02}" for percent in range(5, 96, 5)),
    *("phase", "p_resolved", "p_no_resolution", "effective_sample_size", "refined", "resembles_known"),
]


def test_the_columns_are_those_of_the_course_model_in_its_order():
    assert [column.name for column in FIT_COLUMNS] == NAMES


def test_no_name_stands_twice():
    # the course model's page lists `p_relapse` both as a class and on its own: it is one number
    assert len({column.name for column in FIT_COLUMNS}) == len(FIT_COLUMNS)


def test_every_number_has_a_unit_and_every_column_says_what_it_is():
    assert all(bool(column.unit) == (column.kind in ("integer", "number")) for column in FIT_COLUMNS)
    assert all(column.description for column in FIT_COLUMNS)
    for ending, unit in (("_days", "days"), ("_nrs", "NRS points")):
        assert {column.unit for column in FIT_COLUMNS if re.fullmatch(rf"\w+{ending}(_[lh][oi]95)?", column.name)} == {
            unit
        }
    assert {column.unit for column in FIT_COLUMNS if column.name.startswith("p_")} == {"probability"}
