"""Red flags of laboratory results: inflammation, and the pattern of osteomalacia."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.analysis.red_flags.readings import Answer, Case, Evidence, Reading, Seen, read_presence
from tracker.clinical.case_record import LabResult, against_limits
from tracker.clinical.record import PatientRecord, VitaminDResult
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Comparator, LabJudgement, Presence, Sex, VitaminDUnit
from tracker.dates import DAYS_PER_YEAR, PartialDate

CRP, ESR = "crp", "esr"
_ALP = ("alp", "bone-alp")
_CALCIUM = ("calcium", "calcium-corrected")
_PHOSPHATE = ("phosphate",)
_MG_DL, _MG_PER_L_IN_MG_DL = "mg/dL", 10
_SEVERE = {
    VitaminDUnit.NG_ML: "vitamin_d_severe_ng_ml",
    VitaminDUnit.UG_L: "vitamin_d_severe_ng_ml",
    VitaminDUnit.NMOL_L: "vitamin_d_severe_nmol_l",
}
_PRESENCE = {True: Presence.PRESENT, False: Presence.ABSENT, None: Presence.NOT_EXAMINED}


def raised_crp(case: Case) -> tuple[Reading, ...]:
    """Read C-reactive protein: by the laboratory's limit or word, else by the cited one."""
    return (_inflammation(case, CRP),)


def raised_esr(case: Case) -> tuple[Reading, ...]:
    """Read the sedimentation rate, likewise; the cited limit depends on age and sex."""
    return (_inflammation(case, ESR),)


def osteomalacia_pattern(case: Case) -> tuple[Reading, ...]:
    """Read whether the newest results that can be judged fit osteomalacia, in all three parts."""
    parts = (
        _newest(_judged_labs(case.record, _ALP, LabJudgement.HIGH)),
        _calcium_or_phosphate(case.record),
        _newest(_severe_vitamin_d(case)),
    )
    evidence = tuple(fact for _, facts in parts for fact in facts)
    answers = [answer for answer, _ in parts]
    if False in answers:
        return (Reading(Answer.NOT_RAISED, evidence=evidence),)
    if None in answers:
        names = ("alkaline phosphatase", "calcium and phosphate", "vitamin D")
        said = ", ".join(name for name, answer in zip(names, answers, strict=True) if answer is None)
        return (Reading(Answer.CANNOT_BE_TOLD, evidence=evidence, missing=f"no result that can be judged: {said}"),)
    since = max(fact.on for fact in evidence if fact.on is not None)
    return (Reading(Answer.RAISED, since=since, evidence=evidence),)


_Judged = tuple[bool | None, tuple[Evidence, ...]]


def _inflammation(case: Case, analyte: str) -> Reading:
    results = [result for result in case.record.labs if result.analyte == analyte]
    seen = [
        Seen((analyte,), _PRESENCE[_is_raised(result, case)], _of_lab(result))
        for result in results
        if result.missing_reason is None
    ]
    known = "a result cannot be judged without the laboratory's limit" if seen else "it was not measured"
    return read_presence(seen, missing=known)


def _is_raised(result: LabResult, case: Case) -> bool | None:
    judged = {result.judgement, result.against_limits}
    if judged & {LabJudgement.HIGH, LabJudgement.ABNORMAL}:
        return True
    if judged & {LabJudgement.NORMAL, LabJudgement.LOW}:
        return False
    limits = _cited_limits(result, case)
    if result.value is None or limits is None:
        return None
    low, high = limits
    if against_limits(result.value, result.comparator, low=None, high=high) is LabJudgement.HIGH:
        return True
    if against_limits(result.value, result.comparator, low=None, high=low) is LabJudgement.NORMAL:
        return False
    return None


def _cited_limits(result: LabResult, case: Case) -> tuple[float, float] | None:
    """Give the values up to which a result is surely not raised, and above which it surely is, in its own unit."""
    if result.analyte == CRP:
        per_unit = _MG_PER_L_IN_MG_DL if result.unit == _MG_DL else 1
        low, high = case.numbers.interval("crp_upper_mg_l")
        return low / per_unit, high / per_unit
    birth = case.record.birth
    if birth is None:
        return None
    youngest, oldest = age_years(birth, result.visit_date.first, result.visit_date.last)
    sex, woman = case.record.sex, case.numbers.value("esr_woman_years")
    added = (0.0 if sex is not Sex.FEMALE else woman, 0.0 if sex is Sex.MALE else woman)
    divisor = case.numbers.value("esr_age_divisor")
    return (youngest + added[0]) / divisor, (oldest + added[1]) / divisor


def age_years(birth: PartialDate, first: date, last: date) -> tuple[float, float]:
    """Give the lowest and the highest age on a day between two."""
    return (first - birth.last).days / DAYS_PER_YEAR, (last - birth.first).days / DAYS_PER_YEAR


def _calcium_or_phosphate(record: PatientRecord) -> _Judged:
    """Say whether either is low; it is not only where both were measured."""
    parts = [_newest(_judged_labs(record, names, LabJudgement.LOW)) for names in (_CALCIUM, _PHOSPHATE)]
    answers = [answer for answer, _ in parts]
    if True in answers:
        return True, tuple(fact for answer, facts in parts if answer for fact in facts)
    return None if None in answers else False, tuple(fact for _, facts in parts for fact in facts)


def _judged_labs(record: PatientRecord, analytes: tuple[str, ...], wanted: LabJudgement) -> Iterable[_Judged]:
    """Say of each result that a laboratory judged, in time, whether it lies on the wanted side."""
    for result in record.labs:
        judged = {result.judgement, result.against_limits} - {None, LabJudgement.ABNORMAL}
        if result.analyte in analytes and judged:
            yield wanted in judged, (_of_lab(result),)


def _severe_vitamin_d(case: Case) -> Iterable[_Judged]:
    for result in case.record.vitamin_d:
        limit = _severe_limit(result, case.numbers)
        judged = against_limits(result.value, result.comparator, low=limit, high=None)
        if judged is not None:
            said = f"vitamin D {_number(result.value, result.comparator)} {result.unit}"
            yield judged is LabJudgement.LOW, (Evidence("vitamin_d", result.row_id, result.visit_date, said),)


def _severe_limit(result: VitaminDResult, numbers: Edition) -> float | None:
    return None if result.unit is None else numbers.value(_SEVERE[result.unit])


def _newest(judged: Iterable[_Judged]) -> _Judged:
    return next(reversed(list(judged)), (None, ()))


def _of_lab(result: LabResult) -> Evidence:
    parts = [result.analyte]
    if result.value is not None:
        parts.append(f"{_number(result.value, result.comparator)} {result.unit}")
    if result.judgement is not None:
        parts.append(str(result.judgement))
    if result.limit_low is not None or result.limit_high is not None:
        ends = [f"from {result.limit_low:g}"] if result.limit_low is not None else []
        ends += [f"up to {result.limit_high:g}"] if result.limit_high is not None else []
        parts.append(f"(laboratory's limits {' '.join(ends)})")
    return Evidence("lab_result", result.row_id, result.visit_date, " ".join(parts))


def _number(value: float | None, comparator: Comparator | None) -> str:
    return f"{comparator or ''}{value:g}"
