#!/usr/bin/env python3
"""Write README's session, command reference, columns of fits and data dictionary from the code.

`python3 scripts/update_docs.py` rewrites what stands between the markers;
`--check` changes nothing and fails when README.md is stale.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import environment

if TYPE_CHECKING:
    import click

    from tracker.analysis.batch.fit_columns import FitColumn
    from tracker.clinical.dictionary import Field
    from tracker.clinical.operating_characteristics import OperatingCharacteristics

README = environment.PROJECT / "README.md"
_SESSION = (
    "tracker init",
    "tracker patient add P-07 --sex M --born 1979 --site ankle-left --onset ~2025-01-10",
    "tracker visit add P-07 --on 2025-02-17 --pain ankle-left=7 --vitamin-d 18ng/mL --mri talus-left=large,patchy",
    "tracker visit add P-07 --on 2025-03-31 --pain ankle-left=7",
    "tracker visit add P-07 --on 2025-06-16 --pain ankle-left=4 --note 'walks without crutches'",
    "tracker course show P-07 --as-of 2025-06-16",
    "tracker report patient P-07 --as-of 2025-06-16 --out pages",
)
_RANGE_OF = {"text": " characters", "date": " (years)"}


def main() -> int:
    """Bring README.md up to date, or with `--check` say whether it is."""
    environment.enter(__file__)
    from tracker.analysis.batch.fit_columns import FIT_COLUMNS
    from tracker.cli.root import root
    from tracker.clinical.dictionary import FIELDS
    from tracker.clinical.operating_characteristics import load_operating_characteristics

    old = README.read_text(encoding="utf-8")
    new = fill(old, "session", session_text(root))
    new = fill(new, "fits", fits_table(FIT_COLUMNS))
    new = fill(new, "flags", flags_table(load_operating_characteristics()))
    new = fill(new, "commands", command_table(root))
    new = fill(new, "dictionary", dictionary_table(FIELDS))
    if new == old:
        return 0
    if "--check" in sys.argv[1:]:
        print("README.md no longer says what the code says. Run: python3 scripts/update_docs.py", file=sys.stderr)
        return 1
    README.write_text(new, encoding="utf-8")
    print("README.md was brought up to date.")
    return 0


def fill(text: str, name: str, content: str) -> str:
    """Replace what stands between the markers called `name`."""
    begin, end = f"<!-- begin {name}: written by scripts/update_docs.py -->", f"<!-- end {name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        sys.exit(f"README.md must hold one pair of the markers '{begin}' and '{end}'.")
    return pattern.sub(lambda _: f"{begin}\n{content}\n{end}", text)


def session_text(root: click.Group) -> str:
    """Run the session on a record of its own, and give what was typed and what was answered."""
    from click.testing import CliRunner

    lines = ["```"]
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        runner = CliRunner(
            env={
                "TRACKER_DATABASE_URL": f"{name}/record.db",
                "LOGNAME": "nurse",
                "NO_COLOR": "1",
                "TRACKER_REPORT_DIR": "",
            }
        )
        for typed in _SESSION:
            result = runner.invoke(root, shlex.split(typed)[1:])
            if result.exit_code != 0:
                sys.exit(f"README's session stops at '{typed}': {result.output}{result.exception or ''}")
            lines += [f"$ {typed}", *result.output.replace(name, "~/clinic").splitlines(), ""]
    return "\n".join([*lines[:-1], "```"])


def fits_table(columns: Sequence[FitColumn]) -> str:
    """List the columns of a table of fits."""
    lines = ["| column | holds | says |", "|---|---|---|"]
    for column in columns:
        holds = f"{column.kind}, {column.unit}" if column.unit else column.kind
        lines.append(f"| `{column.name}` | {holds} | {column.description} |")
    return "\n".join(lines)


def flags_table(table: OperatingCharacteristics) -> str:
    """Put the published operating characteristics in the few lines a reader starts with."""
    rows = [row for row in table.flags if row.visits == "all"]
    expected, named = rows[0], [row for row in rows if row.named is not None]
    by_share = sorted(named, key=lambda row: -row.suspected)
    found = ", ".join(f"{row.kind.replace('_', ' ')} {100 * row.suspected:.0f} %" for row in by_share)
    delays = [row.delay_from_visit_days[1] for row in named if row.delay_from_visit_days is not None]
    forecasts = {(row.cut, row.method): row for row in table.forecasts}
    own = [row for row in table.forecasts if row.method == "course model"]
    errors = ", ".join(f"{row.mae_days:.0f} days ({row.cut})" for row in own)
    constant = forecasts[own[0].cut, "constant course"]
    return "\n".join(
        [
            f"| of {expected.n} expected and {sum(row.n for row in rows[1:])} atypical courses | |",
            "|---|---|",
            f"| expected courses with a course flag at any visit: false alarms | {100 * expected.suspected:.1f} %; "
            f"confirmed {100 * expected.confirmed:.1f} %; asked to score again {100 * expected.remeasure:.1f} % |",
            f"| atypical courses with a course flag at any visit | {found} |",
            "| from the first visit at which a course is truly different to its first flag | "
            f"median {min(delays):.0f} to {max(delays):.0f} days, by kind |",
            f"| error of the resolution day of expected courses, mean | {errors}; {constant.mae_days:.0f} days by the "
            "reference alone |",
            f"| its 95 % intervals that held it | {', '.join(f'{100 * (row.coverage or 0):.0f} %' for row in own)} |",
        ]
    )


def command_table(root: click.Group) -> str:
    """List every command with its arguments, what it does and its own options."""
    lines = ["| command | does | options |", "|---|---|---|"]
    for path, command in walk(root, ("tracker",)):
        usage = " ".join([*path, *(_argument_name(p) for p in command.params if _is_argument(p))])
        options = ", ".join(f"`{name}`" for name in _option_names(command))
        lines.append(f"| `{usage}` | {command.get_short_help_str(limit=200)} | {options} |")
    return "\n".join(lines)


def walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Give every command that is no group, with the words that lead to it."""
    import click

    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        assert child is not None, f"'{name}' is listed but is no command"
        yield from walk(child, (*path, name))


def _is_argument(parameter: click.Parameter) -> bool:
    return parameter.param_type_name == "argument"


def _argument_name(argument: click.Parameter) -> str:
    name = argument.human_readable_name.strip("[]")
    return name if argument.required else f"[{name}]"


def _option_names(command: click.Command) -> list[str]:
    options = [p for p in command.params if not _is_argument(p) and not getattr(p, "hidden", False)]
    return [max(option.opts, key=len) for option in options]


def dictionary_table(fields: Mapping[str, Field]) -> str:
    """List every field with where it is stored, what it may hold, and why."""
    lines = ["| field | in | holds | allowed | why |", "|---|---|---|---|---|"]
    for field in fields.values():
        holds = f"{field.type}, {field.unit}" if field.unit else field.type
        mark = " (identifier)" if field.is_identifier else ""
        lines.append(f"| `{field.name}`{mark} | {field.table} | {holds} | {_allowed(field)} | {field.why} |")
    return "\n".join(lines)


def _allowed(field: Field) -> str:
    if field.allowed is not None:
        return ", ".join(f"`{word}`" for word in field.allowed)
    if field.type in ("site", "about"):
        return "a key of `tracker site list`" + (", or `patient`" if field.type == "about" else "")
    if field.listed_in is not None:
        return f"a code of `tracker word list {field.listed_in}`"
    if field.low is None or field.high is None:
        return ""
    return f"{field.low:g} to {field.high:g}{_RANGE_OF.get(field.type, '')}"


if __name__ == "__main__":
    sys.exit(main())
