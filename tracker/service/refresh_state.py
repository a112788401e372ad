"""What is known of pages that are refreshed by themselves: asked for, being written, or gone wrong.

A write asks; a process of its own takes the lock *running* and draws. While it waits for that lock it holds *waiting*,
and lets it go before it reads the ledger: whoever writes meanwhile finds either somebody waiting who will read what was
just written, or nobody, and starts a process. So no write is missed and no more than one process waits.

`asked` stays until a process has drawn what was asked for. Where it is there and nobody holds a lock, that process
was cut off, and the next command starts another; where there is trouble, it failed and said so.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from tracker.service.file_lock import INHERITED, let_go, try_lock, wait_for_lock
from tracker.service.places import refresh_dir

_STARTING_SECONDS = 30
"""So long a process may take to its first lock where it cannot be handed one."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A refresh that went wrong: when it was asked for, why (empty where it was cut off), and whose pages are old.

    `at` is empty where it was only on its way.
    """

    at: str
    why: str
    patient_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefreshState:
    """The pages of one record in one folder."""

    out: Path
    folder: Path

    def ask(self, at: str, *, waiting: int | None = None) -> int | None:
        """Note that pages are wanted; give the lock to hand to a new process, None where one is waiting already.

        Parameters
        ----------
        at : str
            The moment.
        waiting : int, optional
            The lock, where it is held already.

        Raises
        ------
        OSError
            If nothing can be noted.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = try_lock(self._waiting) if waiting is None else waiting
        if held is not None:
            # one asking is told from another also where two fall on one moment
            self._write(self._asked, {"at": at, "asking": secrets.token_hex(8)})
        return held

    def begin(self, waiting: int | None) -> Turn | None:
        """Wait for the turn of a process that was started with the lock `waiting`; None where another waits already."""
        if waiting is None:
            waiting = try_lock(self._waiting)
            if waiting is None:
                return None
        running = wait_for_lock(self._running)
        asked = self._read(self._asked)
        let_go(waiting)
        return Turn(self, running, asked)

    def begin_by_hand(self) -> Turn:
        """Wait for the turn of a run that somebody asked for at the terminal."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        running = wait_for_lock(self._running)
        return Turn(self, running, self._read(self._asked))

    def trouble(self) -> Trouble | None:
        """Give what went wrong with the last refresh; None where nothing did."""
        failed = self._read(self._trouble)
        if failed is None:
            return None
        return Trouble(str(failed.get("at")), str(failed.get("why")), self._planned_codes())

    def cut_off(self, now_seconds: float) -> tuple[Trouble, int] | None:
        """Give what was asked for and never finished, with the lock to hand to the process that does it instead.

        None where nothing was, or one is on its way. The lock must be handed on: a write that finds it taken
        relies on somebody who will read the ledger.
        """
        asked = self._read(self._asked)
        if asked is None or self._may_be_starting(now_seconds):
            return None
        running = try_lock(self._running)
        if running is None:
            return None
        let_go(running)
        waiting = try_lock(self._waiting)
        if waiting is None:
            return None
        if not self._asked.exists():
            # it was finished between one look and the other; a process that finds nothing to do is soon over
            return Trouble("", "", ()), waiting
        return Trouble(str(asked.get("at")), "", self._planned_codes()), waiting

    def plan(self, patient_codes: list[str]) -> None:
        """Keep whose pages are to be drawn, so that they can be named where that is cut off."""
        with suppress(OSError):
            self._write(self._planned, {"patient_codes": patient_codes})

    def forget(self, asked: dict[str, object] | None) -> None:
        """Forget what was asked for, unless somebody has asked again since."""
        if self._read(self._asked) == asked:
            self._asked.unlink(missing_ok=True)

    def keep_trouble(self, at: str, why: str) -> None:
        """Keep what went wrong for the next commands, until something goes right (`OSError` if it cannot be kept)."""
        self._write(self._trouble, {"at": at, "why": why})

    def forget_trouble(self) -> None:
        """Forget what went wrong before."""
        self._trouble.unlink(missing_ok=True)
        self._planned.unlink(missing_ok=True)

    def _may_be_starting(self, now_seconds: float) -> bool:
        if INHERITED:
            return False
        with suppress(OSError):
            return now_seconds - self._asked.stat().st_mtime < _STARTING_SECONDS
        return True

    def _planned_codes(self) -> tuple[str, ...]:
        codes = (self._read(self._planned) or {}).get("patient_codes")
        return tuple(map(str, codes)) if isinstance(codes, list) else ()

    @staticmethod
    def _read(path: Path) -> dict[str, object] | None:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    @staticmethod
    def _write(path: Path, content: dict[str, object]) -> None:
        descriptor, name = mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(content, file)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)

    @property
    def _asked(self) -> Path:
        return self.folder / "asked.json"

    @property
    def _trouble(self) -> Path:
        return self.folder / "trouble.json"

    @property
    def _planned(self) -> Path:
        return self.folder / "planned.json"

    @property
    def _waiting(self) -> Path:
        return self.folder / "waiting.lock"

    @property
    def _running(self) -> Path:
        # one for all records: two of them in one folder are refused, but not before one has looked
        return self.folder.parent / f"{_key(str(self.out))}.lock"


@dataclass(frozen=True, slots=True)
class Turn:
    """The lock *running*, held, and what was asked for when it was taken."""

    state: RefreshState
    running: int
    asked: dict[str, object] | None

    def done(self) -> None:
        """Forget what was asked for: it is drawn."""
        self.state.forget_trouble()
        self.state.forget(self.asked)

    def failed(self, why: str) -> None:
        """Keep why it was not drawn; where not even that can be written, what was asked for stays and tells as much."""
        with suppress(OSError):
            self.state.keep_trouble(str((self.asked or {}).get("at")), why)
            self.state.forget(self.asked)

    def end(self) -> None:
        """Let the next one begin."""
        let_go(self.running)


def refresh_state(out: Path, url: str) -> RefreshState:
    """Give the state of the pages of the record at `url` in the folder `out`."""
    out = Path(os.path.abspath(out))
    return RefreshState(out, refresh_dir() / _key(f"{out}\0{url}"))


def _key(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:24]
