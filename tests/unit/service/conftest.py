"""A record of one patient, P-07, and short ways to write to it."""

import shutil
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tracker.clinical.vocabulary import Aspect, Instrument
from tracker.database.ledger import Origin
from tracker.database.session import open_database
from tracker.dates import PartialDate
from tracker.service import episodes, patients, visits
from tracker.service.new_facts import NewScore, NewVisit


@pytest.fixture
def date_of():
    """Give the reader of partial dates."""
    return PartialDate.parse


@pytest.fixture
def score():
    """Give `score(site, value)`: an overall NRS score unless said otherwise."""

    def make(site, value, aspect=Aspect.OVERALL, instrument=Instrument.NRS):
        return NewScore(site, instrument, aspect, value)

    return make


@pytest.fixture
def clinic(sqlite_template, tmp_path, score):
    """A new record that holds P-07 without sex or birth, and what a test does to it."""
    path = tmp_path / "record.db"
    shutil.copy(sqlite_template, path)
    with open_database(f"sqlite:///{path}") as database:
        patients.add_patient(database, patients.NewPatient("P-07"), origin())
        yield SimpleNamespace(
            database=database,
            origin=origin,
            record=lambda code="P-07": patients.read_patient(database, code),
            open=lambda site, onset, **more: episodes.open_episode(
                database, "P-07", episodes.NewEpisode(site, PartialDate.parse(onset)), origin(), **more
            ),
            close=lambda site, day, **more: episodes.close_episode(
                database,
                episodes.EpisodeAt("P-07", site),
                origin(reason="resolved"),
                closed_on=PartialDate.parse(day),
                **more,
            ),
            edit_episode=lambda site, change, **more: episodes.edit_episode(
                database, episodes.EpisodeAt("P-07", site), change, origin(), **more
            ),
            visit=lambda day, *scores, code="P-07", **more: visits.add_visit(
                database, NewVisit(code, PartialDate.parse(day), scores, **more), origin()
            ),
            edit=lambda visit_id, **change: visits.edit_visit(
                database, visit_id, visits.VisitChange(**change), origin()
            ),
        )


def origin(**more):
    """Somebody at noon of 10 August 2026."""
    noon = datetime(2026, 8, 10, 12, tzinfo=UTC)
    return Origin(**{"recorded_at": noon, "recorded_by": "ana", "command": "test", "program_version": "0"} | more)
