"""Nothing hidden can be calculated from what is shown; and an attack would notice if it could.

Three attackers that share no code with what hides: sums and differences (elimination), programmes in whole numbers
(both in `tracker.analysis.disclosure.attack`), and here one that writes down every table there can be.
"""

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.analysis.disclosure.attack import attack
from tracker.analysis.disclosure.policy import Policy
from tracker.analysis.disclosure.release import Hidden
from tracker.analysis.disclosure.suppression import protect
from tracker.analysis.disclosure.tables import CountTable, Variable

# small thresholds, so that every table there can be is written down in no time
FEW = Policy(smallest_shown=3, least_cohort=2, least_for_quantiles=6)
SIZES = (2, 3, 2)

people = st.lists(st.tuples(*(st.integers(0, size - 1) for size in SIZES)), min_size=12, max_size=60)
counts = st.integers(2, 3).flatmap(
    lambda n_columns: st.lists(
        st.lists(st.integers(0, 7), min_size=n_columns, max_size=n_columns), min_size=2, max_size=3
    )
)


def two_way(counts, **options):
    rows = Variable("row", tuple(f"r{number}" for number in range(len(counts))))
    columns = Variable("column", tuple(f"c{number}" for number in range(len(counts[0]))))
    return CountTable("table", "patients", rows, counts, columns, **options)


def without_complementary(release):
    """The release as it would be if only the small cells were hidden."""
    small = {cell for cell, count in release.counts.items() if cell in release.shown and release.policy.is_small(count)}
    return replace(release, hidden=frozenset(small))


def every_table(shown, most):
    """Write down every table of whole numbers up to `most` that agrees with all that is shown, row by row."""

    def rows(number):
        ranges = [range(most + 1) if isinstance(cell, Hidden) else (cell,) for cell in shown.cells[number]]
        total = shown.row_totals[number]
        return [row for row in itertools.product(*ranges) if isinstance(total, Hidden) or sum(row) == total]

    def agrees(total, found, is_whole):
        return isinstance(total, Hidden) or (found == total if is_whole else found <= total)

    def after(table, sums):
        is_whole = len(table) == len(shown.cells)
        totals = zip((*shown.column_totals, shown.total), (*sums, sum(sums)), strict=True)
        if not all(agrees(total, found, is_whole) for total, found in totals):
            return
        if is_whole:
            yield table
            return
        for row in rows(len(table)):
            yield from after((*table, row), [a + b for a, b in zip(sums, row, strict=True)])

    return after((), [0] * len(shown.column_levels))


def found_by_writing_down(shown, most):
    """Give the places of hidden inner cells that are the same in every table there can be."""
    places = {(r, c) for r, row in enumerate(shown.cells) for c, cell in enumerate(row) if isinstance(cell, Hidden)}
    first, same = None, places
    for table in every_table(shown, most):
        first = first or table
        same = {(r, c) for r, c in same if table[r][c] == first[r][c]}
        if not same:
            return same
    return same


@settings(max_examples=40, deadline=None)
@given(counts)
def test_nobody_who_writes_down_every_possible_table_knows_a_hidden_cell(counts):
    if sum(map(sum, counts)) < FEW.least_cohort:
        return
    shown = protect([two_way(counts)], FEW).table("table")
    # a cell can move by as much as the policy wants, from at most 7
    assert found_by_writing_down(shown, 7 + FEW.smallest_shown) == set()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people)
def test_no_sum_or_difference_over_linked_tables_gives_a_hidden_cell_back(tables_of, people):
    report = attack(protect(tables_of(people, SIZES), replace(FEW, smallest_shown=6)))
    assert report.found == ()
    # every hidden cell may be anything from 0 to what may be shown, or has a range as wide
    assert report.narrowest >= 6


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people)
def test_a_hidden_small_count_may_be_anything_from_none_to_one_that_may_be_shown(tables_of, people):
    release = protect(tables_of(people, SIZES), FEW)
    small = {cell for cell in release.hidden if FEW.is_small(release.counts[cell])}
    for reach in attack(release).reaches:
        assert reach.low <= release.counts[reach.cell] <= reach.high
        if reach.cell in small:
            assert reach.low == 0
            assert reach.high >= FEW.smallest_shown


def test_with_the_small_cells_alone_hidden_every_attacker_finds_them(policy):
    """The attacks can fail: this is what they are for."""
    release = without_complementary(protect([two_way([[3, 20, 80], [17, 90, 70]])], policy))
    report = attack(release)
    assert [(str(reach.cell), reach.low, reach.found_by_sums) for reach in report.found] == [
        ("patients: column=c0, row=r0", 3, True)
    ]
    assert report.words() == (
        "12 cells, 1 hidden; attacker finds 1; the least uncertain hidden cell has a range of 0\n"
        "  found: patients: column=c0, row=r0 = 3"
    )
    assert found_by_writing_down(release.table("table"), 100) == {(0, 0)}


def test_cells_that_only_whole_numbers_of_0_or_more_give_away_are_found(policy):
    """0 and 0 is the only way to make 0 of two counts; no sum or difference says so."""
    release = protect([two_way([[0, 0, 20], [17, 90, 70]])], policy)
    cells = release.tables["table"]
    release = replace(
        release,
        hidden=frozenset(cells.cell(row, column) for row in ("r0", "r1") for column in ("c0", "c1")),
    )
    report = attack(release)
    assert [reach.found_by_sums for reach in report.found] == [False] * 4
    assert [reach.low for reach in report.found] == [0, 0, 17, 90]


def test_linked_tables_hidden_one_by_one_are_found_out(policy):
    """Each table alone holds; together the shown cell of one is the hidden cell of the other."""
    side = Variable("side", ("left", "right"))
    sex = CountTable("sex", "patients", Variable("sex", ("F", "M")), [[4], [40]])
    crossed = CountTable("crossed", "patients", sex.rows, [[2, 2], [20, 20]], side)
    apart = protect([crossed], policy).hidden
    assert sex.row("F") in protect([sex], policy).hidden
    together = protect([sex, crossed], policy)
    assert attack(together).found == ()
    assert attack(replace(together, hidden=apart - {sex.row("F"), sex.row("M")})).narrowest < policy.smallest_shown


def test_rounding_is_a_blur_to_the_attacker_too(policy):
    release = without_complementary(protect([two_way([[3, 20, 80], [17, 90, 70]])], replace(policy, rounds_to=5)))
    (reach,) = attack(release).reaches
    assert (reach.low, reach.high) != (3, 3)
    assert reach.low <= 3 <= reach.high


def test_a_refused_population_gives_nothing_to_attack(policy):
    report = attack(protect([two_way([[1, 2], [0, 3]])], policy))
    assert (report.n_cells, report.reaches, report.narrowest) == (0, (), float("inf"))


@pytest.mark.parametrize("counts", [[[0, 0], [0, 0]], [[40, 30], [20, 10]]], ids=["nobody", "no small count"])
def test_where_nothing_is_hidden_nothing_is_found(policy, counts):
    assert attack(protect([two_way(counts)], replace(policy, least_cohort=0))).reaches == ()
