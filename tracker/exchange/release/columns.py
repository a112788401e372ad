"""What a column of a release holds, and the columns that one thing of the record becomes.

A partial date is three columns where a release is identified (the text as it was written, its first and its last
possible day), and two where it is not: the day since the patient's day 0, and by how many days it may be off. Free
words and codes of people are columns of an identified release only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tracker.clinical.dictionary import FIELDS

ColumnKind = Literal["text", "word", "integer", "number", "truth", "date"]
"""A ``word`` is a text of few different values, such as a site; a ``date`` one certain day."""


@dataclass(frozen=True, slots=True)
class ReleaseColumn:
    """One column of a table.

    Parameters
    ----------
    name : str
        As in the header.
    kind : str
        What a cell holds; see `ColumnKind`.
    description : str
        What it says.
    unit : str
        Of a number; empty otherwise.
    allowed : tuple of str
        The words it may hold; none where the list is open.
    low, high : float, optional
        What a number lies between.
    """

    name: str
    kind: ColumnKind
    description: str
    unit: str = ""
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ReleaseTable:
    """One table: a row for each thing of one kind. `grain` says of which, `key` what names a row, if anything does."""

    name: str
    grain: str
    columns: tuple[ReleaseColumn, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The header."""
        return tuple(column.name for column in self.columns)


Item = ReleaseColumn | tuple[ReleaseColumn, ...]


class Columns:
    """Makes the columns of a release, identified or not."""

    def __init__(self, *, identified: bool) -> None:
        self.identified = identified

    def of_field(self, field_name: str, *, name: str | None = None) -> ReleaseColumn:
        """Give the column of a field of the data dictionary."""
        field = FIELDS[field_name]
        kinds: dict[str, ColumnKind] = {"integer": "integer", "number": "number", "text": "text"}
        return ReleaseColumn(
            name=name or field_name,
            kind=kinds.get(field.type, "word"),
            description=field.label,
            unit=field.unit or "",
            allowed=field.allowed or (),
            low=field.low if field.type in ("integer", "number") else None,
            high=field.high if field.type in ("integer", "number") else None,
        )

    def date(self, field_name: str, *, name: str | None = None) -> tuple[ReleaseColumn, ...]:
        """Give the columns of a partial date."""
        label, own = FIELDS[field_name].label, name or field_name
        if self.identified:
            return (
                ReleaseColumn(own, "text", f"{label}: as it was written, 2026-03 where the day is not known"),
                ReleaseColumn(f"{own}_first", "date", "first possible day"),
                ReleaseColumn(f"{own}_last", "date", "last possible day"),
            )
        return (
            ReleaseColumn(f"{own}_day", "integer", f"{label}: middle possible day, counted from day 0", "days"),
            ReleaseColumn(f"{own}_off", "integer", "by how many days it may be off, either way", "days"),
        )

    def words(self, field_name: str, *, name: str | None = None) -> tuple[ReleaseColumn, ...]:
        """Give the column of free words, or of who somebody is; none where the release is de-identified."""
        return (self.of_field(field_name, name=name),) if self.identified else ()

    def missing_reason(self, of: str) -> ReleaseColumn:
        """Give the column that says why a value is missing."""
        words = FIELDS["missing_reason"].allowed or ()
        return ReleaseColumn(f"{of}_missing_reason", "word", f"why {of} is missing", allowed=words)

    def of_patient(self) -> tuple[ReleaseColumn, ...]:
        """Give the columns that name the patient."""
        if self.identified:
            return (
                ReleaseColumn("clinic", "word", "code of the clinic"),
                ReleaseColumn("patient", "text", "study code of the patient"),
            )
        return (ReleaseColumn("patient", "text", "id of the patient in this release only"),)

    def key(self, name: str) -> ReleaseColumn:
        """Give the column of the id of an episode, visit or treatment."""
        where = "in the record" if self.identified else "in this release only"
        return ReleaseColumn(name, "text", f"id of the {name} {where}")


def flat(*items: Item) -> tuple[ReleaseColumn, ...]:
    """Give the columns of items in their order."""

    def each() -> Iterator[ReleaseColumn]:
        for item in items:
            yield from item if isinstance(item, tuple) else (item,)

    return tuple(each())
