"""Import a tidy table: the plan first, then all of it as one ledger entry, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from tracker.database import lookups
from tracker.database.bulk import BulkDraft
from tracker.database.ledger import Entry, Origin, append
from tracker.database.session import Database
from tracker.errors import ConflictError, InputError
from tracker.exchange.problems import Problems
from tracker.exchange.tidy.reading import TidyTable
from tracker.service.imports.of_episodes import plan_episodes
from tracker.service.imports.of_patients import plan_patients, plan_statements
from tracker.service.imports.of_treatments import plan_treatments
from tracker.service.imports.of_visits import plan_visits
from tracker.service.imports.plan import Plan
from tracker.service.imports.planning import Planner, Watch
from tracker.service.imports.recorded import read_recorded
from tracker.service.patients import DEFAULT_CLINIC
from tracker.service.writing import check_origin


@dataclass(frozen=True, slots=True)
class Taken:
    """How a table is to be taken: whether blanks take back, and whether rejected rows may be left out."""

    blank_clears: bool = False
    skip_rejected: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `entry` is None where there was nothing new."""

    plan: Plan
    entry: Entry | None


def preview_import(
    database: Database, table: TidyTable, *, today: date, taken: Taken | None = None, watch: Watch | None = None
) -> Plan:
    """Say what an import would do; nothing is written.

    Parameters
    ----------
    today : datetime.date
        No visit lies after it.
    taken : Taken, optional
        How blanks are to be taken.
    watch : callable, optional
        Told how many rows of how many are done.
    """
    with database.reading() as connection:
        return _plan(connection, table, today, taken or Taken(), watch)


def import_table(
    database: Database,
    table: TidyTable,
    origin: Origin,
    *,
    taken: Taken | None = None,
    expected: Plan | None = None,
    watch: Watch | None = None,
) -> Imported:
    """Import a table as one ledger entry, which names the file and the hash of its bytes.

    Parameters
    ----------
    taken : Taken, optional
        How blanks and rejected rows are to be taken.
    expected : Plan, optional
        The preview somebody agreed to.
    watch : callable, optional
        Told how many rows of how many are done.

    Raises
    ------
    InputError
        If anything is wrong with a row, unless rejected rows may be left out; or blanks clear and no reason is given.
    ConflictError
        If the record changed since the preview.
    """
    taken = taken or Taken()
    check_origin(origin)
    if taken.blank_clears and origin.reason is None:
        raise InputError("Blanks that take back what is recorded need a reason.", hint="Give it: --why REASON")
    sourced = replace(origin, source_name=table.name, source_sha256=table.sha256)
    with database.writing() as connection:
        plan = _plan(connection, table, origin.recorded_at.date(), taken, watch)
        if plan.problems and not taken.skip_rejected:
            refuse_problems(plan)
        if expected is not None and plan != expected:
            raise ConflictError(
                "Somebody changed the record since this was shown.", hint="Look at it again: run the same command."
            )
        if not plan.steps:
            return Imported(plan, None)
        return Imported(plan, append(connection, _draft(connection, plan), sourced))


def refuse_problems(plan: Plan) -> None:
    """Raise what is wrong with the rejected rows, all of it together (`InputError`)."""
    problems = Problems()
    problems.add(plan.problems)
    problems.refuse()


def _plan(connection: Connection, table: TidyTable, today: date, taken: Taken, watch: Watch | None) -> Plan:
    parts = [
        part
        for part in table.kind.parts
        if taken.blank_clears or part.table == "treatment_dose" or not table.columns.isdisjoint(part.leads)
    ]
    # what patients are is read with their codes
    facts = {part.table: part for part in parts if part.table != "patient_details"}
    recorded = read_recorded(connection, table, facts.values())
    clinic_id = lookups.clinic_id(connection, DEFAULT_CLINIC)
    while True:
        planner = Planner(table, recorded, today=today, blank_clears=taken.blank_clears, watch=watch)
        _match(planner, clinic_id)
        plan = planner.finish()
        kept = tuple(row for row in table.rows if not planner.is_rejected(row.row))
        if len(kept) == len(table.rows):
            return plan
        # what a rejected row said may have been said by another row too, which now has to bring it
        table = replace(table, rows=kept, problems=plan.problems)


def _match(planner: Planner, clinic_id: int) -> None:
    name = planner.table.kind.name
    if name == "patients":
        plan_patients(planner, clinic_id)
    elif name == "visits":
        plan_visits(planner)
    elif name == "treatments":
        plan_treatments(planner)
    elif name == "episodes":
        plan_episodes(planner)
    else:
        plan_statements(planner)


def _draft(connection: Connection, plan: Plan) -> BulkDraft:
    draft = BulkDraft(connection)
    ids: dict[int, int] = {}
    for name in dict.fromkeys(one.table for one in plan.identities):
        made = [one for one in plan.identities if one.table == name]
        row_ids = draft.identities(name, [one.keys for one in made])
        ids |= {one.number: row_id for one, row_id in zip(made, row_ids, strict=True)}
    for table in dict.fromkeys(step.table for step in plan.steps):
        steps = [step for step in plan.steps if step.table == table]
        draft.retract_many(table, [step.old_row_id for step in steps if step.old_row_id is not None])
        rows = [step.new for step in steps if step.new is not None]
        draft.record_many(table, [_with_ids(row, ids) for row in rows] if ids else rows)
    return draft


def _with_ids(row: Mapping[str, Any], ids: Mapping[int, int]) -> dict[str, Any]:
    """Give a row with the ids of what was made for it: its first column, which says whom it is about."""
    values = dict(row)
    owner = next(iter(values))
    values[owner] = ids.get(values[owner], values[owner])
    return values
