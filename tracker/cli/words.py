"""Read what is typed for one visit: `talus-left=7@rest`, `18ng/mL`, `talus-left=large,effusion`.

Each function takes the typed text and its place on the line, and gives typed
values or an `InputError` that quotes the text, says what is allowed and shows an
example. Nothing here knows the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.clinical.dictionary import check_value
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import (
    Aspect,
    Comparator,
    EdemaGrade,
    EdemaPattern,
    Finding,
    Instrument,
    MissingReason,
    Modality,
    Presence,
    VitaminDUnit,
)
from tracker.errors import InputError
from tracker.service.new_facts import SCORE_FIELD, NewFinding, NewNote, NewScore, NewVitaminD

VOID = "void"
_SCORE_EXAMPLE = {
    Instrument.NRS: "--pain ankle-left=7, --pain ankle-left=4@rest, --pain ankle-left=refused",
    Instrument.VAS: "--vas ankle-left=62, --vas ankle-left=40@rest, --vas ankle-left=refused",
}
_FINDING_EXAMPLE = "--mri talus-left=large, --mri talus-left=40%,patchy, --mri ankle-left=no-effusion"
# Marrow edema is seen on MRI, and on dual-energy CT as virtual non-calcium images.
_SHOW_EDEMA = (Modality.MRI, Modality.DECT)
_UNITS = {
    "ng/ml": VitaminDUnit.NG_ML,
    "nmol/l": VitaminDUnit.NMOL_L,
    "ug/l": VitaminDUnit.UG_L,
    "\u00b5g/l": VitaminDUnit.UG_L,
    "\u03bcg/l": VitaminDUnit.UG_L,
}
_EXTENT = {f"{grade.name.lower()}": grade for grade in EdemaGrade}
_PATTERN = {pattern.value.replace("_", "-"): pattern for pattern in EdemaPattern}
_FINDING = {finding.value.replace("_", "-"): finding for finding in Finding}
# What a report calls a loss of bone that is seen as less density: the record has one word for it.
_SYNONYMS = {
    "osteopenia": Finding.RADIOLUCENCY,
    "regional-osteopenia": Finding.RADIOLUCENCY,
    "bone-loss": Finding.RADIOLUCENCY,
}


def split_site(text: str, *, option: str, example: str) -> tuple[str, str]:
    """Split `SITE=REST` and give the site's key and the rest."""
    site, equals, rest = text.partition("=")
    if not equals or not site.strip() or not rest.strip():
        raise InputError(f"{option} takes SITE=VALUE, but was '{text}'.", hint=f"Write for example {example}.")
    return find_site(site.strip()).key, rest.strip()


def read_score(text: str, *, option: str, instrument: Instrument, aspect: Aspect) -> NewScore:
    """Read `SITE=SCORE[@ASPECT]`; `aspect` holds where none is written."""
    example = _SCORE_EXAMPLE[instrument]
    site, rest = split_site(text, option=option, example=example)
    value, at, named = rest.partition("@")
    if at:
        aspect = _one_of(Aspect, named.strip().lower(), what="aspect", place=f"{option} {text}")
    word = value.strip().lower().replace("-", "_")
    if word in tuple(MissingReason):
        return NewScore(site, instrument, aspect, None, MissingReason(word))
    number = value.strip()
    with placed(f"{option} {text}", hint=f"Write for example {example}."):
        whole = int(number) if re.fullmatch(r"[+-]?\d+", number) else number
        check_value(SCORE_FIELD[instrument], whole)
    return NewScore(site, instrument, aspect, int(whole))


def read_vitamin_d(text: str, *, assay: str | None) -> NewVitaminD:
    """Read `18ng/mL`, `<10 nmol/L` or a reason such as `not-done`."""
    word = text.strip().lower()
    if word.replace("-", "_") in tuple(MissingReason):
        return NewVitaminD(None, None, assay=assay, missing_reason=MissingReason(word.replace("-", "_")))
    parts = re.fullmatch(r"([<>]?)\s*(\d+(?:\.\d+)?)\s*(\S+)?", word)
    units = ", ".join(VitaminDUnit)
    form = "--vitamin-d NUMBER and the unit of the laboratory report, such as 18ng/mL or '<10 nmol/L'"
    if re.fullmatch(r"[<>]?\s*\d+,\d+.*", word):
        raise InputError(f"--vitamin-d {text} has a comma.", hint=f"Write {text.replace(',', '.')}.")
    if parts is None:
        raise InputError(
            f"--vitamin-d takes a number with its unit ({units}), but was '{text}'.",
            hint=f"Write {form}.",
        )
    if parts[3] is None or parts[3] not in _UNITS:
        said = "has no unit" if parts[3] is None else f"has the unit '{parts[3]}'"
        raise InputError(
            f"--vitamin-d {text} {said}; allowed are {units}.",
            hint=f"Write {form}.",
        )
    value = float(parts[2])
    with placed(f"--vitamin-d {text}", hint="Check the number and its unit."):
        check_value("vitamin_d", value)
    comparator = Comparator(parts[1]) if parts[1] else None
    return NewVitaminD(value, _UNITS[parts[3]], comparator, assay)


