"""Many episodes against the library, one after the other: a stand-in of the compiled kernel, with its names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.batch.episode_table import EpisodeTable
from tracker.analysis.batch.fit_columns import FIT_COLUMNS, RESOLUTION_PERCENTS
from tracker.analysis.course_classes import CLASS_NAMES
from tracker.analysis.library import CourseLibrary, course_library
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.posterior import fit_course
from tracker.analysis.results import CourseFit
from tracker.analysis.vote import weigh_courses
from tracker.analysis.weights import weighted_quantiles
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument
from tracker.dates import DAYS_PER_MONTH


@dataclass(frozen=True, slots=True, eq=False)
class BatchLibrary:
    """The library with its level on every day, shape (n courses, n days), quantised."""

    library: CourseLibrary
    levels: NDArray[np.uint8]


def batch_library(edition: Edition, *, levels: NDArray[np.uint8] | None = None) -> BatchLibrary:
    """Make it; `levels` of an earlier one spares the work."""
    library = course_library(edition)
    if levels is None:
        days = np.arange(round(edition.value("horizon_months") * DAYS_PER_MONTH))
        levels = np.zeros((library.n_courses, len(days)), dtype=np.uint8)
    elif levels.dtype != np.uint8 or levels.shape[0] != library.n_courses:
        raise ValueError(f"levels have shape {levels.shape} and type {levels.dtype}")
    return BatchLibrary(library, levels)


def fit_episodes(
    table: EpisodeTable, *, library: BatchLibrary, as_of_day: NDArray[np.int64], refine: bool = False
) -> dict[str, NDArray[np.generic]]:
    """Fit each episode."""
    rows = [_row(table, place, library.library, int(as_of_day[place]), refine) for place in range(table.n_episodes)]
    types = {"text": object, "integer": np.float64, "number": np.float64, "truth": object}
    return {
        column.name: np.array([row.get(column.name, _missing(column.kind)) for row in rows], dtype=types[column.kind])
        for column in FIT_COLUMNS[1:]
    }


def _missing(kind: str) -> object:
    return {"text": "", "integer": np.nan, "number": np.nan, "truth": None}[kind]


def _row(table: EpisodeTable, place: int, library: CourseLibrary, as_of_day: int, refine: bool) -> dict[str, object]:
    own = slice(int(table.first_visit[place]), int(table.first_visit[place + 1]))
    seen = Observations(
        table.day[own], table.pain_nrs[own].astype(np.float64), (Instrument.NRS,) * (own.stop - own.start)
    ).until(as_of_day)
    onset = OnsetStatement(int(table.onset_span_days[place]))
    answer = fit_course(seen, onset, as_of_day=as_of_day, library=library)
    row: dict[str, object] = {"n_visits": float(len(seen.day)), "status": answer.status}
    if not isinstance(answer, CourseFit):
        return row | {"status_reason": answer.reason, "resolution_status": "insufficient_data"}
    shift = int(table.onset_day[place])
    row |= {f"p_{name}": value for name, value in answer.class_probabilities.items()}
    for name in ("onset_day", "rise_days", "plateau_days", "regression_days", "peak_nrs", "resolution_day"):
        estimate = answer.resolution_day if name == "resolution_day" else answer.parameters[name]
        if estimate is not None:
            added = shift if name in ("onset_day", "resolution_day") else 0
            row |= {
                name: estimate.median + added,
                f"{name}_lo95": estimate.low95 + added,
                f"{name}_hi95": estimate.high95 + added,
            }
    weighted = weigh_courses(seen, onset, library=library, refine=refine)
    row["resolution_status"] = "improbable" if answer.resolution_day is None else "ok"
    if answer.resolution_day is not None:
        resolves = weighted.resolves_plainly(library.edition.value("horizon_months") * DAYS_PER_MONTH)
        weights = weighted.weights[resolves] / weighted.weights[resolves].sum()
        levels = np.array(RESOLUTION_PERCENTS) / 100
        found = weighted_quantiles(weighted.resolution_day()[resolves], weights, levels) + shift
        row |= {f"resolution_q{percent:02}": value for percent, value in zip(RESOLUTION_PERCENTS, found, strict=True)}
    return row | {
        "p_atypical": answer.p_atypical,
        "most_likely_class": max(CLASS_NAMES, key=lambda name: answer.class_probabilities[name]),
        "phase": answer.phase.value,
        "p_resolved": answer.p_resolved,
        "p_relapse": answer.p_relapse,
        "p_no_resolution": answer.p_no_resolution,
        "effective_sample_size": answer.effective_sample_size,
        "refined": weighted.refined,
        "resembles_known": answer.resembles_known,
    }
