"""Edition and library once; short ways to write scores, episodes and records."""

from datetime import date

import numpy as np
import pytest

from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations
from tracker.analysis.views import Provenance
from tracker.clinical.record import Episode, PainScore, PatientRecord, Visit
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Aspect, Instrument, Sex
from tracker.dates import PartialDate


@pytest.fixture(scope="session")
def edition():
    return load_edition()


@pytest.fixture(scope="session")
def library(edition):
    return course_library(edition)


@pytest.fixture(scope="session")
def observed():
    """Observations from pairs of day and score."""

    def make(*rows, instrument=Instrument.NRS):
        days, scores = zip(*rows, strict=True) if rows else ((), ())
        return Observations(
            np.array(days, dtype=np.int64), np.array(scores, dtype=np.float64), (instrument,) * len(rows)
        )

    return make


@pytest.fixture
def episode():
    """An episode from its site and onset."""

    def make(site="ankle-left", onset="2026-01-10", *, episode_id=1, closed_on=None):
        return Episode(
            episode_id=episode_id,
            entry_id=1,
            site=site,
            onset=None if onset is None else PartialDate.parse(onset),
            mode=None,
            closed_on=None if closed_on is None else PartialDate.parse(closed_on),
            closing_reason=None,
        )

    return make


@pytest.fixture
def scores():
    """Scores from rows of day, value and, if not the usual ones, site, instrument, aspect; a visit per day."""

    def make(*rows, site="ankle-left"):
        made, visits = [], {}
        for row_id, (day, value, *rest) in enumerate(rows, start=1):
            given = dict(zip(("site", "instrument", "aspect"), rest, strict=False))
            made.append(
                PainScore(
                    row_id=row_id,
                    entry_id=1,
                    visit_id=visits.setdefault(day, len(visits) + 1),
                    visit_date=PartialDate.parse(day),
                    site=given.get("site", site),
                    instrument=Instrument(given.get("instrument", "nrs")),
                    aspect=Aspect(given.get("aspect", "overall")),
                    score=value,
                    missing_reason=None if value is not None else "refused",
                )
            )
        return tuple(made)

    return make


@pytest.fixture
def record():
    """A patient's record of these episodes and scores."""

    def make(episodes, scores):
        visits = {score.visit_id: Visit(score.visit_id, 1, score.visit_date) for score in scores}
        return PatientRecord(
            patient_id=1,
            patient_code="P001",
            clinic_code="default",
            sex=Sex.FEMALE,
            birth=None,
            last_entry_id=7,
            episodes=tuple(episodes),
            visits=tuple(visits.values()),
            pain_scores=tuple(scores),
            vitamin_d=(),
            imaging=(),
            notes=(),
        )

    return make


@pytest.fixture
def provenance(edition):
    """Provenance of a view as of a day."""

    def make(as_of):
        return Provenance("0.1.0", "0001", edition.name, edition.sha256, date.fromisoformat(as_of), 7)

    return make
