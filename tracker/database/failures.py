"""What a database driver complains of, said in words and as the right kind of error.

Known complaints become a `TrackerError`; an unknown one is a fault of this program
and passes through as it is.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from tracker.errors import AccessError, ConflictError, RecordIntegrityError, TrackerError

WAIT_SECONDS = 5
"""How long a command waits for another one that is writing."""

_Words = Callable[[str, str], TrackerError]


@contextmanager
def in_words(place: str) -> Iterator[None]:
    """Turn driver errors raised inside into sentences about the database at `place`."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        complaint = error.orig if isinstance(error, DBAPIError) else error
        known = _find_words(complaint)
        if known is None:
            raise
        raise known(place, _detail(complaint)) from error


def locked(place: str, _detail: str) -> TrackerError:
    """Say that another program holds the database."""
    return AccessError(
        f"Another program is writing to the database '{place}', and did not finish within {WAIT_SECONDS} seconds.",
        hint="Run the command again.",
    )


def _full(place: str, _detail: str) -> TrackerError:
    return AccessError(
        f"There is no room left for the database '{place}': database or disk is full.",
        hint="Free some space on that disk, then run the command again.",
    )


def _read_only(place: str, detail: str) -> TrackerError:
    return AccessError(
        f"The database '{place}' cannot be used: it, or its directory, is read-only ({detail}).",
        hint="Even reading needs two small files beside it: ask to be let write there, or use a copy elsewhere.",
    )


def _takes_no_changes(place: str, detail: str) -> TrackerError:
    return AccessError(
        f"The database '{place}' takes no changes: {detail}.", hint="Write to the main server, not to a copy of it."
    )


def _cannot_open(place: str, detail: str) -> TrackerError:
    return AccessError(
        f"The database '{place}' cannot be opened ({detail}).",
        hint="The file and its directory must both be writable: SQLite keeps two small files beside it.",
    )


def _input_output(place: str, detail: str) -> TrackerError:
    return AccessError(
        f"Reading or writing the database '{place}' failed: {detail}.",
        hint="Check the disk and its free space, then run the command again.",
    )


def _damaged(place: str, detail: str) -> TrackerError:
    return RecordIntegrityError(
        f"'{place}' is not a database, or is damaged ({detail}).",
        hint="Restore the newest backup into a new file, and keep the damaged one.",
    )


def _refused(place: str, detail: str) -> TrackerError:
    return ConflictError(f"The database '{place}' refused the change by its rule {detail}.")


def _not_permitted(place: str, detail: str) -> TrackerError:
    return AccessError(
        f"The database '{place}' does not permit this: {detail}.",
        hint="Check the user name, the password and the rights of that user.",
    )


def _unreachable(place: str, detail: str) -> TrackerError:
    return AccessError(
        f"The database '{place}' cannot be reached: {detail}.",
        hint="Check the address and that the server is running.",
    )


# SQLite names its errors; the part before a further underscore is the kind.
_SQLITE: dict[str, _Words] = {
    "SQLITE_BUSY": locked,
    "SQLITE_LOCKED": locked,
    "SQLITE_FULL": _full,
    "SQLITE_READONLY": _read_only,
    "SQLITE_CANTOPEN": _cannot_open,
    "SQLITE_PERM": _cannot_open,
    "SQLITE_IOERR": _input_output,
    "SQLITE_NOTADB": _damaged,
    "SQLITE_CORRUPT": _damaged,
    "SQLITE_CONSTRAINT": _refused,
}
# PostgreSQL: five-letter codes, of which the first two are the class.
_POSTGRESQL: dict[str, _Words] = {
    "55P03": locked,
    "53100": _full,
    "25006": _takes_no_changes,
    "42501": _not_permitted,
    "28": _not_permitted,
    "3D": _unreachable,
    "08": _unreachable,
    "57": _unreachable,
    "XX": _damaged,
    "23": _refused,
}


def _find_words(error: BaseException | None) -> _Words | None:
    if name := getattr(error, "sqlite_errorname", None):
        return _SQLITE.get("_".join(name.split("_")[:2]))
    if error is None or not hasattr(error, "sqlstate"):
        return None
    code = error.sqlstate
    if code is None:
        return _unreachable
    return _POSTGRESQL.get(code) or _POSTGRESQL.get(code[:2])


def _detail(error: BaseException | None) -> str:
    """Give the one line worth repeating: the name of a rule, or what the driver said."""
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name:
        return f"'{diagnosis.constraint_name}'"
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if rule := re.match(r"(?:CHECK constraint failed: |)(\w+)(?:: .*|)$", said):
        return f"'{rule[1]}'"
    return said
