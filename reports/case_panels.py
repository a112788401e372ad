"""The rest of a case in rows: differential, CRPS and other checklists, function, pregnancy, treatments."""

from __future__ import annotations

from dataclasses import dataclass

from reports.fact_words import about_words, dose_words, pregnancy_words, treatment_name, values_of
from reports.sentences import Sentences, capitalized, place, plainly
from tracker.clinical.case_record import ChecklistItem, FunctionScore, Treatment
from tracker.clinical.crps import Counted, CrpsAssessment, assess_crps, crps_edition
from tracker.clinical.differential import CauseNow, Differential, differential_at, places
from tracker.clinical.record import PatientRecord
from tracker.clinical.vocabulary import CauseState, Checklist, Presence
from tracker.clinical.word_lists import CodedWord, WordList, word_label, word_list

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CausePanel:
    """The differential of one place: a row per cause, and what is open in one sentence each."""

    about: str
    rows: tuple[Row, ...]
    n_causes: int
    n_open: int
    pending: tuple[str, ...]
    present: tuple[str, ...]
    not_excluded: tuple[str, ...]
    never_spoken_of: tuple[str, ...]

    @property
    def was_spoken_of(self) -> bool:
        """Whether anybody said anything of any cause."""
        return len(self.never_spoken_of) < self.n_causes


