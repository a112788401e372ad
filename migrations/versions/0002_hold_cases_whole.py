"""Laboratory results, function scores, treatments, the differential, checklists and pregnancy.

What changes and why: seven fact tables and one identity, `treatment`, are made, because a
case is more than pain, vitamin D and imaging. No table that was there changes, so
every entry keeps its hash.

Is any data rewritten: no.

What does downgrade lose: what was recorded in the new tables, and the treatments. Entries
that recorded it stay in the ledger and no longer hold, as `tracker db verify` then says; only a
backup brings it back.

How was it tested: up, down and up again on both engines, empty and filled; its tables,
indexes, rules and triggers compared with those of `tracker.database.case_tables` and
`tracker.database.triggers`; tests/migrations/data/0001.sql and 0002.sql are loaded, read and
written to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# fact table: the column it is looked up by, and the columns that no two current rows share
FACTS = {
    "lab_result": ("visit_id", ["visit_id", "analyte"]),
    "function_score": ("visit_id", ["visit_id", "about", "scale"]),
    "treatment_details": ("treatment_id", ["treatment_id"]),
    "treatment_dose": ("treatment_id", ["treatment_id", "dose_since"]),
    "differential": ("patient_id", ["patient_id", "about", "cause", "decided_on"]),
    "checklist_item": ("patient_id", ["patient_id", "checklist", "about", "item", "examined_on"]),
    "pregnancy_status": ("patient_id", ["patient_id", "stated_on"]),
}
REASONS = "missing_reason IN ('not_asked', 'not_done', 'refused', 'unable', 'unknown')"
STAYS = "what was recorded stays as it was"


def upgrade() -> None:
    make_treatment()
    make_lab_result()
    make_function_score()
    make_treatment_details()
    make_treatment_dose()
    make_differential()
    make_checklist_item()
    make_pregnancy_status()
    for table, (owner, unique) in FACTS.items():
        for column in ("recorded_by", "retracted_by", owner):
            op.create_index(f"ix_{table}_{column}", table, [column])
        current = sa.text("retracted_by IS NULL")
        name = f"uq_{table}_current"
        op.create_index(name, table, unique, unique=True, sqlite_where=current, postgresql_where=current)
    if op.get_bind().dialect.name == "sqlite":
        make_sqlite_triggers()
    else:
        make_postgresql_triggers()


def downgrade() -> None:
    for table in (*reversed(FACTS), "treatment"):
        op.drop_table(table)


def make_treatment() -> None:
    op.create_table(
        "treatment",
        number("treatment_id"),
        number("patient_id"),
        number("entry_id"),
        primary("treatment", "treatment_id"),
        foreign("treatment", "patient_id", "patient"),
        foreign("treatment", "entry_id", "ledger_entry"),
    )
    op.create_index("ix_treatment_entry_id", "treatment", ["entry_id"])
    op.create_index("ix_treatment_patient_id", "treatment", ["patient_id"])


def make_lab_result() -> None:
    make_fact(
        "lab_result",
        [
            number("visit_id"),
            words("analyte"),
            sa.Column("value", sa.Float),
            words("comparator", nullable=True),
            words("unit", nullable=True),
            sa.Column("limit_low", sa.Float),
            sa.Column("limit_high", sa.Float),
            words("judgement", nullable=True),
            words("missing_reason", nullable=True),
        ],
        {
            "analyte": coded("analyte"),
            "comparator": "comparator IN ('<', '>')",
            "unit_filled": filled("unit", 20),
            "judgement": "judgement IN ('normal', 'abnormal', 'low', 'high')",
            "missing_reason": REASONS,
            "result_or_reason": "(value IS NULL AND judgement IS NULL) = (missing_reason IS NOT NULL)",
            "value_with_unit": "(value IS NULL) = (unit IS NULL)",
            "comparator_with_value": "comparator IS NULL OR value IS NOT NULL",
            "limits_with_value": "value IS NOT NULL OR (limit_low IS NULL AND limit_high IS NULL)",
            "value_range": "value BETWEEN 0 AND 100000",
            "limit_low_range": "limit_low BETWEEN 0 AND 100000",
            "limit_high_range": "limit_high BETWEEN 0 AND 100000",
            "limits_order": "limit_low < limit_high",
        },
        "visit",
    )


def make_function_score() -> None:
    make_fact(
        "function_score",
        [
            number("visit_id"),
            words("about"),
            words("scale"),
            sa.Column("score", sa.Float),
            words("missing_reason", nullable=True),
        ],
        {
            "about": coded("about"),
            "scale": coded("scale"),
            "missing_reason": REASONS,
            "score_or_reason": "(score IS NULL) = (missing_reason IS NOT NULL)",
            "score_range": "score BETWEEN 0 AND 100",
        },
        "visit",
    )


def make_treatment_details() -> None:
    make_fact(
        "treatment_details",
        [number("treatment_id"), words("treatment"), words("words", nullable=True), words("site", nullable=True)]
        + partial_date("started", nullable=True)
        + partial_date("ended", nullable=True)
        + [words("ending_reason", nullable=True)],
        {
            "treatment": coded("treatment"),
            "words_filled": filled("words", 200),
            "other_in_words": "treatment <> 'other' OR words IS NOT NULL",
            "site": coded("site"),
            "ended_after_start": "started_first <= ended_last",
            "ending_reason_filled": filled("ending_reason", 500),
            "ending_reason_when_ended": "ending_reason IS NULL OR ended IS NOT NULL",
        }
        | partial_date_rules("started", nullable=True)
        | partial_date_rules("ended", nullable=True),
        "treatment",
    )


def make_treatment_dose() -> None:
    make_fact(
        "treatment_dose",
        [
            number("treatment_id"),
            *partial_date("dose_since"),
            sa.Column("dose", sa.Float, nullable=False),
            words("dose_unit"),
            words("schedule", nullable=True),
        ],
        {
            "dose_range": "dose BETWEEN 0 AND 1000000",
            "dose_unit": "dose_unit IN ('ug', 'mg', 'g', 'IU', 'mL', 'kg', 'sessions')",
            "schedule_filled": filled("schedule", 100),
        }
        | partial_date_rules("dose_since"),
        "treatment",
    )


def make_differential() -> None:
    make_fact(
        "differential",
        [
            number("patient_id"),
            words("about"),
            words("cause"),
            *partial_date("decided_on"),
            words("state"),
            words("how", nullable=True),
            words("decided_by", nullable=True),
        ],
        {
            "about": coded("about"),
            "cause": coded("cause"),
            "state": "state IN ('excluded', 'not_excluded', 'pending', 'present')",
            "how_filled": filled("how", 200),
            "decided_by_filled": filled("decided_by", 100),
        }
        | partial_date_rules("decided_on"),
        "patient",
    )


def make_checklist_item() -> None:
    make_fact(
        "checklist_item",
        [number("patient_id"), words("checklist"), words("about"), words("item"), *partial_date("examined_on")]
        + [words("presence"), *partial_date("since", nullable=True), words("words", nullable=True)],
        {
            "checklist": "checklist IN ('crps', 'biopsy', 'risk')",
            "about": coded("about"),
            "item": coded("item"),
            "presence": "presence IN ('present', 'absent', 'not_examined')",
            "since_when_present": "since IS NULL OR presence = 'present'",
            "words_filled": filled("words", 200),
        }
        | partial_date_rules("examined_on")
        | partial_date_rules("since", nullable=True),
        "patient",
    )


def make_pregnancy_status() -> None:
    make_fact(
        "pregnancy_status",
        [
            number("patient_id"),
            *partial_date("stated_on"),
            words("state", nullable=True),
            number("gestational_week", nullable=True),
            words("missing_reason", nullable=True),
        ],
        {
            "state": "state IN ('pregnant', 'delivered', 'ended', 'not_pregnant')",
            "missing_reason": REASONS,
            "state_or_reason": "(state IS NULL) = (missing_reason IS NOT NULL)",
            "gestational_week_range": "gestational_week BETWEEN 0 AND 45",
            "gestational_week_whole": "gestational_week = CAST(gestational_week AS INTEGER)",
            "gestational_week_of_pregnancy": "gestational_week IS NULL"
            " OR (state IS NOT NULL AND state <> 'not_pregnant')",
        }
        | partial_date_rules("stated_on"),
        "patient",
    )


def make_fact(table: str, columns: list[sa.Column], rules: dict[str, str], owner: str) -> None:
    op.create_table(
        table,
        number("row_id"),
        number("recorded_by"),
        number("retracted_by", nullable=True),
        *columns,
        primary(table, "row_id"),
        foreign(table, f"{owner}_id", owner),
        foreign(table, "recorded_by", "ledger_entry"),
        foreign(table, "retracted_by", "ledger_entry"),
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


def coded(name: str) -> str:
    return f"{name} = lower({name}) AND length(trim({name})) > 0"


def primary(table: str, column: str) -> sa.Constraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def check(table: str, name: str, rule: str) -> sa.Constraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, column: str, other: str) -> sa.Constraint:
    key = "entry_id" if other == "ledger_entry" else f"{other}_id"
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def make_sqlite_triggers() -> None:
    sqlite_trigger("treatment_no_delete", "DELETE ON treatment")
    sqlite_trigger("treatment_no_update", "UPDATE ON treatment")
    sqlite_no_replace("treatment", [("pk_treatment", ["treatment_id"], "")])
    for table, (_, unique) in FACTS.items():
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        kept = "".join(f" AND NEW.{name} IS OLD.{name}" for name in columns if name != "retracted_by")
        sqlite_trigger(f"{table}_no_delete", f"DELETE ON {table}")
        sqlite_trigger(
            f"{table}_only_retract",
            f"UPDATE ON {table} WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL{kept})",
        )
        current = " AND retracted_by IS NULL AND NEW.retracted_by IS NULL"
        sqlite_no_replace(table, [(f"pk_{table}", ["row_id"], ""), (f"uq_{table}_current", unique, current)])


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
    for table in ("treatment", *FACTS):
        change, function = (
            ("only_retract", "tracker_only_retract") if table in FACTS else ("no_update", "tracker_refuse")
        )
        for name, event, run in (
            ("no_delete", f"DELETE ON {table} FOR EACH ROW", "tracker_refuse"),
            (change, f"UPDATE ON {table} FOR EACH ROW", function),
            ("no_truncate", f"TRUNCATE ON {table} FOR EACH STATEMENT", "tracker_refuse"),
        ):
            op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} EXECUTE FUNCTION {run}()")
