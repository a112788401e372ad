"""`tracker config`: what is set once, and where it is set."""

from __future__ import annotations

import click

from tracker.cli.options import WriteCommand, dry_run_option, json_option
from tracker.cli.render import print_json, print_table, say
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.errors import NotFoundError

_KEYS = ("report.dir",)
_key_argument = click.argument("key", metavar="KEY", type=click.Choice(_KEYS))


@click.group("config")
def command() -> None:
    """Set what holds for every command: report.dir, the folder whose pages every write refreshes.

    An option goes first, then the environment (TRACKER_REPORT_DIR), then tracker.toml in the working directory,
    then the user's own file. No setting is a secret.

    \b
    Example:
      tracker config set report.dir ~/clinic-pages
      tracker config show --origin
    """


@command.command("set", cls=WriteCommand)
@_key_argument
@click.argument("value")
@dry_run_option
@pass_terminal
def set_(terminal: Terminal, key: str, value: str, dry_run: bool) -> None:
    """Keep a setting in the user's own file.

    \b
    Example:
      tracker config set report.dir ~/clinic-pages
    """
    from tracker.service.settings import set_value

    kept = set_value(key, value, terminal.folder(), dry_run=dry_run)
    click.echo(f"{kept.key} = {kept.value}")
    say(
        "Dry run: nothing was written."
        if dry_run
        else f"Kept in {kept.origin}. To take it back: tracker config unset {key}"
    )
    now = terminal.setting(key)
    if now.value != kept.value and not dry_run:
        say(f"Here {now.origin} goes before it and says {now.value or 'nothing'}.", fg="yellow")


@command.command("unset", cls=WriteCommand)
@_key_argument
@dry_run_option
def unset(key: str, dry_run: bool) -> None:
    """Take a setting out of the user's own file.

    \b
    Example:
      tracker config unset report.dir
    """
    from tracker.service.settings import unset_value

    if not unset_value(key, dry_run=dry_run):
        say(f"{key} is not set there. Nothing was written.")
    else:
        say("Dry run: nothing was written." if dry_run else f"{key} is no longer set there.")


@command.command("get")
@_key_argument
@json_option
@pass_terminal
def get(terminal: Terminal, key: str, json_wanted: bool) -> None:
    """Print one setting; exit code 3 where nobody set it.

    \b
    Example:
      tracker config get report.dir
    """
    found = terminal.setting(key)
    if json_wanted:
        print_json(found)
    elif found.value is not None:
        click.echo(found.value)
    if found.value is None:
        raise NotFoundError(f"{key} is not set.", hint=f"Set it: tracker config set {key} DIR")


@command.command("show")
@click.option("--origin", is_flag=True, help="Say as well where each is set.")
@json_option
@pass_terminal
def show(terminal: Terminal, origin: bool, json_wanted: bool) -> None:
    """List every setting with what it does.

    \b
    Example:
      tracker config show --origin
    """
    from tracker.service.settings import KEYS

    found = [terminal.setting(key) for key in KEYS]
    if json_wanted:
        print_json(found)
        return
    headings = ["setting", "value", *(["set by"] if origin else []), "what it does"]
    rows = [(one.key, one.value, *([one.origin] if origin else []), KEYS[one.key].about) for one in found]
    print_table(headings, rows, empty="There is no setting.")
