"""What a cohort's page and files say, and that nothing hidden can be found in them."""

import csv
import json
import math
import re
from dataclasses import replace
from datetime import date

import pytest

from reports.cohort.page import CohortView, cohort_page, write_cohort_page
from reports.cohort.report import CSV_COLUMNS, CohortFacts, as_csv, as_html, as_markdown, as_plain, as_word_tables
from reports.cohort.report import cohort_report as report_of
from reports.shared_file import script_name
from tracker.analysis.cohort.choice import CohortChoice, choose_patients
from tracker.analysis.cohort.fits import fit_members, parameter_summaries
from tracker.analysis.cohort.members import Grouping, describe_patient
from tracker.analysis.cohort.proportions import proportion
from tracker.analysis.cohort.raised import raised_tables
from tracker.analysis.cohort.summary import sum_up
from tracker.analysis.cohort.windows import over_months
from tracker.analysis.disclosure.attack import attack
from tracker.analysis.disclosure.policy import default_policy
from tracker.analysis.disclosure.release import HIDDEN
from tracker.analysis.flags.quick_flags import QuickFlags
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.posterior import expected_band
from tracker.analysis.views import Provenance
from tracker.cli.render import as_json
from tracker.service.level_cache import library_of

AS_OF = date(2026, 11, 27)
NUMBER = re.compile(r"\d+")


@pytest.fixture(scope="module")
def library(edition, tmp_path_factory):
    return library_of(edition, folder=tmp_path_factory.mktemp("levels"))


@pytest.fixture(scope="module")
def view_of(simulated_records, edition, library):
    """Give a function that makes the view of a simulated cohort: released, or with `policy=None` internal."""
    quick = QuickFlags(library)

    def view(n_patients, *, policy, grouping=Grouping.SEX):
        _, records = simulated_records(n_patients, seed=4, as_of=AS_OF)
        choice = CohortChoice(AS_OF)
        choosing = choose_patients(records, choice)
        members = tuple(describe_patient(one, edition, as_of=AS_OF) for one in choosing.chosen)
        fits = fit_members([member for member in members if member.is_read], library)
        summary = sum_up(choosing, members, parameter_summaries(fits, library), choice=choice, grouping=grouping)
        months = over_months(members, library)
        tables = (*months.tables, *raised_tables(members, quick=quick, edition=edition, as_of=AS_OF))
        return CohortView(
            summary=summary,
            months=months,
            learned=(),
            learned_band=expected_band(library.library, OnsetStatement(30)),
            expected=expected_band(library.library, OnsetStatement(0)),
            release=summary.inner(tables, months.ties)
            if policy is None
            else summary.released(policy, tables, months.ties),
            facts=CohortFacts(
                "default",
                Provenance("9.8.7", "0003", edition.name, edition.sha256, AS_OF, 17),
                choice,
                None,
                True,
                policy,
            ),
            edition=edition,
        )

    return view


@pytest.fixture(scope="module")
def released(view_of):
    return view_of(45, policy=default_policy())


@pytest.fixture(scope="module")
def internal(view_of):
    return view_of(45, policy=None)


def _report(view):
    return report_of(view.summary, view.release, view.facts, view.edition)


def _tables(view):
    """Give every table of the page by key, as its csv file holds them."""
    from reports.cohort.page import _parts

    return {section.table.key: section.table for section in _parts(view)[1]}


def test_some_counts_are_hidden_and_some_are_shown(released):
    counts = [released.release.count(cell) for cell in released.release.shown]
    assert HIDDEN in counts
    assert any(isinstance(count, int) and count > 0 for count in counts)


