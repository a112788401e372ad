"""The lanes of a patient's sites and their words on the page."""

from datetime import date

import plotly.graph_objects as go
import pytest

from reports.page import patient_page
from reports.site_migration_chart import site_migration_figure
from reports.site_migration_view import site_migration_view
from tracker.analysis.episodes import patient_view
from tracker.analysis.library import course_library
from tracker.analysis.views import Provenance
from tracker.clinical.record import Episode, ImagingFinding, PainScore, PatientRecord, Visit
from tracker.clinical.vocabulary import Aspect, Finding, Instrument, Modality, Presence, Sex
from tracker.dates import PartialDate

AS_OF = date(2026, 6, 1)
ANKLE = [("2025-02-10", 6), ("2025-03-20", 8), ("2025-05-01", 6), ("2025-07-01", 3), ("2025-09-15", 0)]


@pytest.fixture(scope="session")
def library(edition):
    return course_library(edition)


@pytest.fixture
def made(edition, library):
    """A patient's view from rows of site, onset and closing day, with scores at the left ankle and images by bone."""

    def make(*rows, scores=(), images=()):
        episodes = tuple(
            Episode(n, 1, site, onset and PartialDate.parse(onset), None, closed and PartialDate.parse(closed), None)
            for n, (site, onset, closed) in enumerate(rows, start=1)
        )
        pain = tuple(
            PainScore(n, 1, n, PartialDate.parse(day), "ankle-left", Instrument.NRS, Aspect.OVERALL, score, None)
            for n, (day, score) in enumerate(scores, start=1)
        )
        imaging = tuple(
            ImagingFinding(
                n, 1, n, PartialDate.parse(day), Modality.MRI, site, Finding.EDEMA, Presence(said), None, None, None
            )
            for n, (day, site, said) in enumerate(images, start=100)
        )
        visits = tuple(Visit(fact.visit_id, 1, fact.visit_date) for fact in (*pain, *imaging))
        record = PatientRecord(1, "P-07", "default", Sex.FEMALE, None, 1, episodes, visits, pain, (), imaging, ())
        provenance = Provenance("9.8.7", "0001", edition.name, edition.sha256, AS_OF, 1)
        return patient_view(record, provenance=provenance, edition=edition, library=library)

    return make


@pytest.fixture
def two_sites(made):
    return made(("ankle-left", "2025-01-05", None), ("knee-left", "2025-08", None), scores=ANKLE)


def test_one_episode_has_no_section(made, sentences, edition):
    view = made(("ankle-left", "2025-01-05", None))
    assert site_migration_view(view, sentences) is None
    assert "site-migration" not in patient_page(view, edition)


def test_a_lane_runs_from_its_start_through_its_end_without_gap_or_overlap(two_sites, sentences):
    view = site_migration_view(two_sites, sentences)
    assert view.lanes == ("Left ankle", "Left knee")
    ankle = [bar for bar in view.bars if bar.lane == 0]
    assert [bar.part for bar in ankle] == ["starting", "active", "ending"]
    assert [bar.last for bar in ankle[:-1]] == [bar.first for bar in ankle[1:]]
    span = two_sites.site_migration.spans[0]
    assert (ankle[0].first, ankle[0].last) == (span.start.low95.isoformat(), span.start.high95.isoformat())
    assert (ankle[2].first, ankle[2].last) == (span.end.low95.isoformat(), span.end.high95.isoformat())


def test_a_site_whose_end_nothing_tells_is_outlined_to_the_day_that_is_asked_about(two_sites, sentences):
    knee = [bar for bar in site_migration_view(two_sites, sentences).bars if bar.lane == 1]
    assert [(bar.part, bar.last) for bar in knee][1:] == [("unknown", "2026-06-01")]


def test_nothing_is_drawn_after_the_day_that_is_asked_about(made, sentences):
    scores = [("2026-03-10", 6), ("2026-04-20", 8)]
    view = site_migration_view(
        made(("ankle-left", "2026-02-01", None), ("hip-left", "2026-05-25", None), scores=scores), sentences
    )
    assert max(bar.last for bar in view.bars) == "2026-06-01"
    assert [mark.is_start for mark in view.marks] == [True, True]


