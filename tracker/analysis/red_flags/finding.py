"""Every red flag of one record on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.analysis.red_flags.readings import Answer, Case, Evidence
from tracker.analysis.red_flags.rules import RED_FLAG_RULES
from tracker.clinical.record import PatientRecord
from tracker.clinical.red_flags import red_flag_numbers
from tracker.clinical.reference import Edition
from tracker.dates import PartialDate


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One rule's answer about a site, or about the patient where `site` is None; see `Reading`."""

    code: str
    rule_version: str
    answer: Answer
    site: str | None
    since: PartialDate | None
    evidence: tuple[Evidence, ...]
    missing: str

    @property
    def is_raised(self) -> bool:
        """Whether it is up."""
        return self.answer is Answer.RAISED


def find_red_flags(
    record: PatientRecord, *, as_of: date, course: Edition, today: date | None = None
) -> tuple[RedFlag, ...]:
    """Ask every rule about a record.

    Parameters
    ----------
    record : PatientRecord
        One patient; what lies after `as_of` is never looked at.
    as_of : datetime.date
        The day to answer for.
    course : Edition
        The numbers by which findings are shared out to episodes.
    today : datetime.date, optional
        The day of asking, see `PatientRecord.until`.

    Returns
    -------
    tuple of RedFlag
        At least one per rule, in the order of the table: one per site where it is raised, else one answer.
    """
    return read_red_flags(record.until(as_of, today=today), as_of=as_of, course=course)


def read_red_flags(known: PatientRecord, *, as_of: date, course: Edition) -> tuple[RedFlag, ...]:
    """Ask every rule about a record that holds nothing later than the day; see `find_red_flags`."""
    case = Case(known, as_of, red_flag_numbers(), course)
    return tuple(
        RedFlag(
            code=rule.code,
            rule_version=rule.version,
            answer=reading.answer,
            site=reading.site,
            since=reading.since,
            evidence=reading.evidence,
            missing=reading.missing,
        )
        for rule in RED_FLAG_RULES
        for reading in rule.read(case)
    )
