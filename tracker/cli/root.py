"""The root command: lazy nouns, one error boundary, colour and exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn

import click

from tracker import __version__
from tracker.cli.terminal import Terminal
from tracker.errors import InputError, TrackerError

INTERRUPTED = 130
NOUNS = {
    "casereport": "the skeleton of a case report, with a timeline and without code or dates",
    "checklist": "CRPS signs, biopsy findings, risk factors and history",
    "cohort": "all patients of a clinic together: tables, time to resolution",
    "config": "what is set once, and where it is set",
    "course": "the course of a patient against the expected one",
    "db": "look after the database",
    "demo": "published cases and a simulated clinic in a database of their own",
    "differential": "other causes of marrow edema, excluded or open",
    "due": "who should be seen or imaged, when and why",
    "episode": "periods of disease at a site",
    "export": "the record as csv, xlsx, parquet or json, de-identified unless said otherwise",
    "flags": "what is off course, red flags and further sites, of one patient or of all",
    "import": "a tidy csv or xlsx file into the record",
    "init": "make the database and say where it is",
    "log": "the ledger: who recorded what, and when",
    "migration": "what followed what between a patient's sites",
    "patient": "patients by study code",
    "pregnancy": "pregnancy by day, and delivery",
    "report": "offline pages with charts",
    "site": "bones and joints by name",
    "trace": "from a shown number back to its rows, entries and sources",
    "treatment": "treatments with start, end and dose",
    "undo": "take back one entry of the ledger",
    "visit": "log and correct visits",
    "word": "codes of the open lists",
}
# Nouns whose module is named otherwise: `import` is a word of Python, `migration` is left to schema revisions.
_MODULES = {"export": "export_release", "import": "import_file", "migration": "site_migration"}


def _print_whatever_comes() -> None:
    """Escape what the terminal's alphabet lacks: an entry must not look failed because it cannot be printed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def failure_of(error: TrackerError, *, afterword: str) -> click.ClickException:
    """Make the exception that click prints, with that error's exit code."""
    sentence = f"{error.message} {error.hint}" if error.hint else error.message
    failure = click.ClickException(f"{sentence}\n{afterword}" if afterword else sentence)
    failure.exit_code = error.exit_code  # type: ignore[misc]  # typed as a class variable, read from the instance
    return failure


class Root(click.Group):
    """A group whose nouns are imported when typed, and whose errors are sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the nouns without importing them."""
        return sorted(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a noun's module and give its command."""
        if cmd_name not in NOUNS:
            return None
        command: click.Command = import_module(f"tracker.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the nouns with their line, still without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(NOUNS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Turn an expected failure into its sentence and exit code."""
        try:
            return super().invoke(ctx)
        except TrackerError as error:
            raise failure_of(error, afterword=Terminal.of(ctx).afterword) from error

    def main(  # type: ignore[override]  # the base is overloaded on standalone_mode; this one never returns
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: object
    ) -> NoReturn:
        """Run, and leave with the documented exit code; pages follow what was written."""
        terminal = Terminal()
        try:
            self._run(terminal, args, prog_name, extra)
        finally:
            if terminal.has_opened and not os.environ.get(
                "_TRACKER_COMPLETE"
            ):  # completing has no place to say anything
                _see_to_pages(terminal)

    def _run(
        self, terminal: Terminal, args: Sequence[str] | None, prog_name: str | None, extra: dict[str, object]
    ) -> NoReturn:
        extra |= {"standalone_mode": False, "obj": terminal}
        _print_whatever_comes()
        try:
            code = super().main(args, prog_name, **extra)  # type: ignore[call-overload]  # handed through
        except click.Abort:
            _say("", f"Stopped. {terminal.afterword}".rstrip())
            sys.exit(INTERRUPTED)
        except click.ClickException as failure:
            failure.show()
            if isinstance(failure, click.UsageError) and terminal.afterword:
                click.echo(terminal.afterword, err=True)
            sys.exit(failure.exit_code)
        except OSError as error:
            _leave_without_stdout(error, terminal)
        except Exception as error:  # the last boundary: a traceback could show what was typed
            _leave_after_a_fault(error, terminal)
        sys.exit(code if isinstance(code, int) else 0)


def _see_to_pages(terminal: Terminal) -> None:
    """Do what comes after every command that looked into a record; it never changes how that one ended."""
    from tracker.cli.refresh import after_command

    try:
        after_command(terminal)
    except Exception as error:  # the answer is given, and what was written is written
        if os.environ.get("TRACKER_DEBUG"):
            raise
        _say(
            f"No page was refreshed: the program failed ({type(error).__name__}). To write them: tracker report clinic"
        )


def _leave_without_stdout(error: OSError, terminal: Terminal) -> NoReturn:
    """Leave when the answer cannot be printed: the disk behind it is full. A broken pipe is click's own affair."""
    with suppress(OSError):
        # Python flushes once more when it ends, and would complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _say(f"Error: The command could not finish: {error.strerror or error}.", terminal.afterword)
    sys.exit(1)


def _leave_after_a_fault(error: Exception, terminal: Terminal) -> NoReturn:
    """Leave after an error nobody foresaw, naming its kind and place but no value of the record."""
    if os.environ.get("TRACKER_DEBUG"):
        raise error
    place = traceback.extract_tb(error.__traceback__)[-1]
    _say(
        f"Error: The program failed ({type(error).__name__} at {os.path.basename(place.filename)}:{place.lineno}).",
        "That is a fault of the program: report this line. TRACKER_DEBUG=1 shows more, and may show patient data.",
        terminal.afterword,
    )
    sys.exit(1)


def _say(*lines: str) -> None:
    click.echo("\n".join(line for line in lines if line), err=True)


def _refuse_empty(option: str, value: str | None, hint: str) -> None:
    """Refuse what an unset variable of a script leaves: another record, or another name, would be taken silently."""
    if value is not None and not value.strip():
        raise InputError(f"{option} was given as '{value}', which names nothing.", hint=hint)


@click.command(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "TRACKER"})
@click.version_option(__version__, prog_name="tracker")
@click.option(
    "--database",
    metavar="URL",
    envvar="TRACKER_DATABASE_URL",
    help="Database to use: a file path, or an SQLAlchemy URL; an empty TRACKER_DATABASE_URL counts as unset.",
)
@click.option("--by", metavar="NAME", help="Who is recording; the login name otherwise.")
@click.option("--no-input", is_flag=True, help="Never ask; fail and name the option instead.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour in messages.")
@click.pass_context
def root(ctx: click.Context, database: str | None, by: str | None, no_input: bool, color: str) -> None:
    """Follow bone marrow edema syndrome visit by visit, against the expected course.

    Decision support for trained staff, not a diagnosis.

    \b
    Example:
      tracker patient add P-07 --sex M --born 1979 --site ankle-left --onset 2026-01
      tracker visit add P-07 --on today --pain ankle-left=7 --vitamin-d 18ng/mL
      tracker course show P-07
    """
    terminal = Terminal.of(ctx)
    _refuse_empty("--database", database, "Name a file or an address, or leave the option out.")
    _refuse_empty("--by", by, "Name who is recording, or leave the option out.")
    terminal.database_url = database
    terminal.recorded_by = by
    terminal.no_input = no_input
    ctx.color = terminal.wants_color(color)
