"""The further tables of a cohort's page: pain and phases by month, forecasts, flags, learned numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.cohort.shown import ShownRow, ShownTable, count_cell, quartile_cell, share_cell, words
from reports.cohort.tables import EVERYBODY, IS_READ, Telling
from reports.learned_numbers import learned_row
from tracker.analysis.cohort.fits import Quartiles
from tracker.analysis.cohort.members import YES
from tracker.analysis.cohort.raised import RAISED, raised_variable
from tracker.analysis.cohort.windows import (
    COVERAGE,
    HAS_FORECAST,
    INSIDE,
    IS_SCORED,
    OPEN,
    OUTSIDE,
    PHASE_MONTHS,
    PHASES,
    WINDOWS,
    coverage_variable,
    phase_variable,
    window_variable,
)
from tracker.clinical.learned import LearnedNumber


def pain_table(telling: Telling, pain: Mapping[tuple[int, int], Quartiles | None]) -> ShownTable:
    """Give the pain scored in each window of months: how many patients, and the quartiles of their means."""
    rows = []
    for window in WINDOWS:
        scored = EVERYBODY.within(*IS_SCORED, (window_variable(window).name, YES))
        cells = (count_cell(telling.release, scored), quartile_cell(telling.release, pain[window], scored, decimals=1))
        rows.append(ShownRow(telling.say("window", first=window[0], last=window[1]), cells))
    columns = (telling.say("months_since_onset"), telling.say("patients"), telling.say("pain_column"))
    return ShownTable("pain", telling.say("pain_title"), columns, tuple(rows), (telling.say("pain_note"),))


def phase_table(telling: Telling) -> ShownTable:
    """Count patients by phase at each month."""
    scored = EVERYBODY.within(*IS_SCORED)
    names = [telling.sentences.word("cohort_phase", phase) for phase in PHASES]
    rows = []
    for month in PHASE_MONTHS:
        cells = [scored.within((phase_variable(month).name, phase)) for phase in PHASES]
        rows.append(ShownRow(str(month), tuple(share_cell(telling.release, cell, scored) for cell in cells)))
    columns = (telling.say("months_since_onset"), *names)
    notes = (telling.say("phase_note_1"), telling.say("phase_note_2"))
    return ShownTable("phases", telling.say("phase_title"), columns, tuple(rows), notes)


def forecast_table(telling: Telling) -> ShownTable:
    """Hold forecasts against what came: how many ends of pain lay inside, outside, or cannot be told."""
    forecast = EVERYBODY.within(*HAS_FORECAST)
    rows = []
    for percent in COVERAGE:
        cells = [forecast.within((coverage_variable(percent).name, where)) for where in (INSIDE, OUTSIDE, OPEN)]
        shares = tuple(share_cell(telling.release, cell, forecast) for cell in cells)
        rows.append(ShownRow(telling.say("forecast_interval", percent=percent), shares))
    columns = tuple(telling.say(f"forecast_column_{place}") for place in range(4))
    notes = tuple(telling.say(f"forecast_note_{place}") for place in range(2))
    return ShownTable("forecasts", telling.say("forecast_title"), columns, tuple(rows), notes)


def flag_table(telling: Telling) -> ShownTable:
    """Count patients by raised flag."""
    rows = tuple(
        ShownRow(
            telling.sentences.word("flag", flag),
            (share_cell(telling.release, EVERYBODY.within((raised_variable(flag).name, YES)), EVERYBODY),),
        )
        for flag in RAISED
    )
    columns = (telling.say("flag"), telling.say("patients"))
    return ShownTable("flags", telling.say("flags_title"), columns, rows, (telling.say("flags_note"),))


def learned_table(telling: Telling, learned: Sequence[LearnedNumber]) -> ShownTable:
    """Set what was learned of these patients beside the cited numbers; without numbers the notes say why."""
    found = [learned_row(one, telling.sentences) for one in learned]
    rows = tuple(
        ShownRow(one.label, tuple(map(words, (one.cited, one.learned, one.interval, one.narrowing, one.remark))))
        for one in found
    )
    least = f"{telling.edition.value('learning_least_episodes'):g}"
    episodes = count_cell(telling.release, EVERYBODY.within(*IS_READ)).text
    notes = (telling.say("learned_note" if learned else "learned_none", least=least, episodes=episodes),)
    columns = tuple(telling.say(f"learned_column_{place}") for place in range(6))
    return ShownTable("learned", telling.say("learned_title"), columns, rows, notes)
