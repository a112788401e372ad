"""Own editions: the same file as a cited one, with the learned numbers in place of the cited.

Numbers that were not learned are copied with their sources. A learned one has grade D and
the cohort as its first source; what is said of the cohort identifies nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from math import sqrt
from pathlib import Path

from tracker.clinical.learned import LearnedNumber, Learning, learning_tables
from tracker.clinical.reference import NOT_STATED, CitedNumber, Edition, Source, load_edition
from tracker.errors import InputError

COHORT = "COHORT"
_LENGTH = "_months"
_SHARE_UNIT = "share of episodes"
_SOURCE_FIELDS = ("label", "authors", "title", "venue", "year", "locator")
_NUMBER_FIELDS = ("value", "unit", "interval", "interval_kind", "grade", "sources", "note")


def edition_text(cited: Edition, learning: Learning, *, name: str, released: str) -> str:
    """Write the file of an own edition.

    Parameters
    ----------
    cited : Edition
        The edition it was learned from; its other numbers are copied.
    learning : Learning
        What was learned, and how.
    name, released : str
        Of the new edition.

    Returns
    -------
    str
        TOML; `load_edition` reads it.

    Raises
    ------
    InputError
        If a learned value lies beyond the limits of its number.
    """
    title = f"Expected course learned from a clinic's own patients and from {cited.name}"
    lines = [
        f"# An own edition, learned by `tracker course calibrate` from {cited.name}; it does not replace that.",
        "# Counts of episodes and scores are all it says of patients.",
        *_table("edition", {"name": name, "title": title, "released": released}),
    ]
    for heading, entries in learning_tables(learning).items():
        lines += _table(heading, entries)
    learned = {number.name: number for number in learning.numbers}
    for number in cited.numbers.values():
        written = _learned(number, learned, learning) if number.name in learned else number
        lines += _table(f"numbers.{number.name}", {field: getattr(written, field) for field in _NUMBER_FIELDS})
    for source in (_cohort_source(learning), *cited.sources.values()):
        lines += _table(f"sources.{source.key}", {field: getattr(source, field) for field in _SOURCE_FIELDS})
    return "\n".join(lines) + "\n"


def load_own_edition(path: Path) -> Edition:
    """Read an edition file to read courses against.

    Raises
    ------
    InputError
        If it is no edition, or lacks what the course model of this program reads.
    """
    edition, cited = load_edition(path), load_edition()
    for number in cited.numbers.values():
        found = edition[number.name]
        if found.unit != number.unit:
            raise InputError(
                f"'{number.name}' of the edition file '{path}' must be in {number.unit}, but is in {found.unit}."
            )
        is_read = number.interval_kind in ("central 80 %", "limits")
        if is_read and found.interval_kind != number.interval_kind:
            raise InputError(
                f"The interval of '{number.name}' in the edition file '{path}' must be of the kind "
                f"'{number.interval_kind}', but is of the kind '{found.interval_kind}'."
            )
        if number.unit == _SHARE_UNIT and found.value <= 0:
            raise InputError(f"'{number.name}' of the edition file '{path}' must be above 0, but is {found.value:g}.")
    return edition


def spread_name(length: str) -> str:
    """Name the learned spread of a length: ``rise_spread`` for ``rise_months``."""
    return f"{length.removesuffix(_LENGTH)}_spread"


def _learned(number: CitedNumber, learned: Mapping[str, LearnedNumber], learning: Learning) -> CitedNumber:
    """Put the learned value in place of the cited one, its interval being of the kind the course model reads."""
    new = learned[number.name]
    known = f"95 % interval {new.low95:g} to {new.high95:g}"
    if number.name.endswith(_LENGTH):
        spread = learned[spread_name(number.name)]
        half = sqrt(spread.value)
        interval, kind = (_rounded(new.value / half), _rounded(new.value * half)), "central 80 %"
        known = f"{known}; 90th centile over 10th {spread.value:g}, {spread.low95:g} to {spread.high95:g}"
    elif number.interval is not None and number.interval_kind == "limits":
        interval, kind = number.interval, number.interval_kind
        if not interval[0] <= new.value <= interval[1]:
            raise InputError(
                f"The learned {number.name} {new.value:g} lies beyond its limits {interval[0]:g} and {interval[1]:g}: "
                "these scores are not ones the course model can read. No file was written."
            )
    else:
        interval, kind = (new.low95, new.high95), "95 %"
    is_share = number.unit == _SHARE_UNIT
    prior = learning.prior_share_episodes if is_share else learning.prior_episodes
    silent = " Little was learned: from the reference, not from these patients." if new.from_reference else ""
    note = (
        f"Learned from {learning.n_episodes} episodes, {learning.edition} ({new.cited:g}) counting for "
        f"{prior:g} more: {known}.{silent}"
    )
    return replace(
        number,
        value=new.value,
        interval=interval,
        interval_kind=kind,
        grade="D",
        sources=(COHORT, *number.sources),
        note=note,
    )


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


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
