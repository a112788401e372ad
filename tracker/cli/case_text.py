"""Laboratory results, function scores, treatments, causes, checklist items and pregnancy in words.

As `tracker.cli.fact_text`: values arrive as they stand in a row of the table, by column name.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracker.cli.render import on_one_line
from tracker.clinical.case_record import against_limits
from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.sites import site_label
from tracker.clinical.vocabulary import Comparator, LabJudgement
from tracker.clinical.word_lists import WordList, find_word, word_label, word_list
from tracker.dates import PartialDate

_AGAINST_LIMITS = {
    LabJudgement.HIGH: "above the laboratory's limit",
    LabJudgement.LOW: "below the laboratory's limit",
    LabJudgement.NORMAL: "within the laboratory's limits",
    None: "not certain against the laboratory's limits",
}


def lab_text(values: Mapping[str, object]) -> str:
    """Write a laboratory result with the laboratory's own limits, and what they say of it."""
    label = word_label(WordList.LAB, str(values["analyte"]))
    if values["missing_reason"] is not None:
        return f"{label} missing ({plain(values['missing_reason'])})"
    said = [] if values["judgement"] is None else [f"said to be {plain(values['judgement'])}"]
    if values["value"] is None:
        return f"{label} {said[0]}"
    number = f"{values['comparator'] or ''}{values['value']:g} {values['unit']}"
    return ", ".join([f"{label} {number}{_limits(values)}", *said])


def _limits(values: Mapping[str, object]) -> str:
    low, high = values["limit_low"], values["limit_high"]
    if low is None and high is None:
        return ""
    between = f"{low:g} to {high:g}" if low is not None and high is not None else None
    limits = between or (f"up to {high:g}" if low is None else f"from {low:g}")
    return f" ({limits}: {_AGAINST_LIMITS[_against_limits(values)]})"


def _against_limits(values: Mapping[str, object]) -> LabJudgement | None:
    value, low, high = (
        None if values[name] is None else float(str(values[name])) for name in ("value", "limit_low", "limit_high")
    )
    comparator = None if values["comparator"] is None else Comparator(str(values["comparator"]))
    return against_limits(value, comparator, low=low, high=high)


def function_text(values: Mapping[str, object]) -> str:
    """Write a function score with the ends of its scale and which of them is good."""
    code = str(values["scale"])
    label = f"{word_label(WordList.SCALE, code)}{_of(values['about'])}"
    if values["score"] is None:
        return f"{label} missing ({plain(values['missing_reason'])})"
    if code not in {word.code for word in word_list(WordList.SCALE)}:
        return f"{label} {values['score']:g}"
    word = find_word(WordList.SCALE, code)
    return f"{label} {values['score']:g} ({word.low:g} to {word.high:g}, {word.better} is better)"


def treatment_text(values: Mapping[str, object]) -> str:
    """Write a treatment: what, where, from when to when."""
    words = None if values["words"] is None else on_one_line(str(values["words"]))
    name = words if values["treatment"] == "other" else word_label(WordList.TREATMENT, str(values["treatment"]))
    parts = [f"{name}{_at(values['site'])}"]
    parts += [words] if words is not None and words != name else []
    parts.append("start not known" if values["started"] is None else f"from {in_words(values['started'])}")
    parts += [] if values["ended"] is None else [f"until {in_words(values['ended'])}"]
    parts += [] if values["ending_reason"] is None else [f"because {on_one_line(str(values['ending_reason']))}"]
    return ", ".join(parts)


def dose_text(values: Mapping[str, object]) -> str:
    """Write a dose and the day from which it holds."""
    schedule = "" if values["schedule"] is None else f" {on_one_line(str(values['schedule']))}"
    return f"{values['dose']:g} {values['dose_unit']}{schedule} from {in_words(values['dose_since'])}"


def cause_text(values: Mapping[str, object]) -> str:
    """Write what was said of a cause: how far it is settled, how, when and by whom."""
    by = "" if values["decided_by"] is None else f" by {on_one_line(str(values['decided_by']))}"
    how = "" if values["how"] is None else f" ({on_one_line(str(values['how']))})"
    label = word_label(WordList.CAUSE, str(values["cause"]))
    return f"{label}{_of(values['about'])} {plain(values['state'])}{how} on {in_words(values['decided_on'])}{by}"


def item_text(values: Mapping[str, object]) -> str:
    """Write one item of a checklist: present, absent or not examined."""
    label = word_label(WordList.ITEM, str(values["item"]))
    since = "" if values["since"] is None else f" since {in_words(values['since'])}"
    words = "" if values["words"] is None else f" ({on_one_line(str(values['words']))})"
    place = _of(values["about"])
    day = in_words(values["examined_on"])
    return f"{values['checklist']}{place}: {label} {plain(values['presence'])}{since}{words}, {day}"


def pregnancy_text(values: Mapping[str, object]) -> str:
    """Write what was said about pregnancy for a day."""
    said = f"missing ({plain(values['missing_reason'])})" if values["state"] is None else plain(values["state"])
    week = "" if values["gestational_week"] is None else f", week {values['gestational_week']}"
    return f"{said}{week} on {in_words(values['stated_on'])}"


def in_words(written: object) -> str:
    """Write a partial date of a row as people say it."""
    return PartialDate.parse(str(written)).in_words()


def plain(word: object) -> str:
    """Write a word of a closed list as people say it."""
    return str(word).replace("_", " ")


def _at(site: object) -> str:
    return "" if site is None else f" at {site_label(str(site))}"


def _of(about: object) -> str:
    return "" if about == PATIENT_AS_A_WHOLE else f" at {site_label(str(about))}"


def flag_decision_text(values: Mapping[str, object]) -> str:
    """Put what staff said of a flag into words."""
    place = "" if values["about"] == PATIENT_AS_A_WHOLE else f" at {site_label(str(values['about']))}"
    why = "" if values["reason"] is None else f": {on_one_line(str(values['reason']))}"
    when = PartialDate.parse(str(values["decided_on"])).in_words()
    return f"{plain(values['flag'])}{place} {values['decision']} on {when}{why}"
