"""Looks at many follow-ups: those of `flags.looks`, from a table of the library's levels by day.

A course's onset is a whole number of stated days and an error of recall that is the course's own. So one table, each
course's level on every day less its error of recall, serves every follow-up and every span of an onset: a look
costs a look-up per course and visit. The answers are those of `looks_at` without courses drawn anew, to the
millionth of the weight that those leave out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES, RELAPSE
from tracker.analysis.flags.looks import Look
from tracker.analysis.library import CourseLibrary, onset_days
from tracker.analysis.likelihood import ScoreNoise, gross_error_probability, level_index, score_probabilities
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.weights import WeightedCourses
from tracker.clinical.vocabulary import Instrument

_FIRST_DAY, _LAST_DAY = -60, 1200
_NEGLIGIBLE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class LibraryTable:
    """A library and its quantised levels: row `i` of `indices`, shape (days, n), is day `_FIRST_DAY` + i."""

    library: CourseLibrary
    indices: NDArray[np.uint8]

    def on(self, day: int, stated: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Give each course's quantised level on a day since day 0, for onsets stated on days `stated`, shape (n,)."""
        rows = np.clip(day - stated - _FIRST_DAY, 0, len(self.indices) - 1)
        if rows.min() == rows.max():
            only: NDArray[np.uint8] = self.indices[rows[0]]
            return only
        found: NDArray[np.uint8] = self.indices[rows, np.arange(len(rows))]
        return found


def library_table(library: CourseLibrary) -> LibraryTable:
    """Tabulate a library; takes some seconds and 45 MB."""
    recalled = onset_days(np.zeros(library.n_courses), library.recall_deviate, OnsetStatement(0), library.edition)
    rows = (library.courses.levels(day - recalled) for day in range(_FIRST_DAY, _LAST_DAY + 1))
    return LibraryTable(library, np.stack([level_index(levels).astype(np.uint8) for levels in rows]))


def quick_looks(
    observations: Observations, onset: OnsetStatement, *, table: LibraryTable
) -> Iterator[tuple[Look, NDArray[np.float64]]]:
    """Look at every visit day, as `looks_at`; one score a day, on the numeric rating scale.

    Yields
    ------
    Look
        What was known on a day.
    ndarray of float64, shape (n,)
        The weights of the library's courses then.
    """
    library = table.library
    noise = ScoreNoise.of_edition(library.edition)
    gross = gross_error_probability(Instrument.NRS, noise)
    stated = onset_days(library.within_span, np.zeros(library.n_courses), onset, library.edition).astype(np.intp)
    onsets = library.onset_days(onset)
    needed = int(library.edition.value("minimum_fit_days"))
    fit, errors, any_pain = library.log_prior.copy(), [], False
    order = np.argsort(observations.day)
    for n_days, (day, score) in enumerate(
        zip(observations.day[order], observations.score[order], strict=True), start=1
    ):
        probabilities = score_probabilities(Instrument.NRS, int(score), noise)
        indices = table.on(int(day), stated)
        fit += np.take(np.log(probabilities), indices)
        errors.append(np.take(gross / probabilities, indices))
        any_pain = any_pain or score > 0
        if n_days >= needed and any_pain:
            weights = np.exp(fit - fit.max())
            weights /= weights.sum()
            odd = tuple(float(np.dot(weights, error)) for error in errors)
            yield _look(int(day), weights, onsets, odd, library), weights


def _look(
    day: int, weights: NDArray[np.float64], onsets: NDArray[np.float32], odd: tuple[float, ...], library: CourseLibrary
) -> Look:
    shares = np.bincount(library.class_place, weights=weights, minlength=len(CLASS_NAMES))
    own = library.of_class(CLASS_NAMES.index(RELAPSE))
    has_begun = onsets[own] + library.courses.second_start_days[own] <= day
    return Look(day, tuple(shares.tolist()), float(weights[own][has_begun].sum()), odd)


def weighted_courses(weights: NDArray[np.float64], onset: OnsetStatement, library: CourseLibrary) -> WeightedCourses:
    """Give the vote behind a look, without the courses that do not matter."""
    kept = np.flatnonzero(weights > _NEGLIGIBLE * weights.mean())
    return WeightedCourses(
        courses=library.courses.taken(kept),
        onset_days=library.onset_days(onset)[kept],
        class_place=library.class_place[kept],
        weights=weights[kept] / weights[kept].sum(),
    )
