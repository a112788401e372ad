"""The courses of a cohort, read by the batch engine.

The engine reads numeric ratings: a VAS counts to the nearest point, which its noise of eight millimetres covers. An
onset said to be about a day counts as the span the edition gives it. So an answer can differ a little from that of the
patient's own page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.batch.episode_table import EpisodeTable
from tracker.analysis.batch.fitting import Columns, fit_episodes
from tracker.analysis.batch.library import BatchLibrary
from tracker.analysis.cohort.members import Member
from tracker.analysis.cohort.resolution import MM_PER_POINT, possible_days
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.weights import reference_courses, weighted_quantiles
from tracker.clinical.vocabulary import Instrument

Floats = NDArray[np.float64]

PARAMETERS = ("rise_days", "plateau_days", "regression_days", "peak_nrs", "resolution_day")
_QUARTILES = (0.25, 0.5, 0.75)
_ESTIMATE = np.array([0.5, 0.025, 0.975])
_NORMAL_975 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Of n numbers: the quartiles, and a 95 % interval of the median from its order statistics where n allows one."""

    n: int
    low: float
    median: float
    high: float
    median_low95: float | None
    median_high95: float | None


@dataclass(frozen=True, slots=True)
class ParameterSummary:
    """One unknown of the course over the patients in whom it can be read.

    `answers` are each patient's own medians. `narrowing` is by how much the visits narrowed the reference's 95 %
    interval, on average: near 0 the answers are the reference's, and their spread is smaller than that of the patients.
    The reference is that of an onset known to the day.
    """

    name: str
    answers: Quartiles | None
    reference_median: float
    reference_low95: float
    reference_high95: float
    narrowing: float | None


def quartiles(values: Sequence[float] | Floats) -> Quartiles | None:
    """Give quartiles, interpolated between neighbours; None of nothing.

    Notes
    -----
    The interval of the median holds the values of ranks that a binomial count of one half leaves with 95 %
    probability, normal approximation, at least six values.
    """
    sorted_values = np.sort(np.asarray(values, dtype=np.float64))
    n = len(sorted_values)
    if n == 0:
        return None
    low, median, high = np.quantile(sorted_values, _QUARTILES).tolist()
    rank = int(n / 2 - _NORMAL_975 * sqrt(n) / 2)
    ends = (float(sorted_values[rank - 1]), float(sorted_values[n - rank])) if rank >= 1 else (None, None)
    return Quartiles(n, low, median, high, *ends)


def episode_table(members: Sequence[Member], library: BatchLibrary) -> EpisodeTable:
    """Put the scores of patients whose course can be read into the table of the engine, in their order."""
    days, scores, ends, spans = [], [], [0], []
    for member in members:
        reading, onset = member.reading, member.chosen.episode.onset
        if reading is None or onset is None:
            raise ValueError(f"a course of {member.chosen.record.patient_code} cannot be read")
        seen = reading.observations.until(reading.as_of_day)
        first, last = possible_days(onset, library.library.edition)
        order = np.argsort(seen.day, kind="stable")
        in_mm = np.array([instrument is Instrument.VAS for instrument in seen.instrument], dtype=np.bool_)
        days.append(seen.day[order] - (first - onset.first).days)
        scores.append(np.rint(np.where(in_mm, seen.score / MM_PER_POINT, seen.score))[order])
        ends.append(ends[-1] + len(order))
        spans.append((last - first).days)
    return EpisodeTable(
        episode_id=tuple(member.chosen.record.patient_code for member in members),
        first_visit=np.array(ends, dtype=np.int64),
        day=np.concatenate(days).astype(np.int64) if days else np.zeros(0, dtype=np.int64),
        pain_nrs=np.concatenate(scores).astype(np.int8) if scores else np.zeros(0, dtype=np.int8),
        onset_day=np.zeros(len(members), dtype=np.int64),
        onset_span_days=np.array(spans, dtype=np.int64),
    )


def fit_members(members: Sequence[Member], library: BatchLibrary, *, as_of_day: int | None = None) -> Columns:
    """Read every course, up to a day since the onset or all of it; day 0 is the first possible day of the onset."""
    table = episode_table(members, library)
    if as_of_day is None:
        looked_at = np.array([0 if one.reading is None else one.reading.as_of_day for one in members], dtype=np.int64)
    else:
        looked_at = np.full(len(members), as_of_day, dtype=np.int64)
    if not members:
        return {}
    return fit_episodes(table, library=library, as_of_day=looked_at)


def parameter_summaries(fits: Columns, library: BatchLibrary) -> tuple[ParameterSummary, ...]:
    """Summarise each unknown over the patients who have an answer."""
    reference = reference_courses(library.library, OnsetStatement(0))
    before = {**reference.unknowns(), "resolution_day": reference.resolution_day()}
    found = []
    for name in PARAMETERS:
        median, low, high = weighted_quantiles(before[name], reference.weights, _ESTIMATE).tolist()
        answers = fits[name].astype(np.float64) if fits else np.zeros(0)
        known = np.isfinite(answers)
        narrowing = None
        if known.any():
            high_ends, low_ends = (fits[f"{name}_{end}95"].astype(np.float64)[known] for end in ("hi", "lo"))
            widths = high_ends - low_ends
            narrowing = float(np.mean(1 - widths / (high - low)))
        found.append(ParameterSummary(name, quartiles(answers[known]), median, low, high, narrowing))
    return tuple(found)
