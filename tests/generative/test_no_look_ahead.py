"""A fit as of a day is the same to the last bit whatever is added after that day."""

import pickle

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.analysis.flags.finding import find_flags
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import fit_course
from tracker.clinical.vocabulary import Instrument

AS_OF_DAY = 200
NRS = st.tuples(st.sampled_from([Instrument.NRS]), st.integers(0, 10))
VAS = st.tuples(st.sampled_from([Instrument.VAS]), st.integers(0, 100))


def visits(first, last, least):
    return st.lists(st.tuples(st.integers(first, last), NRS | VAS), min_size=least, max_size=8)


def observations_of(rows):
    return Observations(
        np.array([day for day, _ in rows], dtype=np.int64),
        np.array([score for _, (_, score) in rows], dtype=np.float64),
        tuple(instrument for _, (instrument, _) in rows),
    )


def a_day_seen_and_what_came_later(max_examples):
    """Draw visits up to a day, later ones, an onset, and an order of entry."""
    drawn = given(
        seen=visits(-30, AS_OF_DAY, 0),
        later=visits(AS_OF_DAY + 1, 1500, 1),
        onset=st.builds(OnsetStatement, span_days=st.integers(0, 365), about=st.booleans()),
        order=st.randoms(use_true_random=False),
    )
    return lambda test: settings(max_examples=max_examples, deadline=None, derandomize=True)(drawn(test))


def shuffled(seen, later, order):
    mixed = [*seen, *later]
    order.shuffle(mixed)
    return observations_of(mixed)


@a_day_seen_and_what_came_later(max_examples=60)
def test_later_visits_never_change_the_fit_of_a_day(library, seen, later, onset, order):
    answers = [
        pickle.dumps(fit_course(one, onset, as_of_day=AS_OF_DAY, library=library))
        for one in (shuffled(seen, later, order), observations_of(seen))
    ]
    assert answers[0] == answers[1]


@a_day_seen_and_what_came_later(max_examples=12)  # random scores are drawn anew at every look, which takes its time
def test_later_visits_never_change_the_flags_of_a_day(library, seen, later, onset, order):
    answers = [
        pickle.dumps(find_flags(one, onset, as_of_day=AS_OF_DAY, library=library))
        for one in (shuffled(seen, later, order), observations_of(seen))
    ]
    assert answers[0] == answers[1]
