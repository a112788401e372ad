"""Why a score that an episode claims was not read: the rule of `score_choice`, told score by score."""

from __future__ import annotations

from tracker.analysis.results import InsufficientData
from tracker.analysis.score_choice import is_dated
from tracker.analysis.views import EpisodeView
from tracker.clinical.record import PainScore
from tracker.clinical.reference import Edition


def why_left_out(score: PainScore, view: EpisodeView, edition: Edition) -> str | None:
    """Give the reason in words, or None where the fit read the score."""
    if score.row_id in view.fitted_row_ids:
        return None
    if score.score is None:
        reason = "not said why" if score.missing_reason is None else score.missing_reason.value.replace("_", " ")
        return f"missing ({reason})"
    if not is_dated(score, edition):
        return "the day of the visit is too vague"
    if isinstance(view.course, InsufficientData):
        return f"no course could be read: {view.course.reason}"
    read = [one for one in view.scores if one.row_id in view.fitted_row_ids]
    series = {(one.instrument, one.aspect) for one in read}
    if (score.instrument, score.aspect) not in series:
        return "another instrument or aspect than the series that was read"
    return "another score of the same visit counts: that of the site itself, else the highest of its parts"
