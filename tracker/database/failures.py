"""What a database driver complains of, said in words and as the right kind of error.

Every complaint becomes a `TrackerError`; one that nobody foresaw is a fault of this program,
and is named by its code. None shows what the driver raised, and none repeats what a
driver says about values: they are of patients, and a traceback may be sent to anybody.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tracker.errors import AccessError, ConflictError, InputError, RecordIntegrityError, TrackerError

WAIT_SECONDS = 5
"""How long a command waits for another one that is writing."""

_Words = Callable[[str, str], TrackerError]


@contextmanager
def in_words(place: str) -> Iterator[None]:
    """Turn driver errors raised inside into sentences about the database at `place`."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        complaint = error.orig if isinstance(error, DBAPIError) else error
        raise _find_words(complaint)(place, _detail(complaint)) from None
    except OverflowError as error:
        if "SQLite" not in str(error):
            raise
        raise _no_such_value(place, "") from None
    except UnicodeEncodeError as error:
        if error.reason != "surrogates not allowed":
            raise
        raise InputError("A text holds a character that no database can keep.", hint="Type it again.") from None


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
    if os.access(Path(place).parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        return AccessError(
            f"The database '{place}' cannot be written: the file is read-only ({detail}).",
            hint="Reading it works. To write, ask to be let write to the file, or use a copy elsewhere.",
        )
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


def _no_such_value(place: str, _detail: str) -> TrackerError:
    return InputError(
        f"The database '{place}' cannot hold one of the values: it is too large, too long or of another kind.",
        hint="Check the numbers and texts of the command.",
    )


def _unforeseen(place: str, detail: str) -> TrackerError:
    return AccessError(
        f"The database '{place}' failed in a way that nobody foresaw: {detail}.",
        hint="Please report this sentence.",
    )


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
    "SQLITE_TOOBIG": _no_such_value,
    "SQLITE_MISMATCH": _no_such_value,
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
    "22": _no_such_value,
}
# What these say names tables and columns: no statement of this program has a value in its text.
_TELLING = ("SQLITE_ERROR", "42")


def _find_words(error: BaseException | None) -> _Words:
    code = _code(error)
    if code.startswith("SQLITE_"):
        return _SQLITE.get("_".join(code.split("_")[:2]), _unforeseen)
    if code:
        return _POSTGRESQL.get(code) or _POSTGRESQL.get(code[:2]) or _unforeseen
    if type(error).__name__ == "DataError":
        # said by the driver, before the server saw it
        return _no_such_value
    return _unreachable if hasattr(error, "sqlstate") else _unforeseen


def _code(error: BaseException | None) -> str:
    return str(getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or "")


def _detail(error: BaseException | None) -> str:
    """Give the one line worth repeating: the name of a rule, what the driver said, or else a code."""
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name:
        return f"'{diagnosis.constraint_name}'"
    if _find_words(error) is _unforeseen and not _code(error).startswith(_TELLING):
        return f"{type(error).__name__} {_code(error)}".strip()
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if rule := re.match(r"(?:CHECK constraint failed: |)(\w+)(?:: .*|)$", said):
        return f"'{rule[1]}'"
    return said
