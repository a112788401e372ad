"""Writing an own edition: the same file as a cited one, with the learned numbers in place of the cited.

Numbers that were not learned are copied with their sources. A learned one has grade D and
the cohort as its first source; what is said of the cohort identifies nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.clinical.learned import Learning, learning_tables
from tracker.clinical.reference import NOT_STATED, CitedNumber, Edition, Source

COHORT = "COHORT"
_SOURCE_FIELDS = ("label", "authors", "title", "venue", "year", "locator")
_NUMBER_FIELDS = ("value", "unit", "interval", "interval_kind", "grade", "sources", "note")


@dataclass(frozen=True, slots=True)
class NewValue:
    """What stands in place of a cited number: its value and spread, and in words how it was learned."""

    value: float
    interval: tuple[float, float]
    interval_kind: str
    note: str


def edition_text(
    cited: Edition, learning: Learning, values: Mapping[str, NewValue], *, name: str, released: str
) -> str:
    """Write the file of an own edition.

    Parameters
    ----------
    cited : Edition
        The edition it was learned from; its other numbers are copied.
    learning : Learning
        How it was learned.
    values : mapping of str to NewValue
        By name of the number.
    name, released : str
        Of the new edition.

    Returns
    -------
    str
        TOML; `load_edition` reads it.
    """
    title = f"Expected course learned from a clinic's own patients and from {cited.name}"
    lines = [
        f"# An own edition, learned by `tracker course calibrate` from {cited.name}; it does not replace that.",
        "# Counts of episodes and scores are all it says of patients.",
        *_table("edition", {"name": name, "title": title, "released": released}),
    ]
    for heading, entries in learning_tables(learning).items():
        lines += _table(heading, entries)
    for number in cited.numbers.values():
        number = _learned(number, values[number.name]) if number.name in values else number
        lines += _table(f"numbers.{number.name}", {field: getattr(number, field) for field in _NUMBER_FIELDS})
    for source in (_cohort_source(learning), *cited.sources.values()):
        lines += _table(f"sources.{source.key}", {field: getattr(source, field) for field in _SOURCE_FIELDS})
    return "\n".join(lines) + "\n"


def _learned(number: CitedNumber, new: NewValue) -> CitedNumber:
    return replace(
        number,
        value=new.value,
        interval=new.interval,
        interval_kind=new.interval_kind,
        grade="D",
        sources=(COHORT, *number.sources),
        note=new.note,
    )


def _cohort_source(learning: Learning) -> Source:
    return Source(
        key=COHORT,
        label=f"own cohort, {learning.n_episodes} episodes",
        authors="the clinic that keeps this record",
        title=(
            f"Pain scores of the clinic's own patients up to {learning.as_of}: {learning.n_episodes} episodes with a "
            f"known onset, {learning.n_scores} scores"
        ),
        venue="not published",
        year=learning.as_of[: len("2026")],
        locator=NOT_STATED,
    )


def _table(heading: str, entries: Mapping[str, object]) -> list[str]:
    return ["", f"[{heading}]", *(f"{key} = {_toml(value)}" for key, value in entries.items() if value is not None)]


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, float):
        return repr(value)
    # JSON and TOML write words, whole numbers and truth alike
    return json.dumps(value, ensure_ascii=False)
