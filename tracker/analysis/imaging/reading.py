"""One episode's MRI read against the course library: by themselves, and together with the pain.

The reading of the pain is never changed by it: the joint one stands beside.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES, RELAPSE
from tracker.analysis.imaging.conflict import find_conflict
from tracker.analysis.imaging.edema_courses import EdemaCourses, edema_library, expected_edema, with_edema
from tracker.analysis.imaging.grades import N_GRADES
from tracker.analysis.imaging.results import Conflict, EdemaCourse, EdemaReading, GradeBand, JointReading
from tracker.analysis.imaging.visits import EdemaVisit
from tracker.analysis.library import CourseLibrary
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.posterior import estimate_of
from tracker.analysis.results import CourseAnswer, Estimate, InsufficientData
from tracker.analysis.weights import WeightedCourses
from tracker.clinical.reference import Edition
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK

_N_COURSES_OF_PAIN = 1 << 11
_N_COURSES_OF_BAND = 1 << 8
_WEEKS_OF_BAND = 4
_NO_DAY = InsufficientData(reason="no MRI has a day", needs="an MRI on an exact day, or known to about a month")
_UNKNOWN_COURSE = InsufficientData(
    reason="the pain follows no known kind of course", needs="scores that agree with a known course"
)


def read_edema(
    visits: tuple[EdemaVisit, ...],
    onset: OnsetStatement,
    *,
    as_of_day: int,
    library: CourseLibrary,
    course: CourseAnswer,
    vote: WeightedCourses,
) -> EdemaReading:
    """Read an episode's MRI.

    Parameters
    ----------
    visits : tuple of EdemaVisit
        At least one.
    onset : OnsetStatement
        How well the onset is known.
    as_of_day : int
        The day to answer for, in days since day 0; no visit lies after it.
    library : CourseLibrary
        The prior draws of one edition.
    course : CourseAnswer
        What the pain says: with nothing, or nothing known, there is no joint reading.
    vote : WeightedCourses
        The courses weighted by the pain.

    Notes
    -----
    About 10 ms for three visits. The joint reading weighs 2048 courses of the pain's vote, each with a lag
    and an extent of its own, so that its effective sample size is that of the MRI alone.
    """
    read = tuple(visit for visit in visits if visit.day is not None)
    prior = edema_library(library, onset)
    reference = expected_edema(prior)
    best = by_mri = _voted_by_mri(prior, read)
    by_pain = _expected_by_pain(course, vote, read, library.edition)
    if isinstance(by_pain, EdemaCourses):
        of_grades = _of_grades(by_pain, read)
        together = by_pain.weighed(by_pain.pain.weights * _likelihood(of_grades, read))
        limit = library.edition.value("edema_conflict_probability")
        conflict = find_conflict(by_pain.pain.weights, of_grades, read, at_most=limit)
        joint: JointReading | InsufficientData = _joint_reading(
            together, by_pain, reference, conflict=conflict, as_of_day=as_of_day
        )
        if conflict.disagreement is None or isinstance(by_mri, InsufficientData):
            best = together
    else:
        joint = by_pain
    return EdemaReading(
        as_of_day=as_of_day,
        visits=visits,
        n_read=len(read),
        alone=_edema_course(by_mri, reference, as_of_day=as_of_day) if isinstance(by_mri, EdemaCourses) else by_mri,
        joint=joint,
        grades=_grade_band(best, as_of_day=as_of_day) if isinstance(best, EdemaCourses) else None,
    )


def unplaced_edema(visits: tuple[EdemaVisit, ...], why: InsufficientData) -> EdemaReading:
    """Give the grades of an episode that cannot be read because its onset is not known."""
    return EdemaReading(as_of_day=None, visits=visits, n_read=0, alone=why, joint=why)


def _voted_by_mri(prior: EdemaCourses, read: tuple[EdemaVisit, ...]) -> EdemaCourses | InsufficientData:
    n_days = len({visit.day for visit in read})
    missing = int(prior.edition.value("minimum_mri_days")) - n_days
    if missing > 0:
        reason = f"MRI looked for edema on {_counted(n_days, 'day')} only" if n_days else _NO_DAY.reason
        return InsufficientData(reason=reason, needs=f"an MRI on {_counted(missing, 'more day')}")
    return prior.weighed(prior.pain.weights * _likelihood(_of_grades(prior, read), read))


def _expected_by_pain(
    course: CourseAnswer, vote: WeightedCourses, read: tuple[EdemaVisit, ...], edition: Edition
) -> EdemaCourses | InsufficientData:
    """Give the edema that the pain alone leads to expect, or why MRI and pain cannot be read together."""
    if isinstance(course, InsufficientData):
        return InsufficientData(reason=f"of the pain: {course.reason}", needs=course.needs)
    if not course.resembles_known:
        return _UNKNOWN_COURSE
    if not read:
        return _NO_DAY
    thinned = vote.thinned(_N_COURSES_OF_PAIN)
    return with_edema(thinned, np.arange(len(thinned.weights)), edition)


def _joint_reading(
    voted: EdemaCourses, by_pain: EdemaCourses, reference: EdemaCourses, *, conflict: Conflict, as_of_day: int
) -> JointReading:
    pain_ends = voted.pain.courses.resolution_days
    return JointReading(
        resolution_day=_estimate_plainly(
            voted, voted.pain.resolution_day(), pain_ends, reference.pain.resolution_day()
        ),
        lag_days=estimate_of(voted.lag_days, voted.pain.weights, reference.lag_days),
        edema=_edema_course(voted, reference, as_of_day=as_of_day),
        pain_clear_day=_clear_day(by_pain, reference),
        conflict=conflict,
    )


def _of_grades(edema: EdemaCourses, read: tuple[EdemaVisit, ...]) -> list[NDArray[np.float64]]:
    """Give P(grade | course) at each visit, each shape (4, n)."""
    return [edema.grade_probabilities(visit.day) for visit in read if visit.day is not None]


def _likelihood(of_grades: list[NDArray[np.float64]], read: tuple[EdemaVisit, ...]) -> NDArray[np.float64]:
    """Give P(all grades | course) of each course, shape (n,)."""
    noted = [
        of_grade[visit.lowest : visit.highest + 1].sum(axis=0) for of_grade, visit in zip(of_grades, read, strict=True)
    ]
    found: NDArray[np.float64] = np.prod(noted, axis=0)
    return found


def _edema_course(voted: EdemaCourses, reference: EdemaCourses, *, as_of_day: int) -> EdemaCourse:
    weights = voted.pain.weights
    horizon_days = _horizon_days(voted.edition)
    phases = voted.as_edema(as_of_day).phase_probabilities(as_of_day)
    return EdemaCourse(
        phases=phases,
        clear_day=_clear_day(voted, reference),
        p_not_clear=voted.pain.probability(voted.clear_day() - voted.pain.onset_days > horizon_days),
        p_relapse=voted.pain.class_probabilities()[RELAPSE],
        effective_sample_size=float(1 / np.sum(weights**2)),
    )


def _clear_day(voted: EdemaCourses, reference: EdemaCourses) -> Estimate | None:
    days_after = voted.calm.resolution_days + voted.lag_days
    return _estimate_plainly(voted, voted.clear_day(), days_after, reference.clear_day())


def _estimate_plainly(
    voted: EdemaCourses,
    day: NDArray[np.float32],
    days_after_onset: NDArray[np.float32],
    reference: NDArray[np.float32],
) -> Estimate | None:
    """Estimate a day over the courses that reach it in time and without relapse, if those are probable enough."""
    is_plain = voted.pain.class_place != CLASS_NAMES.index(RELAPSE)
    reached = is_plain & (days_after_onset <= _horizon_days(voted.edition))
    share = voted.pain.probability(reached)
    if share < voted.edition.value("resolution_least_probability"):
        return None
    return estimate_of(day[reached], voted.pain.weights[reached] / share, reference)


def _grade_band(voted: EdemaCourses, *, as_of_day: int) -> GradeBand:
    """Give the grades to expect every four weeks up to the horizon, and on the day asked about."""
    horizon = round(_horizon_days(voted.edition))
    days = sorted({*range(0, horizon, _WEEKS_OF_BAND * DAYS_PER_WEEK), max(as_of_day, 0)})
    wanted = (np.arange(_N_COURSES_OF_BAND) + 1 / 2) / _N_COURSES_OF_BAND
    chosen = np.minimum(np.searchsorted(np.cumsum(voted.pain.weights), wanted), len(voted.pain.weights) - 1)
    # All days at once: a course per day and place costs less than a call per day.
    every = voted.taken(np.tile(chosen, len(days)))
    probabilities = every.grade_probabilities(np.repeat(np.array(days), len(chosen)))
    shares = probabilities.reshape(N_GRADES, len(days), len(chosen)).mean(axis=2)
    none, small, medium, large = (tuple(row) for row in shares.tolist())
    return GradeBand(tuple(days), none, small, medium, large)


def _horizon_days(edition: Edition) -> float:
    return edition.value("horizon_months") * DAYS_PER_MONTH


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
