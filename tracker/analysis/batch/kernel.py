"""The compiled half of a batch: scores against a table of levels, and what the weights say.

The only module that loads numba. It releases the global interpreter lock, so that threads share one table. Its numbers
are those of `tracker.analysis.vote` and `tracker.analysis.weights`; a test holds both, and the plain loop of the
tests, to the same answers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Scores = NDArray[np.int8]
Whole = NDArray[np.int64]
Singles = NDArray[np.float32]
Doubles = NDArray[np.float64]

N_DRAWS = 1 << 10
"""How many equally weighted courses stand for a vote where quantiles are taken."""

IS_PLAIN, IS_ENDLESS = 1 << 3, 1 << 4

_BLOCK = 4096  # courses whose sums stay in the first-level cache
_N_BINS = 256
_NEGLIGIBLE_LOG_WEIGHT = np.float32(14.0)  # a millionth of the heaviest
_ROUNDING = 1e-9  # 0.05 * 20 is not quite 1
_EXP_STEPS = 64
# exp(-x) in steps of 1/64, to just beyond the negligible; between two of them the series is exact to 1e-8.
_EXP_TABLE = np.exp(-np.arange((14 + 1) * _EXP_STEPS) / _EXP_STEPS)


class Tables(NamedTuple):
    """Arrays of a `BatchLibrary` with n courses, and the day from onset on which each resolves, infinite for never.

    `kind` is the class's place, plus `IS_PLAIN` and `IS_ENDLESS` where the course resolves within the horizon and
    without relapse, and where it does not resolve within it.
    """

    levels: Bytes
    log_tables: Singles
    gross_shares: Doubles
    log_prior: Singles
    kind: Bytes
    recall_days: Singles
    resolution_days: Singles
    resolution_bins: Bytes
    phase_starts: Singles
    ranked: Singles
    bins: Bytes


class Episodes(NamedTuple):
    """Episodes to weigh, by place in all arrays of a chunk.

    Visits ``first_visit[i]`` up to ``first_visit[i + 1]`` are episode i's. `rows` is the row of `Tables.levels` of each
    visit for an onset on day 0. Courses ``run_starts[r]`` up to ``run_starts[r + 1]`` have their stated onset
    ``r - first_run[i]`` days after day 0, for r from ``first_run[i]`` up to ``first_run[i] + span_days[i]``.
    """

    chosen: Whole
    first_visit: Whole
    rows: Whole
    scores: Scores
    as_of_day: Whole
    span_days: Whole
    first_run: Whole
    run_starts: Whole


class Wanted(NamedTuple):
    """The quantiles to give, ascending."""

    estimate_shares: Doubles
    resolution_shares: Doubles


class Found(NamedTuple):
    """The arrays of `Summaries` to fill, and the weight by stage of `Tables.phase_starts`, before the onset first."""

    class_probabilities: Doubles
    unknowns: Doubles
    resolution: Doubles
    p_plain: Doubles
    p_no_resolution: Doubles
    effective_sample_size: Doubles
    stages: Doubles
    odd_scores: Doubles


class _Draws(NamedTuple):
    """Equally weighted courses: their places, days of stated onset, and days of true onset."""

    place: Whole
    shift: Whole
    onset_day: Singles


@njit(nogil=True, cache=True)
def weigh_episodes(tables: Tables, episodes: Episodes, wanted: Wanted, found: Found) -> None:
    """Weigh every course by every chosen episode and fill its rows of `found`."""
    n_courses = len(tables.log_prior)
    log_weights = np.empty(n_courses, np.float32)
    place = np.empty(n_courses, np.int64)
    weight = np.empty(n_courses, np.float64)
    for episode in episodes.chosen:
        first, last = episodes.first_visit[episode], episodes.first_visit[episode + 1]
        rows, scores = episodes.rows[first:last], episodes.scores[first:last]
        first_run = episodes.first_run[episode]
        runs = episodes.run_starts[first_run : first_run + episodes.span_days[episode] + 2]
        _add_log_likelihoods(tables, runs, rows, scores, log_weights)
        n_kept = _keep_heavy(log_weights, _heaviest(log_weights), place, weight)
        total = _count_classes(tables, place[:n_kept], weight[:n_kept], found, episode)
        drawn = _draw_evenly(tables.resolution_bins, place[:n_kept], weight[:n_kept], total)
        shift = np.searchsorted(runs, drawn, side="right") - 1
        draws = _Draws(drawn, shift, shift.astype(np.float32) + tables.recall_days[drawn])
        _estimate(tables, draws, wanted, found, episode)
        _count_stages(tables, draws, episodes.as_of_day[episode], found.stages[episode])
        _gross_errors(tables, draws, rows, scores, found.odd_scores[first:last])


@njit(nogil=True, cache=True)
def _add_log_likelihoods(tables: Tables, runs: Whole, rows: Whole, scores: Scores, log_weights: Singles) -> None:
    """Add up each course's log prior and the logarithm of P(score | level) of every visit."""
    for shift in range(len(runs) - 1):
        for start in range(runs[shift], runs[shift + 1], _BLOCK):
            stop = min(start + _BLOCK, runs[shift + 1])
            log_weights[start:stop] = tables.log_prior[start:stop]
            _add_block(tables, np.maximum(rows - shift, 0), scores, log_weights, start, stop)


