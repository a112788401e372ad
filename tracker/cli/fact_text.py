"""One recorded fact in words, the same in a list of visits, an echo and the ledger.

Values arrive as they stand in a row of the table: words, numbers and dates as
text, by column name.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracker.cli.render import on_one_line
from tracker.clinical.sites import site_label
from tracker.clinical.vocabulary import Instrument, Modality
from tracker.dates import PartialDate

_TABLE_WORDS = {
    "patient_details": "patient",
    "episode_details": "episode",
    "visit_details": "visit",
    "pain_score": "pain",
    "vitamin_d": "vitamin D",
    "imaging_finding": "imaging",
    "note": "note",
}
_MODALITY_WORDS = {Modality.XRAY.value: "X-ray", Modality.SCINTIGRAPHY.value: "scintigraphy"}
_DATES = ("visit_date", "onset", "closed_on")
# What is said before a value of a details row; the first one stands for itself.
_DETAIL_WORDS = {
    "patient_code": "",
    "sex": "sex ",
    "birth": "born ",
    "site": "at ",
    "onset": "onset ",
    "onset_mode": "began ",
    "closed_on": "closed ",
    "closing_reason": "because ",
    "visit_date": "on ",
}


def fact_text(table: str, values: Mapping[str, object]) -> str:
    """Put one fact into words, its kind first."""
    words = {
        "pain_score": _score,
        "vitamin_d": _vitamin_d,
        "imaging_finding": _finding,
        "note": _note,
    }.get(table, _details)
    return f"{_TABLE_WORDS[table]} {words(values)}"


def _score(values: Mapping[str, object]) -> str:
    unit = "NRS 0-10" if values["instrument"] == Instrument.NRS else "VAS mm 0-100"
    score = values["score"] if values["score"] is not None else f"missing ({_plain(values['missing_reason'])})"
    return f"{site_label(str(values['site']))} {score} ({unit}, {values['aspect']})"


def _vitamin_d(values: Mapping[str, object]) -> str:
    if values["value"] is None:
        return f"missing ({_plain(values['missing_reason'])})"
    assay = f" (assay {values['assay']})" if values["assay"] else ""
    return f"{values['comparator'] or ''}{values['value']:g} {values['unit']}{assay}"


def _finding(values: Mapping[str, object]) -> str:
    modality = _MODALITY_WORDS.get(str(values["modality"]), str(values["modality"]).upper())
    words = [f"{modality} {site_label(str(values['site']))}: {_plain(values['finding'])} {_plain(values['presence'])}"]
    if values["edema_percent"] is not None:
        words.append(f"{values['edema_percent']:g} % of the bone")
    if values["edema_grade"] is not None:
        words.append(f"grade {values['edema_grade']}")
    if values["edema_pattern"] is not None:
        words.append(_plain(values["edema_pattern"]))
    return ", ".join(words)


def _note(values: Mapping[str, object]) -> str:
    place = f"at {site_label(str(values['site']))}: " if values["site"] else ""
    return f"{place}{on_one_line(str(values['text']))}"


def _details(values: Mapping[str, object]) -> str:
    return ", ".join(
        f"{before}{_value(name, values[name])}"
        for name, before in _DETAIL_WORDS.items()
        if values.get(name) is not None
    )


def _value(name: str, value: object) -> str:
    if name == "site":
        return site_label(str(value))
    return PartialDate.parse(str(value)).in_words() if name in _DATES else on_one_line(str(value))


def _plain(word: object) -> str:
    return str(word).replace("_", " ")
