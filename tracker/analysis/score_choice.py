"""Which of an episode's scores are fitted, by a declared rule, and the sentence that says so.

A fit reads one aspect with one instrument: scores of pain at rest and on loading, or of two scales, are
not one course. The rule, in this order:

1. a series with enough days for a fit before one without;
2. overall pain, then pain on loading; pain at rest and at night runs lower and is never read against the expected
   course, which is of overall pain;
3. the instrument with more scores, the numeric rating scale where both have as many.

At each visit the score of the episode's own site counts, otherwise the highest of the
sites that are part of it. Several scores on one day are one reading: n of them count 1/n each, whatever their order,
and all are shown (why, is said in `scoring`). A visit known only
to a span of days counts on the middle one while that is no vaguer than a
recalled onset (standard deviation of the span, length / sqrt(12), up to the recall error): a month
does, a year does not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from tracker.clinical.record import Episode, PainScore
from tracker.clinical.reference import Edition
from tracker.clinical.sites import site_label
from tracker.clinical.vocabulary import Aspect, Instrument

_ASPECTS = {Aspect.OVERALL: "overall pain", Aspect.LOAD: "pain on loading"}
_ASPECT_ORDER = tuple(_ASPECTS)
_INSTRUMENT_ORDER = (Instrument.NRS, Instrument.VAS)
_UNIFORM_SPAN_PER_SD = sqrt(12)


@dataclass(frozen=True, slots=True)
class ScoreChoice:
    """The scores to fit, one per visit, and in words how they were chosen."""

    scores: tuple[PainScore, ...]
    sentence: str


def choose_scores(episode: Episode, claimed: tuple[PainScore, ...], edition: Edition) -> ScoreChoice:
    """Choose the scores of one episode that a fit reads.

    Parameters
    ----------
    episode : Episode
        Its site decides which score of a visit counts.
    claimed : tuple of PainScore
        Every score the episode claims; missing ones are never chosen.
    edition : Edition
        For the least number of days and the recall error.
    """
    given = [score for score in claimed if score.score is not None]
    dated = [score for score in given if is_dated(score, edition)]
    series = [_per_visit(episode, dated, aspect, instrument) for aspect in _ASPECTS for instrument in Instrument]
    offered = [scores for scores in series if scores]
    if not offered:
        return ScoreChoice((), _sentence_without(given, dated))
    needed = int(edition.value("minimum_fit_days"))
    chosen = offered[0] if len(offered) == 1 else min(offered, key=lambda scores: _rank(scores, needed))
    return ScoreChoice(chosen, _sentence(episode, chosen, given, dated))


def is_dated(score: PainScore, edition: Edition) -> bool:
    """Say whether the day of a score is known well enough to be read."""
    span_days = score.visit_date.span_days
    return span_days == 0 or span_days / _UNIFORM_SPAN_PER_SD <= edition.value("onset_recall_sd_days")


def _per_visit(
    episode: Episode, scores: list[PainScore], aspect: Aspect, instrument: Instrument
) -> tuple[PainScore, ...]:
    """Give one score per visit of one aspect and instrument, in the order of the visits."""
    best: dict[int, PainScore] = {}
    for score in scores:
        if score.aspect is aspect and score.instrument is instrument:
            held = best.get(score.visit_id)
            if held is None or _weight(episode, score) > _weight(episode, held):
                best[score.visit_id] = score
    return tuple(best.values())


def _weight(episode: Episode, score: PainScore) -> tuple[bool, int]:
    return score.site == episode.site, -1 if score.score is None else score.score


def _rank(scores: tuple[PainScore, ...], needed: int) -> tuple[bool, int, int, int]:
    days = {score.visit_date.middle for score in scores}
    aspect, instrument = scores[0].aspect, scores[0].instrument
    return len(days) < needed, _ASPECT_ORDER.index(aspect), -len(scores), _INSTRUMENT_ORDER.index(instrument)


def _sentence_without(given: list[PainScore], dated: list[PainScore]) -> str:
    if not given:
        return "No pain score to read."
    if dated:
        return "No score of overall pain or of pain on loading to read; pain at rest and at night is not read."
    return f"No pain score to read: {_too_vague(len(given))}"


def _sentence(episode: Episode, chosen: tuple[PainScore, ...], given: list[PainScore], dated: list[PainScore]) -> str:
    """Say what was read, how a visit's score was found, and what was left out."""
    series = f"{chosen[0].instrument.upper()} of {_ASPECTS[chosen[0].aspect]}"
    said = [f"Read: {_counted(len(chosen), 'score')}, {series}."]
    if any(score.site != episode.site for score in chosen):
        said.append(
            f"Where a visit has none of the {site_label(episode.site)} itself, the highest of its parts counts."
        )
    days = Counter(score.visit_date.middle for score in chosen)
    repeated = sum(count > 1 for count in days.values())
    if repeated:
        said.append(f"{_counted(repeated, 'day')} with several scores: those of one day count as one reading together.")
    placed = len({score.visit_id for score in chosen if score.visit_date.span_days})
    if placed:
        said.append(f"{_counted(placed, 'visit')} without an exact day counted on the middle possible day.")
    other = len(dated) - len(chosen)
    if other:
        said.append(f"Not read: {_counted(other, 'score')} of another aspect, instrument or place.")
    if len(given) > len(dated):
        said.append(f"Not read: {_too_vague(len(given) - len(dated))}")
    return " ".join(said)


def _too_vague(count: int) -> str:
    return f"{_counted(count, 'score')} of a visit whose day is too vague."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
