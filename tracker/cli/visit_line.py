"""The data options of one visit, as typed and as read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from tracker.cli.result_words import read_function, read_lab, void_function, void_lab
from tracker.cli.words import VOID, read_findings, read_note, read_score, read_vitamin_d, split_site
from tracker.clinical.vocabulary import Aspect, Instrument, Modality
from tracker.dates import PartialDate
from tracker.errors import InputError
from tracker.service.new_facts import NewFinding, NewNote, NewScore, NewVisit, NewVitaminD
from tracker.service.new_results import NewFunctionScore, NewLab
from tracker.service.visits import VisitChange

_INSTRUMENTS = {"pain": Instrument.NRS, "vas": Instrument.VAS}


@dataclass(frozen=True)
class TypedVisit:
    """What the options of one line say, `void` words apart."""

    scores: tuple[NewScore, ...]
    vitamin_d: NewVitaminD | None
    findings: tuple[NewFinding, ...]
    notes: tuple[NewNote, ...]
    void_scores: tuple[tuple[str, str, str], ...]
    void_findings: tuple[tuple[str, str], ...]
    void_vitamin_d: bool
    void_notes: bool
    labs: tuple[NewLab, ...]
    function_scores: tuple[NewFunctionScore, ...]
    void_labs: tuple[str, ...]
    void_functions: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, typed: Mapping[str, object]) -> TypedVisit:
        """Read the options by name, as click hands them over."""
        aspect = Aspect(cast(str, typed["aspect"]))
        vitamin_d = cast("str | None", typed["vitamin_d"])
        assay = cast("str | None", typed["assay"])
        void_vitamin_d = vitamin_d is not None and _is_void_word(vitamin_d)
        if assay and (vitamin_d is None or void_vitamin_d):
            raise InputError(
                "--assay belongs to a vitamin D result.", hint="Give --vitamin-d too, such as --vitamin-d 18ng/mL."
            )
        scores = [(name, text) for name in _INSTRUMENTS for text in cast("tuple[str, ...]", typed[name])]
        notes = cast("tuple[str, ...]", typed["note"])
        labs = cast("tuple[str, ...]", typed["lab"])
        functions = cast("tuple[str, ...]", typed["function"])
        images = [(modality, text) for modality in Modality for text in cast("tuple[str, ...]", typed[modality.value])]
        return cls(
            scores=tuple(
                read_score(text, option=f"--{name}", instrument=_INSTRUMENTS[name], aspect=aspect)
                for name, text in scores
                if not _is_void(text)
            ),
            vitamin_d=None if vitamin_d is None or void_vitamin_d else read_vitamin_d(vitamin_d, assay=assay),
            findings=tuple(
                finding
                for modality, text in images
                if not _is_void(text)
                for finding in read_findings(text, option=f"--{modality}", modality=modality)
            ),
            notes=tuple(read_note(text) for text in notes if not _is_void_word(text)),
            void_scores=tuple(_void_score(text, name, aspect) for name, text in scores if _is_void(text)),
            void_findings=tuple(
                (modality.value, split_site(text, option=f"--{modality}", example="--mri talus-left=void")[0])
                for modality, text in images
                if _is_void(text)
            ),
            void_vitamin_d=void_vitamin_d,
            void_notes=any(_is_void_word(text) for text in notes),
            labs=tuple(read_lab(text) for text in labs if not _is_void(text)),
            function_scores=tuple(read_function(text) for text in functions if not _is_void(text)),
            void_labs=tuple(void_lab(text) for text in labs if _is_void(text)),
            void_functions=tuple(void_function(text) for text in functions if _is_void(text)),
        )

    @property
    def is_empty(self) -> bool:
        """Whether no data option was given."""
        results = self.labs or self.function_scores
        return not (self.scores or self.vitamin_d or self.findings or self.notes or results or self._voids)

    @property
    def _voids(self) -> bool:
        voids = (self.void_scores, self.void_findings, self.void_vitamin_d, self.void_notes)
        return any((*voids, self.void_labs, self.void_functions))

    def new_visit(self, patient_code: str, visit_date: PartialDate) -> NewVisit:
        """Make it a new visit; there is nothing to take back in one."""
        if self._voids:
            raise InputError(
                "A new visit has nothing to void.",
                hint="Correct an earlier one: tracker visit edit VISIT --pain ankle-left=void",
            )
        return NewVisit(
            patient_code,
            visit_date,
            self.scores,
            self.vitamin_d,
            self.findings,
            self.notes,
            self.labs,
            self.function_scores,
        )

    def change(self, visit_date: PartialDate | None) -> VisitChange:
        """Make it a correction of an earlier visit."""
        return VisitChange(
            visit_date,
            self.scores,
            self.vitamin_d,
            self.findings,
            self.notes,
            self.void_scores,
            self.void_findings,
            self.void_vitamin_d,
            self.void_notes,
            self.labs,
            self.function_scores,
            self.void_labs,
            self.void_functions,
        )


def _is_void_word(text: str) -> bool:
    return text.strip().lower() == VOID


def _is_void(text: str) -> bool:
    return text.partition("=")[2].partition("@")[0].strip().lower() == VOID


def _void_score(text: str, name: str, aspect: Aspect) -> tuple[str, str, str]:
    site, rest = split_site(text, option=f"--{name}", example=f"--{name} ankle-left=void")
    named = rest.partition("@")[2].strip().lower()
    return site, _INSTRUMENTS[name].value, named or aspect.value
