"""Everything that is raised about a patient, where it stands with the staff, and what nobody can tell."""

from __future__ import annotations

from dataclasses import dataclass

from reports.flag_rows import flag_rows
from reports.sentences import Sentences, capitalized, place
from tracker.analysis.alerts.alert import LATER_SITE, Alert, AlertKind
from tracker.analysis.alerts.finding import alerts_of_view
from tracker.analysis.alerts.life import Life, Standing, standing
from tracker.analysis.red_flags.finding import RedFlag, read_red_flags
from tracker.analysis.red_flags.readings import Answer, Evidence
from tracker.analysis.views import PatientView
from tracker.clinical.red_flags import red_flag_numbers, red_flag_words
from tracker.clinical.reference import Edition

_WAITING = (Life.OPEN, Life.REOPENED)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One raised flag in words.

    `staff` is where it stands with the staff and `decided` what they said; `asks` what it asks for and `clears` what
    would clear it; `is_waiting` that nobody has acknowledged or dismissed it as it is now.
    """

    kind: str
    label: str
    where: str
    state: str
    since: str
    staff: str
    decided: str
    evidence: str
    asks: str
    clears: str
    source: str
    is_waiting: bool
    is_red: bool
    is_dismissed: bool


@dataclass(frozen=True, slots=True)
class FlagPanel:
    """Raised flags, those that wait for somebody first; then red flags not raised, and those nobody can tell of."""

    rows: tuple[AlertRow, ...]
    not_raised: tuple[str, ...]
    cannot_be_told: tuple[str, ...]


def flag_panel(view: PatientView, edition: Edition, sentences: Sentences) -> FlagPanel:
    """Ask every rule about the record of a view, and put the answers in words."""
    found = [(one, standing(one, view.record.flag_decisions)) for one in alerts_of_view(view, edition=edition)]
    rows = [_row(alert, stands, view, edition, sentences) for alert, stands in found]
    answers = read_red_flags(view.record, as_of=view.provenance.as_of, course=edition)
    words = red_flag_words()
    return FlagPanel(
        rows=tuple(sorted(rows, key=lambda row: (not row.is_waiting, row.is_dismissed, not row.is_red))),
        not_raised=tuple(words[flag.code].label for flag in answers if flag.answer is Answer.NOT_RAISED),
        cannot_be_told=tuple(_open(flag, view, sentences) for flag in answers if flag.answer is Answer.CANNOT_BE_TOLD),
    )


def waiting_alerts(view: PatientView, edition: Edition) -> list[Alert]:
    """Give the raised flags that nobody has acknowledged or dismissed as they are now."""
    found = alerts_of_view(view, edition=edition)
    return [one for one in found if standing(one, view.record.flag_decisions).life in _WAITING]


def standing_words(stands: Standing, sentences: Sentences) -> str:
    """Say what staff decided on a flag and whether that still stands; empty where nobody did."""
    decision = stands.decision
    if decision is None:
        return ""
    why = "" if decision.reason is None else f": {decision.reason}"
    life = capitalized(sentences.word("life", decision.decision))
    said = sentences.say("alert", "decided", life=life, on=decision.decided_on, why=why)
    return f"{said} {sentences.say('alert', 'again', changed=stands.changed)}" if stands.changed else said


def evidence_words(facts: tuple[Evidence, ...]) -> str:
    """List the facts behind a flag."""
    return "; ".join(fact.said if fact.on is None else f"{fact.said} ({fact.on})" for fact in facts)


def without_codes(words: str, view: PatientView) -> str:
    """Write the sites of a patient's episodes, where a rule names them by code, as people say them."""
    for site in sorted({episode.episode.site for episode in view.episodes}, key=len, reverse=True):
        words = words.replace(site, place(site))
    return words


def _row(alert: Alert, stands: Standing, view: PatientView, edition: Edition, sentences: Sentences) -> AlertRow:
    label, asks, clears, source = _said(alert, sentences)
    evidence = without_codes(evidence_words(alert.evidence), view)
    if alert.kind is AlertKind.COURSE:
        (episode,) = (one for one in view.episodes if one.episode.episode_id == alert.episode_id)
        (own,) = (row for row in flag_rows(episode, edition, sentences) if row.code == alert.code)
        evidence, clears = f"{own.history}. {own.evidence}".strip(), own.clears
    return AlertRow(
        kind=sentences.word("alert_kind", alert.kind),
        label=label,
        where="" if alert.site is None else place(alert.site),
        state=sentences.word("flag_state", alert.state),
        since="" if alert.since is None else str(alert.since),
        staff=sentences.word("life", stands.life),
        decided=standing_words(stands, sentences),
        evidence=evidence,
        asks=asks,
        clears=clears,
        source=source,
        is_waiting=stands.life in _WAITING,
        is_red=alert.kind is AlertKind.RED_FLAG,
        is_dismissed=stands.life is Life.DISMISSED,
    )


def _said(alert: Alert, sentences: Sentences) -> tuple[str, str, str, str]:
    """Give the name of a flag, what it asks for, what clears it, and its source with its grade."""
    if alert.kind is AlertKind.RED_FLAG:
        words = red_flag_words()[alert.code]
        cited = ", ".join(red_flag_numbers().sources[key].label for key in words.sources)
        source = sentences.say("alert", "source", sources=cited, grade=words.grade)
        return words.label, f"{words.sentence} {words.consider}", words.clears, source
    if alert.code == LATER_SITE:
        return sentences.say("alert", "later_site"), "", sentences.say("alert", "later_site_clears"), ""
    return sentences.word("flag", alert.code), "", "", ""


def _open(flag: RedFlag, view: PatientView, sentences: Sentences) -> str:
    missing = without_codes(flag.missing, view)
    return sentences.say("alert", "cannot_be_told", label=red_flag_words()[flag.code].label, missing=missing)
