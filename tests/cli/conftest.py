"""A command line on a database of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from tracker.cli.root import root

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    """Give `run("visit", "add", ...)`: the whole command line on a fresh SQLite record."""
    for name in ("TRACKER_DATABASE_URL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOGNAME", "nurse")
    return _runner(str(tmp_path / "record.db"))


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
