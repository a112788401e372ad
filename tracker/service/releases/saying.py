"""What an export says of itself, to a program and to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tracker import __version__
from tracker.analysis.disclosure.policy import Policy
from tracker.clinical.reference import Edition
from tracker.exchange.release.tables import DERIVED

if TYPE_CHECKING:
    from tracker.service.releases.planning import ExportOrder

_DAY_ZERO = (
    "Days count from day 0 of the patient: the first possible day of the earliest onset (day_zero_from in patients "
    "says where it is the first visit or the first statement instead). onset_day in pain and the days of course_fits "
    "count from the first possible day of the onset of that episode."
)
_SCORES = (
    "Several scores of one day are all here. is_read says from which of them a course is read, n_same_day how many of "
    "that day are: each then counts as one part of so many."
)

_DIFFERENCE = (
    "Exports of one release made at different times hold the same ids: a row that stands in only one of them is of a "
    "patient who came or left meanwhile, and a row with more visits of one who was seen. Keep them with the same care, "
    "and do not hand two of them to somebody who must not know that. Without a reason the program makes none that "
    "differs by few patients from the last one of the same release and filters; exports with other filters, or of "
    "other releases, it does not compare."
)


def policy_words(policy: Policy, *, identified: bool) -> str:
    """Say by which rules the rows may leave."""
    if identified:
        return "Identified: study codes, dates and free words as recorded. It must not leave the clinic."
    return (
        "De-identified: ids of this release only, days instead of dates, age in bands, no free words, no names of "
        f"laboratories or of who entered it; not made of fewer than {policy.least_cohort} patients. A row is still one "
        "person: whoever knows a patient well may find that row, so do not publish it as open data."
    )


def facts(
    order: ExportOrder, edition: Edition, *, n_patients: int, known_until: int, schema_revision: str
) -> Mapping[str, object]:
    """Give what the manifest says beside tables and files."""
    said: dict[str, object] = {
        "title": "Export of a bone marrow edema syndrome tracker",
        "identified": order.identified,
        "release": order.release_name,
        "selection": order.selection.words(),
        "n_patients": n_patients,
        "as_of": order.as_of.isoformat(),
        "policy": policy_words(order.policy, identified=order.identified),
        "earlier_exports": None if order.identified else _DIFFERENCE,
        "day_zero": None if order.identified else _DAY_ZERO,
        "courses": f"read quickly, as of {_day_of_courses(order)}"
        if order.with_courses
        else f"not read: {', '.join(DERIVED)} are empty",
        "program_version": __version__,
        "schema_revision": schema_revision,
        "edition": edition.name,
        "edition_sha256": edition.sha256,
    }
    if order.identified:
        said["last_entry"] = known_until
    return said


def _day_of_courses(order: ExportOrder) -> str:
    return order.as_of.isoformat() if order.identified else "each patient's last visit"


def readme_lines(order: ExportOrder, *, n_patients: int) -> tuple[str, ...]:
    """Give the README of an export, line by line."""
    people = "1 patient" if n_patients == 1 else f"{n_patients} patients"
    courses = (
        "course_fits, flags and site_migration_events are what the program says, not what was recorded. Courses are "
        f"read quickly, as of {_day_of_courses(order)}: without courses drawn anew, so that a flag near its threshold "
        "can differ from what tracker course show says."
        if order.with_courses
        else "course_fits, flags and site_migration_events are empty: courses were not read."
    )
    return (
        f"Export of a bone marrow edema syndrome tracker: {people} ({order.selection.words()}), as of {order.as_of}.",
        policy_words(order.policy, identified=order.identified),
        "",
        "Each table has one grain, said in manifest.json; dictionary.csv describes every column.",
        "An empty cell is a missing value; *_missing_reason says why where that was recorded.",
        *(() if order.identified else (_DIFFERENCE, _DAY_ZERO)),
        "Dates that are not known to the day: *_off is by how many days a day may be off."
        if not order.identified
        else "Dates are as they were written, with their first and last possible day beside them.",
        _SCORES,
        courses,
        "In csv and xlsx a text that a spreadsheet would take for a formula has an apostrophe before it.",
        "manifest.json holds the SHA-256 of every file. Decision support, never a diagnosis.",
    )
