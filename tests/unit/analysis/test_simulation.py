"""The simulated clinic: repeatable, within its rules, and distributed as its numbers say.

A share of n draws is allowed four standard deviations, sqrt(p (1 - p) / n), a mean four standard
errors: with the seeds fixed a test either always passes or always fails, and a
right simulator fails one of these at most once in ten thousand seeds.
"""

from datetime import date, timedelta
from itertools import pairwise
from math import cos, exp, log, pi, sqrt
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from tracker import clinical
from tracker.analysis.likelihood import ScoreNoise, score_probabilities
from tracker.analysis.simulation import BONES, draw_courses, noisy_score, simulate_clinic
from tracker.clinical.reference import load_edition
from tracker.clinical.sites import find_site
from tracker.clinical.vocabulary import Aspect, Instrument, Sex, VitaminDUnit
from tracker.dates import DAYS_PER_MONTH

AS_OF = date(2026, 11, 23)
N_PATIENTS = 600
N_COURSES = 4000
STANDARD_DEVIATIONS = 4


@pytest.fixture(scope="module")
def habits():
    return load_edition(Path(clinical.__file__).with_name("simulated_clinic_v1.toml"))


@pytest.fixture(scope="module")
def simulate(habits):
    def make(n_patients, seed, as_of=AS_OF):
        rng = np.random.default_rng(seed)
        return simulate_clinic(load_edition(), habits, n_patients=n_patients, as_of=as_of, rng=rng)

    return make


@pytest.fixture(scope="module")
def patients(simulate):
    return simulate(N_PATIENTS, 1)


@pytest.fixture(scope="module")
def courses(edition):
    return draw_courses(edition, N_COURSES, np.random.default_rng(2))


def is_near(share, expected, n):
    return abs(share - expected) <= STANDARD_DEVIATIONS * sqrt(expected * (1 - expected) / n)


def share_of(patients, claim):
    return sum(map(claim, patients)) / len(patients)


def test_the_same_seed_gives_the_same_clinic(simulate):
    assert simulate(20, 7) == simulate(20, 7)


def test_another_seed_gives_another_clinic(simulate):
    assert simulate(20, 7) != simulate(20, 8)


def test_patients_are_numbered_from_one(patients):
    assert [patient.code for patient in patients[:2]] == ["SIM-001", "SIM-002"]
    assert patients[-1].code == f"SIM-{N_PATIENTS}"


def test_no_patients_is_an_empty_clinic(simulate):
    assert simulate(0, 1) == ()


@pytest.mark.parametrize(
    ("name", "low", "high"), [("rise_days", 1, 2), ("plateau_days", 1, 2), ("regression_days", 4, 8)]
)
def test_phase_lengths_have_the_cited_centiles(courses, name, low, high):
    """10th and 90th centile in months, from the course model."""
    months = getattr(courses, name) / DAYS_PER_MONTH
    assert is_near(np.mean(months < low), 0.1, N_COURSES)
    assert is_near(np.mean(months > high), 0.1, N_COURSES)
    assert is_near(np.mean(months < sqrt(low * high)), 0.5, N_COURSES)


def test_peaks_are_normal_cut_to_their_limits(courses):
    """Mean of a normal 7.0 (1.7) cut to 2..10, by the textbook formula."""
    low, high = (2 - 7) / 1.7, (10 - 7) / 1.7
    normal = NormalDist()
    kept = normal.cdf(high) - normal.cdf(low)
    mean = 7 + 1.7 * (normal.pdf(low) - normal.pdf(high)) / kept
    assert 2 <= courses.peak_nrs.min() <= courses.peak_nrs.max() <= 10
    assert abs(float(courses.peak_nrs.mean()) - mean) <= STANDARD_DEVIATIONS * 1.7 / sqrt(N_COURSES)


def test_six_courses_in_ten_leave_nothing_and_none_stays_above_resolved(courses):
    assert is_near(np.mean(courses.residual_nrs == 0), 0.6, N_COURSES)
    assert courses.residual_nrs.max() <= 1


def test_courses_are_not_those_of_the_library(courses, library):
    assert len(np.intersect1d(courses.regression_days, library.courses.regression_days)) < N_COURSES / 10


