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
from tracker.analysis.likelihood import ScoreNoise, gross_error_probability, score_probabilities
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.sufficiency import enough_to_read

_Singles = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class QuickFlag:
    """A raised flag: the day of the look that raised it, since day 0, and its probability at the newest look."""

    code: str
    rule_version: str
    state: FlagState
    since_day: int
    probability: float


class QuickFlags:
    """Raised flags of one episode after another, against one library."""

    def __init__(self, tables: BatchLibrary) -> None:
        self._tables = tables
        self._edition = tables.library.edition
        self._noise = ScoreNoise.of_edition(self._edition)
        self._thresholds = flag_thresholds(self._edition)
        self._place = tables.class_place.astype(np.intp)
        self._relapses = np.flatnonzero(self._place == CLASS_NAMES.index(RELAPSE))
        second = tables.courses.second_start_days[self._relapses]
        self._second_start = tables.recall_days[self._relapses] + second
        self._versions = {rule.code: rule.version for rule in FLAG_RULES}

    def of_episode(self, observations: Observations, onset: OnsetStatement) -> tuple[QuickFlag, ...]:
        """Give the raised flags in the order of the table of flags; none where no course can be read."""
        days = observations.distinct_days()
        if enough_to_read(days, observations.score, self._edition) is not None:
            return ()
        stated, bounds = self._stated(onset)
        scored = [self._day(observations.on(day), day, stated, bounds) for day in days]
        newest = self._look(days[-1], sum(fit for fit, _ in scored) + self._tables.log_prior, scored, stated, bounds)
        found = flag_probabilities(newest, self._thresholds)
        if not any(found[code] >= limit.suspected for code, limit in self._thresholds.items()):
            return ()
        events = course_of_flags(self._looks(observations, scored, stated, bounds), self._thresholds)
        raised = []
        for code, version in self._versions.items():
            own = [event for event in events if event.code == code]
            if own and own[-1].state is not FlagState.CLEARED:
                since = max(event.day for event in own if event.state is FlagState.SUSPECTED)
                raised.append(QuickFlag(code, version, own[-1].state, since, found[code]))
        return tuple(raised)

    def _stated(self, onset: OnsetStatement) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the whole days of a stated onset, and where the courses of each begin and end."""
        half_width = int(self._edition.value("about_date_half_width_days")) if onset.about else 0
        span_days = onset.span_days + 2 * half_width
        return np.arange(span_days + 1) - half_width, self._tables.run_starts(span_days)

    def _day(
        self, scores: Observations, day: int, stated: NDArray[np.int64], bounds: NDArray[np.int64]
    ) -> tuple[_Singles, tuple[_Singles, ...]]:
        """Give each course's log-likelihood of a day's scores, and per score the share of it that is gross error."""
        tables = self._tables
        levels = np.empty(tables.n_courses, dtype=np.uint8)
        rows = np.clip(day - stated - tables.first_day, 0, len(tables.levels) - 1)
        for row, begin, end in zip(rows.tolist(), bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            levels[begin:end] = tables.levels[row, begin:end]
        fit, errors = np.zeros(tables.n_courses, dtype=np.float32), []
        for instrument, score in zip(scores.instrument, scores.score.tolist(), strict=True):
            probabilities = score_probabilities(instrument, int(score), self._noise)
            # scores of one day are one reading, see `scoring`
            fit += np.take((np.log(probabilities) / len(scores.score)).astype(np.float32), levels)
            gross = gross_error_probability(instrument, self._noise)
            errors.append(np.take((gross / probabilities).astype(np.float32), levels))
        return fit, tuple(errors)

    def _looks(
        self,
        observations: Observations,
        scored: list[tuple[_Singles, tuple[_Singles, ...]]],
        stated: NDArray[np.int64],
        bounds: NDArray[np.int64],
    ) -> Iterator[Look]:
        """Look at every visit day from the first on which a course can be read."""
        fit, needed = self._tables.log_prior.copy(), int(self._edition.value("minimum_fit_days"))
        days = observations.distinct_days()
        for n_days, (day, (own, _)) in enumerate(zip(days, scored, strict=True), start=1):
            fit += own
            if n_days >= needed and observations.until(day).score.any():
                yield self._look(day, fit, scored[:n_days], stated, bounds)

    def _look(
        self,
        day: int,
        fit: _Singles,
        scored: list[tuple[_Singles, tuple[_Singles, ...]]],
        stated: NDArray[np.int64],
        bounds: NDArray[np.int64],
    ) -> Look:
        weights = np.exp(fit - fit.max())
        weights /= weights.sum()
        shares = np.bincount(self._place, weights=weights, minlength=len(CLASS_NAMES))
        onsets = stated[np.searchsorted(bounds, self._relapses, side="right") - 1]
        begun = weights[self._relapses][onsets + self._second_start <= day].sum()
        # rules read the two newest and how many there are: the older ones are not worked out
        older = (0.0,) * (len(scored) - 2)
        odd = tuple(max(float(weights @ error) for error in errors) for _, errors in scored[-2:])
        return Look(day, tuple(shares.tolist()), float(begun), (*older, *odd))
