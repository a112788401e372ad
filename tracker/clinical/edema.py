"""Edema extent: percent of the bone, grade and word say the same thing.

Grades are half-open: none is no edema at all, small anything above it up to the first cut-off,
medium from there to below the second, large from the second on.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import EdemaGrade


def grade_of_percent(percent: float, edition: Edition) -> EdemaGrade:
    """Grade an edema extent given in percent of the bone (0-100)."""
    if percent <= edition.value("edema_zero_percent_limit"):
        return EdemaGrade.NONE
    if percent < edition.value("edema_small_percent_limit"):
        return EdemaGrade.SMALL
    if percent < edition.value("edema_medium_percent_limit"):
        return EdemaGrade.MEDIUM
    return EdemaGrade.LARGE


def edema_word(grade: int) -> str:
    """Write a grade 0-3 as a word: none, small, medium or large."""
    return EdemaGrade(grade).name.lower()


EDEMA_WORDS: Mapping[str, EdemaGrade] = MappingProxyType({edema_word(grade): grade for grade in EdemaGrade})
