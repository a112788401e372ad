"""The same bytes from a cluster as from threads, also where a worker dies; a sentence where there is no cluster."""

import os
import signal
import socket
import sys

import pytest

from tracker.clinical.reference import load_edition
from tracker.errors import AccessError, InputError
from tracker.service import cluster_fits
from tracker.service.batch_fits import FitOrder, fit_files
from tracker.service.cluster_fits import Order, fitted_on_cluster

N_EPISODES, CHUNK_SIZE = 40, 4


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Start two worker processes, each with a nanny that starts it anew when it dies."""
    distributed = pytest.importorskip("distributed")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        with distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            local_directory=str(tmp_path_factory.mktemp("workers")),
            silence_logs=50,  # a death is what this is about, and is logged as one
        ) as started:
            yield started


@pytest.fixture
def fit(tmp_path, monkeypatch):
    """Give `fit(out, watch, ...)`: the bytes that were written."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    episodes = range(N_EPISODES)
    visits = "".join(f"E{one},{20 + 40 * n},{max(8 - n - one % 5, 0)}\n" for one in episodes for n in range(5))
    (tmp_path / "visits.csv").write_text("episode_id,day,pain_nrs\n" + visits, encoding="utf-8")
    onsets = "".join(f"E{one},{one % 11}\n" for one in reversed(episodes))
    (tmp_path / "onsets.csv").write_text("episode_id,onset_day\n" + onsets, encoding="utf-8")

    def make(out, watch=lambda done, total: None, **options):
        path = tmp_path / out
        files = (tmp_path / "visits.csv", tmp_path / "onsets.csv", path)
        fit_files(FitOrder(*files, chunk_size=CHUNK_SIZE, **options), watch=watch)
        return path.read_bytes()

    return make


@pytest.mark.slow
def test_a_cluster_writes_the_bytes_that_threads_write_also_when_a_worker_dies(cluster, fit):
    def kill_one(done, total):
        if done == CHUNK_SIZE:  # the first chunk has come back, others are on their way
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

    local = fit("local.csv")
    assert local.count(b"\n") == 1 + N_EPISODES
    assert fit("cluster.csv", watch=kill_one, scheduler=cluster.scheduler_address) == local


@pytest.mark.slow
def test_a_worker_that_cannot_fit_is_told_and_nothing_is_left(cluster, fit, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_fits, "__version__", "0.0.0")
    with pytest.raises(InputError) as told:
        fit("cluster.csv", scheduler=cluster.scheduler_address)
    assert told.value.message == (
        f"The workers at '{cluster.scheduler_address}' cannot fit: "
        f"a worker runs tracker {_version()}, and this program is 0.0.0."
    )
    assert not (tmp_path / "cluster.csv").exists()
    assert not list(tmp_path.glob(".cluster*"))


def _version():
    from tracker import __version__

    return __version__


def test_nobody_at_an_address_is_told_within_seconds(fit, tmp_path):
    with socket.socket() as taken:  # bound, and not listening: nobody answers
        taken.bind(("127.0.0.1", 0))
        for address in (f"tcp://127.0.0.1:{taken.getsockname()[1]}", "nonsense", "tcp://"):
            with pytest.raises(AccessError) as told:
                fit("cluster.csv", scheduler=address)
            assert str(told.value) == (
                f"No dask scheduler answers at '{address}' within 10 s. "
                "Start one with 'dask scheduler' and give the address it prints, such as tcp://10.0.0.5:8786."
            )
    assert not (tmp_path / "cluster.csv").exists()


def test_without_the_extra_there_is_a_sentence(fit, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError) as told:
        fit("cluster.csv", scheduler="tcp://127.0.0.1:8786")
    assert str(told.value) == (
        "--scheduler needs the package 'distributed', which is not installed. "
        "Install the extra: pip install 'bmes-tracker[scale]'. Or leave --scheduler out."
    )


def test_an_edition_comes_out_of_its_parcel_as_it_went_in():
    edition = load_edition()
    assert Order.of(edition, refine=False).edition() == edition


def test_a_worker_makes_the_library_of_an_edition_once(fit, monkeypatch):
    made = []
    monkeypatch.setattr(cluster_fits, "library_of", lambda edition: made.append(edition.sha256) or "library")
    monkeypatch.setattr(cluster_fits, "fit_chunk", lambda chunk, library, refine: (chunk, library, refine))
    monkeypatch.setattr(cluster_fits, "_libraries", {})
    order = Order.of(load_edition(), refine=True)
    assert [cluster_fits._fit_on_worker(number, order) for number in range(3)] == [
        (number, "library", True) for number in range(3)
    ]
    assert made == [load_edition().sha256]


def test_chunks_are_sent_as_they_are_needed(cluster):
    """A few more than there are threads, however many there are in all."""
    sent = []

    def todo():
        for number in range(20):
            sent.append(number)
            yield number

    results = fitted_on_cluster(todo(), load_edition(), scheduler=cluster.scheduler_address, refine=False, fit=_echo)
    assert next(results) == 0
    assert len(sent) <= 2 * 2
    assert list(results) == list(range(1, 20))


def _echo(chunk, order):
    return chunk
