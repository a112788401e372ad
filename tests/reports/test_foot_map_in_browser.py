"""The foot map in a real browser: stepped by keyboard, every bone speaking as the view says, asking for nothing."""

import pytest

from reports.foot_map_view import foot_map_view
from reports.page import write_patient_page
from reports.shared_file import script_name
from tracker.clinical.vocabulary import Presence

pytestmark = pytest.mark.browser

# Of every drawn bone: its side, its shape's name, its class and its sentence; and the marks that are written.
BONES = """
() => [...document.querySelectorAll('.fm use')].map(use => [
    use.parentNode.dataset.side, document.querySelector(use.getAttribute('href')).textContent,
    use.getAttribute('class'), use.textContent])
"""
MARKS = """
() => [...document.querySelectorAll('.fm text[data-site]')].filter(text => text.textContent)
    .map(text => [text.dataset.site, text.textContent, text.getAttribute('class').split(' ')[0]])
"""
UNSEEN = """
() => [...document.querySelectorAll('.fm use')].filter(use => use.getBoundingClientRect().width < 2).length
"""


@pytest.fixture(scope="module")
def made(patient):
    made = patient(code="TEST-MAP")
    made.image("2026-02-10", "talus-left", percent=60.0).image("2026-02-10", "calcaneus-left", Presence.ABSENT)
    made.image("~2026-05-10", "talus-left", percent=30.0).image("~2026-05-10", "navicular-left", Presence.NOT_EXAMINED)
    return made.image("2026-08-10", "talus-left", grade=1).image("2026-08-10", "sacrum")


@pytest.fixture
def opened(made, edition, tmp_path, open_page):
    return open_page(write_patient_page(made.view(), edition, tmp_path))


@pytest.fixture(scope="module")
def view(made, edition, sentences):
    return foot_map_view(made.view(), edition, sentences)


def assert_shows(page, step):
    """Compare what is drawn with a step of the view: looks, marks and sentences."""
    said = {state.site: state for state in step.states}
    for side, name, look, title in page.evaluate(BONES):
        place = name if side == "midline" else f"{side} {name}"
        state = next((s for s in said.values() if f"{s.spoken.clinician} {s.spoken.plain}" == title), None)
        assert place in title
        assert look == (state.look if state else "gn")
        if state is None:
            assert "not examined (no finding recorded)" in title
            assert f"On {step.when} the {place} was not looked at." in title
    marks = {(state.site, state.mark, state.look.value) for state in step.states if state.mark}
    assert {tuple(mark) for mark in page.evaluate(MARKS)} == marks
    assert page.locator("#fm-summary").text_content() == step.summary


def test_the_arrow_keys_step_through_the_visits(opened, view):
    page = opened.page
    assert_shows(page, view.steps[2])
    page.locator("input[name=fm-step]:checked").focus()
    page.keyboard.press("ArrowLeft")
    assert_shows(page, view.steps[1])
    page.keyboard.press("ArrowLeft")
    assert_shows(page, view.steps[0])
    page.keyboard.press("ArrowRight")
    assert_shows(page, view.steps[1])
    assert opened.complaints == []
    assert [url.rsplit("/", 1)[1] for url in opened.requests] == ["patient-TEST-MAP.html", script_name()]


def test_the_visits_are_reached_by_the_tab_key(opened):
    reached = set()
    for _ in range(12):
        opened.page.keyboard.press("Tab")
        reached.add(opened.page.evaluate("document.activeElement.name || ''"))
    assert "fm-step" in reached


def test_a_bone_under_the_pointer_or_a_tap_is_spoken_of(opened):
    opened.page.locator("use.g1").first.click(force=True)
    assert opened.page.locator("#fm-said").text_content() == (
        "Mon 2026-08-10: MRI, left talus, edema: grade 1 (small). "
        "On Mon 2026-08-10 the MRI showed edema in the left talus: a little."
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_every_bone_is_drawn_and_the_map_fits_its_page(made, edition, tmp_path, open_page, width):
    page = open_page(write_patient_page(made.view(), edition, tmp_path), width=width).page
    assert page.evaluate(UNSEEN) == 0
    outside = """width => [...document.querySelectorAll('.fm svg, .fm text')].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width > 0 && (box.left < 0 || box.right > width);
    }).length"""
    assert page.evaluate(outside, width) == 0


def test_without_script_the_last_visit_is_shown(made, edition, tmp_path, browser, view):
    path = write_patient_page(made.view(), edition, tmp_path)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator("#fm-summary").text_content() == view.steps[-1].summary
    assert not page.locator(".fm-steps").is_visible()
    assert page.locator("use.g1 title").first.text_content().startswith("Mon 2026-08-10: MRI, left talus")
    fill = page.locator("#foot-map [data-side=right] use").first
    assert "fm-hatch" in fill.evaluate("use => getComputedStyle(use).fill")
    context.close()