@dataclass(frozen=True, slots=True)
class ChecklistPanel:
    """One checklist at one place on one day; what nobody recorded of CRPS is a row of its own: not examined."""

    title: str
    rows: tuple[Row, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePanels:
    """Everything of the case that is no score, no result and no image; each part empty where nothing is recorded."""

    causes: tuple[CausePanel, ...]
    checklists: tuple[ChecklistPanel, ...]
    function: tuple[Row, ...]
    pregnancy: tuple[Row, ...]
    treatments: tuple[Row, ...]


def case_panels(record: PatientRecord, sentences: Sentences) -> CasePanels:
    """Put the rest of a case in rows."""
    return CasePanels(
        causes=tuple(_causes(differential_at(record, about), sentences) for about in places(record)),
        checklists=_checklists(record, sentences),
        function=tuple(_function(score, sentences) for score in record.function_scores),
        pregnancy=tuple((str(one.stated_on), pregnancy_words(values_of(one), sentences)) for one in record.pregnancy),
        treatments=tuple(_treatment(treatment, sentences) for treatment in record.treatments),
    )


def _causes(found: Differential, sentences: Sentences) -> CausePanel:
    def named(*states: CauseState) -> tuple[str, ...]:
        return tuple(_label(c) for c in found.causes if c.verdict is not None and c.verdict.state in states)

    return CausePanel(
        about=capitalized(about_words(found.about, sentences)),
        rows=tuple(_cause(cause, sentences) for cause in found.causes),
        n_causes=len(found.causes),
        n_open=len(found.open_causes),
        pending=named(CauseState.PENDING),
        present=named(CauseState.PRESENT),
        not_excluded=named(CauseState.NOT_EXCLUDED),
        never_spoken_of=tuple(_label(cause) for cause in found.causes if cause.verdict is None),
    )


def _label(cause: CauseNow) -> str:
    return word_label(WordList.CAUSE, cause.cause)


def _cause(cause: CauseNow, sentences: Sentences) -> Row:
    verdict = cause.verdict
    if verdict is None:
        return _label(cause), sentences.say("case", "not_spoken_of"), "", "", ""
    state = sentences.word("cause_state", verdict.state)
    return _label(cause), state, verdict.how or "", str(verdict.decided_on), verdict.decided_by or ""


def _checklists(record: PatientRecord, sentences: Sentences) -> tuple[ChecklistPanel, ...]:
    grouped: dict[tuple[Checklist, str, str], list[ChecklistItem]] = {}
    for item in record.checklist_items:
        grouped.setdefault((item.checklist, item.about, str(item.examined_on)), []).append(item)
    assessed = {(one.about, str(one.examined_on)): one for one in assess_crps(record.checklist_items)}
    return tuple(
        ChecklistPanel(
            title=sentences.say(
                "case",
                "checklist_title",
                checklist=sentences.word("checklist", checklist),
                about=about_words(about, sentences),
                on=on,
            ),
            rows=tuple(_items(checklist, items, sentences)),
            sentences=_budapest(assessed[about, on], sentences) if checklist is Checklist.CRPS else (),
        )
        for (checklist, about, on), items in grouped.items()
    )


def _items(checklist: Checklist, items: list[ChecklistItem], sentences: Sentences) -> list[Row]:
    """List the items; of CRPS all of them, as the criteria count what nobody examined as possible."""
    found = {item.item: item for item in items}
    words: list[CodedWord] = [word for word in word_list(WordList.ITEM) if word.checklist == checklist]
    codes = [word.code for word in words if checklist is Checklist.CRPS or word.code in found]
    codes += [code for code in found if code not in codes]
    parts = {word.code: sentences.word("checklist_part", word.part) for word in words if word.part}
    return [_item(code, found.get(code), parts.get(code, ""), sentences) for code in codes]


def _item(code: str, item: ChecklistItem | None, part: str, sentences: Sentences) -> Row:
    presence = sentences.word("presence", Presence.NOT_EXAMINED if item is None else item.presence)
    since = "" if item is None or item.since is None else str(item.since)
    return word_label(WordList.ITEM, code), part, presence, since, "" if item is None else item.words or ""


def _budapest(found: CrpsAssessment, sentences: Sentences) -> tuple[str, ...]:
    edition = crps_edition()
    return (
        sentences.say("case", f"budapest_{found.budapest}"),
        sentences.say(
            "case",
            "budapest_counts",
            symptoms=_of(found.symptoms, sentences),
            symptoms_needed=f"{edition.value('symptom_groups'):g}",
            signs=_of(found.signs, sentences),
            signs_needed=f"{edition.value('sign_groups'):g}",
            criteria=_of(found.criteria, sentences),
            separating=_of(found.separating, sentences),
        ),
        sentences.say(
            "case",
            "budapest_note",
            sensitivity=f"{100 * edition.value('sensitivity'):.0f}",
            wrong=f"{100 * (1 - edition.value('specificity')):.0f}",
            source=edition.sources["Har10"].label,
        ),
    )


def _of(counted: Counted, sentences: Sentences) -> str:
    total = len(counted.present) + len(counted.absent) + len(counted.not_examined)
    name = "counted_open" if counted.not_examined else "counted"
    return sentences.say("case", name, present=len(counted.present), total=total, open=len(counted.not_examined))


def _function(score: FunctionScore, sentences: Sentences) -> Row:
    word = {word.code: word for word in word_list(WordList.SCALE)}.get(score.scale)
    scale = ""
    if word is not None and word.low is not None and word.high is not None:
        better = sentences.word("better", word.better)
        scale = sentences.say("case", "scale", low=plainly(word.low), high=plainly(word.high), better=better)
    said = plainly(score.score) if score.score is not None else sentences.missing(score.missing_reason)
    about = about_words(score.about, sentences)
    return str(score.visit_date), word_label(WordList.SCALE, score.scale), about, said, scale


def _treatment(treatment: Treatment, sentences: Sentences) -> Row:
    ended = "" if treatment.ended is None else str(treatment.ended)
    reason = "" if treatment.ending_reason is None else f" ({treatment.ending_reason})"
    return (
        treatment_name(values_of(treatment)),
        "" if treatment.site is None else place(treatment.site),
        sentences.say("case", "not_known") if treatment.started is None else str(treatment.started),
        f"{ended}{reason}" if ended else sentences.say("case", "goes_on"),
        "; ".join(dose_words(values_of(dose), sentences) for dose in treatment.doses),
    )
