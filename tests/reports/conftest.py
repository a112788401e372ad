"""Views made by hand, so that a chart's numbers can be checked without a fit; and one browser for the run."""

import os
import shutil
from dataclasses import dataclass, field
from datetime import date

import pytest

from reports.sentences import load_sentences
from tracker.analysis.imaging.results import NO_MRI
from tracker.analysis.results import CourseFit, Estimate, InsufficientData, LevelBand, NextVisit, TimeInPhase
from tracker.analysis.views import EpisodeView, PatientView, Provenance
from tracker.analysis.vitamin_d.changes import read_vitamin_d
from tracker.clinical.record import Episode, ImagingFinding, Note, PainScore, PatientRecord, Visit, VitaminDResult
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Aspect, Finding, Instrument, Modality, Phase, Presence, Sex, VitaminDUnit
from tracker.dates import PartialDate

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
# As root, and without the browser's own errands on the network.
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AS_OF = date(2026, 11, 23)
DAY_ZERO = date(2026, 1, 1)


def band(*, shift=0.0):
    """Make a band that is flat on every day: 1 2 . 6 7, moved by `shift`; weekly for 105 weeks."""
    days = tuple(range(0, 735, 7))
    levels = {
        name: tuple(level + shift if day < 365 else 0.0 for day in days)
        for name, level in {"low95": 1.0, "low80": 2.0, "median": 4.0, "high80": 6.0, "high95": 7.0}.items()
    }
    return LevelBand(day=days, **levels)


def estimate(median, *, narrowing=0.5):
    """Make an estimate one unit either side of `median`, the reference ten."""
    return Estimate(median, median - 1, median + 1, median, median - 10, median + 10, narrowing)


def course_fit(**changes):
    """Make a fit whose numbers are easy to recognise."""
    values = {
        "as_of_day": 326,
        "n_scores": 3,
        "n_days": 3,
        "class_probabilities": {
            "expected": 0.9,
            "early_resolution": 0.0,
            "late_peak": 0.01,
            "prolonged_plateau": 0.01,
            "slow_regression": 0.04,
            "persistent_pain": 0.01,
            "relapse": 0.02,
            "fluctuating": 0.01,
        },
        "phases": {Phase.RISE: 0.1, Phase.PLATEAU: 0.2, Phase.REGRESSION: 0.7, Phase.RESOLVED: 0.0},
        "parameters": {
            "onset_day": estimate(2.0),
            "plateau_days": estimate(45.0, narrowing=0.1),
            "peak_nrs": estimate(7.25),
        },
        "resolution_day": estimate(270.0),
        "time_in_phase": TimeInPhase(120.4, 90.0, 150.0),
        "p_relapse": 0.02,
        "p_no_resolution": 0.03,
        "next_visit": NextVisit(340, 0.12),
        "refined": False,
        "band": band(shift=0.5),
        "effective_sample_size": 321.4,
        "surprising_days": (),
        "resembles_known": True,
        "resembles_expected": True,
        "edition": "course_v1",
        "edition_sha256": "0" * 64,
    }
    return CourseFit(**{**values, **changes})


