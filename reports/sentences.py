"""What charts and pages say, from one translatable file.

Each point and each course gets two sentences: one for the clinician, with the
numbers, and one for the patient, in plain words. The words stand in
``templates/sentences_<language>.toml``; here they are only put together.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.clinical.sites import site_label
from tracker.clinical.vocabulary import MissingReason
from tracker.dates import PartialDate
from tracker.errors import InputError

_NEARLY_CERTAIN = 0.99
_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One statement twice: for the clinician, and in plain words for the patient."""

    clinician: str
    plain: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences and words of one language, by section and name."""

    language: str
    sections: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Mapping[str, str]]

    def say(self, section: str, name: str, **values: object) -> str:
        """Fill the sentence `name` of `section` with `values`."""
        return self.sections[section][name].format(**values)

    def word(self, group: str, name: object) -> str:
        """Give the word for a name of a closed list; a name nobody has named yet is given as it is, spaced."""
        return self.words[group].get(str(name), str(name).replace("_", " "))

    def chart(self, name: str, **values: object) -> str:
        """Fill the chart label `name` with `values`."""
        return self.words["chart"][name].format(**values)

    def missing(self, reason: MissingReason | None) -> str:
        """Say why a value is not there."""
        return self.word("missing", reason or MissingReason.UNKNOWN)

    def when(self, visit_date: PartialDate, day_zero_days: tuple[int, int] | None) -> str:
        """Write a visit date and, where the onset is known, its first and last day since onset."""
        when = visit_date.in_words()
        if day_zero_days is None:
            return self.say("point", "when_no_day", when=when)
        first, last = day_zero_days
        if first == last:
            return self.say("point", "when_day", when=when, day=first)
        return self.say("point", "when_days", when=when, first=first, last=last)

    def counts(self, section: str, *, recorded: int, reasons: Iterable[MissingReason | None]) -> str:
        """Count what is recorded, drawn and missing, the reasons in the order of the vocabulary."""
        found = Counter(reason or MissingReason.UNKNOWN for reason in reasons)
        missing = found.total()
        unit = self.sections[section]["counts_unit_one" if recorded == 1 else "counts_unit_many"]
        listed = ", ".join(
            self.missing(reason) if found[reason] == missing else f"{self.missing(reason)} ({found[reason]})"
            for reason in MissingReason
            if found[reason]
        )
        return self.say(
            "course",
            "counts_missing" if missing else "counts",
            recorded=f"{recorded} {unit}",
            drawn=recorded - missing,
            missing=missing,
            reasons=listed,
        )


def load_sentences(language: str = "en") -> Sentences:
    """Read the sentences of a language.

    Raises
    ------
    InputError
        If there is no file for that language.
    """
    return _load(language)


@cache
def _load(language: str) -> Sentences:
    path = _TEMPLATES / f"sentences_{language}.toml"
    if not path.is_file():
        there = ", ".join(
            sorted(found.stem.removeprefix("sentences_") for found in _TEMPLATES.glob("sentences_*.toml"))
        )
        raise InputError(f"There are no sentences in the language '{language}'.", hint=f"There are: {there}.")
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    words = content.pop("words")
    return Sentences(content.pop("language"), content, words)


def place(site: str | None) -> str:
    """Write a site for a page, its side in words."""
    return "" if site is None else site_label(site)


def capitalized(text: str) -> str:
    """Start with a capital and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def number(value: float, decimals: int = 1) -> str:
    """Write a number with a fixed count of decimals, never as minus zero."""
    return f"{round(value, decimals) + 0.0:.{decimals}f}"


def percent(share: float) -> str:
    """Write a share as a whole percentage."""
    return f"{number(100 * share, 0)} %"


def probability(share: float) -> str:
    """Write a probability as a whole percentage; certainty is never claimed."""
    if share > _NEARLY_CERTAIN:
        return f"above {percent(_NEARLY_CERTAIN)}"
    return f"below {percent(1 - _NEARLY_CERTAIN)}" if share < 1 - _NEARLY_CERTAIN else percent(share)


def plainly(value: float) -> str:
    """Write a reported number as it was given: no decimals where there are none."""
    return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"  # noqa: PLR2004  where :g would turn to powers
