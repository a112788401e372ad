"""Who sits at the terminal, what day it is, and where the database lies.

The only place that reads the clock, the login name and the environment.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker import __version__
from tracker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.database.ledger import Origin
    from tracker.database.session import Database
    from tracker.service.settings import Setting


@dataclass
class Terminal:
    """State of one run of the command line, filled by the root command."""

    database_url: str | None = None
    recorded_by: str | None = None
    no_input: bool = False
    afterword: str = ""
    has_opened: bool = False
    has_written: bool = False

    @classmethod
    def of(cls, ctx: click.Context) -> Terminal:
        """Give the terminal of this run, made on first asking."""
        return ctx.ensure_object(cls)

    @staticmethod
    def now() -> datetime:
        """Give this moment, where the clinic is."""
        return datetime.now().astimezone()

    @staticmethod
    def today_here() -> date:
        """Today, where the clinic is."""
        return datetime.now().astimezone().date()

    @property
    def can_ask(self) -> bool:
        """Whether a person can answer a question here."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    @staticmethod
    def wants_color(choice: str) -> bool | None:
        """Decide on colour: None lets click look whether a terminal is there."""
        if choice != "auto":
            return choice == "always"
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return False if plain else None

    def url(self) -> str:
        """Where the record is kept: an SQLAlchemy URL."""
        from tracker.service.places import database_url

        return database_url(self.database_url)

    @staticmethod
    def folder() -> Path:
        """Give the working directory."""
        return Path.cwd()

    @classmethod
    def setting(cls, key: str) -> Setting:
        """Look up what was set once: in the environment, beside the work, or by the user."""
        from tracker.service.settings import find_setting

        return find_setting(key, os.environ, cls.folder())

    @contextmanager
    def database(self, *, create: bool = False, first_use: bool = False) -> Iterator[Database]:
        """Open the database for one command.

        `create` makes what is missing; `first_use` makes only the user's own default file. Everything else
        finds a database or says that there is none: a slip in a path, or a record that has vanished, must not
        look like an empty clinic.
        """
        from tracker.database.session import open_database

        database = open_database(self.url(), create=create or (first_use and not self.database_url))
        self.has_opened = True
        try:
            yield database
        finally:
            self.has_written |= database.has_written
            database.close()

    def origin(self, *, reason: str | None = None) -> Origin:
        """Say who records, when, and with what command."""
        from tracker.database.ledger import Origin

        ctx = click.get_current_context()
        return Origin(
            recorded_at=datetime.now().astimezone(),
            recorded_by=self._name(),
            command=ctx.command_path.removeprefix(ctx.find_root().command_path).strip(),
            program_version=__version__,
            reason=reason,
        )

    def show_warnings(self, warnings: tuple[str, ...]) -> None:
        """Print soft warnings for the person at the terminal."""
        for warning in warnings:
            click.secho(f"Please check: {warning}", err=True, fg="yellow")

    def confirm_warnings(self, warnings: tuple[str, ...]) -> bool:
        """Show soft warnings and ask once whether to record all the same."""
        self.show_warnings(warnings)
        return click.confirm("Record it all the same?", default=False, err=True)

    def _name(self) -> str:
        if self.recorded_by:
            return self.recorded_by
        for variable in ("LOGNAME", "USER", "USERNAME"):
            if os.environ.get(variable):
                return os.environ[variable]
        import getpass

        try:
            return getpass.getuser()
        except (ImportError, OSError, KeyError):
            raise InputError(
                "This computer does not say who you are.", hint="Give your name: tracker --by NAME ..."
            ) from None


pass_terminal = click.make_pass_decorator(Terminal, ensure=True)
