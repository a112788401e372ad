"""One use-case, one ledger entry: draft the change, then append it or only show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from tracker.clinical.dictionary import check_value
from tracker.database.ledger import Change, Draft, Entry, Origin, append
from tracker.database.session import Database
from tracker.errors import ConflictError, DeclinedError, InputError

Confirm = Callable[[tuple[str, ...]], bool]
_Rows = list[tuple[str, dict[str, object]]]
Build = Callable[[Connection, Draft], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did, or with `dry_run` would do; then `entry` is None.

    `warnings` are the soft checks that spoke, as recorded with the entry.
    """

    entry: Entry | None
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()


def write(
    database: Database,
    origin: Origin,
    build: Build,
    *,
    confirm: Confirm | None = None,
    dry_run: bool = False,
) -> Written:
    """Let `build` draft one entry's changes and append them in one transaction.

    Parameters
    ----------
    build : callable
        Takes the connection and an empty draft, drafts, and gives the soft warnings about
        the draft; it writes nothing itself. With `confirm` it runs twice: a question must not
        hold the write lock, so it is asked about a preview, and what is true in the write
        transaction is what is recorded.
    confirm : callable, optional
        Asked once with the soft warnings, where somebody can answer; without it the change
        is recorded and the warnings go with the entry.
    dry_run : bool
        Draft only: the same checks run, nobody is asked, nothing is written.

    Raises
    ------
    InputError
        If the name or the reason of the origin is not allowed.
    DeclinedError
        If `confirm` said no.
    ConflictError
        If somebody else changed, while it was asked, what this would replace; the difference is named.
    TrackerError
        Whatever `build` raises; nothing is written then.
    """
    check_origin(origin)
    previewed: _Rows | None = None
    if confirm is not None and not dry_run:
        with database.reading() as connection:
            preview = Draft(connection)
            warnings = build(connection, preview)
            previewed = _taken_back(preview)
        if warnings and not confirm(warnings):
            raise DeclinedError("Not recorded, as you chose.")
    opened = database.reading() if dry_run else database.writing()
    with opened as connection:
        draft = Draft(connection)
        warned = replace(origin, warnings=build(connection, draft))
        if previewed is not None:
            _refuse_stale(previewed, _taken_back(draft))
        entry = None if dry_run else append(connection, draft, warned)
        return Written(entry, tuple(draft.changes), warned.warnings)


def _taken_back(draft: Draft) -> _Rows:
    """Give what a draft would replace or take back, by its values: an undo and its undo change row numbers only."""
    return [(change.table, dict(change.values)) for change in draft.changes if change.kind == "retracted"]


def _refuse_stale(seen: _Rows, now: _Rows) -> None:
    """Refuse to replace what the person who was asked never saw."""
    gone, come = [row for row in seen if row not in now], [row for row in now if row not in seen]
    differences = []
    for table, values in gone:
        partner = next((row for row in come if row[0] == table), None)
        if partner is None:
            differences.append(f"{_named(table, values)} is gone")
            continue
        come.remove(partner)
        differing = [name for name in values if values[name] != partner[1][name]]
        changed = ", ".join(f"{name} was {values[name]} and is {partner[1][name]}" for name in differing)
        differences.append(f"{_named(table, values)}: {changed}")
    differences += [f"{_named(table, values)} is new" for table, values in come]
    if differences:
        raise ConflictError(
            f"Somebody else changed meanwhile what this would replace: {'; '.join(differences)}.",
            hint="Look at it again, then repeat the command.",
        )


def _named(table: str, values: Mapping[str, object]) -> str:
    place = values.get("site")
    return table.replace("_", " ") + ("" if place is None else f" at {place}")


def check_named(field: str, value: object, *, said: str) -> None:
    """Refuse a value as `check_value` does, and call the field as the person who typed it knows it."""
    try:
        check_value(field, value)
    except InputError as error:
        raise InputError(error.message.replace(field, said, 1), hint=error.hint) from None


def check_origin(origin: Origin) -> None:
    """Refuse a name or a reason that the ledger may not hold (`InputError`)."""
    check_named("recorded_by", origin.recorded_by, said="The name behind --by")
    if origin.reason is not None:
        check_named("reason", origin.reason, said="The reason behind --why")
