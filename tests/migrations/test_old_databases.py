"""A record of every released revision is upgraded, read, and written to."""

import pytest

from tracker.clinical.vocabulary import CauseState, MissingReason, Presence
from tracker.database import backups, ledger, queries, releases, schema
from tracker.database.revisions import current_revision
from tracker.database.session import connect_file, open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request, old_database):
    """The old record in its file, or restored to a server."""
    if request.param == "sqlite":
        return f"sqlite:///{old_database}"
    url = request.getfixturevalue("postgres_server")(with_tables=False)
    backups.restore(old_database, url)
    return url


@pytest.fixture
def revision(old_database):
    """The schema revision that the old record was at."""
    with connect_file(old_database) as database, database.reading() as connection:
        return current_revision(connection)


def test_an_old_record_is_upgraded_read_and_written_to(old_url, revision, tmp_path, fill):
    schema.upgrade(old_url, backup_dir=tmp_path / "backups", stamp="x")
    with open_database(old_url) as database:
        with database.reading() as connection:
            record = queries.patient_record(connection, "OLD-1")
            known_before = queries.patient_record(connection, "OLD-1", known_until=4)
        # what scripts/make_old_database.py wrote: 7, amended to 8, the amendment undone, so that 7 is back in its place
        assert [(score.score, score.missing_reason) for score in record.pain_scores] == [
            (7, None),
            (None, MissingReason.REFUSED),
        ]
        assert [score.score for score in known_before.pain_scores] == [None, 8]
        assert [str(visit.visit_date) for visit in record.visits] == ["2026-03-01/2026-03-09"]
        assert [str(episode.onset) for episode in record.episodes] == ["~2026-01-10"]
        assert [(result.value, result.comparator) for result in record.vitamin_d] == [(12.5, "<")]
        assert [finding.edema_percent for finding in record.imaging] == [40.0]
        assert (record.notes, [note.text for note in known_before.notes]) == ((), ["Geht an Krücken."])
        assert [result.value for result in record.labs] == ([] if revision == "0001" else [31.0, None])
        n_entries = {"0001": 6, "0004": 8}.get(revision, 7)
        assert fill(database).entry_id == n_entries + 1
        with database.reading() as connection:
            report = ledger.verify(connection)
        assert (report.n_entries, report.problems) == (n_entries + 1, ())


def test_a_case_is_held_whole_since_revision_0002(old_url, revision, tmp_path):
    schema.upgrade(old_url, backup_dir=tmp_path / "backups", stamp="x")
    with open_database(old_url) as database, database.reading() as connection:
        record = queries.patient_record(connection, "OLD-1")
    if revision == "0001":
        assert (record.treatments, record.differential, record.checklist_items, record.pregnancy) == ((), (), (), ())
        return
    (treatment,) = record.treatments
    assert (treatment.treatment, str(treatment.ended), [dose.dose for dose in treatment.doses]) == (
        "ibandronate",
        "2026-03",
        [150.0],
    )
    assert [score.score for score in record.function_scores] == [62.0]
    assert [(verdict.cause, verdict.state) for verdict in record.differential] == [("infection", CauseState.EXCLUDED)]
    assert [item.presence for item in record.checklist_items] == [Presence.NOT_EXAMINED]
    assert [status.gestational_week for status in record.pregnancy] == [30]
    assert [one.reason for one in record.flag_decisions] == ([] if revision == "0002" else ["a cold"])


def test_what_left_is_said_since_revision_0004(old_url, revision, tmp_path):
    schema.upgrade(old_url, backup_dir=tmp_path / "backups", stamp="x")
    with open_database(old_url) as database, database.reading() as connection:
        secret = releases.release_secret(connection, "paper")
        newest = releases.last_clinical_entry(connection)
        assert (secret, newest) == (("5" * 64, 7) if revision == "0004" else (None, 6 if revision == "0001" else 7))
