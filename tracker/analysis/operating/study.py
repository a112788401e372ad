"""The whole study: follow-ups drawn, read and put in the tables that are published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tracker.analysis.flags.rules import FLAG_RULES
from tracker.analysis.flags.states import flag_thresholds
from tracker.analysis.operating.follow_ups import draw_follow_ups
from tracker.analysis.operating.measures import (
    atypicality_rows,
    flag_rows,
    forecast_rows,
    outcome,
    raised_rows,
)
from tracker.analysis.operating.quick_looks import LibraryTable
from tracker.analysis.operating.readings import FULL, Reading, read_follow_up
from tracker.clinical.operating_characteristics import OperatingCharacteristics, numbers_sha256
from tracker.clinical.reference import Edition

RULE_VERSIONS = {rule.code: rule.version for rule in FLAG_RULES}


def read_episodes(
    kind: str, n_episodes: int, *, table: LibraryTable, habits: Edition, rng: np.random.Generator
) -> tuple[Reading, ...]:
    """Draw follow-ups of a kind of course and read them."""
    drawn = draw_follow_ups(kind, table.library.edition, habits, n_episodes=n_episodes, rng=rng)
    return tuple(read_follow_up(one, table=table, habits=habits) for one in drawn)


def operating_characteristics(
    readings: Sequence[Reading], *, edition: Edition, habits: Edition, numbers_read: Iterable[str], seed: int
) -> OperatingCharacteristics:
    """Put readings of all kinds in the published tables.

    Parameters
    ----------
    readings : sequence of Reading
        Of every kind.
    edition, habits : Edition
        The numbers courses are read with, and those of the simulation.
    numbers_read : iterable of str
        Names of the edition's numbers that the readings depend on.
    seed : int
        What the readings were drawn with, for the record.
    """
    thresholds = flag_thresholds(edition)
    outcomes = [outcome(reading, thresholds) for reading in readings]
    names = tuple(sorted(set(numbers_read)))
    cuts = {FULL: "full follow-up"}
    cuts |= {name: f"cut at day {habits.value(name):g}" for name in ("cut_middle_days", "cut_early_days")}
    return OperatingCharacteristics(
        edition=edition.name,
        edition_sha256=edition.sha256,
        numbers_read=names,
        numbers_sha256=numbers_sha256(edition, names),
        rule_versions=RULE_VERSIONS,
        simulation=habits.name,
        simulation_sha256=habits.sha256,
        seed=seed,
        flags=flag_rows(outcomes),
        raised=raised_rows(outcomes),
        forecasts=forecast_rows(readings, cuts),
        atypicality=atypicality_rows(readings, edition),
    )
