"""The columns of a table of fits: one row per episode, in this order.

Where a column has no answer for an episode the cell is missing, never 0: `status` and `resolution_status` say
why. Days stand on the clock of the input, lengths count days. `p_relapse`, a second rise ahead or seen, is the
probability of a class and stands among those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tracker.analysis.course_classes import COURSE_CLASSES

ColumnKind = Literal["text", "integer", "number", "truth"]

DAYS = "days"
NRS_POINTS = "NRS points"
PROBABILITY = "probability"
COURSES = "courses"

RESOLUTION_PERCENTS = tuple(range(5, 100, 5))


@dataclass(frozen=True, slots=True)
class FitColumn:
    """One column.

    Parameters
    ----------
    name : str
        As in the header.
    kind : {"text", "integer", "number", "truth"}
        What a cell holds.
    unit : str
        Of a number or integer; empty for text and truth.
    description : str
        What it says, for the reader of the file.
    """

    name: str
    kind: ColumnKind
    unit: str
    description: str


def _estimate(name: str, unit: str, words: str) -> Iterator[FitColumn]:
    yield FitColumn(name, "number", unit, f"{words}: median")
    yield FitColumn(f"{name}_lo95", "number", unit, "lower end of its 95 % interval")
    yield FitColumn(f"{name}_hi95", "number", unit, "upper end of its 95 % interval")


def _probability(name: str, words: str) -> FitColumn:
    return FitColumn(name, "number", PROBABILITY, words)


def _columns() -> Iterator[FitColumn]:
    yield FitColumn("episode_id", "text", "", "as written in the input")
    yield FitColumn("n_visits", "integer", "visits", "visits read: those up to the day looked at")
    yield FitColumn("status", "text", "", "`ok`, or `insufficient_data`: then every column below is empty")
    yield FitColumn("status_reason", "text", "", "what is missing where the data are insufficient")
    for one in COURSE_CLASSES:
        yield _probability(f"p_{one.name}", one.description)
    yield _probability("p_atypical", "any class but `expected`")
    yield FitColumn("most_likely_class", "text", "", "the most probable class, without its `p_`")
    yield from _estimate("onset_day", DAYS, "day of the onset, on the clock of the input")
    yield from _estimate("rise_days", DAYS, "length from onset to plateau")
    yield from _estimate("plateau_days", DAYS, "length of the plateau")
    yield from _estimate("regression_days", DAYS, "length of the regression")
    yield from _estimate("peak_nrs", NRS_POINTS, "pain level on the plateau")
    yield from _estimate(
        "resolution_day",
        DAYS,
        "first day at or below 1 for good, on the clock of the input, over courses that resolve without relapse",
    )
    yield FitColumn(
        "resolution_status",
        "text",
        "",
        "`ok`; `improbable` where too few courses resolve without relapse to give a day for; `insufficient_data`",
    )
    for percent in RESOLUTION_PERCENTS:
        yield FitColumn(f"resolution_q{percent:02}", "number", DAYS, f"{percent} % quantile of the resolution day")
    yield FitColumn("phase", "text", "", "the most probable phase on the day looked at")
    yield _probability("p_resolved", "the pain is over for good on the day looked at")
    yield _probability("p_no_resolution", "no resolution within three years of the onset")
    yield FitColumn("effective_sample_size", "number", COURSES, "equally weighted courses that would say as much")
    yield FitColumn("refined", "truth", "", "whether courses were drawn anew for these scores")
    yield FitColumn("resembles_known", "truth", "", "false where the scores fit no class: then the numbers mean little")


FIT_COLUMNS: tuple[FitColumn, ...] = tuple(_columns())
