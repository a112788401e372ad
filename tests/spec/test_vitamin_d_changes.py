"""Change between two vitamin D results: called only beyond the noise of two measurements, of assays and of season.

By hand, on the log scale: two measurements of 10 % differ by 1.96 * sqrt(2) * 0.1 = 0.277, so that 1.32 times more or
0.76 times less is noise; where the assays may differ by 10 % too it is 1.96 * sqrt(4) * 0.1 = 0.392, 1.48 and 0.68
times. The season is log((1 + 0.15 cos a) / (1 + 0.15 cos b)): from mid-February to mid-August log(1.15 / 0.85) = 0.302,
which makes it 1.32 * 1.35 = 1.79 times in spring, and 0.76 / 1.35 = 0.56 in autumn.
"""

import pytest

from tracker.analysis.vitamin_d.changes import read_vitamin_d
from tracker.clinical.record import VitaminDResult
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Comparator, MissingReason, VitaminDUnit
from tracker.dates import PartialDate

WORDS = {
    "higher": "higher",
    "lower": "lower",
    "no_change_beyond_noise": "no change",
    "cannot_be_told": "cannot be told",
}


def result(row_id, on, text, assay):
    """Make a result from what the laboratory prints, such as ``<10 ng/mL``."""
    value, unit = text.split()
    comparator = Comparator(value[0]) if value[0] in "<>" else None
    return VitaminDResult(
        row_id=row_id,
        entry_id=1,
        visit_id=row_id,
        visit_date=PartialDate.parse(on),
        value=float(value.lstrip("<>")),
        unit=VitaminDUnit(unit),
        comparator=comparator,
        assay=assay,
        missing_reason=None,
    )


@pytest.fixture
def change():
    """The change of a second result against a first."""

    def make(first, second, *, on=("2026-02-15", "2027-02-15"), assays=("LC-MS/MS", "LC-MS/MS")):
        rows = zip((1, 2), on, (first, second), assays, strict=True)
        return read_vitamin_d([result(*row) for row in rows], load_edition())[1].change

    return make


def test_a_year_apart_with_one_assay_only_two_measurements_are_noise(drawn, change):
    """
    first      | second       | said
    20 ng/mL   | 26 ng/mL     | no change
    20 ng/mL   | 27 ng/mL     | higher
    20 ng/mL   | 15.3 ng/mL   | no change
    20 ng/mL   | 15 ng/mL     | lower
    20 ng/mL   | 20 ng/mL     | no change
    60 nmol/L  | 79 nmol/L    | no change
    60 nmol/L  | 80 nmol/L    | higher
    """
    assert [WORDS[change(a, b).change] for a, b, _ in drawn] == [said for _, _, said in drawn]


def test_two_units_are_taken_to_one_for_the_difference_alone(drawn, change):
    """
    first      | second       | said
    20 ng/mL   | 50 nmol/L    | no change
    20 ng/mL   | 65 nmol/L    | no change
    20 ng/mL   | 67 nmol/L    | higher
    50 nmol/L  | 15 ng/mL     | lower
    20 ug/L    | 27 ng/mL     | higher
    """
    assert [WORDS[change(a, b).change] for a, b, _ in drawn] == [said for _, _, said in drawn]


def test_assays_that_may_differ_widen_the_noise(drawn, change):
    """
    first assay | second assay | second     | said
    LC-MS/MS    | lc-ms/ms     | 27 ng/mL   | higher
    LC-MS/MS    | Liaison      | 27 ng/mL   | no change
    LC-MS/MS    | Liaison      | 29.5 ng/mL | no change
    LC-MS/MS    | Liaison      | 29.7 ng/mL | higher
    -           | -            | 29.5 ng/mL | no change
    LC-MS/MS    | -            | 27 ng/mL   | no change
    -           | -            | 13.4 ng/mL | lower
    """
    found = [
        change("20 ng/mL", second, assays=tuple(None if name == "-" else name for name in (first, other)))
        for first, other, second, _ in drawn
    ]
    assert [WORDS[one.change] for one in found] == [said for *_, said in drawn]


