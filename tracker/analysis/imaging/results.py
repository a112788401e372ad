"""What a reading of the edema answers: frozen values, in days since day 0 and grades 0-3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.analysis.imaging.visits import EdemaVisit
from tracker.analysis.results import Estimate, InsufficientData
from tracker.clinical.vocabulary import Phase


class Disagreement(StrEnum):
    """Which way MRI and pain disagree."""

    LESS_EDEMA = "less_edema"
    MORE_EDEMA = "more_edema"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class GradeBand:
    """The probability of each grade, had an MRI been made, over days since day 0; every tuple has one entry per day."""

    day: tuple[int, ...]
    none: tuple[float, ...]
    small: tuple[float, ...]
    medium: tuple[float, ...]
    large: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EdemaCourse:
    """What some visits say of the edema on `EdemaReading.as_of_day`.

    `phases` are those of the edema, which follow the pain's by the lag; they sum to 1. `clear_day` is the first day
    from which an MRI is expected to stay clear, over courses that become so within the horizon and without
    relapse; None where those are too improbable. `p_not_clear` is the probability of edema that does
    not go within the horizon; neither it nor that of a relapse is mixed into the day.
    """

    phases: Mapping[Phase, float]
    clear_day: Estimate | None
    p_not_clear: float
    p_relapse: float
    effective_sample_size: float

    @property
    def phase(self) -> Phase:
        """The most probable phase of the edema."""
        return max(self.phases, key=lambda phase: self.phases[phase])


@dataclass(frozen=True, slots=True)
class Conflict:
    """How well the MRI fit what the pain alone had said.

    `p` is the probability, given the pain alone, of grades as improbable as those seen or more so, on the
    `n_days` newest days with an MRI. `disagreement` is None unless `p` is at or below the edition's limit.
    """

    p: float
    n_days: int
    disagreement: Disagreement | None


@dataclass(frozen=True, slots=True)
class JointReading:
    """Pain and MRI read together: `resolution_day` is of the pain, as in `CourseFit`, and `edema` of the MRI.

    `lag_days` is how long the edema stays behind the pain. `pain_clear_day` is when an MRI would be expected
    clear from the pain alone.
    """

    resolution_day: Estimate | None
    lag_days: Estimate
    edema: EdemaCourse
    pain_clear_day: Estimate | None
    conflict: Conflict


@dataclass(frozen=True, slots=True)
class EdemaReading:
    """The edema of one episode: grades by visit, what MRI alone says, and what MRI and pain say together.

    `n_read` visits are read, those with a day. `grades` are those to expect, from the reading that `best` names.
    """

    as_of_day: int | None
    visits: tuple[EdemaVisit, ...]
    n_read: int
    alone: EdemaCourse | InsufficientData
    joint: JointReading | InsufficientData
    grades: GradeBand | None = None
    status: str = "ok"

    @property
    def best(self) -> EdemaCourse | None:
        """What is known of the edema: from both where MRI and pain agree, else from MRI alone if that can be read."""
        alone = self.alone if isinstance(self.alone, EdemaCourse) else None
        if isinstance(self.joint, InsufficientData) or (alone and self.joint.conflict.disagreement):
            return alone
        return self.joint.edema


EdemaAnswer = EdemaReading | InsufficientData

NO_MRI = InsufficientData(
    reason="no MRI has looked for edema at this site",
    needs="an MRI on 2 different days",
)
