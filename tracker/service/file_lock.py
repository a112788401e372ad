"""Locks between processes: held by an open file, and let go by the system however its process ends."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_EVERY_SECONDS = 0.2

if sys.platform == "win32":
    import msvcrt

    INHERITED = False

    def _try(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait(descriptor: int) -> None:
        while not _try(descriptor):
            time.sleep(_EVERY_SECONDS)

else:
    import fcntl

    INHERITED = True
    """Whether a process that is started with the open file holds the lock from its first moment on."""

    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _wait(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def try_lock(path: Path) -> int | None:
    """Take a lock and give the open file that holds it; None where somebody else does (`OSError` as `os.open`)."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if _try(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def wait_for_lock(path: Path) -> int:
    """Take a lock as soon as nobody else holds it, and give the open file that holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    _wait(descriptor)
    return descriptor


def let_go(descriptor: int) -> None:
    """Let a lock go."""
    os.close(descriptor)
