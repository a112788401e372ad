"""The edema grade of an episode at each MRI, by a declared rule.

Of the places that an MRI looked at and that belong to the episode's site, the
highest grade counts. `absent` is a grade of 0; `not_examined` is no grade at all. Edema that is
`present` with a percentage is graded by the edition, and without either it is some grade from small to large.
A visit known only to a span of days counts on the middle one while that is no
vaguer than a recalled onset, as for pain scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import sqrt

from tracker.clinical.edema import grade_of_percent
from tracker.clinical.record import ImagingFinding
from tracker.clinical.reference import Edition
from tracker.clinical.vocabulary import EdemaGrade, Finding, Modality, Presence
from tracker.dates import PartialDate

_UNIFORM_SPAN_PER_SD = sqrt(12)


@dataclass(frozen=True, slots=True)
class EdemaVisit:
    """The edema of one episode on the MRI of one visit.

    The grade lies from `lowest` to `highest`, which differ only where no extent was noted. `bones` are the
    sites of the highest grade, `looked_at` all that were examined; site keys, sorted. `day` counts since day
    0; it is None where the onset is unknown or the visit too vague to be read.
    """

    visit_date: PartialDate
    day: int | None
    lowest: int
    highest: int
    bones: tuple[str, ...]
    looked_at: tuple[str, ...]


def edema_visits(
    findings: tuple[ImagingFinding, ...], *, day_zero: date | None, until: date, edition: Edition
) -> tuple[EdemaVisit, ...]:
    """Give the edema of an episode visit by visit, in time.

    Parameters
    ----------
    findings : tuple of ImagingFinding
        Those the episode claims.
    day_zero : datetime.date or None
        The first possible day of the onset.
    until : datetime.date
        The last day that counts: a vague visit whose middle lies later counts on it.
    edition : Edition
        For the grades of percentages and the recall error.
    """
    seen = [finding for finding in findings if looked_for_edema(finding)]
    ordered = sorted(seen, key=lambda finding: (finding.visit_date.middle, finding.visit_date, finding.visit_id))
    return tuple(
        _visit(list(of_visit), day_zero=day_zero, until=until, edition=edition)
        for _, of_visit in groupby(ordered, key=lambda finding: finding.visit_id)
    )


def looked_for_edema(finding: ImagingFinding) -> bool:
    """Say whether a finding is an MRI's word on edema, present or absent."""
    return (
        finding.modality is Modality.MRI
        and finding.finding is Finding.EDEMA
        and finding.presence is not Presence.NOT_EXAMINED
    )


def _visit(findings: list[ImagingFinding], *, day_zero: date | None, until: date, edition: Edition) -> EdemaVisit:
    grades = {finding.row_id: _grades(finding, edition) for finding in findings}
    lowest, highest = (max(ends) for ends in zip(*grades.values(), strict=True))
    when = findings[0].visit_date
    is_dated = when.span_days / _UNIFORM_SPAN_PER_SD <= edition.value("onset_recall_sd_days")
    return EdemaVisit(
        visit_date=when,
        day=(min(when.middle, until) - day_zero).days if is_dated and day_zero is not None else None,
        lowest=lowest,
        highest=highest,
        bones=tuple(sorted({finding.site for finding in findings if grades[finding.row_id][1] == highest})),
        looked_at=tuple(sorted({finding.site for finding in findings})),
    )


def _grades(finding: ImagingFinding, edition: Edition) -> tuple[int, int]:
    """Give the lowest and the highest grade that a finding can mean."""
    if finding.presence is Presence.ABSENT:
        return EdemaGrade.NONE.value, EdemaGrade.NONE.value
    grade = finding.edema_grade
    if grade is None and finding.edema_percent is not None:
        grade = grade_of_percent(finding.edema_percent, edition).value
    return (EdemaGrade.SMALL.value, EdemaGrade.LARGE.value) if grade is None else (grade, grade)