def test_an_arrow_says_kind_and_probability_and_starts_are_drawn_once(two_sites, sentences):
    view = site_migration_view(two_sites, sentences)
    [arrow] = view.arrows
    assert (arrow.from_lane, arrow.to_lane, arrow.label) == (0, 1, "site migration above 99 %")
    figure = go.Figure(site_migration_figure(view, sentences))
    assert [(trace.name, trace.marker.symbol, len(trace.x)) for trace in figure.data] == [
        ("Start, middle", "circle", 2),
        ("End, middle", "square-open", 1),
    ]
    assert len(figure.layout.shapes) == len(view.bars) + 1


def test_an_order_that_cannot_be_told_has_no_arrow(made, sentences):
    view = site_migration_view(made(("ankle-left", "2025", None), ("knee-left", "2025", None)), sentences)
    assert view.arrows == ()
    assert "cannot be told" in view.text.events[0]
    assert "it cannot be told which was first" in view.text.plain[0]


def test_sites_without_any_onset_have_words_and_no_lane(made, edition, sentences):
    shown = made(("ankle-left", None, None), ("knee-left", None, None))
    view = site_migration_view(shown, sentences)
    assert (view.lanes, view.bars, view.marks) == ((), (), ())
    page = patient_page(shown, edition)
    assert "no onset is recorded at left ankle and left knee" in page
    assert 'id="chart-site-migration"' not in page


def test_a_day_that_is_asked_about_long_after_the_last_end_is_not_drawn(made, sentences):
    rows = ("ankle-left", "2015-01-05", "2015-09-01"), ("hip-left", "2015-10-01", "2016-05-01")
    view = site_migration_view(made(*rows), sentences)
    figure = site_migration_figure(view, sentences)
    assert view.last < view.as_of
    assert len(figure["layout"]["shapes"]) == len(view.bars)


@pytest.mark.parametrize(
    ("second", "about"),
    [("2025-02-15", "6 weeks"), ("2025-05-05", "4 months"), ("2026-04-05", "15 months"), ("2021-01-05", "4 years")],
)
def test_the_patient_is_told_weeks_months_or_years(made, sentences, second, about):
    first = "2017-01-05" if about.endswith("years") else "2025-01-05"
    view = site_migration_view(made(("ankle-left", first, None), ("hip-left", second, None)), sentences)
    assert view.text.plain == (f"Left hip: this began about {about} after the left ankle.",)


def test_words_beside_a_late_arrow_stand_on_its_left(two_sites, made, sentences):
    late = made(("ankle-left", "2025-01-05", None), ("hip-left", "2026-04-01", None))
    anchors = []
    for shown in (two_sites, late):
        figure = site_migration_figure(site_migration_view(shown, sentences), sentences)
        [label] = [one for one in figure["layout"]["annotations"] if "above 99 %" in one["text"]]
        anchors.append(label["xanchor"])
    assert anchors == ["left", "right"]


def test_a_relapse_stays_in_one_lane(made, sentences):
    rows = ("ankle-left", "2024-01-05", "2024-09-01"), ("ankle-left", "2025-03-01", None)
    view = site_migration_view(made(*rows), sentences)
    assert (view.lanes, view.arrows) == (("Left ankle",), ())
    assert view.text.events[0].startswith("Left ankle after left ankle: most probably a relapse (above 99 %")


def test_the_page_says_what_the_chart_shows_and_shifts_as_evidence(made, edition):
    images = [
        ("2025-02-11", "talus-left", "present"),
        ("2025-02-11", "calcaneus-left", "absent"),
        ("2025-06-11", "calcaneus-left", "present"),
        ("2025-06-11", "hip-left", "present"),
    ]
    rows = ("ankle-left", "2025-01-05", None), ("knee-left", "2025-08", None)
    page = patient_page(made(*rows, scores=ANKLE, images=images), edition)
    assert 'id="chart-site-migration"' in page
    assert "A shift within one joint; an imaging finding, no episode." in page
    assert "edema of the left hip on Wed 2025-06-11. No earlier image is recorded to have looked there" in page
    assert "Never asked about nor looked at" in page


def test_every_neighbour_looked_at_is_said_so(made, sentences):
    everywhere = ["hip", "knee", "foot-and-ankle", "lower-leg"]
    images = [("2025-02-11", f"{code}-{side}", "absent") for code in everywhere for side in ("left", "right")]
    images.append(("2025-02-11", "sacrum", "absent"))
    view = site_migration_view(
        made(("hip-left", "2025-01", None), ("knee-left", "2025-06", None), images=images), sentences
    )
    assert (
        view.text.never_looked_at
        == "Every neighbouring site and weight-bearing joint has been asked about or looked at."
    )
