"""Draft that everything of one patient becomes another's.

Identities belong to their patient for good. So each episode, visit and treatment of the
one gets a new identity of the other, its rows are taken back, and copies of them are
recorded under the new identity, all in one entry: whatever was known before still stands
at its moment, and the entry can be undone as any other. An episode that both have is joined:
what hangs on the one passes to the other's identity, whose own details stay for the caller to better.

Whatever table hangs on a patient or on an identity of one is taken along by the names of
its columns, so that a new kind of fact needs no word here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Table, or_, select
from sqlalchemy.engine import RowMapping

from tracker.database.entries import Draft, from_row
from tracker.database.tables import (
    DETAILS,
    EPISODE,
    EPISODE_DETAILS,
    FACTS_OF_PATIENTS,
    KEYS_OF_CURRENT_ROWS,
    OF_PATIENTS,
    PATIENT_DETAILS,
)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two current rows that one patient cannot have both: same key, other values."""

    table: str
    ours: Mapping[str, object]
    theirs: Mapping[str, object]


@dataclass(slots=True)
class Moved:
    """What a drafted merge did.

    Attributes
    ----------
    numbers : dict
        By identity (`visit`, `episode`, `treatment`), the new number of each old one.
    kept_once : list of (table, values)
        Facts that both patients had alike; the other's row stands for both.
    clashes : list of Clash
        What stands against the merge; nothing of these was drafted.
    """

    numbers: dict[str, dict[int, int]] = field(default_factory=dict)
    kept_once: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def draft_merge(
    connection: Connection, draft: Draft, *, from_id: int, into_id: int, joined: Mapping[int, int]
) -> Moved:
    """Draft that all facts of patient `from_id` pass to `into_id`, its details aside, which are taken back.

    `joined` gives, by an episode of the one, the episode of the other that is the same.
    """
    same = {EPISODE.name: joined}
    moved = Moved(
        {
            identity.name: _renew(connection, draft, identity, (from_id, into_id), same.get(identity.name, {}))
            for identity in OF_PATIENTS
        }
    )
    for table in FACTS_OF_PATIENTS:
        for row in _rows_of(connection, table, from_id, moved.numbers):
            if table is PATIENT_DETAILS or (table is EPISODE_DETAILS and row["episode_id"] in joined):
                draft.retract_row(table.name, row)
            else:
                _move(connection, draft, table, row, _renumbered(row, moved.numbers, into_id), moved)
    return moved


def _renew(
    connection: Connection, draft: Draft, identity: Table, patients: tuple[int, int], same: Mapping[int, int]
) -> dict[int, int]:
    """Draft a new identity of the other patient for each one that is seen and not the same as one of the other's."""
    from_id, into_id = patients
    key, details = f"{identity.name}_id", DETAILS[identity.name]
    query = (
        select(identity.c[key])
        .join(details, details.c[key] == identity.c[key])
        .where(identity.c.patient_id == from_id, details.c.retracted_by.is_(None))
        .order_by(identity.c[key])
    )
    seen = connection.scalars(query).all()
    return {old: same[old] if old in same else draft.identity(identity.name, patient_id=into_id) for old in seen}


def _rows_of(
    connection: Connection, table: Table, from_id: int, numbers: Mapping[str, Mapping[int, int]]
) -> list[RowMapping]:
    """Read the current rows that hang on the patient or on an identity of it, in the order of recording."""
    about: list[ColumnElement[bool]] = [table.c.patient_id == from_id] if "patient_id" in table.c else []
    about += [
        table.c[f"{name}_id"].in_(sorted(renewed)) for name, renewed in numbers.items() if f"{name}_id" in table.c
    ]
    query = select(table).where(or_(*about), table.c.retracted_by.is_(None)).order_by(table.c.row_id)
    return list(connection.execute(query).mappings())


def _renumbered(row: RowMapping, numbers: Mapping[str, Mapping[int, int]], into_id: int) -> dict[str, object]:
    values = dict(row)
    if "patient_id" in values:
        values["patient_id"] = into_id
    for name, renewed in numbers.items():
        old = values.get(f"{name}_id")
        if old is not None:
            values[f"{name}_id"] = renewed[int(old)]
    return values


def _move(
    connection: Connection,
    draft: Draft,
    table: Table,
    row: RowMapping,
    renumbered: Mapping[str, object],
    moved: Moved,
) -> None:
    for held in _held_under_its_key(connection, table, renumbered):
        if from_row(table.name, held) != from_row(table.name, renumbered):
            moved.clashes.append(Clash(table.name, from_row(table.name, row), from_row(table.name, held)))
            return
        moved.kept_once.append((table.name, from_row(table.name, row)))
        draft.retract_row(table.name, row)
        return
    draft.retract_row(table.name, row)
    draft.record_copy(table.name, renumbered)


def _held_under_its_key(connection: Connection, table: Table, renumbered: Mapping[str, object]) -> list[RowMapping]:
    """Read the other patient's current rows that share a key with this one; a new identity has none yet."""
    held: list[RowMapping] = []
    for key in KEYS_OF_CURRENT_ROWS[table.name]:
        if "patient_id" in key:
            same = [table.c[name] == renumbered[name] for name in key]
            query = select(table).where(*same, table.c.retracted_by.is_(None))
            held += connection.execute(query).mappings()
    return held
