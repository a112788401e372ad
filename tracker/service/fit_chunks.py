"""One chunk of episodes: read, fitted, ready to be written; the same on a thread and on another machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.batch.episode_table import EpisodeTable
from tracker.analysis.batch.fit_columns import DAYS, FIT_COLUMNS, FitColumn
from tracker.analysis.batch.fitting import fit_episodes
from tracker.analysis.batch.library import BatchLibrary
from tracker.exchange.episode_files import EpisodeFiles

Columns = dict[str, NDArray[Any]]

_DECIMALS_OF_DAYS = 2
_SIGNIFICANT_DIGITS = 6
_MOST_DECIMALS = 15  # a power of ten that is still exact


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some episodes, and the day to look at each, in days since its own day 0."""

    table: EpisodeTable
    as_of_day: NDArray[np.int64]


def chunks(files: EpisodeFiles, *, size: int, as_of_day: int | None) -> Iterator[Chunk]:
    """Read the episodes in their order, `size` at a time.

    `as_of_day` is on the clock of the input; without it each episode is looked at on the day of its last visit.
    """
    for start in range(0, files.n_episodes, size):
        rows = files.rows(start, min(start + size, files.n_episodes))
        n_visits = np.diff(rows.first_visit)
        last_day = rows.day[rows.first_visit[1:] - 1]
        looked_at = last_day if as_of_day is None else np.full(rows.n_episodes, as_of_day)
        table = EpisodeTable(
            episode_id=rows.episode_id,
            first_visit=rows.first_visit,
            day=rows.day - np.repeat(rows.onset_day, n_visits),
            pain_nrs=rows.pain_nrs,
            onset_day=rows.onset_day,
            onset_span_days=rows.onset_span_days,
        )
        yield Chunk(table, looked_at - rows.onset_day)


def fit_chunk(chunk: Chunk, library: BatchLibrary, *, refine: bool) -> Columns:
    """Fit the episodes of a chunk, and give the columns of their rows, rounded."""
    fits = fit_episodes(chunk.table, library=library, as_of_day=chunk.as_of_day, refine=refine)
    fits = {"episode_id": np.array(chunk.table.episode_id, dtype=object), **fits}
    return {column.name: _rounded(fits, column) for column in FIT_COLUMNS}


def _rounded(fits: Mapping[str, NDArray[Any]], column: FitColumn) -> NDArray[Any]:
    """Round days to a hundredth and other numbers to six digits, so that a file claims no more than it knows."""
    values: NDArray[Any] = fits[column.name]
    if column.kind == "truth":
        truths = values.astype(object)
        truths[fits["status"] != "ok"] = None
        return truths
    if column.kind != "number":
        return values
    numbers = values.astype(np.float64)
    if column.unit == DAYS:
        decimals = np.full(len(numbers), _DECIMALS_OF_DAYS)
    else:
        size = np.abs(np.where(np.isfinite(numbers) & (numbers != 0), numbers, 1))
        decimals = np.clip(_SIGNIFICANT_DIGITS - 1 - np.floor(np.log10(size)), 0, _MOST_DECIMALS)
    scale = 10.0**decimals
    rounded: NDArray[np.float64] = np.rint(numbers * scale) / scale
    return rounded + 0.0  # so that there is no -0
