"""The process that refreshes pages after a write: `python -m tracker.cli.refreshing`, asked on its standard input.

Nobody sees what it prints. What goes wrong is kept for the next command, which tells it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.cli.terminal import Terminal
from tracker.errors import TrackerError
from tracker.service.refresh_state import Turn, refresh_state

if TYPE_CHECKING:
    from tracker.service.refresh_state import RefreshState

_LESS_PRESSING = 10
"""How far it steps back behind whoever sits at the terminal."""


def main() -> None:
    """Read what is asked, wait for the turn, and draw."""
    request = json.loads(sys.stdin.read())
    if hasattr(os, "nice"):
        os.nice(_LESS_PRESSING)
    state = refresh_state(Path(request["out"]), request["url"])
    turn = state.begin(request["waiting"])
    if turn is None:
        return
    try:
        _refresh(state, request["url"], turn)
    finally:
        turn.end()


def _refresh(state: RefreshState, url: str, turn: Turn) -> None:
    try:
        _draw(state, url)
    except TrackerError as error:
        turn.failed(error.message)
    except Exception as error:  # a fault of the program is told at the next command, as any other failure
        turn.failed(f"The program failed ({type(error).__name__}).")
        raise
    else:
        turn.done()


def _draw(state: RefreshState, url: str) -> None:
    from tracker.cli.clinic_pages import Asked, draw_clinic
    from tracker.database.session import open_database

    now = Terminal.now()

    def planned(codes: Sequence[str]) -> None:
        state.plan(list(codes))

    with open_database(url) as database:
        draw_clinic(database, Asked(state.out, now.date(), now, only_touched=True), planned=planned)


if __name__ == "__main__":
    main()
