"""The templates of all pages, read in one way: everything is escaped, and a name the page does not know is an error."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from reports import page_theme

_HYPHEN_OF_A_DATE = re.compile(r"(?<=\d)-(?=\d\d)")


def load_template(name: str) -> Template:
    """Give the template called `name` in the folder `templates`."""
    return _environment().get_template(name)


def _unbroken(text: str) -> str:
    """Keep a date on one line where lines are short: its hyphens do not break."""
    return _HYPHEN_OF_A_DATE.sub("\N{NON-BREAKING HYPHEN}", text)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # the names of the colors of a page, which are others on a dark screen
    environment.globals["page_theme"] = page_theme
    environment.filters["unbroken"] = _unbroken
    return environment
