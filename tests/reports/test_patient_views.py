"""Everything a patient's page shows, as data, against a stored copy; and the rules its figures keep.

The stored copy is for layout and words: the numbers are checked where they are made. To store it anew after a wanted
change, delete `patient_views.json` and run this test: it writes the file, fails once, and the diff is to be read.
"""

import dataclasses
import json
from datetime import date
from enum import Enum
from pathlib import Path

import plotly.graph_objects as go
import pytest
from markupsafe import Markup

from reports import page_theme
from reports.case_panels import case_panels
from reports.course_chart import course_figure
from reports.course_view import course_views
from reports.event_strip import event_strip
from reports.flag_panel import flag_panel
from reports.header_strip import header_strip
from reports.lab_chart import lab_figure, lab_view
from reports.paper import paper_sheet
from reports.visit_rows import correction_rows, visit_rows
from reports.vitamin_d_chart import vitamin_d_figure, vitamin_d_view
from tests.reports.everything import FUNCTION, TREATMENTS, everything, on

STORED = Path(__file__).with_name("patient_views.json")


@pytest.fixture(scope="module")
def view(full_patient):
    return everything(full_patient)


@pytest.fixture(scope="module")
def shown(view, edition, sentences):
    """Every view of the page by name."""
    courses = course_views(view, edition, sentences)
    panel, case = flag_panel(view, edition, sentences), case_panels(view.record, sentences)
    strip = header_strip(view, edition, panel, case.causes, sentences)
    return {
        "strip": strip,
        "flags": panel,
        "courses": courses,
        "labs": lab_view(view, sentences),
        "vitamin_d": vitamin_d_view(view, edition, sentences),
        "case": case,
        "visits": visit_rows(view, sentences),
        "corrections": correction_rows(view, sentences),
        "paper": paper_sheet(view, edition, strip, courses, sentences),
    }


def plain(value):
    """Turn views into what JSON holds; drawings are left to the tests of their own."""
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Markup):
        return "(drawing)"
    return value.value if isinstance(value, Enum) else value


def test_the_views_are_what_is_stored(shown):
    found = json.dumps(plain(shown), ensure_ascii=False, indent=1) + "\n"
    if not STORED.exists():
        STORED.write_text(found, encoding="utf-8")
        pytest.fail("There was no stored copy; it is written now. Read it before it is kept.")
    assert json.loads(found) == json.loads(STORED.read_text(encoding="utf-8"))


# The head of the page.


def words(shown, key):
    (part,) = (part for part in shown["strip"] if part.key == key)
    return [line.words.replace("\xa0", " ") for line in part.lines]


def test_the_four_questions_stand_in_the_order_of_a_visit(shown):
    assert [part.key for part in shown["strip"]] == ["where", "off", "open", "next"]


def test_where_says_the_phase_with_its_probability_or_that_it_is_not_known(shown):
    # The hand-made fit is of day 326; its last score lies 114 days before the day answered for.
    assert words(shown, "where") == ["Left ankle: not known, no score for 114 days", "Right hip: closed 2026-10"]


def test_where_names_the_phases_while_the_last_score_is_not_old(view, edition, sentences):
    recent = dataclasses.replace(view, provenance=dataclasses.replace(view.provenance, as_of=date(2026, 8, 20)))
    panel = flag_panel(recent, edition, sentences)
    strip = header_strip(recent, edition, panel, (), sentences)
    assert strip[0].lines[0].words.replace("\xa0", " ") == "Left ankle: regression 70 %, plateau 20 %, day 326"
    assert "2026-08-01" in strip[0].lines[0].evidence


def test_what_is_off_names_every_raised_flag_and_counts_what_cannot_be_told(shown):
    off = words(shown, "off")
    assert any(one.startswith("Red flag: fever or wound, open, since 2026-04-10") for one in off)
    assert any("red flags cannot be told" in one for one in off)


def test_what_is_open_counts_causes_that_nobody_excluded(shown):
    assert words(shown, "open") == [
        "Left ankle: 12 of 13 causes not excluded",
        "Right hip: 12 of 13 causes not excluded",
    ]
    assert "pending: stress fracture" in shown["strip"][2].lines[0].evidence


def test_when_next_says_what_is_due_and_why(shown):
    due = words(shown, "next")
    assert due[0].startswith("Visit")
    (part,) = (part for part in shown["strip"] if part.key == "next")
    assert all("would settle" in line.evidence for line in part.lines)


# The figures.


@pytest.fixture(scope="module")
def figure(shown, sentences):
    return go.Figure(course_figure(shown["courses"][0], sentences))


def next_traces(figure):
    return [t for t in figure.data if t.mode == "lines" and t.line.shape == "hv"]


