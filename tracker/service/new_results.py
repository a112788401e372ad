"""Laboratory results and function scores that a visit can bring, as typed requests."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.clinical.dictionary import check_value
from tracker.clinical.vocabulary import Comparator, LabJudgement, MissingReason
from tracker.clinical.word_lists import WordList, find_word
from tracker.errors import InputError


@dataclass(frozen=True, slots=True)
class NewLab:
    """A laboratory result: a number with its unit, what the report says of it, or why neither is there."""

    analyte: str
    value: float | None = None
    unit: str | None = None
    comparator: Comparator | None = None
    limit_low: float | None = None
    limit_high: float | None = None
    judgement: LabJudgement | None = None
    missing_reason: MissingReason | None = None

    def check(self) -> None:
        """Refuse a code, value, unit or word that is not allowed (`InputError`, `NotFoundError`)."""
        check_value("analyte", self.analyte)
        if self.judgement is not None:
            check_value("judgement", self.judgement)
        if self.missing_reason is not None:
            check_value("missing_reason", self.missing_reason)
        if (self.value is None and self.judgement is None) == (self.missing_reason is None):
            said = "neither a result nor" if self.missing_reason is None else "both a result and"
            raise InputError(f"The result of {self.analyte} has {said} a reason why it is missing.", hint="Give one.")
        if self.value is None:
            self._check_nothing_beside_words()
        else:
            self._check_number()

    def _check_nothing_beside_words(self) -> None:
        if (self.unit, self.comparator, self.limit_low, self.limit_high) != (None, None, None, None):
            raise InputError(
                f"The result of {self.analyte} has no number, yet a unit or a limit.", hint="Leave it out."
            )

    def _check_number(self) -> None:
        check_value("lab_value", self.value)
        units = find_word(WordList.LAB, self.analyte).units
        if self.unit not in units:
            raise InputError(
                f"{self.analyte} is given in {' or '.join(units) or 'words only'}, but was '{self.unit}'.",
                hint="Write the unit of the laboratory report.",
            )
        if self.comparator is not None and self.comparator not in tuple(Comparator):
            raise InputError(f"comparator must be one of {', '.join(Comparator)}, but was '{self.comparator}'.")
        for name in ("limit_low", "limit_high"):
            if getattr(self, name) is not None:
                check_value(name, getattr(self, name))
        if self.limit_low is not None and self.limit_high is not None and self.limit_low >= self.limit_high:
            raise InputError(
                f"The limits of {self.analyte}, {self.limit_low:g} to {self.limit_high:g}, are no range.",
                hint="Write the lower one first.",
            )


@dataclass(frozen=True, slots=True)
class NewFunctionScore:
    """A function score about a site, or about the patient as a whole, in points of its scale."""

    scale: str
    about: str
    score: float | None
    missing_reason: MissingReason | None = None

    def check(self) -> None:
        """Refuse a scale, site or score that is not allowed (`InputError`, `NotFoundError`)."""
        check_value("scale", self.scale)
        check_value("function_about", self.about)
        if self.missing_reason is not None:
            check_value("missing_reason", self.missing_reason)
        if (self.score is None) == (self.missing_reason is None):
            said = "neither a value nor" if self.score is None else "both a value and"
            raise InputError(f"The {self.scale} score has {said} a reason why it is missing.", hint="Give one of them.")
        if self.score is None:
            return
        check_value("function_score", self.score)
        word = find_word(WordList.SCALE, self.scale)
        if word.low is not None and word.high is not None and not word.low <= self.score <= word.high:
            raise InputError(
                f"{self.scale} runs from {word.low:g} to {word.high:g} ({word.better} is better), "
                f"but was '{self.score:g}'.",
                hint="Check the score and its scale.",
            )
