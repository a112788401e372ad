"""Small counts are hidden, and what would give them back."""

from dataclasses import replace

import pytest

from tracker.analysis.disclosure import suppression
from tracker.analysis.disclosure.policy import Policy, default_policy
from tracker.analysis.disclosure.release import HIDDEN
from tracker.analysis.disclosure.suppression import protect
from tracker.analysis.disclosure.tables import CountTable, Relation, Variable, adding_up

SEX, SIDE = Variable("sex", ("F", "M")), Variable("side", ("left", "right", "both"))


def by_sex_and_side(counts, **options):
    return CountTable("sex by side", "patients", SEX, counts, SIDE, **options)


def test_without_a_small_count_everything_is_shown(policy):
    shown = protect([by_sex_and_side([[12, 20, 7], [17, 9, 0]])], policy).table("sex by side")
    assert shown.cells == ((12, 20, 7), (17, 9, 0))
    assert (shown.row_totals, shown.column_totals, shown.total) == ((39, 26), (29, 29, 7), 65)


def test_a_small_count_is_hidden_with_what_gives_it_back(policy):
    """The 3 stands in a row and a column, so a rectangle of four is hidden; the cheapest is that of small numbers."""
    shown = protect([by_sex_and_side([[3, 20, 80], [17, 90, 70]])], policy).table("sex by side")
    assert shown.cells == ((HIDDEN, HIDDEN, 80), (HIDDEN, HIDDEN, 70))
    assert (shown.row_totals, shown.column_totals, shown.total) == ((103, 177), (20, 110, 150), 280)


def test_of_two_levels_both_are_hidden_or_the_total_is(policy):
    shown = protect([CountTable("recurred", "patients", Variable("recurred", ("yes", "no")), [[2], [38]])], policy)
    assert (shown.table("recurred").cells, shown.table("recurred").total) == (((HIDDEN,), (HIDDEN,)), 40)


def test_two_small_counts_that_show_their_small_sum_are_not_enough(policy):
    """1 and 2 hidden beside a shown total would say that both are small, so a large one is hidden as well."""
    table = CountTable("side", "patients", SIDE, [[1], [2], [50]])
    assert protect([table], policy).table("side").cells == ((HIDDEN,), (HIDDEN,), (HIDDEN,))


def test_a_total_is_hidden_where_nothing_else_helps(policy):
    table = CountTable("site", "patients", Variable("site", ("hip", "ankle", "knee")), [[4], [0], [0]])
    others = CountTable("sex", "patients", SEX, [[4], [0]])
    release = protect([table, others], replace(policy, least_cohort=2))
    assert release.table("site").cells == ((HIDDEN,), (HIDDEN,), (HIDDEN,))
    assert release.table("site").total is HIDDEN
    assert release.table("sex").total is HIDDEN


def test_a_cell_of_two_tables_is_hidden_in_both(policy):
    sex = CountTable("sex", "patients", SEX, [[4], [40]])
    crossed = by_sex_and_side([[2, 1, 1], [10, 20, 10]])
    release = protect([sex, crossed], policy)
    assert release.table("sex").cells[0] == (HIDDEN,)
    assert release.table("sex by side").row_totals[0] is HIDDEN
    assert release.table("sex").total == release.table("sex by side").total == 44


def test_a_margin_that_no_table_shows_needs_no_protection(policy):
    counts = [[3, 20, 80], [17, 90, 70]]
    release = protect([by_sex_and_side(counts, shows_margins=False)], policy)
    shown = release.table("sex by side")
    assert shown.cells == ((HIDDEN, 20, 80), (17, 90, 70))
    assert (shown.row_totals, shown.column_totals, shown.total) == (None, None, None)
    # and whoever asks for it gets nothing, since nothing protects it
    assert release.count(release.tables["sex by side"].row("F")) is HIDDEN


