"""The raised course flags of many episodes: a look at the newest scores first, and at all only where one is raised.

Answers are those of `find_flags` without courses drawn anew, from the table of levels by day. What would clear a flag,
and what each visit weighs, is left to the single episode.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.batch.library import BatchLibrary
from tracker.analysis.course_classes import CLASS_NAMES, RELAPSE
from tracker.analysis.flags.looks import Look
from tracker.analysis.flags.rules import FLAG_RULES
from tracker.analysis.flags.states import FlagState, course_of_flags, flag_probabilities, flag_thresholds
from tracker.analysis.likelihood import N_LEVELS, ScoreNoise, gross_error_probability, score_probabilities
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.sufficiency import enough_to_read
from tracker.clinical.vocabulary import Instrument

_Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class QuickFlag:
    """A raised flag: the day of the look that raised it, since day 0, and its probability at the newest look."""

    code: str
    rule_version: str
    state: FlagState
    since_day: int
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class _Onset:
    """Where the courses of each whole day of a stated onset stand, and on which day the relapses among them begin."""

    stated: NDArray[np.int64]
    bounds: tuple[int, ...]
    second_rise: _Singles


@dataclass(frozen=True, slots=True, eq=False)
class _Day:
    """Every course's level on a visit day and its log-likelihood of the day's scores."""

    day: int
    scores: tuple[tuple[Instrument, int], ...]
    levels: NDArray[np.uint8]
    fit: _Singles


class QuickFlags:
    """Raised flags of one episode after another, against one library."""

    def __init__(self, tables: BatchLibrary) -> None:
        self._tables = tables
        self._levels = tables.levels
        self._edition = tables.library.edition
        self._noise = ScoreNoise.of_edition(self._edition)
        self._thresholds = flag_thresholds(self._edition)
        self._place = tables.class_place.astype(np.intp)
        self._relapses = np.flatnonzero(self._place == CLASS_NAMES.index(RELAPSE))
        self._onsets: dict[OnsetStatement, _Onset] = {}
        self._logs: dict[tuple[tuple[Instrument, int], ...], _Singles] = {}

    def of_episode(self, observations: Observations, onset: OnsetStatement) -> tuple[QuickFlag, ...]:
        """Give the raised flags in the order of the table of flags; none where no course can be read."""
        days = observations.distinct_days()
        if enough_to_read(days, observations.score, self._edition) is not None:
            return ()
        known = self._onset(onset)
        scored = [self._day(observations.on(day), day, known) for day in days]
        newest = self._look(np.sum([one.fit for one in scored], axis=0) + self._tables.log_prior, scored, known)
        found = flag_probabilities(newest, self._thresholds)
        if not any(found[code] >= limit.suspected for code, limit in self._thresholds.items()):
            return ()
        events = course_of_flags(self._looks(scored, known), self._thresholds)
        raised = []
        for rule in FLAG_RULES:
            own = [event for event in events if event.code == rule.code]
            if own and own[-1].state is not FlagState.CLEARED:
                since = max(event.day for event in own if event.state is FlagState.SUSPECTED)
                raised.append(QuickFlag(rule.code, rule.version, own[-1].state, since, found[rule.code]))
        return tuple(raised)

    def _onset(self, onset: OnsetStatement) -> _Onset:
        if onset not in self._onsets:
            tables = self._tables
            half_width = int(self._edition.value("about_date_half_width_days")) if onset.about else 0
            span_days = onset.span_days + 2 * half_width
            bounds = tables.run_starts(span_days)
            own = np.searchsorted(bounds, self._relapses, side="right") - 1 - half_width
            second = own + tables.recall_days[self._relapses] + tables.courses.second_start_days[self._relapses]
            stated = np.arange(-half_width, span_days - half_width + 1)
            self._onsets[onset] = _Onset(stated, tuple(bounds.tolist()), second.astype(np.float32))
        return self._onsets[onset]

    def _day(self, seen: Observations, day: int, onset: _Onset) -> _Day:
        every = self._levels
        rows = np.minimum(np.maximum(day - self._tables.first_day - onset.stated, 0), len(every) - 1).tolist()
        runs = zip(rows, onset.bounds, onset.bounds[1:], strict=False)
        levels = np.concatenate([every[row, begin:end] for row, begin, end in runs])
        scores = tuple(sorted(zip(seen.instrument, map(int, seen.score.tolist()), strict=True)))
        if scores not in self._logs:
            # scores of one day are one reading, see `scoring`
            logs = np.mean([np.log(score_probabilities(*score, self._noise)) for score in scores], axis=0)
            self._logs[scores] = logs.astype(np.float32)
        return _Day(day, scores, levels, np.take(self._logs[scores], levels))

    def _looks(self, scored: list[_Day], onset: _Onset) -> Iterator[Look]:
        """Look at every visit day from the first on which a course can be read."""
        fit, needed = self._tables.log_prior.copy(), int(self._edition.value("minimum_fit_days"))
        any_pain = False
        for n_days, one in enumerate(scored, start=1):
            fit += one.fit
            any_pain = any_pain or any(score > 0 for _, score in one.scores)
            if n_days >= needed and any_pain:
                yield self._look(fit, scored[:n_days], onset)

    def _look(self, fit: _Singles, scored: list[_Day], onset: _Onset) -> Look:
        weights = np.exp(fit - fit.max())
        weights /= weights.sum()
        shares = np.bincount(self._place, weights=weights, minlength=len(CLASS_NAMES))
        begun = weights[self._relapses][onset.second_rise <= scored[-1].day].sum()
        # rules read the two newest and how many there are: the older ones are not worked out
        older = (0.0,) * (len(scored) - 2)
        odd = tuple(self._odd(weights, one) for one in scored[-2:])
        return Look(scored[-1].day, tuple(shares.tolist()), float(begun), (*older, *odd))

    def _odd(self, weights: _Singles, one: _Day) -> float:
        """Give the highest probability that a score of a day is a gross error."""
        mass = np.bincount(one.levels, weights=weights, minlength=N_LEVELS)[:N_LEVELS]
        return max(
            float(mass @ (gross_error_probability(instrument, self._noise) / probabilities))
            for instrument, score in one.scores
            for probabilities in (score_probabilities(instrument, score, self._noise),)
        )
