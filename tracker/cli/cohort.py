"""`tracker cohort`: the patients of a clinic, summed up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.cohort_options import CohortWords, cohort_options
from tracker.cli.options import PathType, json_option
from tracker.cli.render import print_json, print_table, wrapped
from tracker.cli.terminal import Terminal, pass_terminal
from tracker.errors import InputError

if TYPE_CHECKING:
    from reports.cohort.report import CohortReport

_WIDTH = 100
_FORMATS = ("text", "md", "html", "csv", "docx-ready")


class _FormatsType(click.ParamType[tuple[str, ...]]):
    """Formats with commas between them."""

    name = "formats"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Read them, or say which one there is not."""
        if isinstance(value, tuple):
            return value
        found = tuple(dict.fromkeys(part.strip() for part in str(value).split(",")))
        for one in found:
            if one not in _FORMATS:
                raise InputError(f"There is no format '{one}'.", hint=f"Formats: {', '.join(_FORMATS)}.")
        return found


@click.group("cohort")
def command() -> None:
    """All patients of a clinic together.

    \b
    Example:
      tracker cohort summary --by sex
    """


@command.command("summary")
@cohort_options
@click.option(
    "--format",
    "formats",
    type=_FormatsType(),
    default="text",
    show_default=True,
    metavar="FORMAT[,FORMAT]",
    help="text, md, html, csv, docx-ready (tables a word processor opens).",
)
@click.option("--out", type=PathType(file_okay=False, path_type=Path), metavar="DIR", help="Folder for the files.")
@json_option
@pass_terminal
def summary(
    terminal: Terminal,
    /,
    formats: tuple[str, ...],
    out: Path | None,
    json_wanted: bool,
    **words: Any,  # noqa: ANN401
) -> None:
    """Describe the patients: Table 1, who is left out, time to resolution, courses, published figures beside.

    Small counts are hidden, jointly over everything that is printed; --internal hides nothing and says so. No p-values.

    \b
    Example:
      tracker cohort summary --by sex --since 2025-01-01
      tracker cohort summary --format md,html,csv,docx-ready --out summary
    """
    asked = CohortWords(**words)
    to_files = [one for one in formats if one != "text"]
    if to_files and out is None:
        raise InputError(f"The format '{to_files[0]}' is a file.", hint="Say where to: --out DIR")
    report = _report(terminal, asked)
    if json_wanted:
        from reports.cohort.report import as_plain

        print_json(as_plain(report))
    elif "text" in formats:
        _print(report)
    if out is not None:
        for path in _write(report, to_files, out):
            click.echo(str(path), err=json_wanted)


def _report(terminal: Terminal, asked: CohortWords) -> CohortReport:
    from reports.cohort.report import cohort_report
    from tracker.cli.cohort_answer import facts_of
    from tracker.clinical.reference import load_edition
    from tracker.service.cohort_summary import summarise_cohort

    policy = asked.policy()
    with terminal.database() as database:
        answer = summarise_cohort(database, asked.question(terminal.today_here()))
    release = answer.summary.inner() if policy is None else answer.summary.released(policy)
    return cohort_report(answer.summary, release, facts_of(answer, asked, policy), load_edition())


def _print(report: CohortReport) -> None:
    click.secho(report.title, bold=True)
    for sentence in (*report.notices, *report.heading, *report.refused):
        click.echo(wrapped(sentence, width=_WIDTH))
    for table in report.tables:
        click.echo()
        click.secho(table.title, bold=True)
        rows = [[f"{'  ' * row.level}{row.label}", *(cell.text for cell in row.cells)] for row in table.rows]
        print_table(table.columns, rows, empty="")
        for note in table.notes:
            click.echo(wrapped(note, width=_WIDTH))
    click.echo()
    for sentence in report.footing:
        click.echo(wrapped(sentence, width=_WIDTH))


def _write(report: CohortReport, formats: list[str], out: Path) -> list[Path]:
    from reports.cohort.report import as_csv, as_html, as_markdown, as_word_tables
    from reports.files import write_file

    name = f"{'internal-' if report.is_internal else ''}cohort-summary"
    makers = {
        "md": (f"{name}.md", lambda: as_markdown(report)),
        "html": (f"{name}.html", lambda: as_html(report)),
        "csv": (f"{name}.csv", lambda: as_csv(report.tables)),
        "docx-ready": (f"{name}-word.html", lambda: as_word_tables(report)),
    }
    return [write_file(out / makers[one][0], makers[one][1]()) for one in formats]
