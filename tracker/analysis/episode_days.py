"""An episode's dates and scores as days since day 0, the first possible day of its onset."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from tracker.analysis.observations import Observations, OnsetStatement
from tracker.clinical.record import PainScore
from tracker.dates import PartialDate


def onset_statement(onset: PartialDate) -> OnsetStatement:
    """Say how well an onset is known."""
    return OnsetStatement(span_days=onset.span_days, about=onset.precision == "about")


def observations_since(day_zero: date, scores: Iterable[PainScore], *, until: date) -> Observations:
    """Put scores on days since day 0; a vague visit counts on its middle day, or on `until` if that comes first."""
    given = [(score, score.score) for score in scores if score.score is not None]
    return Observations(
        day=np.array([(min(score.visit_date.middle, until) - day_zero).days for score, _ in given], dtype=np.int64),
        score=np.array([value for _, value in given], dtype=np.float64),
        instrument=tuple(score.instrument for score, _ in given),
    )
