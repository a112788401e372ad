"""A clinic's own edition: how its own patients run, learned from the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker import __version__
from tracker.analysis.learning.calibration import calibrate
from tracker.analysis.learning.cohort import LearningCohort, LeftOut, learning_cohort
from tracker.analysis.learning.numbers import side_by_side
from tracker.clinical.edition_file import edition_text
from tracker.clinical.learned import Learning
from tracker.clinical.reference import Edition
from tracker.database.cohort import course_records
from tracker.database.session import Database
from tracker.errors import ConflictError, InputError
from tracker.service.courses import current_edition, library


@dataclass(frozen=True, slots=True)
class OwnEdition:
    """The file of an own edition, not written yet, and how many episodes were left out for each reason."""

    text: str
    left_out: Mapping[LeftOut, int]


def own_edition(database: Database, *, name: str, as_of: date, today: date, on_step: Callable[[], None]) -> OwnEdition:
    """Learn an edition from every patient of the clinic.

    Parameters
    ----------
    database : Database
        Only read.
    name : str
        Of the new edition.
    as_of, today : datetime.date
        The last day that counts; the day of asking, which is the day of release.
    on_step : callable
        Called now and then while it works.

    Raises
    ------
    ConflictError
        If the name is that of the cited edition.
    InputError
        If too few episodes can be read.
    """
    cited = current_edition()
    if name == cited.name:
        raise ConflictError(
            f"'{name}' is the cited edition, which is never replaced; no file was written.",
            hint="Give the own edition another name: --name NAME",
        )
    with database.reading() as connection:
        records, newest = course_records(connection)
    cohort = learning_cohort(records, cited, as_of=as_of, today=today)
    _check_enough(cohort, cited)
    found = calibrate(cohort.episodes, cited, on_step=on_step, library=library())
    learning = Learning(
        edition=cited.name,
        edition_sha256=cited.sha256,
        as_of=as_of.isoformat(),
        n_episodes=len(cohort.episodes),
        n_scores=cohort.n_scores,
        prior_episodes=cited.value("learning_prior_episodes"),
        prior_share_episodes=cited.value("learning_prior_share_episodes"),
        effective_courses=float(round(found.effective_courses)),
        program_version=__version__,
        schema_revision=database.schema_revision,
        last_entry_id=newest,
        numbers=side_by_side(found.cited, found.learned, cited),
    )
    return OwnEdition(edition_text(cited, learning, name=name, released=today.isoformat()), cohort.left_out)


def _check_enough(cohort: LearningCohort, edition: Edition) -> None:
    n_episodes, needed = len(cohort.episodes), int(edition.value("learning_least_episodes"))
    if n_episodes >= needed:
        return
    words = {
        LeftOut.NO_ONSET: "without a known onset",
        LeftOut.TOO_FEW_DAYS: f"with scores on fewer than {edition.value('minimum_fit_days'):g} days",
        LeftOut.NO_PAIN: "without any pain",
    }
    reasons = ", ".join(f"{count} {words[reason]}" for reason, count in cohort.left_out.items()) or "none"
    can = "1 episode can be read" if n_episodes == 1 else f"{n_episodes} episodes can be read"
    raise InputError(
        f"{can}, and {needed} are needed to learn from. Left out: {reasons}. No file was written.",
        hint="Until then courses are read against the cited edition: tracker course reference",
    )
