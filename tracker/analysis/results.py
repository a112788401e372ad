"""What a fit answers: frozen values, in days since onset and NRS points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.clinical.vocabulary import Phase


@dataclass(frozen=True, slots=True)
class Estimate:
    """One unknown after the visits, beside what the reference said before them.

    `median`, `low95`, `high95` are posterior quantiles (0.5, 0.025, 0.975) in the
    unit of the parameter; the `reference_` ones are the same before any visit.
    The reference is the expected class alone, the posterior that of all classes.
    `narrowing` is 1 minus posterior over reference spread, spread being the width of the central 80 %,
    so that a small share of atypical courses does not hide what the visits said: near 0,
    the answer is the reference's and not this patient's. It can be below 0.
    """

    median: float
    low95: float
    high95: float
    reference_median: float
    reference_low95: float
    reference_high95: float
    narrowing: float

    def from_reference(self, *, below: float, within: float) -> bool:
        """Whether it is still the reference's answer: hardly narrowed, and hardly moved.

        Visits that contradict the reference can widen an unknown and move it far: that is
        this patient's answer, whatever the narrowing.

        Parameters
        ----------
        below : float
            Narrowing that counts as little.
        within : float
            Move of the median that counts as little, as a share of the width of the reference's 95 % interval.
        """
        width = self.reference_high95 - self.reference_low95
        return self.narrowing < below and abs(self.median - self.reference_median) <= within * width


@dataclass(frozen=True, slots=True)
class LevelBand:
    """Pointwise quantiles of the pain level (NRS points) over days since day 0.

    Each tuple has one entry per day in `day`; `low95`..`high95` are the quantiles
    0.025, 0.1, 0.5, 0.9, 0.975.
    """

    day: tuple[int, ...]
    low95: tuple[float, ...]
    low80: tuple[float, ...]
    median: tuple[float, ...]
    high80: tuple[float, ...]
    high95: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TimeInPhase:
    """How long the most probable phase has lasted, in days: over the courses that are in it."""

    median: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True)
class NextVisit:
    """The first day on which one more score would tell nearly most about the resolution day.

    `narrowing` is by how much the standard deviation of the resolution day is expected to
    shrink, as a share: 1 minus the root of expected over present variance. Courses that do not resolve within the
    horizon count as resolved on it, so that telling them apart counts too.
    """

    day: int
    narrowing: float


@dataclass(frozen=True, slots=True)
class CourseFit:
    """The course of one episode, read from its visits up to `as_of_day`.

    Days count from day 0, the first possible day of the stated onset.
    `class_probabilities` are in the order of the table of classes and sum to 1, as do those of `phases`.
    `resolution_day` is over courses that resolve within the horizon and without relapse, and None where those are too
    improbable to give a day for; `p_relapse` (ahead or seen) and `p_no_resolution` (within
    the horizon) stand beside it and are never mixed into it. `time_in_phase` is None before the onset, and
    `next_visit` where one more score would tell nothing.
    `surprising_days` are visit days whose score more likely is a gross error than
    part of any course of the table; where `resembles_known` is False there are too
    many of them, or the two newest days are among them, and the numbers answer a question this patient does
    not pose. `resembles_expected` says that, besides,
    the atypical classes together are not the more probable ones. `refined` says that courses were drawn anew
    around the heaviest ones, because too few of the library carried the fit.
    """

    as_of_day: int
    n_scores: int
    n_days: int
    class_probabilities: Mapping[str, float]
    phases: Mapping[Phase, float]
    time_in_phase: TimeInPhase | None
    parameters: Mapping[str, Estimate]
    resolution_day: Estimate | None
    p_relapse: float
    p_no_resolution: float
    next_visit: NextVisit | None
    band: LevelBand
    effective_sample_size: float
    refined: bool
    surprising_days: tuple[int, ...]
    resembles_known: bool
    resembles_expected: bool
    edition: str
    edition_sha256: str
    status: str = "ok"

    @property
    def phase(self) -> Phase:
        """The most probable phase on `as_of_day`."""
        return max(self.phases, key=lambda phase: self.phases[phase])

    @property
    def most_likely_class(self) -> str:
        """The most probable class."""
        return max(self.class_probabilities, key=lambda name: self.class_probabilities[name])

    @property
    def p_atypical(self) -> float:
        """The probability of all classes but the expected one."""
        return max(1 - self.class_probabilities["expected"], 0.0)

    @property
    def p_resolved(self) -> float:
        """The probability that the pain is over for good on `as_of_day`."""
        return self.phases[Phase.RESOLVED]


@dataclass(frozen=True, slots=True)
class InsufficientData:
    """The honest answer where the visits cannot carry one.

    `reason` says what is there, `needs` what would be enough.
    """

    reason: str
    needs: str
    status: str = "insufficient_data"


CourseAnswer = CourseFit | InsufficientData