def test_a_zero_is_shown_or_hidden_as_the_policy_says(policy):
    table = CountTable("side", "patients", SIDE, [[0], [30], [50]])
    assert protect([table], policy).table("side").cells == ((0,), (30,), (50,))
    assert protect([table], replace(policy, shows_zero=False)).table("side").cells == ((HIDDEN,), (HIDDEN,), (50,))


MOVED = Variable("moved to", ("same side", "other side", "another region"))
CLOSED = Variable("closed", ("yes", "no"))


def test_where_a_small_group_is_not_is_hidden_with_where_it_is(policy):
    table = CountTable("moves", "patients", CLOSED, [[0, 3, 0], [20, 14, 0]], columns=MOVED)
    found = protect([table], policy).table("moves")
    # that nobody at all moved to another region says nothing of the three
    assert found.cells[0] == (HIDDEN, HIDDEN, 0)
    assert (found.cells[1][2], found.column_totals[2], found.total) == (0, 0, 37)


def test_what_large_groups_have_nothing_of_is_shown(policy):
    table = CountTable("moves", "patients", CLOSED, [[0, 30, 0], [20, 14, 0]], columns=MOVED)
    assert protect([table], policy).table("moves").cells == ((0, 30, 0), (20, 14, 0))


def test_a_hidden_zero_is_not_added_up_from_zeros_within_it(policy):
    rows = Variable("later start", ("within 3 months", "later"))
    moves = CountTable("moves", "patients", MOVED, [[4], [0], [0]], within=(("moved", "yes"),))
    all_of_them = CountTable("all", "patients", Variable("moved", ("yes", "no")), [[4], [30]])
    when = CountTable("when", "patients", rows, [[0], [0]], within=(("moved", "yes"), ("moved to", "other side")))
    release = protect([all_of_them, moves, when], policy)
    assert release.table("moves").cells == ((HIDDEN,), (HIDDEN,), (HIDDEN,))
    assert release.table("when").cells == ((HIDDEN,), (HIDDEN,))


def test_of_too_few_people_there_is_only_a_sentence(policy):
    table = CountTable("sex", "patients", SEX, [[9], [0]])
    many = CountTable("episodes by sex", "episodes", SEX, [[10], [7]])
    release = protect([table, many], policy)
    assert release.table("sex").cells == ((HIDDEN,), (HIDDEN,))
    assert release.table("sex").total is HIDDEN
    assert release.statements == {"patients": "Fewer than 10 patients: no numbers are shown."}
    assert release.table("episodes by sex").cells == ((10,), (7,))


def test_nobody_at_all_is_too_few(policy):
    release = protect([CountTable("sex", "patients", SEX, [[0], [0]])], policy)
    assert release.table("sex").cells == ((HIDDEN,), (HIDDEN,))


def test_no_table_is_an_empty_release(policy):
    assert dict(protect([], policy).counts) == {}


def test_shown_counts_are_rounded_where_that_is_asked_for(policy):
    table = CountTable("side", "patients", SIDE, [[13], [2], [50]])
    release = protect([table], replace(policy, rounds_to=5))
    assert release.table("side").cells == ((HIDDEN,), (HIDDEN,), (50,))
    assert release.table("side").total == 65


def test_parts_that_add_up_to_a_table_protect_each_other(policy):
    """Bones of women and of men, and of all: the difference of two curves must not show a small third."""
    bones = Variable("bone", ("talus", "navicular"))
    women, men = (
        CountTable(f"bones of {sex}", "patients", bones, counts, within=(("sex", sex),))
        for sex, counts in (("F", [[20], [14]]), ("M", [[2], [30]]))
    )
    everyone = CountTable("bones", "patients", bones, [[22], [44]])
    linked = protect([women, men, everyone], policy, relations=adding_up(everyone, [women, men]))
    assert linked.table("bones of M").cells == ((HIDDEN,), (HIDDEN,))
    # 22 and 44 of everyone, 34 and 32 of each sex are shown, so the women's have to go too
    assert linked.table("bones of F").cells == ((HIDDEN,), (HIDDEN,))
    assert linked.table("bones").cells == ((22,), (44,))


