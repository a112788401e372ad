"""Edema of every bone visit by visit, as plain values: what a foot map shows, its table and its sentences say.

A step is a visit at which imaging spoke of edema. Absent and not examined are
different: a bone that no finding of the visit speaks of was not examined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from reports.sentences import Sentences, Spoken, capitalized, place, plainly
from tracker.analysis.views import PatientView
from tracker.clinical.edema import grade_of_percent
from tracker.clinical.record import ImagingFinding
from tracker.clinical.reference import Edition
from tracker.clinical.sites import all_sites
from tracker.clinical.vocabulary import EdemaGrade, Finding, Modality, Presence

_SECTION = "foot_map"
_ORDER = {site.key: at for at, site in enumerate(all_sites())}
_MODALITIES = list(Modality)


class BoneLook(StrEnum):
    """How a bone is drawn: by its grade, as edema of unknown extent, or hatched; each is a class of the style sheet."""

    GRADE_0 = "g0"
    GRADE_1 = "g1"
    GRADE_2 = "g2"
    GRADE_3 = "g3"
    PRESENT = "gp"
    NOT_EXAMINED = "gn"


# From the weakest to the strongest: where findings of one visit speak of one bone, the last of these counts.
_STRENGTH = [
    BoneLook.NOT_EXAMINED,
    BoneLook.GRADE_0,
    BoneLook.PRESENT,
    BoneLook.GRADE_1,
    BoneLook.GRADE_2,
    BoneLook.GRADE_3,
]
MARKS = {
    BoneLook.GRADE_0: "0",
    BoneLook.GRADE_1: "1",
    BoneLook.GRADE_2: "2",
    BoneLook.GRADE_3: "3",
    BoneLook.PRESENT: "+",
    BoneLook.NOT_EXAMINED: "",
}


@dataclass(frozen=True, slots=True)
class BoneState:
    """What one visit says of one place; `mark` is written on the bone, `details` are its percent and pattern."""

    site: str
    look: BoneLook
    mark: str
    modality: str
    details: str
    spoken: Spoken


@dataclass(frozen=True, slots=True)
class FootStep:
    """One visit: the places a finding speaks of, in the order of the list of sites; all others were not examined."""

    written: str
    when: str
    modalities: str
    states: tuple[BoneState, ...]
    summary: str

    def state_of(self, site: str) -> BoneState | None:
        """Give what is said of a site; None where nothing is."""
        return next((state for state in self.states if state.site == site), None)


@dataclass(frozen=True, slots=True)
class FootMapRow:
    """One visit in the table."""

    written: str
    modalities: str
    with_edema: str
    clear: str
    not_examined: str


@dataclass(frozen=True, slots=True)
class FootMapView:
    """A patient's edema by visit; `steps` in time, the last one is shown first."""

    key: str
    title: str
    steps: tuple[FootStep, ...]
    rows: tuple[FootMapRow, ...]
    legend: tuple[tuple[BoneLook, str], ...]
    counts: str

    @property
    def sites(self) -> tuple[str, ...]:
        """Every place that any step speaks of, in the order of the list of sites."""
        return tuple(sorted({state.site for step in self.steps for state in step.states}, key=_ORDER.__getitem__))


