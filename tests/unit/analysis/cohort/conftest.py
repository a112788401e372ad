"""Patients put together fact by fact, and cohorts of them."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from tracker.analysis.cohort.choice import CohortChoice, choose_patients
from tracker.analysis.cohort.members import describe_patient
from tracker.analysis.cohort.summary import sum_up
from tracker.clinical.record import Episode, ImagingFinding, PainScore, PatientRecord, Visit, VitaminDResult
from tracker.clinical.reference import load_edition
from tracker.clinical.vocabulary import Aspect, Finding, Instrument, Modality, Presence, Sex, VitaminDUnit
from tracker.dates import PartialDate

AS_OF = date(2026, 11, 27)


@dataclass
class Made:
    """A patient in the making; each method gives the patient back."""

    code: str
    sex: Sex = Sex.FEMALE
    birth: str | None = "1980"
    visits: list = field(default_factory=list)
    scores: list = field(default_factory=list)
    vitamin_d: list = field(default_factory=list)
    imaging: list = field(default_factory=list)
    episodes: list = field(default_factory=list)
    rows: int = 0

    def _fact(self, on):
        self.rows += 1
        when = PartialDate.parse(on)
        place = next((v.visit_id for v in self.visits if v.visit_date == when), len(self.visits) + 1)
        if place > len(self.visits):
            self.visits.append(Visit(place, 1, when))
        return {"row_id": self.rows, "entry_id": 1, "visit_id": place, "visit_date": when}

    def episode(self, site="ankle-left", onset="2026-01-01", closed=None):
        number = len(self.episodes) + 1
        parsed = None if onset is None else PartialDate.parse(onset)
        self.episodes.append(Episode(number, 1, site, parsed, None, closed and PartialDate.parse(closed), None))
        return self

    def pain(self, on, score, *, site="ankle-left", instrument=Instrument.NRS):
        reason = "refused" if score is None else None
        facts = self._fact(on)
        self.scores.append(PainScore(**facts, site=site, instrument=instrument, aspect=Aspect.OVERALL, score=score,
                                     missing_reason=reason))  # fmt: skip
        return self

    def result(self, on, value, comparator=None):
        facts = self._fact(on)
        self.vitamin_d.append(VitaminDResult(**facts, value=value, unit=VitaminDUnit.NG_ML, comparator=comparator,
                                             assay=None, missing_reason=None))  # fmt: skip
        return self

    def image(self, on, site, presence=Presence.PRESENT):
        facts = self._fact(on)
        self.imaging.append(ImagingFinding(**facts, modality=Modality.MRI, site=site, finding=Finding.EDEMA,
                                           presence=presence, edema_percent=None, edema_grade=None,
                                           edema_pattern=None))  # fmt: skip
        return self

    def record(self):
        in_time = sorted(self.visits, key=lambda visit: visit.visit_date)
        return PatientRecord(
            patient_id=hash(self.code) % 10_000,
            patient_code=self.code,
            clinic_code="default",
            sex=self.sex,
            birth=self.birth and PartialDate.parse(self.birth),
            last_entry_id=1,
            episodes=tuple(self.episodes),
            visits=tuple(in_time),
            pain_scores=tuple(sorted(self.scores, key=lambda score: (score.visit_date, score.row_id))),
            vitamin_d=tuple(self.vitamin_d),
            imaging=tuple(self.imaging),
            notes=(),
        )


@pytest.fixture(scope="session")
def made():
    """Give the maker of patients: `made("A").episode().pain("2026-02-01", 7)`."""
    return Made


@pytest.fixture(scope="session")
def edition():
    return load_edition()


@pytest.fixture(scope="session")
def summed(edition):
    """Give a function that sums up patients in the making; no course is read."""

    def sum_patients(patients, grouping=None, **choice):
        chosen = CohortChoice(as_of=choice.pop("as_of", AS_OF), **choice)
        choosing = choose_patients([patient.record() for patient in patients], chosen, today=AS_OF)
        members = tuple(describe_patient(one, edition, as_of=chosen.as_of) for one in choosing.chosen)
        return sum_up(choosing, members, (), choice=chosen, grouping=grouping)

    return sum_patients
