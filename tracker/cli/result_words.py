"""Read what is typed for laboratory results and function scores: `crp=3mg/L@<5`, `faam-adl=62@ankle-left`."""

from __future__ import annotations

import re

from tracker.cli.words import placed
from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE, check_value
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import Comparator, LabJudgement, MissingReason
from tracker.clinical.word_lists import CodedWord, WordList, find_word
from tracker.errors import InputError
from tracker.service.new_results import NewFunctionScore, NewLab

_LAB_EXAMPLE = "--lab crp=3mg/L, --lab 'crp=31mg/L@<5', --lab calcium=2.31mmol/L@2.15-2.55, --lab esr=normal"
_FUNCTION_EXAMPLE = "--function faam-adl=62@ankle-left, --function promis-pf=41, --function efas=refused@foot-left"
_NUMBER = r"\d+(?:\.\d+)?"
_RESULT = re.compile(rf"([<>]?)\s*({_NUMBER})\s*([^<>@]*?)\s*(?:@?\s*([<>].*)|@\s*(.+))?")
_LIMITS = re.compile(rf"(?:<\s*(?P<high>{_NUMBER})|>\s*(?P<low>{_NUMBER})|(?P<from>{_NUMBER})\s*-\s*(?P<to>{_NUMBER}))")


def read_lab(text: str) -> NewLab:
    """Read `CODE=VALUE UNIT`, the laboratory's limits behind it, or a word in place of the number."""
    word, rest = _split(WordList.LAB, text, option="--lab", example=_LAB_EXAMPLE)
    said = rest.lower().replace("-", "_")
    if said in tuple(MissingReason):
        return NewLab(word.code, missing_reason=MissingReason(said))
    if said in tuple(LabJudgement):
        return NewLab(word.code, judgement=LabJudgement(said))
    parts = _RESULT.fullmatch(rest)
    if parts is None or "," in rest:
        raise InputError(
            f"--lab {text}: '{rest}' is no number with its unit; allowed too are "
            f"{', '.join((*LabJudgement, *MissingReason))}.",
            hint=f"Write for example {_LAB_EXAMPLE}. Decimals have a point.",
        )
    comparator, number, unit, bare, behind = parts.groups()
    low, high = _read_limits(bare or behind, text)
    lab = NewLab(
        word.code,
        value=float(number),
        unit=_read_unit(unit, word, text),
        comparator=Comparator(comparator) if comparator else None,
        limit_low=low,
        limit_high=high,
    )
    with placed(f"--lab {text}", hint=f"Write for example {_LAB_EXAMPLE}."):
        lab.check()
    return lab


def void_lab(text: str) -> str:
    """Give the code of a result that is to be taken back: `crp=void`."""
    return _split(WordList.LAB, text, option="--lab", example="--lab crp=void")[0].code


def read_function(text: str) -> NewFunctionScore:
    """Read `SCALE=SCORE[@SITE]`; without a site it is about the patient as a whole."""
    word, about, value = _split_function(text)
    said = value.lower().replace("-", "_")
    if said in tuple(MissingReason):
        return NewFunctionScore(word.code, about, None, MissingReason(said))
    if not re.fullmatch(_NUMBER, value):
        raise InputError(
            f"--function {text}: '{value}' is no score; allowed too are {', '.join(MissingReason)}.",
            hint=f"Write for example {_FUNCTION_EXAMPLE}.",
        )
    score = NewFunctionScore(word.code, about, float(value))
    with placed(f"--function {text}", hint=f"Write for example {_FUNCTION_EXAMPLE}."):
        score.check()
    return score


def void_function(text: str) -> tuple[str, str]:
    """Give scale and site of a score that is to be taken back: `faam-adl=void@ankle-left`."""
    word, about, _ = _split_function(text)
    return word.code, about


def _split_function(text: str) -> tuple[CodedWord, str, str]:
    word, rest = _split(WordList.SCALE, text, option="--function", example=_FUNCTION_EXAMPLE)
    value, at, site = rest.partition("@")
    about = find_site(site.strip()).key if at else PATIENT_AS_A_WHOLE
    return word, about, value.strip()


def _split(name: WordList, text: str, *, option: str, example: str) -> tuple[CodedWord, str]:
    code, equals, rest = text.partition("=")
    if not equals or not code.strip() or not rest.strip():
        raise InputError(f"{option} takes CODE=VALUE, but was '{text}'.", hint=f"Write for example {example}.")
    return find_word(name, code), rest.strip()


def _read_unit(typed: str, word: CodedWord, text: str) -> str:
    """Give the unit as the list spells it, whatever the case and however the micro sign was typed."""
    wanted = typed.replace("\u00b5", "u").replace("\u03bc", "u").casefold()
    for unit in word.units:
        if unit.casefold() == wanted:
            return unit
    said = f"has the unit '{typed}'" if typed else "has no unit"
    raise InputError(
        f"--lab {text} {said}; {word.code} is given in {' or '.join(word.units) or 'words only'}.",
        hint=f"Write the unit of the laboratory report, for example {_LAB_EXAMPLE}.",
    )


def _read_limits(typed: str | None, text: str) -> tuple[float | None, float | None]:
    if typed is None:
        return None, None
    parts = _LIMITS.fullmatch(typed.strip())
    if parts is None:
        raise InputError(
            f"--lab {text}: '{typed}' is no limit of a laboratory.",
            hint="Write @<5 for an upper limit, @>60 for a lower one, @2.15-2.55 for both.",
        )
    low, high = parts["low"] or parts["from"], parts["high"] or parts["to"]
    limits = (None if low is None else float(low), None if high is None else float(high))
    for name, limit in zip(("limit_low", "limit_high"), limits, strict=True):
        if limit is not None:
            check_value(name, limit)
    return limits
