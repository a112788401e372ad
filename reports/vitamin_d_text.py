"""Vitamin D results in sentences: class, season, and change against the result before."""

from __future__ import annotations

from reports.sentences import Sentences, number, plainly
from tracker.analysis.views import PatientView
from tracker.analysis.vitamin_d.changes import VitaminDChange, VitaminDReading
from tracker.clinical.record import VitaminDResult
from tracker.clinical.vitamin_d import VitaminDClass

_RATIO_DECIMALS = 2
_WORTH_NAMING = 0.05


def vitamin_d_lines(view: PatientView, sentences: Sentences) -> tuple[str, ...]:
    """Say each result of a patient in one line, in time."""
    changes = change_words(view, sentences, form="change")
    return tuple(_line(reading, changes.get(reading.result.row_id, ""), sentences) for reading in view.vitamin_d)


def change_words(view: PatientView, sentences: Sentences, *, form: str) -> dict[int, str]:
    """Say by row id how each result stands against the one before; those without one before are left out.

    `form` is ``change`` for a sentence of its own, ``short`` for a cell of a table.
    """
    dates = {reading.result.row_id: str(reading.result.visit_date) for reading in view.vitamin_d}
    return {
        reading.result.row_id: _change(reading.change, dates[reading.change.earlier_row_id], sentences, form=form)
        for reading in view.vitamin_d
        if reading.change is not None
    }


def reported(result: VitaminDResult, sentences: Sentences) -> str:
    """Write a result as the laboratory did, or why there is none."""
    if result.value is None:
        return sentences.say("vitamin_d", "missing", reason=sentences.missing(result.missing_reason))
    return f"{result.comparator or ''}{plainly(result.value)} {result.unit or ''}".strip()


def class_words(classified: VitaminDClass, sentences: Sentences) -> str:
    """Name the class, or every class that a result known to a limit can be."""
    words = [sentences.word("vitamin_d_class", status) for status in classified.possible]
    joined = sentences.sections["vitamin_d"]["or"].join(words)
    return joined if len(words) == 1 else sentences.say("vitamin_d", "classes_open", classes=joined)


def _line(reading: VitaminDReading, change: str, sentences: Sentences) -> str:
    result, classified = reading.result, reading.classified
    when = result.visit_date.in_words()
    if classified is None:
        reason = sentences.missing(result.missing_reason)
        return sentences.say("vitamin_d", "missing_line", when=when, reason=reason)
    return sentences.say(
        "vitamin_d",
        "line",
        when=when,
        reported=reported(result, sentences),
        classes=class_words(classified, sentences),
        scheme=classified.limits.scheme,
        season=sentences.word("season", reading.season),
        assay=sentences.say("vitamin_d", "assay", assay=result.assay) if result.assay else "",
        change=f"; {change}" if change else "",
    )


def _change(change: VitaminDChange, earlier: str, sentences: Sentences, *, form: str) -> str:
    if change.ratio is None:
        name = f"{form}_{change.change}_limit"
        known = name if name in sentences.sections["vitamin_d"] else f"{form}_{change.change}"
        return sentences.say("vitamin_d", known, earlier=earlier)
    return sentences.say(
        "vitamin_d",
        f"{form}_{change.change}",
        earlier=earlier,
        ratio=number(change.ratio, _RATIO_DECIMALS),
        low=number(change.low_ratio, _RATIO_DECIMALS),
        high=number(change.high_ratio, _RATIO_DECIMALS),
        why=_why(change, sentences),
    )


def _why(change: VitaminDChange, sentences: Sentences) -> str:
    """Name what widens the noise beyond that of two measurements."""
    reasons = []
    if not change.same_assay:
        reasons.append(sentences.say("vitamin_d", "why_assay"))
    if abs(change.season_ratio - 1) > _WORTH_NAMING:
        ratio = number(change.season_ratio, _RATIO_DECIMALS)
        reasons.append(sentences.say("vitamin_d", "why_season", ratio=ratio))
    return sentences.say("vitamin_d", "why", reasons=", ".join(reasons)) if reasons else ""