@pytest.mark.parametrize(
    ("instrument", "level"),
    [(Instrument.NRS, 0.4), (Instrument.NRS, 7.0), (Instrument.NRS, 9.5), (Instrument.VAS, 0.5), (Instrument.VAS, 6.0)],
)
def test_scores_scatter_as_the_likelihood_reads_them(edition, instrument, level):
    """Every score's frequency against the table of P(score | level), which is computed, not drawn."""
    noise, rng, n = ScoreNoise.of_edition(edition), np.random.default_rng(3), 20_000
    drawn = np.array([noisy_score(level, instrument, noise, rng) for _ in range(n)])
    highest = 10 if instrument is Instrument.NRS else 100
    for score in range(highest + 1):
        expected = score_probabilities(instrument, score, noise)[round(level * 20)]
        assert is_near(np.mean(drawn == score), expected, n)


def test_a_patient_comes_late_but_before_the_pain_is_over(patients):
    for patient in patients:
        assert patient.truth.onset <= patient.visits[0].day < patient.truth.resolution + timedelta(days=1)


def test_the_first_visit_is_months_after_onset(patients):
    """Log-normal with 10th and 90th centile at 1 and 5 months, hardly cut by who is well before."""
    months = np.array([(patient.visits[0].day - patient.truth.onset).days for patient in patients]) / DAYS_PER_MONTH
    assert is_near(np.mean(months < 1), 0.1, N_PATIENTS)
    assert is_near(np.mean(months < sqrt(5)), 0.5, N_PATIENTS)


def test_visits_run_forward_and_end_with_the_day_the_clinic_is_looked_at(patients):
    for patient in patients:
        days = [visit.day for visit in patient.visits]
        assert all(earlier < later for earlier, later in pairwise(days))
        assert days[-1] <= AS_OF
        assert 1 <= len(days) <= 12


def test_follow_up_ends_with_the_second_visit_after_the_pain_is_over(patients):
    for patient in patients:
        assert sum(visit.day > patient.truth.resolution for visit in patient.visits) <= 2


def test_appointments_are_missed_as_often_as_said(patients):
    missed = sum(patient.truth.n_missed_visits for patient in patients)
    kept = sum(len(patient.visits) - 1 for patient in patients)
    assert is_near(missed / (missed + kept), 0.15, missed + kept)


@pytest.mark.parametrize(("precision", "share"), [("month", 0.5), ("about", 0.3), ("day", 0.2)])
def test_onsets_are_stated_as_precisely_as_said(patients, precision, share):
    assert is_near(share_of(patients, lambda p: p.onset_said.precision == precision), share, N_PATIENTS)


def test_a_stated_onset_is_off_by_the_error_of_recall(patients):
    """Standard deviation 10 days; its own standard error is 10 / sqrt(2 n)."""
    exact = [p for p in patients if p.onset_said.is_exact and p.onset_said.first < p.visits[0].day]
    errors = [(p.onset_said.first - p.truth.onset).days for p in exact]
    assert abs(np.std(errors) - 10) <= STANDARD_DEVIATIONS * 10 / sqrt(2 * len(errors))


def test_a_stated_onset_is_never_after_the_first_visit(patients):
    assert all(patient.onset_said.first <= patient.visits[0].day for patient in patients)


