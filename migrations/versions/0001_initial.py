"""The record: ledger, identities, facts, and the triggers that keep them append-only.

What changes and why: everything is made; there was nothing before.

Is any data rewritten: no. One row is written, the clinic 'default', because every
patient belongs to one.

What does downgrade lose: the whole record. Every table is dropped; only a backup
brings it back.

How was it tested: up, down and up again on both engines, empty and filled; its tables,
indexes, rules and triggers compared with those of `tracker.database.tables` and
`tracker.database.triggers`; tests/migrations/data/0001.sql is loaded, read and written to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FIXED = {
    "ledger_entry": [
        ("pk_ledger_entry", ["entry_id"]),
        ("uq_ledger_entry_entry_hash", ["entry_hash"]),
        ("uq_ledger_entry_previous_hash", ["previous_hash"]),
        ("uq_ledger_entry_undoes", ["undoes"]),
    ],
    "clinic": [("pk_clinic", ["clinic_id"]), ("uq_clinic_clinic_code", ["clinic_code"])],
    "patient": [("pk_patient", ["patient_id"])],
    "episode": [("pk_episode", ["episode_id"])],
    "visit": [("pk_visit", ["visit_id"])],
}
# fact table: the column it is looked up by, and the columns that no two current rows share
FACTS = {
    "patient_details": (
        "patient_id",
        {
            "uq_patient_details_current": ["patient_id"],
            "uq_patient_details_current_code": ["clinic_id", "patient_code"],
        },
    ),
    "episode_details": ("episode_id", {"uq_episode_details_current": ["episode_id"]}),
    "visit_details": ("visit_id", {"uq_visit_details_current": ["visit_id"]}),
    "pain_score": ("visit_id", {"uq_pain_score_current": ["visit_id", "site", "instrument", "aspect"]}),
    "vitamin_d": ("visit_id", {"uq_vitamin_d_current": ["visit_id"]}),
    "imaging_finding": ("visit_id", {"uq_imaging_finding_current": ["visit_id", "modality", "site", "finding"]}),
    "note": ("patient_id", {}),
}
REASONS = "missing_reason IN ('not_asked', 'not_done', 'refused', 'unable', 'unknown')"
SITE = "site = lower(site) AND length(trim(site)) > 0"
NO_EXTENT = "(edema_percent IS NULL AND edema_grade IS NULL AND edema_pattern IS NULL)"
STAYS = "what was recorded stays as it was"

REFUSE = f"""CREATE FUNCTION tracker_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: {STAYS}', TG_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$"""
ONLY_RETRACT = f"""CREATE FUNCTION tracker_only_retract() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unretracted RECORD;
BEGIN
    unretracted := NEW;
    unretracted.retracted_by := NULL;
    IF OLD.retracted_by IS NOT NULL OR NEW.retracted_by IS NULL OR unretracted IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION '%: {STAYS}', TG_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$"""


def upgrade() -> None:
    make_ledger_entry()
    make_identities()
    make_details()
    make_pain_score()
    make_vitamin_d()
    make_imaging_finding()
    make_note()
    for table, (owner, unique) in FACTS.items():
        for column in ("recorded_by", "retracted_by", owner):
            op.create_index(f"ix_{table}_{column}", table, [column])
        current = sa.text("retracted_by IS NULL")
        for name, columns in unique.items():
            op.create_index(name, table, columns, unique=True, sqlite_where=current, postgresql_where=current)
    clinic = sa.table("clinic", sa.column("clinic_id"), sa.column("clinic_code"))
    op.bulk_insert(clinic, [{"clinic_id": 1, "clinic_code": "default"}])
    if op.get_bind().dialect.name == "sqlite":
        make_sqlite_triggers()
    else:
        make_postgresql_triggers()


def downgrade() -> None:
    for table in (*reversed(FACTS), *reversed(FIXED)):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION tracker_refuse()")
        op.execute("DROP FUNCTION tracker_only_retract()")


