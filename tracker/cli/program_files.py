"""What the program is made of, as one hash: pages drawn by another state of it are drawn again."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

_ENDINGS = {".py", ".toml", ".csv", ".json", ".html", ".css", ".js"}


@cache
def source_hash() -> str:
    """Hash every file that can change what a page says."""
    import reports
    import tracker

    found = sha256()
    for package in (reports, tracker):
        folder = Path(str(package.__file__)).parent
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _ENDINGS):
            found.update(path.relative_to(folder).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()
