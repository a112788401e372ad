"""Print results: aligned tables or JSON on stdout, messages on stderr."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

import click

from tracker.dates import PartialDate

_BOUND = "\N{NO-BREAK SPACE}%"


def say(message: str, *, fg: str | None = None) -> None:
    """Print a message for the person at the terminal, on stderr."""
    click.secho(message, err=True, fg=fg)


def counted(count: int, one: str, several: str | None = None) -> str:
    """Write a count with its noun, `several` where an s at the end does not make the plural."""
    return f"{count} {one if count == 1 else several or f'{one}s'}"


def as_json(value: object) -> object:
    """Turn results into what JSON can hold: partial dates and days as written, sets sorted."""
    if is_dataclass(value) and not isinstance(value, (type, PartialDate)):
        return json_fields(value)
    if isinstance(value, Mapping):
        return {str(_plain(key)): as_json(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_json(item) for item in value]
    return _plain(value)


def json_fields(value: object) -> dict[str, object]:
    """Turn a dataclass instance into a JSON object, field by field."""
    return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]  # checked by the callers


def _plain(value: object) -> object:
    if isinstance(value, PartialDate):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def print_json(value: object) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(as_json(value), ensure_ascii=False, indent=2))


def print_table(header: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """Print rows in aligned columns; `empty` is said on stderr where there are none."""
    if not rows:
        say(empty)
        return
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(header), *cells]) for i in range(len(header))]
    for number, row in enumerate([list(header), *cells]):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        click.secho(line, bold=number == 0)


def on_one_line(text: str) -> str:
    """Write a recorded text so that it cannot colour, move or imitate lines of the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text.replace("\n", " / "))


def _cell(value: object) -> str:
    """Give the text of one cell; leading spaces are kept, they indent."""
    if value is None:
        return "-"
    if isinstance(value, PartialDate):
        return value.in_words()
    text = on_one_line(str(_plain(value)))
    return text[: len(text) - len(text.lstrip())] + " ".join(text.split())


def wrapped(words: str, *, width: int, indent: str = "") -> str:
    """Break words into lines of at most `width`; a number stays on the line of its percent sign."""
    kept = click.wrap_text(words.replace(" %", _BOUND), width, indent, indent)
    return kept.replace(_BOUND, " %")
