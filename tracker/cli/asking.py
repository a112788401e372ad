"""Ask one question at the terminal until its answer can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from tracker.cli.render import say
from tracker.errors import TrackerError

_T = TypeVar("_T")


def ask(question: str, read: Callable[[str], _T], *, default: str = "") -> _T | None:
    """Ask until the answer can be read; Enter alone gives the default, or None where there is none."""
    while True:
        answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
        if not answer.strip():
            return None
        try:
            return read(answer)
        except TrackerError as error:
            say(str(error), fg="red")
