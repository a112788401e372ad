"""The further tables of a cohort's page: pain and phases by month, forecasts, flags, learned numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.cohort.shown import ShownCell, ShownRow, ShownTable, count_cell, quartile_cell, share_cell, words
from reports.cohort.tables import EVERYBODY, IS_READ, Telling
from reports.learned_numbers import learned_row
from reports.sentences import number
from tracker.analysis.cohort.fits import Quartiles
from tracker.analysis.cohort.forecasts import (
    COVERAGE,
    HAS_FORECAST,
    INSIDE,
    IS_SCORED,
    OPEN,
    OUTSIDE,
    coverage_variable,
)
from tracker.analysis.cohort.raised import RAISED, raised_variable
from tracker.analysis.cohort.windows import PHASE_MONTHS, PHASES, WINDOWS, phase_variable, window_variable
from tracker.analysis.disclosure.tables import YES
from tracker.analysis.results import LevelBand
from tracker.clinical.learned import LearnedNumber
from tracker.dates import DAYS_PER_MONTH

BAND_MONTHS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 18)


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


def bands_table(telling: Telling, cited: LevelBand, learned: LevelBand | None) -> ShownTable:
    """Give the cited and the learned course at some months; without a learned one the notes say so."""
    rows = []
    for month in BAND_MONTHS if learned is not None else ():
        cells = [cell for band in (cited, learned) if band is not None for cell in _band_cells(band, month)]
        rows.append(ShownRow(str(month), tuple(cells)))
    columns = tuple(telling.say(f"bands_column_{place}") for place in range(7))
    least = f"{telling.edition.value('learning_least_episodes'):g}"
    note = telling.say("bands_note") if learned is not None else telling.say("bands_none", least=least)
    return ShownTable("bands", telling.say("bands_title"), columns, tuple(rows), (note,))


def _band_cells(band: LevelBand, month: int) -> tuple[ShownCell, ...]:
    """Give a band at the drawn day nearest to a month: median, 80 % and 95 % of courses."""
    place = min(range(len(band.day)), key=lambda at: abs(band.day[at] - month * DAYS_PER_MONTH))
    median, low95, high95 = (round(values[place], 1) for values in (band.median, band.low95, band.high95))
    return (
        ShownCell(number(median, 1), {"median": median}),
        words(f"{number(band.low80[place], 1)} to {number(band.high80[place], 1)}"),
        ShownCell(f"{number(low95, 1)} to {number(high95, 1)}", {"low95": low95, "high95": high95}),
    )