def test_the_season_may_explain_a_rise_in_spring_and_a_fall_in_autumn_and_nothing_else(drawn, change):
    """
    first day  | second day | first    | second     | said
    2026-02-15 | 2026-08-15 | 20 ng/mL | 35 ng/mL   | no change
    2026-02-15 | 2026-08-15 | 20 ng/mL | 36 ng/mL   | higher
    2026-02-15 | 2026-08-15 | 20 ng/mL | 15 ng/mL   | lower
    2026-08-15 | 2027-02-15 | 20 ng/mL | 11.3 ng/mL | no change
    2026-08-15 | 2027-02-15 | 20 ng/mL | 11 ng/mL   | lower
    2026-08-15 | 2027-02-15 | 20 ng/mL | 27 ng/mL   | higher
    2026-02-15 | 2026-03-01 | 20 ng/mL | 27 ng/mL   | higher
    """
    found = [change(first, second, on=(day, later)) for day, later, first, second, _ in drawn]
    assert [WORDS[one.change] for one in found] == [said for *_, said in drawn]


def test_a_day_not_known_may_lie_in_any_season(drawn, change):
    """
    first day  | second day | second     | said
    2026       | 2027-08-15 | 35 ng/mL   | no change
    2026       | 2027-08-15 | 36 ng/mL   | higher
    2026-08-15 | 2027       | 11.3 ng/mL | no change
    """
    found = [change("20 ng/mL", second, on=(day, later)) for day, later, second, _ in drawn]
    assert [WORDS[one.change] for one in found] == [said for *_, said in drawn]


def test_a_result_known_to_a_limit_is_compared_only_where_every_value_of_it_says_the_same(drawn, change):
    """
    first      | second      | said
    <10 ng/mL  | 30 ng/mL    | higher
    <10 ng/mL  | 12 ng/mL    | cannot be told
    30 ng/mL   | <10 ng/mL   | lower
    12 ng/mL   | <10 ng/mL   | cannot be told
    <10 ng/mL  | <10 ng/mL   | cannot be told
    >100 ng/mL | 20 ng/mL    | lower
    20 ng/mL   | >100 ng/mL  | higher
    >30 ng/mL  | >30 ng/mL   | cannot be told
    <10 ng/mL  | >30 ng/mL   | higher
    """
    assert [WORDS[change(a, b).change] for a, b, _ in drawn] == [said for _, _, said in drawn]


def test_the_noise_is_that_worked_out_by_hand(change):
    same = change("20 ng/mL", "20 ng/mL")
    assert (same.low_ratio, same.high_ratio) == (pytest.approx(0.758, abs=5e-4), pytest.approx(1.319, abs=5e-4))
    spring = change("20 ng/mL", "20 ng/mL", on=("2026-02-15", "2026-08-15"))
    assert spring.season_ratio == pytest.approx(1.15 / 0.85, abs=2e-3)  # the days are not quite the peak and the trough
    assert spring.high_ratio == pytest.approx(1.319 * 1.15 / 0.85, abs=3e-3)
    assert spring.low_ratio == same.low_ratio


def test_each_result_is_compared_with_the_one_with_a_value_before_it_whatever_the_order_of_entry():
    missing = VitaminDResult(
        row_id=9,
        entry_id=1,
        visit_id=9,
        visit_date=PartialDate.parse("2026-04-01"),
        value=None,
        unit=None,
        comparator=None,
        assay=None,
        missing_reason=MissingReason.NOT_DONE,
    )
    rows = [(2, "2026-06-01", "30 ng/mL", None), (1, "2026-02-01", "20 ng/mL", None)]
    read = read_vitamin_d([*(result(*row) for row in rows), missing], load_edition())
    assert [one.result.row_id for one in read] == [1, 9, 2]
    assert [None if one.change is None else one.change.earlier_row_id for one in read] == [None, None, 1]
    assert read[1].classified is None


def test_the_season_of_each_result_is_named(drawn):
    """
    day        | season
    2026-03-31 | winter
    2026-04-01 | summer
    2026-09-30 | summer
    2026-10-01 | winter
    2026-07    | summer
    """
    read = read_vitamin_d([result(1, day, "20 ng/mL", None) for day, _ in drawn[:1]], load_edition())
    found = [read_vitamin_d([result(1, day, "20 ng/mL", None)], load_edition())[0].season for day, _ in drawn]
    assert found == [season for _, season in drawn]
    assert read[0].classified.in_words() == "insufficient (Endocrine Society 2011)"
