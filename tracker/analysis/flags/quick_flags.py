"""The raised course flags of many episodes: a look at the newest scores first, and at all only where one is raised.

Answers are those of `find_flags` without courses drawn anew, from the table of levels by day. What would clear a flag,
and what each visit weighs, is left to the single episode.
"""

from __future__ import annotations

from collections import defaultdict
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
from tracker.analysis.weights import NEGLIGIBLE_LOG_WEIGHT
from tracker.clinical.vocabulary import Instrument

_Singles = NDArray[np.float32]
_Doubles = NDArray[np.float64]
_Scores = tuple[tuple[Instrument, int], ...]


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
    """Where the courses of each whole day of a stated onset stand, and on which day a relapse begins, else never."""

    stated: tuple[int, ...]
    bounds: tuple[int, ...]
    second_rise: _Singles


@dataclass(frozen=True, slots=True, eq=False)
class _Day:
    """The scores of a visit day, and the row of the day table for each run of courses."""

    day: int
    scores: _Scores
    rows: tuple[int, ...]


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
        self._logs: dict[_Scores, _Singles] = {}
        # Written anew for each day of each episode: to ask the system for such arrays costs more than to fill them.
        self._places = np.empty(tables.n_courses, np.intp)
        self._day_fit = np.empty(tables.n_courses, np.float32)
        self._fit = np.empty(tables.n_courses, np.float32)

    def of_episode(self, observations: Observations, onset: OnsetStatement) -> tuple[QuickFlag, ...]:
        """Give the raised flags in the order of the table of flags; none where no course can be read."""
        days = observations.distinct_days()
        if enough_to_read(days, observations.score, self._edition) is not None:
            return ()
        known = self._onset(onset)
        scored = [_Day(day, scores, self._rows(day, known)) for day, scores in _by_day(observations)]
        *_, newest = self._fits(scored, known)
        look = self._look(newest, scored, known)
        found = flag_probabilities(look, self._thresholds)
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
            second = np.full(tables.n_courses, np.inf, np.float32)
            second[self._relapses] = (
                own + tables.recall_days[self._relapses] + tables.courses.second_start_days[self._relapses]
            )
            stated = tuple(range(-half_width, span_days - half_width + 1))
            self._onsets[onset] = _Onset(stated, tuple(bounds.tolist()), second)
        return self._onsets[onset]

    def _rows(self, day: int, onset: _Onset) -> tuple[int, ...]:
        """Give the row of the day table for each run of courses; before its first day and after its last, that one."""
        since_first = day - self._tables.first_day
        return tuple(min(max(since_first - stated, 0), len(self._levels) - 1) for stated in onset.stated)

    def _fits(self, scored: list[_Day], onset: _Onset) -> Iterator[_Singles]:
        """Give every course's logarithm of prior times likelihood after each visit day, in one array that goes on."""
        np.copyto(self._fit, self._tables.log_prior)
        for one in scored:
            np.copyto(self._places, self._levels_on(one, onset))
            np.take(self._log_table(one.scores), self._places, out=self._day_fit, mode="clip")
            self._fit += self._day_fit
            yield self._fit

    def _levels_on(self, one: _Day, onset: _Onset) -> NDArray[np.uint8]:
        """Give every course's level on a visit day."""
        runs = zip(one.rows, onset.bounds, onset.bounds[1:], strict=False)
        return np.concatenate([self._levels[row, begin:end] for row, begin, end in runs])

    def _log_table(self, scores: _Scores) -> _Singles:
        """Give the log-likelihood of a day's scores by level; scores of one day are one reading, see `scoring`."""
        if scores not in self._logs:
            logs = np.mean([np.log(score_probabilities(*score, self._noise)) for score in scores], axis=0)
            self._logs[scores] = logs.astype(np.float32)
        return self._logs[scores]

    def _looks(self, scored: list[_Day], onset: _Onset) -> Iterator[Look]:
        """Look at every visit day from the first on which a course can be read."""
        needed = int(self._edition.value("minimum_fit_days"))
        any_pain = False
        for n_days, (one, fit) in enumerate(zip(scored, self._fits(scored, onset), strict=True), start=1):
            any_pain = any_pain or any(score > 0 for _, score in one.scores)
            if n_days >= needed and any_pain:
                yield self._look(fit, scored[:n_days], onset)

    def _look(self, fit: _Singles, scored: list[_Day], onset: _Onset) -> Look:
        heaviest = fit.max()
        heavy = np.flatnonzero(fit > heaviest - NEGLIGIBLE_LOG_WEIGHT)
        weights = np.exp(fit[heavy] - heaviest, dtype=np.float64)
        weights /= weights.sum()
        shares = np.bincount(self._place[heavy], weights=weights, minlength=len(CLASS_NAMES))
        begun = weights[onset.second_rise[heavy] <= scored[-1].day].sum()
        # rules read the two newest and how many there are: the older ones are not worked out
        older = (0.0,) * (len(scored) - 2)
        odd = tuple(self._odd(weights, self._levels_on(one, onset)[heavy], one.scores) for one in scored[-2:])
        return Look(scored[-1].day, tuple(shares.tolist()), float(begun), (*older, *odd))

    def _odd(self, weights: _Doubles, levels: NDArray[np.uint8], scores: _Scores) -> float:
        """Give the highest probability that a score of a day is a gross error."""
        mass = np.bincount(levels, weights=weights, minlength=N_LEVELS)[:N_LEVELS]
        return max(
            float(mass @ (gross_error_probability(instrument, self._noise) / probabilities))
            for instrument, score in scores
            for probabilities in (score_probabilities(instrument, score, self._noise),)
        )


def _by_day(observations: Observations) -> list[tuple[int, _Scores]]:
    """Give the days with a score, ascending, each with what was scored, in one order whatever was recorded first."""
    found: dict[int, list[tuple[Instrument, int]]] = defaultdict(list)
    scores = zip(observations.day.tolist(), observations.instrument, observations.score.tolist(), strict=True)
    for day, instrument, score in scores:
        found[day].append((instrument, int(score)))
    return [(day, tuple(sorted(found[day]))) for day in sorted(found)]
