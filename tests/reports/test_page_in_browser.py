"""The page in a real browser, from the disk: drawn points counted against the view, no error, no request."""

import pytest

from reports.page import write_patient_page
from reports.shared_file import script_name

pytestmark = pytest.mark.browser

# Per chart: the ids of its points as Plotly holds them, and how many symbols stand in the drawing.
DRAWN = """
() => Object.fromEntries([...document.querySelectorAll('.js-plotly-plot')].map(chart => [chart.id, {
    ids: chart.data.filter(t => t.mode.includes('markers') && t.ids).flatMap(t => t.ids).sort(),
    symbols: chart.querySelectorAll('.scatterlayer .points path.point').length
        - chart.data.filter(t => t.mode.includes('markers') && !t.ids).reduce((n, t) => n + t.x.length, 0),
}]))
"""
OUTSIDE = """
() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
    const frame = chart.getBoundingClientRect();
    return [...chart.querySelectorAll('text')].filter(text => {
        const box = text.getBoundingClientRect();
        return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1
            || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
    }).map(text => chart.id + ': ' + text.textContent);
})
"""
OVERLAPS = """
() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
    const texts = [...chart.querySelectorAll('text')].filter(text => text.textContent.trim());
    const boxes = texts.map(text => [text, text.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
    return boxes.flatMap(([one, a], at) => boxes.slice(at + 1)
        .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2)
        .map(([other]) => chart.id + ': ' + one.textContent + ' / ' + other.textContent));
})
"""


@pytest.fixture(scope="module")
def opened(full_patient, edition, tmp_path_factory, open_page):
    return open_page(write_patient_page(full_patient.view(), edition, tmp_path_factory.mktemp("pages")))


def test_every_recorded_value_is_a_symbol_in_the_drawing(opened, full_patient):
    record = full_patient.view().record
    drawn = opened.page.evaluate(DRAWN)
    pain = {key: chart for key, chart in drawn.items() if key.startswith(("chart-course", "chart-scores"))}
    recorded = sorted(str(score.row_id) for score in record.pain_scores if score.score is not None)
    assert sorted(row for chart in pain.values() for row in chart["ids"]) == recorded
    assert sum(chart["symbols"] for chart in pain.values()) == len(recorded)
    results = sum(result.value is not None for result in record.vitamin_d)
    assert drawn["chart-vitamin-d"]["symbols"] == len(drawn["chart-vitamin-d"]["ids"]) == results
    assert drawn["chart-imaging"]["symbols"] == len(drawn["chart-imaging"]["ids"]) == len(record.imaging)


def test_the_page_complains_of_nothing_and_asks_the_network_for_nothing(opened):
    assert opened.complaints == []
    assert [url.rsplit("/", 1)[1] for url in opened.requests] == ["patient-TEST-FULL.html", script_name()]
    assert all(url.startswith("file:") for url in opened.requests)


def test_words_of_the_record_do_not_run(opened):
    assert opened.page.title().startswith("Patient TEST-FULL")


def test_a_hover_box_speaks_the_clinicians_sentence(opened):
    point = opened.page.locator("#chart-course-1 .scatterlayer .points path.point").first
    point.hover(force=True)
    hover = opened.page.locator("#chart-course-1 .hoverlayer text").first
    assert hover.text_content().replace("\xa0", " ").startswith("Sat 2025-12-20, day -12: pain 3 of 10 (NRS, overall)")


@pytest.mark.parametrize("width", [1280, 800])
def test_no_label_is_cut_off_or_covers_another_and_the_page_fits_its_width(
    full_patient, edition, tmp_path, open_page, width
):
    page = open_page(write_patient_page(full_patient.view(), edition, tmp_path), width=width).page
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_the_script_beside_it_the_page_says_so_and_keeps_its_tables(full_patient, edition, tmp_path, browser):
    path = write_patient_page(full_patient.view(), edition, tmp_path)
    (tmp_path / script_name()).unlink()
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.locator(".no-chart").first.is_visible()
    assert page.locator("table").first.is_visible()
    page.close()