def make_ledger_entry() -> None:
    op.create_table(
        "ledger_entry",
        number("entry_id"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        words("recorded_by"),
        words("command"),
        words("reason", nullable=True),
        words("source_name", nullable=True),
        words("source_sha256", nullable=True),
        words("program_version"),
        words("warnings"),
        number("undoes", nullable=True),
        words("previous_hash"),
        words("entry_hash"),
        primary("ledger_entry", "entry_id"),
        unique("ledger_entry", "undoes"),
        unique("ledger_entry", "previous_hash"),
        unique("ledger_entry", "entry_hash"),
        foreign("ledger_entry", ["undoes"], "ledger_entry", ["entry_id"]),
        check("ledger_entry", "recorded_by_filled", filled("recorded_by", 100)),
        check("ledger_entry", "command_filled", filled("command", 100)),
        check("ledger_entry", "reason_filled", filled("reason", 500)),
        check("ledger_entry", "source_sha256_length", "length(source_sha256) = 64"),
        check("ledger_entry", "previous_hash_length", "length(previous_hash) = 64"),
        check("ledger_entry", "entry_hash_length", "length(entry_hash) = 64"),
        check("ledger_entry", "undoes_earlier", "undoes < entry_id"),
    )
    op.create_index("ix_ledger_entry_recorded_at", "ledger_entry", ["recorded_at"])


def make_identities() -> None:
    op.create_table(
        "clinic",
        number("clinic_id"),
        words("clinic_code"),
        primary("clinic", "clinic_id"),
        unique("clinic", "clinic_code"),
        check("clinic", "clinic_code_filled", filled("clinic_code", 40)),
    )
    owners = (("patient", "clinic"), ("episode", "patient"), ("visit", "patient"))
    for table, owner in owners:
        key, owner_key = f"{table}_id", f"{owner}_id"
        op.create_table(
            table,
            number(key),
            number(owner_key),
            number("entry_id"),
            primary(table, key),
            foreign(table, [owner_key], owner, [owner_key]),
            foreign(table, ["entry_id"], "ledger_entry", ["entry_id"]),
            # so that facts can refer to both at once, and never disagree with the identity
            *([] if table == "episode" else [unique(table, key, owner_key)]),
        )
        op.create_index(f"ix_{table}_entry_id", table, ["entry_id"])
    op.create_index("ix_episode_patient_id", "episode", ["patient_id"])
    op.create_index("ix_visit_patient_id", "visit", ["patient_id"])


def make_details() -> None:
    make_fact(
        "patient_details",
        [number("patient_id"), number("clinic_id"), words("patient_code"), words("sex")]
        + partial_date("birth", nullable=True),
        {"patient_code_filled": filled("patient_code", 40), "sex": "sex IN ('F', 'M', 'X', 'unknown')"}
        | partial_date_rules("birth", nullable=True),
        foreign("patient_details", ["patient_id", "clinic_id"], "patient", ["patient_id", "clinic_id"]),
    )
    make_fact(
        "episode_details",
        [number("episode_id"), words("site")]
        + partial_date("onset", nullable=True)
        + [words("onset_mode", nullable=True)]
        + partial_date("closed_on", nullable=True)
        + [words("closing_reason", nullable=True)],
        {
            "site": SITE,
            "onset_mode": "onset_mode IN ('acute', 'insidious')",
            "closed_after_onset": "onset_first <= closed_on_last",
            "closing_reason_filled": filled("closing_reason", 500),
            "closing_reason_when_closed": "closing_reason IS NULL OR closed_on IS NOT NULL",
        }
        | partial_date_rules("onset", nullable=True)
        | partial_date_rules("closed_on", nullable=True),
        foreign("episode_details", ["episode_id"], "episode", ["episode_id"]),
    )
    make_fact(
        "visit_details",
        [number("visit_id"), *partial_date("visit_date")],
        partial_date_rules("visit_date"),
        foreign("visit_details", ["visit_id"], "visit", ["visit_id"]),
    )


def make_pain_score() -> None:
    make_fact(
        "pain_score",
        [
            number("visit_id"),
            words("site"),
            words("instrument"),
            words("aspect"),
            number("score", nullable=True),
            words("missing_reason", nullable=True),
        ],
        {
            "site": SITE,
            "instrument": "instrument IN ('nrs', 'vas')",
            "aspect": "aspect IN ('overall', 'load', 'rest', 'night')",
            "missing_reason": REASONS,
            "score_or_reason": "(score IS NULL) = (missing_reason IS NOT NULL)",
            "nrs_range": "instrument <> 'nrs' OR score BETWEEN 0 AND 10",
            "vas_range": "instrument <> 'vas' OR score BETWEEN 0 AND 100",
            "score_whole": "score = CAST(score AS INTEGER)",
        },
        foreign("pain_score", ["visit_id"], "visit", ["visit_id"]),
    )


def make_vitamin_d() -> None:
    make_fact(
        "vitamin_d",
        [
            number("visit_id"),
            sa.Column("value", sa.Float),
            words("unit", nullable=True),
            words("comparator", nullable=True),
            words("assay", nullable=True),
            words("missing_reason", nullable=True),
        ],
        {
            "unit": "unit IN ('ng/mL', 'nmol/L', 'ug/L')",
            "comparator": "comparator IN ('<', '>')",
            "missing_reason": REASONS,
            "value_or_reason": "(value IS NULL) = (missing_reason IS NOT NULL)",
            "value_with_unit": "(value IS NULL) = (unit IS NULL)",
            "comparator_with_value": "comparator IS NULL OR value IS NOT NULL",
            "value_range": "value BETWEEN 0.1 AND 1000",
            "assay_filled": filled("assay", 100),
        },
        foreign("vitamin_d", ["visit_id"], "visit", ["visit_id"]),
    )


def make_imaging_finding() -> None:
    make_fact(
        "imaging_finding",
        [
            number("visit_id"),
            words("modality"),
            words("site"),
            words("finding"),
            words("presence"),
            sa.Column("edema_percent", sa.Float),
            number("edema_grade", nullable=True),
            words("edema_pattern", nullable=True),
        ],
        {
            "site": SITE,
            "modality": "modality IN ('mri', 'xray', 'ct', 'dect', 'scintigraphy', 'dxa')",
            "finding": "finding IN ('edema', 'radiolucency', 'effusion', 'soft_tissue_edema', 'uptake',"
            " 'subchondral_line', 'fracture_line', 'avn_sign', 'abnormality')",
            "presence": "presence IN ('present', 'absent', 'not_examined')",
            "edema_grade": "edema_grade IN (0, 1, 2, 3)",
            "edema_pattern": "edema_pattern IN ('patchy', 'diffuse', 'ill_defined')",
            "edema_percent_range": "edema_percent BETWEEN 0 AND 100",
            "edema_only": f"finding = 'edema' OR {NO_EXTENT}",
            "not_examined_empty": f"presence <> 'not_examined' OR {NO_EXTENT}",
            "absent_without_extent": "presence <> 'absent' OR (edema_pattern IS NULL"
            " AND coalesce(edema_percent, 0) = 0 AND coalesce(edema_grade, 0) = 0)",
            "present_with_extent": "presence <> 'present' OR (edema_percent > 0 AND edema_grade > 0)",
        },
        foreign("imaging_finding", ["visit_id"], "visit", ["visit_id"]),
    )


def make_note() -> None:
    make_fact(
        "note",
        [number("patient_id"), number("visit_id", nullable=True), words("site", nullable=True), words("text")],
        {"site": SITE, "text_filled": filled("text", 4000)},
        foreign("note", ["patient_id"], "patient", ["patient_id"]),
        foreign("note", ["visit_id", "patient_id"], "visit", ["visit_id", "patient_id"]),
    )
    op.create_index("ix_note_visit_id", "note", ["visit_id"])


def make_fact(table: str, columns: list[sa.Column], rules: dict[str, str], *references: sa.Constraint) -> None:
    op.create_table(
        table,
        number("row_id"),
        number("recorded_by"),
        number("retracted_by", nullable=True),
        *columns,
        primary(table, "row_id"),
        *references,
        foreign(table, ["recorded_by"], "ledger_entry", ["entry_id"]),
        foreign(table, ["retracted_by"], "ledger_entry", ["entry_id"]),
        *(check(table, name, rule) for name, rule in rules.items()),
        check(table, "retracted_later", "retracted_by > recorded_by"),
    )


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=nullable, autoincrement=False)


