"""The list of patients: one row each, its episodes beside it, a link that leads to the page."""

import json
import re
from datetime import date

import pytest

from reports.clinic_page import ClinicGroup, ClinicView, clinic_page, write_clinic_page
from reports.clinic_row import RowPlace, clinic_row, row_as_json, row_from_json
from tracker.analysis.overview import patient_overview
from tracker.analysis.results import InsufficientData
from tracker.clinical.schedule import schedule_numbers
from tracker.clinical.vocabulary import Instrument, Phase
from tracker.errors import AccessError


@pytest.fixture(scope="session")
def row(edition, sentences):
    """Give the row of a view."""

    def make(view, *, group="", link="patients/patient-P.html"):
        overview = patient_overview(view, edition=edition, schedule=schedule_numbers(), weeks_ahead=104)
        return clinic_row(view, overview, RowPlace(link, group), edition, sentences)

    return make


@pytest.fixture(scope="session")
def page(row):
    """Give the page of some views in one group."""

    def make(*views, remark="Invented.", **more):
        rows = tuple(row(view, link=f"patients/{view.record.patient_code}.html") for view in views)
        return clinic_page(ClinicView("Patients", (ClinicGroup("All", remark, rows),), views[0].provenance, **more))

    return make


def _rows(html):
    return re.findall(r"<tr role=\"row\" data-marks.*?</tr>", html, flags=re.DOTALL)


def test_a_row_is_plain_values(row, patient, fit):
    view = patient(code="P-07").pain("2026-01-10", 6).pain("2026-09-10", 4).episode(fit()).view()
    made = row_as_json(row(view))
    spark = made["episodes"][0].pop("spark")
    assert made == {
        "patient_code": "P-07",
        "group": "",
        "link": "patients/patient-P.html",
        "as_of": "2026-11-23",
        "n_visits": 2,
        "last_visit": "2026-09-10",
        "last_visit_day": "2026-09-10",
        "episodes": (
            {"site_key": "ankle-left", "site": "left ankle", "state": "onset 2026-01", "phase": "regression, 70 %"},
        ),
        "flags": (),
        "due": (
            # by hand: no MRI and no vitamin D since the first visit; a visit 8 weeks after the last, overdue 2 later
            {
                "urgency": "Overdue",
                "words": "MRI, left ankle",
                "on": "2026-01-10",
                "why": "no MRI of it yet",
                "is_due": True,
            },
            {"urgency": "Overdue", "words": "vitamin D", "on": "2026-01-10", "why": "no result yet", "is_due": True},
            {
                "urgency": "Overdue",
                "words": "visit",
                "on": "2026-11-05",
                "why": "left ankle open: 8 weeks after the visit of 2026-09-10",
                "is_due": True,
            },
        ),
        "marks": ("due",),
    }
    assert spark["words"] == (
        "2 scores on an axis of 12 months. The last is 4 of 10 (NRS, overall) on 2026-09-10. "
        "Expected then 2.0 to 6.0 (80 %)."
    )


def test_the_small_chart_draws_every_value_once_and_joins_none(row, patient, fit):
    made = patient().pain("2026-01-01", 10).pain("2026-07-02", 0).pain("2026-03-01", None, missing="refused")
    made.pain("2026-07-02", 55, instrument=Instrument.VAS)
    spark = row(made.episode(fit(), fitted={1, 2}).view()).episodes[0].spark
    # by hand: 132 by 34 px with a margin of 3; day 0 and day 182 of 365; 10 at the top, 0 at the foot, 55 mm at 5.5
    assert (spark.fitted, spark.others, spark.months) == ("M3 3h0M66 31h0", "M66 16h0", 12)
    assert spark.as_of == 3 + round(126 * 326 / 365)
    assert spark.words.endswith("1 of them the course was not read from. 1 without a value, not drawn.")


def test_the_band_of_the_small_chart_is_the_expected_range(row, patient, fit):
    spark = row(patient().pain("2026-01-10", 6).episode(fit()).view()).episodes[0].spark
    # the band of the test is 2 to 6 in the first year: 34 px high, margin 3, 28 px for 10 points
    edges = re.findall(r"[ML]?(\d+) (\d+)", spark.band)
    assert {int(y) for _, y in edges} == {3 + round(28 * 0.4), 3 + round(28 * 0.8)}
    assert [int(x) for x, _ in edges[:2]] == [3, 3 + round(126 * 28 / 365)]


def test_a_score_in_the_second_year_lengthens_the_axis(row, patient, fit):
    spark = row(patient().pain("2026-01-10", 6).pain("2027-01-10", 4).episode(fit()).view()).episodes[0].spark
    assert spark.months == 24


def test_certainty_is_never_claimed(row, patient, fit):
    view = patient().pain("2026-11-10", 1).episode(fit(phases={Phase.REGRESSION: 0.004, Phase.RESOLVED: 0.996})).view()
    assert row(view).episodes[0].phase == "resolved, above 99 %"


@pytest.mark.parametrize(
    ("last", "phase"), [("2026-08-25", "regression, 70 %"), ("2026-08-24", "not known: no score since 2026-08-24")]
)
def test_a_phase_long_after_the_last_score_is_not_the_patients(row, patient, fit, last, phase):
    # by hand: 90 and 91 days before 2026-11-23
    view = patient().pain(last, 4).episode(fit()).view()
    assert row(view).episodes[0].phase == phase


