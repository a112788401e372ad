"""Flags of many episodes, looked at quickly: those of looks at every visit day, without courses drawn anew."""

import numpy as np
import pytest

from tracker.analysis.batch.library import tables_of
from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.flags.looks import looks_at
from tracker.analysis.flags.quick_flags import QuickFlags
from tracker.analysis.flags.states import FlagState, course_of_flags, flag_thresholds
from tracker.analysis.library import course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Instrument

# single precision, against double
ROUNDING = 1e-4

EPISODES = {
    "expected": ([20, 60, 120, 200], [5, 7, 5, 2], OnsetStatement(0)),
    "long plateau": ([20, 60, 100, 150, 200, 260], [5, 8, 8, 8, 8, 8], OnsetStatement(30)),
    "about a day": ([20, 60, 100, 150, 200, 260], [5, 8, 8, 8, 8, 8], OnsetStatement(0, about=True)),
    "second rise": ([20, 60, 120, 170, 220, 240, 260], [6, 8, 3, 1, 6, 8, 8], OnsetStatement(0)),
    "one odd score": ([20, 60, 120, 200, 220], [5, 7, 5, 2, 10], OnsetStatement(0)),
    "two of a day": ([20, 60, 60, 150, 200, 260], [5, 8, 6, 8, 8, 8], OnsetStatement(0)),
    "all zero": ([20, 60], [0, 0], OnsetStatement(0)),
    "one visit": ([20], [8], OnsetStatement(0)),
}


@pytest.fixture(scope="module")
def library():
    return course_library(load_edition())


@pytest.fixture(scope="module")
def quick(library):
    return QuickFlags(tables_of(library))


@pytest.mark.parametrize("name", EPISODES)
def test_they_are_those_of_looks_at_every_visit_day(library, quick, name):
    days, scores, onset = EPISODES[name]
    seen = Observations(np.array(days), np.array(scores, dtype=float), (Instrument.NRS,) * len(days))
    looks = [look for look, _ in looks_at(seen, onset, library=library, refine=False)]
    standing = {}
    for event in course_of_flags(looks, flag_thresholds(library.edition)):
        since = event.day if event.state is FlagState.SUSPECTED else standing[event.code][1]
        standing[event.code] = (event.state, since)
    raised = {code: found for code, found in standing.items() if found[0] is not FlagState.CLEARED}
    found = {flag.code: (flag.state, flag.since_day) for flag in quick.of_episode(seen, onset)}
    assert found == raised
    for flag in quick.of_episode(seen, onset):
        if flag.code == "prolonged_plateau":
            assert flag.probability == pytest.approx(
                looks[-1].class_probabilities[CLASS_NAMES.index(flag.code)], abs=ROUNDING
            )


def test_a_score_on_the_other_scale_counts_too(quick):
    days, scores, onset = EPISODES["long plateau"]
    in_mm = Observations(np.array(days), np.array(scores) * 10.0, (Instrument.VAS,) * len(days))
    assert {flag.code for flag in quick.of_episode(in_mm, onset)} == {"prolonged_plateau"}
