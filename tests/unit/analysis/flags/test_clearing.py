"""What is said to clear a flag clears it when it comes."""

import numpy as np
import pytest

from tracker.analysis.flags.finding import find_flags
from tracker.analysis.flags.rules import REMEASURE
from tracker.analysis.observations import OnsetStatement
from tracker.clinical.vocabulary import Instrument

ONSET = OnsetStatement(0)
SUSPECTED = {
    "a long plateau": ((30, 6), (60, 8), (95, 8), (130, 8), (165, 8)),
    "pain that stays": ((30, 6), (60, 8), (95, 7), (150, 5), (200, 4), (250, 4), (275, 4)),
    "over early": ((15, 6), (40, 5), (70, 2)),
}


def raised(library, observed, *rows, **options):
    flags = find_flags(observed(*rows, **options), ONSET, as_of_day=rows[-1][0], library=library)
    return [flag for flag in flags if flag.is_raised and flag.code != REMEASURE]


@pytest.mark.parametrize("name", SUSPECTED)
def test_every_promised_score_on_every_promised_day_clears_every_flag(name, library, observed):
    rows = SUSPECTED[name]
    (flag, *_) = raised(library, observed, *rows)
    promise = flag.clears_if
    assert promise is not None
    days = np.linspace(promise.first_day, promise.last_day, 4).astype(int).tolist()
    for day in days:
        for score in range(promise.low, promise.high + 1):
            assert raised(library, observed, *rows, (day, score)) == [], (day, score)


@pytest.mark.parametrize("name", SUSPECTED)
def test_a_score_just_outside_the_promise_does_not_clear_on_its_first_day(name, library, observed):
    rows = SUSPECTED[name]
    (flag, *_) = raised(library, observed, *rows)
    promise = flag.clears_if
    outside = [score for score in (promise.low - 1, promise.high + 1) if 0 <= score <= 10]
    ends = {promise.first_day, promise.last_day}
    still = [score for score in outside if any(raised(library, observed, *rows, (day, score)) for day in ends)]
    assert still == outside


def test_a_plateau_that_is_past_all_doubt_cannot_be_cleared_by_one_score(library, observed):
    rows = ((30, 6), (60, 8), (95, 8), (130, 8), (165, 8), (200, 8), (240, 8), (280, 8))
    (flag,) = raised(library, observed, *rows)
    assert (flag.code, flag.clears_if) == ("prolonged_plateau", None)


def test_a_lower_score_than_promised_would_not_be_believed_at_once(library, observed):
    rows = SUSPECTED["a long plateau"]
    (flag,) = raised(library, observed, *rows)
    promise = flag.clears_if
    assert promise.is_odd_below
    flags = find_flags(
        observed(*rows, (promise.first_day, promise.low - 2)), ONSET, as_of_day=promise.first_day, library=library
    )
    assert "remeasure" in {flag.code for flag in flags if flag.is_raised}


def test_on_the_visual_scale_the_promise_is_in_millimetres(library, observed):
    rows = [(day, 10 * score) for day, score in SUSPECTED["a long plateau"]]
    (flag, *_) = raised(library, observed, *rows, instrument=Instrument.VAS)
    assert flag.clears_if.instrument is Instrument.VAS
    assert flag.clears_if.high in range(10, 101, 10)
