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

from tracker.analysis.weights import NEGLIGIBLE_LOG_WEIGHT

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Places = NDArray[np.int32]
Scores = NDArray[np.int8]
Whole = NDArray[np.int64]
Singles = NDArray[np.float32]
Doubles = NDArray[np.float64]

N_DRAWS = 1 << 10
"""How many equally weighted courses stand for a vote where quantiles are taken."""

IS_PLAIN, IS_ENDLESS = 1 << 3, 1 << 4

_BLOCK = 4096  # courses whose sums stay in the first-level cache
_WORD = 8  # levels, a byte each, that one load fetches
_BYTE = np.uint64(0xFF)
_N_BINS = 256
_N_SUMS = 4  # of each kind, so that one need not wait for the other: most courses that matter are of one kind
_NEGLIGIBLE_LOG_WEIGHT = np.float32(NEGLIGIBLE_LOG_WEIGHT)
_ROUNDING = 1e-9  # 0.05 * 20 is not quite 1


class Tables(NamedTuple):
    """Arrays of a `BatchLibrary` with n courses, and the day from onset on which each resolves, infinite for never.

    `level_words` holds the bytes of `levels` by eights. `kind` is the class's place, plus `IS_PLAIN` and `IS_ENDLESS`
    where the course resolves within the horizon and without relapse, and where it does not resolve within it.
    """

    levels: Bytes
    level_words: Words
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

    place: Places
    shift: Whole
    onset_day: Singles


@njit(nogil=True, cache=True)
def weigh_episodes(tables: Tables, episodes: Episodes, wanted: Wanted, found: Found) -> None:
    """Weigh every course by every chosen episode and fill its rows of `found`."""
    n_courses = len(tables.log_prior)
    log_weights = np.empty(n_courses, np.float32)
    place = np.empty(n_courses, np.int32)
    weight = np.empty(n_courses, np.float32)
    for episode in episodes.chosen:
        first, last = episodes.first_visit[episode], episodes.first_visit[episode + 1]
        rows, scores = episodes.rows[first:last], episodes.scores[first:last]
        first_run = episodes.first_run[episode]
        runs = episodes.run_starts[first_run : first_run + episodes.span_days[episode] + 2]
        _add_log_likelihoods(tables, runs, rows, scores, log_weights)
        n_kept = _keep_heavy(log_weights, _heaviest(log_weights), place, weight)
        _exponentiate(weight[:n_kept])
        drawn = _count_and_draw(tables, place[:n_kept], weight[:n_kept], found, episode)
        shift = np.searchsorted(runs, drawn, side="right") - 1
        draws = _Draws(drawn, shift, shift.astype(np.float32) + tables.recall_days[drawn])
        _estimate(tables, draws, wanted, found, episode)
        _count_stages(tables, draws, episodes.as_of_day[episode], found.stages[episode])
        _gross_errors(tables, draws, rows, scores, found.odd_scores[first:last])


