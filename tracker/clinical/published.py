"""Published single cases: 47 of them, transcribed, with what their words say for certain.

`published_cases.json` is the project's own transcription of public case reports,
abstracts and library pages: facts and figures in our words, the source inside each
case. Which text was readable stands in `completeness`; null means that the readable text did not
say it. Months count from `time_origin`, which is not always the onset of the pain.
`derived` marks a month worked out from stated dates or intervals; `notes` says how.
Where source and transcription leave two readings, both are kept and nothing is decided here.

`published_findings.csv` says which of the cases' imaging words are unambiguous, and what
they say: one row per phrase and site, read against its case phrase by phrase. A phrase that is not
there stays words: low T1 signal alone (edema, but also necrosis or fracture), an
*intact* subchondral line, "improved", a finding whose bone or side is not said.

`published_treatments.csv` does the same for the names of treatments: one row per treatment that a name
states, its own words beside the code where they say more, a dose where one is stated with its
unit. `published_pregnancies.csv` holds the gestational weeks that a case states for a month.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, cast

from tracker.clinical.vocabulary import DoseUnit, EdemaPattern, Finding, Presence
from tracker.errors import InputError

CASES_FILE = Path(__file__).with_name("published_cases.json")
_FINDINGS_FILE = Path(__file__).with_name("published_findings.csv")
_TREATMENTS_FILE = Path(__file__).with_name("published_treatments.csv")
_PREGNANCIES_FILE = Path(__file__).with_name("published_pregnancies.csv")


class CaseSource(TypedDict):
    """Where the case was published; null where the readable text did not show it."""

    authors: str | None
    year: int | None
    title: str
    venue: str
    doi_or_url: str


class CaseSite(TypedDict):
    """A place of disease in the words of the source."""

    joint: str
    laterality: str | None
    bones: list[str]
    onset_month: float | None


class CasePain(TypedDict):
    """A pain statement: a score on its scale, or words."""

    month: float | None
    scale: str
    value: float | None
    qualitative: str | None
    derived: bool
    value_min: float | None
    value_max: float | None


class CaseImaging(TypedDict):
    """One examination and its findings in the words of the source."""

    month: float | None
    modality: str
    findings: list[str]
    derived: bool


class CaseVitaminD(TypedDict):
    """A vitamin D result, or words about one."""

    month: float | None
    value: float | None
    unit: str | None
    qualitative: str | None
    comparator: str | None


class CaseLab(TypedDict):
    """Another laboratory result; `normal` is the judgement of the source."""

    month: float | None
    name: str
    value: float | None
    unit: str | None
    normal: bool | None


class CaseTreatment(TypedDict):
    """A treatment and when it began."""

    start_month: float | None
    name: str


CaseMigration = TypedDict("CaseMigration", {"month": float | None, "from": str, "to": str})


class PublishedCase(TypedDict):
    """One published case, as it stands in the file."""

    id: str
    group: str
    source: CaseSource
    sex: str | None
    age_years: int | None
    pregnancy: str | None
    time_origin: str
    sites: list[CaseSite]
    pain: list[CasePain]
    imaging: list[CaseImaging]
    vitamin_d: list[CaseVitaminD]
    labs: list[CaseLab]
    treatments: list[CaseTreatment]
    resolution_month: float | None
    mri_resolution_month: float | None
    migration_events: list[CaseMigration]
    typical: bool | str
    typical_why: str
    notes: str
    completeness: str


_PARTS: Mapping[str, type] = {
    "source": CaseSource,
    "sites": CaseSite,
    "pain": CasePain,
    "imaging": CaseImaging,
    "vitamin_d": CaseVitaminD,
    "labs": CaseLab,
    "treatments": CaseTreatment,
    "migration_events": CaseMigration,
}


@dataclass(frozen=True, slots=True)
class ReadFinding:
    """What one phrase of one examination says for certain about one site."""

    case_id: str
    month: float
    modality: str
    words: str
    site: str
    finding: Finding
    presence: Presence
    edema_pattern: EdemaPattern | None


@dataclass(frozen=True, slots=True)
class ReadTreatment:
    """One treatment that a name of the cases states; `name` is the whole name."""

    name: str
    treatment: str
    words: str | None
    dose: float | None
    dose_unit: DoseUnit | None
    schedule: str | None


@dataclass(frozen=True, slots=True)
class ReadPregnancy:
    """A gestational week that a case states for a month; `words` stand in the case."""

    case_id: str
    month: float
    week: int
    words: str


def published_cases() -> tuple[PublishedCase, ...]:
    """Read the published cases, in the order of the file.

    Raises
    ------
    InputError
        If a case has a field that no reader knows, so that it would be lost, or lacks one.
    """
    cases = json.loads(CASES_FILE.read_text(encoding="utf-8"))
    for case in cases:
        _check_fields(case, PublishedCase, where=f"Case {case.get('id')}")
        for part, kind in _PARTS.items():
            for entry in case[part] if isinstance(case[part], list) else [case[part]]:
                _check_fields(entry, kind, where=f"Case {case['id']}, {part}")
    return tuple(cast("list[PublishedCase]", cases))


def published_findings() -> tuple[ReadFinding, ...]:
    """Read what the imaging words of the cases say for certain."""
    with _FINDINGS_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            ReadFinding(
                case_id=row["case_id"],
                month=float(row["month"]),
                modality=row["modality"],
                words=row["words"],
                site=row["site"],
                finding=Finding(row["finding"]),
                presence=Presence(row["presence"]),
                edema_pattern=EdemaPattern(row["edema_pattern"]) if row["edema_pattern"] else None,
            )
            for row in csv.DictReader(lines)
        )


def published_treatments() -> tuple[ReadTreatment, ...]:
    """Read what the names of treatments state."""
    with _TREATMENTS_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            ReadTreatment(
                name=row["name"],
                treatment=row["treatment"],
                words=row["words"] or None,
                dose=float(row["dose"]) if row["dose"] else None,
                dose_unit=DoseUnit(row["dose_unit"]) if row["dose_unit"] else None,
                schedule=row["schedule"] or None,
            )
            for row in csv.DictReader(lines)
        )


def published_pregnancies() -> tuple[ReadPregnancy, ...]:
    """Read the gestational weeks that cases state for a month."""
    with _PREGNANCIES_FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            ReadPregnancy(row["case_id"], float(row["month"]), int(row["week"]), row["words"])
            for row in csv.DictReader(lines)
        )


def published_sha256() -> str:
    """Give the SHA-256 of the file of cases, as the ledger names its source."""
    return hashlib.sha256(CASES_FILE.read_bytes()).hexdigest()


def _check_fields(entry: Mapping[str, Any], kind: type, *, where: str) -> None:
    known = kind.__annotations__.keys()
    odd = sorted(entry.keys() ^ known)
    if odd:
        said = "is missing" if odd[0] in known else "is unknown"
        raise InputError(f"{where}: the field '{odd[0]}' {said} ({CASES_FILE.name}).")
