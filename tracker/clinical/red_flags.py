"""What each red flag says, asks for and rests on; the rules themselves are `tracker.analysis.red_flags`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tracker.clinical.reference import GRADES, Edition, load_edition
from tracker.errors import InputError

RULES_FILE = Path(__file__).with_name("red_flags_v1.toml")


@dataclass(frozen=True, slots=True)
class RedFlagWords:
    """What one rule says.

    `consider` asks to exclude or reconsider something and is never a treatment; `grade` and `sources` are those of
    the claim that the finding matters, as for a cited number.
    """

    code: str
    label: str
    sentence: str
    consider: str
    clears: str
    grade: str
    sources: tuple[str, ...]
    note: str


@cache
def red_flag_numbers() -> Edition:
    """Give the cited numbers and the sources of the rules."""
    return load_edition(RULES_FILE)


@cache
def red_flag_words() -> Mapping[str, RedFlagWords]:
    """Give what each rule says, by its code."""
    return read_words(RULES_FILE)


def read_words(path: Path) -> Mapping[str, RedFlagWords]:
    """Read the rules of a file.

    Raises
    ------
    InputError
        If a rule lacks words, or cites what the file does not describe.
    """
    sources = load_edition(path).sources
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    found = {code: _words(code, entry) for code, entry in tables.get("rules", {}).items()}
    for words in found.values():
        unknown = [key for key in words.sources if key not in sources]
        if unknown or not words.sources:
            raise InputError(f"The red flag '{words.code}' cites {unknown or 'no source'}; [sources] describes them.")
    return MappingProxyType(found)


def _words(code: str, entry: Mapping[str, object]) -> RedFlagWords:
    texts = {
        field.name: entry.get(field.name) for field in fields(RedFlagWords) if field.name not in ("code", "sources")
    }
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise InputError(f"The {name} of the red flag '{code}' must be words, but was '{text}'.")
    if texts["grade"] not in GRADES:
        raise InputError(f"The grade of the red flag '{code}' must be one of {', '.join(GRADES)}.")
    keys = entry.get("sources")
    sources = tuple(map(str, keys)) if isinstance(keys, list) else ()
    return RedFlagWords(code=code, sources=sources, **{name: str(text) for name, text in texts.items()})