def test_every_cell_of_every_table_says_what_the_release_allows_and_no_more(released, internal):
    """Table by table beside the internal page: a hidden cell holds the mark alone, any other the same text."""
    shown, inner = _tables(released), _tables(internal)
    assert shown.keys() == inner.keys()
    n_hidden = 0
    for key, table in shown.items():
        inner_rows = {row.label: row for row in inner[key].rows} if key == "bones" else None
        for number, row in enumerate(table.rows):
            twin = inner_rows[row.label] if inner_rows else inner[key].rows[number]
            for cell, open_cell in zip(row.cells, twin.cells, strict=True):
                if cell.is_hidden:
                    n_hidden += 1
                    assert (cell.text, dict(cell.values)) == ("hidden", {})
                else:
                    assert cell == open_cell
    assert n_hidden > 20


def test_no_number_of_a_hidden_row_is_anywhere_in_the_page(released, internal):
    """The texts of all cells that are hidden, as the internal page has them, with their labels: none is in the page."""
    page = cohort_page(released)
    shown, inner = _tables(released), _tables(internal)
    tried = 0
    for key in ("table1", "bones", "flags", "published", "phases", "forecasts"):
        own = {row.label: row for row in inner[key].rows}
        for row in shown[key].rows:
            for place, cell in enumerate(row.cells):
                if cell.is_hidden and row.label in own:
                    text = own[row.label].cells[place].text
                    tried += "/" in text
                    if "/" in text:  # "3/45 (7 %)": long enough to be found by chance nowhere else in this table
                        assert not re.search(rf"{re.escape(row.label)}[^\n]{{0,80}}{re.escape(text)}", page)
    assert tried > 5


@pytest.mark.slow
def test_an_attacker_finds_nothing_hidden_in_the_whole_page(released):
    """Every table of the summary and of the page at once, with all sums that tie them."""
    found = attack(released.release)
    assert found.found == ()
    assert found.narrowest >= released.release.policy.smallest_shown


def test_figures_hold_a_point_only_where_the_table_shows_a_number(released):
    page = cohort_page(released)
    calls = dict(re.findall(r'drawChart\("chart-(\w+)",(.*?)\);</script>', page, flags=re.S))
    charts = {key: json.JSONDecoder().raw_decode(call)[0] for key, call in calls.items()}
    assert {"bones", "pain", "published"} <= charts.keys()
    tables = _tables(released)
    for key, column in (("bones", 0), ("resolution", -1)):
        data = charts.get(key, [])  # a figure of nothing is not drawn
        n_points = sum(len(trace["x"]) for trace in data if trace.get("mode") == "markers")
        wanted = ("percent", "least_percent")
        assert n_points == sum(any(w in row.cells[column].values for w in wanted) for row in tables[key].rows)


def _bones_drawn(page):
    """Give every bone of the map that is drawn: its class and its words."""
    return re.findall(r'<use href="#fm\d+" class="(\w+)"><title>([^<]*)</title>', page)


def test_a_hidden_count_has_one_look_on_the_map_of_bones_and_no_number(released, internal):
    """The words of every bone are those of the table; a hidden one looks the same whatever its count is."""
    columns = {"Left": 1, "Right": 2}
    for view in (released, internal):
        rows = {row.label: row.cells for row in _tables(view)["bones"].rows}
        drawn = _bones_drawn(cohort_page(view))
        assert len(drawn) > 100
        for look, words in drawn:
            side, bone = words.split(":")[0].split(" ", 1)
            cell = rows[bone][columns[side]]
            said = words.split(": ")[1]
            if said == "nobody examined":  # of a bone that nobody's images spoke of the table has one cell
                assert look == "gn"
                assert "nobody examined" in (cell.text, rows[bone][0].text)
            else:
                assert said == cell.text
                assert (look == "gh") == cell.is_hidden
    assert {look for look, _ in _bones_drawn(cohort_page(released))} >= {"gh", "gn"}
    assert "gh" not in {look for look, _ in _bones_drawn(cohort_page(internal))}


def test_the_shade_of_a_bone_follows_its_share(internal):
    classes = {"g0": (0, 0), "g1": (0.1, 9.99), "g2": (10, 24.99), "g3": (25, 100)}
    shown = [(look, float(re.search(r"\((\d+) %\)", words)[1])) for look, words in _bones_drawn(cohort_page(internal))
             if "/" in words]  # fmt: skip
    assert len({look for look, _ in shown}) >= 3
    for look, percent in shown:
        low, high = classes[look]
        assert low - 0.5 <= percent <= high + 0.5  # printed to the nearest percent


