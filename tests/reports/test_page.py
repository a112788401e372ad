"""The patient's page: offline, the same bytes each time, nothing of the record left out or run."""

import hashlib
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from reports.page import page_name, patient_page, write_patient_page
from reports.shared_file import plotly_script, script_name, write_script
from tests.reports.everything import everything
from tracker.errors import AccessError

LARGEST_PAGE_BYTES = 100_000
# Three episodes with a course each, and a drawing of the bones: what a page of one episode has, three times.
MORE_FOR_THREE_EPISODES = 6_000


class Tags(HTMLParser):
    """Collect start tags, headings and the text outside scripts and styles."""

    def __init__(self):
        super().__init__()
        self.tags, self.text, self._within = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag in {"script", "style"}:
            self._within.append(tag)

    def handle_endtag(self, tag):
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data):
        if not self._within:
            self.text.append(data)


def read(html):
    tags = Tags()
    tags.feed(html)
    tags.words = re.sub(r"\s+", " ", " ".join(tags.text))
    return tags


@pytest.fixture(scope="module")
def page(full_patient, edition):
    return patient_page(full_patient.view(), edition)


def test_the_page_asks_for_one_script_beside_it_and_nothing_else(page):
    asked = [
        (tag, attributes[name])
        for tag, attributes in read(page).tags
        for name in ("src", "href", "srcset", "action", "data", "poster")
        if name in attributes and not attributes[name].startswith("#")
    ]
    assert asked == [("link", "data:,"), ("script", script_name())]
    assert re.fullmatch(r"plotly-\d+\.\d+\.\d+-[0-9a-f]{8}\.min\.js", script_name())


def test_no_address_stands_anywhere_in_the_page(page):
    assert re.findall(r"https?:|//\w+\.", page) == []


def test_a_policy_forbids_the_page_the_network(page):
    [policy] = [a["content"] for t, a in read(page).tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy


def test_nothing_offers_to_send_the_chart_away(page, tmp_path):
    write_script(tmp_path / script_name())
    own = (tmp_path / script_name()).read_text(encoding="utf-8")[len(plotly_script().read_text(encoding="utf-8")) :]
    assert own.count('"displayModeBar":false') == own.count("Plotly.newPlot(") == 1
    assert "plotlyServerURL" not in page + own
    assert not re.search(r"https?:(?!//www.w3.org)|fetch\(|XMLHttpRequest", own)


def test_the_same_view_gives_the_same_bytes(full_patient, edition, tmp_path):
    written = [write_patient_page(full_patient.view(), edition, tmp_path / name) for name in ("one", "two")]
    first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in written)
    assert first == second


def test_a_note_is_text_and_never_runs(page):
    assert "&lt;script&gt;document.title = &#39;caught&#39;&lt;/script&gt;" in page
    assert "<script>document.title" not in page


def test_words_of_the_record_cannot_end_the_charts_script(page):
    scripts = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert sum(script.startswith("drawChart(") for script in scripts) == page.count("drawChart(") > 0
    assert "<b>assay</b>" not in page
    assert "&lt;/script&gt;&lt;b&gt;assay&lt;/b&gt;" in page


def test_the_page_says_what_it_is_for_and_what_made_it(page, edition):
    words = read(page).words
    assert words.index("Decision support for trained staff, not a diagnosis.") < words.index("Patient TEST-FULL Sex")
    assert (
        f"tracker 9.8.7 · schema revision 0001 · course edition course_v1 ({edition.sha256[:12]}) · "
        "as of 2026-11-23 · last ledger entry 17"
    ) in words


def test_every_score_is_in_the_table_and_the_counts_are_said(page):
    words = read(page).words
    assert "6 scores recorded, 5 drawn, 1 missing: refused." in words
    assert "not drawn: refused (NRS, overall)" in words
    assert "55 mm of 100 mm (VAS, overall)" in words
    assert "4 results recorded, 3 drawn, 1 missing: not done." in words
    assert "3 findings recorded, 3 drawn, 0 missing." in words


def test_a_course_unlike_the_expected_one_is_announced_before_its_chart(page):
    words = read(page).words
    assert words.index("Not an expected course.") < words.index("6 scores recorded")


