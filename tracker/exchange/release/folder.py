"""A folder that appears with all of its files, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from tracker.errors import AccessError, ConflictError


class NewFolder:
    """A folder being filled beside the place where it is to be; see `new_folder`."""

    def __init__(self, place: Path, beside: Path) -> None:
        self.place, self.path = place, beside
        self._is_there = False

    def publish(self) -> None:
        """Put the folder in its place.

        Raises
        ------
        ConflictError
            If something is there meanwhile.
        AccessError
            If it cannot be put there.
        """
        with as_sentence(self.place):
            for name in sorted(self.path.iterdir()):
                name.chmod(0o600)  # what is copied or moved out of the folder stays its owner's alone
                _to_the_disk(name)
            check_new_folder(self.place)
            if self.place.exists():
                self.path.chmod(self.place.stat().st_mode)
                self.place.rmdir()
            _to_the_disk(self.path)
            self.path.rename(self.place)
            self._is_there = True
            _to_the_disk(self.place.parent)

    def take_back(self) -> None:
        """Remove the folder, wherever it is: what it belongs to did not happen."""
        shutil.rmtree(self.place if self._is_there else self.path, ignore_errors=True)


@contextmanager
def new_folder(place: Path) -> Iterator[NewFolder]:
    """Make a folder beside `place` that `NewFolder.publish` puts there; whatever goes wrong, nothing is left of it.

    It and its files are readable by their owner alone; a folder that was there keeps its mode.

    Raises
    ------
    ConflictError
        If there is a folder that holds something, or a file.
    AccessError
        If it cannot be made.
    """
    check_new_folder(place)
    with as_sentence(place):
        place.absolute().parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.absolute().parent))
    folder = NewFolder(place.absolute(), beside)
    try:
        yield folder
    except BaseException:
        folder.take_back()
        raise


def check_new_folder(place: Path) -> None:
    """Refuse a place that is taken; an empty folder may be there."""
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise ConflictError(f"'{place}' is there already and is no folder.", hint="Name another folder: --out DIR")
    with as_sentence(place):
        if place.is_dir() and next(place.iterdir(), None) is not None:
            raise ConflictError(
                f"The folder '{place}' holds something already.", hint="Name a new or an empty one: --out DIR"
            )


@contextmanager
def as_sentence(place: Path) -> Iterator[None]:
    """Turn what the disk complains of into a sentence."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise AccessError(
            f"Cannot write '{place}': {said}.", hint="Choose a folder with room that you may write to: --out DIR"
        ) from error


def _to_the_disk(path: Path) -> None:
    with suppress(PermissionError):  # Windows opens no folder
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
