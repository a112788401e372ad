"""From a shown number back to what it rests on: rows, ledger entries, cited numbers, program.

Nothing is kept for it: the answer is made again, and tells what it read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tracker.analysis.claims import claimed_findings
from tracker.analysis.flags.finding import Flag
from tracker.analysis.imaging.visits import looked_for_edema
from tracker.analysis.left_out import why_left_out
from tracker.analysis.views import EpisodeView, PatientView
from tracker.clinical.record import ImagingFinding, PainScore, VitaminDResult
from tracker.clinical.reference import CitedNumber, Edition
from tracker.clinical.sites import belongs_to
from tracker.clinical.vocabulary import Finding
from tracker.database import lookups
from tracker.database.ledger import Entry
from tracker.database.session import Database
from tracker.errors import NotFoundError
from tracker.service.alert_tracing import other_flags
from tracker.service.courses import course_view, current_edition, library, select_site

_NOT_OF_THE_COURSE = ("edema_", "vitamin_d_", "flag_", "soft_", "learning_", "minimum_mri_")


class Answer(StrEnum):
    """A shown number that can be traced."""

    RESOLUTION = "resolution"
    PHASE = "phase"
    CLASS = "class"
    FLAG = "flag"
    VITAMIN_D = "vitamin-d"
    EDEMA = "edema"


@dataclass(frozen=True, slots=True)
class TracedRow:
    """One row of the record; `left_out` says why it did not count, and is None where it did."""

    table: str
    fact: PainScore | VitaminDResult | ImagingFinding
    left_out: str | None


@dataclass(frozen=True, slots=True)
class TracedEpisode:
    """One episode, the rows its answer was read from, and the flag that was asked for."""

    view: EpisodeView
    rows: tuple[TracedRow, ...]
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What an answer rests on.

    `entries` are the ledger entries of all rows and episodes named, by number; `numbers` the cited ones that
    answers of this kind are computed from; `unclaimed` the scores that belong to no episode.
    """

    answer: Answer
    view: PatientView
    episodes: tuple[TracedEpisode, ...]
    rows: tuple[TracedRow, ...]
    unclaimed: tuple[TracedRow, ...]
    entries: Mapping[int, Entry]
    numbers: tuple[CitedNumber, ...]
    n_courses: int


def trace_answer(
    database: Database,
    patient_code: str,
    answer: Answer,
    *,
    as_of: date,
    today: date,
    known_at: datetime | None = None,
) -> Trace:
    """Make an answer about a patient again, and say what it was read from.

    Parameters
    ----------
    as_of, today, known_at
        As for `course_view`.

    Raises
    ------
    NotFoundError
        If there is no such patient.
    """
    edition = current_edition()
    view = course_view(database, patient_code, as_of=as_of, known_at=known_at, today=today, edition=edition)
    of_patient = answer is Answer.VITAMIN_D
    rows = tuple(_vitamin_d_row(reading.result) for reading in view.vitamin_d) if of_patient else ()
    rows_of = _edema_rows(view, edition) if answer is Answer.EDEMA else _score_rows(edition)
    episodes = () if of_patient else tuple(TracedEpisode(episode, rows_of(episode)) for episode in view.episodes)
    unclaimed = () if of_patient or answer is Answer.EDEMA else _unclaimed(view)
    named = [row.fact.entry_id for part in (rows, unclaimed, *(e.rows for e in episodes)) for row in part]
    named += [episode.view.episode.entry_id for episode in episodes]
    with database.reading() as connection:
        entries = {number: lookups.find_entry(connection, number) for number in sorted(set(named))}
    numbers = tuple(edition.numbers[name] for name in cited_names(answer, edition))
    return Trace(answer, view, episodes, rows, unclaimed, entries, numbers, library().n_courses)


