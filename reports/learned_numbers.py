"""An own edition beside the cited one it was learned from: the rows of a table and the sentences around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.sentences import Sentences, number, percent
from tracker.analysis.learning.cohort import LeftOut
from tracker.clinical.learned import LearnedNumber, Learning
from tracker.clinical.reference import Edition


@dataclass(frozen=True, slots=True)
class LearnedRow:
    """One number as it was cited and as it was learned, in words."""

    label: str
    cited: str
    learned: str
    interval: str
    narrowing: str
    remark: str


def own_edition_words(edition: Edition, sentences: Sentences) -> str:
    """Say that a course is read against an own edition; nothing where it is the cited one."""
    learning = edition.learning
    if learning is None:
        return ""
    return sentences.say(
        "course",
        "own_edition",
        own=edition.name,
        episodes=learning.n_episodes,
        as_of=learning.as_of,
        cited=learning.edition,
    )


def learned_rows(learning: Learning, sentences: Sentences) -> tuple[LearnedRow, ...]:
    """Set every learned number beside the cited one."""
    return tuple(learned_row(one, sentences) for one in learning.numbers)


def learned_sentences(learning: Learning, sentences: Sentences, *, least_courses: float) -> tuple[str, ...]:
    """Say what was read, and what the table cannot say."""
    said = [
        sentences.say("learned", "read", episodes=learning.n_episodes, scores=learning.n_scores, as_of=learning.as_of),
        sentences.say(
            "learned",
            "prior",
            cited=learning.edition,
            prior=f"{learning.prior_episodes:g}",
            of_shares=f"{learning.prior_share_episodes:g}",
        ),
        sentences.say("learned", "boundary"),
        sentences.say("learned", "who_came"),
    ]
    if learning.effective_courses < least_courses:
        said.append(sentences.say("learned", "few_courses", courses=f"{learning.effective_courses:.0f}"))
    return tuple(said)


def left_out_sentence(left_out: Mapping[LeftOut, int], sentences: Sentences, *, least_days: float) -> str:
    """Say how many episodes could not be read, and why."""
    if not left_out:
        return sentences.say("learned", "none_left_out")
    reasons = [
        sentences.say("learned", reason.value, count=count, needed=f"{least_days:g}")
        for reason, count in left_out.items()
    ]
    return sentences.say("learned", "left_out", reasons=", ".join(reasons))


def learned_row(one: LearnedNumber, sentences: Sentences) -> LearnedRow:
    """Set one learned number beside the cited one."""
    return LearnedRow(
        label=sentences.word("learned_number", one.name),
        cited=_written(one, one.cited),
        learned=_written(one, one.value),
        interval=f"{_written(one, one.low95)} to {_written(one, one.high95)}",
        narrowing=percent(one.narrowing) if one.narrowing >= 0 else sentences.say("course", "wider"),
        remark=sentences.say("learned", "from_reference") if one.from_reference else "",
    )


def _written(one: LearnedNumber, value: float) -> str:
    if one.unit.startswith("share of"):
        # with a decimal: a rare kind is not a kind that does not exist
        return f"{number(100 * value, 1)} %"
    return number(value, 1 if one.unit == "mm" else 2)
