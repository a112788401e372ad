"""Charts that stand alone: nothing of the page's chart is lost, and title, legend and footer come with it."""

import plotly.graph_objects as go
import pytest

from reports.page import patient_page
from reports.patient_figures import patient_figures


@pytest.fixture(scope="module")
def figures(full_patient, edition):
    return patient_figures(full_patient.view(), edition)


def test_every_chart_of_the_page_is_there_under_the_same_name(figures, full_patient, edition):
    page = patient_page(full_patient.view(), edition)
    for figure in figures:
        assert f'id="chart-{figure.key}"' in page or figure.key == "foot-map"
    assert page.count(">drawChart(") == len(figures) - 1
    assert [figure.key for figure in figures][-3:] == ["vitamin-d", "imaging", "foot-map"]


def test_a_figure_is_one_that_plotly_knows_and_says_whose_it_is_what_made_it_and_what_it_is_not(figures, edition):
    for figure in figures[:-1]:
        drawn = go.Figure(figure.figure)  # checks every attribute against Plotly's schema
        assert drawn.layout.title.text.startswith("Patient TEST-FULL. ")
        assert drawn.layout.annotations[-1].text == (
            "Decision support for trained staff, not a diagnosis. tracker 9.8.7, schema 0001, course_v1 "
            f"({edition.sha256[:12]}), as of 2026-11-23"
        )
        assert (drawn.layout.width, drawn.layout.height) == (figure.width, figure.height)


def test_every_recorded_value_is_in_one_of_the_figures(figures, full_patient):
    record = full_patient.view().record
    drawn = sorted(row for figure in figures for trace in figure.figure["data"] for row in trace.get("ids", ()))
    recorded = [score.row_id for score in record.pain_scores if score.score is not None]
    recorded += [result.row_id for result in record.vitamin_d if result.value is not None]
    recorded += [finding.row_id for finding in record.imaging]
    recorded += [result.row_id for result in record.labs if result.value is not None]
    assert drawn == sorted(str(row) for row in recorded)


def test_the_legend_names_what_the_page_names(figures):
    [course] = [figure for figure in figures if figure.key == "course-1"]
    shown = [trace["name"] for trace in course.figure["data"] if trace["showlegend"]]
    assert shown == [
        "Expected course, central 95 %",
        "Expected course, central 80 %",
        "This patient's course, 95 %",
        "This patient's course, 80 %",
        "NRS overall",
        "NRS on load",
        "VAS overall, mm / 10",
    ]
    assert course.figure["layout"]["showlegend"]


def test_there_is_room_for_title_legend_and_footer(figures, full_patient, edition, sentences):
    from reports.vitamin_d_chart import vitamin_d_figure, vitamin_d_view

    [alone] = [figure for figure in figures if figure.key == "vitamin-d"]
    on_page = vitamin_d_figure(vitamin_d_view(full_patient.view(), edition, sentences), sentences)["layout"]
    room = (
        alone.figure["layout"]["height"] - alone.figure["layout"]["margin"]["t"] - alone.figure["layout"]["margin"]["b"]
    )
    assert room >= on_page["height"] - on_page["margin"]["t"] - on_page["margin"]["b"] - 2


def test_a_patient_without_anything_has_no_figure(patient, edition):
    assert patient_figures(patient().view(), edition) == ()
