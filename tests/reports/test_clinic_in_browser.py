"""The list of patients in a real browser, from the disk: found, sorted and filtered; no error, no request."""

from dataclasses import replace

import pytest

from reports.clinic_page import ClinicGroup, ClinicView, write_clinic_page
from reports.clinic_row import MIGRATED, OFF_COURSE, RED_FLAG, RowPlace, clinic_row
from tests.reports.test_patient_page_in_browser import TEXT_COLORS, as_hex
from tests.reports.test_theme import TEXT_CONTRAST, contrast
from tracker.analysis.overview import patient_overview
from tracker.clinical.schedule import schedule_numbers

pytestmark = pytest.mark.browser

LONG = "L" * 64
HEBREW = "חולה-07"
SHOWN = "[...document.querySelectorAll('.patients tbody tr')].filter(row => !row.hidden && row.offsetParent !== null)"
CODES = f"() => {SHOWN}.map(row => row.querySelector('a').textContent)"


def _patients(patient, fit):
    """Six invented patients, one for each thing to filter by."""
    classes = {name: 0.0 for name in fit().class_probabilities} | {"expected": 0.2, "late_peak": 0.8}
    atypical = fit(class_probabilities=classes, resembles_expected=False)
    p10 = patient(code="P-10").pain("2026-11-20", 4).image("2026-11-20", "ankle-left").result("2026-11-20", 45.0)
    p2 = patient(code="P-2").pain("2026-02-10", 7).pain("2026-05-10", 6)
    wide = patient(code=LONG).pain("2026-11-20", 4, site="hip-right")
    right = patient(code=HEBREW).pain("2026-11-01", 4)
    return [
        p10.episode(fit(), onset="2026-10").view(),
        p2.episode(atypical).episode(site="knee-right", onset="2026-07").view(),
        wide.episode(fit(), site="hip-right").view(),
        right.episode(fit()).view(),
        patient(code="<script>document.title='caught'</script>").view(),
    ]


@pytest.fixture(scope="module")
def view(patient, fit, edition, sentences):
    views = _patients(patient, fit)
    rows = [
        clinic_row(
            one,
            patient_overview(one, edition=edition, schedule=schedule_numbers(), weeks_ahead=104),
            RowPlace("patients/patient-X.html"),
            edition,
            sentences,
        )
        for one in views
    ]
    # what raises these is tested elsewhere; here each filter needs a row to find
    rows[1] = replace(rows[1], marks=(*rows[1].marks, OFF_COURSE))
    rows[2] = replace(rows[2], marks=(*rows[2].marks, RED_FLAG))
    rows[3] = replace(rows[3], marks=(*rows[3].marks, MIGRATED))
    return ClinicView("Patients", (ClinicGroup("", "", tuple(rows)),), views[0].provenance)


@pytest.fixture(scope="module")
def path(view, tmp_path_factory):
    return write_clinic_page(view, tmp_path_factory.mktemp("clinic"))


@pytest.fixture
def opened(path, open_page):
    found = open_page(path)
    yield found
    assert found.complaints == []
    assert found.requests == [path.resolve().as_uri()]
    found.page.close()


def _shown(page):
    return page.evaluate(CODES)


def test_every_patient_is_shown_and_counted(opened, view):
    assert _shown(opened.page) == [row.patient_code for row in view.rows]
    assert opened.page.locator("#shown").text_content() == "5 patients"
    assert opened.page.title() == "Patients"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("p-2", ["P-2"]),
        ("KNEE late", ["P-2"]),
        ("hip", [LONG]),
        ("חולה", [HEBREW]),
        ("document.title", ["<script>document.title='caught'</script>"]),
        ("nobody", []),
        ("70 %", ["P-10", LONG, HEBREW]),
    ],
)
def test_search_finds_rows_that_hold_every_word(opened, typed, found):
    opened.page.fill("#find", typed)
    assert _shown(opened.page) == found
    assert opened.page.locator("#shown").text_content() == f"{len(found)} of 5 patients"


@pytest.mark.parametrize("mark", ["off_course", "red_flag", "due", "migrated"])
def test_each_filter_shows_the_rows_that_have_its_mark(opened, view, mark):
    opened.page.check(f"input[value={mark}]")
    found = [row.patient_code for row in view.rows if mark in row.marks]
    assert _shown(opened.page) == found
    assert 0 < len(found) < len(view.rows)


def test_filters_and_search_narrow_together_and_are_taken_back(opened, view):
    page = opened.page
    page.check("input[value=due]")
    page.select_option("#site", "ankle-left")
    both = [r.patient_code for r in view.rows if "due" in r.marks and "ankle-left" in {e.site_key for e in r.episodes}]
    assert _shown(page) == both
    assert both
    page.click("button[type=reset]")
    page.wait_for_function("document.getElementById('shown').textContent === '5 patients'")
    assert len(_shown(page)) == 5


