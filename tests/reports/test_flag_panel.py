"""Raised flags with their life, and the head of the page where something is off or nothing can be said."""

from dataclasses import replace

import pytest

from reports.case_panels import CausePanel
from reports.flag_panel import flag_panel, waiting_alerts
from reports.header_strip import header_strip
from reports.paper import paper_sheet
from tests.reports.test_flag_rows import FLAG
from tracker.analysis.alerts.finding import alerts_of_view
from tracker.analysis.alerts.life import about, evidence_hash, evidence_until
from tracker.clinical.case_record import FlagDecision
from tracker.clinical.vocabulary import FlagDecisionWord
from tracker.dates import PartialDate


@pytest.fixture
def flagged(patient, fit):
    """Give a view with one course flag raised, and a way to decide on it."""
    made = patient().pain("2026-02-10", 6).pain("2026-06-15", 8).episode(fit())
    view = made.view()
    return replace(view, episodes=(replace(view.episodes[0], flags=(FLAG,)),))


def decided(view, edition, word, *, state=None, reason="cast off late"):
    """Record a decision on the only flag, as if it had been in `state` then."""
    (alert,) = alerts_of_view(view, edition=edition)
    until = evidence_until(alert)
    decision = FlagDecision(
        row_id=1,
        entry_id=1,
        flag=alert.code,
        rule_version=alert.rule_version,
        about=about(alert),
        episode_id=alert.episode_id,
        decision=word,
        reason=reason,
        flag_state=state or alert.state,
        evidence_until=until,
        evidence_hash=evidence_hash(alert, until),
        decided_on=PartialDate.parse("2026-06-16"),
    )
    return replace(view, record=replace(view.record, flag_decisions=(decision,)))


def strip_of(view, edition, sentences, causes=()):
    return header_strip(view, edition, flag_panel(view, edition, sentences), causes, sentences)


def test_a_course_flag_says_its_state_its_evidence_and_what_would_clear_it(flagged, edition, sentences):
    (row,) = flag_panel(flagged, edition, sentences).rows
    assert (row.kind, row.label, row.where, row.state, row.staff) == (
        "Course flag",
        "prolonged plateau",
        "left ankle",
        "suspected",
        "open",
    )
    assert row.evidence == "suspected 2026-06-15 (81 %). 2026-06-15 scored 8, expected 3.3 (1.1 to 6.5)"
    assert row.clears.startswith("A score from 3 to 4")
    off = strip_of(flagged, edition, sentences)[1].lines[0]
    assert off.words == "Course flag: prolonged plateau, left ankle (suspected), open, since 2026-06-15"
    assert off.tone == "alarm"


@pytest.mark.parametrize(
    ("word", "state", "staff", "said", "is_waiting"),
    [
        (FlagDecisionWord.ACKNOWLEDGED, None, "acknowledged", "Acknowledged on 2026-06-16: cast off late.", False),
        (FlagDecisionWord.DISMISSED, None, "dismissed", "Dismissed on 2026-06-16: cast off late.", False),
        (
            FlagDecisionWord.DISMISSED,
            "confirmed",
            "open again",
            "Dismissed on 2026-06-16: cast off late. Open again, as it was confirmed and is now suspected.",
            True,
        ),
    ],
)
def test_what_staff_decided_is_said_with_whether_it_still_stands(
    flagged, edition, sentences, word, state, staff, said, is_waiting
):
    view = decided(flagged, edition, word, state=state)
    (row,) = flag_panel(view, edition, sentences).rows
    assert (row.staff, row.decided, row.is_waiting) == (staff, said, is_waiting)
    assert bool(waiting_alerts(view, edition)) is is_waiting
    line = strip_of(view, edition, sentences)[1].lines[0]
    assert line.tone == ("alarm" if is_waiting else "quiet")
    assert line.evidence.endswith(said)


def test_scores_of_no_known_kind_of_course_are_off_at_first_sight(patient, fit, edition, sentences):
    unknown = fit(resembles_known=False, resembles_expected=False, surprising_days=(40, 69))
    view = patient().pain("2026-02-10", 6).pain("2026-11-01", 9).episode(unknown).view()
    (line,) = strip_of(view, edition, sentences)[0].lines
    assert (line.words, line.tone) == ("Left ankle: no known kind of course", "alarm")
    (row,) = paper_sheet(view, edition, (), (), sentences).rows
    assert row == ("Left ankle", "2026-01", "2", "–", "–", "–")


def test_without_a_resolution_day_the_sheet_has_a_dash(patient, fit, edition, sentences):
    view = patient().pain("2026-11-01", 6).episode(fit(resolution_day=None)).view()
    (row,) = paper_sheet(view, edition, (), (), sentences).rows
    assert row[3:] == ("regression 70 %", "–", "expected course 90 %")


def test_a_differential_that_is_complete_is_said_quietly(patient, edition, sentences):
    done = CausePanel("Left ankle", (), 13, 0, (), (), (), ())
    found = CausePanel("Right hip", (), 13, 1, (), ("infection",), (), ())
    lines = strip_of(patient().view(), edition, sentences, (done, found))[2].lines
    assert [(line.words, line.tone) for line in lines] == [
        ("Left ankle: all 13 causes excluded", "quiet"),
        ("Right hip: 1 of 13 causes not excluded", "alarm"),
    ]
    assert lines[1].evidence == "present: infection"
