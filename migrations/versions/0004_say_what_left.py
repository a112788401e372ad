"""What left the record, and the secrets that ids of a release are made with.

What changes and why: two fact tables are made. `release_key` holds a secret for each named release, so that its ids are
the same every time and never those of another release; `export_made` says of each export who made it, of what, and the
SHA-256 of its manifest. No table that was there changes, so every entry keeps its hash.

Is any data rewritten: no.

What does downgrade lose: what was exported, and the secrets, so that no release gives the same ids again. Entries that
recorded them stay in the ledger and no longer hold, as `tracker db verify` then says; only a backup brings it back.

How was it tested: up, down and up again on both engines, empty and filled; tables, indexes, rules and triggers compared
with those of `tracker.database.release_tables` and `tracker.database.triggers`; tests/migrations/data/0001.sql to
0004.sql are loaded, read and written to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNIQUE = {"release_key": ["release_name"], "export_made": []}
STAYS = "what was recorded stays as it was"


def upgrade() -> None:
    make_release_key()
    make_export_made()
    for table, unique in UNIQUE.items():
        for column in ("recorded_by", "retracted_by", "release_name"):
            op.create_index(f"ix_{table}_{column}", table, [column])
        if unique:
            current = sa.text("retracted_by IS NULL")
            name = f"uq_{table}_current"
            op.create_index(name, table, unique, unique=True, sqlite_where=current, postgresql_where=current)
        if op.get_bind().dialect.name == "sqlite":
            make_sqlite_triggers(table, unique)
        else:
            make_postgresql_triggers(table)


def downgrade() -> None:
    op.drop_table("export_made")
    op.drop_table("release_key")


def make_release_key() -> None:
    make_table(
        "release_key",
        [words("release_name"), words("secret")],
        {"release_name_filled": filled("release_name", 40), "secret_length": "length(secret) = 64"},
    )


def make_export_made() -> None:
    columns = [
        words("release_name", nullable=True),
        *(words(name) for name in ("kind", "selection", "formats")),
        number("n_patients"),
        words("manifest_sha256"),
    ]
    rules = {
        "release_name_filled": filled("release_name", 40),
        "kind": "kind IN ('de-identified', 'identified', 'case report')",
        "selection_filled": filled("selection", 500),
        "formats_filled": filled("formats", 100),
        "n_patients_range": "n_patients >= 0",
        "manifest_sha256_length": "length(manifest_sha256) = 64",
        "release_when_de_identified": "(release_name IS NULL) = (kind <> 'de-identified')",
    }
    make_table("export_made", columns, rules)


def make_table(table: str, columns: list[sa.Column], rules: dict[str, str]) -> None:
    op.create_table(
        table,
        number("row_id"),
        number("recorded_by"),
        number("retracted_by", nullable=True),
        *columns,
        primary(table, "row_id"),
        foreign(table, "recorded_by"),
        foreign(table, "retracted_by"),
        *(check(table, name, rule) for name, rule in (rules | {"retracted_later": LATER}).items()),
    )


LATER = "retracted_by > recorded_by"


def number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=nullable, autoincrement=False)


def words(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def filled(name: str, at_most: int) -> str:
    return f"length(trim({name})) > 0 AND length({name}) <= {at_most}"


def primary(table: str, column: str) -> sa.Constraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def check(table: str, name: str, rule: str) -> sa.Constraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def foreign(table: str, column: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint([column], ["ledger_entry.entry_id"], name=op.f(f"fk_{table}_{column}_ledger_entry"))


def make_sqlite_triggers(table: str, unique: list[str]) -> None:
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    kept = "".join(f" AND NEW.{name} IS OLD.{name}" for name in columns if name != "retracted_by")
    sqlite_trigger(f"{table}_no_delete", f"DELETE ON {table}")
    sqlite_trigger(
        f"{table}_only_retract",
        f"UPDATE ON {table} WHEN NOT (OLD.retracted_by IS NULL AND NEW.retracted_by IS NOT NULL{kept})",
    )
    current = " AND retracted_by IS NULL AND NEW.retracted_by IS NULL"
    rules = [(f"pk_{table}", ["row_id"], "")]
    sqlite_no_replace(table, [*rules, *([(f"uq_{table}_current", unique, current)] if unique else [])])


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


def make_postgresql_triggers(table: str) -> None:
    for name, event, run in (
        ("no_delete", f"DELETE ON {table} FOR EACH ROW", "tracker_refuse"),
        ("only_retract", f"UPDATE ON {table} FOR EACH ROW", "tracker_only_retract"),
        ("no_truncate", f"TRUNCATE ON {table} FOR EACH STATEMENT", "tracker_refuse"),
    ):
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} EXECUTE FUNCTION {run}()")
