"""Ask one question at the terminal until its answer can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from tracker.cli.render import say
from tracker.errors import InputError, TrackerError

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


def in_own_words(read: Callable[[str], _T], *, option: str, example: str) -> Callable[[str], _T]:
    """Say of an answer that cannot be read what to type at the question, and not what an option would take."""
    advice = f"Type for example {example}; Enter alone leaves it out."

    def read_answer(text: str) -> _T:
        if "=" in example and "=" not in text:
            raise InputError(f"'{text}' has no equals sign, so that part of the answer is missing.", hint=advice)
        try:
            return read(text)
        except InputError as error:
            hint = error.hint if error.hint and "--" not in error.hint else advice
            raise InputError(error.message.replace(f"{option} ", ""), hint=hint) from None

    return read_answer
