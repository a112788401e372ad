"""One use-case, one ledger entry: draft the change, then append it or only show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from tracker.database.ledger import Change, Draft, Entry, Origin, append
from tracker.database.session import Database
from tracker.errors import DeclinedError

Confirm = Callable[[tuple[str, ...]], bool]


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
    build: Callable[[Connection, Draft], None],
    *,
    dry_run: bool = False,
    undoes: int | None = None,
) -> Written:
    """Let `build` draft one entry's changes and append them in one transaction.

    Parameters
    ----------
    build : callable
        Takes the connection and an empty draft, and drafts; it writes nothing itself.
    dry_run : bool
        Draft only: the same checks run, nothing is written.

    Raises
    ------
    TrackerError
        Whatever `build` raises; nothing is written then.
    """
    opened = database.reading() if dry_run else database.writing()
    with opened as connection:
        draft = Draft(connection)
        build(connection, draft)
        entry = None if dry_run else append(connection, draft, origin, undoes=undoes)
        return Written(entry, tuple(draft.changes), origin.warnings)


def with_warnings(origin: Origin, warnings: tuple[str, ...], confirm: Confirm | None) -> Origin:
    """Put soft warnings on the entry's origin, asking once where somebody can answer.

    Raises
    ------
    DeclinedError
        If `confirm` was asked and said no.
    """
    if warnings and confirm is not None and not confirm(warnings):
        raise DeclinedError("Not recorded, as you chose.")
    return replace(origin, warnings=warnings)
