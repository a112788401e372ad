"""The tables, as SQLAlchemy Core metadata: what the newest schema revision builds.

Core and no ORM: rows of this record never change, so an identity map and a unit
of work have nothing to do, and a command starts a tenth of a second sooner.

Four kinds of table:

``ledger_entry``
    one row per command that changed the record; a hash chain
identities: ``clinic``, ``patient``, ``episode``, ``visit``
    keys only, so that foreign keys stand for good
facts: every other table
    `row_id`, `recorded_by` (the entry that recorded it), `retracted_by` (the entry
    that took it back, or NULL: it is current), and what was said

What a row may hold is said by named rules here, the same that `tracker.clinical.dictionary`
checks with better words (a test compares them); that it never changes again is
kept by `tracker.database.triggers`. A partial date is three columns: the text as it
was written, and the first and last day it can be, so that SQL can sort and select.

A new column of a fact table must allow NULL: entries recorded before it existed keep
their hash only because NULL is left out of it (`tracker.database.chain`).
"""

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
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from tracker.clinical.vocabulary import (
    Aspect,
    Comparator,
    EdemaGrade,
    EdemaPattern,
    Finding,
    Instrument,
    MissingReason,
    Modality,
    OnsetMode,
    Presence,
    Sex,
    VitaminDUnit,
)

