"""Everything that can go wrong, as a tree; each leaf knows its exit code.

    TrackerError                 1  expected failure; nothing was written
    +-- InputError               1  a value that is not allowed
    +-- NotFoundError            3  a patient, site, episode, visit or entry that is not there
    +-- AccessError              4  no permission, read-only, locked, disk full
    +-- ConflictError            5  someone or something else stands in the way
    +-- SchemaError              1  the database belongs to another program version
    +-- DeclinedError            1  the person who was asked said no
    +-- ImageError               1  charts cannot be drawn as images on this machine
    +-- RecordIntegrityError     6  the ledger or the file does not hold

A message says what was wrong with the value quoted and its place, then what is
allowed; `hint` says what to do next. The command line adds whether anything
was changed. Messages shown on the terminal may quote what the person typed;
nothing here is written to a log.
"""

from __future__ import annotations


class TrackerError(Exception):
    """Base of every expected failure.

    Parameters
    ----------
    message : str
        One or two sentences, the offending value quoted.
    hint : str, optional
        What to do next, as a sentence or a command.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message} {self.hint}"


class InputError(TrackerError):
    """A value that is not allowed, or two readings of one value."""


class NotFoundError(TrackerError):
    """Something named does not exist in this database or vocabulary."""

    exit_code = 3


class AccessError(TrackerError):
    """The database cannot be opened or written: permission, lock, space."""

    exit_code = 4


class ConflictError(TrackerError):
    """The record holds something that stands in the way of this change."""

    exit_code = 5


class SchemaError(TrackerError):
    """The database is at a schema revision this program cannot use."""


class DeclinedError(TrackerError):
    """The person at the terminal read the warnings and said no."""


class ImageError(TrackerError):
    """The charts cannot be drawn as images on this machine."""


class RecordIntegrityError(TrackerError):
    """The ledger, or the database file itself, does not hold."""

    exit_code = 6
