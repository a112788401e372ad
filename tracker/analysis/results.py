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
    `narrowing` is 1 minus posterior over reference standard deviation: near 0,
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
class CourseFit:
    """The course of one episode, read from its visits up to `as_of_day`.

    Days count from day 0, the first possible day of the stated onset.
    `surprising_days` are visit days whose score more likely is a gross error than
    part of an expected course; where `resembles_expected` is False there are too
    many of them, and the numbers answer a question this patient does not pose.
    """

    as_of_day: int
    n_scores: int
    n_days: int
    phases: Mapping[Phase, float]
    parameters: Mapping[str, Estimate]
    resolution_day: Estimate
    band: LevelBand
    effective_sample_size: float
    surprising_days: tuple[int, ...]
    resembles_expected: bool
    edition: str
    edition_sha256: str
    status: str = "ok"

    @property
    def phase(self) -> Phase:
        """The most probable phase on `as_of_day`."""
        return max(self.phases, key=lambda phase: self.phases[phase])


@dataclass(frozen=True, slots=True)
class InsufficientData:
    """The honest answer where the visits cannot carry one.

    `reason` says what is there, `needs` what would be enough.
    """

    reason: str
    needs: str
    status: str = "insufficient_data"


CourseAnswer = CourseFit | InsufficientData
