"""The same chunks on the workers of a dask cluster.

No disk is shared: a chunk travels as arrays, and the edition with it. Each worker process makes the library once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from socket import create_connection
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tracker import __version__
from tracker.analysis.batch.library import BatchLibrary
from tracker.clinical.reference import CitedNumber, Edition, Source
from tracker.errors import AccessError, InputError, TrackerError
from tracker.service.fit_chunks import Chunk, Columns, fit_chunk
from tracker.service.level_cache import library_of

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 10
WORKER_SECONDS = 30
_LOOK_SECONDS = 5
_IN_FLIGHT_PER_THREAD = 2
_RETRIES = 2  # of a chunk whose worker failed in it; one whose worker died is taken up by another in any case


@dataclass(frozen=True, slots=True)
class Order:
    """What travels with every chunk. An edition's tables are plain dicts here, so that they can travel."""

    name: str
    title: str
    released: str
    sha256: str
    numbers: dict[str, CitedNumber]
    sources: dict[str, Source]
    refine: bool
    program_version: str

    @classmethod
    def of(cls, edition: Edition, *, refine: bool) -> Order:
        """Pack an edition."""
        about = (edition.name, edition.title, edition.released, edition.sha256)
        return cls(*about, dict(edition.numbers), dict(edition.sources), refine, __version__)

    def edition(self) -> Edition:
        """Unpack it."""
        numbers, sources = MappingProxyType(self.numbers), MappingProxyType(self.sources)
        return Edition(self.name, self.title, self.released, self.sha256, numbers, sources)


_libraries: dict[str, BatchLibrary] = {}
_one_at_a_time = Lock()


def _fit_on_worker(chunk: Chunk, order: Order) -> Columns:
    """Fit a chunk, in a worker process.

    Raises
    ------
    RuntimeError
        If the worker's program is of another version, whose numbers may differ.
    """
    if order.program_version != __version__:
        raise RuntimeError(f"a worker runs tracker {__version__}, and this program is {order.program_version}")
    with _one_at_a_time:
        if order.sha256 not in _libraries:
            _libraries.clear()  # a worker that serves another edition now needs the old one no more
            _libraries[order.sha256] = library_of(order.edition())
        library = _libraries[order.sha256]
    return fit_chunk(chunk, library, refine=order.refine)


def fitted_on_cluster(
    todo: Iterable[Chunk],
    edition: Edition,
    *,
    scheduler: str,
    refine: bool,
    fit: Callable[[Chunk, Order], Columns] = _fit_on_worker,
) -> Generator[Columns, None, None]:
    """Fit chunks on a cluster, and give their rows in the order of the chunks; never more than a few are in flight.

    A chunk whose worker dies is fitted by another.

    Parameters
    ----------
    todo : iterable of Chunk
        Read as they are needed.
    edition : Edition
        The cited numbers.
    scheduler : str
        Its address, such as ``tcp://10.0.0.5:8786``.
    refine : bool
        As in `fit_episodes`.
    fit : callable
        What a worker does with a chunk, for tests.

    Raises
    ------
    InputError
        If the extra `scale` is not installed, or the workers run another version.
    AccessError
        If the scheduler does not answer, has no workers, or is lost on the way.
    """
    client = _client(scheduler)
    order = Order.of(edition, refine=refine)
    try:
        limit = _IN_FLIGHT_PER_THREAD * _n_threads(client, scheduler)
        waiting: deque[Future[Columns]] = deque()
        for chunk in todo:
            waiting.append(client.submit(fit, chunk, order, pure=False, retries=_RETRIES))
            if len(waiting) >= limit:
                yield _result(waiting.popleft(), client, scheduler)
        while waiting:
            yield _result(waiting.popleft(), client, scheduler)
    finally:
        client.close()  # type: ignore[no-untyped-call]  # distributed is typed in parts


def _client(scheduler: str) -> Client:
    try:
        from distributed import Client  # noqa: PLC0415 -- only a cluster needs it
        from distributed.comm.addressing import get_address_host_port  # noqa: PLC0415
    except ImportError:
        raise InputError(
            "--scheduler needs the package 'distributed', which is not installed.",
            hint="Install the extra: pip install 'bmes-tracker[scale]'. Or leave --scheduler out.",
        ) from None
    try:
        # A client that finds nobody is slow to give up, so somebody is looked for first.
        create_connection(get_address_host_port(scheduler), timeout=CONNECT_SECONDS).close()
        return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise AccessError(
            f"No dask scheduler answers at '{scheduler}' within {CONNECT_SECONDS} s.",
            hint="Start one with 'dask scheduler' and give the address it prints, such as tcp://10.0.0.5:8786.",
        ) from error


def _n_threads(client: Client, scheduler: str) -> int:
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except TimeoutError as error:
        raise _lost(scheduler, f"has no workers within {WORKER_SECONDS} s") from error
    return max(sum(client.nthreads().values()), 1)  # type: ignore[no-untyped-call]


def _result(future: Future[Columns], client: Client, scheduler: str) -> Columns:
    """Wait for a chunk, as long as there is somebody who can fit it."""
    from distributed import KilledWorker  # noqa: PLC0415 -- loaded already

    n_idle_looks = 0
    while True:
        try:
            columns: Columns = future.result(timeout=_LOOK_SECONDS)
        except TimeoutError as error:
            n_idle_looks = 0 if _n_workers(client) else n_idle_looks + 1
            if n_idle_looks * _LOOK_SECONDS >= WORKER_SECONDS:
                raise _lost(scheduler, "has lost all its workers") from error
        except (OSError, CancelledError) as error:
            raise _lost(scheduler, "does not answer any more") from error
        except KilledWorker as error:
            raise _lost(scheduler, "lost one worker after the other over the same episodes") from error
        except (RuntimeError, ImportError, AttributeError) as error:
            raise InputError(
                f"The workers at '{scheduler}' cannot fit: {error}.",
                hint=f"Install tracker {__version__} on all of them.",
            ) from error
        else:
            return columns


def _n_workers(client: Client) -> int:
    found: dict[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    return len(found)


def _lost(scheduler: str, what: str) -> TrackerError:
    return AccessError(
        f"The dask scheduler at '{scheduler}' {what}.", hint="Look at its log, and run the same command again."
    )
