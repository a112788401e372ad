"""The open word lists of the record, as data: laboratory values, treatments, causes, scales, checklist items.

One CSV file per list, one row per code. A code is what is stored and exported, so it is never
changed or removed; a new row needs no schema revision. Closed lists, on which a rule of
the database or a branch of the program rests, are enums of `tracker.clinical.vocabulary`.

``labs.csv``
    `units` as laboratories report them, apart by spaces, the usual one first; `loinc` only
    where a published source shows it for that very thing
``scales.csv``
    `low` and `high` are the ends of the score as its authors define it, `better` says which of
    them is good. FFI as a percentage; PROMIS T-scores have mean 50 and SD 10 in the general population
``checklist_items.csv``
    `checklist` is the list an item is gone through with, `part` its place there. CRPS: the four
    Budapest groups, each as told (`symptom`) and as seen (`sign`), the two criteria beside
    them, and four features that `separate` CRPS from marrow edema on history and imaging
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from tracker.errors import NotFoundError

_N_SUGGESTIONS = 3


class WordList(StrEnum):
    """The lists, named as `tracker word list` takes them."""

    LAB = "lab"
    TREATMENT = "treatment"
    CAUSE = "cause"
    SCALE = "scale"
    ITEM = "item"


_FILES = {
    WordList.LAB: "labs.csv",
    WordList.TREATMENT: "treatments.csv",
    WordList.CAUSE: "causes.csv",
    WordList.SCALE: "scales.csv",
    WordList.ITEM: "checklist_items.csv",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedWord:
    """One row of a list; what its list does not have is empty or None.

    `better` is ``higher`` or ``lower``.
    """

    code: str
    label: str
    group: str = ""
    units: tuple[str, ...] = ()
    loinc: str | None = None
    low: float | None = None
    high: float | None = None
    better: str | None = None
    checklist: str | None = None
    part: str = ""


def word_list(name: WordList) -> tuple[CodedWord, ...]:
    """Give a list in the order of its file."""
    return tuple(_words(name).values())


def find_word(name: WordList, text: str) -> CodedWord:
    """Give the word that was written, whatever the case, with spaces or underscores for hyphens.

    Raises
    ------
    NotFoundError
        If the list has no such code; the nearest ones are named.
    """
    words = _words(name)
    code = "-".join(text.strip().lower().replace("_", "-").split())
    if code in words:
        return words[code]
    near = " or ".join(f"'{one}'" for one in get_close_matches(code, words, n=_N_SUGGESTIONS))
    raise NotFoundError(
        f"No {name} '{text}'." + (f" Did you mean {near}?" if near else ""), hint=f"List them: tracker word list {name}"
    )


def word_label(name: WordList, code: str) -> str:
    """Write a code as people say it; a code of a later version stands for itself."""
    word = _words(name).get(code)
    return code if word is None else word.label


@cache
def _words(name: WordList) -> MappingProxyType[str, CodedWord]:
    with Path(__file__).with_name(_FILES[name]).open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({row["code"]: _read(row) for row in csv.DictReader(lines)})


def _read(row: dict[str, str]) -> CodedWord:
    return CodedWord(
        code=row["code"],
        label=row["label"],
        group=row.get("group", ""),
        units=tuple(row.get("units", "").split()),
        loinc=row.get("loinc") or None,
        low=float(row["low"]) if "low" in row else None,
        high=float(row["high"]) if "high" in row else None,
        better=row.get("better"),
        checklist=row.get("checklist"),
        part=row.get("part", ""),
    )