def test_grades_and_sources_of_the_band_are_printed(page, edition):
    words = read(page).words
    for name in ("rise_months", "plateau_months", "regression_months", "peak_nrs"):
        assert all(edition.sources[key].label in words for key in edition[name].sources)
    assert "evidence: weak" in page


def test_every_table_has_a_caption_and_scoped_headings(page):
    tags = read(page).tags
    assert sum(tag == "table" for tag, _ in tags) == sum(tag == "caption" for tag, _ in tags) > 0
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in tags if tag == "th")


def test_a_screen_reader_finds_language_headings_and_chart_names(page):
    tags = read(page).tags
    assert ("html", {"lang": "en"}) in tags
    assert sum(tag == "h1" for tag, _ in tags) == 1
    charts = [attributes for _, attributes in tags if attributes.get("class") == "chart"]
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in charts)
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_table_lists_scores_in_the_order_of_the_chart(page):
    table = page.split("Pain scores as reported", 2)[1].split("</table>")[0]
    assert re.findall(r'<th scope="row">([^<]+)<', table) == [
        "2025-12-20",
        "2026-03",
        "2026-04-10",
        "2026-04-10",
        "2026-05-10",
        "2026-08-01",
    ]


def test_a_patient_without_anything_gets_a_page_that_says_what_to_do(patient, edition):
    html = patient_page(patient(code="TEST-EMPTY").view(), edition)
    words = read(html).words
    assert "Nothing to draw yet" in words
    assert "tracker visit add TEST-EMPTY --on DATE --pain SITE=SCORE" in words
    assert "drawChart(" not in html


def test_a_page_with_something_of_everything_stays_small(page):
    assert len(page.encode()) < LARGEST_PAGE_BYTES


def test_a_legend_names_every_symbol_and_band(page):
    legends = re.findall(r'<ul class="legend".*?</ul>', page, flags=re.DOTALL)
    entries = [
        re.sub(r"\s+", " ", re.sub("<[^>]+>", "", entry)).strip()
        for entry in re.findall(r"<li>(.*?)</li>", legends[0], re.DOTALL)
    ]
    assert entries == [
        "Expected course, central 95 %",
        "Expected course, central 80 %",
        "This patient's course, 95 %".replace("'", "&#39;"),
        "This patient's course, 80 %".replace("'", "&#39;"),
        "NRS overall",
        "NRS on load",
        "VAS overall, mm / 10",
    ]


def test_the_shared_script_is_written_once_and_repaired_when_cut_short(patient, edition, tmp_path):
    view = patient().view()
    write_patient_page(view, edition, tmp_path)
    script = tmp_path / script_name()
    whole, moment = script.read_bytes(), script.stat().st_mtime_ns
    write_patient_page(view, edition, tmp_path)
    assert script.stat().st_mtime_ns == moment
    script.write_bytes(whole[:1000])
    write_patient_page(view, edition, tmp_path)
    assert script.read_bytes() == whole


def test_nothing_but_the_page_and_the_script_is_left_in_the_folder(patient, edition, tmp_path):
    page = write_patient_page(patient().view(), edition, tmp_path / "made" / "here")
    assert sorted(path.name for path in page.parent.iterdir()) == ["patient-TEST-1.html", script_name()]


def test_a_folder_that_cannot_be_made_is_an_error_in_words(patient, edition, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(AccessError, match="Choose a folder you may write to with --out DIR"):
        write_patient_page(patient().view(), edition, tmp_path / "file" / "pages")


def test_no_two_patients_share_a_page(patient):
    codes = ["A1", "a1", "A/1", "A_1", "A 1", "É"]
    names = [page_name(patient(code=code).view().record) for code in codes]
    names.append(page_name(patient(code="A1", clinic="north").view().record))
    assert len({name.lower() for name in names}) == len(names)
    assert names[0] == "patient-A1.html"
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)


def test_the_real_fit_of_an_invented_patient_makes_a_page(patient, edition):
    from tracker.analysis.episodes import patient_view
    from tracker.analysis.library import course_library

    made = patient().pain("2026-02-10", 6).pain("2026-03-12", 8).pain("2026-04-15", 7).pain("2026-07-02", 4).episode()
    by_hand = made.view()
    provenance = replace(by_hand.provenance, as_of=date(2026, 8, 1))
    view = patient_view(by_hand.record, provenance=provenance, edition=edition, library=course_library(edition))
    words = read(patient_page(view, edition)).words
    assert "Read from 4 scores on 4 days, the last on 2026-07-02. Most probable course: expected course " in words
    assert "4 scores recorded, 4 drawn, 0 missing." in words


