"""The triggers by which the database itself keeps the record append-only.

On both engines: no row is ever deleted; entries, identities and clinics never
change; of a fact only `retracted_by` changes, once, from NULL to an entry. SQLite
besides refuses to insert over a row that is there, since ``INSERT OR REPLACE`` would
delete the old one without asking the delete trigger; PostgreSQL refuses TRUNCATE.

Whoever owns the database can drop or change a trigger. `ledger.verify` notices that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, Index, PrimaryKeyConstraint, Table, UniqueConstraint, text

from tracker.database.tables import CLINIC, FACTS, IDENTITIES, LEDGER_ENTRY

_FIXED = (LEDGER_ENTRY, CLINIC, *IDENTITIES)

_POSTGRESQL_FUNCTIONS = (
    """CREATE FUNCTION tracker_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: what was recorded stays as it was', TG_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$""",
    """CREATE FUNCTION tracker_only_retract() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unretracted RECORD;
BEGIN
    unretracted := NEW;
    unretracted.retracted_by := NULL;
    IF OLD.retracted_by IS NOT NULL OR NEW.retracted_by IS NULL OR unretracted IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION '%: what was recorded stays as it was', TG_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$""",
)

_NAME = re.compile(r"^CREATE (TRIGGER|FUNCTION) (\w+)")
_TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid, true) FROM pg_trigger"
    " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)",
}
_FUNCTIONS = "SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'tracker%' AND pg_function_is_visible(oid)"


def statements(dialect_name: str) -> Iterator[str]:
    """Give the statements that make every trigger, for ``sqlite`` or ``postgresql``."""
    if dialect_name == "sqlite":
        for table in (*_FIXED, *FACTS):
            yield from _sqlite(table)
    else:
        yield from _POSTGRESQL_FUNCTIONS
        for table in (*_FIXED, *FACTS):
            yield from _postgresql(table)


def problems(connection: Connection) -> Iterator[str]:
    """Say which triggers, or functions they run, are missing, switched off or not as they ought to be."""
    dialect_name = connection.dialect.name
    present = dict(_rows(connection, _TRIGGERS[dialect_name]))
    functions = dict(_rows(connection, _FUNCTIONS)) if dialect_name == "postgresql" else {}
    for statement in statements(dialect_name):
        kind, name = _NAME.findall(statement)[0]
        if kind == "FUNCTION":
            if functions.get(name) != _plain(statement.split("$$")[1]):
                yield f"The function {name}, which triggers run, was changed or removed."
        elif name not in present:
            yield f"The trigger {name} is missing or switched off."
        elif present[name] != _plain(statement):
            yield f"The trigger {name} was changed."


def _rows(connection: Connection, query: str) -> Iterator[tuple[str, str]]:
    return ((str(name), _plain(sql)) for name, sql in connection.execute(text(query)))


def _plain(sql: str) -> str:
    """Give a statement without its line breaks and indents, which mean nothing."""
    return " ".join(sql.split())


def _sqlite(table: Table) -> Iterator[str]:
    name = table.name
    yield _sqlite_refusal(f"{name}_no_delete", f"DELETE ON {name}")
    if table in FACTS:
        kept = [f"NEW.{column.name} IS OLD.{column.name}" for column in table.c if column.name != "retracted_by"]
        allowed = " AND ".join(["OLD.retracted_by IS NULL", "NEW.retracted_by IS NOT NULL", *kept])
        yield _sqlite_refusal(f"{name}_only_retract", f"UPDATE ON {name} WHEN NOT ({allowed})")
    else:
        yield _sqlite_refusal(f"{name}_no_update", f"UPDATE ON {name}")
    refusals = "\n".join(
        f"    SELECT RAISE(ABORT, '{rule}: such a row is already there')"
        f" WHERE EXISTS (SELECT 1 FROM {name} WHERE {condition});"
        for rule, condition in _uniqueness(table)
    )
    yield f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name}\nBEGIN\n{refusals}\nEND"


def _sqlite_refusal(trigger: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {trigger} BEFORE {event}\n"
        f"BEGIN\n    SELECT RAISE(ABORT, '{trigger}: what was recorded stays as it was');\nEND"
    )


def _uniqueness(table: Table) -> Iterator[tuple[str, str]]:
    """Give each uniqueness rule of a table with the condition under which a new row breaks it."""
    key = _names_of(table.primary_key)[0]
    yield f"pk_{table.name}", f"{key} = NEW.{key}"
    for rule in sorted(_unique_constraints(table), key=lambda rule: str(rule.name)):
        yield str(rule.name), " AND ".join(f"{column} = NEW.{column}" for column in _names_of(rule))
    for index in sorted((index for index in table.indexes if index.unique), key=lambda index: str(index.name)):
        same = [f"{column} = NEW.{column}" for column in _names_of(index)]
        yield str(index.name), " AND ".join([*same, "retracted_by IS NULL", "NEW.retracted_by IS NULL"])


def _postgresql(table: Table) -> Iterator[str]:
    name = table.name
    yield _postgresql_trigger(f"{name}_no_delete", f"DELETE ON {name} FOR EACH ROW", "tracker_refuse")
    if table in FACTS:
        yield _postgresql_trigger(f"{name}_only_retract", f"UPDATE ON {name} FOR EACH ROW", "tracker_only_retract")
    else:
        yield _postgresql_trigger(f"{name}_no_update", f"UPDATE ON {name} FOR EACH ROW", "tracker_refuse")
    yield _postgresql_trigger(f"{name}_no_truncate", f"TRUNCATE ON {name} FOR EACH STATEMENT", "tracker_refuse")


def _postgresql_trigger(trigger: str, event: str, function: str) -> str:
    return f"CREATE TRIGGER {trigger} BEFORE {event} EXECUTE FUNCTION {function}()"


def _unique_constraints(table: Table) -> Iterator[UniqueConstraint]:
    """Give the unique constraints that say more than the primary key does."""
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint) and _names_of(table.primary_key)[0] not in _names_of(rule):
            yield rule


def _names_of(rule: UniqueConstraint | PrimaryKeyConstraint | Index) -> list[str]:
    return [column.name for column in rule.columns]