def foot_map_view(view: PatientView, edition: Edition, sentences: Sentences) -> FootMapView | None:
    """Make the view of a patient's edema by bone and visit.

    Parameters
    ----------
    view : PatientView
        The patient.
    edition : Edition
        For the grades of percentages.
    sentences : Sentences
        The language.

    Returns
    -------
    FootMapView or None
        None where no imaging spoke of edema.
    """
    findings = sorted(
        (finding for finding in view.record.imaging if finding.finding is Finding.EDEMA),
        key=lambda f: (f.visit_date.middle, f.visit_date, f.visit_id),
    )
    if not findings:
        return None
    words = _Words(edition, sentences)
    steps = tuple(words.step(list(of_visit)) for _, of_visit in groupby(findings, key=lambda f: f.visit_id))
    return FootMapView(
        key="foot-map",
        title=sentences.say(_SECTION, "title"),
        steps=steps,
        rows=tuple(words.row(step) for step in steps),
        legend=words.legend(),
        counts=words.counts(len(findings), steps),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How findings of edema are graded and spoken of."""

    edition: Edition
    sentences: Sentences

    def step(self, findings: Sequence[ImagingFinding]) -> FootStep:
        by_site = groupby(sorted(findings, key=lambda f: _ORDER[f.site]), key=lambda f: f.site)
        states = tuple(self.state(list(of_site)) for _, of_site in by_site)
        when = findings[0].visit_date.in_words()
        found = dict.fromkeys(sorted((f.modality for f in findings), key=_MODALITIES.index))
        modalities = ", ".join(self.sentences.word("modality", modality) for modality in found)
        return FootStep(
            written=str(findings[0].visit_date),
            when=when,
            modalities=modalities,
            states=states,
            summary=capitalized(self.summary(when, modalities, states)),
        )

    def state(self, findings: Sequence[ImagingFinding]) -> BoneState:
        """Give the strongest of the findings that one visit has of one site; of equals the first recorded."""
        ordered = sorted(findings, key=lambda f: (-_STRENGTH.index(self.look(f)), f.row_id))
        finding = ordered[0]
        look = self.look(finding)
        modality = self.sentences.word("modality", finding.modality)
        details = self.details(finding)
        said = {"when": finding.visit_date.in_words(), "modality": modality, "site": place(finding.site)}
        state = self.word(look) + (f", {details}" if details else "")
        return BoneState(
            site=finding.site,
            look=look,
            mark=MARKS[look],
            modality=modality,
            details=details,
            spoken=Spoken(
                clinician=capitalized(self.say("clinician", state=state, **said)),
                plain=self.say(plain_name(look), amount=self.sentences.word("foot_map_plain", look), **said),
            ),
        )

    def look(self, finding: ImagingFinding) -> BoneLook:
        if finding.presence is Presence.NOT_EXAMINED:
            return BoneLook.NOT_EXAMINED
        if finding.presence is Presence.ABSENT:
            return BoneLook.GRADE_0
        grade = finding.edema_grade
        if grade is None and finding.edema_percent is not None:
            grade = grade_of_percent(finding.edema_percent, self.edition).value
        return BoneLook.PRESENT if grade is None else BoneLook(f"g{EdemaGrade(grade).value}")

    def details(self, finding: ImagingFinding) -> str:
        parts = []
        if finding.edema_percent is not None:
            parts.append(self.sentences.say("imaging", "percent", percent=plainly(finding.edema_percent)))
        if finding.edema_pattern is not None:
            parts.append(self.sentences.word("edema_pattern", finding.edema_pattern))
        return ", ".join(parts)

    def summary(self, when: str, modalities: str, states: Sequence[BoneState]) -> str:
        seen = [state for state in states if state.look is not BoneLook.NOT_EXAMINED]
        edema = [state for state in seen if state.look is not BoneLook.GRADE_0]
        if not seen:
            return self.say("summary_nothing", when=when, modalities=modalities)
        if not edema:
            return self.say("summary_clear", when=when, modalities=modalities, looked=len(seen))
        top = max((state.look for state in edema), key=_STRENGTH.index)
        return self.say(
            "summary_unstated" if top is BoneLook.PRESENT else "summary",
            when=when,
            modalities=modalities,
            edema=len(edema),
            looked=len(seen),
            top=self.word(top),
            where=_listed(place(state.site) for state in edema if state.look is top),
        )

    def row(self, step: FootStep) -> FootMapRow:
        edema = [s for s in step.states if s.look not in {BoneLook.GRADE_0, BoneLook.NOT_EXAMINED}]
        ordered = sorted(edema, key=lambda state: -_STRENGTH.index(state.look))
        unseen = [place(s.site) for s in step.states if s.look is BoneLook.NOT_EXAMINED]
        return FootMapRow(
            written=step.written,
            modalities=step.modalities,
            with_edema=capitalized("; ".join(self.in_row(state) for state in ordered)),
            clear=capitalized(_listed(place(s.site) for s in step.states if s.look is BoneLook.GRADE_0)),
            not_examined=self.say("row_not_examined", places=_listed(unseen)) if unseen else "",
        )

    def in_row(self, state: BoneState) -> str:
        look = self.sentences.word("foot_map_row", state.look)
        return self.say("row", site=place(state.site), look=f"{look}, {state.details}" if state.details else look)

    def legend(self) -> tuple[tuple[BoneLook, str], ...]:
        small, medium = (
            plainly(self.edition.value(name)) for name in ("edema_small_percent_limit", "edema_medium_percent_limit")
        )
        return tuple(
            (look, self.sentences.word("foot_map_legend", look).format(small=small, medium=medium)) for look in BoneLook
        )

    def counts(self, recorded: int, steps: Sequence[FootStep]) -> str:
        drawn = sum(len(step.states) for step in steps)
        counts = self.say("counts", visits=len(steps), recorded=recorded, drawn=drawn)
        return f"{counts} {self.say('strongest')}" if drawn < recorded else counts

    def word(self, look: BoneLook) -> str:
        return self.sentences.word("foot_map_look", look)

    def say(self, name: str, **values: object) -> str:
        return self.sentences.say(_SECTION, name, **values)


def plain_name(look: BoneLook) -> str:
    """Name the plain sentence of a look."""
    return {BoneLook.NOT_EXAMINED: "plain_not_examined", BoneLook.GRADE_0: "plain_absent"}.get(look, "plain")


def _listed(places: Iterable[str]) -> str:
    return ", ".join(places)
