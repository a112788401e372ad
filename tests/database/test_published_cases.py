"""Every published case in the record, on both engines: nothing is lost on the way."""

import re
from datetime import UTC, datetime

import pytest

from tracker.clinical.published import CASES_FILE, published_cases, published_sha256
from tracker.clinical.vocabulary import Sex
from tracker.database import ledger, queries
from tracker.database.ledger import Origin
from tracker.database.session import open_database
from tracker.errors import ConflictError
from tracker.service.published import load_published_cases

ENGINES = ("sqlite", "postgresql")
CASES = {case["id"]: case for case in published_cases()}
ORIGIN = Origin(datetime(2026, 3, 10, 12, 0, tzinfo=UTC), "ana", "demo", "0.1.0")
PARTS = ("sites", "pain", "imaging", "vitamin_d", "labs", "treatments", "migration_events")
NORMAL = {True: ", normal", False: ", not normal"}
TYPICAL = {True: "yes", False: "no", "unclear": "unclear"}


def leaves(value, name=""):
    """Walk to every string, number and truth value that is stated, with its name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)
    elif value is not None:
        yield name, value


def stands_in(name, value, line):
    """Whether a note line says a leaf; a number as a whole number word, not as digits of another one."""
    if name == "derived":
        return ("worked out from stated times" in line) is value
    if name == "normal":
        return NORMAL[value] in line
    if isinstance(value, str):
        return value in line
    return re.search(rf"(?<![\d.-]){re.escape(f'{value:g}')}(?![\d-]|\.\d)", line) is not None


def lines(record):
    return [line for note in record.notes for line in note.text.splitlines()]


@pytest.fixture(scope="module", params=ENGINES)
def database(request, new_database):
    """A record with every case, which no test of this file may change."""
    with open_database(new_database(request.param)) as opened:
        yield opened


@pytest.fixture(scope="module")
def loaded(database):
    reports = load_published_cases(database, ORIGIN)
    with database.reading() as connection:
        records = {case_id: queries.patient_record(connection, case_id) for case_id in CASES}
    return reports, records


def test_every_leaf_of_every_case_is_in_the_record(loaded):
    """Leaves of one entry, such as a score with its month and scale, must stand together on one line."""
    _, records = loaded
    lost = []
    for case_id, case in CASES.items():
        said = lines(records[case_id])
        for part in PARTS:
            lost += [
                (case_id, entry)
                for entry in case[part]
                if not any(all(stands_in(name, value, line) for name, value in leaves(entry)) for line in said)
            ]
        alone = {name: value for name, value in case.items() if name not in (*PARTS, "sex", "typical")}
        lost += [
            (case_id, name, value)
            for name, value in leaves(alone)
            if not any(stands_in(name, value, line) for line in said)
        ]
        assert f"Typical course in the view of the transcription: {TYPICAL[case['typical']]}. " in "\n".join(said)
        assert records[case_id].sex == (case["sex"] or Sex.UNKNOWN)
    assert lost == []


@pytest.mark.parametrize(
    ("line", "number", "is_there"),
    [
        ("at month 2, x", 2, True),
        ("on 2000-01-02", 2, False),
        ("at month 0.2", 2, False),
        ("at month 2.5", 2, False),
        ("at month 2.", 2, True),
        ("VAS 0-10: 12", 2, False),
    ],
)
def test_the_search_for_a_number_cannot_be_fooled_by_digits(line, number, is_there):
    assert stands_in("month", number, line) is is_there


def test_a_report_counts_what_the_record_holds(loaded):
    reports, records = loaded
    assert [report.case_id for report in reports] == list(CASES)
    for report in reports:
        record = records[report.case_id]
        assert (
            report.n_episodes,
            report.n_visits,
            report.n_scores,
            report.n_vitamin_d,
            report.n_findings,
            report.n_labs,
            report.n_treatments,
            report.n_pregnancy,
            report.n_notes,
        ) == tuple(
            len(facts)
            for facts in (
                record.episodes,
                record.visits,
                record.pain_scores,
                record.vitamin_d,
                record.imaging,
                record.labs,
                record.treatments,
                record.pregnancy,
                record.notes,
            )
        )
        assert record.until(report.last_day) == record


def test_every_patient_says_where_the_dates_come_from(loaded):
    _, records = loaded
    for record in records.values():
        assert "placeholder day 2000-01-01" in record.notes[0].text


def test_a_closed_episode_says_why(loaded):
    _, records = loaded
    closed = {
        (case_id, episode.site, episode.closing_reason)
        for case_id, record in records.items()
        for episode in record.episodes
        if episode.closed_on is not None
    }
    assert closed == {
        ("RM01", "knee-right", "pain resolved, as published"),
        ("PR05", "hip-left", "pain resolved, as published"),
        ("TH09", "hip-left", "pain resolved, as published"),
        ("LA04", "ankle-left", "pain resolved, as published"),
    }


def test_each_entry_names_its_source_and_the_ledger_holds(loaded, database):
    with database.reading() as connection:
        entries = ledger.list_entries(connection)
        verified = ledger.verify(connection)
    assert {(entry.source_name, entry.source_sha256) for entry in entries} == {(CASES_FILE.name, published_sha256())}
    assert (verified.n_entries, verified.problems) == (len(entries), ())


def test_a_second_time_is_refused_and_changes_nothing(loaded, database):
    with pytest.raises(ConflictError, match="There already is a patient 'FA01'"):
        load_published_cases(database, ORIGIN)
    with database.reading() as connection:
        assert {case_id: queries.patient_record(connection, case_id) for case_id in CASES} == loaded[1]


def test_the_printed_line_says_what_is_stored_and_what_is_not(loaded):
    reports, _ = loaded
    assert {report.case_id: report.in_words() for report in reports}["LA17"] == (
        "LA17 (look-alike): stored 1 episode, 1 visit, 1 vitamin D result, 2 treatments, 2 notes, "
        "month 0 laid on 2000-01-01. "
        "Not held yet, kept as notes: age 56 (no year of birth stated); "
        "bones at left hip (femoral neck, femoral head); 2 imaging statements in words."
    )
    assert {report.case_id: report.in_words() for report in reports}["RM05"] == (
        "RM05 (regional migratory osteoporosis): stored 1 note. Not held yet, kept as notes: "
        "2 sites without a side (knee, knee); 1 site migration."
    )