def test_scores_that_do_not_fit_give_no_phase(row, patient, fit):
    view = patient().pain("2026-02-10", 1).episode(fit(resembles_known=False, resembles_expected=False)).view()
    assert row(view).episodes[0].phase == "looks like none of the known kinds of course"


def test_an_atypical_course_is_named(row, patient, fit):
    classes = {name: 0.0 for name in fit().class_probabilities} | {"expected": 0.2, "late_peak": 0.8}
    changed = fit(class_probabilities=classes, resembles_expected=False)
    view = patient().pain("2026-02-10", 1).episode(changed).view()
    assert row(view).episodes[0].phase == "not an expected course; late peak 80 %"


def test_insufficient_data_is_said_with_its_reason(row, patient):
    view = patient().episode(InsufficientData(reason="no pain score yet", needs="more"), onset=None).view()
    episode = row(view).episodes[0]
    assert (episode.state, episode.phase) == ("onset not known", "insufficient data: no pain score yet")
    assert episode.spark is None


def test_a_closed_episode_says_when(row, patient):
    view = patient().episode(closed="~2026-06-01").view()
    assert row(view).episodes[0].state == "onset 2026-01, closed ~2026-06-01"


def test_a_patient_without_visits_or_episodes_has_a_row(patient, page):
    (found,) = _rows(page(patient(code="P-01").view()))
    cells = [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", found, re.DOTALL)]
    assert cells == ["P-01", "no episode", "", "", "0", "none"]


def test_what_has_come_later_is_said_with_its_site(row, patient, fit):
    made = patient().pain("2026-02-10", 5).episode(fit()).episode(site="knee-right", onset="2026-07")
    found = row(made.view())
    assert "migrated" in found.marks
    assert [(flag.kind, flag.heading, flag.words, flag.is_open) for flag in found.flags] == [
        ("site", "Further site", "right knee, since 2026-07", True)
    ]


@pytest.mark.parametrize("spark", [True, False])
def test_a_row_that_was_kept_is_the_same_row(row, patient, fit, spark):
    made = patient().pain("2026-02-10", 5).episode(fit(), onset="2026-01" if spark else None)
    kept = row(made.view(), group="clinic")
    assert row_from_json(json.loads(json.dumps(row_as_json(kept)))) == kept


@pytest.mark.parametrize("values", [{}, {"patient_code": "P"}, {"episodes": [], "flags": [], "due": [], "marks": []}])
def test_what_is_no_row_is_refused(values):
    with pytest.raises((KeyError, TypeError)):
        row_from_json(values)


def test_each_episode_has_a_line_and_each_patient_one_link(patient, page):
    two = patient(code="P-02").episode().episode(site="knee-right").view()
    html = page(two, patient(code="P-03").episode().view())
    assert re.findall(r'href="(patients[^"]*)"', html) == ["patients/P-02.html", "patients/P-03.html"]
    first, second = _rows(html)
    assert (first.count('class="where"'), second.count('class="where"')) == (2, 1)


def test_a_band_that_many_rows_share_stands_in_the_page_once(patient, page, fit):
    views = [patient(code=f"P-{n}").pain("2026-02-10", n).episode(fit()).view() for n in range(5)]
    html = page(*views)
    assert html.count('class="band"') == 1
    assert html.count('<use href="#band-0"/>') == 5


@pytest.mark.parametrize("code", ["<b>P</b>", '"onmouseover=alert(1) x="', "</script><script>alert(1)</script>"])
def test_words_are_escaped(patient, page, code):
    html = page(patient(code=code).view(), remark="a < b")
    assert code not in html
    assert "a &lt; b" in html
    assert html.count("<script>") == html.count("</script>") == 1


def test_the_page_needs_nothing_from_elsewhere(patient, page):
    html = page(patient().episode().view())
    assert "src=" not in html
    assert "http" not in html.replace("http-equiv", "")


def test_the_same_rows_give_the_same_page(patient, fit, page):
    assert page(patient().episode(fit()).view()) == page(patient().episode(fit()).view())


def test_rows_of_an_earlier_day_say_so_and_the_head_counts_them(patient, page):
    html = page(patient(code="P-1").view(), patient(code="P-2", as_of=date(2026, 11, 20)).view())
    assert "1 shown as of an earlier day" in html
    assert [re.findall(r"as of [\d-]+", found) for found in _rows(html)] == [[], ["as of 2026-11-20"]]


def test_a_demonstration_is_marked_as_one_and_a_clinic_is_not(patient, page):
    view = patient().view()
    assert "Demonstration data" in page(view, is_demonstration=True)
    assert "Demonstration data" not in page(view)


def test_a_clinic_without_patients_says_how_to_add_one(patient):
    html = clinic_page(ClinicView("Patients", (ClinicGroup("", "", ()),), patient().view().provenance))
    assert "There is no patient yet. To add one: tracker patient add CODE" in html
    assert "<table" not in html


def test_the_page_is_written_into_a_new_folder(patient, tmp_path):
    path = write_clinic_page(ClinicView("Patients", (), patient().view().provenance), tmp_path / "new")
    assert path == tmp_path / "new" / "index.html"
    assert [found.name for found in path.parent.iterdir()] == ["index.html"]


def test_a_folder_that_cannot_be_made_is_said(patient, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(AccessError, match=r"^Cannot write '.*taken.index.html': .*\. Choose a folder"):
        write_clinic_page(ClinicView("Patients", (), patient().view().provenance), tmp_path / "taken")
