"""The course library as tables: the level of every course on every day, one byte each.

Courses are put in the order of where in its stated span their onset lies. For a span of any length the courses with
the same whole day of onset then stand side by side, and one table of levels by days since
the *stated* onset serves every span: the error of recall is part of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.courses import Courses
from tracker.analysis.library import CourseLibrary, course_library, stated_onset_days
from tracker.analysis.likelihood import N_LEVELS, ScoreNoise, gross_error_probability, level_index, score_probabilities
from tracker.analysis.observations import HIGHEST_SCORE, OnsetStatement
from tracker.analysis.weights import resolves_plainly
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument
from tracker.dates import DAYS_PER_MONTH

N_BINS = 256
RANKED = ("rise_days", "plateau_days", "regression_days", "peak_nrs")
_N_SCORES = HIGHEST_SCORE[Instrument.NRS] + 1
_N_THREADS = 2
_WORD_BYTES = np.dtype(np.uint64).itemsize


@dataclass(frozen=True, slots=True, eq=False)
class BatchLibrary:
    """One library, its n courses in the order of their place within the stated span.

    Parameters
    ----------
    library : CourseLibrary
        What it was made from, for the episodes that are read one by one.
    courses : Courses
        The same courses in this order.
    level_words : ndarray of uint64, shape (days, n / 8 rounded up)
        The bytes of `levels`, eight at a time; behind the last course zeros.
    first_day : int
        Day of the first row: before every onset, so that all of it is 0.
    within_span, recall_days : ndarray, shape (n,)
        Where in its stated span the onset lies, 0 to 1; what memory got wrong, days.
    class_place : ndarray of int8, shape (n,)
        Place in the table of classes.
    log_prior : ndarray of float32, shape (n,)
        Logarithm of the prior probability.
    phase_starts : ndarray of float32, shape (n, 8)
        See `Courses.phase_starts`.
    ranked : ndarray of float32, shape (n, 4)
        The unknowns named by `RANKED`: side by side, since all of a course are looked up together.
    bins : ndarray of uint8, shape (n, 4)
        Of each of them, the 256th of the library it lies in.
    resolution_bins : ndarray of uint8, shape (n,)
        The same of the resolution day.
    log_tables, gross_shares : ndarray, shape (11, 256)
        By score and level: log-likelihood (float32), and the share of it that is gross error (float64).
    is_plain, is_endless : ndarray of bool, shape (n,)
        Whether the course resolves within the horizon and without relapse; whether it does not resolve within it.
    """

    library: CourseLibrary
    courses: Courses
    level_words: NDArray[np.uint64]
    first_day: int
    within_span: NDArray[np.float64]
    recall_days: NDArray[np.float32]
    class_place: NDArray[np.int8]
    log_prior: NDArray[np.float32]
    phase_starts: NDArray[np.float32]
    ranked: NDArray[np.float32]
    bins: NDArray[np.uint8]
    resolution_bins: NDArray[np.uint8]
    log_tables: NDArray[np.float32]
    gross_shares: NDArray[np.float64]
    is_plain: NDArray[np.bool_]
    is_endless: NDArray[np.bool_]

    @property
    def n_courses(self) -> int:
        """Number of courses."""
        return len(self.within_span)

    @property
    def levels(self) -> NDArray[np.uint8]:
        """Level of each course in twentieths of a point, by whole days since its stated onset, shape (days, n)."""
        return self.level_words.view(np.uint8)[:, : self.n_courses]

    @property
    def last_day(self) -> int:
        """The last day since day 0 that the table of levels holds."""
        return self.first_day + len(self.level_words) - 1

    def run_starts(self, span_days: int) -> NDArray[np.int64]:
        """Give where the courses of each whole day of a stated span begin, and the end, shape (span_days + 2,)."""
        stated = stated_onset_days(self.within_span, OnsetStatement(span_days), self.library.edition)
        found: NDArray[np.int64] = np.searchsorted(stated, np.arange(span_days + 2)).astype(np.int64)
        return found


def batch_library(edition: Edition, *, levels: NDArray[np.uint8] | None = None) -> BatchLibrary:
    """Make the tables of an edition's library; see `tables_of`."""
    return tables_of(course_library(edition), levels=levels)


