"""Options, parameter types and command classes that several nouns share."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from tracker.cli.terminal import Terminal
from tracker.dates import PartialDate, day_in_words, parse_day, parse_visit_date
from tracker.errors import InputError, TrackerError

_MOST_TYPED = 10**6
_NUMBERS_SEEN = {
    "entry_id": "tracker log",
    "visit_id": "tracker visit list CODE",
    "treatment_id": "tracker treatment list CODE",
}


class WriteCommand(click.Command):
    """A command that writes: whatever stops it, the person learns that nothing was written."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remember for every later failure that this command would have written."""
        Terminal.of(ctx).afterword = "Nothing was written."
        self._refuse_repeats(ctx, args)
        return super().parse_args(ctx, args)

    def _refuse_repeats(self, ctx: click.Context, args: list[str]) -> None:
        """Refuse an option that takes one value and was given two: click would keep the last without a word."""
        typed = args[: args.index("--")] if "--" in args else args
        for option in self.params:
            if not isinstance(option, click.Option) or option.multiple or option.is_flag:
                continue
            n_given = sum(word == name or word.startswith(f"{name}=") for word in typed for name in option.opts)
            if n_given > 1:
                raise click.UsageError(f"{option.opts[0]} takes one value, but was given {n_given} times.", ctx)


class PartialDateType(click.ParamType[PartialDate]):
    """A birth: known as well as it is known."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> PartialDate:
        """Read it; a date that reads two ways is refused with both readings."""
        return value if isinstance(value, PartialDate) else PartialDate.parse(str(value))


class VisitDateType(click.ParamType[PartialDate]):
    """Any other date a person types: known as well as it is known, or a word such as `yesterday` or `-3w`."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> PartialDate:
        """Read it against today."""
        if isinstance(value, PartialDate):
            return value
        return parse_visit_date(str(value), today=Terminal.today_here())


class DayType(click.ParamType[date]):
    """One exact day up to today: the day a course is looked at."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read it against today."""
        today = Terminal.today_here()
        day = value if isinstance(value, date) else parse_day(str(value), today=today)
        if day > today:
            raise InputError(f"The day {day_in_words(day)} lies in the future.", hint="Give a day up to today.")
        return day


class MomentType(click.ParamType[datetime]):
    """A moment of the ledger: a day means its end, a time is read as local unless it says otherwise."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read an ISO day or an ISO time."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value)).astimezone()
        except (ValueError, OverflowError):
            raise InputError(
                f"'{value}' is no moment.", hint="Write a day as 2026-03-10 or a time as 2026-03-10T14:30."
            ) from None
        if len(str(value)) <= len("2026-03-10"):
            moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
        return moment


class AnyCaseType(click.Choice[str]):
    """A word of a short list in any case; a refusal shows the words as help does."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(words, case_sensitive=False)

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        """Name the words as they are kept."""
        return f"'{value}' is not one of {', '.join(self.choices)}."


class SiteType(click.ParamType[str]):
    """A bone or joint with its side, kept as its key."""

    name = "site"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Find the site, or name the nearest spellings."""
        from tracker.clinical.sites import find_site

        return find_site(str(value)).key

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer site keys."""
        from tracker.clinical.sites import all_sites

        return [CompletionItem(site.key, help=site.label) for site in all_sites() if site.key.startswith(incomplete)]


class CodeType(click.ParamType[str]):
    """A code of an open list, kept as the list spells it; `list_name` as `tracker word list` takes it."""

    name = "code"

    def __init__(self, list_name: str) -> None:
        self.list_name = list_name

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Find the code, or name the nearest ones."""
        from tracker.clinical.word_lists import WordList, find_word

        return find_word(WordList(self.list_name), str(value)).code

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer the codes of the list."""
        from tracker.clinical.word_lists import WordList, word_list

        words = word_list(WordList(self.list_name))
        return [CompletionItem(word.code, help=word.label) for word in words if word.code.startswith(incomplete)]


def _place(param: click.Parameter | None) -> str:
    """Name an option or an argument as help does."""
    if isinstance(param, click.Option):
        return param.opts[0]
    return "The command" if param is None else (param.metavar or param.human_readable_name).strip("[]")


class PathType(click.Path):
    """A path that names something: an empty one, a script's unset variable, would mean the working directory."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Refuse an empty name."""
        if not str(value).strip():
            raise InputError(f"{_place(param)} was given as '', which names nothing.", hint="Write a name.")
        return super().convert(value, param, ctx)


class WholeNumberType(click.ParamType[int]):
    """A whole number from `least` on; `most` is said only where a person could come near it."""

    name = "number"

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least = least
        self.most = most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read digits; anything else is refused with what is allowed and where to find it."""
        digits = str(value).strip()
        number = int(digits) if re.fullmatch(r"[+-]?[0-9]{1,18}", digits) else None
        if number is not None and number >= self.least and (self.most is None or number <= self.most):
            return number
        upper = " on" if self.most is None or self.most > _MOST_TYPED else f" to {self.most}"
        raise InputError(
            f"{_place(param)} takes a whole number from {self.least}{upper}, not '{value}'.", hint=self._advice(param)
        )

    @staticmethod
    def _advice(param: click.Parameter | None) -> str:
        found = _NUMBERS_SEEN.get(param.name or "") if param is not None else None
        return f"See the numbers: {found}" if found else "Write digits, such as 12."


class PatientCodeType(click.ParamType[str]):
    """A patient's study code."""

    name = "code"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Take it as typed."""
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer codes of the database; none where it cannot be read."""
        from tracker.service.patients import list_codes

        terminal = Terminal.of(ctx)
        terminal.database_url = ctx.find_root().params.get("database")
        try:
            with terminal.database() as database:
                codes = list_codes(database)
        except TrackerError:
            return []  # completion has no place to say anything
        begun = incomplete.casefold()
        return [CompletionItem(code) for code in codes if code.casefold().startswith(begun)]


def complete_site(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Offer the site of `--pain SITE=7` and the like; what stands behind `=` is typed."""
    from tracker.clinical.sites import all_sites

    return [CompletionItem(f"{s.key}=", help=s.label) for s in all_sites() if s.key.startswith(incomplete)]


def complete_coded(list_name: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Make what offers the code of `--lab CODE=3mg/L` and the like, from the list of that name."""

    def offer(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        offered = CodeType(list_name).shell_complete(ctx, param, incomplete)
        return [CompletionItem(f"{item.value}=", help=item.help) for item in offered]

    return offer


ROW_NUMBER = WholeNumberType(1, 2**31 - 1)  # the keys of the record are 32-bit integers
patient_argument = click.argument("patient_code", metavar="CODE", type=PatientCodeType())
site_argument = click.argument("site", metavar="SITE", type=SiteType())
json_option = click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Check everything and show it; write nothing.")
why_option = click.option("--why", metavar="REASON", help="Reason, kept in the ledger.")
as_of_option = click.option(
    "--as-of", type=DayType(), metavar="DAY", help="Only visits up to this day; today otherwise."
)
known_at_option = click.option(
    "--known-at", type=MomentType(), metavar="MOMENT", help="Only what the ledger held at this moment."
)
edition_option = click.option(
    "--edition",
    "own_edition",
    type=PathType(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="An own edition, made by course calibrate; the cited one otherwise.",
)
