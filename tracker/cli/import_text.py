"""What an import would do, in lines and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from tracker.cli.fact_text import fact_text

if TYPE_CHECKING:
    from tracker.exchange.tidy.reading import TidyTable
    from tracker.service.imports.plan import Plan, Step

_MOST_LINES = 20
_FACTS = {
    "patient_details": "patient",
    "episode_details": "episode",
    "visit_details": "visit",
    "vitamin_d": "vitamin D result",
    "treatment_details": "treatment",
    "treatment_dose": "dose",
    "differential": "cause",
    "pregnancy_status": "statement of pregnancy",
}
"""Tables that are called otherwise where facts are counted."""


def plan_lines(table: TidyTable, plan: Plan, *, with_rejected: bool) -> Iterator[str]:
    """Say of a table how many rows are new, identical, changed and rejected, and show the first of each."""
    yield f"{table.file}: {_counted(table.n_rows, 'row')} of {table.kind.name} (SHA-256 {table.sha256[:12]}...)"
    yield "  " + ", ".join(f"{name} {n_rows}" for name, n_rows in _by_state(plan).items())
    facts = Counter(step.table for step in plan.steps if step.new is not None)
    if facts:
        yield "  records " + ", ".join(
            _counted(n, _FACTS.get(name, name.replace("_", " "))) for name, n in facts.items()
        )
    new = [step for step in plan.steps if step.old is None and step.table != "visit_details"]
    yield from _some("+", [_line(step) for step in new[:_MOST_LINES]], len(new))
    yield from _some("~", [_line(step) for step in plan.changed[:_MOST_LINES]], len(plan.changed))
    if with_rejected:
        rejected = [f"row {problem.row}: {problem.sentence}" for problem in plan.problems]
        yield from _some("!", rejected, len(rejected))


def plan_json(table: TidyTable, plan: Plan) -> Mapping[str, object]:
    """Give all of a plan as JSON takes it."""
    return {
        "file": table.name,
        "sha256": table.sha256,
        "kind": table.kind.name,
        "n_rows": table.n_rows,
        "rows": _by_state(plan),
        "changes": [{**step._asdict(), "old": _known(step.old), "new": _known(step.new)} for step in plan.steps],
        "rejected": [{"row": problem.row, "reason": f"{problem.sentence}."} for problem in plan.problems],
    }


def _by_state(plan: Plan) -> Mapping[str, int]:
    from tracker.service.imports.plan import RowState

    order = (RowState.NEW, RowState.IDENTICAL, RowState.CHANGED, RowState.REJECTED)
    return {state.name.lower(): plan.n_rows[state] for state in order}


def _some(mark: str, lines: list[str], total: int) -> Iterator[str]:
    yield from (f"  {mark} {line}" for line in lines)
    if total > len(lines):
        yield f"  {mark} ... and {total - len(lines)} more"


def _line(step: Step) -> str:
    day = "" if step.on is None else f", {step.on.in_words()}"
    words = [_fact(step.table, values) for values in (step.old, step.new) if values is not None]
    end = " -> taken back" if step.new is None else ""
    return f"row {step.row}: {step.patient_code}{day}: {' -> '.join(words)}{end}"


def _fact(table: str, values: Mapping[str, object]) -> str:
    return fact_text(table, _known(values) or {})


def _known(values: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """Leave out the ids of what is not yet made."""
    if values is None:
        return None
    return {name: value for name, value in values.items() if not (isinstance(value, int) and value < 0)}


def _counted(n: int, word: str) -> str:
    first, *rest = word.split(" of ")
    return f"{n} {' of '.join([first if n == 1 else f'{first}s', *rest])}"
