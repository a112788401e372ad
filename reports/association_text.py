"""The association of vitamin D with the length of the course, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from reports.sentences import Sentences, number
from tracker.analysis.results import InsufficientData
from tracker.analysis.vitamin_d.association import NG_ML_PER_UNIT, LengthRatio, VitaminDAssociation
from tracker.analysis.vitamin_d.cohort import LeftOut


def association_sentences(
    answer: VitaminDAssociation | InsufficientData,
    left_out: Mapping[LeftOut, int],
    *,
    window_months: float,
    sentences: Sentences,
) -> tuple[str, ...]:
    """Say what was found, what it rests on, and what it is not."""
    if isinstance(answer, InsufficientData):
        found = [sentences.say("association", "insufficient", reason=answer.reason, needs=answer.needs)]
    else:
        found = [
            sentences.say(
                "association",
                "estimate",
                count=answer.n_episodes,
                unit=f"{NG_ML_PER_UNIT:g}",
                found=_ratio(answer.as_measured, sentences),
                adjusted=_ratio(answer.without_season, sentences),
            ),
            sentences.say("association", "not_cause"),
            sentences.say(
                "association",
                "rests_on",
                window=f"{window_months:g}",
                lowest=number(answer.lowest_ng_ml),
                median=number(answer.median_ng_ml),
                highest=number(answer.highest_ng_ml),
            ),
        ]
    if left_out:
        reasons = ", ".join(
            f"{sentences.word('left_out', reason)} ({left_out[reason]})" for reason in LeftOut if reason in left_out
        )
        found.append(sentences.say("association", "left_out", count=sum(left_out.values()), reasons=reasons))
    return tuple(found)


def _ratio(ratio: LengthRatio, sentences: Sentences) -> str:
    return sentences.say(
        "association",
        "ratio",
        estimate=_change(ratio.estimate, sentences),
        low=_change(ratio.low95, sentences),
        high=_change(ratio.high95, sentences),
    )


def _change(ratio: float, sentences: Sentences) -> str:
    name = "longer" if ratio >= 1 else "shorter"
    return sentences.say("association", name, percent=number(abs(100 * (ratio - 1)), 0))
