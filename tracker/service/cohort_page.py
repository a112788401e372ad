"""What the page of a cohort shows besides the summary: pain and phases by month, flags, forecasts, learned numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.analysis.cohort.members import Member
from tracker.analysis.cohort.raised import raised_tables
from tracker.analysis.cohort.summary import CohortSummary
from tracker.analysis.cohort.windows import OverMonths, over_months
from tracker.analysis.disclosure.tables import CountTable, Relation
from tracker.analysis.flags.quick_flags import QuickFlags
from tracker.analysis.learning.calibration import calibrate
from tracker.analysis.learning.evidence import LearningEpisode
from tracker.analysis.learning.numbers import side_by_side
from tracker.analysis.learning.population import Population, edition_of
from tracker.analysis.library import course_library
from tracker.analysis.observations import OnsetStatement
from tracker.analysis.posterior import expected_band
from tracker.analysis.results import LevelBand
from tracker.clinical.learned import LearnedNumber
from tracker.clinical.reference import Edition, load_edition
from tracker.database.session import Database
from tracker.service.cohort_summary import CohortAnswer, CohortQuestion, summarise_cohort
from tracker.service.level_cache import library_of

MOST_LEARNED_FROM = 1000
"""Learning holds 0.4 MB an episode: of more the page names the command that learns."""


@dataclass(frozen=True, slots=True, eq=False)
class CohortPage:
    """What a page is drawn from.

    Where there are too few episodes, or too many, to learn from, `learned` is empty and `learned_band` None.
    """

    answer: CohortAnswer
    months: OverMonths
    flags: tuple[CountTable, ...]
    learned: tuple[LearnedNumber, ...]
    learned_band: LevelBand | None
    n_learned_from: int
    expected: LevelBand

    @property
    def summary(self) -> CohortSummary:
        """The summary of the same question."""
        return self.answer.summary

    @property
    def tables(self) -> tuple[CountTable, ...]:
        """Tables that go out with those of the summary."""
        return (*self.months.tables, *self.flags)

    @property
    def ties(self) -> tuple[Relation, ...]:
        """Sums that tie these tables to those of the summary."""
        return self.months.ties


def cohort_page(database: Database, question: CohortQuestion, *, on_step: Callable[[], None]) -> CohortPage:
    """Read a clinic's record for the page of its cohort.

    Parameters
    ----------
    database : Database
        Only read.
    question : CohortQuestion
        What is asked.
    on_step : callable
        Called now and then while numbers are learned.
    """
    answer = summarise_cohort(database, question)
    edition = load_edition()
    library = library_of(edition)
    members = answer.summary.members
    read = [member for member in members if member.is_read]
    onset = OnsetStatement(_usual_span(read))
    learned, population = _learned(read, on_step)
    return CohortPage(
        answer=answer,
        months=over_months(members, library),
        flags=raised_tables(members, quick=QuickFlags(library), edition=edition, as_of=question.choice.as_of),
        learned=learned,
        learned_band=None if population is None else learned_band(population, edition, onset),
        n_learned_from=len(read),
        expected=expected_band(library.library, onset),
    )


def _usual_span(members: list[Member]) -> int:
    """Give the middle length of the stated onsets, days."""
    spans = sorted(onset.span_days for member in members if (onset := member.chosen.episode.onset) is not None)
    return spans[len(spans) // 2] if spans else 0


def learned_band(population: Population, edition: Edition, onset: OnsetStatement) -> LevelBand:
    """Give the band of what was learned, as that of an edition: from a library drawn of its numbers."""
    return expected_band(course_library(edition_of(population, edition)), onset)


def _learned(members: list[Member], on_step: Callable[[], None]) -> tuple[tuple[LearnedNumber, ...], Population | None]:
    edition = load_edition()
    if not edition.value("learning_least_episodes") <= len(members) <= MOST_LEARNED_FROM:
        return (), None
    episodes = [
        LearningEpisode(member.reading.observations.until(member.reading.as_of_day), member.reading.onset)
        for member in members
        if member.reading is not None
    ]
    found = calibrate(
        sorted(episodes, key=LearningEpisode.in_order), edition, on_step=on_step, library=library_of(edition).library
    )
    return side_by_side(found.cited, found.learned, edition), found.learned.population
