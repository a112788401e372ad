"""One recorded fact in words, the same in a list of visits, an echo and the ledger.

Values arrive as they stand in a row of the table: words, numbers and dates as
text, by column name.
"""

from __future__ import annotations

from collections.abc import Mapping

from tracker.cli.case_text import (
    cause_text,
    dose_text,
    flag_decision_text,
    function_text,
    item_text,
    lab_text,
    plain,
    pregnancy_text,
    treatment_text,
)
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
    "lab_result": "laboratory",
    "function_score": "function",
    "treatment_details": "treatment",
    "treatment_dose": "dose of treatment",
    "differential": "cause",
    "checklist_item": "checklist",
    "pregnancy_status": "pregnancy",
    "flag_decision": "flag",
    "release_key": "release",
    "export_made": "export",
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
    "visit_date": "",
}


def fact_text(table: str, values: Mapping[str, object]) -> str:
    """Put one fact into words, its kind first."""
    words = {
        "pain_score": _score,
        "vitamin_d": _vitamin_d,
        "imaging_finding": _finding,
        "note": _note,
        "lab_result": lab_text,
        "function_score": function_text,
        "treatment_details": treatment_text,
        "treatment_dose": dose_text,
        "differential": cause_text,
        "checklist_item": item_text,
        "pregnancy_status": pregnancy_text,
        "flag_decision": flag_decision_text,
        "release_key": _release,
        "export_made": _export,
    }.get(table, _details)
    return f"{_kind(table, values)} {words(values)}"


def _kind(table: str, values: Mapping[str, object]) -> str:
    """Name the kind of fact; a treatment by its number, which later commands ask for."""
    if "treatment_id" not in values:
        return _TABLE_WORDS[table]
    return f"{_TABLE_WORDS[table]} {values['treatment_id']}:"


def _score(values: Mapping[str, object]) -> str:
    unit = "NRS 0-10" if values["instrument"] == Instrument.NRS else "VAS mm 0-100"
    score = values["score"] if values["score"] is not None else f"missing ({plain(values['missing_reason'])})"
    return f"{site_label(str(values['site']))} {score} ({unit}, {values['aspect']})"


def _vitamin_d(values: Mapping[str, object]) -> str:
    if values["value"] is None:
        return f"missing ({plain(values['missing_reason'])})"
    assay = f" (assay {values['assay']})" if values["assay"] else ""
    return f"{values['comparator'] or ''}{values['value']:g} {values['unit']}{assay}"


def _finding(values: Mapping[str, object]) -> str:
    modality = _MODALITY_WORDS.get(str(values["modality"]), str(values["modality"]).upper())
    words = [f"{modality} {site_label(str(values['site']))}: {plain(values['finding'])} {plain(values['presence'])}"]
    if values["edema_percent"] is not None:
        words.append(f"{values['edema_percent']:g} % of the bone")
    if values["edema_grade"] is not None:
        words.append(f"grade {values['edema_grade']}")
    if values["edema_pattern"] is not None:
        words.append(plain(values["edema_pattern"]))
    return ", ".join(words)


def _note(values: Mapping[str, object]) -> str:
    place = f"at {site_label(str(values['site']))}: " if values["site"] else ""
    return f"{place}{on_one_line(str(values['text']))}"


def _release(values: Mapping[str, object]) -> str:
    return f"'{on_one_line(str(values['release_name']))}' begun: its ids are made with a secret kept in the database"


def _export(values: Mapping[str, object]) -> str:
    release = f" in release '{on_one_line(str(values['release_name']))}'" if values["release_name"] else ""
    people = "1 patient" if values["n_patients"] == 1 else f"{values['n_patients']} patients"
    return (
        f"{values['kind']}{release}, {people} ({values['selection']}), {values['formats']};"
        f" SHA-256 of the manifest {values['manifest_sha256']}"
    )


def _details(values: Mapping[str, object]) -> str:
    return ", ".join(
        f"{before}{_value(name, values[name])}"
        for name, before in _DETAIL_WORDS.items()
        if values.get(name) is not None
    )


def _value(name: str, value: object) -> str:
    if name == "site":
        return site_label(str(value))
    if name == "visit_date":
        return PartialDate.parse(str(value)).when_in_words()
    return PartialDate.parse(str(value)).in_words() if name in _DATES else on_one_line(str(value))
