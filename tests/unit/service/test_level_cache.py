"""The day table on disk: used when it is whole, made again when it is not, missed by nobody."""

from types import SimpleNamespace

import numpy as np
import pytest

from tracker.clinical.reference import load_edition
from tracker.service import level_cache
from tracker.service.level_cache import library_of


@pytest.fixture(scope="module")
def edition():
    return load_edition()


@pytest.fixture(scope="module")
def levels():
    return np.arange(6000, dtype=np.uint16).astype(np.uint8).reshape(60, 100)


@pytest.fixture
def makings(monkeypatch, levels):
    """Stand in for the library, which takes seconds to make; record each time whether it was made from nothing."""
    made = []

    def make(edition, *, levels=None, whole=levels):
        if levels is not None and levels.shape != whole.shape:
            raise ValueError(levels.shape)
        made.append(levels is None)
        return SimpleNamespace(levels=whole.copy() if levels is None else levels)

    monkeypatch.setattr(level_cache, "batch_library", make)
    return made


def _files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_the_second_run_reads_what_the_first_one_made(edition, levels, makings, tmp_path):
    for _ in range(2):
        assert np.array_equal(library_of(edition, folder=tmp_path / "new").levels, levels)
    assert makings == [True, False]
    assert len(_files(tmp_path)) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: content[:-1],
        lambda content: content[:1000],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: bytes([content[0] ^ 1]) + content[1:],
    ],
    ids=["empty", "cut", "cut short", "a bit of the table", "a bit of the checksum"],
)
def test_a_damaged_table_is_made_again(edition, levels, makings, tmp_path, spoil):
    library_of(edition, folder=tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(spoil(whole))
    assert np.array_equal(library_of(edition, folder=tmp_path).levels, levels)
    assert makings == [True, True]
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "other", [np.zeros((3, 4), dtype=np.uint8), np.zeros((3, 4)), np.zeros(5, dtype=np.uint8)], ids=str
)
def test_a_whole_table_of_another_shape_or_type_is_made_again(edition, levels, makings, tmp_path, other):
    library_of(edition, folder=tmp_path)
    (path,) = tmp_path.iterdir()
    level_cache._write(path, other)
    assert np.array_equal(library_of(edition, folder=tmp_path).levels, levels)


def test_a_folder_that_cannot_be_written_costs_time_only(edition, levels, makings, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    for _ in range(2):
        assert np.array_equal(library_of(edition, folder=tmp_path / "taken" / "below").levels, levels)
    assert makings == [True, True]


def test_another_edition_version_or_source_never_meets_the_table(edition, makings, tmp_path, monkeypatch):
    library_of(edition, folder=tmp_path)
    monkeypatch.setattr(level_cache.tracker, "__version__", "0.0.0")
    library_of(edition, folder=tmp_path)
    monkeypatch.setattr(level_cache, "_source_hash", lambda: "another")
    library_of(edition, folder=tmp_path)
    assert makings == [True, True, True]
    assert len(_files(tmp_path)) == 3


def test_only_the_newest_tables_are_kept(tmp_path):
    for number in range(5):
        level_cache._write(tmp_path / f"levels-{number}.bin", np.zeros((1, 1), dtype=np.uint8))
        stamp = 1_000_000 + number
        level_cache.os.utime(tmp_path / f"levels-{number}.bin", (stamp, stamp))
    level_cache._write(tmp_path / "levels-new.bin", np.zeros((1, 1), dtype=np.uint8))
    assert _files(tmp_path) == ["levels-3.bin", "levels-4.bin", "levels-new.bin"]


def test_the_folder_is_the_users_own_unless_said_otherwise(edition, makings, tmp_path, monkeypatch):
    monkeypatch.setattr(level_cache, "cache_dir", lambda: tmp_path)
    library_of(edition)
    assert len(_files(tmp_path)) == 1
