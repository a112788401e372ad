"""The tables, as SQLAlchemy Core metadata: what the newest schema revision builds.

Core and no ORM: rows of this record never change, so an identity map and a unit
of work have nothing to do, and a command starts a tenth of a second sooner.

Four kinds of table:

``ledger_entry``
    one row per command that changed the record; a hash chain
identities: ``clinic``, ``patient``, ``episode``, ``visit``, ``treatment``
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

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
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
from tracker.database.case_tables import CASE_FACTS, CASE_IDENTITIES, TREATMENT_DETAILS
from tracker.database.columns import METADATA as METADATA  # handed on: whoever needs it needs the tables in it
from tracker.database.columns import (
    UtcDateTime,
    fact,
    filled,
    identity,
    key,
    number,
    one_of,
    partial_date,
    site_rule,
    words,
)
from tracker.database.release_tables import RELEASE_FACTS

DEFAULT_CLINIC_ID = 1
DEFAULT_CLINIC_CODE = "default"
LARGEST_ID = 2**31 - 1
"""What a whole-number column of PostgreSQL holds; no id is larger, and none is looked for beyond it."""

LEDGER_ENTRY = Table(
    "ledger_entry",
    METADATA,
    key("entry_id"),
    Column("recorded_at", UtcDateTime, nullable=False),
    words("recorded_by"),
    words("command"),
    words("reason", nullable=True),
    words("source_name", nullable=True),
    words("source_sha256", nullable=True),
    words("program_version"),
    words("warnings"),
    Column("undoes", ForeignKey("ledger_entry.entry_id")),
    words("previous_hash"),
    words("entry_hash"),
    UniqueConstraint("undoes"),
    # One successor per entry: the chain cannot fork, whoever writes.
    UniqueConstraint("previous_hash"),
    UniqueConstraint("entry_hash"),
    filled("recorded_by", at_most=100),
    filled("command", at_most=100),
    filled("reason", at_most=500),
    CheckConstraint("length(source_sha256) = 64", "source_sha256_length"),
    CheckConstraint("length(previous_hash) = 64", "previous_hash_length"),
    CheckConstraint("length(entry_hash) = 64", "entry_hash_length"),
    CheckConstraint("undoes < entry_id", "undoes_earlier"),
)
Index(None, LEDGER_ENTRY.c.recorded_at)

CLINIC = Table(
    "clinic",
    METADATA,
    key("clinic_id"),
    words("clinic_code"),
    UniqueConstraint("clinic_code"),
    filled("clinic_code", at_most=40),
)
PATIENT = identity(
    "patient",
    Column("clinic_id", ForeignKey("clinic.clinic_id"), nullable=False),
    UniqueConstraint("patient_id", "clinic_id"),
)
EPISODE = identity("episode", Column("patient_id", ForeignKey("patient.patient_id"), nullable=False))
Index(None, EPISODE.c.patient_id)
VISIT = identity(
    "visit",
    Column("patient_id", ForeignKey("patient.patient_id"), nullable=False),
    UniqueConstraint("visit_id", "patient_id"),
)
Index(None, VISIT.c.patient_id)

PATIENT_DETAILS = fact(
    "patient_details",
    "patient_id",
    ("patient_id",),
    number("patient_id"),
    number("clinic_id"),
    words("patient_code"),
    words("sex"),
    *partial_date("birth", nullable=True),
    ForeignKeyConstraint(["patient_id", "clinic_id"], ["patient.patient_id", "patient.clinic_id"]),
    filled("patient_code", at_most=40),
    one_of("sex", Sex),
)
Index(
    "uq_patient_details_current_code",
    PATIENT_DETAILS.c.clinic_id,
    PATIENT_DETAILS.c.patient_code,
    unique=True,
)
EPISODE_DETAILS = fact(
    "episode_details",
    "episode_id",
    ("episode_id",),
    Column("episode_id", ForeignKey("episode.episode_id"), nullable=False),
    words("site"),
    *partial_date("onset", nullable=True),
    words("onset_mode", nullable=True),
    *partial_date("closed_on", nullable=True),
    words("closing_reason", nullable=True),
    site_rule(),
    one_of("onset_mode", OnsetMode),
    CheckConstraint("onset_first <= closed_on_last", "closed_after_onset"),
    filled("closing_reason", at_most=500),
    CheckConstraint("closing_reason IS NULL OR closed_on IS NOT NULL", "closing_reason_when_closed"),
)
VISIT_DETAILS = fact(
    "visit_details",
    "visit_id",
    ("visit_id",),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    *partial_date("visit_date"),
)
PAIN_SCORE = fact(
    "pain_score",
    "visit_id",
    ("visit_id", "site", "instrument", "aspect"),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    words("site"),
    words("instrument"),
    words("aspect"),
    number("score", nullable=True),
    words("missing_reason", nullable=True),
    site_rule(),
    one_of("instrument", Instrument),
    one_of("aspect", Aspect),
    one_of("missing_reason", MissingReason),
    CheckConstraint("(score IS NULL) = (missing_reason IS NOT NULL)", "score_or_reason"),
    CheckConstraint("instrument <> 'nrs' OR score BETWEEN 0 AND 10", "nrs_range"),
    CheckConstraint("instrument <> 'vas' OR score BETWEEN 0 AND 100", "vas_range"),
    # SQLite would keep 7.5 in a whole-number column
    CheckConstraint("score = CAST(score AS INTEGER)", "score_whole"),
)
VITAMIN_D = fact(
    "vitamin_d",
    "visit_id",
    ("visit_id",),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    Column("value", Float, nullable=True),
    words("unit", nullable=True),
    words("comparator", nullable=True),
    words("assay", nullable=True),
    words("missing_reason", nullable=True),
    one_of("unit", VitaminDUnit),
    one_of("comparator", Comparator),
    one_of("missing_reason", MissingReason),
    CheckConstraint("(value IS NULL) = (missing_reason IS NOT NULL)", "value_or_reason"),
    CheckConstraint("(value IS NULL) = (unit IS NULL)", "value_with_unit"),
    CheckConstraint("comparator IS NULL OR value IS NOT NULL", "comparator_with_value"),
    CheckConstraint("value BETWEEN 0.1 AND 1000", "value_range"),
    filled("assay", at_most=100),
)
IMAGING_FINDING = fact(
    "imaging_finding",
    "visit_id",
    ("visit_id", "modality", "site", "finding"),
    Column("visit_id", ForeignKey("visit.visit_id"), nullable=False),
    words("modality"),
    words("site"),
    words("finding"),
    words("presence"),
    Column("edema_percent", Float, nullable=True),
    number("edema_grade", nullable=True),
    words("edema_pattern", nullable=True),
    site_rule(),
    one_of("modality", Modality),
    one_of("finding", Finding),
    one_of("presence", Presence),
    one_of("edema_grade", EdemaGrade),
    one_of("edema_pattern", EdemaPattern),
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
NOTE = fact(
    "note",
    "patient_id",
    (),
    Column("patient_id", ForeignKey("patient.patient_id"), nullable=False),
    number("visit_id", nullable=True),
    words("site", nullable=True),
    words("text"),
    ForeignKeyConstraint(["visit_id", "patient_id"], ["visit.visit_id", "visit.patient_id"]),
    site_rule(),
    filled("text", at_most=4000),
)
Index(None, NOTE.c.visit_id)

OF_PATIENTS = (EPISODE, VISIT, *CASE_IDENTITIES)
"""Identities that belong to a patient; a fact without `patient_id` hangs on one of them."""
IDENTITIES = (PATIENT, *OF_PATIENTS)
FACTS_OF_PATIENTS = (
    PATIENT_DETAILS,
    EPISODE_DETAILS,
    VISIT_DETAILS,
    PAIN_SCORE,
    VITAMIN_D,
    IMAGING_FINDING,
    NOTE,
    *CASE_FACTS,
)
FACTS = (*FACTS_OF_PATIENTS, *RELEASE_FACTS)
DETAILS = {
    "patient": PATIENT_DETAILS,
    "episode": EPISODE_DETAILS,
    "visit": VISIT_DETAILS,
    "treatment": TREATMENT_DETAILS,
}
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
