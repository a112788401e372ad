"""How many patients have which flag raised."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.analysis.alerts.alert import AlertKind
from tracker.analysis.alerts.finding import quick_alerts
from tracker.analysis.cohort.counting import count
from tracker.analysis.cohort.members import Member, yes_no
from tracker.analysis.disclosure.tables import NO, YES, CountTable, Variable
from tracker.analysis.flags.quick_flags import QuickFlags
from tracker.analysis.flags.rules import FLAG_CODES
from tracker.clinical.reference import Edition

RED_FLAG = "any red flag"
RAISED = (*FLAG_CODES, RED_FLAG)


def raised_variable(flag: str) -> Variable:
    """Name the variable of a raised flag."""
    return Variable(f"flag: {flag}", (YES, NO))


def raised_tables(
    members: Sequence[Member], *, quick: QuickFlags, edition: Edition, as_of: date
) -> tuple[CountTable, ...]:
    """Count patients by flag, whether or not staff dismissed it; a patient can have several.

    A later site has a table of its own, which this one would give away; so would a count of any flag where all are
    of one kind.
    """
    raised = []
    for member in members:
        alerts = quick_alerts(member.chosen.record, as_of=as_of, quick=quick, edition=edition)
        raised.append({RED_FLAG if alert.kind is AlertKind.RED_FLAG else alert.code for alert in alerts})
    return tuple(count(raised_variable(flag), [yes_no(flag in found) for found in raised], members) for flag in RAISED)
