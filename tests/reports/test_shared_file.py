"""What the shared script puts back: a chart in the browser is the figure that was made, attribute by attribute."""

import json
from html import unescape

import pytest
from plotly.offline import get_plotlyjs_version

from reports.chart_script import as_script
from reports.course_chart import course_figure
from reports.course_view import course_views
from reports.imaging_lane import imaging_figure, imaging_view
from reports.lab_chart import lab_figure, lab_view
from reports.page import write_patient_page
from reports.shared_file import plotly_script, plotly_version
from reports.vitamin_d_chart import vitamin_d_figure, vitamin_d_view
from tests.reports.everything import everything

CHARTS = """
() => Object.fromEntries([...document.querySelectorAll('.js-plotly-plot')].map(
    chart => [chart.id.slice(6), JSON.stringify({ data: chart.data, layout: chart.layout })]))
"""


def assert_within(made, drawn, where):
    """Say that everything of a figure is in the chart, whatever the chart has besides."""
    if isinstance(made, dict):
        for name, value in made.items():
            assert name in drawn, f"{where}.{name}"
            assert_within(value, drawn[name], f"{where}.{name}")
    elif isinstance(made, list):
        assert len(made) == len(drawn), where
        for place, (one, other) in enumerate(zip(made, drawn, strict=True)):
            assert_within(one, other, f"{where}[{place}]")
    elif isinstance(made, str):  # an apostrophe is escaped or not, which is the same to a reader
        assert unescape(made) == unescape(drawn), where
    else:
        assert made == drawn, where


@pytest.mark.browser
def test_every_chart_of_a_page_is_drawn_as_it_was_made(full_patient, edition, sentences, tmp_path, open_page):
    view = everything(full_patient)
    opened = open_page(write_patient_page(view, edition, tmp_path))
    charts = {key: json.loads(text) for key, text in opened.page.evaluate(CHARTS).items()}
    labs, imaging = lab_view(view, sentences), imaging_view(view, edition, sentences)
    vitamin_d = vitamin_d_view(view, edition, sentences)
    figures = {course.key: course_figure(course, sentences) for course in course_views(view, edition, sentences)}
    figures |= {labs.key: lab_figure(labs, sentences), imaging.key: imaging_figure(imaging, sentences)}
    figures |= {vitamin_d.key: vitamin_d_figure(vitamin_d, sentences)}
    assert figures.keys() <= charts.keys()
    for key, figure in figures.items():
        made = json.loads(json.dumps(figure))
        # Plotly puts the heights of a responsive chart in itself
        made["layout"].pop("height")
        for trace in made["data"]:
            if (
                "ids" in trace
            ):  # said in the list below the chart, and broken into lines by its letters as they are read
                trace.pop("hovertext", None)
        assert_within(made, charts[key], key)
    assert opened.complaints == []


@pytest.mark.browser
def test_the_words_of_a_page_are_there_before_its_charts(full_patient, edition, tmp_path, browser):
    """The script is held back: the page is read whole, and says nothing of a missing chart."""
    path = write_patient_page(full_patient.view(), edition, tmp_path)
    context = browser.new_context()
    page = context.new_page()
    held = []
    page.route("**/*.min.js", lambda route: held.append(route))
    page.goto(path.resolve().as_uri(), wait_until="commit")
    page.wait_for_selector("footer")
    assert page.locator("h1").text_content() == "Patient TEST-FULL"
    assert page.locator(".main-svg").count() == 0
    assert not page.locator(".no-chart").first.is_visible()
    for route in held:
        route.continue_()
    page.wait_for_selector(".main-svg")
    context.close()


def test_the_plotly_that_is_brought_along_is_that_of_the_python_package():
    """What draws images and what draws pages are one version; `scripts/update_plotly` fetches it."""
    assert plotly_version() == get_plotlyjs_version()
    assert f"v{plotly_version()}" in plotly_script().read_text(encoding="utf-8")[:200]


def test_nothing_in_a_chart_can_end_its_script():
    written = as_script({"a": "</script><!--", "b": [1.0, 1.5, None, "\u2028"]})
    assert "<" not in written
    assert json.loads(written) == {"a": "</script><!--", "b": [1, 1.5, None, "\u2028"]}