def test_three_fitted_episodes_of_twelve_visits_each_stay_small(patient, fit, edition):
    made, sites = patient(), ("ankle-left", "ankle-right", "knee-left")
    for month in range(1, 13):
        for site in sites:
            made.pain(f"2026-{month:02d}-10", month % 10, site=site)
        made.result(f"2026-{month:02d}-10", 18.0).image(f"2026-{month:02d}-10", "talus-left", percent=30.0)
    for site in sites:
        made.episode(fit(), site=site)
    assert len(patient_page(made.view(), edition).encode()) < LARGEST_PAGE_BYTES + MORE_FOR_THREE_EPISODES


def test_one_fitted_episode_with_twelve_mri_visits_of_six_bones_stays_small(patient, fit, edition):
    made, bones = patient(), ("talus", "calcaneus", "navicular", "cuboid", "medial-cuneiform", "metatarsal-2")
    for month in range(1, 13):
        made.pain(f"2026-{month:02d}-10", month % 10)
        for bone in bones:
            made.image(f"2026-{month:02d}-10", f"{bone}-left", percent=30.0)
    html = patient_page(made.episode(fit()).view(), edition)
    assert html.count('name="fm-step"') == 12
    assert len(html.encode()) < LARGEST_PAGE_BYTES


@pytest.fixture(scope="module")
def whole(full_patient, edition):
    """Give the page of a patient with something on every panel."""
    return patient_page(everything(full_patient), edition)


def test_the_head_of_the_page_comes_before_everything_else(whole):
    words = read(whole).words
    parts = ["Where on the course", "What is off", "What is open", "When next", "Flags: what asks for a look"]
    places = [words.index(part) for part in parts]
    assert places == sorted(places)
    assert places[-1] < words.index("Left ankle: pain against the expected course")


def test_a_demonstration_patient_is_called_so_at_the_head_the_foot_and_on_paper(full_patient, edition):
    view = full_patient.view()
    for kind, said in (("published case", "no date is real"), ("simulated patient", "no person")):
        shown = replace(view, provenance=replace(view.provenance, demonstration=kind))
        words = read(patient_page(shown, edition)).words
        assert words.count("Demonstration data, not a patient.") == 3
        assert words.count(said) == 2
    assert "Demonstration data" not in patient_page(view, edition)


def test_corrections_that_nobody_read_are_not_called_none(full_patient, edition):
    view = full_patient.view()
    assert "tracker log --patient TEST-FULL" in patient_page(replace(view, corrections=None), edition)
    assert "Nothing was corrected after it had been recorded." in patient_page(replace(view, corrections=()), edition)


def test_every_panel_has_its_rows(whole):
    words = read(whole).words
    for said in (
        "150 mg monthly from 2026-03-10",
        "2000 IU daily from 2026-05-01",
        "delivered, week 39",
        "FAAM, activities of daily living",
        "CT asked for",
        "Budapest criteria cannot be said: too much was not examined.",
        "limits 2.15 to 2.55",
        "left ankle 6 of 10 (NRS, overall)",
        "wrong line",
    ):
        assert said in words


def test_a_page_with_something_on_every_panel_stays_small(whole):
    assert len(whole.encode()) < LARGEST_PAGE_BYTES


def test_sixty_visits_of_two_sites_stay_small_with_every_score_on_the_page(patient, fit, edition):
    made, sites = patient(), ("ankle-left", "knee-left")
    for visit in range(60):
        for site in sites:
            made.pain((date(2026, 1, 10) + timedelta(days=5 * visit)).isoformat(), visit % 11, site=site)
    for site in sites:
        made.episode(fit(), site=site)
    html = patient_page(made.view(), edition)
    assert html.count("<li data-id=") == 120
    assert len(html.encode()) < LARGEST_PAGE_BYTES


def test_a_hover_text_that_the_page_says_in_its_list_of_words_stands_there_once(whole):
    said = "pain 3 of 10 (NRS, overall); before the stated onset"
    assert whole.count(said) == 1
