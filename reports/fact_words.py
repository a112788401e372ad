"""One recorded fact in words, for the table of visits and for what was corrected.

Values are taken by column name, from a fact of the record or from a row of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

from reports.sentences import Sentences, place, plainly
from tracker.clinical.case_record import against_limits
from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.vocabulary import Comparator
from tracker.clinical.word_lists import WordList, word_label

Values = Mapping[str, object]


def values_of(fact: object) -> Values:
    """Give the fields of a fact of the record by name."""
    return {field.name: getattr(fact, field.name) for field in fields(fact)}  # type: ignore[arg-type]  # a dataclass


def fact_words(table: str, values: Values, sentences: Sentences) -> str:
    """Put one fact into words, without its kind and its date.

    Parameters
    ----------
    table : str
        Name of the fact table, as ``pain_score``.
    values : mapping
        By column name.
    """
    words: dict[str, Callable[[Values, Sentences], str]] = {
        "pain_score": _pain,
        "vitamin_d": _vitamin_d,
        "imaging_finding": _finding,
        "lab_result": lab_words,
        "function_score": _function,
        "note": lambda values, _: f"{_where(values.get('site'))}{values['text']}",
        "treatment_details": _treatment,
        "treatment_dose": dose_words,
        "differential": _cause,
        "checklist_item": _item,
        "pregnancy_status": pregnancy_words,
        "flag_decision": _decision,
    }
    return words.get(table, _details)(values, sentences)


def reported_lab(values: Values, sentences: Sentences) -> str:
    """Write a laboratory result as reported: number and unit, words of the report, or why there is none."""
    if values["missing_reason"] is not None:
        return _missing(values, sentences)
    judged = "" if values["judgement"] is None else sentences.word("judgement", values["judgement"])
    if values["value"] is None:
        return judged
    number = f"{values['comparator'] or ''}{plainly(_number(values['value']))} {values['unit'] or ''}".strip()
    return f"{number}, {judged}" if judged else number


def limits_words(values: Values, sentences: Sentences) -> str:
    """Write the laboratory's own limits; empty where it gave none."""
    low, high = values["limit_low"], values["limit_high"]
    if low is None and high is None:
        return ""
    if low is None or high is None:
        name, limit = ("limit_high", high) if low is None else ("limit_low", low)
        return sentences.say("fact", name, limit=plainly(_number(limit)))
    return sentences.say("fact", "limit_both", low=plainly(_number(low)), high=plainly(_number(high)))


def against_limits_words(values: Values, sentences: Sentences) -> str:
    """Say what the laboratory's own limits make of a number; empty where it gave none, or there is no number."""
    low, high, value = (None if values[n] is None else _number(values[n]) for n in ("limit_low", "limit_high", "value"))
    if value is None or (low is None and high is None):
        return ""
    comparator = None if values["comparator"] is None else Comparator(str(values["comparator"]))
    return sentences.word("against_limits", against_limits(value, comparator, low=low, high=high) or "uncertain")


def lab_words(values: Values, sentences: Sentences) -> str:
    """Write a laboratory result with its limits and what they make of it."""
    said = f"{word_label(WordList.LAB, str(values['analyte']))} {reported_lab(values, sentences)}"
    limits = limits_words(values, sentences)
    return f"{said} ({limits}: {against_limits_words(values, sentences)})" if limits else said


def dose_words(values: Values, sentences: Sentences) -> str:
    """Write a dose and the day from which it holds."""
    schedule = "" if values["schedule"] is None else f" {values['schedule']}"
    dose = f"{plainly(_number(values['dose']))} {values['dose_unit']}{schedule}"
    return sentences.say("fact", "dose", dose=dose, since=values["dose_since"])


def treatment_name(values: Values) -> str:
    """Name a treatment by its word, or in the words it was recorded with."""
    words = values["words"]
    if values["treatment"] == "other" and words is not None:
        return str(words)
    label = word_label(WordList.TREATMENT, str(values["treatment"]))
    return label if words is None else f"{label} ({words})"


def pregnancy_words(values: Values, sentences: Sentences) -> str:
    """Write what was said about pregnancy."""
    if values["state"] is None:
        return _missing(values, sentences)
    said = sentences.word("pregnancy", values["state"])
    week = values["gestational_week"]
    return said if week is None else sentences.say("fact", "week", said=said, week=week)


