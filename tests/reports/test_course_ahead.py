"""The band of the next score and the phases on the calendar: what is shown, what is said, and where nothing is."""

from dataclasses import replace
from datetime import date

import pytest

from reports.course_ahead import ahead_of, drawn_phases
from tests.reports.everything import AHEAD, SPANS
from tracker.clinical.vocabulary import Instrument

LAST = date(2027, 1, 1)


@pytest.fixture
def episode(full_patient):
    """Give the episode of the left ankle, day 0 on 2026-01-01, its last score read on day 212."""
    return replace(full_patient.view().episodes[0], next_scores=AHEAD, phase_spans=SPANS)


def said(episode, sentences, as_of):
    return ahead_of(episode, as_of=as_of, last=LAST, sentences=sentences).spoken


def test_it_is_said_for_the_day_that_is_answered_for(episode, sentences):
    # day 227 is 16 August: 1 to 3, and 0 to 5
    spoken = said(episode, sentences, date(2026, 8, 18))
    assert spoken.clinician.startswith(
        "The next score: taken on 2026-08-18 and nothing seen before it, it should be 1–3 of 10"
    )
    assert "0–5 with at least 95 %" in spoken.clinician
    assert spoken.plain == "If you are asked again, a score of 1–3 out of 10 would fit what you have said so far."


def test_on_the_day_of_the_last_score_it_is_said_for_the_day_after(episode, sentences):
    assert "taken on 2026-08-02" in said(episode, sentences, date(2026, 8, 1)).clinician


def test_long_after_the_last_score_nothing_is_said_but_that(episode, sentences):
    spoken = said(episode, sentences, date(2026, 12, 1))
    assert spoken.clinician == (
        "The next score: the last one is too old to say where it should be; that is said up to 2026-08-30."
    )


def test_what_lies_beyond_the_chart_is_not_drawn(episode, sentences):
    shown = ahead_of(episode, as_of=date(2026, 8, 1), last=date(2026, 8, 10), sentences=sentences)
    assert (shown.drawn.first, shown.drawn.high80) == ("2026-08-02", (4.0, 4.0))
    assert ahead_of(episode, as_of=date(2026, 8, 1), last=date(2026, 8, 1), sentences=sentences) is None


def test_a_band_in_millimeters_is_drawn_at_a_tenth_and_written_in_millimeters(episode, sentences):
    edges = {"low95": (5,), "low80": (12,), "high80": (34,), "high95": (48,)}
    in_mm = replace(AHEAD, instrument=Instrument.VAS, day=(213,), **edges)
    shown = ahead_of(replace(episode, next_scores=in_mm), as_of=date(2026, 8, 2), last=LAST, sentences=sentences)
    assert (shown.drawn.low95, shown.drawn.high95) == ((0.5,), (4.8,))
    assert "12–34 mm of 100 mm (VAS, overall)" in shown.spoken.clinician
    assert [(row.on, row.range80, row.range95) for row in shown.rows] == [("2026-08-02", "12–34", "5–48")]


def test_without_a_band_or_an_onset_there_is_nothing(episode, sentences):
    for without in (replace(episode, next_scores=None), replace(episode, day_zero=None)):
        assert ahead_of(without, as_of=date(2026, 8, 2), last=LAST, sentences=sentences) is None
    assert drawn_phases(replace(episode, day_zero=None), first=date(2026, 1, 1), last=LAST, sentences=sentences) == ()


def test_phases_are_cut_to_the_days_that_are_shown_and_said_in_full(episode, sentences):
    shown = drawn_phases(episode, first=date(2026, 3, 1), last=date(2026, 5, 1), sentences=sentences)
    assert [(phase.label, phase.first, phase.last) for phase in shown] == [
        ("plateau", "2026-03-01", "2026-04-03"),
        ("regression", "2026-04-04", "2026-05-01"),
    ]
    assert shown[0].spoken.clinician == "plateau: the most probable phase from 2026-02-19 to 2026-04-03 (up to 97 %)"
    # a probability of 1 is never claimed
    assert "up to above 99 %" in shown[1].spoken.clinician