def test_the_band_of_the_next_score_begins_after_the_last_one_and_is_made_of_steps(figure):
    traces = next_traces(figure)
    assert [trace.name for trace in traces] == [None, "Next single score, 95 %", None, "Next single score, 80 %"]
    # day 213 after 2026-01-01
    assert {trace.x0 for trace in traces} == {"2026-08-02"}
    assert [list(trace.y) for trace in traces] == [[0] * 5, [5] * 5, [1, 1, 1, 0, 0], [4, 4, 3, 3, 3]]


def test_the_three_bands_differ_in_pattern_dash_and_shape_and_not_in_color_alone(figure):
    by_name = {trace.name: trace for trace in figure.data if trace.name}
    expected, own, ahead = (
        by_name[name]
        for name in ("Expected course, central 80 %", "This patient's course, 80 %", "Next single score, 80 %")
    )
    looks = [(t.fillpattern.shape, t.line.dash, t.line.shape, t.line.width) for t in (expected, own, ahead)]
    assert looks == [(None, None, None, 0), ("/", "dash", None, 1.8), ("|", "solid", "hv", 1.6)]


def test_phases_are_shaded_on_the_days_on_which_they_are_the_most_probable(figure):
    fills = {page_theme.PHASE_RIBBONS[phase]: phase.value for phase in page_theme.PHASE_RIBBONS}
    ribbons = [(fills[s.fillcolor], s.x0, s.x1) for s in figure.layout.shapes if s.fillcolor in fills]
    # day 8 is 9 January; the last day of a span is counted, so that the next begins where it ends
    assert ribbons[:3] == [
        ("rise", "2026-01-09", "2026-02-19"),
        ("plateau", "2026-02-19", "2026-04-04"),
        ("regression", "2026-04-04", "2026-10-07"),
    ]
    assert ribbons[3][0] == "resolved"


def test_treatments_and_pregnancy_lie_on_an_axis_of_their_own_below_the_pain(figure):
    events = [trace for trace in figure.data if trace.yaxis == "y2"]
    assert {trace.name for trace in events} == {None, "Treatment began", "Treatment ended", "Other dose", "Pregnancy"}
    assert figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0]
    assert list(figure.layout.yaxis.tickvals) == list(range(11))
    bars = [s for s in figure.layout.shapes if s.yref == "y2" and s.type == "line"]
    assert sorted((bar.x0, bar.x1, bar.line.dash) for bar in bars) == [
        ("2026-03-10", "2026-06-10", "solid"),
        ("2026-03-16", "2026-11-23", "dot"),
    ]


def test_a_treatment_of_another_region_is_left_to_the_chart_of_that_region(shown):
    ankle, hip = shown["courses"][:2]
    assert [lane.label for lane in ankle.events.lanes] == ["Pregnancy", "ibandronate", "vitamin D supplementation"]
    assert "walking boot" in [lane.label for lane in hip.events.lanes]


def test_a_treatment_of_unknown_start_is_named_below_the_chart(shown):
    assert shown["courses"][0].events.left_out == ("compression stocking",)


def test_every_event_says_a_sentence_for_staff_and_a_plain_one(figure):
    texts = [text for trace in figure.data if trace.yaxis == "y2" for text in trace.hovertext]
    assert texts
    assert all("<br><i>" in text for text in texts)
    assert any(
        "ibandronate, began (left ankle), 150 mg monthly from 2026-03-10" in t.replace("<br>", " ") for t in texts
    )


def test_supplements_of_vitamin_d_stand_below_its_results(shown, sentences):
    found = go.Figure(vitamin_d_figure(shown["vitamin_d"], sentences))
    bars = [s for s in found.layout.shapes if s.yref == "y2"]
    assert [(bar.x0, bar.line.dash) for bar in bars] == [("2026-03-16", "dot")]
    assert found.layout.yaxis2.domain[1] < found.layout.yaxis.domain[0]
    doses = [trace for trace in found.data if trace.name == "Other dose"]
    assert [list(trace.x) for trace in doses] == [["2026-05-01"]]


def test_a_laboratory_chart_is_one_unit_with_every_number_and_its_limits(shown, sentences):
    labs = shown["labs"]
    assert [(panel.label, panel.unit) for panel in labs.panels] == [
        ("C-reactive protein", "mg/L"),
        ("C-reactive protein", "mg/dL"),
        ("Calcium", "mmol/L"),
    ]
    found = go.Figure(lab_figure(labs, sentences))
    drawn = sorted((int(i), y) for trace in found.data for i, y in zip(trace.ids, trace.y, strict=True))
    assert drawn == [(1, 3.0), (2, 31.0), (3, 0.4), (4, 2.3)]
    assert labs.counts == "5 results recorded, 4 drawn, 0 missing"
    assert [axis.title.text for axis in (found.layout.yaxis, found.layout.yaxis2, found.layout.yaxis3)] == [
        "mg/L",
        "mg/dL",
        "mmol/L",
    ]
    limits = [(s.yref, s.y0, s.y1) for s in found.layout.shapes]
    assert limits == [("y", 0.0, 5.0), ("y", 0.0, 5.0), ("y3", 2.15, 2.55)]


