"""What `cohort summary` and `report cohort` are asked: which patients, divided by what, hidden by which policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracker.cli.options import DayType, SiteType, WholeNumberType, as_of_option, known_at_option
from tracker.errors import InputError

if TYPE_CHECKING:
    from tracker.analysis.disclosure.policy import Policy
    from tracker.service.cohort_summary import CohortQuestion

_Command = TypeVar("_Command", bound=Callable[..., Any])
_SEXES = {"f": "F", "m": "M", "x": "X", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class CohortWords:
    """The options as they were typed."""

    by: str | None
    since: date | None
    site: str | None
    clinic: str
    sex: str | None
    as_of: date | None
    known_at: datetime | None
    smallest_shown: int | None
    internal: bool

    def question(self, today: date) -> CohortQuestion:
        """Put them into a question to the record."""
        from tracker.analysis.cohort.choice import CohortChoice
        from tracker.analysis.cohort.members import Grouping
        from tracker.clinical.vocabulary import Sex
        from tracker.service.cohort_summary import CohortQuestion

        sex = None if self.sex is None else Sex(_SEXES[self.sex.lower()])
        choice = CohortChoice(as_of=self.as_of or today, since=self.since, site=self.site, sex=sex)
        grouping = None if self.by is None else Grouping(self.by)
        return CohortQuestion(choice, grouping, clinic_code=self.clinic, known_at=self.known_at, today=today)

    def policy(self) -> Policy | None:
        """Give the policy numbers are hidden by; None for an internal report."""
        from tracker.analysis.disclosure.policy import Policy, default_policy

        usual = default_policy()
        if self.internal:
            if self.smallest_shown is not None:
                raise InputError("--internal hides nothing, so --smallest-shown says nothing there.")
            return None
        if self.smallest_shown is None:
            return usual
        least = max(usual.least_cohort, self.smallest_shown)
        return Policy(
            smallest_shown=self.smallest_shown, least_cohort=least, least_for_quantiles=2 * self.smallest_shown
        )


def cohort_options(command: _Command) -> _Command:
    """Add the options, which arrive as the fields of `CohortWords`."""
    options = (
        click.option(
            "--by",
            type=click.Choice(["site", "sex", "vitamin-d", "migration"]),
            help="Divide the patients into groups.",
        ),
        click.option("--since", type=DayType(), metavar="DAY", help="Only episodes whose onset is surely not earlier."),
        click.option("--site", type=SiteType(), metavar="SITE", help="Only episodes at a site or a part of it."),
        click.option("--clinic", metavar="CODE", default="default", show_default=True, help="The clinic."),
        click.option(
            "--sex", type=click.Choice(["f", "m", "x", "unknown"], case_sensitive=False), help="Only this sex."
        ),
        as_of_option,
        known_at_option,
        click.option(
            "--smallest-shown",
            type=WholeNumberType(2),
            metavar="N",
            help="Smallest count that is shown; 6 otherwise. Ask what your place requires.",
        ),
        click.option("--internal", is_flag=True, help="Hide nothing, for the clinic's own eyes; said on every output."),
    )
    for option in reversed(options):
        command = option(command)
    return command
