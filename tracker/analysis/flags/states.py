"""The life of a flag over the looks at a course: suspected, confirmed, cleared.

Suspected once its probability reaches the lower threshold. Confirmed at a later look, if it
stayed suspected until then and its probability reaches the upper threshold. Cleared once it is below
the lower threshold again. A flag that was cleared may be suspected again.

`atypical_unspecified` waits for the others: it is raised only where no class has a flag of its own. `remeasure`
is never confirmed: the next score answers it either way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.analysis.flags.looks import Look
from tracker.analysis.flags.rules import CLASS_FLAGS, FLAG_CODES, FLAG_RULES, REMEASURE, UNSPECIFIED_FLAG
from tracker.clinical.reference import Edition


class FlagState(StrEnum):
    """Where a flag stands."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Probabilities from which a flag is suspected and confirmed."""

    suspected: float
    confirmed: float


@dataclass(frozen=True, slots=True)
class FlagEvent:
    """A flag that came into a state at a look; `day` is the day of the look, since day 0."""

    code: str
    state: FlagState
    day: int
    probability: float


def flag_thresholds(edition: Edition) -> Mapping[str, Threshold]:
    """Take the thresholds of an edition, by flag; none can confirm `remeasure`."""
    confirmed = edition.value("flag_confirmed_probability")
    classes = Threshold(edition.value("flag_suspected_probability"), confirmed)
    return dict.fromkeys(FLAG_CODES, classes) | {
        UNSPECIFIED_FLAG.code: Threshold(edition.value("flag_unspecified_probability"), confirmed),
        REMEASURE: Threshold(edition.value("flag_remeasure_probability"), float("inf")),
    }


def course_of_flags(looks: Iterable[Look], thresholds: Mapping[str, Threshold]) -> tuple[FlagEvent, ...]:
    """Follow every flag over the looks.

    Parameters
    ----------
    looks : iterable of Look
        In time.
    thresholds : mapping of str to Threshold
        By flag code.

    Returns
    -------
    tuple of FlagEvent
        Each change of a state, in time; at one look in the order of the table of flags. What later looks say never
        changes an earlier event.
    """
    standing: dict[str, FlagState] = {}
    events: list[FlagEvent] = []
    for look in looks:
        for code, probability in flag_probabilities(look, thresholds).items():
            state = _next_state(standing.get(code), probability, thresholds[code])
            if state is None:
                continue
            standing[code] = state
            events.append(FlagEvent(code, state, look.day, probability))
    return tuple(events)


def flag_probabilities(look: Look, thresholds: Mapping[str, Threshold]) -> dict[str, float]:
    """Give each flag's probability at a look; 0 for `atypical_unspecified` while a class has a flag of its own."""
    found = {rule.code: rule.probability(look) for rule in FLAG_RULES}
    if any(found[rule.code] >= thresholds[rule.code].suspected for rule in CLASS_FLAGS):
        found[UNSPECIFIED_FLAG.code] = 0.0
    return found


def _next_state(state: FlagState | None, probability: float, threshold: Threshold) -> FlagState | None:
    """Give the state a flag comes into, or None where nothing changes."""
    is_raised = state in (FlagState.SUSPECTED, FlagState.CONFIRMED)
    if not is_raised:
        return FlagState.SUSPECTED if probability >= threshold.suspected else None
    if probability < threshold.suspected:
        return FlagState.CLEARED
    if state is FlagState.SUSPECTED and probability >= threshold.confirmed:
        return FlagState.CONFIRMED
    return None
