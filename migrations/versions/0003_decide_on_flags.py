"""What staff said of raised flags.

What changes and why: one fact table, `flag_decision`, is made, so that a flag can be acknowledged, dismissed with a
reason and opened again, with a hash of the evidence that was about. No table that was there changes, so every entry
keeps its hash.

Is any data rewritten: no.

What does downgrade lose: what was said of flags. Entries that recorded it stay in the ledger and no longer hold, as
`tracker db verify` then says; only a backup brings it back.

How was it tested: up, down and up again on both engines, empty and filled; its table, indexes, rules and triggers
compared with those of `tracker.database.case_tables` and `tracker.database.triggers`; tests/migrations/data/0001.sql to
0003.sql are loaded, read and written to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLE = "flag_decision"
UNIQUE = ["patient_id", "flag", "about"]
STAYS = "what was recorded stays as it was"


def upgrade() -> None:
    make_flag_decision()
    for column in ("recorded_by", "retracted_by", "patient_id"):
        op.create_index(f"ix_{TABLE}_{column}", TABLE, [column])
    current = sa.text("retracted_by IS NULL")
    name = f"uq_{TABLE}_current"
    op.create_index(name, TABLE, UNIQUE, unique=True, sqlite_where=current, postgresql_where=current)
    if op.get_bind().dialect.name == "sqlite":
        make_sqlite_triggers()
    else:
        make_postgresql_triggers()


def downgrade() -> None:
    op.drop_table(TABLE)


def make_flag_decision() -> None:
    rules = {
        "flag": coded("flag"),
        "about": coded("about"),
        "rule_version_filled": filled("rule_version", 20),
        "decision": "decision IN ('acknowledged', 'dismissed', 'reopened')",
        "reason_filled": filled("reason", 500),
        "dismissed_with_reason": "decision <> 'dismissed' OR reason IS NOT NULL",
        "flag_state_filled": filled("flag_state", 20),
        "evidence_hash_length": "length(evidence_hash) = 64",
        "retracted_later": "retracted_by > recorded_by",
    }
    rules |= partial_date_rules("evidence_until", nullable=True) | partial_date_rules("decided_on")
    op.create_table(
        TABLE,
        number("row_id"),
        number("recorded_by"),
        number("retracted_by", nullable=True),
        number("patient_id"),
        words("flag"),
        words("rule_version"),
        words("about"),
        number("episode_id", nullable=True),
        words("decision"),
        words("reason", nullable=True),
        words("flag_state"),
        *partial_date("evidence_until", nullable=True),
        words("evidence_hash"),
        *partial_date("decided_on"),
        primary(TABLE, "row_id"),
        foreign(TABLE, "patient_id", "patient"),
        foreign(TABLE, "episode_id", "episode"),
        foreign(TABLE, "recorded_by", "ledger_entry"),
        foreign(TABLE, "retracted_by", "ledger_entry"),
        *(check(TABLE, name, rule) for name, rule in rules.items()),
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
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(TABLE)]
    kept = "".join(f" AND NEW.{name} IS OLD.{name}" for name in columns if name != "retracted_by")
    sqlite_trigger(f"{TABLE}_no_delete", f"DELETE ON {TABLE}")
    sqlite_trigger(
        f"{TABLE}_only_retract",
        f"UPDATE ON {TABLE} WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL{kept})",
    )
    current = " AND retracted_by IS NULL AND NEW.retracted_by IS NULL"
    sqlite_no_replace(TABLE, [(f"pk_{TABLE}", ["row_id"], ""), (f"uq_{TABLE}_current", UNIQUE, current)])


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
    for name, event, run in (
        ("no_delete", f"DELETE ON {TABLE} FOR EACH ROW", "tracker_refuse"),
        ("only_retract", f"UPDATE ON {TABLE} FOR EACH ROW", "tracker_only_retract"),
        ("no_truncate", f"TRUNCATE ON {TABLE} FOR EACH STATEMENT", "tracker_refuse"),
    ):
        op.execute(f"CREATE TRIGGER {TABLE}_{name} BEFORE {event} EXECUTE FUNCTION {run}()")
