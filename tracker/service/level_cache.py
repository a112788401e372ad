"""The day table of a library, kept on disk from one run to the next.

It takes a second or two to make and says nothing about any patient. A file is named after all it
depends on: the edition, the program, and the source of the course model. One that is damaged, or whose folder
cannot be written, is as good as none.
"""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkstemp

import numpy as np
from numpy.typing import NDArray

import tracker
from tracker import analysis
from tracker.analysis.batch.library import BatchLibrary, batch_library
from tracker.clinical.reference import Edition
from tracker.service.places import cache_dir

_PREFIX, _ENDING = "levels-", ".bin"
_MOST_FILES = 3  # each is some 50 MB
_DIGEST_BYTES = hashlib.sha256().digest_size


def library_of(edition: Edition, *, folder: Path | None = None) -> BatchLibrary:
    """Make the library of an edition for many episodes, with the day table of an earlier run where there is one.

    Parameters
    ----------
    edition : Edition
        The cited numbers.
    folder : Path, optional
        Where day tables are kept; the user's cache folder otherwise.
    """
    path = (folder or cache_dir()) / f"{_PREFIX}{_key(edition)}{_ENDING}"
    levels = _read(path)
    if levels is not None:
        with suppress(ValueError):  # of another shape than this program's
            return batch_library(edition, levels=levels)
    library = batch_library(edition)
    with suppress(OSError):
        _write(path, library.levels)
    return library


def _key(edition: Edition) -> str:
    parts = (edition.sha256, tracker.__version__, np.__version__, _source_hash())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@cache
def _source_hash() -> str:
    """Hash the course model's own files, so that a changed one never meets an old table."""
    found = hashlib.sha256()
    folder = Path(analysis.__file__).parent
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".csv")):
        found.update(path.relative_to(folder).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def _read(path: Path) -> NDArray[np.uint8] | None:
    """Read a table; None where there is none, or not the one that was written."""
    try:
        content = path.read_bytes()
        digest, table = content[:_DIGEST_BYTES], memoryview(content)[_DIGEST_BYTES:]
        if hashlib.sha256(table).digest() != digest:
            return None
        levels = np.load(io.BytesIO(table), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return levels if levels.dtype == np.uint8 else None


def _write(path: Path, levels: NDArray[np.uint8]) -> None:
    """Write a table beside its place and move it there; keep only the newest few."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    table = io.BytesIO()
    np.save(table, levels, allow_pickle=False)
    descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(hashlib.sha256(table.getbuffer()).digest())
            file.write(table.getbuffer())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    kept = sorted(path.parent.glob(f"{_PREFIX}*{_ENDING}"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in kept[_MOST_FILES:]:
        old.unlink(missing_ok=True)
