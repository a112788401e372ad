"""Undo, whatever went before: the state afterwards is the state before, and nothing is deleted."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.database.session import open_database
from tracker.errors import ConflictError

SITES = ("talus-left", "talus-right", "calcaneus-left")
CODES = itertools.count()
TABLES = ("patient_details", "visit_details", "pain_score", "note", "visit", "patient", "ledger_entry")

KINDS = ("visit", "score", "amend", "void", "void_scores", "void_visit", "note", "undo")
# each step picks one of what there is, by a number taken modulo how many there are
STEP = st.tuples(st.sampled_from(KINDS), st.integers(0, 30))
STEPS = st.lists(STEP, min_size=1, max_size=8)
QUIET = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def record(request, new_database, recorder):
    with open_database(new_database(request.param)) as database:
        yield recorder(database)


class Clinic:
    """A patient and what was done to it, by steps that the ledger takes or refuses."""

    def __init__(self, record):
        self.record = record
        self.patient_id = record.patient(f"P-{next(CODES)}").made
        self.visits, self.entries = [], []

    def take(self, step, number):
        """Do one step; give the entry, or None where there is nothing to do it to or it is refused."""
        try:
            made = getattr(self, step)(number)
        except ConflictError:
            return None
        if made is not None:
            self.entries.append(made.entry_id)
        return made

    def current(self):
        return self.record.current(self.patient_id)

    def scores(self):
        """Give (row id, visit, site) of what can be amended: copies that an undo made among them."""
        return [
            (row_id, visit_id, site) for visit_id in self.visits for row_id, site in self.record.score_rows(visit_id)
        ]

    def visit(self, number):
        """Record a visit with one to three scores, so that an entry has several rows of one table."""
        scores = {site: (number + rank) % 11 for rank, site in enumerate(SITES[: number % 3 + 1])}
        made = self.record.visit(self.patient_id, f"2026-03-{number % 28 + 1:02}", scores)
        self.visits.append(made.made.visit_id)
        return made

    def score(self, number):
        if not self.visits:
            return None
        visit_id, site = self.visits[number % len(self.visits)], SITES[number % 3]
        if not self.record.row_ids("visit_details", visit_id):
            return None  # the services refuse a score for a visit that was taken back
        return self.record.score(visit_id, site, number % 11)

    def amend(self, number):
        if not (scores := self.scores()):
            return None
        row_id, visit_id, site = scores[number % len(scores)]
        return self.record.amend(row_id, visit_id, site, (number * 7) % 11)

    def void(self, number):
        scores = self.scores()
        return self.record.void("pain_score", scores[number % len(scores)][0]) if scores else None

    def void_visit(self, number):
        """Take a whole visit back: its date and its current scores."""
        if not self.visits:
            return None
        visit_id = self.visits[number % len(self.visits)]

        def draw(draft):
            for table in ("visit_details", "pain_score"):
                for row_id in self.record.row_ids(table, visit_id):
                    draft.retract(table, row_id)

        return self.record.entry(draw, "visit void") if self.record.row_ids("visit_details", visit_id) else None

    def void_scores(self, number):
        """Take every score of a visit back, and leave the visit."""
        if not self.visits:
            return None
        row_ids = self.record.row_ids("pain_score", self.visits[number % len(self.visits)])

        def draw(draft):
            for row_id in row_ids:
                draft.retract("pain_score", row_id)

        return self.record.entry(draw, "visit void") if row_ids else None

    def note(self, number):
        values = {"patient_id": self.patient_id, "text": f"note {number}"}
        return self.record.entry(lambda draft: draft.record("note", values))

    def undo(self, number):
        return self.record.undo(self.entries[number % len(self.entries)]) if self.entries else None


def counts(record):
    return [record.count(table) for table in TABLES]


@QUIET
@given(STEPS, STEP)
def test_undo_gives_back_the_state_before_and_its_undo_the_state_after(record, steps, last):
    clinic = Clinic(record)
    for step in steps:
        clinic.take(*step)
    before, n_before = clinic.current(), counts(record)
    made = clinic.take(*last)
    after = clinic.current()
    if made is None:
        assert (after, counts(record)) == (before, n_before)
        return
    undone = record.undo(made.entry_id)
    assert clinic.current() == before
    redone = record.undo(undone.entry_id)
    assert clinic.current() == after
    record.undo(redone.entry_id)
    assert clinic.current() == before
    assert all(now >= then for now, then in zip(counts(record), n_before, strict=True))


@QUIET
@given(STEPS)
def test_undoing_every_entry_from_the_newest_back_gives_back_the_beginning(record, steps):
    clinic = Clinic(record)
    beginning = clinic.current()
    for step in steps:
        if step[0] != "undo":
            clinic.take(*step)
    for entry_id in reversed(clinic.entries):
        record.undo(entry_id)
    assert clinic.current() == beginning


@QUIET
@given(STEPS, st.integers(0, 30))
def test_undoing_an_older_entry_is_done_whole_or_refused_whole(record, steps, number):
    """Done, then no later entry in force depends on it: the record without it is the same."""
    clinic = Clinic(record)
    for step in steps:
        clinic.take(*step)
    if not clinic.entries:
        return
    before, n_before = clinic.current(), counts(record)
    undone = clinic.take("undo", number)
    if undone is None:
        assert (clinic.current(), counts(record)) == (before, n_before)
    else:
        assert record.dangling() == []
        record.undo(undone.entry_id)
        assert clinic.current() == before


def test_the_ledger_holds_after_all_that(record):
    Clinic(record).visit(1)
    assert record.verify().problems == ()
