"""The table of red flags: code, version and the rule itself; what each says is in `red_flags_v1.toml`.

A radiographic change that is expected but absent is none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.analysis.red_flags import history, images, laboratory
from tracker.analysis.red_flags.readings import Case, Reading


@dataclass(frozen=True, slots=True)
class RedFlagRule:
    """One red flag; `version` changes whenever the same record can give another answer."""

    code: str
    version: str
    read: Callable[[Case], tuple[Reading, ...]]


RED_FLAG_RULES = (
    RedFlagRule("raised_crp", "1", laboratory.raised_crp),
    RedFlagRule("raised_esr", "1", laboratory.raised_esr),
    RedFlagRule("fracture_line", "1", images.fracture_line),
    RedFlagRule("avn_sign", "1", images.avn_sign),
    RedFlagRule("late_edema", "1", images.late_edema),
    RedFlagRule("young_onset", "1", history.young_onset),
    RedFlagRule("budapest_positive", "1", history.budapest_positive),
    RedFlagRule("fever", "1", history.fever),
    RedFlagRule("weight_loss", "1", history.weight_loss),
    RedFlagRule("known_cancer", "1", history.known_cancer),
    RedFlagRule("trauma", "1", history.trauma),
    RedFlagRule("pregnancy_worsening", "1", history.pregnancy_worsening),
    RedFlagRule("osteomalacia_pattern", "1", laboratory.osteomalacia_pattern),
)
RED_FLAG_CODES = tuple(rule.code for rule in RED_FLAG_RULES)
