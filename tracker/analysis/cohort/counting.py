"""Tables of counts of the described patients, all of one population, so that they are protected together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tracker.analysis.cohort.bones import bone_tables
from tracker.analysis.cohort.choice import DESCRIBED, Choosing, LeftOut
from tracker.analysis.cohort.members import (
    ANALYSED,
    BONE_EXAMINED,
    FURTHER_SITE,
    SCORED,
    SEX,
    VITAMIN_D,
    Member,
    yes_no,
)
from tracker.analysis.cohort.moves import AREAS
from tracker.analysis.cohort.resolution import BETWEEN, NOT_OVER, NOT_SEEN, OVER, ResolutionTime
from tracker.analysis.disclosure.tables import NO, YES, Cell, CountTable, Level, Relation, Variable
from tracker.analysis.site_migration.distance import Distance
from tracker.clinical.vitamin_d import VitaminDStatus
from tracker.dates import DAYS_PER_MONTH

PATIENTS = "patients"
RECORDED = "recorded patients"
FLOW = Variable("flow", (DESCRIBED, *LeftOut))
MONTHS = (3, 6, 9, 12)
"""Months since onset at which the table of resolution is given."""
NOT_KNOWN = "between two visits or no longer seen"
STATES = (OVER, NOT_OVER, NOT_KNOWN)
_STATE_OF = {OVER: OVER, NOT_OVER: NOT_OVER, BETWEEN: NOT_KNOWN, NOT_SEEN: NOT_KNOWN}
_SPANS = tuple(f"months {first} to {last}" for first, last in pairwise((0, *MONTHS)))
OVER_BY = Variable("known to be over from", (*_SPANS, "later", "not seen"))
LASTED = Variable("known to last until", (*_SPANS, "later"))
RESTS_ON = Variable("the end of pain rests on", ("one visit", "several visits", "not seen"))


def flow_table(choosing: Choosing) -> CountTable:
    """Count everybody recorded by whether he is described, or why not."""
    counts = [[len(choosing.chosen)], *([choosing.left_out[reason]] for reason in LeftOut)]
    return CountTable("flow", RECORDED, FLOW, counts)


def flow_relation(flow: CountTable) -> Relation:
    """Say that those described are all patients of the other tables."""
    return Relation(Cell(PATIENTS), (flow.row(DESCRIBED),))


def count(
    variable: Variable,
    levels: Sequence[str],
    members: Sequence[Member],
    group: Variable | None = None,
    *,
    within: tuple[Level, ...] = (),
) -> CountTable:
    """Count members by their levels of a variable, and of a group beside it where there is one that differs.

    `within` names the levels that all these members have: tables of the same part share their total.
    """
    if group is None or group.name == variable.name:
        found = Counter(levels)
        counts = [[found[level]] for level in variable.levels]
        return CountTable(variable.name, PATIENTS, variable, counts, within=within)
    pairs = Counter(zip(levels, (member.levels[group.name] for member in members), strict=True))
    counts = [[pairs[row, column] for column in group.levels] for row in variable.levels]
    return CountTable(variable.name, PATIENTS, variable, counts, group, within=within)


def having(variable: Variable, level: str, members: Sequence[Member]) -> list[Member]:
    """Keep the members of a level."""
    return [member for member in members if member.levels[variable.name] == level]


def state_variable(months: int) -> Variable:
    """Name the variable of what is known of the pain so many months after the onset."""
    return Variable(f"pain {months} months after the onset", STATES)


def known_state(time: ResolutionTime, months: int) -> str:
    """Say what is known of the pain so many months after the onset; one of `STATES`."""
    return _STATE_OF[time.state(months * DAYS_PER_MONTH)]


def resolution_tables(members: Sequence[Member], group: Variable | None) -> tuple[list[CountTable], list[Relation]]:
    """Count what is known of the end of pain at each of `MONTHS`, and the sums that tie the months together.

    Parameters
    ----------
    members : sequence of Member
        All of them; those of whom nothing tells are counted as such.
    group : Variable or None
        What patients are divided by.
    """
    part = ((SCORED.name, YES), (ANALYSED.name, YES))
    known = [(member, member.resolution) for member in members if member.resolution is not None]
    inside = [member for member, _ in known]
    over = [[time.state(months * DAYS_PER_MONTH) for months in MONTHS] for _, time in known]
    by_end = count(
        OVER_BY, [_over_by(row, time) for row, (_, time) in zip(over, known, strict=True)], inside, group, within=part
    )
    by_pain = count(LASTED, [_lasted_until(row) for row in over], inside, group, within=part)
    tables, relations = [by_end, by_pain], list[Relation]()
    for place, months in enumerate(MONTHS):
        states = [_STATE_OF[row[place]] for row in over]
        table = count(state_variable(months), states, inside, group, within=part)
        tables.append(table)
        relations += _cumulated(table, OVER, by_end, OVER_BY.levels[: place + 1])
        relations += _cumulated(table, NOT_OVER, by_pain, LASTED.levels[place + 1 :])
    rests_on = count(RESTS_ON, [_rests_on(time) for _, time in known], inside, within=part)
    relations.append(Relation(rests_on.row(RESTS_ON.levels[-1]), (by_end.row(OVER_BY.levels[-1]),)))
    return [*tables, rests_on], relations


def _over_by(states: Sequence[str], time: ResolutionTime) -> str:
    if OVER in states:
        return OVER_BY.levels[states.index(OVER)]
    return OVER_BY.levels[-1 if time.n_confirming == 0 else -2]


def _lasted_until(states: Sequence[str]) -> str:
    return LASTED.levels[sum(state == NOT_OVER for state in states)]


def _cumulated(whole: CountTable, state: str, parts: CountTable, levels: Sequence[str]) -> list[Relation]:
    """Tie a state at a time to the spans before it, or after it, of all patients and of each group."""
    columns = (None,) if whole.columns is None else (None, *whole.columns.levels)
    if whole.columns is None:
        return [Relation(whole.row(state), tuple(parts.row(level) for level in levels))]
    return [
        Relation(
            whole.row(state) if column is None else whole.cell(state, column),
            tuple(parts.row(level) if column is None else parts.cell(level, column) for level in levels),
        )
        for column in columns
    ]


def _rests_on(time: ResolutionTime) -> str:
    once, several, not_seen = RESTS_ON.levels
    if time.n_confirming == 0:
        return not_seen
    return once if time.n_confirming == 1 else several


SEX_STATED = ("sex stated", "female or male")
VITAMIN_D_DECIDED = ("vitamin D near the onset decided", YES)


def stated_wholes() -> tuple[Relation, ...]:
    """Sum the levels that published shares are of: who is female or male, and whose vitamin D has a class."""
    sexes = tuple(Cell(PATIENTS).within((SEX.name, level)) for level in SEX.levels[:2])
    decided = (VitaminDStatus.DEFICIENT, VitaminDStatus.INSUFFICIENT, VitaminDStatus.SUFFICIENT)
    classes = tuple(Cell(PATIENTS).within((VITAMIN_D.name, status)) for status in decided)
    return (
        Relation(Cell(PATIENTS).within(SEX_STATED), sexes, shows_whole=True),
        Relation(Cell(PATIENTS).within(VITAMIN_D_DECIDED), classes, shows_whole=True),
    )


def member_bones(members: Sequence[Member]) -> tuple[list[CountTable], list[Relation]]:
    """Count edema of each bone among those of whom some bone was examined."""
    examined = having(BONE_EXAMINED, YES, members)
    return bone_tables([member.bones for member in examined], population=PATIENTS, within=((BONE_EXAMINED.name, YES),))


def move_variable(from_area: str, to_area: str) -> Variable:
    """Name the variable of a later start from one area to another."""
    return Variable(f"from {from_area} to {to_area}", (YES, NO))


def distance_variable(apart: Distance) -> Variable:
    """Name the variable of a later start so far away."""
    return Variable(f"later site: {apart}", (YES, NO))


def move_tables(members: Sequence[Member]) -> list[CountTable]:
    """Count who had a later start from each area to each, and how far away, among those who had any."""
    moved = having(FURTHER_SITE, FURTHER_SITE.levels[1], members)
    part = ((FURTHER_SITE.name, FURTHER_SITE.levels[1]),)
    areas = [{(move.from_area, move.to_area) for move in member.moves} for member in moved]
    apart = [{move.distance for move in member.moves} for member in moved]
    return [
        *(
            count(move_variable(one, other), [yes_no((one, other) in found) for found in areas], moved, within=part)
            for one in AREAS
            for other in AREAS
        ),
        *(
            count(distance_variable(far), [yes_no(far in found) for found in apart], moved, within=part)
            for far in Distance
            if far is not Distance.SAME_PLACE
        ),
    ]
