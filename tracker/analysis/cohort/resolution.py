"""Between which two days the pain of an episode was over for good, as far as visits can tell.

Over for good, so far as was seen: at or below the edition's resolution level (``resolved_nrs``, of a VAS ten
millimetres a point) at a visit and at every later one. So it lies after the last visit above that level, and not after
the next one. Days count from onset, which is itself a span: the interval is as wide as visits and both spans make it.
Where the last visit is above the level, the end was not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from tracker.clinical.record import PainScore
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import Instrument
from tracker.dates import PartialDate

MM_PER_POINT = 10


@dataclass(frozen=True, slots=True)
class ResolutionTime:
    """Days from onset: over in ``(lower, upper]``; `upper` is infinite where the end was not seen.

    `n_confirming` is how many visits at or below the level there were, 1 where only the last one is.
    """

    lower: float
    upper: float
    n_confirming: int

    def state(self, day: float) -> str:
        """Say what is known of a day: `OVER`, `NOT_OVER`, `BETWEEN` two visits, or `NOT_SEEN` any more."""
        if self.upper <= day:
            return OVER
        if self.lower >= day:
            return NOT_OVER
        return NOT_SEEN if self.upper == inf else BETWEEN


OVER, NOT_OVER, BETWEEN, NOT_SEEN = "over", "not over", "between two visits", "not seen any more"


def in_points(score: PainScore) -> float:
    """Give a score that is there on the scale of the numeric rating, points 0 to 10."""
    value = 0 if score.score is None else score.score
    return value / MM_PER_POINT if score.instrument is Instrument.VAS else float(value)


def resolution_time(scores: Sequence[PainScore], onset: PartialDate, edition: Edition) -> ResolutionTime | None:
    """Say when an episode was over.

    Parameters
    ----------
    scores : sequence of PainScore
        Those that a fit reads, in any order; missing ones are passed over.
    onset : PartialDate
        Of the episode.
    edition : Edition
        For the level, and the width of a date said to be about a day.

    Returns
    -------
    ResolutionTime or None
        None without a score, and where all lie before any possible onset.
    """
    level = edition.value("resolved_nrs")
    visits: dict[PartialDate, float] = {}
    for score in scores:
        if score.score is not None:
            visits[score.visit_date] = max(in_points(score), visits.get(score.visit_date, 0.0))
    in_time = sorted(visits.items(), key=lambda item: (item[0].middle, item[0]))
    above = [place for place, (_, value) in enumerate(in_time) if value > level]
    following = above[-1] + 1 if above else 0
    first_onset, last_onset = possible_days(onset, edition)
    upper = inf
    if following < len(in_time):
        upper = float((possible_days(in_time[following][0], edition)[1] - first_onset).days)
    lower = 0.0
    if above:
        lower = float((possible_days(in_time[above[-1]][0], edition)[0] - last_onset).days)
    if not in_time or upper <= 0:
        return None
    return ResolutionTime(min(max(lower, 0.0), upper - 1), upper, len(in_time) - following)


def possible_days(stated: PartialDate, edition: Edition) -> tuple[date, date]:
    """Give the first and last possible day of a date; about a day is a week or so either way, as the edition says."""
    if stated.precision != "about":
        return stated.first, stated.last
    around = timedelta(days=edition.value("about_date_half_width_days"))
    return stated.first - around, stated.last + around
