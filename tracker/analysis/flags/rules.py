"""The table of flags: for each, how probable it is at a look, by the posterior alone.

A course flag stands for a class of the course model and is as probable as it. Two are different: a
relapse is flagged once its second rise has probably begun, not because one may come; and
`atypical_unspecified` is for a course that is probably not the expected one while no
single class explains it, or that no class explains at all. `remeasure` is no statement about the course: it
asks to score again before one odd score is believed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.analysis.course_classes import CLASS_NAMES, EXPECTED, RELAPSE
from tracker.analysis.flags.looks import Look

REMEASURE = "remeasure"
ATYPICAL_UNSPECIFIED = "atypical_unspecified"

Probability = Callable[[Look], float]


@dataclass(frozen=True, slots=True)
class FlagRule:
    """One flag.

    `version` changes whenever the same look can give another probability.
    """

    code: str
    version: str
    probability: Probability


def p_expected(look: Look) -> float:
    """Give the probability of the expected course."""
    return look.class_probabilities[CLASS_NAMES.index(EXPECTED)]


def p_unknown(look: Look) -> float:
    """Give the probability that the two newest score days are both no part of any course of the table: at most that."""
    newest = look.odd_scores[-2:]
    return min(newest) if len(look.odd_scores) > len(newest) else 0.0


def p_odd_newest(look: Look) -> float:
    """Give the probability that the newest score is a gross error, unless the one before it is as odd."""
    newest, before = look.odd_scores[-1], look.odd_scores[-2:-1]
    return max(newest - max(before, default=0.0), 0.0)


def p_atypical(look: Look) -> float:
    """Give the probability that the course is not the expected one, or none of the table."""
    return max(1 - p_expected(look), p_unknown(look))


def _class_flag(name: str) -> FlagRule:
    place = CLASS_NAMES.index(name)
    return FlagRule(name, "1", lambda look: look.class_probabilities[place])


CLASS_FLAGS = (
    _class_flag("early_resolution"),
    _class_flag("late_peak"),
    _class_flag("prolonged_plateau"),
    _class_flag("slow_regression"),
    _class_flag("persistent_pain"),
    FlagRule(RELAPSE, "1", lambda look: look.p_relapse_begun),
    _class_flag("fluctuating"),
)
UNSPECIFIED_FLAG = FlagRule(ATYPICAL_UNSPECIFIED, "1", p_atypical)
REMEASURE_FLAG = FlagRule(REMEASURE, "1", p_odd_newest)
FLAG_RULES = (*CLASS_FLAGS, UNSPECIFIED_FLAG, REMEASURE_FLAG)
FLAG_CODES = tuple(rule.code for rule in FLAG_RULES)