def about_words(about: object, sentences: Sentences) -> str:
    """Name what a statement is about: a site, or the patient as a whole."""
    return sentences.say("fact", "patient") if about == PATIENT_AS_A_WHOLE else place(str(about))


def _pain(values: Values, sentences: Sentences) -> str:
    aspect = sentences.word("aspect", values["aspect"])
    if values["score"] is None:
        reported = _missing(values, sentences)
    else:
        reported = sentences.say("point", str(values["instrument"]), score=values["score"], aspect=aspect)
    return f"{place(str(values['site']))} {reported}"


def _vitamin_d(values: Values, sentences: Sentences) -> str:
    if values["value"] is None:
        return _missing(values, sentences)
    assay = "" if not values["assay"] else sentences.say("vitamin_d", "assay", assay=values["assay"])
    return f"{values['comparator'] or ''}{plainly(_number(values['value']))} {values['unit'] or ''}{assay}"


def _finding(values: Values, sentences: Sentences) -> str:
    said = [
        f"{sentences.word('modality', values['modality'])} {place(str(values['site']))}: "
        f"{sentences.word('finding', values['finding'])} {sentences.word('presence', values['presence'])}"
    ]
    if values["edema_percent"] is not None:
        said.append(sentences.say("imaging", "percent", percent=plainly(_number(values["edema_percent"]))))
    if values["edema_grade"] is not None:
        said.append(sentences.word("edema_grade", int(_number(values["edema_grade"]))))
    if values["edema_pattern"] is not None:
        said.append(sentences.word("edema_pattern", values["edema_pattern"]))
    return ", ".join(said)


def _function(values: Values, sentences: Sentences) -> str:
    label = word_label(WordList.SCALE, str(values["scale"]))
    where = "" if values["about"] == PATIENT_AS_A_WHOLE else f" {place(str(values['about']))}"
    if values["score"] is None:
        return f"{label}{where} {_missing(values, sentences)}"
    return f"{label}{where} {plainly(_number(values['score']))}"


def _treatment(values: Values, sentences: Sentences) -> str:
    said = [f"{treatment_name(values)}{_at(values['site'], sentences)}"]
    started = values["started"]
    said.append(
        sentences.say("fact", "start_unknown") if started is None else sentences.say("fact", "from", on=started)
    )
    if values["ended"] is not None:
        said.append(sentences.say("fact", "until", on=values["ended"]))
    if values["ending_reason"] is not None:
        said.append(str(values["ending_reason"]))
    return ", ".join(said)


def _cause(values: Values, sentences: Sentences) -> str:
    how = "" if values["how"] is None else f" ({values['how']})"
    return (
        f"{word_label(WordList.CAUSE, str(values['cause']))}, {about_words(values['about'], sentences)}: "
        f"{sentences.word('cause_state', values['state'])}{how}"
    )


def _item(values: Values, sentences: Sentences) -> str:
    words = "" if values["words"] is None else f" ({values['words']})"
    since = "" if values["since"] is None else f" {sentences.say('fact', 'since', on=values['since'])}"
    return (
        f"{word_label(WordList.ITEM, str(values['item']))}, {about_words(values['about'], sentences)}: "
        f"{sentences.word('presence', values['presence'])}{since}{words}"
    )


def _decision(values: Values, sentences: Sentences) -> str:
    why = "" if values["reason"] is None else f": {values['reason']}"
    name = str(values["flag"]).replace("_", " ")
    return f"{name}, {about_words(values['about'], sentences)}: {sentences.word('life', values['decision'])}{why}"


def _details(values: Values, sentences: Sentences) -> str:
    """Write the details of a patient, an episode or a visit: what is there, each with its name."""
    named = {name: value for name, value in values.items() if value is not None}
    if "site" in named:
        named["site"] = place(str(named["site"]))
    if "sex" in named:
        named["sex"] = sentences.word("sex", named["sex"])
    return ", ".join(
        sentences.say("fact", "detail", column=sentences.word("column", n), value=v) for n, v in named.items()
    )


def _missing(values: Values, sentences: Sentences) -> str:
    reason = values["missing_reason"] or "unknown"
    return sentences.say("fact", "missing", reason=sentences.word("missing", reason))


def _where(site: object) -> str:
    return "" if site is None else f"{place(str(site))}: "


def _at(site: object, sentences: Sentences) -> str:
    return "" if site is None else f", {about_words(site, sentences)}"


def _number(value: object) -> float:
    return float(str(value))
