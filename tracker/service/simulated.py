"""Make a simulated clinic and record it, through the same doors as the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from tracker import clinical
from tracker.analysis.simulation import SimulatedEdema, SimulatedPatient, SimulatedVisit, simulate_clinic
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import EdemaGrade, Finding, Modality, Presence
from tracker.database.ledger import Origin
from tracker.database.session import Database
from tracker.dates import PartialDate
from tracker.service.episodes import NewEpisode
from tracker.service.new_facts import NewFinding, NewScore, NewVisit, NewVitaminD
from tracker.service.patients import NewPatient, add_patient
from tracker.service.visits import add_visit

_HABITS_FILE = Path(clinical.__file__).with_name("simulated_clinic_v1.toml")
_NOTE = "Simulated patient, no person."


def simulated_clinic(*, n_patients: int, as_of: date, rng: np.random.Generator) -> tuple[SimulatedPatient, ...]:
    """Simulate a clinic with the built-in course edition and the built-in habits of a clinic."""
    return simulate_clinic(load_edition(), load_edition(_HABITS_FILE), n_patients=n_patients, as_of=as_of, rng=rng)


def record_simulated_patient(database: Database, patient: SimulatedPatient, origin: Origin) -> None:
    """Record one simulated patient: what was typed, never the truth.

    Raises
    ------
    ConflictError
        If there is a patient of that code.
    """
    episode = NewEpisode(patient.site, patient.onset_said)
    birth = PartialDate.parse(str(patient.birth_year))
    add_patient(database, NewPatient(patient.code, patient.sex, birth, note=_NOTE), origin, episode=episode)
    for visit in patient.visits:
        add_visit(database, _new_visit(patient.code, visit), origin)


def _new_visit(patient_code: str, visit: SimulatedVisit) -> NewVisit:
    result = visit.vitamin_d
    return NewVisit(
        patient_code=patient_code,
        visit_date=PartialDate.on(visit.day),
        scores=tuple(NewScore(s.site, s.instrument, s.aspect, s.score, s.missing_reason) for s in visit.scores),
        vitamin_d=None if result is None else NewVitaminD(result.value, result.unit),
        findings=() if visit.edema is None else (_finding(visit.edema),),
    )


def _finding(edema: SimulatedEdema) -> NewFinding:
    return NewFinding(
        modality=Modality.MRI,
        site=edema.site,
        finding=Finding.EDEMA,
        presence=Presence.ABSENT if edema.grade == EdemaGrade.NONE else Presence.PRESENT,
        edema_grade=edema.grade,
    )
