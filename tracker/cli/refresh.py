"""After a command: pages of the patients it wrote about are refreshed by another process, and failures are told.

The command has finished by then: nothing here changes its answer or its exit code, and nobody waits for a page.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.cli.render import say
from tracker.dates import day_in_words
from tracker.errors import TrackerError
from tracker.service.file_lock import INHERITED, let_go
from tracker.service.refresh_state import RefreshState, Trouble, refresh_state
from tracker.service.settings import REPORT_DIR

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.cli.terminal import Terminal

PROCESS = "tracker.cli.refreshing"
_MOST_NAMED = 5


def after_command(terminal: Terminal) -> None:
    """Tell what went wrong with the pages before, and have those refreshed that this command wrote about."""
    try:
        out = terminal.setting(REPORT_DIR).value
        if out is not None:
            _look_after(terminal, Path(out))
    except TrackerError as error:
        say(f"No page was refreshed: {error}", fg="yellow")
    except OSError as error:
        say(f"No page was refreshed: {error.strerror or error}. To write them: tracker report clinic", fg="yellow")


@contextmanager
def by_hand(terminal: Terminal, out: Path) -> Iterator[None]:
    """Wait for a refresh of the same folder to end; what went wrong before is forgotten once this is done."""
    try:
        turn = refresh_state(out, terminal.url()).begin_by_hand()
    except OSError:  # nothing can be kept there, so nobody else is at work either
        yield
        return
    try:
        yield
        turn.done()
    finally:
        turn.end()


def _look_after(terminal: Terminal, out: Path) -> None:
    state, now = refresh_state(out, terminal.url()), terminal.now()
    trouble = state.trouble()
    if trouble is not None:
        say(_failed(trouble, out), fg="yellow")
    if terminal.has_written:
        _ask(state, terminal.url(), now)
    elif trouble is None:
        _go_on(state, terminal.url(), now)


def _ask(state: RefreshState, url: str, now: datetime) -> None:
    """Have a write's pages refreshed, by a new process or by one that is waiting already."""
    found = state.cut_off(now.timestamp())
    if found is not None:
        _tell_cut_off(found[0], state.out)
    waiting = state.ask(now.isoformat(), waiting=None if found is None else found[1])
    if waiting is not None:
        _hand_over(state, url, waiting)


def _go_on(state: RefreshState, url: str, now: datetime) -> None:
    """Start again what was cut off."""
    found = state.cut_off(now.timestamp())
    if found is not None:
        _tell_cut_off(found[0], state.out)
        _hand_over(state, url, found[1])


def _tell_cut_off(trouble: Trouble, out: Path) -> None:
    if trouble.at:
        say(
            f"The pages in '{out}' that were to be refreshed {_when(trouble.at)} are not: the program that drew them "
            f"was stopped. {_old(trouble.patient_codes)} It was started again; to wait for it: {_by_hand(out)}",
            fg="yellow",
        )


def _hand_over(state: RefreshState, url: str, waiting: int) -> None:
    """Start a process that holds the lock from its first moment on."""
    request = {"url": url, "out": str(state.out), "waiting": waiting if INHERITED else None}
    try:
        if not INHERITED:
            let_go(waiting)
        _start(json.dumps(request), waiting)
    finally:
        if INHERITED:
            let_go(waiting)


def _start(request: str, waiting: int) -> None:
    """Start a process that outlives this one and its terminal; what it is to do goes through a pipe, not past everyone.

    An address of a database may hold a password, which neither arguments nor environment should show.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", PROCESS],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(waiting,) if INHERITED else (),
        start_new_session=os.name == "posix",
        creationflags=_windows_flags(),
    )
    if process.stdin is not None:
        with process.stdin as pipe:
            pipe.write(request.encode())
    process.returncode = 0  # nobody waits for it, and Python need not complain of that


def _windows_flags() -> int:
    if sys.platform != "win32":
        return 0
    return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP


def _failed(trouble: Trouble, out: Path) -> str:
    return (
        f"The pages in '{out}' could not be refreshed {_when(trouble.at)}: {trouble.why} {_old(trouble.patient_codes)} "
        f"To write them: {_by_hand(out)}"
    )


def _when(at: str) -> str:
    from datetime import datetime

    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return "last time"
    return f"on {day_in_words(moment.date())} at {moment:%H:%M}"


def _old(codes: tuple[str, ...]) -> str:
    if not codes:
        return "Pages of patients written about since are old."
    more = len(codes) - _MOST_NAMED
    named = ", ".join(codes[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"Old is the page of {named}." if len(codes) == 1 else f"Old may be the pages of {named}."


def _by_hand(out: Path) -> str:
    from shlex import quote

    return f"tracker report clinic --out {quote(str(out))}"
