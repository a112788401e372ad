"""What the revisions build is what the program expects: tables, columns, rules, indexes and triggers.

Alembic's own comparison sees neither CHECKs nor triggers, so both databases are read back and compared.
"""

import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from tracker.database import triggers
from tracker.database.tables import METADATA, metadata_for_ddl


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request):
    """Name the engine; its two databases are only looked at, so that one of each is enough."""
    return request.param


@pytest.fixture(scope="module")
def by_revisions(engine, new_database):
    made = create_engine(new_database(engine))
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def by_metadata(engine, request, tmp_path_factory):
    """The tables as `tracker.database` describes them, made without any revision."""
    url = f"sqlite:///{tmp_path_factory.mktemp('metadata') / 'metadata.db'}"
    if engine == "postgresql":
        url = request.getfixturevalue("postgres_server")(with_tables=False)
    made = create_engine(url)
    with made.begin() as connection:
        metadata_for_ddl().create_all(connection)
        for statement in triggers.statements(engine):
            connection.exec_driver_sql(statement.replace("%", "%%") if engine == "postgresql" else statement)
    yield made
    made.dispose()


def by_name(items):
    return sorted((dict(item) for item in items), key=lambda item: item["name"])


def described(made, table):
    seen = inspect(made)
    columns = [{**column, "type": str(column["type"])} for column in seen.get_columns(table)]
    return {
        "columns": columns,
        "primary key": seen.get_pk_constraint(table),
        "foreign keys": by_name(seen.get_foreign_keys(table)),
        "uniques": by_name(seen.get_unique_constraints(table)),
        "checks": by_name(seen.get_check_constraints(table)),
        "indexes": [readable(index) for index in by_name(seen.get_indexes(table))],
    }


def readable(index):
    return index | {"dialect_options": {name: str(value) for name, value in index["dialect_options"].items()}}


def trigger_definitions(made):
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if made.dialect.name == "sqlite"
        else "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
        " UNION ALL SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'tracker%' ORDER BY 1"
    )
    with made.connect() as connection:
        return [(name, re.sub(r"\s+", " ", sql)) for name, sql in connection.execute(text(query))]


def test_alembic_sees_no_difference(by_revisions):
    with by_revisions.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata_for_ddl()) == []


def test_there_are_the_same_tables(by_revisions, by_metadata):
    assert set(inspect(by_metadata).get_table_names()) == set(METADATA.tables)
    assert set(inspect(by_revisions).get_table_names()) == {*METADATA.tables, "alembic_version"}


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_a_table_is_the_same(by_revisions, by_metadata, table):
    assert described(by_revisions, table) == described(by_metadata, table)


def test_the_triggers_are_the_same(by_revisions, by_metadata):
    # on twenty-three tables three triggers each, and two functions on PostgreSQL
    made = trigger_definitions(by_revisions)
    assert len(made) == (69 if by_revisions.dialect.name == "sqlite" else 71)
    assert made == trigger_definitions(by_metadata)


def test_every_rule_has_a_name_that_a_later_revision_can_use(by_revisions):
    for table in METADATA.tables:
        seen = inspect(by_revisions)
        rules = [
            *seen.get_check_constraints(table),
            *seen.get_unique_constraints(table),
            *seen.get_foreign_keys(table),
            seen.get_pk_constraint(table),
        ]
        assert [rule for rule in rules if not rule["name"]] == []
        assert len(rules) == len({rule["name"] for rule in rules})