@dataclass
class PatientInTheMaking:
    """A patient put together fact by fact; each method gives the patient back."""

    code: str = "TEST-1"
    clinic: str = "default"
    as_of: date = AS_OF
    visits: list = field(default_factory=list)
    scores: list = field(default_factory=list)
    vitamin_d: list = field(default_factory=list)
    imaging: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    episodes: list = field(default_factory=list)
    rows: int = 0

    def _fact(self, on):
        self.rows += 1
        visit_date = PartialDate.parse(on)
        visit_id = next((v.visit_id for v in self.visits if v.visit_date == visit_date), len(self.visits) + 1)
        if visit_id > len(self.visits):
            self.visits.append(Visit(visit_id, 1, visit_date))
        return {"row_id": self.rows, "entry_id": 1, "visit_id": visit_id, "visit_date": visit_date}

    def pain(self, on, score, *, site="ankle-left", instrument=Instrument.NRS, aspect=Aspect.OVERALL, missing=None):
        facts = self._fact(on)
        self.scores.append(
            PainScore(**facts, site=site, instrument=instrument, aspect=aspect, score=score, missing_reason=missing)
        )
        return self

    def result(self, on, value, unit=VitaminDUnit.NG_ML, *, comparator=None, assay=None, missing=None):
        facts = self._fact(on)
        self.vitamin_d.append(
            VitaminDResult(**facts, value=value, unit=unit, comparator=comparator, assay=assay, missing_reason=missing)
        )
        return self

    def image(
        self, on, site, presence=Presence.PRESENT, *, finding=Finding.EDEMA, percent=None, grade=None, pattern=None
    ):
        facts = self._fact(on)
        self.imaging.append(
            ImagingFinding(
                **facts,
                modality=Modality.MRI,
                site=site,
                finding=finding,
                presence=presence,
                edema_percent=percent,
                edema_grade=grade,
                edema_pattern=pattern,
            )
        )
        return self

    def note(self, text):
        self.rows += 1
        self.notes.append(Note(self.rows, 1, None, None, None, text))
        return self

    def episode(
        self, course=None, *, onset="2026-01", site="ankle-left", closed=None, fitted=None, claimed=None, edema=NO_MRI
    ):
        """Add an episode that claims the scores of its site, or those `claimed` by row id."""
        course = course or InsufficientData(reason="pain scores on 1 day only", needs="scores on 1 more day")
        mine = tuple(
            score for score in self.scores if (score.site == site if claimed is None else score.row_id in claimed)
        )
        known = frozenset(score.row_id for score in mine if score.score is not None)
        if not known:  # a fit rests on scores
            course = InsufficientData(reason="no pain score yet", needs="scores on 2 days")
        stated = None if onset is None else PartialDate.parse(onset)
        closed_on = None if closed is None else PartialDate.parse(closed)
        self.episodes.append(
            EpisodeView(
                episode=Episode(len(self.episodes) + 1, 1, site, stated, None, closed_on, None),
                day_zero=None if stated is None else stated.first,
                scores=mine,
                fitted_row_ids=(known if fitted is None else frozenset(fitted))
                if isinstance(course, CourseFit)
                else frozenset(),
                choice="Read: what the test says.",
                course=course,
                expected_band=band(),
                edema=edema,
            )
        )
        return self

    def view(self):
        """Give the finished view."""
        claimed = {score.row_id for episode in self.episodes for score in episode.scores}
        record = PatientRecord(
            patient_id=1,
            patient_code=self.code,
            clinic_code=self.clinic,
            sex=Sex.FEMALE,
            birth=PartialDate.parse("1979"),
            last_entry_id=17,
            episodes=tuple(episode.episode for episode in self.episodes),
            visits=tuple(self.visits),
            pain_scores=tuple(self.scores),
            vitamin_d=tuple(self.vitamin_d),
            imaging=tuple(self.imaging),
            notes=tuple(self.notes),
        )
        edition = load_edition()
        return PatientView(
            record=record,
            episodes=tuple(self.episodes),
            unclaimed_scores=tuple(score for score in self.scores if score.row_id not in claimed),
            provenance=Provenance("9.8.7", "0001", edition.name, edition.sha256, self.as_of, 17),
            vitamin_d=read_vitamin_d(record.vitamin_d, edition),
        )


@pytest.fixture(scope="session")
def patient():
    """Give the maker of invented patients."""
    return PatientInTheMaking


@pytest.fixture(scope="session")
def fit():
    """Give the maker of fits."""
    return course_fit


@pytest.fixture(scope="session")
def edition():
    return load_edition()


@pytest.fixture(scope="session")
def sentences():
    return load_sentences()


@pytest.fixture(scope="session")
def full_patient():
    """Give an invented patient with something of everything a page can show."""
    made = PatientInTheMaking(code="TEST-FULL")
    made.pain("2025-12-20", 3).pain("2026-03", 55, instrument=Instrument.VAS).pain("2026-04-10", 7)
    made.pain("2026-04-10", 7, aspect=Aspect.LOAD).pain("2026-05-10", None, missing="refused").pain("2026-08-01", 0)
    made.pain("2026-06-20", 4, site="knee-left").pain("2026-07-20", 10, site="hip-right")
    made.result("2026-02-10", 14.0, assay="</script><b>assay</b>").result("2026-04-10", 45.0, VitaminDUnit.NMOL_L)
    made.result("2026-06-20", 10.0, comparator="<").result("2026-07-20", None, None, missing="not_done")
    made.image("2026-02-10", "talus-left", percent=60.0).image("2026-02-10", "calcaneus-left", Presence.NOT_EXAMINED)
    made.image("2026-05-10", "talus-left", Presence.ABSENT).note("<script>document.title = 'caught'</script>")
    made.episode(course_fit(surprising_days=(212,), resembles_expected=False))
    return made.episode(site="hip-right", onset="~2026-07-01", closed="2026-10")


@pytest.fixture(scope="session")
def browser():
    """Start one headless browser; without one, skip with a sentence, or fail where CI is set."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sentence = f"No browser found; a page is opened with one of {', '.join(BROWSERS)}."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(BROWSER_FLAGS))
        yield opened
        opened.close()


@dataclass
class OpenedPage:
    """A page in the browser with all it complained of and asked for."""

    page: object
    complaints: list
    requests: list


@pytest.fixture(scope="module")
def open_page(browser):
    """Give a function that opens a file, and notes every error and request."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})

    def open_file(path, *, width=1280):
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        opened = OpenedPage(page, [], [])
        page.on("console", lambda message: opened.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        page.on("request", lambda request: opened.requests.append(request.url))
        page.goto(path.resolve().as_uri())
        page.wait_for_function(
            "() => [...document.querySelectorAll('.plotly-graph-div')].every(d => d.querySelector('.main-svg'))"
        )
        return opened

    yield open_file
    context.close()
