"""The patient's page on paper, on a dark screen, by keyboard, and for patients that strain it."""

import re
from datetime import date, timedelta

import pytest

from reports.page import write_patient_page
from tests.reports.everything import everything
from tests.reports.test_page_in_browser import OUTSIDE, OVERLAPS
from tests.reports.test_theme import TEXT_CONTRAST, contrast

pytestmark = pytest.mark.browser

SITES = (
    *("ankle-left", "ankle-right", "knee-left", "knee-right", "hip-left", "hip-right"),
    *("talus-left", "talus-right", "calcaneus-left", "navicular-left", "cuboid-left", "midfoot-right"),
)
LONG_CODE = "W" * 40
LONG_WORD = "withoutanybreak" * 40
# Text whose color the browser gives, with the first ground behind it that is not see-through; charts are left out.
TEXT_COLORS = """
() => [...document.querySelectorAll('body *')].filter(e => !e.closest('.chart, svg, script, style, .paper')
    && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.getClientRects().length)
    .map(e => {
        let ground = e;
        const none = 'rgba(0, 0, 0, 0)';
        while (ground && getComputedStyle(ground).backgroundColor === none) ground = ground.parentElement;
        return [getComputedStyle(e).color, ground ? getComputedStyle(ground).backgroundColor : 'rgb(255, 255, 255)',
            e.textContent.trim().slice(0, 40)];
    })
"""


def pages_of(pdf):
    """Count the pages of a PDF, which Chromium writes as plain objects."""
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


def as_hex(color):
    return "#" + "".join(f"{int(channel):02x}" for channel in re.findall(r"\d+", color)[:3])


@pytest.fixture(scope="module")
def many(patient, fit):
    """Give a patient of 12 sites seen 60 times, every site scored each time and every episode fitted."""
    made = patient(code=LONG_CODE)
    for visit in range(60):
        on = (date(2026, 1, 10) + timedelta(days=5 * visit)).isoformat()
        for place, site in enumerate(SITES):
            made.pain(on, (visit + place) % 11, site=site)
    made.note(LONG_WORD)
    for site in SITES:
        made.episode(fit(), site=site)
    return made


@pytest.fixture(scope="module")
def written(edition, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    return lambda made: write_patient_page(made.view(), edition, folder)


def strained(patient, fit):
    right_to_left = (
        patient(code="RTL").pain("2026-02-10", 6).note("המטופל מרגיש טוב יותר <script>document.title='x'</script>")
    )
    one_visit = patient(code="ONE").pain("2026-02-10", 6).episode()
    return {"empty": patient(code="EMPTY"), "one visit": one_visit, "right to left": right_to_left.episode(fit())}


@pytest.mark.parametrize("name", ["empty", "one visit", "right to left"])
def test_a_small_patient_fits_every_screen_and_one_page_of_a4(open_page, written, patient, fit, name):
    opened = open_page(written(strained(patient, fit)[name]), width=390)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    opened.page.set_viewport_size({"width": 1280, "height": 900})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert opened.complaints == []
    assert opened.page.title() != "x"
    pdf = opened.page.pdf(prefer_css_page_size=True)
    assert pages_of(pdf) == 1
    # A4 in points, as Chromium rounds it
    assert re.search(rb"/MediaBox \[0 0 59[45][0-9.]* 84[12]", pdf)


@pytest.fixture(scope="module")
def opened_everything(open_page, full_patient, edition, tmp_path_factory):
    path = write_patient_page(everything(full_patient), edition, tmp_path_factory.mktemp("everything"))
    return open_page(path)


@pytest.fixture(scope="module")
def opened_full(open_page, written, full_patient):
    return open_page(written(full_patient))


def test_everything_there_is_still_prints_on_one_page(opened_everything):
    assert pages_of(opened_everything.page.pdf(prefer_css_page_size=True)) == 1


@pytest.fixture(scope="module")
def opened_many(open_page, written, many):
    """Open it once: 720 points take a while to be drawn."""
    return open_page(written(many), width=390)


def test_twelve_sites_and_sixty_visits_print_on_one_page_with_every_course_on_it(opened_many):
    page = opened_many.page
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 711, "height": 1046})
    sheet = page.evaluate(
        "(({scrollHeight, clientHeight}) => [scrollHeight, clientHeight])(document.querySelector('.paper'))"
    )
    assert sheet[0] <= sheet[1], "something is cut off at the foot of the page"
    heights = page.evaluate("[...document.querySelectorAll('.paper svg')].map(s => s.getBoundingClientRect().height)")
    assert len(heights) == len(SITES)
    assert min(heights) > 40
    dots = page.evaluate(
        "[...document.querySelectorAll('.paper .dots')].map(d => d.getAttribute('d').split('M').length - 1)"
    )
    assert dots == [60] * len(SITES)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 900})


