"""Writing a file whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from threading import get_ident

from tracker.errors import AccessError


def write_file(path: Path, content: str) -> Path:
    """Write text as UTF-8 beside the target, then move it into place; make the folder if missing.

    Raises
    ------
    AccessError
        If the folder or the file cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_bytes(content.encode())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise AccessError(
            f"Cannot write '{path}': {error.strerror or error}.",
            hint="Choose a folder you may write to with --out DIR.",
        ) from error
    return path
