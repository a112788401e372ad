"""The flags of one episode: what is off course, since when, which visits say so, and what would clear it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.analysis.flags.clearing import ClearsIf, clearing_scores
from tracker.analysis.flags.looks import Look, looks_at
from tracker.analysis.flags.rules import FLAG_RULES, REMEASURE, FlagRule
from tracker.analysis.flags.states import FlagEvent, FlagState, Threshold, course_of_flags, flag_thresholds
from tracker.analysis.library import CourseLibrary
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.vote import DayVote
from tracker.analysis.weights import WeightedCourses, reference_courses
from tracker.clinical.vocabulary import Instrument

_EXPECTED_QUANTILES = np.array([0.5, 0.025, 0.975])
_LEAST_PROBABILITY = 0.01  # a move among smaller ones, or among those as near to certain, is no evidence worth a visit

_N_COURSES_EXPECTED = 1 << 12


@dataclass(frozen=True, slots=True)
class EvidenceVisit:
    """A visit day that raised a flag's odds by `odds_factor`, its scores, and the level expected on it (NRS points).

    `scores` pairs each instrument with its score in its own unit. The first visits, of which several were needed to
    read a course at all, share one factor.
    """

    day: int
    scores: tuple[tuple[Instrument, int], ...]
    expected_median: float
    expected_low95: float
    expected_high95: float
    odds_factor: float


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag as it stands: days since day 0.

    `probability` is that of the newest look, `events` every change of its state; `since_day` is the
    look that raised it last. `evidence` are the visits behind it, in time; `clears_if` is None for a flag that is
    cleared, for `remeasure`, which the next score answers either way, and where no single score would.
    """

    code: str
    rule_version: str
    state: FlagState
    probability: float
    since_day: int
    events: tuple[FlagEvent, ...]
    evidence: tuple[EvidenceVisit, ...]
    clears_if: ClearsIf | None

    @property
    def is_raised(self) -> bool:
        """Whether it is suspected or confirmed now."""
        return self.state is not FlagState.CLEARED


def find_flags(
    observations: Observations,
    onset: OnsetStatement,
    *,
    as_of_day: int,
    library: CourseLibrary,
    votes: Iterable[DayVote] | None = None,
) -> tuple[Flag, ...]:
    """Find every flag an episode has had up to a day.

    Parameters
    ----------
    observations : Observations
        Scores on days since day 0; those after `as_of_day` are never looked at.
    onset : OnsetStatement
        How well the onset is known.
    as_of_day : int
        The day to answer for.
    library : CourseLibrary
        The prior draws of one edition.
    votes : iterable of DayVote, optional
        Those of `votes_by_day` on the scores up to `as_of_day`, where they are already there.

    Returns
    -------
    tuple of Flag
        Raised ones first, each group in the order of the table of flags. Empty where no course can be read.
    """
    seen = observations.until(as_of_day)
    looks: list[Look] = []
    newest: WeightedCourses | None = None
    for look, vote in looks_at(seen, onset, library=library, votes=votes):
        looks.append(look)
        newest = vote
    if newest is None:
        return ()
    thresholds = flag_thresholds(library.edition)
    events = course_of_flags(looks, thresholds)
    asked = _Asked(seen, onset, as_of_day, library, newest, tuple(looks), thresholds)
    found = [_flag(rule, own, asked) for rule in FLAG_RULES if (own := _of(rule.code, events))]
    return tuple(sorted(found, key=lambda flag: not flag.is_raised))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every flag of an episode is made from."""

    observations: Observations
    onset: OnsetStatement
    as_of_day: int
    library: CourseLibrary
    newest: WeightedCourses
    looks: tuple[Look, ...]
    thresholds: Mapping[str, Threshold]


def _of(code: str, events: Sequence[FlagEvent]) -> tuple[FlagEvent, ...]:
    return tuple(event for event in events if event.code == code)


def _flag(rule: FlagRule, events: tuple[FlagEvent, ...], asked: _Asked) -> Flag:
    since_day = max(event.day for event in events if event.state is FlagState.SUSPECTED)
    state = events[-1].state
    return Flag(
        code=rule.code,
        rule_version=rule.version,
        state=state,
        probability=rule.probability(asked.looks[-1]),
        since_day=since_day,
        events=events,
        evidence=_evidence(rule, events, asked),
        clears_if=None if state is FlagState.CLEARED or rule.code == REMEASURE else _clears_if(asked),
    )


def _clears_if(asked: _Asked) -> ClearsIf | None:
    newest = asked.observations.on(asked.looks[-1].day)
    return clearing_scores(
        asked.newest,
        as_of_day=asked.as_of_day,
        instrument=min(newest.instrument),
        edition=asked.library.edition,
        thresholds=asked.thresholds,
    )


def _evidence(rule: FlagRule, events: tuple[FlagEvent, ...], asked: _Asked) -> tuple[EvidenceVisit, ...]:
    """Name the visits that raised the odds enough; where none did alone, the one that raised them most."""
    days = asked.observations.distinct_days()
    looked = [look for look in asked.looks if events[-1].state is not FlagState.CLEARED or look.day < events[-1].day]
    if rule.code == REMEASURE:
        raised_on = max(event.day for event in events if event.state is FlagState.SUSPECTED)
        return (_visit(raised_on, 1.0, asked),)
    odds = [_odds(rule.probability(look)) for look in looked]
    before = [_prior_odds(rule, asked), *odds]
    factors = {look.day: after / prior for look, prior, after in zip(looked, before, odds, strict=False)}
    least = min(asked.library.edition.value("flag_evidence_odds"), max(factors.values()))
    first = looked[0].day
    named = [(look_day, factor) for look_day, factor in factors.items() if factor >= least]
    visits = [
        (day, factor)
        for look_day, factor in named
        for day in (days[: days.index(first) + 1] if look_day == first else (look_day,))
    ]
    return tuple(_visit(day, factor, asked) for day, factor in visits)


def _prior_odds(rule: FlagRule, asked: _Asked) -> float:
    """Give the odds before any visit."""
    library = asked.library
    shares = np.bincount(library.class_place, weights=np.exp(library.log_prior))
    first_day = asked.looks[0].day
    return _odds(rule.probability(Look(first_day, tuple((shares / shares.sum()).tolist()), 0.0, ())))


def _odds(probability: float) -> float:
    cut = min(max(probability, _LEAST_PROBABILITY), 1 - _LEAST_PROBABILITY)
    return cut / (1 - cut)


def _visit(day: int, odds_factor: float, asked: _Asked) -> EvidenceVisit:
    own = asked.observations.on(day)
    reference = reference_courses(asked.library, asked.onset, n_courses=_N_COURSES_EXPECTED)
    ((median, low95, high95),) = reference.level_quantiles([day], _EXPECTED_QUANTILES).tolist()
    scores = tuple(sorted(zip(own.instrument, map(int, own.score.tolist()), strict=True)))
    return EvidenceVisit(day, scores, median, low95, high95, odds_factor)