def test_what_was_said_at_month_3_is_counted_as_a_reader_of_the_fits_would(internal, library):
    """Patient by patient from the table of fits, without the tables: the box a probability falls into, and the end."""
    members = [one for one in internal.summary.members if one.resolution is not None]
    fits = fit_members(members, library, as_of_day=91)
    for month, rows in zip((6, 9), (slice(1, 5), slice(6, 10)), strict=True):
        day, wanted = month * 365.25 / 12, [[0, 0, 0] for _ in range(4)]
        for place, member in enumerate(members):
            ends = [fits[f"resolution_q{q:02}"][place] for q in (25, 50, 75, 10, 90)]
            if member.resolution.upper <= 91 or not all(map(math.isfinite, ends)):
                continue
            box = sum(end <= day for end in ends[:3])
            time = member.resolution
            wanted[box][0 if time.upper <= day else 1 if time.lower >= day else 2] += 1
        shown = _tables(internal)["said"].rows[rows]
        assert [[cell.values["n"] for cell in row.cells[1:]] for row in shown] == wanted
        assert sum(map(sum, wanted)) > 5


def test_without_a_learned_course_a_sentence_says_so_and_with_one_both_bands_are_drawn(internal):
    page = cohort_page(internal)
    chart = re.search(r'drawChart\("chart-bands",(.*?)\);</script>', page, flags=re.S)[1]
    names = [trace["name"] for trace in json.JSONDecoder().raw_decode(chart)[0] if "name" in trace]
    assert names == [
        *(f"{whose} course, {width} % of courses" for whose in ("cited", "learned") for width in (95, 80)),
        "cited course, median",
        "learned course, median",
    ]
    assert len(_tables(internal)["bands"].rows) == 11
    without = cohort_page(replace(internal, learned_band=None))
    assert "chart-bands" not in without
    assert "No learned course: nothing was learned on this page" in without


def test_vitamin_d_stands_beside_each_published_share_with_its_interval(internal):
    here, horas, review = _tables(internal)["vitamin_d"].rows
    n, of = here.cells[0].values["n"], here.cells[0].values["of"]
    by_hand = proportion(n, of)
    assert here.cells[0].values["low95_percent"] == pytest.approx(100 * by_hand.low95, abs=0.05)
    # Horas: 19 of 31; the interval of Wilson as the docstring of `proportion` works it out
    assert dict(horas.cells[0].values) == {"percent": 61.0, "low95_percent": 43.8, "high95_percent": 76.3}
    assert dict(review.cells[0].values) == {"percent": 47.0, "least_percent": 47.0, "highest_percent": 61.0}
    assert (horas.label, review.label) == ("Horas 2017", "Eidmann 2022")


def test_a_page_that_may_leave_names_the_command_that_shows_single_patients(released):
    assert "tracker report cohort --internal" in cohort_page(released)


def test_no_single_patient_is_on_a_page_that_may_leave(released, internal):
    page, own = cohort_page(released), cohort_page(internal)
    assert "SIM-" not in page
    assert "SIM-" not in own
    assert "chart-swimmer" not in page
    assert "chart-swimmer" in own
    assert "one score of one patient" not in page
    assert "one score of one patient" in own
    assert "no swimmer plot" in page


def test_an_internal_report_says_so_in_every_form(internal, tmp_path):
    report = _report(internal)
    for text in (as_markdown(report), as_html(report), as_word_tables(report), cohort_page(internal)):
        assert "INTERNAL: no count is hidden here. This must not leave the clinic." in text
    assert as_plain(report)["internal"] is True
    page = write_cohort_page(internal, tmp_path)
    assert page.name == "internal-cohort.html"
    assert all(path.name.startswith("internal-") for path in tmp_path.iterdir() if path.name != script_name())


