"""A simulated clinic with known truth: what would be typed, beside the course behind it.

Courses come from the continuous prior of the course edition, class `expected`, and not from
the fixed draws of the library, so that a fit meets courses it never saw. How people
come and what is measured comes from a second file of cited numbers, the clinic's
(``simulated_clinic_v1.toml``).

Randomness arrives as `rng`: the same generator state gives the same clinic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, log, log1p, pi

import numpy as np

from tracker.analysis.class_drawing import THIRD_OWN
from tracker.analysis.course_classes import COURSE_CLASSES
from tracker.analysis.courses import Courses
from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.observations import HIGHEST_SCORE
from tracker.analysis.unit_cube import UnitCube
from tracker.clinical.edema import grade_of_percent
from tracker.clinical.reference import Edition
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import Aspect, Instrument, MissingReason, Sex, Side, VitaminDUnit
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, PartialDate

BONES = ("talus", "calcaneus", "navicular", "cuneiform", "metatarsus", "cuboid")
_REASONS = (MissingReason.NOT_ASKED, MissingReason.REFUSED, MissingReason.UNABLE)
_FINEST_GRID = np.iinfo(np.uint16).max + 1


@dataclass(frozen=True, slots=True)
class SimulatedScore:
    """One score as typed: NRS points or VAS mm, or the reason it is missing."""

    site: str
    instrument: Instrument
    aspect: Aspect
    score: int | None
    missing_reason: MissingReason | None


@dataclass(frozen=True, slots=True)
class SimulatedVitaminD:
    """One vitamin D result as the laboratory reports it."""

    value: float
    unit: VitaminDUnit


@dataclass(frozen=True, slots=True)
class SimulatedEdema:
    """Edema of one bone on MRI, grade 0-3."""

    site: str
    grade: int


@dataclass(frozen=True, slots=True)
class SimulatedVisit:
    """Everything one visit brings."""

    day: date
    scores: tuple[SimulatedScore, ...]
    vitamin_d: SimulatedVitaminD | None
    edema: SimulatedEdema | None


@dataclass(frozen=True, slots=True)
class Truth:
    """What nobody in the clinic knows.

    Lengths are days, levels NRS points; `level_as_of` is the pain on the day the clinic is looked at.
    """

    onset: date
    rise_days: float
    plateau_days: float
    regression_days: float
    peak_nrs: float
    residual_nrs: float
    resolution: date
    mri_lag_days: float
    level_as_of: float
    n_missed_visits: int


@dataclass(frozen=True, slots=True)
class SimulatedPatient:
    """One patient: what is typed, and the truth behind it."""

    number: int
    sex: Sex
    birth_year: int
    site: str
    bone: str
    onset_said: PartialDate
    visits: tuple[SimulatedVisit, ...]
    truth: Truth

    @property
    def code(self) -> str:
        """Study code: SIM-001 and on."""
        return f"SIM-{self.number:03d}"


@dataclass(frozen=True, slots=True)
class _Clinic:
    """What every draw needs."""

    edition: Edition
    habits: Edition
    as_of: date
    rng: np.random.Generator

    def happens(self, share: str) -> bool:
        return bool(self.rng.random() < self.habits.value(share))

    def about(self, middle: str, spread: str) -> float:
        return float(self.rng.normal(self.habits.value(middle), self.habits.value(spread)))


@dataclass(frozen=True, slots=True)
class _Person:
    """One patient before any visit: course (n = 1), places and habits."""

    course: Courses
    onset: date
    first_visit: date
    bone: str
    site: str
    instrument: Instrument
    aspects: tuple[Aspect, ...]
    vitamin_d_mean_ng_ml: float
    vitamin_d_unit: VitaminDUnit
    mri_lag_days: float

    def level(self, day: date) -> float:
        since = np.array([(day - self.onset).days], dtype=np.float32)
        return float(self.course.levels(since)[0])

    @property
    def resolution_days(self) -> float:
        return float(self.course.resolution_days[0])


def simulate_clinic(
    edition: Edition, habits: Edition, *, n_patients: int, as_of: date, rng: np.random.Generator
) -> tuple[SimulatedPatient, ...]:
    """Simulate patients as a clinic has seen them up to a day.

    Parameters
    ----------
    edition : Edition
        Courses, score noise and limits.
    habits : Edition
        Who comes, when, and what is measured.
    n_patients : int
        Up to 60000.
    as_of : datetime.date
        The last day; visits due later have not happened.
    rng : numpy.random.Generator
        Advanced by the call.
    """
    clinic = _Clinic(edition, habits, as_of, rng)
    courses = draw_courses(edition, n_patients, rng)
    return tuple(
        _patient(index + 1, courses.taken(slice(index, index + 1)), clinic=clinic) for index in range(n_patients)
    )


def draw_courses(edition: Edition, n_courses: int, rng: np.random.Generator) -> Courses:
    """Draw courses of the class `expected` independently, on the finest grid the generator takes.

    Each coordinate is a shuffle of 65536 strata; of the courses within the boundary of the class the first
    `n_courses` are kept.
    """
    strata = np.tile(np.arange(_FINEST_GRID, dtype=np.uint16), (THIRD_OWN + 1, 1))
    (expected, *_) = COURSE_CLASSES
    courses = expected.generate(UnitCube(rng.permuted(strata, axis=1)), edition)
    return courses.taken(np.flatnonzero(expected.within_boundary(courses, edition))[:n_courses])


def _patient(number: int, course: Courses, *, clinic: _Clinic) -> SimulatedPatient:
    person = _person(course, clinic)
    days, n_missed = _visit_days(person, clinic)
    visits = tuple(_visits(person, days, clinic))
    return SimulatedPatient(
        number=number,
        sex=Sex.MALE if clinic.happens("male_share") else Sex.FEMALE,
        birth_year=clinic.as_of.year - round(_age_years(clinic)),
        site=person.site,
        bone=person.bone,
        onset_said=_onset_said(person, clinic),
        visits=visits,
        truth=Truth(
            onset=person.onset,
            rise_days=float(course.rise_days[0]),
            plateau_days=float(course.plateau_days[0]),
            regression_days=float(course.regression_days[0]),
            peak_nrs=float(course.peak_nrs[0]),
            residual_nrs=float(course.residual_nrs[0]),
            resolution=person.onset + timedelta(days=round(person.resolution_days)),
            mri_lag_days=person.mri_lag_days,
            level_as_of=person.level(clinic.as_of),
            n_missed_visits=n_missed,
        ),
    )


def _person(course: Courses, clinic: _Clinic) -> _Person:
    habits, rng = clinic.habits, clinic.rng
    shares = np.array([habits.value(f"{bone}_share") for bone in BONES])
    bone = find_site(f"{rng.choice(BONES, p=shares / shares.sum())}-{rng.choice((Side.LEFT, Side.RIGHT))}")
    has_second = clinic.happens("second_aspect_share")
    recruited = habits.value("recruitment_months") * DAYS_PER_MONTH
    first_visit = clinic.as_of - timedelta(days=round(rng.uniform(0, recruited)))
    mean, spread = habits.value("vitamin_d_ng_ml"), habits.value("vitamin_d_sd_ng_ml")
    log_variance = log1p((spread / mean) ** 2)
    lag_low, lag_high = habits.interval("mri_lag_months")
    return _Person(
        course=course,
        onset=first_visit - timedelta(days=_delay_days(float(course.resolution_days[0]), clinic)),
        first_visit=first_visit,
        bone=bone.key,
        site=bone.joint_key,
        instrument=Instrument.VAS if clinic.happens("vas_share") else Instrument.NRS,
        aspects=(Aspect.LOAD, Aspect.REST) if has_second else (Aspect.OVERALL,),
        vitamin_d_mean_ng_ml=float(rng.lognormal(log(mean) - log_variance / 2, log_variance ** (1 / 2))),
        vitamin_d_unit=VitaminDUnit.NMOL_L if clinic.happens("nmol_share") else VitaminDUnit.NG_ML,
        mri_lag_days=float(rng.triangular(lag_low, habits.value("mri_lag_months"), lag_high)) * DAYS_PER_MONTH,
    )


def _delay_days(resolution_days: float, clinic: _Clinic) -> int:
    """Draw the time from onset to the first visit; nobody comes once the pain is over."""
    middle = log(clinic.habits.value("presentation_months") * DAYS_PER_MONTH)
    while True:
        delay = round(clinic.rng.lognormal(middle, clinic.habits.value("presentation_log_sd")))
        if delay < resolution_days:
            return delay


def _age_years(clinic: _Clinic) -> float:
    youngest, oldest = clinic.habits.interval("age_years")
    while True:
        age = clinic.about("age_years", "age_sd_years")
        if youngest <= age <= oldest:
            return age


def _onset_said(person: _Person, clinic: _Clinic) -> PartialDate:
    """State the onset as the patient recalls it: a month, about a day, or a day; never after the first visit."""
    error = round(clinic.rng.normal(0, clinic.edition.value("onset_recall_sd_days")))
    recalled = min(person.onset + timedelta(days=error), person.first_visit)
    kind = clinic.rng.random()
    if kind < clinic.habits.value("onset_month_share"):
        return PartialDate.parse(f"{recalled:%Y-%m}")
    is_about = kind < clinic.habits.value("onset_month_share") + clinic.habits.value("onset_about_share")
    return PartialDate(recalled, recalled, "about" if is_about else "day")


def _visit_days(person: _Person, clinic: _Clinic) -> tuple[list[date], int]:
    """Draw the days somebody came, and count the appointments nobody came to."""
    habits = clinic.habits
    resolution = person.onset + timedelta(days=person.resolution_days)
    days, n_missed, due = [person.first_visit], 0, person.first_visit
    while len(days) < habits.value("visits_most") and sum(day > resolution for day in days) < 2:
        is_early = (due - person.onset).days < habits.value("visit_change_months") * DAYS_PER_MONTH
        weeks = habits.value("visit_early_weeks" if is_early else "visit_late_weeks")
        due += timedelta(days=round(weeks * DAYS_PER_WEEK))
        jitter = timedelta(days=round(clinic.rng.normal(0, habits.value("visit_jitter_days"))))
        came = max(due + jitter, days[-1] + timedelta(days=1))
        if came > clinic.as_of:
            break
        if clinic.happens("visit_missed_share"):
            n_missed += 1
        else:
            days.append(came)
    return days, n_missed


def _visits(person: _Person, days: list[date], clinic: _Clinic) -> Iterator[SimulatedVisit]:
    habits = clinic.habits
    again = timedelta(weeks=habits.value("vitamin_d_again_weeks"))
    vitamin_d_days = [days[0], *[day for day in days if day - days[0] >= again][:1]]
    mri_days = [days[0]]
    for day in days:
        is_due = (day - mri_days[-1]).days >= habits.value("mri_again_months") * DAYS_PER_MONTH
        if is_due and len(mri_days) < habits.value("mri_most"):
            mri_days.append(day)
    for day in days:
        yield SimulatedVisit(
            day=day,
            scores=tuple(_score(person, day, aspect, clinic) for aspect in person.aspects),
            vitamin_d=_vitamin_d(person, day, clinic) if day in vitamin_d_days else None,
            edema=_edema(person, day, clinic) if day in mri_days else None,
        )


def _score(person: _Person, day: date, aspect: Aspect, clinic: _Clinic) -> SimulatedScore:
    if clinic.happens("score_missing_share"):
        reason = _REASONS[int(clinic.rng.integers(len(_REASONS)))]
        return SimulatedScore(person.site, person.instrument, aspect, None, reason)
    level = person.level(day) * (clinic.habits.value("rest_pain_share") if aspect is Aspect.REST else 1)
    score = noisy_score(level, person.instrument, ScoreNoise.of_edition(clinic.edition), clinic.rng)
    return SimulatedScore(person.site, person.instrument, aspect, score, None)


def noisy_score(level: float, instrument: Instrument, noise: ScoreNoise, rng: np.random.Generator) -> int:
    """Draw the score of a level (NRS points) as the likelihood reads it: noise, rounding, open ends, gross errors."""
    highest = HIGHEST_SCORE[instrument]
    if rng.random() < noise.gross_share:
        return int(rng.integers(0, highest, endpoint=True))
    unit_per_point = highest / HIGHEST_SCORE[Instrument.NRS]
    at_middle = noise.sd_nrs if instrument is Instrument.NRS else noise.sd_mm
    spread = at_middle + unit_per_point * noise.slope * max(level - noise.middle_nrs, 0)
    return int(np.clip(np.rint(rng.normal(level * unit_per_point, spread)), 0, highest))


def _vitamin_d(person: _Person, day: date, clinic: _Clinic) -> SimulatedVitaminD:
    """Draw a result: the patient's mean, the season (highest in mid-month of the peak), the assay."""
    habits, nmol_per_ng = clinic.habits, clinic.edition.value("vitamin_d_nmol_per_ng")
    peak_day = (habits.value("vitamin_d_peak_month") - 1 / 2) * DAYS_PER_MONTH
    swing = habits.value("vitamin_d_season_nmol_l") / (habits.value("vitamin_d_ng_ml") * nmol_per_ng)
    season = 1 + swing * cos(2 * pi * (day.timetuple().tm_yday - peak_day) / DAYS_PER_YEAR)
    measured = person.vitamin_d_mean_ng_ml * season * clinic.rng.normal(1, habits.value("assay_share"))
    if person.vitamin_d_unit is VitaminDUnit.NMOL_L:
        return SimulatedVitaminD(float(round(measured * nmol_per_ng)), person.vitamin_d_unit)
    return SimulatedVitaminD(round(measured, 1), person.vitamin_d_unit)


def _edema(person: _Person, day: date, clinic: _Clinic) -> SimulatedEdema:
    """Draw a grade: edema comes with the pain and stays its lag longer."""
    since = (day - person.onset).days
    lag = np.arange(since - round(person.mri_lag_days), since + 1, dtype=np.float32)
    highest = float(person.course.levels(lag).max())
    percent = clinic.rng.normal(
        highest * clinic.habits.value("edema_percent_per_nrs"), clinic.habits.value("edema_sd_percent")
    )
    return SimulatedEdema(person.bone, int(grade_of_percent(percent, clinic.edition)))
