"""The list of patients: one row each, its episodes beside it, a link that leads to the page."""

import re

import pytest

from reports.index_page import IndexEpisode, IndexGroup, index_page, index_row, write_index_page
from tracker.analysis.results import InsufficientData
from tracker.clinical.vocabulary import Phase
from tracker.errors import AccessError


@pytest.fixture
def page():
    """Give the page of some views in one group."""

    def make(*views, remark="Invented."):
        rows = tuple(index_row(view, group="test", link=f"patients/{view.record.patient_code}.html") for view in views)
        return index_page("Patients", [IndexGroup("All", remark, rows)], views[0].provenance)

    return make


def _rows(html):
    return re.findall(r'<tr class="first">.*?(?=<tr class="first">|</tbody>)', html, flags=re.DOTALL)


def test_a_row_says_site_onset_phase_and_last_visit(patient, fit):
    view = patient(code="P-07").pain("2026-01-10", 6).pain("2026-09-10", 4).episode(fit()).view()
    row = index_row(view, group="clinic", link="p.html")
    assert row.episodes == (IndexEpisode("left ankle", "onset 2026-01", "regression, 70 %"),)
    assert (row.patient_code, row.n_visits, row.last_visit, row.as_of) == ("P-07", 2, "2026-09-10", "2026-11-23")


def test_certainty_is_never_claimed(patient, fit):
    view = patient().pain("2026-11-10", 1).episode(fit(phases={Phase.REGRESSION: 0.004, Phase.RESOLVED: 0.996})).view()
    assert index_row(view, group="", link="").episodes[0].phase == "resolved, above 99 %"


@pytest.mark.parametrize(
    ("last", "phase"), [("2026-08-25", "regression, 70 %"), ("2026-08-24", "not known: no score since 2026-08-24")]
)
def test_a_phase_long_after_the_last_score_is_not_the_patients(patient, fit, last, phase):
    # by hand: 90 and 91 days before 2026-11-23
    view = patient().pain(last, 4).episode(fit()).view()
    assert index_row(view, group="", link="").episodes[0].phase == phase


def test_scores_that_do_not_fit_give_no_phase(patient, fit):
    view = patient().pain("2026-02-10", 1).episode(fit(resembles_known=False, resembles_expected=False)).view()
    assert index_row(view, group="", link="").episodes[0].phase == "looks like none of the known kinds of course"


def test_an_atypical_course_is_named(patient, fit):
    classes = {name: 0.0 for name in fit().class_probabilities} | {"expected": 0.2, "late_peak": 0.8}
    changed = fit(class_probabilities=classes, resembles_expected=False)
    view = patient().pain("2026-02-10", 1).episode(changed).view()
    assert index_row(view, group="", link="").episodes[0].phase == "not an expected course; late peak 80 %"


def test_insufficient_data_is_said_with_its_reason(patient):
    view = patient().episode(InsufficientData(reason="no pain score yet", needs="more"), onset=None).view()
    episode = index_row(view, group="", link="").episodes[0]
    assert (episode.state, episode.phase) == ("onset not known", "insufficient data: no pain score yet")


def test_a_closed_episode_says_when(patient):
    view = patient().episode(closed="~2026-06-01").view()
    assert index_row(view, group="", link="").episodes[0].state == "onset 2026-01, closed ~2026-06-01"


def test_a_patient_without_visits_or_episodes_has_a_row(patient, page):
    html = page(patient(code="P-01").view())
    (row,) = _rows(html)
    assert re.findall(r"<td[^>]*>(.*?)</td>", row) == ["test", "0", "none", "2026-11-23", "no episode", ""]


def test_each_episode_has_a_line_and_each_patient_one_link(patient, page):
    two = patient(code="P-02").episode().episode(site="knee-right").view()
    html = page(two, patient(code="P-03").episode().view())
    assert re.findall(r'href="(patients[^"]*)"', html) == ["patients/P-02.html", "patients/P-03.html"]
    first, second = _rows(html)
    assert first.count("<tr") == first.count("</tr>") == 2
    assert first.count('rowspan="2"') == 5
    assert second.count("<tr") == second.count("</tr>") == 1
    assert "rowspan" not in second


def test_words_are_escaped(patient, page):
    html = page(patient(code="<b>P</b>").view(), remark="a < b")
    assert "<b>" not in html
    assert "a &lt; b" in html


def test_the_page_needs_nothing_from_elsewhere(patient, page):
    html = page(patient().episode().view())
    assert "<script" not in html
    assert "http" not in html.replace("http-equiv", "")


def test_the_same_rows_give_the_same_page(patient, fit, page):
    assert page(patient().episode(fit()).view()) == page(patient().episode(fit()).view())


def test_the_page_is_written_into_a_new_folder(patient, tmp_path):
    path = write_index_page("Patients", [], patient().view().provenance, tmp_path / "new")
    assert path == tmp_path / "new" / "index.html"
    assert [found.name for found in path.parent.iterdir()] == ["index.html"]


def test_a_folder_that_cannot_be_made_is_said(patient, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(AccessError, match=r"^Cannot write '.*taken.index.html': .*\. Choose a folder"):
        write_index_page("Patients", [], patient().view().provenance, tmp_path / "taken")