def words(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def partial_date(name: str, *, nullable: bool = False) -> list[sa.Column]:
    days = [sa.Column(f"{name}_{end}", sa.Date, nullable=nullable) for end in ("first", "last")]
    return [words(name, nullable=nullable), *days]


def partial_date_rules(name: str, *, nullable: bool = False) -> dict[str, str]:
    rules = {
        f"{name}_form": f"length({name}) IN (4, 7, 10, 11, 21)",
        f"{name}_order": f"{name}_first <= {name}_last",
        f"{name}_range": f"{name}_first >= '1900-01-01' AND {name}_last <= '2100-12-31'",
    }
    whole = f"({name} IS NULL) = ({name}_first IS NULL) AND ({name} IS NULL) = ({name}_last IS NULL)"
    return rules | ({f"{name}_whole": whole} if nullable else {})


def filled(name: str, at_most: int) -> str:
    return f"length(trim({name})) > 0 AND length({name}) <= {at_most}"


def primary(table: str, column: str) -> sa.Constraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def unique(table: str, *columns: str) -> sa.Constraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def check(table: str, name: str, rule: str) -> sa.Constraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, columns: list[str], other: str, other_columns: list[str]) -> sa.Constraint:
    targets = [f"{other}.{column}" for column in other_columns]
    return sa.ForeignKeyConstraint(columns, targets, name=op.f(f"fk_{table}_{'_'.join(columns)}_{other}"))


