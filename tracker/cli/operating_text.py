"""The published operating characteristics on the terminal: how good the flags and forecasts are."""

from __future__ import annotations

import click

from tracker.cli.render import print_table
from tracker.clinical.operating_characteristics import OperatingCharacteristics
from tracker.clinical.reference import Edition

_WIDTH = 100
_ALL = "all"


def print_operating_characteristics(table: OperatingCharacteristics, edition: Edition) -> None:
    """Print what stands in the table, how it was made, and whether the edition in use is the one it belongs to."""
    expected = table.flag_row("expected")
    n_atypical = sum(row.n for row in table.flags if row.visits == _ALL) - expected.n
    _paragraph(
        f"How good the flags of {table.edition} are, on {expected.n} expected and {n_atypical} atypical simulated "
        f"follow-ups ({table.simulation}, seed {table.seed}), looked at after every visit. No real patient is among "
        "them: how the courses of real patients would fare is not known. No courses were drawn anew, as the program "
        "does at about one look in forty, where few courses carry it."
    )
    click.echo(f"edition sha256                   {table.edition_sha256}")
    click.echo(f"of the {len(table.numbers_read)} numbers that matter here {table.numbers_sha256}")
    click.echo(f"simulation sha256                {table.simulation_sha256}")
    belongs = table.belongs_to(edition, table.rule_versions)
    fits = "the same numbers here." if belongs else "other numbers here: this table does not describe it."
    click.echo(f"The edition in use, {edition.name} ({edition.sha256[:12]}), has {fits}")
    _print_flags(table)
    _print_raised(table)
    _print_forecasts(table)
    _print_atypicality(table)


def _print_flags(table: OperatingCharacteristics) -> None:
    _heading("How often and how soon a course is flagged, by number of visits")
    _paragraph(
        "Suspected, confirmed: any flag of the course, at any look; for expected courses these are false alarms. "
        "Own flag: the one of its kind. Seen: has a visit from the day on that its level differs by as much as counts "
        "from the typical course it would have been. Delay: days from then, and from the first visit after it, to the "
        "first flag: median (middle half); before 0 the flag came first. Mixed courses are atypical in two ways and "
        "have no flag of their own."
    )
    rows = [
        (
            _words(row.kind) if row.visits == _ALL else "",
            row.visits,
            row.n,
            _percent(row.seen),
            _percent(row.suspected),
            _percent(row.confirmed),
            _percent(row.named),
            _percent(row.remeasure),
            _days(row.delay_days),
            _days(row.delay_from_visit_days),
        )
        for row in table.flags
    ]
    header = ["course", "visits", "n", "seen", "suspected", "confirmed", "own flag", "remeasure", "delay", "from visit"]
    print_table(header, rows, empty="")


def _print_raised(table: OperatingCharacteristics) -> None:
    _heading("Which flag was ever suspected; one course can have several")
    codes = list(table.raised[0].shares)
    rows = [(_words(row.kind), *(_percent(row.shares[code]) for code in codes)) for row in table.raised]
    print_table(["course", *(_words(code) for code in codes)], rows, empty="")


def _print_forecasts(table: OperatingCharacteristics) -> None:
    _heading("Resolution day of expected courses, days")
    rows = [
        (
            row.cut,
            row.method,
            row.n,
            _one(row.crps_days),
            _one(row.mae_days),
            _signed(row.bias_days),
            _percent(row.coverage),
        )
        for row in table.forecasts
    ]
    print_table(["visits", "answered by", "n", "CRPS", "absolute error", "bias", "in 95 % interval"], rows, empty="")


def _print_atypicality(table: OperatingCharacteristics) -> None:
    _heading("Atypical or expected, from all visits: area under the curve, and share found at 95 % specificity")
    rows = [(_words(row.kind), row.method, row.n, f"{row.auc:.3f}", _percent(row.found)) for row in table.atypicality]
    print_table(["course", "judged by", "n", "AUC", "found"], rows, empty="")


def _heading(words: str) -> None:
    click.echo()
    click.secho(words, bold=True)


def _paragraph(words: str) -> None:
    click.echo(click.wrap_text(words, width=_WIDTH))


def _words(code: str) -> str:
    return code.replace("_", " ")


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{100 * share:.1f} %"


def _one(days: float | None) -> str | None:
    return None if days is None else f"{days:.1f}"


def _signed(days: float | None) -> str | None:
    return None if days is None else f"{days:+.1f}"


def _days(quartiles: tuple[float, float, float] | None) -> str | None:
    if quartiles is None:
        return None
    low, middle, high = (round(day) for day in quartiles)
    return f"{middle} ({low} to {high})"