@njit(nogil=True, cache=True)
def _add_log_likelihoods(tables: Tables, runs: Whole, rows: Whole, scores: Scores, log_weights: Singles) -> None:
    """Add up each course's log prior and the logarithm of P(score | level) of every visit."""
    log_weights[:] = tables.log_prior
    for shift in range(len(runs) - 1):
        shifted = np.maximum(rows - shift, 0)
        for start in range(runs[shift], runs[shift + 1], _BLOCK):
            stop = min(start + _BLOCK, runs[shift + 1])
            first_word, last_word = -(-start // _WORD), stop // _WORD
            if first_word < last_word:
                _add_bytes(tables, shifted, scores, log_weights, start, first_word * _WORD)
                _add_words(tables, shifted, scores, log_weights, first_word, last_word)
                _add_bytes(tables, shifted, scores, log_weights, last_word * _WORD, stop)
            else:
                _add_bytes(tables, shifted, scores, log_weights, start, stop)


@njit(nogil=True, cache=True)
def _add_bytes(tables: Tables, rows: Whole, scores: Scores, log_weights: Singles, start: int, stop: int) -> None:
    """Add the visits to the courses from `start` up to `stop`, one by one."""
    for visit in range(len(rows)):
        level, table = tables.levels[rows[visit]], tables.log_tables[scores[visit]]
        for k in range(start, stop):
            log_weights[k] += table[level[k]]


@njit(nogil=True, cache=True)
def _add_words(tables: Tables, rows: Whole, scores: Scores, log_weights: Singles, first: int, last: int) -> None:
    """Add the visits to the courses of some words: eight levels a load, and four visits before a sum is written.

    The first course of a word is its lowest byte, as on every processor that numba compiles for.
    """
    words, score_tables = tables.level_words, tables.log_tables
    done = 0
    while done + 3 < len(rows):
        words_0, words_1 = words[rows[done]], words[rows[done + 1]]
        words_2, words_3 = words[rows[done + 2]], words[rows[done + 3]]
        table_0, table_1 = score_tables[scores[done]], score_tables[scores[done + 1]]
        table_2, table_3 = score_tables[scores[done + 2]], score_tables[scores[done + 3]]
        for q in range(first, last):
            word_0, word_1, word_2, word_3 = words_0[q], words_1[q], words_2[q], words_3[q]
            for j in range(_WORD):
                bits = np.uint64(_WORD * j)
                log_weights[_WORD * q + j] += (
                    table_0[(word_0 >> bits) & _BYTE] + table_1[(word_1 >> bits) & _BYTE]
                ) + (table_2[(word_2 >> bits) & _BYTE] + table_3[(word_3 >> bits) & _BYTE])
        done += 4
    _add_bytes(tables, rows[done:], scores[done:], log_weights, first * _WORD, last * _WORD)


@njit(nogil=True, cache=True, fastmath=True)
def _heaviest(log_weights: Singles) -> np.float32:
    """Give the largest; none is NaN, so that the compiler may compare several at once."""
    found: np.float32 = log_weights[0]
    for k in range(len(log_weights)):
        found = max(found, log_weights[k])
    return found


@njit(nogil=True, cache=True)
def _keep_heavy(log_weights: Singles, heaviest: np.float32, place: Places, below: Singles) -> int:
    """Keep the courses that matter, in their order, with their log weights below the heaviest; give their number."""
    n_kept = 0
    for k in range(len(log_weights)):  # no branch: it could not be foreseen
        own = log_weights[k] - heaviest
        place[n_kept], below[n_kept] = k, own
        n_kept += own > -_NEGLIGIBLE_LOG_WEIGHT
    return n_kept


@njit(nogil=True, cache=True, fastmath=True)
def _exponentiate(weight: Singles) -> None:
    """Replace x by exp(x), exact to 1e-5 from -14 to 0: the series of exp(x / 64), squared six times.

    Several at once, which the library's exp is not.
    """
    one = np.float32(1.0)
    for i in range(len(weight)):
        x = weight[i] * np.float32(1 / 64)
        series = one + x / np.float32(5) * (one + x / np.float32(6))
        series = one + x * (one + x / np.float32(2) * (one + x / np.float32(3) * (one + x / np.float32(4) * series)))
        for _ in range(6):
            series *= series
        weight[i] = series


@njit(nogil=True, cache=True)
def _count_and_draw(tables: Tables, place: Places, weight: Singles, found: Found, episode: int) -> Places:
    """Fill what is added up over all courses that matter, and choose courses of equal weight."""
    by_kind, by_bin = np.zeros((_N_SUMS, 2 * IS_ENDLESS)), np.zeros(_N_BINS)
    bins = np.empty(len(place), np.uint8)
    squares = 0.0
    for i in range(len(place)):
        k, own = place[i], np.float64(weight[i])
        bins[i] = tables.resolution_bins[k]
        by_kind[i % _N_SUMS, tables.kind[k]] += own
        by_bin[bins[i]] += own
        squares += own * own
    _share_out(by_kind.sum(axis=0), squares, found, episode)
    return _draw_evenly(bins, by_bin, place, weight)


@njit(nogil=True, cache=True)
def _share_out(by_kind: Doubles, squares: float, found: Found, episode: int) -> None:
    """Fill the probabilities that the weights by kind make, and the effective number of courses."""
    total = by_kind.sum()
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


@njit(nogil=True, cache=True)
def _draw_evenly(bins: Bytes, by_bin: Doubles, place: Places, weight: Singles) -> Places:
    """Choose courses of equal weight by systematic resampling, in bins by when they resolve.

    The draws are then a stratified sample of the days from onset to resolution. Each bin takes up the even steps where
    the one before it left off, so that one pass in the order of the library serves all of them.
    """
    step, below = by_bin.sum() / N_DRAWS, 0.0
    missing = np.empty(_N_BINS)  # weight until the next draw of each bin
    for own in range(_N_BINS):
        missing[own] = (np.floor(below / step + 1 / 2) + 1 / 2) * step - below
        below += by_bin[own]
    drawn = np.empty(N_DRAWS, np.int32)
    n_drawn = 0
    for i in range(len(place)):
        own = bins[i]
        left = missing[own] - weight[i]
        while left <= 0 and n_drawn < N_DRAWS:
            drawn[n_drawn] = place[i]
            n_drawn += 1
            left += step
        missing[own] = left
    while n_drawn < N_DRAWS:  # rounding may leave one out where two bins meet
        drawn[n_drawn] = place[np.argmax(weight)]
        n_drawn += 1
    return drawn


@njit(nogil=True, cache=True)
def _estimate(tables: Tables, draws: _Draws, wanted: Wanted, found: Found, episode: int) -> None:
    """Fill the quantiles of every unknown, and of the resolution day over the courses that resolve plainly."""
    n_ranked = tables.ranked.shape[1]
    values, bins = np.empty((n_ranked, N_DRAWS), np.float32), np.empty((n_ranked, N_DRAWS), np.uint8)
    days = np.empty(N_DRAWS, np.float32)
    n_plain = 0
    for i in range(N_DRAWS):
        place = draws.place[i]
        for column in range(n_ranked):
            values[column, i] = tables.ranked[place, column]
            bins[column, i] = tables.bins[place, column]
        days[n_plain] = draws.onset_day[i] + tables.resolution_days[place]
        n_plain += (tables.kind[place] & IS_PLAIN) != 0
    unknowns = found.unknowns[episode]
    _quantiles(draws.onset_day, _even_bins(draws.onset_day), wanted.estimate_shares, unknowns[0])
    for column in range(n_ranked):
        _quantiles(values[column], bins[column], wanted.estimate_shares, unknowns[column + 1])
    if n_plain > 0:
        days = days[:n_plain]
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
        stage = 0
        for one in range(len(starts)):  # no branch: it could not be foreseen
            stage = max(stage, (one + 1) * (since_onset >= starts[one]))
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
