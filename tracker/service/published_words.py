"""A published case in words: the notes that keep what has no column yet, as the source said it.

Each function gives one line that ends with a full stop. What the source did not state is
said to be not stated; words of the source stand in quotes, unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.clinical.published import (
    CaseImaging,
    CaseLab,
    CasePain,
    CaseSite,
    CaseVitaminD,
    PublishedCase,
)

PLACEHOLDER_DAY = date(2000, 1, 1)
"""Where month 0 is laid: the transcription gives months, and a record needs days."""

GROUP_WORDS = {
    "foot_ankle": "foot and ankle",
    "knee": "knee",
    "RMO": "regional migratory osteoporosis",
    "pregnancy": "pregnancy",
    "TOH": "transient osteoporosis of the hip",
    "complicated": "complicated course",
    "look_alike": "look-alike",
}
_NORMAL_WORDS = {True: ", normal", False: ", not normal", None: ""}
_TYPICAL_WORDS: dict[bool | str, str] = {True: "yes", False: "no"}


def patient_note(case: PublishedCase, undated: Sequence[str]) -> str:
    """Write everything about a case that belongs to no dated visit; `undated` are further lines."""
    lines = [
        f"Published case {case['id']} (group {case['group']}), not a patient of this clinic. "
        f"Transcribed from: {case['completeness']}.",
        _source(case),
        f'Dates: months count from "{case["time_origin"]}". Month 0 stands on the placeholder day '
        f"{PLACEHOLDER_DAY.isoformat()}: the record needs days and the transcription gives months, so every date "
        "here is laid out from it and none is real. An episode stays open where no dated end is given.",
        _age(case["age_years"]),
        f"Sites: {'; '.join(site_words(site) for site in case['sites'])}.",
        *([f"Pregnancy: {case['pregnancy']}."] if case["pregnancy"] else []),
        *undated,
        *_events(case),
        f"Typical course in the view of the transcription: {_typical(case)}. {case['typical_why']}.",
        f"Notes of the transcription: {case['notes']}",
    ]
    return "\n".join(lines)


def site_words(site: CaseSite) -> str:
    """Name a place as the case does: side, joint, bones, and the month it began."""
    bones = f" ({', '.join(site['bones'])})" if site["bones"] else ""
    return f"{place_words(site)}{bones}, {_began(site['onset_month'], 'onset')}"


def place_words(site: CaseSite) -> str:
    """Name a place by side and joint alone."""
    if site["laterality"] is None:
        return f"{site['joint']}, side not stated"
    return f"{site['laterality']} {site['joint']}"


def pain_note(pain: CasePain, recorded_as: str | None) -> str:
    """Write one pain statement; `recorded_as` says what became a score of the record."""
    words = f'"{pain["qualitative"]}"' if pain["qualitative"] else ""
    if pain["value"] is None and pain["value_min"] is None and pain["value_max"] is None:
        return f"Pain {_when(pain)}, {pain['scale']}: {words}."
    score = f"{pain['scale']}: {_range(pain)}"
    said = f"{score}, {words}" if words else score
    return f"Pain {_when(pain)}, {said}{f'; {recorded_as}' if recorded_as else ''}."


def imaging_note(imaging: CaseImaging) -> str:
    """Write one examination with every finding as the source words it."""
    findings = "; ".join(f'"{finding}"' for finding in imaging["findings"])
    return f"{imaging['modality']} {_when(imaging)}: {findings}."


def vitamin_d_note(result: CaseVitaminD) -> str:
    """Write one vitamin D statement."""
    unit = result["unit"] or "unit not stated"
    value = "" if result["value"] is None else f", {result['comparator'] or ''}{result['value']:g} ({unit})"
    return f'Vitamin D {month_words(result["month"])}: "{result["qualitative"]}"{value}.'


def labs_note(labs: Sequence[CaseLab]) -> str:
    """Write the other laboratory results of one month."""
    results = "; ".join(_lab(lab) for lab in labs)
    return f"Laboratory {month_words(labs[0]['month'])}: {results}."


def month_words(month: float | None) -> str:
    """Write a month of a case; not every statement has one."""
    return "without a month" if month is None else f"at month {month:g}"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Write a count with its noun."""
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"


def _source(case: PublishedCase) -> str:
    source = case["source"]
    return (
        f"Source: {source['authors'] or 'authors not stated'}. {source['title']}. {source['venue']}, "
        f"{source['year'] or 'year not stated'}. {source['doi_or_url']}"
    )


def _age(age_years: int | None) -> str:
    if age_years is None:
        return "Age not stated."
    return f"Age {age_years} years; the year of birth is not stated."


def _typical(case: PublishedCase) -> str:
    return _TYPICAL_WORDS.get(case["typical"], str(case["typical"]))


def _events(case: PublishedCase) -> list[str]:
    """Write treatments, site migrations and ends, one line each where there are any."""
    treatments = [
        f"{treatment['name']}, {_began(treatment['start_month'], 'start')}" for treatment in case["treatments"]
    ]
    migrations = [f"from {m['from']} to {m['to']}, {month_words(m['month'])}" for m in case["migration_events"]]
    lines = {
        "Treatments": "; ".join(treatments),
        "Site migration": "; ".join(migrations),
        "Pain resolved": "" if case["resolution_month"] is None else month_words(case["resolution_month"]),
        "MRI clear": "" if case["mri_resolution_month"] is None else month_words(case["mri_resolution_month"]),
    }
    return [f"{name}: {said}." for name, said in lines.items() if said]


def _began(month: float | None, what: str) -> str:
    return f"{what} not stated" if month is None else f"from month {month:g}"


def _when(statement: CasePain | CaseImaging) -> str:
    how = ", worked out from stated times" if statement["derived"] else ""
    return f"{month_words(statement['month'])}{how}"


def _range(pain: CasePain) -> str:
    """Write a score and the range beside it, as far as they are stated."""
    value, *ends = (
        None if number is None else f"{number:g}" for number in (pain["value"], pain["value_min"], pain["value_max"])
    )
    stated = [end for end in ends if end is not None]
    return " ".join(part for part in (value, f"({' to '.join(stated)})" if stated else None) if part)


def _lab(lab: CaseLab) -> str:
    unit = f" {lab['unit']}" if lab["unit"] else " (unit not stated)"
    value = "" if lab["value"] is None else f" {lab['value']:g}{unit}"
    return f"{lab['name']}{value}{_NORMAL_WORDS[lab['normal']]}"