def read_findings(text: str, *, option: str, modality: Modality) -> tuple[NewFinding, ...]:
    """Read `SITE=WORD[,WORD...]`: an extent, a pattern, and signs with their presence."""
    site, rest = split_site(text, option=option, example=_FINDING_EXAMPLE)
    words = [word.strip().lower().replace("_", "-") for word in rest.split(",") if word.strip()]
    if any(_is_edema(word) for word in words):
        # "large,edema" says one thing: an extent is an extent of edema.
        words = [word for word in words if word != Finding.EDEMA]
    place = f"{option} {text}"
    edema = _edema(words, modality=modality, site=site, place=place)
    signs = [_sign(word, modality=modality, site=site, place=place) for word in words if not _is_edema(word)]
    found = (*edema, *signs)
    _refuse_contradictions(found, place=place)
    named = [finding.finding for finding in found]
    for finding in found:
        if named.count(finding.finding) > 1:
            raise InputError(
                f"{place} says '{finding.finding.replace('_', '-')}' twice.",
                hint=f"Write for example {_FINDING_EXAMPLE}.",
            )
    return found


def _refuse_contradictions(found: tuple[NewFinding, ...], *, place: str) -> None:
    normal = any(f.finding is Finding.ABNORMALITY and f.presence is Presence.ABSENT for f in found)
    if normal and any(f.presence is Presence.PRESENT for f in found):
        raise InputError(f"{place} says both normal and abnormal.", hint="Leave out 'normal', or the signs.")
    for finding in found:
        if finding.presence is not Presence.PRESENT and finding.edema_pattern is not None:
            raise InputError(f"{place} gives a pattern to an edema that is not there.", hint="Leave out one of them.")
        if finding.finding is Finding.EDEMA and finding.modality not in _SHOW_EDEMA:
            shows = " or ".join(f"--{modality}" for modality in _SHOW_EDEMA)
            raise InputError(f"{place}: marrow edema is not read on this modality.", hint=f"Was it {shows}?")


def read_note(text: str) -> NewNote:
    """Read a note on the visit as a whole."""
    words = text.strip()
    if not words:
        raise InputError("--note is empty.", hint="Write the words, or leave --note out.")
    check_value("note", words)
    return NewNote(words)


def _edema(words: list[str], *, modality: Modality, site: str, place: str) -> Iterator[NewFinding]:
    extent = [word for word in words if _is_extent(word)]
    patterns = [word for word in words if word in _PATTERN]
    if not extent and not patterns:
        return
    if len(extent) > 1 or len(patterns) > 1:
        raise InputError(
            f"{place} gives more than one edema extent or pattern.", hint=f"Write for example {_FINDING_EXAMPLE}."
        )
    percent = float(extent[0].removesuffix("%")) if extent and extent[0].endswith("%") else None
    if percent is not None:
        with placed(place, hint=f"Write for example {_FINDING_EXAMPLE}."):
            check_value("edema_percent", percent)
    grade = _EXTENT.get(extent[0]) if extent else None
    absent = percent == 0 or grade == EdemaGrade.NONE
    yield NewFinding(
        modality,
        site,
        Finding.EDEMA,
        Presence.ABSENT if absent else Presence.PRESENT,
        edema_percent=percent,
        edema_grade=None if grade is None else int(grade),
        edema_pattern=_PATTERN[patterns[0]] if patterns else None,
    )


def _is_extent(word: str) -> bool:
    return word in _EXTENT or re.fullmatch(r"\d+(\.\d+)?%", word) is not None


def _is_edema(word: str) -> bool:
    return _is_extent(word) or word in _PATTERN


def _sign(word: str, *, modality: Modality, site: str, place: str) -> NewFinding:
    if word == "normal":
        return NewFinding(modality, site, Finding.ABNORMALITY, Presence.ABSENT)
    name, _, said = word.partition(":")
    presence = {"": Presence.PRESENT, "present": Presence.PRESENT, "absent": Presence.ABSENT}.get(said)
    if said == "not-examined":
        presence = Presence.NOT_EXAMINED
    if name.startswith("no-"):
        name, presence = name.removeprefix("no-"), Presence.ABSENT
    known = _FINDING | _SYNONYMS
    if name not in known or presence is None:
        allowed = ", ".join([*_EXTENT, "a percentage such as 40%", *_PATTERN, "normal", *known])
        raise InputError(
            f"'{word}' in {place} is no finding; allowed are {allowed}, "
            "each sign also as no-SIGN or SIGN:not-examined.",
            hint=f"Write for example {_FINDING_EXAMPLE}.",
        )
    return NewFinding(modality, site, known[name], presence)


@contextmanager
def placed(place: str, *, hint: str) -> Iterator[None]:
    """Add to a refused value where it was typed, and what to do."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{error.message.removesuffix('.')} ({place}).", hint=hint) from None


def _one_of(words: type[Aspect], text: str, *, what: str, place: str) -> Aspect:
    if text not in tuple(words):
        raise InputError(f"'{text}' is no {what} ({place}).", hint=f"Allowed are {', '.join(words)}.")
    return words(text)
