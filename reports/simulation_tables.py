"""A simulated clinic as tidy CSV: the truth, one row per patient, and the visits, one row per fact.

UTF-8, comma, ISO dates, ``.`` decimal, empty = missing with its reason beside it.
Days count from the true onset; levels are NRS points.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from reports.files import write_file
from tracker.analysis.simulation import SimulatedPatient, SimulatedVisit

TRUTH_COLUMNS = (
    "patient_code",
    "sex",
    "birth_year",
    "site",
    "bone",
    "onset_said",
    "onset",
    "rise_days",
    "plateau_days",
    "regression_days",
    "peak_nrs",
    "residual_nrs",
    "resolution",
    "mri_lag_days",
    "level_as_of_nrs",
    "n_visits",
    "n_missed_visits",
)
VISIT_COLUMNS = (
    "patient_code",
    "visit_date",
    "fact",
    "site",
    "instrument",
    "aspect",
    "value",
    "unit",
    "missing_reason",
)


def write_truth(patients: Sequence[SimulatedPatient], path: Path) -> Path:
    """Write the truth behind each patient and give the path (`AccessError` if it cannot be written)."""
    return _write(path, TRUTH_COLUMNS, (_truth_row(patient) for patient in patients))


def write_visits(patients: Sequence[SimulatedPatient], path: Path) -> Path:
    """Write every fact of every visit and give the path (`AccessError` if it cannot be written)."""
    rows = (
        (patient.code, visit.day.isoformat(), *fact)
        for patient in patients
        for visit in patient.visits
        for fact in _facts(visit)
    )
    return _write(path, VISIT_COLUMNS, rows)


def _truth_row(patient: SimulatedPatient) -> tuple[object, ...]:
    truth = patient.truth
    return (
        patient.code,
        patient.sex.value,
        patient.birth_year,
        patient.site,
        patient.bone,
        patient.onset_said,
        truth.onset.isoformat(),
        f"{truth.rise_days:.1f}",
        f"{truth.plateau_days:.1f}",
        f"{truth.regression_days:.1f}",
        f"{truth.peak_nrs:.2f}",
        f"{truth.residual_nrs:.2f}",
        truth.resolution.isoformat(),
        f"{truth.mri_lag_days:.1f}",
        f"{truth.level_as_of:.2f}",
        len(patient.visits),
        truth.n_missed_visits,
    )


def _facts(visit: SimulatedVisit) -> Iterator[tuple[object, ...]]:
    for score in visit.scores:
        unit = "NRS points" if score.instrument == "nrs" else "mm"
        reason = "" if score.missing_reason is None else score.missing_reason.value
        value = "" if score.score is None else score.score
        yield "pain", score.site, score.instrument.value, score.aspect.value, value, unit, reason
    if visit.vitamin_d is not None:
        yield "vitamin_d", "", "", "", f"{visit.vitamin_d.value:g}", visit.vitamin_d.unit.value, ""
    if visit.edema is not None:
        yield "edema", visit.edema.site, "mri", "", visit.edema.grade, "grade 0-3", ""


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    table.writerows(rows)
    return write_file(path, text.getvalue())
