"""Looks at a course: what the scores up to each visit day said on that day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """What was known on one visit day, the scores of that day included.

    `class_probabilities` are in the order of the table of classes. `p_relapse_begun` is the probability of a
    relapse whose second rise has begun. `odd_scores` gives for each day with a score so far, in time, the
    highest probability that a score of it is a gross error.
    """

    day: int
    class_probabilities: tuple[float, ...]
    p_relapse_begun: float
    odd_scores: tuple[float, ...]
