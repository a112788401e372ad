"""The tables of a cohort: who is in it, Table 1, time to resolution, courses, and what others published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.cohort.shown import (
    BLANK,
    NOTHING,
    ShownCell,
    ShownRow,
    ShownTable,
    count_cell,
    mean_cell,
    median_cell,
    not_over_cell,
    quartile_cell,
    share_cell,
    words,
)
from reports.sentences import Sentences, capitalized, number
from tracker.analysis.cohort.choice import DESCRIBED, LeftOut
from tracker.analysis.cohort.counting import FLOW, MONTHS, PATIENTS, RECORDED, RESTS_ON, STATES, state_variable
from tracker.analysis.cohort.members import ANALYSED, NOT_SCORED, READ, READING, SCORED
from tracker.analysis.cohort.summary import NUMBERS, TABLE_ONE, CohortSummary, Group
from tracker.analysis.disclosure.release import Release
from tracker.analysis.disclosure.tables import NO, YES, Cell, Level, Variable
from tracker.clinical.reference import Edition

EVERYBODY = Cell(PATIENTS)
IS_SCORED: Level = (SCORED.name, YES)
IS_ANALYSED = (IS_SCORED, (ANALYSED.name, YES))
IS_READ = (IS_SCORED, (READING.name, READ))
_DECIMALS = {"age_years": 0, "first_pain": 1, "peak_nrs": 1}


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """What every table is made from: the summary, what of it may be shown, the words, and the edition read by."""

    summary: CohortSummary
    release: Release
    sentences: Sentences
    edition: Edition

    def say(self, name: str, **values: object) -> str:
        """Fill a sentence about cohorts."""
        return self.sentences.say("cohort", name, **values)

    def group_name(self, group: Group) -> str:
        """Name a group."""
        return self.say("everybody") if group is None else group


def flow_table(telling: Telling) -> ShownTable:
    """Say who was recorded, who is described and who is not, and who of those tells what."""
    release, say = telling.release, telling.say
    recorded = Cell(RECORDED)
    rows = [ShownRow(say("flow_recorded"), (count_cell(release, recorded),))]
    rows += [
        ShownRow(say("flow_left_out", reason=reason), (count_cell(release, recorded.within((FLOW.name, reason))),), 1)
        for reason in LeftOut
    ]
    rows.append(ShownRow(say("flow_described"), (count_cell(release, recorded.within((FLOW.name, DESCRIBED))),)))
    not_scored = [((SCORED.name, NO), (NOT_SCORED.name, reason)) for reason in NOT_SCORED.levels]
    rows += [_flow_row(telling, say("flow_without", reason=one[1][1]), *one) for one in not_scored]
    rows.append(_flow_row(telling, say("flow_scored"), IS_SCORED, level=0))
    rows.append(_flow_row(telling, say("flow_before_onset"), IS_SCORED, (ANALYSED.name, NO)))
    rows.append(_flow_row(telling, say("flow_analysed"), *IS_ANALYSED, level=0))
    unread = READING.levels[1:]
    rows += [_flow_row(telling, say("flow_unread", reason=one), IS_SCORED, (READING.name, one)) for one in unread]
    rows.append(_flow_row(telling, say("flow_read"), *IS_READ, level=0))
    return ShownTable("flow", say("flow_title"), (say("flow_who"), say("patients")), tuple(rows), (say("flow_note"),))


def _flow_row(telling: Telling, label: str, *levels: Level, level: int = 1) -> ShownRow:
    return ShownRow(label, (count_cell(telling.release, EVERYBODY.within(*levels)),), level)


def table_one(telling: Telling) -> ShownTable:
    """Describe the patients by group, with the number of those whose value is not known in every row."""
    summary, say = telling.summary, telling.say
    groups = summary.groups
    columns = (say("characteristic"), *(telling.group_name(group) for group in groups))
    counts = tuple(count_cell(telling.release, summary.cell(group)) for group in groups)
    rows = [ShownRow(say("patients"), counts)]
    for variable in TABLE_ONE:
        rows.append(ShownRow(capitalized(variable.name), tuple(BLANK for _ in groups)))
        rows += [_level_row(telling, variable, level) for level in variable.levels]
    for name, known in NUMBERS.items():
        rows.append(_number_row(telling, name, known))
        cells = tuple(_known_cell(telling, group, known) for group in groups)
        rows.append(ShownRow(say("not_known"), cells, 1))
    notes = (say("table_one_note"), say("no_p_values"))
    return ShownTable("table1", say("table_one_title"), columns, tuple(rows), notes)


def _level_row(telling: Telling, variable: Variable, level: str) -> ShownRow:
    summary, release = telling.summary, telling.release
    cells: list[ShownCell] = []
    for group in summary.groups:
        if group is not None and summary.group == variable:
            cells.append(NOTHING)
        else:
            part = summary.cell(group, (variable.name, level))
            cells.append(share_cell(release, part, summary.cell(group)))
    return ShownRow(level, tuple(cells), 1)


def _number_row(telling: Telling, name: str, known: Variable) -> ShownRow:
    summary, release = telling.summary, telling.release
    cells = tuple(
        quartile_cell(
            release,
            summary.numbers[name, group],
            summary.cell(group, (known.name, YES)),
            decimals=_DECIMALS.get(name, 0),
        )
        for group in summary.groups
    )
    return ShownRow(telling.say(name), cells)


def _known_cell(telling: Telling, group: Group, known: Variable) -> ShownCell:
    return count_cell(telling.release, telling.summary.cell(group, (known.name, NO)))


def resolution_table(telling: Telling) -> ShownTable:
    """Say what is known of the end of pain at some months, and who still has pain by the interval-censored estimate."""
    summary, say = telling.summary, telling.say
    rows: list[ShownRow] = []
    for group in summary.groups:
        analysed = summary.cell(group, *IS_ANALYSED)
        rows.append(ShownRow(telling.group_name(group), (count_cell(telling.release, analysed), *[BLANK] * 4)))
        rows += [_resolution_row(telling, group, place, months) for place, months in enumerate(MONTHS)]
    columns = (say("months_since_onset"), say("patients"), *(say(f"state_{n}") for n in range(3)), say("still_in_pain"))
    level = number(telling.edition.value("resolved_nrs"), 0)
    once, several, _ = (EVERYBODY.within(*IS_ANALYSED, (RESTS_ON.name, one)) for one in RESTS_ON.levels)
    notes = (
        say("resolution_note", level=level),
        say("resolution_method"),
        say("resolution_bias"),
        say("resolution_noise"),
        say(
            "resolution_rests_on",
            once=count_cell(telling.release, once).text,
            several=count_cell(telling.release, several).text,
        ),
    )
    return ShownTable("resolution", say("resolution_title"), columns, tuple(rows), notes)


def _resolution_row(telling: Telling, group: Group, place: int, months: int) -> ShownRow:
    summary, release = telling.summary, telling.release
    analysed = summary.cell(group, *IS_ANALYSED)
    variable = state_variable(months).name
    counts = [summary.cell(group, *IS_ANALYSED, (variable, state)) for state in STATES]
    estimates = summary.not_over[group]
    found = estimates[place] if estimates else None
    cells = (BLANK, *(count_cell(release, cell) for cell in counts))
    # of all groups: the shares of the others and of all patients would tell nearly what is hidden of one
    at_the_time = [summary.cell(one, *IS_ANALYSED, (variable, state)) for one in summary.groups for state in STATES]
    return ShownRow(str(months), (*cells, not_over_cell(release, found, analysed, at_the_time)), 1)


def parameter_table(telling: Telling) -> ShownTable:
    """Give each unknown of the course over the patients, beside the reference, with how much the visits narrowed it."""
    release, say = telling.release, telling.say
    read = EVERYBODY.within(*IS_READ)
    rows = []
    for one in telling.summary.parameters:
        decimals = _DECIMALS.get(one.name, 0)
        ends = (one.reference_low95, one.reference_high95)
        reference = f"{number(one.reference_median, decimals)} ({' to '.join(number(end, decimals) for end in ends)})"
        narrowed = None if one.narrowing is None else 100 * max(one.narrowing, 0.0)
        rows.append(
            ShownRow(
                say(one.name),
                (
                    median_cell(release, one.answers, read, decimals=decimals),
                    quartile_cell(release, one.answers, read, decimals=decimals),
                    words(reference),
                    mean_cell(release, narrowed, read, decimals=0),
                ),
            )
        )
    columns = tuple(say(f"parameter_column_{place}") for place in range(5))
    patients = count_cell(release, read).text
    notes = (say("parameters_note", patients=patients), say("parameters_shrunk"), say("parameters_batch"))
    return ShownTable("parameters", say("parameters_title"), columns, tuple(rows), notes)


def summary_tables(telling: Telling) -> Sequence[ShownTable]:
    """Give every table of the summary but those that compare, in the order they are read."""
    return (flow_table(telling), table_one(telling), resolution_table(telling), parameter_table(telling))
