"""The threshold of an unnamed course keeps the share of false alarms to the budget."""

from math import inf

import pytest

from tracker.analysis.flags.rules import FLAG_CODES
from tracker.analysis.flags.states import Threshold
from tracker.analysis.operating.thresholds import choose_unspecified

GIVEN = dict.fromkeys(FLAG_CODES, Threshold(0.4, 0.85)) | {"remeasure": Threshold(0.5, inf)}


@pytest.fixture
def typical(reading, look):
    """A thousand readings, atypical with probability 0.001, 0.002 ... 1; no class has more than half of it."""
    return [
        reading("expected", look(60, late_peak=p / 4, relapse=p / 2, fluctuating=p / 4))
        for p in (number / 1000 for number in range(1, 1001))
    ]


def test_the_lowest_threshold_that_surely_keeps_to_the_budget(typical):
    chosen, share = choose_unspecified(typical, GIVEN, budget=0.05)
    # by hand: from 0.96 4.1 % have a flag, with 1.645 standard errors 5.1 %; from 0.97 3.1 %, with them 4.0 %
    assert chosen["atypical_unspecified"].suspected == pytest.approx(0.97)
    assert share == pytest.approx(0.031, abs=0.001)  # the one on the threshold may be rounded below it


def test_nothing_else_changes(typical):
    chosen, _ = choose_unspecified(typical, GIVEN, budget=0.05)
    assert {code: one for code, one in chosen.items() if code != "atypical_unspecified"} == {
        code: one for code, one in GIVEN.items() if code != "atypical_unspecified"
    }
    assert chosen["atypical_unspecified"].confirmed == 0.85


def test_classes_that_alone_exceed_the_budget_are_refused(reading, look):
    readings = [reading("expected", look(60, late_peak=0.5)) for _ in range(100)]
    with pytest.raises(ValueError, match=r"no threshold keeps the share of false alarms to 0\.05"):
        choose_unspecified(readings, GIVEN, budget=0.05)


def test_it_is_never_below_that_of_the_classes(reading, look):
    quiet = [reading("expected", look(60)) for _ in range(100)]
    chosen, share = choose_unspecified(quiet, GIVEN, budget=0.05)
    assert (chosen["atypical_unspecified"].suspected, share) == (0.4, 0)