@pytest.mark.parametrize(
    ("name", "claim", "share"),
    [
        ("VAS", lambda p: p.visits[0].scores[0].instrument is Instrument.VAS, 0.25),
        ("second aspect", lambda p: len(p.visits[0].scores) == 2, 0.35),
        ("men", lambda p: p.sex is Sex.MALE, 0.61),
        ("nmol/L", lambda p: p.visits[0].vitamin_d.unit is VitaminDUnit.NMOL_L, 0.3),
        ("talus", lambda p: p.bone.startswith("talus"), 0.53 / 1.01),  # the shares sum to 1.01 and are made 1
        ("left", lambda p: p.bone.endswith("left"), 0.5),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_patients_differ_as_said(patients, name, claim, share):
    assert is_near(share_of(patients, claim), share, N_PATIENTS)


def test_ages_stay_within_their_limits(patients):
    ages = [AS_OF.year - patient.birth_year for patient in patients]
    assert min(ages) >= 18
    assert max(ages) <= 76


def test_a_bone_lies_in_the_site_that_is_scored(patients):
    assert {find_site(patient.bone).code for patient in patients} == set(BONES)
    assert all(find_site(patient.bone).joint_key == patient.site for patient in patients)


def test_pain_at_rest_is_about_half_of_pain_on_load(patients):
    """0.52, from 3.9 over 7.5; seen where pain is well inside the scale, so that its ends cut nothing."""
    shares = [
        scores[Aspect.REST] / scores[Aspect.LOAD]
        for patient in patients
        for visit in patient.visits
        if (scores := {s.aspect: s.score for s in visit.scores if s.instrument is Instrument.VAS})
        and None not in scores.values()
        and 50 <= scores.get(Aspect.LOAD, 0) <= 80
    ]
    assert len(shares) > 50
    # One share scatters by 0.14 (8 mm in 65 on both scores), their median by 1.25 x 0.14 / sqrt(50) = 0.025.
    assert abs(float(np.median(shares)) - 0.52) < 0.06


def test_a_score_is_missing_with_a_reason_or_there(patients):
    scores = [score for patient in patients for visit in patient.visits for score in visit.scores]
    assert all((score.score is None) == (score.missing_reason is not None) for score in scores)
    assert is_near(np.mean([score.score is None for score in scores]), 0.04, len(scores))


def _ng_ml(result):
    return result.value if result.unit is VitaminDUnit.NG_ML else result.value / 2.496


def test_vitamin_d_has_the_published_mean(patients):
    """19.0 (7.5) ng/mL; first visits fill 11 months of a year, so the season moves their mean by 3.2 / 11 at most."""
    values = [_ng_ml(patient.visits[0].vitamin_d) for patient in patients]
    assert abs(np.mean(values) - 19.0) <= 3.2 / 11 + STANDARD_DEVIATIONS * 7.5 / sqrt(N_PATIENTS)


def test_vitamin_d_is_higher_in_summer(patients):
    """A cosine of 8 nmol/L, highest in mid-August; over its best third it averages 3 sqrt(3) / (2 pi) of its height."""
    results = [(visit.day.month, _ng_ml(visit.vitamin_d)) for p in patients for visit in p.visits if visit.vitamin_d]
    summer = [value for month, value in results if month in (6, 7, 8, 9)]
    winter = [value for month, value in results if month in (12, 1, 2, 3)]
    shift = 15 / 365.25 * 2 * pi  # these four months are centred on the first of August, half a month early
    expected = 2 * (8 / 2.496) * 3 * sqrt(3) / (2 * pi) * cos(shift)
    error = STANDARD_DEVIATIONS * 7.5 * sqrt(1 / len(summer) + 1 / len(winter))
    assert expected > error
    assert abs(np.mean(summer) - np.mean(winter) - expected) <= error


def test_vitamin_d_is_measured_at_the_first_visit_and_once_more_after_twelve_weeks(patients):
    for patient in patients:
        days = [visit.day for visit in patient.visits if visit.vitamin_d]
        assert days[0] == patient.visits[0].day
        assert len(days) <= 2
        assert all((day - days[0]).days >= 84 for day in days[1:])


def test_edema_comes_with_the_pain_and_stays_its_lag_longer(patients):
    """10 % of the bone per point, standard deviation 8 %.

    On a plateau above 8.5 points that is 85 %, four deviations above large (50 %); two months after the
    lag has passed it is at most 10 %, five deviations below it.
    """
    seen = 0
    for patient in patients:
        for visit in patient.visits:
            if visit.edema is None:
                continue
            over = (visit.day - patient.truth.resolution).days
            if over > patient.truth.mri_lag_days + 60:
                assert visit.edema.grade <= 2
                seen += 1
            first = visit.day == patient.visits[0].day
            day = (visit.day - patient.truth.onset).days
            is_plateau = patient.truth.rise_days < day < patient.truth.rise_days + patient.truth.plateau_days
            if first and is_plateau and patient.truth.peak_nrs > 8.5:
                assert visit.edema.grade == 3
                seen += 1
    assert seen > 10


def test_an_mri_is_repeated_after_three_months_at_most_twice(patients):
    for patient in patients:
        days = [visit.day for visit in patient.visits if visit.edema]
        assert days[0] == patient.visits[0].day
        assert len(days) <= 3
        assert all((later - earlier).days >= 91 for earlier, later in pairwise(days))


def test_the_truth_agrees_with_itself(patients):
    for patient in patients:
        truth = patient.truth
        if truth.resolution < AS_OF:
            assert truth.level_as_of <= 1
        assert 0 <= truth.mri_lag_days <= 6 * DAYS_PER_MONTH
        assert 0 <= truth.level_as_of <= truth.peak_nrs


def test_the_numbers_of_the_clinic_are_complete(habits):
    assert all(number.note.endswith(".") for number in habits.numbers.values())
    assert all(number.interval or number.grade == "D" for number in habits.numbers.values())
    assert habits.value("presentation_log_sd") == pytest.approx(log(5) / (2 * NormalDist().inv_cdf(0.9)), abs=5e-4)
    assert habits.value("presentation_months") == pytest.approx(exp((log(1) + log(5)) / 2))
