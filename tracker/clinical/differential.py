"""The differential as it stands: bone marrow edema syndrome is what is left when other causes are excluded."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.clinical.case_record import CauseVerdict
from tracker.clinical.dictionary import PATIENT_AS_A_WHOLE
from tracker.clinical.record import PatientRecord
from tracker.clinical.vocabulary import CauseState
from tracker.clinical.word_lists import WordList, word_list


@dataclass(frozen=True, slots=True)
class CauseNow:
    """One cause with the newest verdict on it; None where nobody spoke of it."""

    cause: str
    verdict: CauseVerdict | None

    @property
    def is_excluded(self) -> bool:
        """Whether it is closed."""
        return self.verdict is not None and self.verdict.state is CauseState.EXCLUDED


@dataclass(frozen=True, slots=True)
class Differential:
    """Every cause of the list for one site, or for the patient as a whole.

    `open_causes` are those that nobody excluded: not excluded, pending, present, or never spoken of.
    """

    about: str
    causes: tuple[CauseNow, ...]

    @property
    def open_causes(self) -> tuple[str, ...]:
        """Codes of the causes that are not excluded."""
        return tuple(one.cause for one in self.causes if not one.is_excluded)

    @property
    def present_causes(self) -> tuple[str, ...]:
        """Codes of the causes that were found."""
        found = (one for one in self.causes if one.verdict is not None and one.verdict.state is CauseState.PRESENT)
        return tuple(one.cause for one in found)

    @property
    def is_complete(self) -> bool:
        """Whether every cause of the list is excluded."""
        return not self.open_causes


def differential_at(record: PatientRecord, about: str) -> Differential:
    """Take the newest verdict on each cause.

    What was said of the patient as a whole holds for every site; of two verdicts for the same day
    the one about the site itself counts.
    """
    verdicts = [verdict for verdict in record.differential if verdict.about in (about, PATIENT_AS_A_WHOLE)]
    newest: dict[str, CauseVerdict] = {}
    for verdict in sorted(verdicts, key=lambda one: (one.decided_on, one.about == about)):
        newest[verdict.cause] = verdict
    codes = [word.code for word in word_list(WordList.CAUSE)]
    # a code of a later version of the program is not hidden
    codes += [cause for cause in newest if cause not in codes]
    return Differential(about, tuple(CauseNow(cause, newest.get(cause)) for cause in codes))


def places(record: PatientRecord) -> tuple[str, ...]:
    """Give the sites that a differential is about: of episodes, and those spoken of; else the patient."""
    sites = dict.fromkeys([*(e.site for e in record.episodes), *(v.about for v in record.differential)])
    sites.pop(PATIENT_AS_A_WHOLE, None)
    return tuple(sites) or (PATIENT_AS_A_WHOLE,)