def test_a_page_that_is_not_styled_for_paper_would_be_found(open_page, written, full_patient):
    page = open_page(written(full_patient)).page
    page.evaluate("document.querySelectorAll('style').forEach(s => s.remove())")
    assert pages_of(page.pdf()) > 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_has_the_contrast_of_aa_on_both_kinds_of_screen(browser, written, full_patient, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(written(full_patient).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    found = page.evaluate(TEXT_COLORS)
    context.close()
    assert len({tuple(pair[:2]) for pair in found}) > 3
    grounds = {as_hex(ground) for _, ground, _ in found}
    assert ("#141414" in grounds) is (scheme == "dark")
    too_pale = [one for one in found if contrast(as_hex(one[0]), as_hex(one[1])) < TEXT_CONTRAST]
    assert too_pale == []


def test_the_first_key_leads_past_the_head_of_the_page_and_what_has_the_focus_is_seen(opened_full):
    page = opened_full.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
    assert outline == "solid"


def test_a_hover_box_speaks_to_staff_and_to_the_patient(opened_full):
    page = opened_full.page
    page.locator("#chart-course-1 .scatterlayer .points path.point").first.hover(force=True)
    said = page.locator("#chart-course-1 .hoverlayer text").first.text_content().replace("\xa0", " ")
    assert "pain 3 of 10 (NRS, overall)" in said
    assert "you gave your pain as 3 out of 10" in said


def test_long_words_twelve_sites_and_sixty_visits_fit_a_narrow_screen(opened_many):
    assert opened_many.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened_many.complaints == []


def test_a_page_with_every_panel_complains_of_nothing_and_asks_the_network_for_nothing(opened_everything):
    assert opened_everything.complaints == []
    assert all(url.startswith("file:") for url in opened_everything.requests)


def test_every_laboratory_result_and_every_event_is_a_symbol_in_the_drawing(opened_everything):
    drawn = opened_everything.page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].map(chart => [chart.id,
        chart.querySelectorAll('.points path.point').length,
        chart.data.filter(t => t.mode.includes('markers')).reduce((n, t) => n + t.x.length, 0)])"""
    )
    assert {key for key, _, _ in drawn} >= {"chart-course-1", "chart-labs", "chart-vitamin-d", "chart-imaging"}
    assert [(key, symbols) for key, symbols, _ in drawn] == [(key, points) for key, _, points in drawn]


def test_pointing_at_a_treatment_and_at_a_laboratory_result_says_both_sentences(opened_everything):
    page = opened_everything.page
    for chart, said in (("chart-labs", "C-reactive protein"), ("chart-vitamin-d", "25-OH-vitamin D")):
        page.locator(f"#{chart} .points path.point").first.hover(force=True)
        text = page.locator(f"#{chart} .hoverlayer text").first.text_content().replace("\xa0", " ")
        assert said in text
        assert " your " in text
    bars = page.evaluate("document.getElementById('chart-course-1').data.filter(t => t.yaxis === 'y2').length")
    assert bars > 2


def test_no_label_of_the_strips_and_small_charts_is_cut_off_or_covers_another(opened_everything):
    assert opened_everything.page.evaluate(OUTSIDE) == []
    assert opened_everything.page.evaluate(OVERLAPS) == []
