"""Patient pages drawn one after the other, or by several processes at once where there are many.

A process of its own reads no database: it is handed the records. What it draws is what `tracker report patient`
writes, byte for byte.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.page_manifest import KeptPage
    from tracker.database.whole_records import DatedRecord
    from tracker.service.courses import Asking

PAGES_NAME = "patients"
MOST_WEEKS_AHEAD = 104
_PAGES_PER_PROCESS = 20
"""A further process costs as much to start as some pages to draw."""
_CHUNK = 4
_LARGE_BYTES = 1 << 25  # the most that glibc takes
_SURROUNDINGS = {
    # Together, threads of the linear algebra would only wait for one another.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    # Arrays of a course library come and go: to give them back to the system each time costs a tenth of a page (glibc).
    **dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(_LARGE_BYTES)),
}
"""Environment of a process that draws, read when it starts."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What every page of one run shares, in plain values that another process can be handed.

    `edition_file` is None for the cited edition, `rest_of_basis` names what else a page depends on, `out` is the
    folder of the list.
    """

    as_of: date
    today: date
    schema_revision: str
    edition_file: Path | None
    rest_of_basis: str
    out: Path

    def basis(self, newest_entry: int) -> str:
        """Hash all that a page depends on."""
        return sha256(f"{newest_entry}\n{self.rest_of_basis}".encode()).hexdigest()


@cache
def _asking(drawing: Drawing) -> Asking:
    from tracker.service.courses import Asking, current_edition

    return Asking(drawing.as_of, drawing.today, current_edition(drawing.edition_file), drawing.schema_revision)


def draw_page(one: DatedRecord, drawing: Drawing) -> KeptPage:
    """Write one patient's page and sum the patient up for the list."""
    from reports.clinic_row import RowPlace, clinic_row
    from reports.page import write_patient_page
    from reports.page_manifest import KeptPage
    from reports.sentences import load_sentences
    from tracker.analysis.overview import patient_overview
    from tracker.clinical.schedule import schedule_numbers
    from tracker.service.courses import record_view

    asked = _asking(drawing)
    view = record_view(one, asked)
    page = write_patient_page(view, asked.edition, drawing.out / PAGES_NAME)
    overview = patient_overview(
        view, edition=asked.edition, schedule=schedule_numbers(), weeks_ahead=MOST_WEEKS_AHEAD, today=asked.today
    )
    row = clinic_row(view, overview, RowPlace(f"{PAGES_NAME}/{page.name}"), asked.edition, load_sentences())
    return KeptPage(
        page=page.name,
        sha256=sha256(page.read_bytes()).hexdigest(),
        newest_entry=one.newest_entry,
        basis=drawing.basis(one.newest_entry),
        row=row,
    )


def draw_pages(records: Sequence[DatedRecord], drawing: Drawing) -> Iterator[KeptPage]:
    """Draw pages in the order of the records, in this process or, where there are many, in several."""
    n_processes = min(_processors(), len(records) // _PAGES_PER_PROCESS)
    if n_processes < 2:  # noqa: PLR2004  one process is this one
        yield from (draw_page(one, drawing) for one in records)
    else:
        yield from _by_several(records, drawing, n_processes)


def _by_several(records: Sequence[DatedRecord], drawing: Drawing, n_processes: int) -> Iterator[KeptPage]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # "spawn" is what every system has, and takes over nothing of this process: no connection, no lock.
    with (
        _surroundings(),
        ProcessPoolExecutor(n_processes, get_context("spawn"), initializer=_start, initargs=(drawing,)) as processes,
    ):
        try:
            yield from processes.map(_draw_here, records, chunksize=_CHUNK)
        except BaseException:
            processes.shutdown(wait=True, cancel_futures=True)
            raise


_here: list[Drawing] = []


def _start(drawing: Drawing) -> None:
    """Begin a process that draws: it leaves Ctrl-C to the one that started it, and ends when that one is gone."""
    import signal
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _here[:] = [drawing]


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _draw_here(one: DatedRecord) -> KeptPage:
    return draw_page(one, _here[0])


@contextmanager
def _surroundings() -> Iterator[None]:
    """Set the environment that a started process inherits, and put back what was there."""
    before = {name: os.environ.get(name) for name in _SURROUNDINGS}
    os.environ.update(_SURROUNDINGS)
    try:
        yield
    finally:
        _put_back(before.items())


def _put_back(variables: Iterable[tuple[str, str | None]]) -> None:
    for name, value in variables:
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
