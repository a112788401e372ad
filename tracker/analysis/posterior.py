"""One episode's scores read against the course library: an answer, or why there is none."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import EXPECTED, RELAPSE
from tracker.analysis.library import CourseLibrary
from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.next_visit import most_informative_visit
from tracker.analysis.observations import Observations, OnsetStatement
from tracker.analysis.results import CourseAnswer, CourseFit, Estimate, LevelBand, TimeInPhase
from tracker.analysis.scoring import gross_error_probabilities
from tracker.analysis.sufficiency import enough_to_read
from tracker.analysis.surprise import follows_known_course, surprising_days
from tracker.analysis.vote import weigh_courses
from tracker.analysis.weights import WeightedCourses, even_quantiles, reference_courses, weighted_quantiles
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Phase
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR

_ESTIMATE_QUANTILES = np.array([0.5, 0.025, 0.975])
_ESTIMATE_AND_SPREAD_QUANTILES = np.array([*_ESTIMATE_QUANTILES, 0.1, 0.9])
_BAND_QUANTILES = np.array([0.025, 0.1, 0.5, 0.9, 0.975])
_N_COURSES_OF_BAND = 1 << 12
_BANDS_KEPT = 1 << 6


def fit_course(
    observations: Observations,
    onset: OnsetStatement,
    *,
    as_of_day: int,
    library: CourseLibrary,
    vote: WeightedCourses | None = None,
) -> CourseAnswer:
    """Read one episode's scores as a course of one of the classes.

    Scores after `as_of_day` are never looked at. The order of the scores does not matter; the same
    scores give the same answer to the last bit.

    Parameters
    ----------
    observations : Observations
        Scores on days since day 0.
    onset : OnsetStatement
        How well the onset is known.
    as_of_day : int
        The day to answer for, in days since day 0.
    library : CourseLibrary
        The prior draws of one edition.
    vote : WeightedCourses, optional
        That of `weigh_courses` on the scores up to `as_of_day`, where it is already there.

    Returns
    -------
    CourseFit or InsufficientData
        The latter below the edition's ``minimum_fit_days`` distinct days with a score, and where every score is 0:
        there is no course of pain to read.

    Notes
    -----
    Exact up to the number of prior draws, which `effective_sample_size` tells: importance
    weighting with the prior as the proposal, and with courses drawn for these scores where too few of the prior
    matter.
    """
    seen = observations.until(as_of_day)
    days = seen.distinct_days()
    edition = library.edition
    missing = enough_to_read(days, seen.score, edition)
    if missing is not None:
        return missing
    weighted = weigh_courses(seen, onset, library=library) if vote is None else vote
    reference = reference_courses(library, onset)
    errors = gross_error_probabilities(seen, weighted, ScoreNoise.of_edition(edition))
    resembles_known = follows_known_course(errors, edition)
    classes = weighted.class_probabilities()
    horizon_days = edition.value("horizon_months") * DAYS_PER_MONTH
    return CourseFit(
        as_of_day=as_of_day,
        n_scores=len(seen.day),
        n_days=len(days),
        class_probabilities=classes,
        phases=weighted.phase_probabilities(as_of_day),
        time_in_phase=_time_in_phase(weighted, as_of_day),
        parameters=_estimates(weighted, reference),
        resolution_day=_resolution_day(weighted, reference, edition),
        p_relapse=classes[RELAPSE],
        p_no_resolution=weighted.probability(weighted.courses.resolution_days > horizon_days),
        next_visit=most_informative_visit(weighted, as_of_day=as_of_day, edition=edition),
        band=_band(weighted.thinned(_N_COURSES_OF_BAND), _band_days(library, as_of_day)),
        effective_sample_size=weighted.effective_sample_size(),
        refined=weighted.refined,
        surprising_days=surprising_days(errors),
        resembles_known=resembles_known,
        resembles_expected=resembles_known and 1 - classes[EXPECTED] <= edition.value("atypical_probable"),
        edition=edition.name,
        edition_sha256=edition.sha256,
    )


@lru_cache(maxsize=_BANDS_KEPT)
def expected_band(library: CourseLibrary, onset: OnsetStatement) -> LevelBand:
    """Give the level band before any visit, from day 0 to the edition's horizon.

    Notes
    -----
    From the first 4096 courses of the library, which are as evenly spread as the whole: its
    quantiles are within a tenth of a point of the full library's. Those made last are kept: it depends on nothing
    of the patient but how well the onset is known, and a whole clinic needs few of them.
    """
    reference = reference_courses(library, onset, n_courses=_N_COURSES_OF_BAND)
    return _band(reference, _band_days(library, 0))


def _estimates(weighted: WeightedCourses, reference: WeightedCourses) -> dict[str, Estimate]:
    before = reference.unknowns()
    return {name: estimate_of(values, weighted.weights, before[name]) for name, values in weighted.unknowns().items()}


def _resolution_day(weighted: WeightedCourses, reference: WeightedCourses, edition: Edition) -> Estimate | None:
    """Estimate it over the courses that resolve in time and without relapse, if those are probable enough."""
    resolves = weighted.resolves_plainly(edition.value("horizon_months") * DAYS_PER_MONTH)
    share = weighted.probability(resolves)
    if share < edition.value("resolution_least_probability"):
        return None
    return estimate_of(
        weighted.resolution_day()[resolves], weighted.weights[resolves] / share, reference.resolution_day()
    )


def estimate_of(values: NDArray[np.float32], weights: NDArray[np.float64], reference: NDArray[np.float32]) -> Estimate:
    """Summarize a weighted sample, shape (n,), beside the evenly weighted one of the reference, shape (m,)."""
    median, low95, high95, low80, high80 = weighted_quantiles(values, weights, _ESTIMATE_AND_SPREAD_QUANTILES).tolist()
    before = even_quantiles(reference, _ESTIMATE_AND_SPREAD_QUANTILES).tolist()
    reference_median, reference_low95, reference_high95, reference_low80, reference_high80 = before
    return Estimate(
        median=median,
        low95=low95,
        high95=high95,
        reference_median=reference_median,
        reference_low95=reference_low95,
        reference_high95=reference_high95,
        narrowing=1 - (high80 - low80) / (reference_high80 - reference_low80),
    )


def _time_in_phase(weighted: WeightedCourses, as_of_day: int) -> TimeInPhase | None:
    """Measure how long the most probable phase has lasted, over the courses that are in it."""
    place, days = weighted.phases(as_of_day)
    phase = int(np.argmax(np.bincount(place, weighted.weights)))
    if tuple(Phase)[phase] is Phase.BEFORE_ONSET:
        return None
    inside = place == phase
    share = weighted.weights[inside]
    median, low95, high95 = weighted_quantiles(days[inside], share / share.sum(), _ESTIMATE_QUANTILES).tolist()
    return TimeInPhase(median, low95, high95)


def _band_days(library: CourseLibrary, as_of_day: int) -> tuple[int, ...]:
    """Choose the days of a band: weekly in the first year, then four-weekly, the ends and `as_of_day` exactly."""
    horizon = round(library.edition.value("horizon_months") * DAYS_PER_MONTH)
    last = max(horizon, as_of_day)
    weekly = range(0, min(last, round(DAYS_PER_YEAR)), DAYS_PER_WEEK)
    four_weekly = range(weekly.stop, last, 4 * DAYS_PER_WEEK)
    return tuple(sorted({*weekly, *four_weekly, last, max(as_of_day, 0)}))


def _band(weighted: WeightedCourses, days: tuple[int, ...]) -> LevelBand:
    columns = weighted.level_quantiles(days, _BAND_QUANTILES).T.tolist()
    low95, low80, median, high80, high95 = map(tuple, columns)
    return LevelBand(days, low95, low80, median, high80, high95)