def test_laboratory_axes_hold_every_value_and_limit_and_are_never_negative(shown):
    for place, panel in enumerate(shown["labs"].panels):
        own = [point for point in shown["labs"].drawn_points if point.panel == place]
        numbers = [n for p in own for n in (p.level, p.limit_low, p.limit_high) if n is not None]
        assert 0 <= panel.low <= min(numbers)
        assert panel.high > max(numbers)


def test_a_result_above_its_limit_has_another_symbol_than_one_within(shown, sentences):
    found = lab_figure(shown["labs"], sentences)
    symbols = {i: trace["marker"]["symbol"] for trace in found["data"] for i in trace["ids"]}
    assert symbols == {"1": "circle", "2": "triangle-up", "3": "circle-open", "4": "circle"}


def test_what_nobody_examined_is_shown_as_not_examined(shown):
    crps = shown["case"].checklists[0]
    found = {row[0]: row[2] for row in crps.rows}
    assert len(found) == 14
    assert [item for item, presence in found.items() if presence != "not examined"] == [
        "seen: sensory (hyperalgesia, allodynia)",
        "seen: motor or trophic (movement, hair, nails, skin)",
    ]
    assert crps.sentences[0] == "Budapest criteria cannot be said: too much was not examined."


def test_a_visit_row_holds_everything_recorded_that_day(shown):
    (row,) = (row for row in shown["visits"] if row.on == "2026-04-10")
    kinds = [part.kind for part in row.parts]
    assert kinds == ["pain", "vitamin D", "laboratory", "function", "cause", "checklist"]
    assert row.parts[0].facts == ("left ankle 7 of 10 (NRS, overall)", "left ankle 7 of 10 (NRS, on load)")


def test_a_correction_says_what_was_what_is_who_when_and_why(shown):
    first, second = shown["corrections"]
    assert (first.what, first.kind, first.old, first.new) == (
        "pain, visit 2026-04-10",
        "amended",
        "left ankle 6 of 10 (NRS, overall)",
        "left ankle 7 of 10 (NRS, overall)",
    )
    assert (first.when, first.who, first.why, first.entry) == ("2026-04-11 09:30 UTC", "ana", "wrong line", 14)
    assert (second.old, second.new) == ("of somebody else", "nothing")


def test_a_small_chart_draws_every_score(shown, view):
    drawn = [chart.drawing.count("h0") for chart in shown["paper"].charts]
    levels = [len(course.drawn_points) for course in shown["courses"]]
    assert drawn == levels
    assert sum(drawn) == sum(score.score is not None for score in view.record.pain_scores)


def changed(view, **facts):
    return dataclasses.replace(view, record=dataclasses.replace(view.record, **facts))


def test_a_treatment_over_before_the_first_day_shown_has_no_lane_and_is_named(view, sentences):
    shown = event_strip(view, "ankle-left", first=date(2026, 7, 1), last=date(2026, 12, 1), sentences=sentences)
    assert [lane.label for lane in shown.lanes] == ["vitamin D supplementation"]
    assert shown.left_out == ("ibandronate", "compression stocking")


def test_a_treatment_that_ends_at_a_visit_stands_in_its_row(view, sentences):
    ended = dataclasses.replace(TREATMENTS[0], started=on("2026-02-10"), ended=on("2026-04-10"))
    rows = {row.on: row for row in visit_rows(changed(view, treatments=(ended,)), sentences)}
    said = {day: [p.facts for p in rows[day].parts if p.kind == "treatment"] for day in ("2026-02-10", "2026-04-10")}
    assert said == {"2026-02-10": [("ibandronate began",)], "2026-04-10": [("ibandronate ended",)]}


def test_a_scale_of_a_later_version_is_shown_by_its_code_without_a_range(view, sentences):
    newer = dataclasses.replace(FUNCTION[0], scale="of-tomorrow")
    (row,) = case_panels(changed(view, function_scores=(newer,)).record, sentences).function
    assert row == ("2026-04-10", "of-tomorrow", "left ankle", "62", "")


def test_more_treatments_than_lanes_are_named_below_the_chart(view, sentences):
    salve = dataclasses.replace(TREATMENTS[0], treatment="other", site=None)
    many = tuple(dataclasses.replace(salve, words=f"salve {number}") for number in range(10))
    given = changed(view, treatments=many, pregnancy=())
    shown = event_strip(given, None, first=date(2026, 1, 1), last=date(2026, 12, 1), sentences=sentences)
    assert len(shown.lanes) == 8
    assert shown.left_out == ("salve 8", "salve 9")
