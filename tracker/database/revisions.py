"""Where the schema revisions are, which one a database is at, and running them.

A revision is a file ``migrations/versions/NNNN_what_changes.py``; its number is its
name, so that the newest is known without loading Alembic (half a second).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from tracker.database.tables import METADATA
from tracker.errors import SchemaError

if TYPE_CHECKING:
    from alembic.config import Config

_PACKAGE = Path(__file__).parent.parent


def migrations_dir() -> Path:
    """Give the directory of the revisions: inside the installed package, or beside it in a checkout.

    Raises
    ------
    SchemaError
        If neither place holds one: the installation is incomplete.
    """
    places = (_PACKAGE / "_migrations", _PACKAGE.parent / "migrations")
    for place in places:
        if (place / "env.py").is_file():
            return place
    raise SchemaError(
        f"The schema revisions are neither in '{places[0]}' nor in '{places[1]}'.", hint="Install the program again."
    )


def head_revision() -> str:
    """Give the newest revision this program has, such as ``0001``."""
    return max(path.name[:4] for path in (migrations_dir() / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def current_revision(connection: Connection) -> str | None:
    """Give the revision a database is at; None where the tables were never made."""
    query = "SELECT version_num FROM alembic_version"
    if connection.dialect.name == "postgresql":
        # asking for a table that is not there would spoil the transaction
        if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return None
        found = connection.exec_driver_sql(query).scalar()
    else:
        try:
            found = connection.exec_driver_sql(query).scalar()
        except OperationalError as error:
            if "no such table" not in str(error.orig):
                raise
            return None
    return None if found is None else str(found)


def check_revision(current: str | None, place: str) -> str:
    """Give `current` back if this program can use a database at it.

    Raises
    ------
    SchemaError
        If the database is older, newer, or holds no tables of this program.
    """
    head = head_revision()
    if current is None:
        raise SchemaError(
            f"The database '{place}' is empty: it holds no tables of this program.",
            hint="Check the address; tracker init makes a new record there.",
        )
    if current == head:
        return current
    if re.fullmatch(r"\d{4}", current) and current < head:
        raise SchemaError(
            f"The database '{place}' is at schema revision {current}; this version needs {head}.",
            hint="Run: tracker db upgrade (a backup is made first)",
        )
    raise SchemaError(
        f"The database '{place}' is at schema revision {current}; this version knows revisions up to {head}.",
        hint=f"Install a version of bmes-tracker that knows revision {current}.",
    )


def refuse_foreign_tables(connection: Connection, place: str) -> None:
    """Refuse a database without our tables that holds those of another program (`SchemaError`)."""
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}  # it stays, empty, of a record undone
    if connection.dialect.name == "postgresql":
        # a server's database may be shared; only our names must be free
        names &= set(METADATA.tables)
    if names:
        raise SchemaError(
            f"'{place}' is a database of another program: it holds the table '{min(names)}'.",
            hint="Choose another one; this one was left as it is.",
        )


def run_up(connection: Connection, revision: str = "head") -> None:
    """Bring a database up to `revision` inside the transaction of `connection`."""
    from alembic import command  # noqa: PLC0415 - half a second, needed only here

    command.upgrade(config(connection), revision)


def run_down(connection: Connection, revision: str) -> None:
    """Bring a database down to `revision`, inside the transaction of `connection`."""
    from alembic import command  # noqa: PLC0415 - half a second, needed only here

    command.downgrade(config(connection), revision)


def config(connection: Connection) -> Config:
    """Give Alembic's configuration for `connection`: built here, there is no ini file."""
    from alembic.config import Config  # noqa: PLC0415 - half a second, needed only here

    settings = Config()
    # a percent sign in the path would be read as interpolation
    settings.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings
