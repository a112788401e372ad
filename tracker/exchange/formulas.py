"""Texts that a spreadsheet would calculate instead of showing."""

from __future__ import annotations

FORMULA_SIGNS = ("=", "+", "@", "\t", "\r", "-")
"""With one of these a spreadsheet begins to calculate."""


def neutral(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula: with an apostrophe before it where it begins like one."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
