"""A cohort summed up: every count as a table of one release, and the numbers that rest on those counts.

Nothing here is shown as it is: what may be shown, is asked of the release (`CohortSummary.released`), which hides
small counts jointly, or of the inner one (`CohortSummary.inner`), which hides nothing and never leaves the clinic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.analysis.cohort import counting
from tracker.analysis.cohort.bones import Place, examined_places
from tracker.analysis.cohort.choice import Choosing, CohortChoice
from tracker.analysis.cohort.counting import MONTHS, PATIENTS
from tracker.analysis.cohort.fits import ParameterSummary, Quartiles, quartiles
from tracker.analysis.cohort.members import (
    AGE_KNOWN,
    ANALYSED,
    BONE_EXAMINED,
    FURTHER_SITE,
    GROUPS,
    MODE,
    MRI,
    NOT_SCORED,
    PLACE,
    READING,
    SCORED,
    SEX,
    SIDE,
    TREATMENT,
    VITAMIN_D,
    Grouping,
    Member,
)
from tracker.analysis.cohort.turnbull import Intervals, ShareNotOver, fit_turnbull, share_not_over
from tracker.analysis.disclosure.policy import Policy
from tracker.analysis.disclosure.release import Release
from tracker.analysis.disclosure.suppression import protect
from tracker.analysis.disclosure.system import system_of
from tracker.analysis.disclosure.tables import NO, YES, Cell, CountTable, Relation, Variable
from tracker.dates import DAYS_PER_MONTH

TABLE_ONE = (SEX, PLACE, SIDE, MODE, VITAMIN_D, MRI, TREATMENT, FURTHER_SITE)
NUMBERS = {
    "age_years": AGE_KNOWN,
    "days_to_first_visit": SCORED,
    "first_pain": SCORED,
    "n_visits": SCORED,
    "days_followed": SCORED,
}
"""Numbers of a patient, each with the variable that says of whom it is known."""

Group = str | None
"""Level of the group, None for all patients."""


@dataclass(frozen=True, slots=True, eq=False)
class CohortSummary:
    """What was counted and estimated of a cohort.

    `numbers` and `not_over` are by level of the group, `None` standing for all patients. `tables` and `relations` are
    everything that is released together.
    """

    choice: CohortChoice
    grouping: Grouping | None
    choosing: Choosing
    members: tuple[Member, ...]
    tables: tuple[CountTable, ...]
    relations: tuple[Relation, ...]
    numbers: Mapping[tuple[str, Group], Quartiles | None]
    not_over: Mapping[Group, tuple[ShareNotOver, ...]]
    parameters: tuple[ParameterSummary, ...]

    @property
    def group(self) -> Variable | None:
        """The variable patients are divided by."""
        return None if self.grouping is None else GROUPS[self.grouping]

    @property
    def groups(self) -> tuple[Group, ...]:
        """All patients, then each level of the group that somebody has: that nobody has a level is no secret."""
        if self.group is None:
            return (None,)
        have = {member.levels[self.group.name] for member in self.members}
        return (None, *(level for level in self.group.levels if level in have))

    def cell(self, group: Group, *levels: tuple[str, str]) -> Cell:
        """Name the patients of a group for whom levels hold."""
        own = () if group is None or self.group is None else ((self.group.name, group),)
        return Cell(PATIENTS).within(*own, *levels)

    @property
    def examined_places(self) -> frozenset[Place]:
        """Bones and sides that somebody's images spoke of: that nobody's did is no secret, a count of 0 being shown."""
        return examined_places(member.bones for member in self.members)

    def released(self, policy: Policy, further: Sequence[CountTable] = (), ties: Sequence[Relation] = ()) -> Release:
        """Hide small counts jointly over all tables, and over further ones, with their sums, that go out with them."""
        return protect([*self.tables, *further], policy, relations=[*self.relations, *ties])

    def inner(self, further: Sequence[CountTable] = (), ties: Sequence[Relation] = ()) -> Release:
        """Give every count as it is, for the clinic's own eyes."""
        tables = [*self.tables, *further]
        system = system_of(tables, [*self.relations, *ties])
        return Release(
            policy=Policy(smallest_shown=2, least_cohort=0, least_for_quantiles=0),
            tables={table.name: table for table in tables},
            counts=dict(system.counts),
            hidden=frozenset(),
            refused=frozenset(),
            shown=frozenset(system.shown),
            relations=system.relations,
        )


def sum_up(
    choosing: Choosing,
    members: tuple[Member, ...],
    parameters: tuple[ParameterSummary, ...],
    *,
    choice: CohortChoice,
    grouping: Grouping | None,
) -> CohortSummary:
    """Count the described patients and estimate the time to resolution.

    Parameters
    ----------
    choosing : Choosing
        Who is described, and who is left out.
    members : tuple of Member
        The described ones, in the same order.
    parameters : tuple of ParameterSummary
        Of the courses that can be read.
    choice, grouping
        What was asked for.
    """
    group = None if grouping is None else GROUPS[grouping]
    flow = counting.flow_table(choosing)
    groups: list[Group] = [None, *(() if group is None else group.levels)]
    tables, relations = _count_tables(members, group)
    return CohortSummary(
        choice=choice,
        grouping=grouping,
        choosing=choosing,
        members=members,
        tables=(flow, *tables),
        relations=(counting.flow_relation(flow), *counting.stated_wholes(), *relations),
        numbers={(name, one): _numbers(_of_group(members, group, one), name) for name in NUMBERS for one in groups},
        not_over={one: _not_over(_of_group(members, group, one)) for one in groups},
        parameters=parameters,
    )


def _of_group(members: Sequence[Member], group: Variable | None, level: Group) -> list[Member]:
    return [one for one in members if group is None or level is None or one.levels[group.name] == level]


def _count_tables(members: Sequence[Member], group: Variable | None) -> tuple[list[CountTable], list[Relation]]:
    count = counting.count
    whole = (*TABLE_ONE, AGE_KNOWN, SCORED, BONE_EXAMINED)
    tables = [count(v, [member.levels[v.name] for member in members], members, group) for v in whole]
    for variable, level in ((READING, YES), (NOT_SCORED, NO)):
        inside = counting.having(SCORED, level, members)
        levels = [member.reading_level for member in inside]
        tables.append(count(variable, levels, inside, group, within=((SCORED.name, level),)))
    scored = counting.having(SCORED, YES, members)
    analysed = [member.levels[ANALYSED.name] for member in scored]
    tables.append(count(ANALYSED, analysed, scored, group, within=((SCORED.name, YES),)))
    times, relations = counting.resolution_tables(members, group)
    bones, of_bones = counting.member_bones(members)
    return [*tables, *times, *bones, *counting.move_tables(members)], [*relations, *of_bones]


def _numbers(members: Sequence[Member], name: str) -> Quartiles | None:
    values = [getattr(member.numbers, name) for member in members]
    return quartiles([value for value in values if value is not None])


def _not_over(members: Sequence[Member]) -> tuple[ShareNotOver, ...]:
    """Estimate who still has pain at each of `MONTHS`; empty of nobody."""
    times = [member.resolution for member in members if member.resolution is not None]
    if not times:
        return ()
    intervals = Intervals.of([time.lower for time in times], [time.upper for time in times])
    best = fit_turnbull(intervals)
    return tuple(share_not_over(intervals, months * DAYS_PER_MONTH, best=best) for months in MONTHS)
