"""The life of a flag: what staff decided stands until the evidence, the state or the rule changes."""

from dataclasses import replace

import pytest

from tracker.analysis.alerts.alert import Alert, AlertKind
from tracker.analysis.alerts.life import Life, evidence_hash, evidence_until, standing
from tracker.analysis.red_flags.readings import Evidence
from tracker.clinical.case_record import FlagDecision
from tracker.clinical.vocabulary import FlagDecisionWord
from tracker.dates import PartialDate


def on(text):
    return PartialDate.parse(text)


def score(row, day, value):
    return Evidence("pain_score", row, on(day), f"pain ankle-left {value} nrs load")


PLATEAU = Alert(
    AlertKind.COURSE,
    "prolonged_plateau",
    "1",
    "ankle-left",
    3,
    "confirmed",
    on("2026-06-01"),
    0.9,
    (score(1, "2026-03-01", 8), score(2, "2026-06-01", 8)),
)
CRP = Alert(
    AlertKind.RED_FLAG,
    "raised_crp",
    "1",
    None,
    None,
    "raised",
    on("2026-03-01"),
    None,
    (Evidence("lab_result", 7, on("2026-03-01"), "crp 31 mg/L"),),
)


def decided(alert, word):
    until = evidence_until(alert)
    about = alert.site or "patient"
    return FlagDecision(
        row_id=1,
        entry_id=1,
        flag=alert.code,
        rule_version=alert.rule_version,
        about=about,
        episode_id=alert.episode_id,
        decision=FlagDecisionWord(word),
        reason="seen",
        flag_state=alert.state,
        evidence_until=until,
        evidence_hash=evidence_hash(alert, until),
        decided_on=on("2026-06-02"),
    )


@pytest.mark.parametrize("alert", [PLATEAU, CRP], ids=lambda alert: alert.code)
@pytest.mark.parametrize("word", ["acknowledged", "dismissed", "reopened"])
def test_a_decision_stands_while_nothing_changes(alert, word):
    found = standing(alert, [decided(alert, word)])
    assert (found.life, found.changed) == (Life(word), "")


def test_without_a_decision_a_flag_is_open():
    assert standing(CRP, []).life is Life.OPEN
    assert standing(CRP, [decided(PLATEAU, "dismissed")]).life is Life.OPEN


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule_version": "2"}, "the rule has changed from version 1 to 2"),
        ({"state": "suspected"}, "it was confirmed and is now suspected"),
        ({"since": on("2026-08-01")}, "it was raised again on 2026-08-01"),
        ({"evidence": (score(9, "2026-03-01", 8), score(2, "2026-06-01", 8))}, "its evidence has changed"),
        ({"evidence": (score(1, "2026-03-01", 7), score(2, "2026-06-01", 8))}, "its evidence has changed"),
        ({"evidence": (score(2, "2026-06-01", 8),)}, "its evidence has changed"),
    ],
    ids=["rule", "state", "raised again", "another row", "another score", "a score taken back"],
)
def test_a_dismissed_flag_opens_again_and_says_why(change, said):
    found = standing(replace(PLATEAU, **change), [decided(PLATEAU, "dismissed")])
    assert (found.life, found.changed) == (Life.REOPENED, said)


def test_a_later_score_that_leaves_a_course_flag_as_it_was_leaves_the_decision():
    later = replace(PLATEAU, evidence=(*PLATEAU.evidence, score(4, "2026-07-01", 8)), probability=0.95)
    assert standing(later, [decided(PLATEAU, "dismissed")]).life is Life.DISMISSED


def test_a_new_result_opens_a_red_flag_again():
    later = replace(CRP, evidence=(*CRP.evidence, Evidence("lab_result", 8, on("2026-05-01"), "crp 40 mg/L")))
    assert standing(later, [decided(CRP, "dismissed")]).life is Life.REOPENED


def test_the_order_of_the_facts_means_nothing():
    turned = replace(PLATEAU, evidence=PLATEAU.evidence[::-1])
    assert standing(turned, [decided(PLATEAU, "dismissed")]).life is Life.DISMISSED


def test_a_decision_on_an_earlier_episode_says_nothing_of_a_later_one():
    assert standing(replace(PLATEAU, episode_id=9), [decided(PLATEAU, "dismissed")]).life is Life.OPEN