def test_the_page_says_what_it_was_made_from_and_by_which_policy(released):
    page = cohort_page(released)
    for words in (
        "tracker 9.8.7, schema revision 0003, expected course course_v1",
        released.edition.sha256,
        "As of Fri 2026-11-27",
        "Decision support for trained staff, not a diagnosis.",
        "DEMONSTRATION DATA",
        "Counts of 1 to 5 are hidden",
        "No test was made and no p-value is given",
    ):
        assert words in page


def test_the_page_asks_the_network_for_nothing_and_the_same_view_gives_the_same_bytes(released, tmp_path):
    page = cohort_page(released)
    assert re.findall(r'(?:src|href)="(?!#|data:)([^"]*)"', page) == [script_name()]
    assert page == cohort_page(released)
    written = write_cohort_page(released, tmp_path)
    assert written.read_text(encoding="utf-8") == page


def test_every_table_has_a_csv_file_with_every_column_and_a_mark_for_what_is_hidden(released, tmp_path):
    write_cohort_page(released, tmp_path)
    for key, table in _tables(released).items():
        lines = (tmp_path / f"cohort-{key}.csv").read_text(encoding="utf-8").splitlines()
        rows = list(csv.DictReader(lines))
        assert tuple(lines[0].split(",")) == CSV_COLUMNS
        cells = [cell for row in table.rows for cell in row.cells if cell.values or cell.is_hidden]
        assert len(rows) == len(cells)
        for row in rows:
            if row["is_hidden"] == "yes":
                assert not any(row[name] for name in CSV_COLUMNS[3:-1])


def test_the_flow_adds_up_on_paper(internal):
    """Read from the table as a reader would: lines that are indented are left out of the line above them."""
    steps, left = [], []
    for row in _tables(internal)["flow"].rows:
        n = int(row.cells[0].text)
        if row.level == 0:
            if steps:
                assert n == steps[-1] - sum(left)
            steps.append(n)
            left = []
        else:
            left.append(n)
    assert len(steps) == 5


def test_csv_words_are_no_formulas():
    from reports.cohort.shown import ShownRow, ShownTable, words

    table = ShownTable("t", "T", ("a", "b"), (ShownRow("=1+1", (words("@x"),)),))
    assert as_csv([table]).splitlines()[1].startswith("t,'=1+1,b,")
    assert "'@x" in as_csv([table])


def test_of_few_patients_there_is_only_a_sentence(view_of, tmp_path):
    view = view_of(5, policy=default_policy(), grouping=None)
    page = cohort_page(view)
    assert "Fewer than 10 patients: no numbers are shown." in page
    assert "<table" not in page
    assert "<table" not in as_html(_report(view))
    assert as_plain(_report(view))["tables"] == []
    (tmp_path / "cohort-table1.csv").write_text("of an earlier page")
    (tmp_path / "cohort-summary.csv").write_text("of another command")
    write_cohort_page(view, tmp_path)
    assert [path.name for path in tmp_path.glob("*.csv")] == ["cohort-summary.csv"]


@pytest.mark.parametrize("n_patients", [0, 1])
def test_an_internal_page_of_nobody_and_of_one(view_of, n_patients):
    page = cohort_page(view_of(n_patients, policy=None))
    assert "Who is in it, and who is not" in page


def test_json_marks_what_is_hidden_and_holds_no_number_there(released):
    plain = json.loads(json.dumps(as_json(as_plain(_report(released)))))
    cells = [cell for table in plain["tables"] for row in table["rows"] for cell in row["cells"]]
    hidden = [cell for cell in cells if cell.get("hidden")]
    assert hidden
    assert all(cell == {"hidden": True} for cell in hidden)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_its_width_and_complains_of_nothing(internal, tmp_path, open_page, width):
    opened = open_page(write_cohort_page(internal, tmp_path), width=width)
    assert opened.complaints == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert all(url.startswith("file:") for url in opened.requests)
