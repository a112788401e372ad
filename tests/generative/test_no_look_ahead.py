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


def answer(rows, onset, library):
    """The fit, its class probabilities among the rest, and the flags with their whole history."""
    observations = Observations(
        np.array([day for day, _ in rows], dtype=np.int64),
        np.array([score for _, (_, score) in rows], dtype=np.float64),
        tuple(instrument for _, (instrument, _) in rows),
    )
    fit = fit_course(observations, onset, as_of_day=AS_OF_DAY, library=library)
    return pickle.dumps(fit), pickle.dumps(find_flags(observations, onset, as_of_day=AS_OF_DAY, library=library))


@given(
    seen=visits(-30, AS_OF_DAY, 0),
    later=visits(AS_OF_DAY + 1, 1500, 1),
    onset=st.builds(OnsetStatement, span_days=st.integers(0, 365), about=st.booleans()),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_later_visits_never_change_the_fit_and_the_flags_of_a_day(library, seen, later, onset, order):
    mixed = [*seen, *later]
    order.shuffle(mixed)
    assert answer(mixed, onset, library) == answer(seen, onset, library)
