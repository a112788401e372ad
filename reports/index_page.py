"""One offline page that lists patients and links to their pages; no script, the same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reports import theme
from reports.files import write_file
from reports.sentences import load_sentences, place, probability
from reports.templating import load_template
from tracker.analysis.results import InsufficientData
from tracker.analysis.views import EpisodeView, PatientView, Provenance
from tracker.clinical.reference import load_edition

PAGE_NAME = "index.html"


@dataclass(frozen=True, slots=True)
class IndexEpisode:
    """One episode in words: its site, and its phase or why there is none."""

    site: str
    state: str
    phase: str


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One patient; `link` leads from the index to the patient's page."""

    patient_code: str
    group: str
    episodes: tuple[IndexEpisode, ...]
    n_visits: int
    last_visit: str
    as_of: str
    link: str


@dataclass(frozen=True, slots=True)
class IndexGroup:
    """Patients under one heading, with what must be known to read them."""

    title: str
    remark: str
    rows: tuple[IndexRow, ...]


def index_row(view: PatientView, *, group: str, link: str) -> IndexRow:
    """Put one patient's view into a row."""
    record = view.record
    return IndexRow(
        patient_code=record.patient_code,
        group=group,
        episodes=tuple(_episode(episode, view.provenance.as_of) for episode in view.episodes),
        n_visits=len(record.visits),
        last_visit=str(max(visit.visit_date for visit in record.visits)) if record.visits else "none",
        as_of=view.provenance.as_of.isoformat(),
        link=link,
    )


def index_page(title: str, groups: Sequence[IndexGroup], provenance: Provenance) -> str:
    """Make the page as text; `provenance` is of the newest view, whose as-of day each row states for itself."""
    return load_template(PAGE_NAME).render(
        title=title, groups=groups, provenance=provenance, theme=theme, language="en"
    )


def write_index_page(title: str, groups: Sequence[IndexGroup], provenance: Provenance, out_dir: Path) -> Path:
    """Write the page into a folder and give its path (`AccessError` if it cannot be written)."""
    return write_file(out_dir / PAGE_NAME, index_page(title, groups, provenance))


def _episode(view: EpisodeView, as_of: date) -> IndexEpisode:
    episode = view.episode
    began = "onset not known" if episode.onset is None else f"onset {episode.onset}"
    state = began if episode.closed_on is None else f"{began}, closed {episode.closed_on}"
    return IndexEpisode(site=place(episode.site), state=state, phase=_phase(view, as_of))


def _phase(view: EpisodeView, as_of: date) -> str:
    course = view.course
    if isinstance(course, InsufficientData):
        return f"insufficient data: {course.reason}"
    if not course.resembles_known:
        return "looks like none of the known kinds of course"
    if not course.resembles_expected:
        kind = load_sentences().word("course_class", course.most_likely_class)
        return f"not an expected course; {kind} {probability(course.class_probabilities[course.most_likely_class])}"
    last = view.last_fitted or as_of  # a fit rests on scores
    if (as_of - last).days > load_edition().value("silence_days"):
        # The course alone would give a phase; of the patient nothing is known any more.
        return f"not known: no score since {last}"
    return f"{load_sentences().word('phase', course.phase)}, {probability(course.phases[course.phase])}"
