"""A command line on a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from tracker.cli.root import root

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def initial_record(tmp_path_factory):
    """What `tracker init` makes, once, to be copied."""
    path = tmp_path_factory.mktemp("initial") / "record.db"
    _runner(str(path))
    return path


@pytest.fixture
def run(initial_record, tmp_path, monkeypatch) -> Run:
    """Give `run("visit", "add", ...)`: the whole command line on a fresh SQLite record."""
    for name in ("TRACKER_DATABASE_URL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOGNAME", "nurse")
    path = tmp_path / "record.db"
    shutil.copy(initial_record, path)  # its mode as well: nobody else may read a record
    return _runner(str(path), make=False)


@pytest.fixture
def run_on(monkeypatch) -> Callable[..., Run]:
    """Give `run_on(url)`: the same on a database of the caller's choice; `make=False` leaves it unmade."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("LOGNAME", "nurse")
    return _runner


def _runner(url: str, *, make: bool = True) -> Run:
    runner = CliRunner()
    if make:
        first = runner.invoke(root, ["--database", url, "init"])
        assert first.exit_code == 0, first.output

    def run(*words: str, **extra: object) -> Result:
        return runner.invoke(root, ["--database", url, *words], **extra)

    return run


@pytest.fixture
def patient(run) -> Run:
    """A record that holds patient P-07 with an episode at the left ankle since January 2026."""
    added = run("patient", "add", "P-07", "--sex", "M", "--born", "1979", "--site", "ankle-left", "--onset", "2026-01")
    assert added.exit_code == 0, added.output
    return run