def test_a_group_of_which_nobody_is_shown_is_not_shown_either(view, open_page, tmp_path):
    groups = (ClinicGroup("First", "", view.rows[:1]), ClinicGroup("Others", "", view.rows[1:]))
    page = open_page(write_clinic_page(replace(view, groups=groups), tmp_path)).page
    assert page.locator("h2:visible").all_text_contents() == ["First", "Others"]
    page.fill("#find", "p-10")
    assert page.locator("h2:visible").all_text_contents() == ["First"]
    page.fill("#find", "")
    assert page.locator("h2:visible").all_text_contents() == ["First", "Others"]
    page.close()


@pytest.mark.parametrize("site", ["ankle-left", "knee-right", "hip-right"])
def test_the_site_filter_shows_patients_with_an_episode_there(opened, view, site):
    opened.page.select_option("#site", site)
    assert _shown(opened.page) == [r.patient_code for r in view.rows if site in {e.site_key for e in r.episodes}]


def test_a_column_is_sorted_both_ways_and_says_so(opened):
    page = opened.page
    head = page.locator(".patients thead th").first
    assert head.get_attribute("aria-sort") == "none"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    up = _shown(page)
    assert up.index("P-2") < up.index("P-10")  # by number, not by letter
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert _shown(page) == up[::-1]


def test_rows_without_a_last_visit_come_last_whichever_way_the_others_run(opened):
    button = opened.page.locator(".patients thead th button").last
    for _ in range(2):
        button.click()
        assert _shown(opened.page)[-1].startswith("<script>")


def test_it_works_with_the_keyboard_alone(opened):
    page = opened.page
    page.keyboard.press("/")
    page.keyboard.type("P-")
    assert _shown(page) == ["P-10", "P-2"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "P-10"
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    assert len(_shown(page)) == 5
    page.focus("input[value=off_course]")
    page.keyboard.press("Space")
    n_off = page.evaluate(f"{SHOWN}.length")
    page.keyboard.press("Space")
    assert n_off < 5 == page.evaluate(f"{SHOWN}.length")
    page.focus(".patients thead th:nth-child(5) button")
    page.keyboard.press("Enter")
    assert page.locator(".patients thead th").nth(4).get_attribute("aria-sort") == "descending"


def test_the_table_keeps_its_roles_and_the_page_its_language(opened):
    page = opened.page
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.get_by_role("table").count() == 1
    assert page.get_by_role("columnheader").count() == 6
    assert page.get_by_role("rowheader").count() == 5
    assert page.locator("#shown").get_attribute("aria-live") == "polite"
    spark = page.locator("svg[role=img]").first
    assert spark.get_attribute("aria-label").startswith("1 score on an axis of 12 months.")


def test_a_code_that_runs_from_right_to_left_leaves_the_rest_as_it_is(opened):
    row = opened.page.locator(".patients tbody tr", has_text=HEBREW)
    assert row.locator("bdi").text_content() == HEBREW
    assert row.locator("td").last.text_content() == "2026-11-01"


@pytest.mark.parametrize("width", [1280, 800, 390])
def test_nothing_is_wider_than_the_page(path, open_page, width):
    page = open_page(path, width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_narrow_page_is_sorted_by_a_list(path, open_page):
    page = open_page(path, width=390).page
    assert not page.locator(".patients thead").is_visible()
    page.select_option("#sort", label="Patient, down")
    down = _shown(page)
    assert down.index("P-10") < down.index("P-2")
    assert page.get_by_role("rowheader").count() == 5
    page.close()


def test_without_a_script_the_whole_table_is_there_and_nothing_that_does_not_work(path, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator(".patients tbody tr").count() == 5
    assert not page.locator(".controls").is_visible()
    assert page.locator(".patients tbody tr").last.is_visible()
    context.close()


def test_paper_shows_what_is_shown_and_no_controls(opened):
    page = opened.page
    page.fill("#find", "P-2")
    page.emulate_media(media="print")
    assert not page.locator(".controls").is_visible()
    assert page.locator(".patients thead").is_visible()
    assert _shown(page) == ["P-2"]
    page.emulate_media(media="screen")


def test_a_clinic_without_patients_and_one_with_a_single_one_open_without_complaint(view, tmp_path, open_page):
    for n_rows, said in ((0, "There is no patient yet."), (1, "1 patient")):
        few = ClinicView("Patients", (ClinicGroup("", "", view.rows[:n_rows]),), view.provenance)
        found = open_page(write_clinic_page(few, tmp_path / str(n_rows)))
        assert said in found.page.locator("main").text_content()
        assert found.complaints == []
        found.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_the_list_has_the_contrast_of_aa_on_both_kinds_of_screen(browser, path, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(path.as_uri())
    found = page.evaluate(TEXT_COLORS)
    context.close()
    assert len({tuple(pair[:2]) for pair in found}) > 3
    assert ("#141414" in {as_hex(ground) for _, ground, _ in found}) is (scheme == "dark")
    assert [one for one in found if contrast(as_hex(one[0]), as_hex(one[1])) < TEXT_CONTRAST] == []
