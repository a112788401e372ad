"""Two small files of episodes in a folder of their own."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from tracker.exchange.episode_files import open_episode_files

VISITS = "episode_id,day,pain_nrs\n007,40,7\n007,10,5\nA,12,0\n"
ONSETS = "episode_id,onset_day\nA,2\n007,-3\n"
LONGEST_SPAN = 1096


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Work in a folder of its own, so that messages name files as they are typed."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def opened(folder):
    """Give `opened(visits=..., onsets=...)`: the checked files, from text, bytes, or the name of a file."""

    @contextmanager
    def make(visits=VISITS, onsets=ONSETS):
        paths = [_written(folder, f"{name}.csv", content) for name, content in (("visits", visits), ("onsets", onsets))]
        with open_episode_files(*paths, longest_span_days=LONGEST_SPAN) as files:
            yield files

    return make


def _written(folder, name, content):
    if isinstance(content, Path):
        return content
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return Path(name)
