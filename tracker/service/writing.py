"""One use-case, one ledger entry: draft the change, then append it or only show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from tracker.clinical.dictionary import check_value
from tracker.database.ledger import Change, Draft, Entry, Origin, append
from tracker.database.session import Database
from tracker.errors import DeclinedError

Confirm = Callable[[tuple[str, ...]], bool]
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
    TrackerError
        Whatever `build` raises; nothing is written then.
    """
    check_origin(origin)
    if confirm is not None and not dry_run:
        with database.reading() as connection:
            warnings = build(connection, Draft(connection))
        if warnings and not confirm(warnings):
            raise DeclinedError("Not recorded, as you chose.")
    opened = database.reading() if dry_run else database.writing()
    with opened as connection:
        draft = Draft(connection)
        warned = replace(origin, warnings=build(connection, draft))
        entry = None if dry_run else append(connection, draft, warned)
        return Written(entry, tuple(draft.changes), warned.warnings)


def check_origin(origin: Origin) -> None:
    """Refuse a name or a reason that the ledger may not hold (`InputError`)."""
    check_value("recorded_by", origin.recorded_by)
    if origin.reason is not None:
        check_value("reason", origin.reason)