@njit(nogil=True, cache=True)
def _add_block(tables: Tables, rows: Whole, scores: Scores, log_weights: Singles, start: int, stop: int) -> None:
    """Add the visits to one block of courses, four at a time: each sum is then written a quarter as often."""
    levels, score_tables = tables.levels, tables.log_tables
    done = 0
    while done + 3 < len(rows):
        level_0, level_1 = levels[rows[done]], levels[rows[done + 1]]
        level_2, level_3 = levels[rows[done + 2]], levels[rows[done + 3]]
        table_0, table_1 = score_tables[scores[done]], score_tables[scores[done + 1]]
        table_2, table_3 = score_tables[scores[done + 2]], score_tables[scores[done + 3]]
        for k in range(start, stop):
            log_weights[k] += (table_0[level_0[k]] + table_1[level_1[k]]) + (table_2[level_2[k]] + table_3[level_3[k]])
        done += 4
    while done < len(rows):
        level, table = levels[rows[done]], score_tables[scores[done]]
        for k in range(start, stop):
            log_weights[k] += table[level[k]]
        done += 1


@njit(nogil=True, cache=True, fastmath=True)
def _heaviest(log_weights: Singles) -> np.float32:
    """Give the largest; none is NaN, so that the compiler may compare several at once."""
    found: np.float32 = log_weights[0]
    for k in range(len(log_weights)):
        found = max(found, log_weights[k])
    return found


@njit(nogil=True, cache=True)
def _keep_heavy(log_weights: Singles, heaviest: np.float32, place: Whole, weight: Doubles) -> int:
    """Keep the courses that matter, in their order, with weights relative to the heaviest; give their number."""
    least = heaviest - _NEGLIGIBLE_LOG_WEIGHT
    n_kept = 0
    for k in range(len(log_weights)):  # no branch: it could not be foreseen
        place[n_kept] = k
        n_kept += log_weights[k] > least
    for i in range(n_kept):
        below = heaviest - log_weights[place[i]]
        step = int(below * _EXP_STEPS)
        rest = below - step / _EXP_STEPS
        weight[i] = _EXP_TABLE[step] * (1 - rest * (1 - rest / 2 * (1 - rest / 3)))
    return n_kept


@njit(nogil=True, cache=True)
def _count_classes(tables: Tables, place: Whole, weight: Doubles, found: Found, episode: int) -> float:
    """Fill what is added up over all courses that matter; give their total weight."""
    by_kind = np.zeros(2 * IS_ENDLESS)
    squares = 0.0
    for i in range(len(place)):
        by_kind[tables.kind[place[i]]] += weight[i]
        squares += weight[i] * weight[i]
    total: float = by_kind.sum()
    classes = found.class_probabilities[episode]
    classes[:] = 0.0
    plain, endless = 0.0, 0.0
    for kind in range(len(by_kind)):
        classes[kind % IS_PLAIN] += by_kind[kind] / total
        if kind & IS_PLAIN:
            plain += by_kind[kind] / total
        if kind & IS_ENDLESS:
            endless += by_kind[kind] / total
    found.effective_sample_size[episode] = total * total / squares
    found.p_no_resolution[episode], found.p_plain[episode] = endless, plain
    return total


@njit(nogil=True, cache=True)
def _draw_evenly(bins: Bytes, place: Whole, weight: Doubles, total: float) -> Whole:
    """Choose courses of equal weight by systematic resampling, in bins by when they resolve.

    The draws are then a stratified sample of the days from onset to resolution. Each bin takes up the even steps where
    the one before it left off, so that one pass in the order of the library serves all of them.
    """
    reached = np.zeros(_N_BINS)
    for i in range(len(place)):
        reached[bins[place[i]]] += weight[i]
    step, below = total / N_DRAWS, 0.0
    following = np.empty(_N_BINS)
    for own in range(_N_BINS):
        mass = reached[own]
        reached[own] = below
        following[own] = (np.floor(below / step + 1 / 2) + 1 / 2) * step
        below += mass
    drawn = np.empty(N_DRAWS, np.int64)
    n_drawn = 0
    for i in range(len(place)):
        own = bins[place[i]]
        reached[own] += weight[i]
        while reached[own] >= following[own] and n_drawn < N_DRAWS:
            drawn[n_drawn] = place[i]
            n_drawn += 1
            following[own] += step
    while n_drawn < N_DRAWS:  # rounding may leave one out where two bins meet
        drawn[n_drawn] = place[np.argmax(weight)]
        n_drawn += 1
    return drawn


