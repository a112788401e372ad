"""Fits of a table of episodes without a database: two files in, one file out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tracker import __version__
from tracker.analysis.batch.fit_columns import FIT_COLUMNS
from tracker.clinical.reference import Edition, load_edition
from tracker.dates import DAYS_PER_MONTH
from tracker.exchange.episode_files import EpisodeFiles, open_episode_files
from tracker.exchange.fits_file import check_new_file, new_table_file
from tracker.service.fit_chunks import Chunk, Columns, chunks, fit_chunk
from tracker.service.level_cache import library_of

CHUNK_SIZE = 4096
_IN_FLIGHT_PER_WORKER = 2
_RECALL_ERRORS_BEFORE_ONSET = 3  # as many as an episode of the record claims scores in

Watcher = Callable[[int, int], None]
Rows = Generator[Columns, None, None]


@dataclass(frozen=True, slots=True)
class FitOrder:
    """What is to be fitted, and how.

    Parameters
    ----------
    visits, onsets : Path
        The two files; see `tracker.exchange.episode_files`.
    out : Path
        Where the fits go; ends in .csv or .parquet.
    edition : Path, optional
        An edition file; the built-in edition otherwise.
    as_of_day : int, optional
        The day looked at, on the clock of the input; each episode's last visit otherwise.
    refine : bool
        Whether courses are drawn anew where too few of the library carry a fit.
    workers : int
        Threads.
    scheduler : str, optional
        Address of a dask scheduler, whose workers fit instead of the threads.
    overwrite : bool
        Whether `out` may be replaced.
    chunk_size : int
        Episodes at a time.
    """

    visits: Path
    onsets: Path
    out: Path
    edition: Path | None = None
    as_of_day: int | None = None
    refine: bool = False
    workers: int = 1
    scheduler: str | None = None
    overwrite: bool = False
    chunk_size: int = CHUNK_SIZE


@dataclass(frozen=True, slots=True)
class FitSummary:
    """What was read and fitted.

    `n_early_visits` lie more than `early_days` before the first possible day of their episode's onset; they are read
    all the same. `n_little_sample` fits are carried by fewer courses than the edition asks for. `n_formula_ids` ids
    begin with a sign that a spreadsheet takes for a formula. Counts of fits are None where nothing was fitted.
    """

    n_episodes: int
    n_visits: int
    n_early_visits: int
    early_days: int
    n_formula_ids: int
    n_fitted: int | None
    n_insufficient_data: int | None
    n_little_sample: int | None
    n_unlike_any_class: int | None
    edition: str
    edition_sha256: str
    program_version: str
    out: str | None


def check_files(order: FitOrder) -> FitSummary:
    """Check the input and the name of the output, and count; fit and write nothing.

    Raises
    ------
    TrackerError
        As `fit_files`.
    """
    edition = load_edition(order.edition)
    check_new_file(order.out, overwrite=order.overwrite)
    with open_episode_files(order.visits, order.onsets, longest_span_days=_longest_span_days(edition)) as files:
        return _summary(files, edition, None, out=None)


def fit_files(order: FitOrder, *, watch: Watcher) -> FitSummary:
    """Fit every episode and write one row for each, in the order of the onsets.

    Memory does not grow with the number of episodes: a few chunks are read ahead, no more.

    Parameters
    ----------
    order : FitOrder
        What to fit.
    watch : callable
        Is told how many episodes are done, of how many, after each chunk.

    Raises
    ------
    InputError
        With everything that is wrong with the input.
    ConflictError, AccessError
        If the output stands in the way, or cannot be written.

    Notes
    -----
    The output has the same bytes whatever the number of workers, the scheduler and the size of a chunk.
    """
    edition = load_edition(order.edition)
    check_new_file(order.out, overwrite=order.overwrite)
    about = {
        "program_version": __version__,
        "edition": edition.name,
        "edition_sha256": edition.sha256,
        "as_of_day": "last visit of each episode" if order.as_of_day is None else str(order.as_of_day),
        "refine": str(order.refine).lower(),
    }
    with open_episode_files(order.visits, order.onsets, longest_span_days=_longest_span_days(edition)) as files:
        counts = _Counts(edition.value("effective_sample_little"))
        todo = chunks(files, size=order.chunk_size, as_of_day=order.as_of_day)
        with (
            new_table_file(order.out, FIT_COLUMNS, about=about, overwrite=order.overwrite) as table,
            closing(_fitted(todo, order, edition)) as fitted,
        ):
            watch(0, files.n_episodes)
            for columns in fitted:
                table.write(columns)
                counts.add(columns)
                watch(table.n_rows, files.n_episodes)
        return _summary(files, edition, counts, out=str(order.out))


def _longest_span_days(edition: Edition) -> int:
    return round(edition.value("horizon_months") * DAYS_PER_MONTH)


def _fitted(todo: Iterable[Chunk], order: FitOrder, edition: Edition) -> Rows:
    if order.scheduler is None:
        return fitted_on_threads(todo, edition, workers=order.workers, refine=order.refine)
    from tracker.service.cluster_fits import fitted_on_cluster  # noqa: PLC0415 -- only this needs distributed

    return fitted_on_cluster(todo, edition, scheduler=order.scheduler, refine=order.refine)


def fitted_on_threads(todo: Iterable[Chunk], edition: Edition, *, workers: int, refine: bool) -> Rows:
    """Fit chunks on threads, and give their rows in the order of the chunks; never more than a few are in flight."""
    library = library_of(edition)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="fit")
    try:
        waiting: deque[Future[Columns]] = deque()
        for chunk in todo:
            waiting.append(pool.submit(fit_chunk, chunk, library, refine=refine))
            if len(waiting) >= _IN_FLIGHT_PER_WORKER * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


class _Counts:
    """Rows counted as they are written."""

    def __init__(self, little: float) -> None:
        self.little = little
        self.n_fitted = self.n_insufficient = self.n_little_sample = self.n_unlike = 0

    def add(self, columns: Columns) -> None:
        fitted = columns["status"] == "ok"
        self.n_fitted += int(np.count_nonzero(fitted))
        self.n_insufficient += int(np.count_nonzero(~fitted))
        # NaN, where nothing was fitted, is not below
        self.n_little_sample += int(np.count_nonzero(columns["effective_sample_size"].astype(np.float64) < self.little))
        self.n_unlike += int(np.count_nonzero(columns["resembles_known"][fitted] == False))  # noqa: E712 -- an array


def _summary(files: EpisodeFiles, edition: Edition, counts: _Counts | None, *, out: str | None) -> FitSummary:
    early_days = round(_RECALL_ERRORS_BEFORE_ONSET * edition.value("onset_recall_sd_days"))
    return FitSummary(
        n_episodes=files.n_episodes,
        n_visits=files.n_visits,
        n_early_visits=files.n_visits_before(early_days),
        early_days=early_days,
        n_formula_ids=files.n_formulas,
        n_fitted=None if counts is None else counts.n_fitted,
        n_insufficient_data=None if counts is None else counts.n_insufficient,
        n_little_sample=None if counts is None else counts.n_little_sample,
        n_unlike_any_class=None if counts is None else counts.n_unlike,
        edition=edition.name,
        edition_sha256=edition.sha256,
        program_version=__version__,
        out=out,
    )
