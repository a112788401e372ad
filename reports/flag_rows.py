"""The flags of an episode as table rows, all in words: the same on the terminal and on the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from reports.sentences import Sentences, number, probability
from tracker.analysis.flags.clearing import ClearsIf
from tracker.analysis.flags.finding import EvidenceVisit, Flag
from tracker.analysis.flags.rules import ATYPICAL_UNSPECIFIED, CLASS_FLAGS, REMEASURE
from tracker.analysis.flags.states import FlagState
from tracker.analysis.observations import HIGHEST_SCORE
from tracker.analysis.views import EpisodeView
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument

_CLASS_CODES = frozenset(rule.code for rule in CLASS_FLAGS)


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One flag in words.

    `history` is every change of its state, `evidence` the visits behind it, `clears` what would clear it.
    """

    code: str
    label: str
    state: str
    is_raised: bool
    probability: str
    history: str
    evidence: str
    clears: str


def flag_rows(episode: EpisodeView, edition: Edition, sentences: Sentences) -> tuple[FlagRow, ...]:
    """Put an episode's flags in words, the raised ones first."""
    if episode.day_zero is None:
        return ()
    words = _Words(episode, edition, sentences, episode.day_zero)
    return tuple(
        FlagRow(
            code=flag.code,
            label=sentences.word("flag", flag.code),
            state=sentences.word("flag_state", flag.state),
            is_raised=flag.is_raised,
            probability=probability(flag.probability),
            history=", ".join(words.event(event.state, event.day, event.probability) for event in flag.events),
            evidence="; ".join(words.visit(visit) for visit in flag.evidence),
            clears=words.clears(flag),
        )
        for flag in episode.flags
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How one episode's flags are spoken of."""

    episode: EpisodeView
    edition: Edition
    sentences: Sentences
    day_zero: date

    def on(self, day: int) -> str:
        return (self.day_zero + timedelta(days=day)).isoformat()

    def event(self, state: FlagState, day: int, share: float) -> str:
        words = {"state": self.sentences.word("flag_state", state), "on": self.on(day)}
        if state is FlagState.CLEARED:
            return self.sentences.say("flag", "state", **words)
        return self.sentences.say("flag", "event", **words, probability=probability(share))

    def visit(self, visit: EvidenceVisit) -> str:
        return self.sentences.say(
            "flag",
            "evidence",
            on=self.on(visit.day),
            scores=" and ".join(self.score(instrument, score) for instrument, score in visit.scores),
            median=number(visit.expected_median),
            low=number(visit.expected_low95),
            high=number(visit.expected_high95),
        )

    def score(self, instrument: Instrument, score: int) -> str:
        """Write a score; that of the scale everything else is in needs no name."""
        if instrument is Instrument.NRS:
            return str(score)
        return self.sentences.say(
            "flag", "scored", instrument=self.sentences.word("instrument", instrument), score=score
        )

    def clears(self, flag: Flag) -> str:
        """Say what would clear a raised flag, and what became of one that has found its name."""
        if not flag.is_raised:
            return self._named(flag)
        if flag.code == REMEASURE:
            return self.sentences.say("flag", "clears_remeasure")
        promise = flag.clears_if
        if promise is None:
            weeks = f"{self.edition.value('flag_clearing_weeks'):g}"
            return self.sentences.say("flag", "clears_never", weeks=weeks)
        return self.sentences.say(
            "flag",
            "clears",
            scores=self._promised(promise),
            first=self.on(promise.first_day),
            last=self.on(promise.last_day),
            odd=self._odd(promise),
        )

    def _promised(self, promise: ClearsIf) -> str:
        names = {
            (True, True): "clears_any",
            (True, False): "clears_at_most",
            (False, True): "clears_at_least",
            (False, False): "clears_between",
        }
        name = names[promise.low == 0, promise.high == HIGHEST_SCORE[promise.instrument]]
        if promise.low == promise.high:  # a score of 0 or less would be one of 0
            name = "clears_exactly"
        return self.sentences.say(
            "flag",
            name,
            low=self.score(promise.instrument, promise.low),
            high=self.score(promise.instrument, promise.high),
        )

    def _odd(self, promise: ClearsIf) -> str:
        names = {(True, True): "odd_beyond", (True, False): "odd_below", (False, True): "odd_above"}
        name = names.get((promise.is_odd_below, promise.is_odd_above))
        return "" if name is None else self.sentences.say("flag", name)

    def _named(self, flag: Flag) -> str:
        """Name the class flags that were raised on the day an unspecified one was cleared: they took its place."""
        cleared_on = flag.events[-1].day
        successors = [
            self.sentences.word("flag", other.code)
            for other in self.episode.flags
            if other.code in _CLASS_CODES and any(event.day == cleared_on for event in other.events[:1])
        ]
        if flag.code != ATYPICAL_UNSPECIFIED or not successors:
            return ""
        return self.sentences.say("flag", "named", flags=", ".join(successors))
