"""The columns and rules that the tables of the record are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import IntEnum, StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Item = Column[object] | CheckConstraint | ForeignKeyConstraint | UniqueConstraint


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite, which has no time zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment in UTC as `dialect` stores it."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(name: str, *, nullable: bool = False) -> Column[object]:
    """Make a column of text."""
    return Column(name, Text, nullable=nullable)


def number(name: str, *, nullable: bool = False) -> Column[object]:
    """Make a column of whole numbers."""
    return Column(name, Integer, nullable=nullable)


def key(name: str) -> Column[object]:
    """Make the key of a table."""
    return Column(name, Integer, primary_key=True, autoincrement=False)


def partial_date(name: str, *, nullable: bool = False) -> Iterable[Item]:
    """Make the three columns of a partial date, and their rules."""
    yield words(name, nullable=nullable)
    yield Column(f"{name}_first", Date, nullable=nullable)
    yield Column(f"{name}_last", Date, nullable=nullable)
    # 2026, 2026-03, 2026-03-10, ~2026-03-10, 2026-03-01/2026-03-20
    yield CheckConstraint(f"length({name}) IN (4, 7, 10, 11, 21)", f"{name}_form")
    yield CheckConstraint(f"{name}_first <= {name}_last", f"{name}_order")
    yield CheckConstraint(f"{name}_first >= '1900-01-01' AND {name}_last <= '2100-12-31'", f"{name}_range")
    if nullable:
        yield CheckConstraint(
            f"({name} IS NULL) = ({name}_first IS NULL) AND ({name} IS NULL) = ({name}_last IS NULL)", f"{name}_whole"
        )


def one_of(name: str, allowed_words: type[StrEnum | IntEnum]) -> CheckConstraint:
    """Make the rule that a column holds one of a closed list of words."""
    allowed = ", ".join(f"'{word.value}'" if isinstance(word, str) else str(word.value) for word in allowed_words)
    return CheckConstraint(f"{name} IN ({allowed})", name)


def filled(name: str, *, at_most: int) -> CheckConstraint:
    """Make the rule that a text is not empty and not too long."""
    return CheckConstraint(f"length(trim({name})) > 0 AND length({name}) <= {at_most}", f"{name}_filled")


def site_rule() -> CheckConstraint:
    """Make the rule that `site` looks like a key; which sites there are is data of the program."""
    return coded("site")


def coded(name: str) -> CheckConstraint:
    """Make the rule that a column looks like a code; which codes there are is data of the program."""
    return CheckConstraint(f"{name} = lower({name}) AND length(trim({name})) > 0", name)


def identity(name: str, *items: Item) -> Table:
    """Make an identity table: a key, the keys it belongs to, and the entry that made it."""
    made_by: Column[object] = Column("entry_id", ForeignKey("ledger_entry.entry_id"), nullable=False)
    table = Table(name, METADATA, key(f"{name}_id"), *items, made_by)
    Index(None, table.c.entry_id)
    return table


def fact(name: str, owner: str, unique: tuple[str, ...], *items: Item) -> Table:
    """Make a fact table: what it is about, its key among current rows, its columns and rules."""
    table = Table(
        name,
        METADATA,
        key("row_id"),
        Column("recorded_by", ForeignKey("ledger_entry.entry_id"), nullable=False),
        Column("retracted_by", ForeignKey("ledger_entry.entry_id")),
        *items,
        CheckConstraint("retracted_by > recorded_by", "retracted_later"),
    )
    Index(None, table.c.recorded_by)
    Index(None, table.c.retracted_by)
    Index(None, table.c[owner])
    if unique:
        Index(f"uq_{name}_current", *(table.c[column] for column in unique), unique=True)
    return table
