"""Writing a file whole or not at all, and for its owner alone: most of what is written here is about patients."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp

from tracker.errors import AccessError


def write_file(path: Path, content: str) -> Path:
    """Write text as UTF-8 beside the target, then move it into place.

    Where permissions are kept, the file is the owner's alone (0600) whatever the
    umask says, and so is each missing folder made on the way (0700); a folder that
    was there keeps its mode.

    Raises
    ------
    AccessError
        If the folder or the file cannot be written.
    """
    try:
        _make_folder(path.parent)
        # A new file of mode 0600 under a name nobody can foresee, so that no link can wait there.
        descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        beside = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content.encode())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise AccessError(
            f"Cannot write '{path}': {error.strerror or error}.",
            hint="Choose a folder you may write to with --out DIR.",
        ) from error
    return path


def _make_folder(folder: Path) -> None:
    # one by one: a mode given to `mkdir(parents=True)` holds for the last folder only
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
