"""From readings to the published table: how often, how soon and by which flag, and how good forecasts are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from tracker.analysis.course_classes import CLASS_NAMES, EXPECTED
from tracker.analysis.flags.rules import FLAG_CODES, REMEASURE
from tracker.analysis.flags.states import FlagState, Threshold, course_of_flags
from tracker.analysis.operating.readings import Forecast, Reading
from tracker.analysis.operating.true_courses import KINDS
from tracker.clinical.operating_characteristics import AtypicalityRow, FlagRow, ForecastRow, RaisedRow
from tracker.clinical.reference import Edition

MODEL, CONSTANT, THUMB = "course model", "constant course", "rules of thumb"
EVERY_CLASS = "all seven classes, by their share"
ALL_VISITS = "all"
VISITS = {"3-4": (3, 4), "5-6": (5, 6), "7-9": (7, 9), "10+": (10, inf)}
_QUARTILES = np.array([0.25, 0.5, 0.75])
_FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the flags of one follow-up; `first_day` is that of the first course flag, infinite for none."""

    reading: Reading
    suspected: frozenset[str]
    confirmed: frozenset[str]
    first_day: float


def outcome(reading: Reading, thresholds: Mapping[str, Threshold]) -> Outcome:
    """Follow the flags over the looks of a reading."""
    events = course_of_flags(reading.looks, thresholds)
    suspected = [event for event in events if event.state is FlagState.SUSPECTED]
    return Outcome(
        reading=reading,
        suspected=frozenset(event.code for event in suspected),
        confirmed=frozenset(event.code for event in events if event.state is FlagState.CONFIRMED),
        first_day=min((event.day for event in suspected if event.code != REMEASURE), default=inf),
    )


def flag_rows(outcomes: Sequence[Outcome]) -> tuple[FlagRow, ...]:
    """Give a row per kind, over all visits and per range of visits; ranges without an episode are left out."""
    ranges = {ALL_VISITS: (0.0, inf)} | VISITS
    rows = []
    for kind in KINDS:
        for visits, (low, high) in ranges.items():
            own = [o for o in outcomes if o.reading.kind == kind and low <= o.reading.n_visits <= high]
            if own:
                rows.append(_flag_row(kind, visits, own))
    return tuple(rows)


def _flag_row(kind: str, visits: str, own: Sequence[Outcome]) -> FlagRow:
    atypical, has_flag = kind != EXPECTED, kind in FLAG_CODES
    return FlagRow(
        kind=kind,
        visits=visits,
        n=len(own),
        seen=_share(isfinite(o.reading.first_visit_day) for o in own) if atypical else None,
        suspected=_share(isfinite(o.first_day) for o in own),
        confirmed=_share(bool(o.confirmed) for o in own),
        named=_share(kind in o.suspected for o in own) if has_flag else None,
        remeasure=_share(REMEASURE in o.suspected for o in own),
        delay_days=_quartiles(o.first_day - o.reading.departure_day for o in own),
        delay_from_visit_days=_quartiles(o.first_day - o.reading.first_visit_day for o in own),
    )


def raised_rows(outcomes: Sequence[Outcome]) -> tuple[RaisedRow, ...]:
    """Give per kind the share of episodes in which each flag was ever suspected."""
    rows = []
    for kind in KINDS:
        own = [o for o in outcomes if o.reading.kind == kind]
        if own:
            rows.append(
                RaisedRow(kind, len(own), {code: _share(code in o.suspected for o in own) for code in FLAG_CODES})
            )
    return tuple(rows)


def forecast_rows(readings: Sequence[Reading], cuts: Mapping[str, str]) -> tuple[ForecastRow, ...]:
    """Judge the resolution day of typical courses, by the model and by the constant course on the same episodes.

    Parameters
    ----------
    readings : sequence of Reading
        Any kinds; only typical ones have forecasts.
    cuts : mapping of str to str
        Name to print for each cut of `Reading.forecasts`.
    """
    rows = []
    for cut, name in cuts.items():
        answered = [reading for reading in readings if cut in reading.forecasts]
        rows.append(_forecast_row(name, MODEL, [reading.forecasts[cut] for reading in answered]))
        constant = [reading.constant_forecast for reading in answered if reading.constant_forecast is not None]
        rows.append(_forecast_row(name, CONSTANT, constant))
    return tuple(rows)


def _forecast_row(cut: str, method: str, forecasts: Sequence[Forecast]) -> ForecastRow:
    errors = np.array([forecast.median - forecast.truth for forecast in forecasts])
    return ForecastRow(
        cut=cut,
        method=method,
        n=len(forecasts),
        crps_days=float(np.mean([forecast.crps_days for forecast in forecasts])),
        mae_days=float(np.abs(errors).mean()),
        bias_days=float(errors.mean()),
        coverage=_share(forecast.is_inside for forecast in forecasts),
    )


def atypicality_rows(readings: Sequence[Reading], edition: Edition) -> tuple[AtypicalityRow, ...]:
    """Tell each kind from the expected course by the last look, and all seven classes weighted by their prior share."""
    rows = []
    for method in (MODEL, THUMB):
        typical = _suspicion(readings, EXPECTED, method)
        own = {kind: _suspicion(readings, kind, method) for kind in KINDS if kind != EXPECTED}
        by_kind = [
            AtypicalityRow(kind, method, len(values), auc(typical, values), found(typical, values))
            for kind, values in own.items()
        ]
        weights = np.array([edition.value(f"{name}_share") for name in CLASS_NAMES[1:]])
        weights /= weights.sum()
        classes = [row for row in by_kind if row.kind in CLASS_NAMES]
        total = AtypicalityRow(
            kind=EVERY_CLASS,
            method=method,
            n=sum(row.n or 0 for row in classes),
            auc=float(np.dot(weights, [row.auc for row in classes])),
            found=float(np.dot(weights, [row.found for row in classes])),
        )
        rows += [total, *by_kind]
    return tuple(rows)


def _suspicion(readings: Sequence[Reading], kind: str, method: str) -> NDArray[np.float64]:
    own = [reading for reading in readings if reading.kind == kind]
    return np.array([reading.p_atypical if method == MODEL else float(reading.n_thumb_rules) for reading in own])


def auc(typical: NDArray[np.float64], atypical: NDArray[np.float64]) -> float:
    """Give the probability that an atypical value is above a typical one, ties counting half (Mann and Whitney)."""
    ordered = np.sort(typical)
    below, upto = np.searchsorted(ordered, atypical, "left"), np.searchsorted(ordered, atypical, "right")
    return float(np.mean(below + upto) / 2 / len(typical))


def found(typical: NDArray[np.float64], atypical: NDArray[np.float64]) -> float:
    """Give the share of atypical values found where 5 % of typical ones are; between ties the curve is straight."""
    limits = np.unique(np.concatenate([typical, atypical, [inf]]))[::-1]
    alarms, hits = (1 - np.searchsorted(np.sort(values), limits) / len(values) for values in (typical, atypical))
    return float(np.interp(_FALSE_ALARMS, alarms, hits))


def _share(claims: Iterable[bool]) -> float:
    return float(np.mean(list(claims)))


def _quartiles(days: Iterable[float]) -> tuple[float, float, float] | None:
    """Give the quartiles of the finite ones: a course that is flagged and truly different."""
    finite = [day for day in days if isfinite(day)]
    if not finite:
        return None
    low, middle, high = np.quantile(finite, _QUARTILES).tolist()
    return low, middle, high
