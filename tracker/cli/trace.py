"""`tracker trace`: from a shown number to its rows, entries, edition and program; the history of one fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import click
from click.shell_completion import CompletionItem

from tracker.cli.options import (
    ROW_NUMBER,
    PatientCodeType,
    SiteType,
    as_of_option,
    json_option,
    known_at_option,
    patient_argument,
)
from tracker.cli.render import print_json
from tracker.cli.terminal import Terminal, pass_terminal

_ANSWERS = ("resolution", "phase", "class", "flag", "vitamin-d", "edema")
_TABLES = (
    "pain_score",
    "vitamin_d",
    "imaging_finding",
    "lab_result",
    "function_score",
    "note",
    "episode_details",
    "visit_details",
    "patient_details",
    "treatment_details",
    "treatment_dose",
    "differential",
    "checklist_item",
    "pregnancy_status",
    "flag_decision",
)
_ANSWER = "answer"
_CODE = click.Argument(["patient_code"])


class TraceGroup(click.Group):
    """A group in which a word that is no verb is a patient code: `trace P-07 resolution`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take the first word as a verb, else put `answer` before it."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = [_ANSWER, *args]
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the verbs, and patient codes where a verb may be left out."""
        verbs = super().shell_complete(ctx, incomplete)
        return (
            verbs if incomplete.startswith("-") else [*verbs, *PatientCodeType().shell_complete(ctx, _CODE, incomplete)]
        )


@click.group("trace", cls=TraceGroup)
def command() -> None:
    """Say what a shown number rests on, down to the row, who recorded it, and the source.

    \b
    Example:
      tracker trace P-07 resolution
      tracker trace visit 12
    """


@command.command(_ANSWER)
@patient_argument
@click.argument("answer", metavar="WHAT", type=click.Choice(_ANSWERS))
@click.argument("flag", metavar="[FLAG]", required=False)
@click.option("--site", type=SiteType(), help="Only the episodes at this site.")
@as_of_option
@known_at_option
@json_option
@pass_terminal
def answer_(
    terminal: Terminal,
    patient_code: str,
    answer: str,
    flag: str | None,
    site: str | None,
    as_of: date | None,
    known_at: datetime | None,
    json_wanted: bool,
) -> None:
    """Trace resolution, phase, class, flag NAME, vitamin-d or edema of a patient; `answer` may be left out.

    \b
    Example:
      tracker trace answer P-07 resolution --site ankle-left
      tracker trace P-07 flag persistent_pain
      tracker trace P-07 flag raised_crp
    """
    from tracker.cli.trace_text import print_trace, trace_json
    from tracker.service.alert_tracing import is_alert
    from tracker.service.tracing import Answer, at_site, of_flag, trace_answer

    if (flag is None) is (answer == Answer.FLAG):
        raise click.UsageError("Only a flag has a name, and needs it: tracker trace CODE flag NAME.")
    asked = Asked(patient_code, site, as_of or terminal.today_here(), known_at)
    if flag is not None and is_alert(flag.replace("-", "_")):
        _trace_alert(terminal, flag.replace("-", "_"), asked, json_wanted=json_wanted)
        return
    with terminal.database() as database:
        today = terminal.today_here()
        trace = trace_answer(database, patient_code, Answer(answer), as_of=asked.as_of, today=today, known_at=known_at)
    trace = trace if site is None else at_site(trace, site)
    trace = trace if flag is None else of_flag(trace, flag.replace("-", "_"))
    if json_wanted:
        print_json(trace_json(trace))
    else:
        print_trace(trace)


@dataclass(frozen=True)
class Asked:
    """Of whom, where and for when a flag is traced."""

    patient_code: str
    site: str | None
    as_of: date
    known_at: datetime | None


def _trace_alert(terminal: Terminal, code: str, asked: Asked, *, json_wanted: bool) -> None:
    from tracker.cli.alert_trace_text import alert_trace_json, print_alert_trace
    from tracker.service.alert_tracing import alert_at_site, trace_alert

    with terminal.database() as database:
        trace = trace_alert(
            database,
            asked.patient_code,
            code,
            as_of=asked.as_of,
            today=terminal.today_here(),
            known_at=asked.known_at,
        )
    trace = trace if asked.site is None else alert_at_site(trace, asked.site)
    if json_wanted:
        print_json(alert_trace_json(trace))
    else:
        print_alert_trace(trace)


@command.command("row")
@click.argument("row_id", metavar="ROW", type=ROW_NUMBER)
@click.option(
    "--table",
    type=click.Choice(_TABLES),
    default="pain_score",
    show_default=True,
    help="Kind of fact; rows count each.",
)
@json_option
@pass_terminal
def row(terminal: Terminal, row_id: int, table: str, json_wanted: bool) -> None:
    """Tell the history of one fact: recorded, amended, taken back, and by which entries.

    \b
    Example:
      tracker trace row 12
      tracker trace row 3 --table vitamin_d
    """
    from tracker.cli.trace_text import history_json, print_history
    from tracker.service.history import trace_row

    with terminal.database() as database:
        rows = trace_row(database, table, row_id)
    if json_wanted:
        print_json(history_json(rows))
    else:
        print_history(rows)


@command.command("visit")
@click.argument("visit_id", metavar="VISIT", type=ROW_NUMBER)
@json_option
@pass_terminal
def visit(terminal: Terminal, visit_id: int, json_wanted: bool) -> None:
    """Tell the history of a visit and all it ever held, also of one that was taken back.

    \b
    Example:
      tracker trace visit 12
    """
    from tracker.cli.trace_text import history_json, print_history
    from tracker.service.history import trace_visit

    with terminal.database() as database:
        rows = trace_visit(database, visit_id)
    if json_wanted:
        print_json(history_json(rows))
    else:
        print_history(rows)
