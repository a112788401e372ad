"""A simulated clinic on disk: tidy rows, the same bytes for the same seed."""

import csv
from datetime import date

import numpy as np
import pytest

from reports.simulation_tables import TRUTH_COLUMNS, VISIT_COLUMNS, write_truth, write_visits
from tracker.service.simulated import simulated_clinic


@pytest.fixture
def clinic():
    return simulated_clinic(n_patients=25, as_of=date(2026, 11, 23), rng=np.random.default_rng(5))


def _read(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_truth_has_one_row_per_patient(clinic, tmp_path):
    rows = _read(write_truth(clinic, tmp_path / "truth.csv"))
    assert tuple(rows[0]) == TRUTH_COLUMNS
    assert [row["patient_code"] for row in rows] == [patient.code for patient in clinic]
    assert [row["onset"] for row in rows] == [patient.truth.onset.isoformat() for patient in clinic]
    assert [float(row["peak_nrs"]) for row in rows] == pytest.approx([p.truth.peak_nrs for p in clinic], abs=0.005)


def test_the_visits_have_one_row_per_fact(clinic, tmp_path):
    rows = _read(write_visits(clinic, tmp_path / "visits.csv"))
    visits = [visit for patient in clinic for visit in patient.visits]
    assert tuple(rows[0]) == VISIT_COLUMNS
    facts = [row["fact"] for row in rows]
    assert facts.count("pain") == sum(len(visit.scores) for visit in visits)
    assert facts.count("vitamin_d") == sum(visit.vitamin_d is not None for visit in visits)
    assert facts.count("edema") == sum(visit.edema is not None for visit in visits)


def test_a_missing_score_is_empty_with_its_reason(clinic, tmp_path):
    rows = _read(write_visits(clinic, tmp_path / "visits.csv"))
    pain = [row for row in rows if row["fact"] == "pain"]
    assert any(row["missing_reason"] for row in pain)
    assert all((row["value"] == "") == (row["missing_reason"] != "") for row in pain)


def test_the_same_clinic_gives_the_same_bytes(clinic, tmp_path):
    first, second = write_visits(clinic, tmp_path / "a.csv"), write_visits(clinic, tmp_path / "b.csv")
    assert first.read_bytes() == second.read_bytes()
    assert b"\r" not in first.read_bytes()