@njit(nogil=True, cache=True)
def _estimate(tables: Tables, draws: _Draws, wanted: Wanted, found: Found, episode: int) -> None:
    """Fill the quantiles of every unknown, and of the resolution day over the courses that resolve plainly."""
    values, bins = np.empty(N_DRAWS, np.float32), np.empty(N_DRAWS, np.uint8)
    unknowns = found.unknowns[episode]
    _quantiles(draws.onset_day, _even_bins(draws.onset_day), wanted.estimate_shares, unknowns[0])
    for row in range(len(tables.ranked)):
        for i in range(N_DRAWS):
            values[i] = tables.ranked[row, draws.place[i]]
            bins[i] = tables.bins[row, draws.place[i]]
        _quantiles(values, bins, wanted.estimate_shares, unknowns[row + 1])
    n_plain = 0
    for i in range(N_DRAWS):
        values[n_plain] = draws.onset_day[i] + tables.resolution_days[draws.place[i]]
        n_plain += (tables.kind[draws.place[i]] & IS_PLAIN) != 0
    if n_plain > 0:
        days = values[:n_plain]
        _quantiles(days, _even_bins(days), wanted.resolution_shares, found.resolution[episode])


@njit(nogil=True, cache=True)
def _quantiles(values: Singles, bins: Bytes, wanted: Doubles, found: Doubles) -> None:
    """Give quantiles: the smallest value that reaches each share. A smaller value is never in a later bin.

    Only the values of bins that hold a wanted one are put in order.
    """
    n_values = len(values)
    ends = np.zeros(_N_BINS + 1, np.int64)
    for i in range(n_values):
        ends[bins[i] + 1] += 1
    for place in range(_N_BINS):
        ends[place + 1] += ends[place]
    ranks = np.empty(len(wanted), np.int64)
    room = np.full(_N_BINS, -1)  # where the next value of a bin goes, for the bins that matter
    own = 0
    for q in range(len(wanted)):
        ranks[q] = min(max(int(np.ceil(wanted[q] * n_values - _ROUNDING)) - 1, 0), n_values - 1)
        while ranks[q] >= ends[own + 1]:
            own += 1
        room[own] = ends[own]
    ordered = np.empty(n_values, np.float32)
    for i in range(n_values):
        own, value = bins[i], values[i]
        if room[own] >= 0:
            at = room[own]
            while at > ends[own] and ordered[at - 1] > value:
                ordered[at] = ordered[at - 1]
                at -= 1
            ordered[at] = value
            room[own] += 1
    for q in range(len(wanted)):
        found[q] = ordered[ranks[q]]


@njit(nogil=True, cache=True)
def _even_bins(values: Singles) -> Bytes:
    """Put values in bins of even width between the smallest and the largest."""
    low, high = values.min(), values.max()
    bins = np.zeros(len(values), np.uint8)
    if high > low:
        scale = np.float32(_N_BINS - 1) / (high - low)
        for i in range(len(values)):
            bins[i] = np.uint8((values[i] - low) * scale)
    return bins


@njit(nogil=True, cache=True)
def _count_stages(tables: Tables, draws: _Draws, as_of_day: int, found: Doubles) -> None:
    """Give the share of courses in each stage: the last whose day has come."""
    found[:] = 0.0
    for i in range(N_DRAWS):
        since_onset = np.float32(as_of_day) - draws.onset_day[i]
        starts = tables.phase_starts[draws.place[i]]
        stage = len(starts)
        while stage > 0 and since_onset < starts[stage - 1]:
            stage -= 1
        found[stage] += 1 / N_DRAWS


@njit(nogil=True, cache=True)
def _gross_errors(tables: Tables, draws: _Draws, rows: Whole, scores: Scores, found: Doubles) -> None:
    """Give the probability that each visit's score is a gross error."""
    for j in range(len(rows)):
        shares = tables.gross_shares[scores[j]]
        total = 0.0
        for i in range(N_DRAWS):
            total += shares[tables.levels[max(rows[j] - draws.shift[i], 0), draws.place[i]]]
        found[j] = total / N_DRAWS