def at_site(trace: Trace, site: str) -> Trace:
    """Keep only the episodes at a site (`NotFoundError` if the patient has none there)."""
    kept = {episode.episode.episode_id for episode in select_site(trace.view, site).episodes}
    there = tuple(row for row in trace.unclaimed if isinstance(row.fact, PainScore) and belongs_to(row.fact.site, site))
    found = replace(trace, unclaimed=there)
    return _with_episodes(found, tuple(e for e in trace.episodes if e.view.episode.episode_id in kept))


def of_flag(trace: Trace, code: str) -> Trace:
    """Keep only the episodes that have, or had, a flag.

    Raises
    ------
    NotFoundError
        If none has; the flags that there are are named.
    """
    found = []
    for episode in trace.episodes:
        found += [TracedEpisode(episode.view, episode.rows, flag) for flag in episode.view.flags if flag.code == code]
    if not found:
        there = dict.fromkeys(
            [*(flag.code for episode in trace.episodes for flag in episode.view.flags), *other_flags(trace.view)]
        )
        raise NotFoundError(
            f"{trace.view.record.patient_code} has no flag '{code}'; flags: {', '.join(there) or 'none'}.",
            hint=f"See: tracker flags {trace.view.record.patient_code}",
        )
    return _with_episodes(trace, tuple(found))


def cited_names(answer: Answer, edition: Edition) -> tuple[str, ...]:
    """Name the cited numbers that answers of a kind are computed from.

    A course is read against the whole library, so it rests on every number the library is drawn from.
    """
    of_course = tuple(name for name in edition.numbers if not name.startswith(_NOT_OF_THE_COURSE))
    beside = {
        Answer.FLAG: ("flag_",),
        Answer.EDEMA: ("edema_", "minimum_mri_"),
        Answer.VITAMIN_D: ("vitamin_d_",),
    }.get(answer, ())
    own = tuple(name for name in edition.numbers if name.startswith(beside)) if beside else ()
    return own if answer is Answer.VITAMIN_D else (*own, *of_course)


def _with_episodes(trace: Trace, episodes: tuple[TracedEpisode, ...]) -> Trace:
    named = {row.fact.entry_id for part in (trace.rows, *(e.rows for e in episodes)) for row in part}
    named |= {row.fact.entry_id for row in trace.unclaimed} | {e.view.episode.entry_id for e in episodes}
    return Trace(
        answer=trace.answer,
        view=trace.view,
        episodes=episodes,
        rows=trace.rows,
        unclaimed=trace.unclaimed,
        entries={number: entry for number, entry in trace.entries.items() if number in named},
        numbers=trace.numbers,
        n_courses=trace.n_courses,
    )


def _score_rows(edition: Edition) -> Callable[[EpisodeView], tuple[TracedRow, ...]]:
    return lambda view: tuple(TracedRow("pain_score", s, why_left_out(s, view, edition)) for s in view.scores)


def _edema_rows(view: PatientView, edition: Edition) -> Callable[[EpisodeView], tuple[TracedRow, ...]]:
    """Give the findings of edema an episode claims, and the scores that its joint reading with the pain uses."""
    claimed = claimed_findings(view.record, edition)

    def rows(episode: EpisodeView) -> tuple[TracedRow, ...]:
        findings = [f for f in claimed[episode.episode.episode_id] if f.finding is Finding.EDEMA]
        found = (TracedRow("imaging_finding", f, _why_not_looked(f)) for f in findings)
        return (*found, *_score_rows(edition)(episode))

    return rows


def _why_not_looked(finding: ImagingFinding) -> str | None:
    return None if looked_for_edema(finding) else "no MRI, or not examined"


def _vitamin_d_row(result: VitaminDResult) -> TracedRow:
    return TracedRow("vitamin_d", result, None if result.value is not None else "missing: it has no class")


def _unclaimed(view: PatientView) -> tuple[TracedRow, ...]:
    return tuple(TracedRow("pain_score", s, "no episode claims its site and day") for s in view.unclaimed_scores)