def test_the_same_release_hides_the_same_cells(policy):
    counts = [[3, 20, 2], [17, 9, 12]]
    assert protect([by_sex_and_side(counts)], policy) == protect([by_sex_and_side(counts)], policy)


def test_where_no_other_record_is_found_nothing_is_shown(policy, monkeypatch):
    monkeypatch.setattr(suppression.Alternatives, "cheapest", lambda *arguments, **options: None)
    shown = protect([by_sex_and_side([[3, 20, 80], [17, 90, 70]])], policy).table("sex by side")
    assert {*shown.cells[0], *shown.cells[1], *shown.row_totals, *shown.column_totals, shown.total} == {HIDDEN}


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (
            [CountTable("a", "patients", SEX, [[4], [40]]), CountTable("b", "patients", SIDE, [[4], [0], [39]])],
            "table 'b' counts 43 for 'patients: all', another one 44: "
            "count who has no value as a level, or name another population",
        ),
        (
            [CountTable("a", "patients", SEX, [[4], [40]]), CountTable("a", "patients", SEX, [[4], [40]])],
            "two tables of a release have the same name: ['a', 'a']",
        ),
        (
            [
                CountTable("a", "patients", SEX, [[4], [40]]),
                CountTable("b", "patients", Variable("sex", ("F", "M", "X")), [[4], [40], [0]]),
            ],
            "table 'b' has other levels of 'sex' than a table before it",
        ),
    ],
    ids=["totals", "names", "levels"],
)
def test_tables_that_disagree_are_refused(policy, tables, said):
    with pytest.raises(ValueError, match="^") as caught:
        protect(tables, policy)
    assert str(caught.value) == said


def test_a_sum_that_does_not_hold_is_refused(policy):
    table = CountTable("sex", "patients", SEX, [[14], [40]])
    relation = Relation(table.row("F"), (table.row("M"),))
    with pytest.raises(ValueError, match="'patients: sex=F' is 14, but its parts add up to 40"):
        protect([table], policy, relations=[relation])
    unknown = Relation(table.row("F"), (table.row("X"),))
    with pytest.raises(ValueError, match="no table counts 'patients: sex=X', which a sum is about"):
        protect([table], policy, relations=[unknown])


@pytest.mark.parametrize("counts", [[[1, 2]], [[1], [2], [3]], [[1], [-2]], [[1], [2.5]]])
def test_counts_that_do_not_fit_a_table_are_refused(counts):
    with pytest.raises(ValueError, match="the counts of 'sex' must be"):
        CountTable("sex", "patients", SEX, counts)


def test_levels_must_differ():
    with pytest.raises(ValueError, match="the levels of 'sex' must be there and differ"):
        Variable("sex", ("F", "F"))


def test_a_table_by_one_variable_has_no_columns():
    with pytest.raises(ValueError, match="'sex' has no columns"):
        CountTable("sex", "patients", SEX, [[1], [2]]).column("left")


@pytest.mark.parametrize("options", [{"smallest_shown": 1}, {"rounds_to": 1}])
def test_a_policy_that_hides_nothing_is_refused(options):
    with pytest.raises(ValueError, match="must be at least 2, but was 1"):
        Policy(**{"smallest_shown": 6, "least_cohort": 10, "least_for_quantiles": 12} | options)


def test_the_default_policy_is_said_in_words():
    assert default_policy(rounded=True).words() == (
        "Counts of 1 to 5 are hidden, with what so small a group has none of, and further counts where a sum or a "
        "difference would give one of them back; nothing is shown of fewer than 10. Shown counts are rounded to "
        "multiples of 5."
    )
    assert default_policy().rounds_to is None
    assert replace(default_policy(), shows_zero=False).words().startswith("Counts of 0 to 5 are hidden")
