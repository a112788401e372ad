"""One patient as a clinician looks at them: the record, each episode, its course.

A view is made once by `patient_view` and only drawn or printed afterwards, so
that terminal, page and export show the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.analysis.flags.finding import Flag
from tracker.analysis.imaging.results import NO_MRI, EdemaAnswer
from tracker.analysis.next_scores import NextScores
from tracker.analysis.phase_spans import PhaseSpan
from tracker.analysis.results import CourseAnswer, CourseFit, LevelBand
from tracker.analysis.site_migration.results import NOTHING_READ, SiteMigration
from tracker.analysis.vitamin_d.changes import VitaminDReading
from tracker.clinical.corrections import Correction
from tracker.clinical.record import Episode, PainScore, PatientRecord

PUBLISHED_CASE = "published case"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every page and printout names, so that it can be made again.

    `as_of` is the last day whose visits count; `last_entry_id` the newest ledger
    entry about the patient that was known; `schema_revision` is of the database that was read. `demonstration`
    is ``published case`` or ``simulated patient`` where `tracker demo` recorded it, else empty: it is no patient then.
    """

    program_version: str
    schema_revision: str
    edition: str
    edition_sha256: str
    as_of: date
    last_entry_id: int
    demonstration: str = ""

    @property
    def has_placeholder_days(self) -> bool:
        """Whether months were laid on invented days: nothing can be due on one, and nobody is to be seen."""
        return self.demonstration == PUBLISHED_CASE


@dataclass(frozen=True, slots=True)
class EpisodeView:
    """One episode with the scores it claims and the course read from them.

    `scores` are all claimed scores, any instrument and aspect; `fitted_row_ids`
    names those the fit used and `choice` says in words how they were chosen.
    `day_zero` is None, and `course` insufficient, where the onset is not known. `flags` are those raised or cleared
    so far. `edema` is what MRI says, by itself and together with the pain; it changes neither. `next_scores` is where
    one more score should be, given those read; None without a fit, where no known course fits, and once it is closed.
    `phase_spans` are the days on which each phase is the most probable one; none where there is no own course.
    """

    episode: Episode
    day_zero: date | None
    scores: tuple[PainScore, ...]
    fitted_row_ids: frozenset[int]
    choice: str
    course: CourseAnswer
    expected_band: LevelBand
    flags: tuple[Flag, ...] = ()
    edema: EdemaAnswer = NO_MRI
    next_scores: NextScores | None = None
    phase_spans: tuple[PhaseSpan, ...] = ()

    @property
    def own_band(self) -> LevelBand | None:
        """The band of this patient's own course; None without a fit, and where no known course fits the scores."""
        fit = self.course
        return fit.band if isinstance(fit, CourseFit) and fit.resembles_known else None

    @property
    def last_fitted(self) -> date | None:
        """The day of the last score that the fit read; None where it read none."""
        return max((s.visit_date.middle for s in self.scores if s.row_id in self.fitted_row_ids), default=None)


@dataclass(frozen=True, slots=True)
class PatientView:
    """A patient's record up to a day, its episodes read against the expected course.

    `unclaimed_scores` belong to no episode: drawn all the same, never fitted. `vitamin_d` are the results of the
    record in time, read. `site_migration` says what followed what between the sites. `corrections` are what was changed
    after it had been recorded; None where nobody read them. `n_later_episodes` are recorded, but begin after the day.
    """

    record: PatientRecord
    episodes: tuple[EpisodeView, ...]
    unclaimed_scores: tuple[PainScore, ...]
    provenance: Provenance
    vitamin_d: tuple[VitaminDReading, ...] = ()
    site_migration: SiteMigration = NOTHING_READ
    corrections: tuple[Correction, ...] | None = None
    n_later_episodes: int = 0