def make_sqlite_triggers() -> None:
    for table, rules in FIXED.items():
        sqlite_trigger(f"{table}_no_delete", f"DELETE ON {table}")
        sqlite_trigger(f"{table}_no_update", f"UPDATE ON {table}")
        sqlite_no_replace(table, [(name, columns, "") for name, columns in rules])
    for table, (_, unique_rules) in FACTS.items():
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        kept = "".join(f" AND NEW.{name} IS OLD.{name}" for name in columns if name != "retracted_by")
        sqlite_trigger(f"{table}_no_delete", f"DELETE ON {table}")
        sqlite_trigger(
            f"{table}_only_retract",
            f"UPDATE ON {table} WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL{kept})",
        )
        current = " AND retracted_by IS NULL AND NEW.retracted_by IS NULL"
        rules = [(name, columns, current) for name, columns in unique_rules.items()]
        sqlite_no_replace(table, [(f"pk_{table}", ["row_id"], ""), *rules])


def sqlite_trigger(trigger: str, event: str) -> None:
    op.execute(
        f"CREATE TRIGGER {trigger} BEFORE {event}\nBEGIN\n    SELECT RAISE(ABORT, '{trigger}: {STAYS}');\nEND",
    )


def sqlite_no_replace(table: str, rules: list[tuple[str, list[str], str]]) -> None:
    refusals = "\n".join(
        f"    SELECT RAISE(ABORT, '{name}: such a row is already there') WHERE EXISTS (SELECT 1 FROM {table} WHERE "
        + " AND ".join(f"{column} = NEW.{column}" for column in columns)
        + f"{current});"
        for name, columns, current in rules
    )
    op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}\nBEGIN\n{refusals}\nEND")


def make_postgresql_triggers() -> None:
    op.execute(REFUSE)
    op.execute(ONLY_RETRACT)
    for table in (*FIXED, *FACTS):
        change, function = (
            ("only_retract", "tracker_only_retract") if table in FACTS else ("no_update", "tracker_refuse")
        )
        for name, event, run in (
            ("no_delete", f"DELETE ON {table} FOR EACH ROW", "tracker_refuse"),
            (change, f"UPDATE ON {table} FOR EACH ROW", function),
            ("no_truncate", f"TRUNCATE ON {table} FOR EACH STATEMENT", "tracker_refuse"),
        ):
            op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} EXECUTE FUNCTION {run}()")
