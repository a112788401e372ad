"""What a visit can bring, as typed requests, before anything is written.

Each `check` refuses, in words, what the database would refuse by a rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.clinical.dictionary import check_value
from tracker.clinical.vocabulary import (
    Aspect,
    Comparator,
    EdemaPattern,
    Finding,
    Instrument,
    MissingReason,
    Modality,
    Presence,
    VitaminDUnit,
)
from tracker.dates import PartialDate
from tracker.errors import ConflictError, InputError
from tracker.service.new_results import NewFunctionScore, NewLab

if TYPE_CHECKING:
    from tracker.service.treatments import NewTreatment, TreatmentEnd

SCORE_FIELD = {Instrument.NRS: "pain_nrs", Instrument.VAS: "pain_vas"}


@dataclass(frozen=True, slots=True)
class NewScore:
    """A pain score at a site (key with side): a score, or the reason it is missing."""

    site: str
    instrument: Instrument
    aspect: Aspect
    score: int | None
    missing_reason: MissingReason | None = None

    def check(self) -> None:
        """Refuse a site, word or score that is not allowed (`InputError`, `NotFoundError`)."""
        check_value("site", self.site)
        if self.instrument not in SCORE_FIELD:
            raise InputError(f"instrument must be one of {', '.join(SCORE_FIELD)}, but was '{self.instrument}'.")
        check_value("aspect", self.aspect)
        _check_value_or_reason(f"pain score at {self.site}", self.score, self.missing_reason)
        if self.score is not None:
            check_value(SCORE_FIELD[self.instrument], self.score)


@dataclass(frozen=True, slots=True)
class NewVitaminD:
    """A 25-OH-vitamin D result in the unit reported, or the reason it is missing."""

    value: float | None
    unit: VitaminDUnit | None
    comparator: Comparator | None = None
    assay: str | None = None
    missing_reason: MissingReason | None = None

    def check(self) -> None:
        """Refuse a value, unit or word that is not allowed (`InputError`)."""
        _check_value_or_reason("vitamin D result", self.value, self.missing_reason)
        if self.value is not None:
            check_value("vitamin_d", self.value)
            check_value("vitamin_d_unit", self.unit)
        elif self.unit is not None or self.comparator is not None:
            raise InputError("A vitamin D result without a value has a unit or a comparator.", hint="Leave it out.")
        if self.comparator is not None and self.comparator not in tuple(Comparator):
            raise InputError(f"comparator must be one of {', '.join(Comparator)}, but was '{self.comparator}'.")
        if self.assay is not None:
            check_value("vitamin_d_assay", self.assay)


@dataclass(frozen=True, slots=True)
class NewFinding:
    """One imaging sign at a site."""

    modality: Modality
    site: str
    finding: Finding
    presence: Presence
    edema_percent: float | None = None
    edema_grade: int | None = None
    edema_pattern: EdemaPattern | None = None

    def check(self) -> None:
        """Refuse a site, word, share or grade that is not allowed (`InputError`, `NotFoundError`)."""
        check_value("site", self.site)
        for name in ("modality", "finding", "presence"):
            check_value(name, getattr(self, name))
        for name in ("edema_percent", "edema_grade", "edema_pattern"):
            if getattr(self, name) is not None:
                check_value(name, getattr(self, name))
        self._check_edema()

    def _check_edema(self) -> None:
        said = (self.edema_percent, self.edema_grade, self.edema_pattern)
        place = f"The {self.modality} finding '{self.finding}' at {self.site}"
        if self.finding != Finding.EDEMA and said != (None, None, None):
            raise InputError(f"{place} has an extent or a pattern; only edema has them.", hint="Leave them out.")
        if self.presence == Presence.NOT_EXAMINED and said != (None, None, None):
            raise InputError(f"{place} was not examined, yet has an extent or a pattern.", hint="Leave them out.")
        if self.presence == Presence.ABSENT and any(said):
            raise InputError(f"{place} is absent, yet has an extent or a pattern.", hint="Leave one of them out.")
        if self.presence == Presence.PRESENT and 0 in said:
            raise InputError(f"{place} is present, yet its extent is none.", hint="Leave one of them out.")


@dataclass(frozen=True, slots=True)
class NewNote:
    """Words kept as they were said, about a site or about the visit as a whole."""

    text: str
    site: str | None = None

    def check(self) -> None:
        """Refuse an empty note, characters that cannot be seen, and an unknown site."""
        check_value("note", self.text)
        if self.site is not None:
            check_value("site", self.site)


@dataclass(frozen=True, slots=True)
class NewVisit:
    """Everything one visit brings; empty parts were not asked about.

    Treatments that began or ended are told at the visit and recorded in its entry; they belong to
    the patient, and stay when the visit is taken back.
    """

    patient_code: str
    visit_date: PartialDate
    scores: tuple[NewScore, ...] = ()
    vitamin_d: NewVitaminD | None = None
    findings: tuple[NewFinding, ...] = ()
    notes: tuple[NewNote, ...] = ()
    labs: tuple[NewLab, ...] = ()
    function_scores: tuple[NewFunctionScore, ...] = ()
    treatments: tuple[NewTreatment, ...] = ()
    ended_treatments: tuple[TreatmentEnd, ...] = ()

    def check(self) -> None:
        """Refuse a visit without anything, and any value that is not allowed.

        Raises
        ------
        InputError, NotFoundError
            If a value, word or site is not allowed, or there is no score, result, finding or note.
        ConflictError
            If one thing is given twice.
        """
        check_facts(self.scores, self.vitamin_d, self.findings, self.notes)
        check_results(self.labs, self.function_scores)
        facts = (self.scores, self.vitamin_d, self.findings, self.notes, self.labs, self.function_scores)
        if not any((*facts, self.treatments, self.ended_treatments)):
            raise InputError(
                "The visit has nothing to record: no score, result, finding or note.",
                hint="Give at least one, such as --pain ankle-left=7.",
            )


def check_facts(
    scores: Iterable[NewScore],
    vitamin_d: NewVitaminD | None,
    findings: Iterable[NewFinding],
    notes: Iterable[NewNote],
) -> None:
    """Refuse any value of these that is not allowed, and one thing given twice."""
    results = () if vitamin_d is None else (vitamin_d,)
    for part in (*scores, *results, *findings, *notes):
        part.check()
    names = [f"{s.instrument} {s.aspect} pain at {s.site}" for s in scores]
    names += [f"{f.modality} {f.finding} at {f.site}" for f in findings]
    _refuse_twice(names)


def check_results(labs: Iterable[NewLab], function_scores: Iterable[NewFunctionScore]) -> None:
    """Refuse any laboratory result or function score that is not allowed, and one given twice."""
    names = []
    for lab in labs:
        lab.check()
        names.append(lab.analyte)
    for score in function_scores:
        score.check()
        names.append(f"{score.scale} of {score.about}")
    _refuse_twice(names)


def _refuse_twice(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ConflictError(
                f"One visit was given two values for {name}.", hint="Give one of them, or log two visits."
            )


def _check_value_or_reason(what: str, value: float | None, reason: MissingReason | None) -> None:
    if reason is not None:
        check_value("missing_reason", reason)
    if (value is None) == (reason is None):
        said = "neither a value nor" if value is None else "both a value and"
        raise InputError(f"The {what} has {said} a reason why it is missing.", hint="Give one of them.")