def tables_of(library: CourseLibrary, *, levels: NDArray[np.uint8] | None = None) -> BatchLibrary:
    """Make the tables of a library.

    Parameters
    ----------
    library : CourseLibrary
        The prior draws.
    levels : ndarray of uint8, shape (days, n), optional
        `BatchLibrary.levels` of the same library, made earlier: making it is nearly all of the cost.

    Raises
    ------
    ValueError
        If `levels` has not the shape of this library.

    Notes
    -----
    Costs about 2 s of processor time and 40 MB.
    """
    edition = library.edition
    order = np.argsort(library.within_span, kind="stable")
    courses = library.courses.taken(order)
    recall_days = (library.recall_deviate[order] * edition.value("onset_recall_sd_days")).astype(np.float32)
    first_day = -ceil(-float(recall_days.min())) - 1
    horizon_days = edition.value("horizon_months") * DAYS_PER_MONTH
    days = range(first_day, round(horizon_days) + 1)
    if levels is None:
        levels = _levels(courses, recall_days, days)
    elif levels.shape != (len(days), library.n_courses) or levels.dtype != np.uint8:
        raise ValueError(f"levels must be bytes of shape {(len(days), library.n_courses)}, but are {levels.shape}")
    ranked = np.stack([getattr(courses, name) for name in RANKED], axis=1)
    noise = ScoreNoise.of_edition(edition)
    tables = _by_score(lambda score: score_probabilities(Instrument.NRS, score, noise))
    gross = gross_error_probability(Instrument.NRS, noise)
    return BatchLibrary(
        library=library,
        courses=courses,
        level_words=_words(levels),
        first_day=first_day,
        within_span=library.within_span[order],
        recall_days=recall_days,
        class_place=library.class_place[order],
        log_prior=library.log_prior[order].astype(np.float32),
        phase_starts=np.ascontiguousarray(np.stack([start for _, start in courses.phase_starts()], axis=1)),
        ranked=ranked,
        bins=np.stack([_rank_bins(values) for values in ranked.T], axis=1),
        resolution_bins=_rank_bins(courses.resolution_days),
        log_tables=np.log(tables).astype(np.float32),
        gross_shares=gross / tables,
        is_plain=resolves_plainly(courses, library.class_place[order], horizon_days),
        is_endless=courses.resolution_days > horizon_days,
    )


def _levels(courses: Courses, recall_days: NDArray[np.float32], days: Iterable[int]) -> NDArray[np.uint8]:
    """Evaluate every course on every day; NumPy computes outside the interpreter lock, so two threads help."""
    every = list(days)
    found = np.empty((len(every), len(recall_days)), dtype=np.uint8)

    def fill(place: int) -> None:
        found[place] = level_index(courses.levels(np.float32(every[place]) - recall_days))

    with ThreadPoolExecutor(_N_THREADS) as pool:
        list(pool.map(fill, range(len(every))))
    return found


def _words(levels: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Give each day's bytes by eights, so that one load fetches the levels of eight courses."""
    missing = -levels.shape[1] % _WORD_BYTES
    return np.pad(levels, ((0, 0), (0, missing))).view(np.uint64)


def _by_score(row: Callable[[int], NDArray[np.float64]]) -> NDArray[np.float64]:
    """Lay the tables of all scores under each other; levels beyond the scale, which no course has, repeat the last."""
    padding = (0, N_BINS - N_LEVELS)
    return np.stack([np.pad(row(score), padding, mode="edge") for score in range(_N_SCORES)])


def _rank_bins(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Give the 256th of the library that each value lies in; equal values share one."""
    sorted_values = np.sort(values)
    ranks = np.searchsorted(sorted_values, values)
    return (ranks * N_BINS // len(values)).astype(np.uint8)
