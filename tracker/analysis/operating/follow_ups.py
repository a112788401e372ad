"""Follow-ups of true courses: when the patient comes, what is scored, and what is said about the onset.

Late first visits, visits about every six weeks, missed ones, people who stop coming once they are well, an
onset recalled with error and rounded to the start or middle of a month or to the month, scores with noise,
favourite digits and slips, and a level that wanders from day to day. The numbers stand in
``simulated_follow_up_v1.toml``, the noise of scores in the course edition. Randomness arrives as `rng`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.likelihood import ScoreNoise
from tracker.analysis.observations import HIGHEST_SCORE, Observations, OnsetStatement
from tracker.analysis.operating.true_courses import TrueCourse, draw_true_courses
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument
from tracker.dates import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, PartialDate

_ANY_YEAR = date(2021, 1, 1)  # of ordinary length: only its months matter
_FAVOURITE_SCORES = np.array([0, 2, 4, 5, 6, 8, 10])


@dataclass(frozen=True, slots=True, eq=False)
class FollowUp:
    """What a clinic sees of one course, and the truth behind it.

    `onset_day` is the true onset in days since day 0, the first possible day of the stated onset, on which clock the
    days of `observations` stand too.
    """

    course: TrueCourse
    onset_day: int
    onset: OnsetStatement
    observations: Observations

    @property
    def resolution_day(self) -> float:
        """Give the day since day 0 after which the pain is over for good; infinite for never."""
        return self.onset_day + self.course.resolution_day

    @property
    def departure_day(self) -> float:
        """Give the day since day 0 from which the course is truly different; infinite for never."""
        return self.onset_day + self.course.departure_day


def draw_follow_ups(
    kind: str, edition: Edition, habits: Edition, *, n_episodes: int, rng: np.random.Generator
) -> tuple[FollowUp, ...]:
    """Draw follow-ups of courses of one kind, each with enough visits to be one.

    Parameters
    ----------
    kind : str
        One of `true_courses.KINDS`.
    edition : Edition
        Kinds, lengths and noise of scores.
    habits : Edition
        Shapes, and how people come and score.
    n_episodes : int
        How many.
    rng : numpy.random.Generator
        Advanced by the call.
    """
    found: list[FollowUp] = []
    while len(found) < n_episodes:
        courses = draw_true_courses(kind, edition, habits, n_courses=n_episodes - len(found), rng=rng)
        drawn = (follow_up(course, edition, habits, rng=rng) for course in courses)
        found += [one for one in drawn if len(one.observations.day) >= habits.value("visits_least")]
    return tuple(found)


def follow_up(course: TrueCourse, edition: Edition, habits: Edition, *, rng: np.random.Generator) -> FollowUp:
    """Follow one course; it may be seen only once."""
    wandering = _wandering(course.levels, habits, rng)
    noise = ScoreNoise.of_edition(edition)
    days: list[int] = []
    scores: list[int] = []
    stopped, comes_back = False, False
    for day in _appointments(course, habits, rng):
        if stopped and not (comes_back and wandering[day] >= habits.value("come_back_nrs")):
            continue
        days.append(day)
        scores.append(_score(float(wandering[day]), noise, habits, rng))
        if len(days) == habits.value("visits_most"):
            break
        is_well = scores[-1] <= habits.value("well_nrs")
        stopped = rng.random() < habits.value("drop_out_well_share" if is_well else "drop_out_share")
        comes_back = is_well and rng.random() < habits.value("come_back_share")
    onset, onset_day = _stated_onset(days[0], habits, rng)
    return FollowUp(
        course=course,
        onset_day=onset_day,
        onset=onset,
        observations=Observations(
            np.array(days, dtype=np.int64) + onset_day,
            np.array(scores, dtype=np.float64),
            (Instrument.NRS,) * len(days),
        ),
    )


def _wandering(levels: NDArray[np.float64], habits: Edition, rng: np.random.Generator) -> NDArray[np.float64]:
    """Add what comes and goes from day to day: first-order autoregressive, less of it where there is little pain."""
    keeps = np.exp(-1 / habits.value("wander_days"))
    steps = rng.normal(0, habits.value("wander_sd_nrs"), size=len(levels))
    steps[1:] *= np.sqrt(1 - keeps**2)
    wander = np.empty_like(steps)
    before = 0.0
    for day, step in enumerate(steps.tolist()):
        before = wander[day] = keeps * before + step
    wandering = levels + wander * np.minimum(levels / habits.value("wander_full_nrs"), 1)
    within: NDArray[np.float64] = np.clip(wandering, 0, HIGHEST_SCORE[Instrument.NRS])
    return within


def _appointments(course: TrueCourse, habits: Edition, rng: np.random.Generator) -> Iterator[int]:
    """Give the days since onset on which somebody would come, if they did not stop coming."""
    due = came = _first_visit(course, habits, rng)
    while came < len(course.levels):
        yield came
        is_missed = True
        while is_missed:
            due += round(habits.value("visit_gap_weeks") * DAYS_PER_WEEK)
            is_missed = rng.random() < habits.value("visit_missed_share")
        came = max(due + round(rng.normal(0, habits.value("visit_jitter_days"))), came + 1)


def _first_visit(course: TrueCourse, habits: Edition, rng: np.random.Generator) -> int:
    """Draw the day of the first visit, with pain; who has none in their window comes soon after it began."""
    is_late = rng.random() < habits.value("late_presentation_share")
    low, high = habits.interval("late_presentation_months" if is_late else "early_presentation_months")
    in_pain = np.flatnonzero(course.levels >= habits.value("first_visit_least_nrs"))
    in_window = in_pain[(in_pain >= low * DAYS_PER_MONTH) & (in_pain < high * DAYS_PER_MONTH)]
    soon = in_pain[: round((high - low) * DAYS_PER_MONTH)]
    offered = in_window if in_window.size else soon
    return int(rng.choice(offered)) if offered.size else int(np.argmax(course.levels))


def _score(level: float, noise: ScoreNoise, habits: Edition, rng: np.random.Generator) -> int:
    """Draw a score: noise, favourite digits, slips."""
    highest = HIGHEST_SCORE[Instrument.NRS]
    if rng.random() < habits.value("misread_share"):
        return int(rng.integers(0, highest, endpoint=True))
    said = rng.normal(level, noise.sd_nrs + noise.slope * max(level - noise.middle_nrs, 0))
    if rng.random() < habits.value("digit_preference_share"):
        return int(_FAVOURITE_SCORES[np.argmin(np.abs(_FAVOURITE_SCORES - said))])
    return int(np.clip(np.rint(said), 0, highest))


def _stated_onset(first_visit: int, habits: Edition, rng: np.random.Generator) -> tuple[OnsetStatement, int]:
    """State the onset as recalled and rounded, not after the first visit; give the true one since its first day."""
    onset = _ANY_YEAR + timedelta(days=int(rng.integers(round(DAYS_PER_YEAR))))
    error = round(rng.normal(0, habits.value("recall_sd_days")))
    recalled = onset + timedelta(days=min(error, first_visit))
    kind = rng.random()
    whole, rounded = habits.value("whole_month_share"), habits.value("rounded_day_share")
    if kind < whole:
        month = PartialDate.parse(f"{recalled:%Y-%m}")
        return OnsetStatement((month.last - month.first).days), (onset - month.first).days
    if kind >= whole + rounded:
        return OnsetStatement(0), (onset - recalled).days
    about = bool(rng.random() < habits.value("said_about_share"))
    return OnsetStatement(0, about=about), (onset - _rounded(recalled)).days


def _rounded(day: date) -> date:
    """Give the nearest start or middle of a month."""
    month = PartialDate.parse(f"{day:%Y-%m}")
    following = month.last + timedelta(days=1)
    return min((month.first, month.middle, following), key=lambda offered: abs((offered - day).days))
