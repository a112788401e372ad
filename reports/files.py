"""Writing files whole or not at all, and for its owner alone: most of what is written here is about patients."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp

from tracker.errors import AccessError


def write_file(path: Path, content: str) -> Path:
    """Write text as UTF-8, whole or not at all; as `write_files` for one file."""
    write_files({path: content.encode()})
    return path


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write each file beside its target, and move them into place once all of them are written.

    Where permissions are kept, the files are the owner's alone (0600) whatever the
    umask says, and so is each missing folder made on the way (0700); a folder that
    was there keeps its mode.

    Raises
    ------
    AccessError
        If a folder or a file cannot be written; nothing is then left of any that was not moved yet.
    """
    beside: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            _make_folder(path.parent)
            # A new file of mode 0600 under a name nobody can foresee, so that no link can wait there.
            descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
            beside[path] = Path(name)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        for path, part in beside.items():
            part.replace(path)
    except OSError as error:
        raise AccessError(
            f"Cannot write '{path}': {error.strerror or error}.",
            hint="Choose a folder you may write to with --out DIR.",
        ) from error
    finally:
        for part in beside.values():
            part.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    # one by one: a mode given to `mkdir(parents=True)` holds for the last folder only
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