DEFAULT_CLINIC_ID = 1
DEFAULT_CLINIC_CODE = "default"
LARGEST_ID = 2**31 - 1
"""What a whole-number column of PostgreSQL holds; no id is larger, and none is looked for beyond it."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Item = Column[object] | CheckConstraint | ForeignKeyConstraint | UniqueConstraint


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


def _text(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, Text, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, Integer, nullable=nullable)


def _key(name: str) -> Column[object]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _partial_date(name: str, *, nullable: bool = False) -> Iterable[_Item]:
    yield _text(name, nullable=nullable)
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


def _one_of(name: str, words: type[StrEnum | IntEnum]) -> CheckConstraint:
    allowed = ", ".join(f"'{word.value}'" if isinstance(word, str) else str(word.value) for word in words)
    return CheckConstraint(f"{name} IN ({allowed})", name)


def _filled(name: str, *, at_most: int) -> CheckConstraint:
    return CheckConstraint(f"length(trim({name})) > 0 AND length({name}) <= {at_most}", f"{name}_filled")


def _site() -> CheckConstraint:
    return CheckConstraint("site = lower(site) AND length(trim(site)) > 0", "site")


def _identity(name: str, *items: _Item) -> Table:
    made_by: Column[object] = Column("entry_id", ForeignKey("ledger_entry.entry_id"), nullable=False)
    table = Table(name, METADATA, _key(f"{name}_id"), *items, made_by)
    Index(None, table.c.entry_id)
    return table


def _fact(name: str, owner: str, unique: tuple[str, ...], *items: _Item) -> Table:
    """Make a fact table: what it is about, its key among current rows, its columns and rules."""
    table = Table(
        name,
        METADATA,
        _key("row_id"),
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


LEDGER_ENTRY = Table(
    "ledger_entry",
    METADATA,
    _key("entry_id"),
    Column("recorded_at", UtcDateTime, nullable=False),
    _text("recorded_by"),
    _text("command"),
    _text("reason", nullable=True),
    _text("source_name", nullable=True),
    _text("source_sha256", nullable=True),
    _text("program_version"),
    _text("warnings"),
    Column("undoes", ForeignKey("ledger_entry.entry_id")),
    _text("previous_hash"),
    _text("entry_hash"),
    UniqueConstraint("undoes"),
    # One successor per entry: the chain cannot fork, whoever writes.
    UniqueConstraint("previous_hash"),
    UniqueConstraint("entry_hash"),
    _filled("recorded_by", at_most=100),
    _filled("command", at_most=100),
    _filled("reason", at_most=500),
    CheckConstraint("length(source_sha256) = 64", "source_sha256_length"),
    CheckConstraint("length(previous_hash) = 64", "previous_hash_length"),
    CheckConstraint("length(entry_hash) = 64", "entry_hash_length"),
    CheckConstraint("undoes < entry_id", "undoes_earlier"),
)
Index(None, LEDGER_ENTRY.c.recorded_at)

CLINIC = Table(
    "clinic",
    METADATA,
    _key("clinic_id"),
    _text("clinic_code"),
    UniqueConstraint("clinic_code"),
    _filled("clinic_code", at_most=40),
)
PATIENT = _identity(
    "patient",
    Column("clinic_id", ForeignKey("clinic.clinic_id"), nullable=False),
    UniqueConstraint("patient_id", "clinic_id"),
)
EPISODE = _identity("episode", Column("patient_id", ForeignKey("patient.patient_id"), nullable=False))
Index(None, EPISODE.c.patient_id)
VISIT = _identity(
    "visit",
    Column("patient_id", ForeignKey("patient.patient_id"), nullable=False),
    UniqueConstraint("visit_id", "patient_id"),
)
Index(None, VISIT.c.patient_id)

PATIENT_DETAILS = _fact(
    "patient_details",
    "patient_id",
    ("patient_id",),
    _number("patient_id"),
    _number("clinic_id"),
    _text("patient_code"),
    _text("sex"),
    *_partial_date("birth", nullable=True),
    ForeignKeyConstraint(["patient_id", "clinic_id"], ["patient.patient_id", "patient.clinic_id"]),
    _filled("patient_code", at_most=40),
    _one_of("sex", Sex),
)
Index(
    "uq_patient_details_current_code",
    PATIENT_DETAILS.c.clinic_id,
    PATIENT_DETAILS.c.patient_code,
    unique=True,
)
EPISODE_DETAILS = _fact(
    "episode_details",
    "episode_id",
    ("episode_id",),
    Column("episode_id", ForeignKey("episode.episode_id"), nullable=False),
    _text("site"),
    *_partial_date("onset", nullable=True),
    _text("onset_mode", nullable=True),
    *_partial_date("closed_on", nullable=True),
    _text("closing_reason", nullable=True),
    _site(),
    _one_of("onset_mode", OnsetMode),
    CheckConstraint("onset_first <= closed_on_last", "closed_after_onset"),
    _filled("closing_reason", at_most=500),
    CheckConstraint("closing_reason IS NULL OR closed_on IS NOT NULL", "closing_reason_when_closed"),
)
VISIT_DETAILS = _fact(
    "visit_details",
    "visit_id",
    ("visit_id",),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    *_partial_date("visit_date"),
)
PAIN_SCORE = _fact(
    "pain_score",
    "visit_id",
    ("visit_id", "site", "instrument", "aspect"),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    _text("site"),
    _text("instrument"),
    _text("aspect"),
    _number("score", nullable=True),
    _text("missing_reason", nullable=True),
    _site(),
    _one_of("instrument", Instrument),
    _one_of("aspect", Aspect),
    _one_of("missing_reason", MissingReason),
    CheckConstraint("(score IS NULL) = (missing_reason IS NOT NULL)", "score_or_reason"),
    CheckConstraint("instrument <> 'nrs' OR score BETWEEN 0 AND 10", "nrs_range"),
    CheckConstraint("instrument <> 'vas' OR score BETWEEN 0 AND 100", "vas_range"),
    # SQLite would keep 7.5 in a whole-number column
    CheckConstraint("score = CAST(score AS INTEGER)", "score_whole"),
)
VITAMIN_D = _fact(
    "vitamin_d",
    "visit_id",
    ("visit_id",),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    Column("value", Float, nullable=True),
    _text("unit", nullable=True),
    _text("comparator", nullable=True),
    _text("assay", nullable=True),
    _text("missing_reason", nullable=True),
    _one_of("unit", VitaminDUnit),
    _one_of("comparator", Comparator),
    _one_of("missing_reason", MissingReason),
    CheckConstraint("(value IS NULL) = (missing_reason IS NOT NULL)", "value_or_reason"),
    CheckConstraint("(value IS NULL) = (unit IS NULL)", "value_with_unit"),
    CheckConstraint("comparator IS NULL OR value IS NOT NULL", "comparator_with_value"),
    CheckConstraint("value BETWEEN 0.1 AND 1000", "value_range"),
    _filled("assay", at_most=100),
)
IMAGING_FINDING = _fact(
    "imaging_finding",
    "visit_id",
    ("visit_id", "modality", "site", "finding"),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    _text("modality"),
    _text("site"),
    _text("finding"),
    _text("presence"),
    Column("edema_percent", Float, nullable=True),
    _number("edema_grade", nullable=True),
    _text("edema_pattern", nullable=True),
    _site(),
    _one_of("modality", Modality),
    _one_of("finding", Finding),
    _one_of("presence", Presence),
    _one_of("edema_grade", EdemaGrade),
    _one_of("edema_pattern", EdemaPattern),
    CheckConstraint("edema_percent BETWEEN 0 AND 100", "edema_percent_range"),
    CheckConstraint(
        "finding = 'edema' OR (edema_percent IS NULL AND edema_grade IS NULL AND edema_pattern IS NULL)",
        "edema_only",
    ),
    CheckConstraint(
        "presence <> 'not_examined' OR (edema_percent IS NULL AND edema_grade IS NULL AND edema_pattern IS NULL)",
        "not_examined_empty",
    ),
    CheckConstraint(
        "presence <> 'absent' OR (edema_pattern IS NULL AND coalesce(edema_percent, 0) = 0"
        " AND coalesce(edema_grade, 0) = 0)",
        "absent_without_extent",
    ),
    CheckConstraint("presence <> 'present' OR (edema_percent > 0 AND edema_grade > 0)", "present_with_extent"),
)
NOTE = _fact(
    "note",
    "patient_id",
    (),
    Column("patient_id", ForeignKey("patient.patient_id"), nullable=False),
    _number("visit_id", nullable=True),
    _text("site", nullable=True),
    _text("text"),
    ForeignKeyConstraint(["visit_id", "patient_id"], ["visit.visit_id", "visit.patient_id"]),
    _site(),
    _filled("text", at_most=4000),
)
Index(None, NOTE.c.visit_id)

IDENTITIES = (PATIENT, EPISODE, VISIT)
FACTS = (PATIENT_DETAILS, EPISODE_DETAILS, VISIT_DETAILS, PAIN_SCORE, VITAMIN_D, IMAGING_FINDING, NOTE)
DETAILS = {"patient": PATIENT_DETAILS, "episode": EPISODE_DETAILS, "visit": VISIT_DETAILS}
"""The fact table that makes an identity visible: an identity without a current row there was taken back."""

PARTIAL_DATES = {
    table.name: tuple(c.name for c in table.c if f"{c.name}_first" in table.c and f"{c.name}_last" in table.c)
    for table in FACTS
}
"""Names of the partial dates of each fact table."""

KEYS_OF_CURRENT_ROWS = {
    table.name: tuple(
        sorted(tuple(column.name for column in index.columns) for index in table.indexes if index.unique),
    )
    for table in FACTS
}
"""Per fact table, the groups of columns that no two current rows share."""


def metadata_for_ddl() -> MetaData:
    """Give the metadata with what only the making and comparing of tables needs.

    The unique indexes of fact tables hold over current rows. Saying so where they are
    made would load both dialects whenever the program starts (40 ms), so it is said here.
    """
    for table in FACTS:
        for index in table.indexes:
            if index.unique:
                for dialect in ("sqlite", "postgresql"):
                    index.dialect_options[dialect]["where"] = text("retracted_by IS NULL")
    return METADATA
