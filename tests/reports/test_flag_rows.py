"""Flags in words: one made by hand, every word checked."""

from dataclasses import replace

import pytest

from reports.flag_rows import flag_rows
from tracker.analysis.flags.clearing import ClearsIf
from tracker.analysis.flags.finding import EvidenceVisit, Flag
from tracker.analysis.flags.states import FlagEvent, FlagState
from tracker.clinical.vocabulary import Instrument

PROMISE = ClearsIf(Instrument.NRS, 3, 4, 172, 235, is_odd_below=True, is_odd_above=False)
FLAG = Flag(
    code="prolonged_plateau",
    rule_version="1",
    state=FlagState.SUSPECTED,
    probability=0.81,
    since_day=165,
    events=(FlagEvent("prolonged_plateau", FlagState.SUSPECTED, 165, 0.81),),
    evidence=(EvidenceVisit(165, ((Instrument.NRS, 8),), 3.3, 1.05, 6.45, 5.7),),
    clears_if=PROMISE,
)


@pytest.fixture
def rows(patient, fit, edition, sentences):
    """Rows of an episode with these flags, day 0 being 1 January 2026."""

    def of(*flags):
        one = patient().episode(fit, onset="2026-01").view().episodes[0]
        return flag_rows(replace(one, flags=flags), edition, sentences)

    return of


def test_a_flag_says_its_state_its_visits_and_what_would_clear_it(rows):
    (row,) = rows(FLAG)
    assert (row.label, row.state, row.is_raised) == ("prolonged plateau", "suspected", True)
    assert row.history == "suspected 2026-06-15 (81 %)"
    assert row.evidence == "2026-06-15 scored 8, expected 3.3 (1.1 to 6.5)"
    assert row.clears == (
        "A score from 3 to 4 at a visit from 2026-06-22 to 2026-08-24 would clear it. "
        "A lower one would ask for a second score first."
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 4, "A score of 4 or less at"),
        (6, 10, "A score of 6 or more at"),
        (0, 10, "Any score at"),
        (5, 5, "A score of 5 at"),
    ],
)
def test_the_promised_scores_are_said_as_staff_would(rows, low, high, words):
    (row,) = rows(replace(FLAG, clears_if=replace(PROMISE, low=low, high=high)))
    assert row.clears.startswith(words)


def test_a_flag_that_nothing_clears_says_for_how_long_that_was_looked_for(rows):
    (row,) = rows(replace(FLAG, clears_if=None))
    assert row.clears == "No single score of the next 26 weeks would bring this course back to the expected one."


def test_a_score_on_the_visual_scale_names_it(rows):
    on_vas = replace(FLAG, evidence=(replace(FLAG.evidence[0], scores=((Instrument.VAS, 82),)),))
    assert rows(on_vas)[0].evidence == "2026-06-15 scored VAS 82, expected 3.3 (1.1 to 6.5)"


def test_a_flag_without_a_name_that_found_one_says_which(rows):
    events = (
        FlagEvent("atypical_unspecified", FlagState.SUSPECTED, 130, 0.8),
        FlagEvent("atypical_unspecified", FlagState.CLEARED, 165, 0.0),
    )
    nameless = replace(FLAG, code="atypical_unspecified", state=FlagState.CLEARED, events=events, clears_if=None)
    row = rows(FLAG, nameless)[1]
    assert row.history == "suspected 2026-05-11 (80 %), cleared 2026-06-15"
    assert row.clears == "It has a name since: prolonged plateau."


def test_an_odd_score_is_answered_by_a_second_one(rows):
    (row,) = rows(replace(FLAG, code="remeasure", clears_if=None))
    assert row.clears == "A second score decides: one that agrees with the course leaves this one aside."
